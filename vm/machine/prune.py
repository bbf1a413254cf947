"""What nobody uses in a machine, and removing it: the engine's containers, images, volumes and build cache.

What goes is what was shown: each thing is asked for by its own name, without force, and one that is in use by then
stays.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from vm.errors import LinnetError, UsageError
from vm.progress import Progress, Reporter, ignore

if TYPE_CHECKING:
    from vm.machine.machine import Machine

KINDS = ("containers", "dangling", "images", "volumes", "build-cache")
"""What can be pruned, in the order in which it goes: a container keeps its image."""

PREVIEW_LIMIT = 150.0
"""Seconds that the engine may take to measure what it has."""

REMOVE_LIMIT = 150.0
"""Seconds that one thing may take to go."""


@dataclass(frozen=True)
class Unused:
    """A thing that nobody uses.

    Attributes:
        id: what the engine knows it by.
        title: what people call it.
        size: bytes that it takes; None when the engine does not tell.
    """

    id: str
    title: str
    size: int | None


@dataclass(frozen=True)
class PrunePreview:
    """All that nobody uses, the largest first.

    Attributes:
        containers: those that do not run, with what they wrote.
        dangling: images without a name.
        images: images with a name that no container uses.
        volumes: volumes that no container uses.
        build_cache: what builds have left.
    """

    containers: list[Unused]
    dangling: list[Unused]
    images: list[Unused]
    volumes: list[Unused]
    build_cache: list[Unused]


@dataclass(frozen=True)
class PruneResult:
    """What a prune did.

    Attributes:
        removed: titles of what is gone.
        kept: titles of what is still there, with the reason.
        freed: bytes by which the use of the data disk fell; never negative.
        trashed: names of what can be brought back from the trash; its room is free when it leaves that.
    """

    removed: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    freed: int = 0
    trashed: list[str] = field(default_factory=list)


class MachinePrune:
    """Prunes one running machine."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    async def preview(self) -> PrunePreview:
        """Return what nobody uses now. Raises ConflictError when the machine does not run."""
        found = await self._found()
        lists = {kind.replace("-", "_"): [_unused(item) for item in found.get(kind) or []] for kind in KINDS}
        return PrunePreview(**lists)

    async def run(
        self,
        kinds: Collection[str],
        ids: Collection[str] | None = None,
        report: Reporter = ignore,
        *,
        trash: bool = True,
    ) -> PruneResult:
        """Remove what nobody uses.

        Args:
            kinds: which of KINDS.
            ids: only these of them, as a preview gave them; all when None.
            report: told of each thing that goes.
            trash: keep what containers and volumes hold in the trash first.

        Raises:
            UsageError: there is no such kind.
            DiskFullError: there is no room in the trash; nothing was removed.
            LinnetError: nothing can be removed at all; a thing that stays is told in the result.
        """
        for kind in kinds:
            if kind not in KINDS:
                raise UsageError(f"There is nothing called '{kind}' to prune.", hint=f"There are {', '.join(KINDS)}.")
        report(Progress("Looking for what nobody uses"))
        found = await self._found()
        chosen = [
            (kind, item)
            for kind in KINDS
            if kind in kinds
            for item in found.get(kind) or []
            if ids is None or item["id"] in ids
        ]
        before = await self._used()
        done = PruneResult()
        kept = await self._keep(chosen, report) if trash else []
        for missing in sorted(set(ids or ()) - {item["id"] for _kind, item in chosen}):
            done.kept[missing] = "It is gone already, or in use now."
        try:
            for number, (kind, item) in enumerate(chosen):
                report(Progress(f"Removing {item['title']}", number, len(chosen)))
                await self._remove(kind, item, done)
        finally:
            trashed = await self._settle(kept) if kept else []
        return PruneResult(done.removed, done.kept, max(0, before - await self._used()), trashed)

    async def _keep(self, chosen: Sequence[tuple[str, Mapping[str, Any]]], report: Reporter) -> list[str]:
        """Keep in the trash what containers and volumes hold; returns the entries. Nothing is kept of the empty."""
        containers = [str(item["id"]) for kind, item in chosen if kind == "containers"]
        volumes = [str(item["id"]) for kind, item in chosen if kind == "volumes"]
        if not containers and not volumes:
            return []
        answer = await self._machine.trash.keep(containers, volumes, "", None, report)
        return [str(entry["id"]) for entry in answer["kept"]]

    async def _settle(self, ids: Sequence[str]) -> list[str]:
        answer = await self._machine.trash.settle(ids)
        return [str(entry["name"]) for entry in answer["kept"]]

    async def _remove(self, kind: str, item: Mapping[str, Any], done: PruneResult) -> None:
        params = {"kind": kind, "id": item["id"], "names": item.get("names") or []}
        try:
            await self._machine.live().agent.request("prune.remove", params, timeout=REMOVE_LIMIT)
        except LinnetError as error:
            done.kept[str(item["title"])] = error.message
        else:
            done.removed.append(str(item["title"]))

    async def _found(self) -> dict[str, Sequence[Mapping[str, Any]]]:
        found: dict[str, Any] = await self._machine.live().agent.request("prune.preview", timeout=PREVIEW_LIMIT)
        return found

    async def _used(self) -> int:
        return int((await self._machine.live().agent.request("disk.status"))["used"])


def _unused(item: Mapping[str, Any]) -> Unused:
    return Unused(str(item["id"]), str(item["title"]), item["size"])
