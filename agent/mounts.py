"""Shares of the host in the guest: virtiofs and 9p, with another owner if that is wanted (bindfs). All of this blocks.

What is mounted is read from the kernel's table, nothing is remembered: a new agent knows what the old one mounted.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection
from typing import Any

from agent import mountinfo
from agent.errors import AgentError, closing
from agent.holders import copies, holders
from agent.mountinfo import Mount
from agent.process import check, last_line, run

BACKING = "/srv/linnet/shares"
"""Below it are the mounts that bindfs presents elsewhere with another owner. Not below /run: rootless Podman covers
that in the mount namespace of its networks, where a copy of the mount could then not be reached."""

_OPTIONS = {
    "virtiofs": "",
    # access=any: one attach for all users. cache=mmap: what the host changes is seen at once, and mmap works.
    "9p": "trans=virtio,version=9p2000.L,msize=1048576,cache=mmap,access=any",
}
_KINDS = {"virtiofs": "virtiofs", "9p": "9p", "fuse.sshfs": "sftp"}
_GONE_TIMEOUT = 5.0

_SETTLE_TIMEOUT = 2.0
"""Seconds for which a share may be busy without anybody in sight: the kernel lets go of files a little late."""

COVER = "linnet-hidden"
"""What the host mounts over its own folders in a share has this source."""


def add(tag: str, kind: str, guest_path: str, *, read_only: bool, owner: tuple[int, int] | None) -> None:
    """Mount the share `tag` at `guest_path`, which is made if it is not there. Does nothing if it is mounted already.

    Raises:
        AgentError: something else is mounted there; the kernel refused.
    """
    if kind not in _OPTIONS:
        raise AgentError("usage", f"The agent mounts {' and '.join(_OPTIONS)}, not {kind!r}.")
    path = _clean(guest_path)
    there = next((share for share in shares() if share["guest_path"] == path), None)
    if there is not None:
        if (there["tag"], there["kind"], there["read_only"]) == (tag, kind, read_only):
            return
        raise AgentError("conflict", f"{path} is already the mount point of the share {there['tag']!r}.")
    if not any(mount.path == "/data" for mount in mountinfo.read()):
        check("systemctl", "start", "linnet-data.service")  # else its folders would cover ours
    _make_folder(path)
    if owner is None:
        _mount(tag, kind, path, read_only=read_only)
        return
    backing = f"{BACKING}/{tag.replace('%', '%25').replace('/', '%2F')}"
    os.makedirs(backing, mode=0o700, exist_ok=True)
    if not any(mount.path == backing for mount in mountinfo.read()):
        _mount(tag, kind, backing, read_only=read_only)
    # nonempty: the place may be a folder of the guest that has files of its own, such as /root.
    options = "allow_other,default_permissions,nonempty" + (",ro" if read_only else "")
    uid, gid = owner
    try:
        check(
            "bindfs", f"--force-user={uid}", f"--force-group={gid}", "--chown-ignore", "--chgrp-ignore",
            "--create-as-mounter", "--multithreaded", "-o", options, backing, path,
        )  # fmt: skip
    except AgentError:
        run("umount", backing)
        raise


def remove(guest_path: str) -> None:
    """Unmount the share at `guest_path`, and what the host mounted over its own folders there.

    Raises:
        AgentError: `not-found`; `conflict` if it is in use, the message names the users.
    """
    path = _clean(guest_path)
    mount = next((one for one in reversed(mountinfo.read()) if one.path == path and _is_share(one)), None)
    if mount is None:
        raise AgentError("not-found", f"No share is mounted at {path}.")
    users = holders(path, mount.device)
    if users:
        raise _in_use(path, users)
    _unmount(mount)


def release(kinds: Collection[str] = ("9p", "sftp")) -> dict[str, Any]:
    """Unmount what would hinder a suspend: 9p (QEMU refuses) and sftp (dies with the SSH connection)."""
    released, busy = [], []
    for share in reversed(shares()):
        if share["kind"] not in kinds:
            continue
        try:
            remove(share["guest_path"])
            released.append(share["guest_path"])
        except AgentError as error:
            users = error.message.partition(" in use by ")[2] or error.message
            told = "; ".join(text.rstrip(".") for text in (users, error.hint) if text)
            busy.append({"guest_path": share["guest_path"], "users": told})
    return {"released": released, "busy": busy}


def shares(table: list[Mount] | None = None) -> list[dict[str, Any]]:
    """Return the shares that are mounted, as the host gets them."""
    mounts = mountinfo.read() if table is None else table
    backing = {mount.path: mount for mount in mounts if mount.path.startswith(BACKING + "/")}
    elsewhere = {mount.device for mount in mounts if not mount.path.startswith("/data/")}
    found = []
    for mount in mounts:
        behind = backing.get(mount.source, mount)
        if not _is_share(mount) or mount.path in backing or behind.kind not in _KINDS:
            continue
        if mount.path.startswith("/data/") and mount.device in elsewhere:
            continue  # /home is bound from /data/home, so the kernel shows what is mounted below it there too
        found.append(
            {
                "guest_path": mount.path,
                "kind": _KINDS[behind.kind],
                "tag": behind.source,
                "read_only": mount.read_only or behind.read_only,
                "mounted": True,
            }
        )
    return found


def _is_share(mount: Mount) -> bool:
    return mount.kind in _KINDS or (mount.kind.startswith("fuse") and mount.source.startswith(BACKING + "/"))


def _clean(guest_path: str) -> str:
    path = os.path.normpath(guest_path)
    if not path.startswith("/") or path == "/" or "\0" in path:
        raise AgentError("usage", f"{guest_path!r} is no absolute path below / in the guest.")
    return path


def _make_folder(path: str) -> None:
    """Make the mount point; new folders belong to whom the folder above belongs to."""
    missing = []
    while not os.path.isdir(path):
        missing.append(path)
        path = os.path.dirname(path)
    owner = os.stat(path)
    for folder in reversed(missing):
        try:
            os.mkdir(folder, 0o755)
            os.chown(folder, owner.st_uid, owner.st_gid)
        except FileExistsError:
            continue  # another share is being mounted beside this one
        except OSError as error:
            raise AgentError("guest", f"The mount point {folder} cannot be made: {error.strerror}.") from error


def _mount(tag: str, kind: str, path: str, *, read_only: bool) -> None:
    options = ",".join(filter(None, (_OPTIONS[kind], "ro" if read_only else "rw")))
    code, output = run("mount", "-t", kind, "-o", options, tag, path)
    if code:
        reason = next(iter(output.splitlines()), f"exit code {code}")
        raise AgentError("guest", f"The share {tag!r} could not be mounted at {path}: {closing(reason)}", output)


def _unmount(mount: Mount) -> None:
    for cover in reversed(mountinfo.read()):
        if cover.source == COVER and cover.path.startswith(mount.path + "/"):
            run("umount", cover.path)
    end = time.monotonic() + _SETTLE_TIMEOUT
    while (done := run("umount", mount.path))[0]:
        users = holders(mount.path, mount.device)
        if users:
            raise _in_use(mount.path, users)
        if time.monotonic() > end:
            raise AgentError("conflict", f"{mount.path} cannot be unmounted: {closing(last_line(done[1]))}", done[1])
        time.sleep(0.1)
    _unmount_copies(mount)
    if mount.source.startswith(BACKING + "/"):
        # bindfs ends by itself when its mount is gone; until then it uses what is behind it.
        behind = next((one for one in mountinfo.read() if one.path == mount.source), None)
        end = time.monotonic() + _GONE_TIMEOUT
        while run("umount", mount.source)[0]:
            if time.monotonic() > end:
                raise _in_use(mount.source, holders(mount.source, ""))
            time.sleep(0.05)
        if behind is not None:
            _unmount_copies(behind)


def _unmount_copies(mount: Mount) -> None:
    """Take a share out of mount namespaces that got a copy and see no unmounting: rootless Podman's one of networks.

    It may be there more than once, with what was mounted in it. What was mounted when a user namespace was made is
    locked in the mount namespace that came with it, for as long as that lives (mount_namespaces(7)).
    """
    for pid in copies(mount.device):
        end = time.monotonic() + _SETTLE_TIMEOUT
        while there := [one.path for one in mountinfo.read(f"/proc/{pid}/mountinfo") if one.device == mount.device]:
            code, output = run("nsenter", "--target", pid, "--mount", "umount", "--recursive", there[-1])
            if code and time.monotonic() > end:
                raise AgentError(
                    "conflict",
                    f"{mount.path} is in use by Podman's own mount namespace (process {pid}).",
                    output,
                    "`linnet machine restart` ends what holds it.",
                )
            if code:
                time.sleep(0.1)


def _in_use(path: str, users: list[str]) -> AgentError:
    return AgentError("conflict", f"{path} is in use by {', '.join(users)}.")
