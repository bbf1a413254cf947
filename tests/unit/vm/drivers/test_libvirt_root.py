"""The embedded driver's folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vm.drivers.libvirt_root import LOG_LIMIT, LibvirtRoot, settings_text
from vm.errors import UnavailableError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="libvirt does not exist here")


@pytest.fixture
def root(tmp_path_factory: pytest.TempPathFactory) -> LibvirtRoot:
    base = tmp_path_factory.mktemp("v")
    return LibvirtRoot(base / "v", base / "cache")


def test_settings_by_version_and_user() -> None:
    new = settings_text(11_003_000, as_root=True)
    assert 'save_image_format = "sparse"\n' in new
    assert 'user = "root"\n' in new
    old = settings_text(9_000_000, as_root=False)
    assert "save_image_format" not in old
    assert "user" not in old
    assert 'stdio_handler = "file"\n' in old


def test_prepared_twice_it_is_the_same(root: LibvirtRoot) -> None:
    for _ in range(2):
        root.prepare()
        root.configure(11_003_000)
    assert (root.folder / "cache").resolve() == root.cache.resolve()
    assert "stdio_handler" in (root.folder / "etc" / "qemu.conf").read_text()
    assert root.log.parent.is_dir()


def test_a_long_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="too long"):
        LibvirtRoot(tmp_path / ("x" * 60), tmp_path).prepare()


def test_characters_that_a_uri_cannot_carry(tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.mktemp("v")
    with pytest.raises(UnavailableError, match="cannot use the folder"):
        LibvirtRoot(base / "a&b", base).prepare()


def test_qemus_log_is_where_the_machine_wants_it(root: LibvirtRoot, tmp_path: Path) -> None:
    root.prepare()
    for target in (tmp_path / "one" / "qemu.log", tmp_path / "two" / "qemu.log"):
        root.link_log("linnet-a", target)
        link = root.folder / "log" / "qemu" / "linnet-a.log"
        link.write_text("words")
        assert target.read_text() == "words"


def test_who_holds_it(root: LibvirtRoot) -> None:
    assert root.holder() is None
    lock = root.folder / "run" / "qemu" / "driver.pid"
    lock.parent.mkdir(parents=True)
    for content, holder in ((str(os.getpid()), None), ("1", 1), ("999999999", None), ("", None)):
        lock.write_text(content)
        assert root.holder() == holder


def test_libvirts_own_log_stays_bounded_while_it_is_open(root: LibvirtRoot) -> None:
    root.prepare()
    root.bound_log()  # nothing there yet
    with root.log.open("ab") as libvirts:
        libvirts.write(b"early\n")
        libvirts.flush()
        root.bound_log()
        assert root.log.read_bytes() == b"early\n"
        libvirts.write(b"x" * LOG_LIMIT)
        libvirts.flush()
        root.bound_log()
        libvirts.write(b"late\n")
        libvirts.flush()
    assert root.log.read_bytes() == b"late\n"
    assert root.log.with_suffix(".old").read_bytes() == b"early\n" + b"x" * LOG_LIMIT
