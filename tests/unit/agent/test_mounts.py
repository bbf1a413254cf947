"""Tests of agent.mounts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from agent import mountinfo, mounts
from agent.errors import AgentError
from agent.holders import holders

# Recorded in the guest: two 9p shares, the second behind bindfs, and the first once more because /home is in /data.
TABLE = r"""24 31 0:22 / /proc rw,relatime shared:12 - proc proc rw
73 32 0:37 / /srv/linnet/shares/s2 rw,relatime shared:17 - 9p s2 rw,cache=0x5,access=any,msize=512000,trans=virtio
74 42 0:38 / /home/al\040ice/dä/x rw,relatime shared:15 - 9p s1 rw,cache=0x5,access=any,msize=512000,trans=virtio
75 41 0:38 / /data/home/al\040ice/dä/x rw,relatime shared:15 - 9p s1 rw,cache=0x5,access=any,msize=512000,trans=virtio
80 31 0:39 / /root/shared rw,nosuid,nodev shared:18 - fuse /srv/linnet/shares/s2 rw,user_id=0,group_id=0,allow_other
81 31 0:40 / /mnt/c ro,nosuid,nodev shared:19 - fuse.sshfs : rw,user_id=0,group_id=0,allow_other
82 31 0:41 / /mnt/v rw shared:20 - virtiofs fs0 ro
"""

SHARE = mountinfo.Mount("0:99", "/srv/a", read_only=False, kind="9p", source="tag")


def test_shares_are_read_from_the_kernels_table() -> None:
    table = [mountinfo.parse(line) for line in TABLE.splitlines()]
    assert mounts.shares(table) == [
        {"guest_path": "/home/al ice/dä/x", "kind": "9p", "tag": "s1", "read_only": False, "mounted": True},
        {"guest_path": "/root/shared", "kind": "9p", "tag": "s2", "read_only": False, "mounted": True},
        {"guest_path": "/mnt/c", "kind": "sftp", "tag": ":", "read_only": True, "mounted": True},
        {"guest_path": "/mnt/v", "kind": "virtiofs", "tag": "fs0", "read_only": True, "mounted": True},
    ]


def test_escapes_of_the_kernel() -> None:
    assert mountinfo.unescape(r"/a\040b\011c\012d\134e") == "/a b\tc\nd\\e"


@pytest.mark.parametrize("path", ["relative", "/", "/x/..", "/a\0b"])
def test_a_mount_point_is_an_absolute_path(path: str) -> None:
    with pytest.raises(AgentError) as error:
        mounts.add("tag", "9p", path, read_only=False, owner=None)
    assert error.value.code == "usage"


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(AgentError, match="mounts virtiofs and 9p, not 'nfs'"):
        mounts.add("tag", "nfs", "/mnt/x", read_only=False, owner=None)


def test_what_is_not_mounted_cannot_be_removed(tmp_path: Path) -> None:
    with pytest.raises(AgentError) as error:
        mounts.remove(str(tmp_path))
    assert error.value.code == "not-found"


def test_a_process_with_an_open_file_holds_a_mount(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.chdir(tmp_path)
        os.write(writer, b"x")
        os.read(os.pipe()[0], 1)
        os._exit(0)
    try:
        os.read(reader, 1)
        assert any(one.endswith(f"({child})") for one in holders(str(tmp_path), "0:0"))
        assert holders(str(tmp_path / "fi"), "0:0") == []
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        os.close(reader)
        os.close(writer)


def test_a_share_that_nobody_uses_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(32, "umount: /srv/a: target is busy."), (0, "")]
    asked: list[tuple[str, ...]] = []

    def umount(*command: str) -> tuple[int, str]:
        asked.append(command)
        return answers[len(asked) - 1]

    monkeypatch.setattr(mounts, "run", umount)
    monkeypatch.setattr(mounts, "holders", lambda _path, _device: [])
    mounts._unmount(SHARE)
    assert asked == [("umount", "/srv/a")] * 2


def test_a_share_that_stays_busy_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mounts, "run", lambda *_: (32, "umount: /srv/a: target is busy."))
    monkeypatch.setattr(mounts, "holders", lambda _path, _device: [])
    monkeypatch.setattr(mounts, "_SETTLE_TIMEOUT", 0.1)
    with pytest.raises(AgentError, match="cannot be unmounted: umount: /srv/a: target is busy"):
        mounts._unmount(SHARE)
