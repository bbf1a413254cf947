"""The store: complete images or none."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tests.unit.vm.image.conftest import VERSION, make_image
from vm.errors import DiskFullError, ImageError
from vm.image import store as module
from vm.image.store import ABANDONED_AFTER, ImageStore


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ImageStore:
    monkeypatch.setattr(module, "host_arch", lambda: "amd64")
    return ImageStore(tmp_path / "images")


def test_nothing_there(store: ImageStore) -> None:
    assert store.images() == []
    with pytest.raises(ImageError, match="no guest image on this host") as caught:
        store.find()
    assert "linnet image fetch" in (caught.value.hint or "")


def test_newest_release_then_newest_build_is_latest(store: ImageStore) -> None:
    old = make_image(store, "2026.11-aaaaaaaaaa", mtime=2000)
    rebuilt = make_image(store, "2026.11-0000000000", mtime=3000)
    newest = make_image(store, "2026.12-0000000000", mtime=1000)
    make_image(store, "2027.01-0000000000", arch="arm64")
    assert [image.version for image in store.images()] == [newest.version, rebuilt.version, old.version]
    assert store.find() == newest
    assert store.find(old.version).kernel.read_bytes() == b"kernel 2026.11-aaaaaaaaaa"
    with pytest.raises(ImageError, match=r"no guest image 2027\.01"):
        store.find("2027.01-0000000000")


def test_verify_finds_one_changed_byte(store: ImageStore) -> None:
    image = make_image(store)
    store.verify(image)
    with image.system.open("r+b") as file:
        file.seek(350_000)
        byte = file.read(1)
        file.seek(350_000)
        file.write(bytes([byte[0] ^ 1]))
    assert store.find() == image
    with pytest.raises(ImageError, match=r"system\.img is missing or not what"):
        store.verify(image)


def test_find_refuses_a_short_file(store: ImageStore) -> None:
    image = make_image(store)
    os.truncate(image.system, 10)
    with pytest.raises(ImageError, match="damaged"):
        store.find()


def test_adopt_replaces_a_damaged_image_and_keeps_a_good_one(store: ImageStore) -> None:
    image = make_image(store)
    inode = image.kernel.stat().st_ino
    with store.adding() as folder:
        for path in image.folder.iterdir():
            (folder / path.name).write_bytes(path.read_bytes())
        store.adopt(folder)
    assert image.kernel.stat().st_ino == inode
    with store.adding() as folder:
        for path in image.folder.iterdir():
            (folder / path.name).write_bytes(path.read_bytes())
        image.kernel.write_bytes(b"broken")
        store.adopt(folder)
    store.verify(store.find(VERSION))


def test_prune_keeps_newest_and_used(store: ImageStore) -> None:
    make_image(store, "2026.09-0000000000")
    make_image(store, "2026.10-0000000000")
    make_image(store, "2026.11-0000000000")
    abandoned = store.folder / ".new-old"
    fresh = store.folder / ".new-fresh"
    for folder in (abandoned, fresh):
        folder.mkdir()
        (folder / "system.img").write_bytes(b"half")
    long_ago = abandoned.stat().st_mtime - ABANDONED_AFTER - 60
    os.utime(abandoned, (long_ago, long_ago))
    removed, freed = store.prune(in_use={"2026.09-0000000000"})
    assert removed == ["2026.10-0000000000"]
    assert freed > 1_200_000
    assert [image.version for image in store.images()] == ["2026.11-0000000000", "2026.09-0000000000"]
    assert not abandoned.exists()
    assert fresh.exists()


def test_full_disk_leaves_nothing(store: ImageStore) -> None:
    def write(folder: Path) -> None:
        (folder / "system.img").write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device", str(folder / "system.img"))

    with pytest.raises(DiskFullError, match="no room left"), store.adding() as folder:
        write(folder)
    assert list(store.folder.iterdir()) == []
