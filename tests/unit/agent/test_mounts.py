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


class Guest:
    """What the kernel would do with `umount` and `nsenter … umount`.

    Attributes:
        tables: what is mounted where, by process; "self" is the agent's own.
        busy: how often the next calls say that the target is busy.
        locked: whether other namespaces hold what they have.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tables: dict[str, list[mountinfo.Mount]] = {"self": [SHARE]}
        self.busy = 0
        self.locked = False
        monkeypatch.setattr(mounts, "run", self.run)
        monkeypatch.setattr(mounts, "holders", lambda _path, _device: [])
        monkeypatch.setattr(mounts, "copies", lambda device: [
            name for name, table in self.tables.items() if name != "self" and any(one.device == device for one in table)
        ])  # fmt: skip
        monkeypatch.setattr(mountinfo, "read", lambda table=mountinfo.TABLE: list(self.tables[table.split("/")[2]]))
        monkeypatch.setattr(mounts, "_SETTLE_TIMEOUT", 0.3)

    def run(self, *command: str) -> tuple[int, str]:
        name = command[2] if command[0] == "nsenter" else "self"
        path, table = command[-1], self.tables[name]
        below = [one for one in table if one.path.startswith(path + "/")]
        if self.busy or (below and "--recursive" not in command):
            self.busy = max(0, self.busy - 1)
            return 32, f"umount: {path}: target is busy."
        if name != "self" and self.locked:
            return 32, f"umount: {path}: not mounted."
        del table[max(place for place, one in enumerate(table) if one.path == path)]
        self.tables[name] = [one for one in table if one not in below]
        return 0, ""


@pytest.fixture
def guest(monkeypatch: pytest.MonkeyPatch) -> Guest:
    return Guest(monkeypatch)


def test_a_share_that_nobody_uses_is_asked_for_again(guest: Guest) -> None:
    guest.busy = 1
    mounts._unmount(SHARE)
    assert guest.tables == {"self": []}


def test_a_share_that_stays_busy_is_given_up(guest: Guest) -> None:
    guest.busy = 1000
    with pytest.raises(AgentError, match=r"cannot be unmounted: umount: /srv/a: target is busy\.$"):
        mounts._unmount(SHARE)


def test_what_hides_folders_in_a_share_goes_with_it(guest: Guest) -> None:
    guest.tables["self"] += [SHARE._replace(device="0:5", path=f"/srv/a/{name}", source=mounts.COVER) for name in "bc"]
    guest.tables["self"].append(SHARE._replace(path="/srv/ab", source=mounts.COVER))
    mounts._unmount(SHARE)
    assert [one.path for one in guest.tables["self"]] == ["/srv/ab"]


def test_a_share_is_taken_out_of_all_places_of_other_namespaces(guest: Guest) -> None:
    cover = SHARE._replace(device="0:5", path="/srv/a/hidden", source=mounts.COVER)
    guest.tables["12"] = [
        SHARE._replace(path="/data/srv/a"),
        SHARE,
        cover,
        SHARE,
        SHARE._replace(device="0:1", path="/x"),
    ]
    guest.tables["13"] = [SHARE]
    mounts._unmount(SHARE)
    assert [one.path for one in guest.tables["12"]] == ["/x"]
    assert guest.tables["13"] == []


def test_a_namespace_that_does_not_let_go_is_named(guest: Guest) -> None:
    guest.tables["12"] = [SHARE]
    guest.locked = True
    with pytest.raises(AgentError, match=r"/srv/a is in use by Podman's own mount namespace \(process 12\)\.") as error:
        mounts._unmount(SHARE)
    assert error.value.detail == "umount: /srv/a: not mounted."
    assert "machine restart" in str(error.value.hint)
