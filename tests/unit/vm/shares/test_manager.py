"""Tests of vm.shares.manager."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from agent.mounts import COVER
from tests.unit.vm.shares.fakes import FEATURES, ROOT, USER, FakeGuest, config
from tests.unit.vm.shares.test_virtiofsd import READY, program
from vm.config.shares import ShareConfig
from vm.drivers.base import DriverFeatures, ShareDevice
from vm.errors import ConflictError, GuestError, NotFoundError
from vm.layout import Layout, MachineFiles
from vm.shares.base import Owner
from vm.shares.manager import ShareManager

NINEP = DriverFeatures(suspend=True, share_kinds=("9p",), free_page_reporting=True)
NONE = DriverFeatures(suspend=False, share_kinds=(), free_page_reporting=False)


@pytest.fixture
def files(tmp_path: Path) -> MachineFiles:
    base = tmp_path / "l"
    machine = Layout(base / "config", base / "data", base / "run", base / "cache").machine("m")
    machine.run.mkdir(parents=True)
    return machine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "a folder"
    path.mkdir()
    return path


def shared(path: Path, guest_path: str = "/srv/a", **more: object) -> ShareConfig:
    return ShareConfig(path, guest_path, watch=False, **more)  # type: ignore[arg-type]


def manager(
    files: MachineFiles, features: DriverFeatures, *shares: ShareConfig, owner: Owner = USER, virtiofsd: str = ""
) -> ShareManager:
    return ShareManager(files, config(*shares, virtiofsd=virtiofsd), features, owner=owner)


async def test_9p_from_start_to_stop(files: MachineFiles, folder: Path) -> None:
    shares = manager(files, NINEP, shared(folder, mode="read-only"))
    (device,) = await shares.prepare()
    assert (device.kind, device.path, device.read_only, device.socket) == ("9p", folder, True, None)
    guest = FakeGuest()
    await shares.mount_all(guest, guest)
    (status,) = shares.status()
    assert (status.kind, status.mounted, status.error) == ("9p", True, None)
    assert status.note is not None
    assert guest.mounts["/srv/a"]["tag"] == device.tag
    assert guest.mounts["/srv/a"]["read_only"] is True
    assert guest.mounts["/srv/a"]["map_owner"] is None
    await shares.stop()
    assert not shares.status()[0].mounted


async def test_9p_of_another_id_is_mapped(files: MachineFiles, folder: Path) -> None:
    shares = manager(files, NINEP, shared(folder), owner=ROOT)
    await shares.prepare()
    guest = FakeGuest()
    await shares.mount_all(guest, guest)
    assert guest.mounts["/srv/a"]["map_owner"] == {"uid": 1000, "gid": 1000}


async def test_one_failure_does_not_touch_the_others(files: MachineFiles, folder: Path) -> None:
    missing = folder / "missing"
    shares = manager(files, NINEP, shared(missing, "/srv/m"), shared(folder, "/srv/bad"), shared(folder, "/srv/good"))
    assert len(await shares.prepare()) == 2
    guest = FakeGuest(refuse={"/srv/bad"})
    await shares.mount_all(guest, guest)
    lost, bad, good = shares.status()
    assert lost.error is not None
    assert "does not exist" in lost.error
    assert bad.error is not None
    assert "Invalid argument" in bad.error
    assert (good.mounted, good.error) == (True, None)


async def test_sftp_comes_back_with_the_link(files: MachineFiles, folder: Path) -> None:
    shares = manager(files, NONE, shared(folder))
    assert await shares.prepare() == ()
    guest = FakeGuest()
    await shares.mount_all(guest, guest)
    assert "uid=1000,gid=1000" in guest.commands[0]
    assert "sshfs" in guest.commands[0]
    await shares.mount_all(guest, guest)
    assert len(guest.commands) == 1
    guest.lose_link()
    await asyncio.sleep(0)
    await shares.mount_all(guest, guest)
    assert len(guest.commands) == 2
    assert shares.status()[0].mounted
    await shares.stop()


async def test_a_failed_sftp_mount_is_explained(files: MachineFiles, folder: Path) -> None:
    shares = manager(files, NONE, shared(folder))
    guest = FakeGuest(refuse={"/srv/a"})
    await shares.mount_all(guest, guest)
    status = shares.status()[0]
    assert not status.mounted
    assert status.error == "The guest could not mount /srv/a by sftp."


async def test_release_takes_9p_and_sftp_out_and_mounting_brings_them_back(files: MachineFiles, folder: Path) -> None:
    other = folder.parent / "other"
    other.mkdir()
    shares = manager(files, NINEP, shared(folder), shared(other, "/srv/o", kind="sftp"))
    await shares.prepare()
    guest = FakeGuest()
    await shares.mount_all(guest, guest)
    await shares.release(guest)
    assert guest.mounts == {}
    assert [status.mounted for status in shares.status()] == [False, False]
    await shares.mount_all(guest, guest)
    assert [status.mounted for status in shares.status()] == [True, True]
    await shares.stop()


async def test_a_busy_share_refuses_the_suspend_and_all_stay_mounted(files: MachineFiles, folder: Path) -> None:
    other = folder.parent / "other"
    other.mkdir()
    shares = manager(files, NINEP, shared(folder), shared(other, "/srv/o"))
    await shares.prepare()
    guest = FakeGuest(users={"/srv/o": "container web"})
    await shares.mount_all(guest, guest)
    with pytest.raises(ConflictError, match=r"/srv/o \(by container web\)"):
        await shares.release(guest)
    assert set(guest.mounts) == {"/srv/a", "/srv/o"}
    assert all(status.mounted for status in shares.status())


async def test_shares_come_and_go_on_a_running_machine(files: MachineFiles, folder: Path) -> None:
    shares = manager(files, NINEP)
    await shares.prepare()
    guest = FakeGuest()
    await shares.mount_all(guest, guest)
    status = await shares.add(shared(folder), guest, guest)
    assert (status.kind, status.mounted) == ("sftp", True)
    assert status.note is not None
    assert "next start" in status.note
    with pytest.raises(ConflictError):
        await shares.add(shared(folder, "/srv/a/b"), guest, guest)
    guest.users["/srv/a"] = "vi"
    with pytest.raises(ConflictError, match="vi") as refused:
        await shares.remove("/srv/a", guest)
    assert "Stop what uses it" in str(refused.value.hint)
    guest.users.clear()
    await shares.remove(str(folder), guest)
    assert shares.status() == []
    assert guest.mounts == {}
    with pytest.raises(NotFoundError):
        await shares.remove("/srv/a", guest)


async def test_a_share_that_cannot_be_added_leaves_nothing(files: MachineFiles, folder: Path) -> None:
    shares = manager(files, NINEP)
    guest = FakeGuest(refuse={"/srv/a"})
    await shares.mount_all(guest, guest)
    with pytest.raises(GuestError):
        await shares.add(shared(folder), guest, guest)
    assert shares.status() == []


async def test_own_folders_are_hidden(files: MachineFiles, tmp_path: Path) -> None:
    files.folder.mkdir(parents=True)
    shares = manager(files, NINEP, shared(tmp_path, "/home/u"))
    await shares.prepare()
    guest = FakeGuest()
    await shares.mount_all(guest, guest)
    hidden = [command.split()[-1] for command in guest.commands]
    assert hidden == ["/home/u/l/config", "/home/u/l/data", "/home/u/l/run"]
    assert all(f" {COVER} " in command for command in guest.commands)  # by which the agent knows what to take away


async def test_a_resume_needs_the_same_devices(files: MachineFiles, folder: Path) -> None:
    shares = manager(files, NINEP, shared(folder), shared(folder, "/srv/new"))
    old = ShareDevice("9p", "00000000", folder)
    mine = ShareDevice("9p", manager_tag("/srv/a"), folder)
    assert await shares.prepare([mine, old]) == (mine, old)
    guest = FakeGuest()
    await shares.mount_all(guest, guest)
    first, second = shares.status()
    assert (first.kind, second.kind) == ("9p", "sftp")
    await shares.stop()


def manager_tag(guest_path: str) -> str:
    from vm.shares.plan import tag_of

    return tag_of(guest_path)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="virtiofsd runs on Linux only")
class TestVirtiofs:
    async def test_it_is_started_adopted_and_ended(self, files: MachineFiles, folder: Path, tmp_path: Path) -> None:
        command = str(program(tmp_path, f'echo "{READY}" >&2; exec sleep 60'))
        shares = manager(files, FEATURES, shared(folder), virtiofsd=command)
        (device,) = await shares.prepare()
        assert device.kind == "virtiofs"
        assert device.socket is not None
        assert device.socket.is_socket()
        await shares.close()
        later = manager(files, FEATURES, shared(folder), virtiofsd=command)
        await later.adopt([device])
        guest = FakeGuest()
        await later.mount_all(guest, guest)
        assert later.status()[0].error is None
        await later.stop()
        assert not device.socket.exists()

    async def test_a_death_is_shown(self, files: MachineFiles, folder: Path, tmp_path: Path) -> None:
        command = str(program(tmp_path, f'echo "{READY}" >&2; exec sleep 0.3'))
        shares = manager(files, FEATURES, shared(folder), virtiofsd=command)
        await shares.prepare()
        changed = asyncio.Event()
        shares.on_change = changed.set
        guest = FakeGuest()
        await shares.mount_all(guest, guest)
        await asyncio.wait_for(changed.wait(), 10)
        status = shares.status()[0]
        assert not status.mounted
        assert status.error is not None
        assert "ended" in status.error
        await shares.stop()

    async def test_9p_takes_over_where_it_does_not_start(
        self, files: MachineFiles, folder: Path, tmp_path: Path
    ) -> None:
        command = str(program(tmp_path, "echo no >&2; exit 1"))
        shares = manager(files, FEATURES, shared(folder), virtiofsd=command)
        (device,) = await shares.prepare()
        assert device.kind == "9p"
        note = shares.status()[0].note
        assert note is not None
        assert "virtiofsd does not start" in note
