"""The initrd: busybox, one script and the few kernel modules that are needed to reach the system disk."""

from __future__ import annotations

from collections.abc import Sequence

from vm.image.archive import Entry, cpio

FOLDERS = ("bin", "dev", "modules", "proc", "root", "scratch", "sys", "system")


def make_initrd(busybox: bytes, init: bytes, modules: Sequence[tuple[str, bytes]], *, time: int = 0) -> bytes:
    """Return the initrd as an uncompressed cpio archive (unpacking costs an emulated CPU more than reading).

    Args:
        busybox: the statically linked program.
        init: the script that becomes /init.
        modules: name and content of each module, in the order in which they are to be loaded.
        time: of every file, seconds since 1970.
    """
    entries = [
        *(Entry.folder(name) for name in FOLDERS),
        Entry.console(),
        Entry.file("bin/busybox", busybox, executable=True),
        Entry.link("bin/sh", "busybox"),
        Entry.file("init", init, executable=True),
        *(Entry.file(f"modules/{number:02d}-{name}.ko", data) for number, (name, data) in enumerate(modules, start=1)),
    ]
    return cpio(entries, time=time)
