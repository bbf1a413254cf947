"""Which kind serves a share, and why; what stands in the way of one. Guest paths are checked by `vm.config.shares`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from vm.config.shares import ShareConfig
from vm.errors import ConflictError, NotFoundError, UsageError
from vm.shares.base import Share, ShareKind

ORDER = (ShareKind.virtiofs, ShareKind.ninep, ShareKind.sftp)


@dataclass(frozen=True)
class Available:
    """What can carry shares on this host.

    Attributes:
        device_kinds: kinds that the driver can attach, from DriverFeatures.share_kinds.
        no_virtiofs: why virtiofs cannot be used although the driver could; None when it can.
        running: the VM runs already, so that no device can be added.
    """

    device_kinds: tuple[str, ...]
    no_virtiofs: str | None = None
    running: bool = False


@dataclass(frozen=True)
class Choice:
    """The kind that serves a share, and why it is not a better one (None when there is none)."""

    kind: ShareKind
    reason: str | None = None


def choose(wanted: ShareKind | None, available: Available) -> Choice:
    """Return the kind to use: the wanted one if it can be had, else the best that can."""
    refused: dict[ShareKind, str] = {}
    for kind in ORDER:
        why = _why_not(kind, available)
        if why is not None:
            refused[kind] = why
    usable = [kind for kind in ORDER if kind not in refused]
    if wanted in usable:
        return Choice(wanted)
    best = usable[0]
    if wanted is not None:
        return Choice(best, f"{best} is used instead of {wanted}, because {refused[wanted]}.")
    better = [why for kind, why in refused.items() if ORDER.index(kind) < ORDER.index(best)]
    if not better:
        return Choice(best)
    return Choice(best, f"{best} is used, because {'; '.join(dict.fromkeys(better))}.")


def _why_not(kind: ShareKind, available: Available) -> str | None:
    if kind is ShareKind.sftp:
        return None
    if available.running:
        return "the machine runs, and virtiofs and 9p are attached at its next start"
    if kind.value not in available.device_kinds:
        return f"QEMU on this host has no {kind}"
    if kind is ShareKind.virtiofs:
        return available.no_virtiofs
    return None


def tag_of(guest_path: str) -> str:
    """Return the tag of the share at `guest_path`: short enough for 9p (31 bytes) and for a socket's file name."""
    return hashlib.sha256(guest_path.encode()).hexdigest()[:8]


def share_of(config: ShareConfig) -> Share:
    """Return the share that the settings describe."""
    kind = None if config.kind == "auto" else ShareKind(config.kind)
    return Share(config.path, config.guest_path, config.read_only, kind, config.watch, tag_of(config.guest_path))


def check_folder(path: Path) -> None:
    """Raise NotFoundError or UsageError when `path` is no folder that can be read."""
    if not path.exists():
        raise NotFoundError(
            f"The shared folder {path} does not exist.",
            hint="Create it, or remove the share with `linnet share remove`.",
        )
    if not path.is_dir():
        raise UsageError(f"{path} is not a folder; only folders can be shared.")
    if not os.access(path, os.R_OK | os.X_OK):
        raise UsageError(f"{path} cannot be shared: you may not read it.")


def check_place(share: Share, others: Iterable[Share]) -> None:
    """Raise ConflictError when the guest path of `share` is taken by one of `others`, or in or around it."""
    for other in others:
        if _inside(share, other) or _inside(other, share) or other.guest_path == share.guest_path:
            raise ConflictError(
                f"{share.guest_path} overlaps the share of {other.path} at {other.guest_path}.",
                hint="Remove that share first, or choose another place with --guest-path.",
            )


def hidden_in(share: Share, own_folders: Iterable[Path]) -> list[str]:
    """Return the guest paths of Linnet's own folders inside `share`, outermost only."""
    root = share.path.resolve()
    inside = sorted({folder.resolve() for folder in own_folders if folder.resolve().is_relative_to(root)})
    outermost: list[Path] = []
    for folder in inside:
        if not any(folder.is_relative_to(other) for other in outermost):
            outermost.append(folder)
    return [str(PurePosixPath(share.guest_path, *folder.relative_to(root).parts)) for folder in outermost]


def by_depth(shares: Iterable[Share]) -> list[list[Share]]:
    """Return the shares in groups that can be mounted one after another: outer mounts before those inside them."""
    groups: list[list[Share]] = []
    for share in sorted(shares, key=lambda share: len(PurePosixPath(share.guest_path).parts)):
        level = 1 + max(
            (number for number, group in enumerate(groups) if any(_inside(share, other) for other in group)), default=-1
        )
        if level == len(groups):
            groups.append([])
        groups[level].append(share)
    return groups


def _inside(share: Share, other: Share) -> bool:
    return share.guest_path != other.guest_path and PurePosixPath(share.guest_path).is_relative_to(other.guest_path)
