"""Shared folders of every kind, in the machine of each driver."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench import virtiofsd
from tests.vm import supplies
from tests.vm.product import LINNET, Product

KINDS = ("virtiofs", "9p", "sftp")

MANY = 10_000

WATCH = """
import ctypes, os, struct, sys
libc = ctypes.CDLL(None)
fd = libc.inotify_init1(0)
assert libc.inotify_add_watch(fd, sys.argv[1].encode(), 0x3CE) > 0
names = {0x2: "modify", 0x4: "modify", 0x8: "modify", 0x100: "create", 0x200: "delete"}
print("ready", flush=True)
while data := os.read(fd, 65536):
    while data:
        _, mask, _, length = struct.unpack_from("iIII", data)
        name = data[16:16 + length].rstrip(b"\\0").decode()
        data = data[16 + length:]
        print(next((what for bit, what in names.items() if mask & bit), hex(mask)), name, flush=True)
"""
"""Prints what inotify in the guest tells of one folder."""


@dataclasses.dataclass
class Shared:
    """One share of the machine.

    Attributes:
        product: whose.
        kind: how it is shared.
        path: on this computer; the same in the guest.
        read_only: a second share of that kind, which the guest may not write to.
    """

    product: Product
    kind: str
    path: Path
    read_only: Path

    def run(self, script: str, folder: Path | None = None) -> str:
        """Run a script as root in a container that has the share at /w; return its output."""
        options = ["run", "--rm", "-v", f"{folder or self.path}:/w"]
        return self.product.ok(*options, "hello", "sh", "-c", f"cd /w; {script}")

    def guest(self, script: str) -> str:
        """Run a script in the share as the user in the machine; return its output."""
        return self.product.ok("machine", "shell", "--", "sh", "-c", script, cwd=self.path)


@pytest.fixture(scope="module")
def machine(product: Product) -> Iterator[Product]:
    """The machine with two shares of each kind besides the home."""
    command = asyncio.run(virtiofsd.command(supplies.cache()))
    assert command is not None, "no virtiofsd can be had: neither installed nor in Debian's packages"
    product.ok("config", "set", "virtiofsd", command)
    folders = [product.base / "s" / f"{kind}{suffix}" for kind in KINDS for suffix in ("", "-ro")]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        options = ["--read-only"] if folder.name.endswith("-ro") else []
        product.ok("share", "add", str(folder), "--kind", folder.name.removesuffix("-ro"), *options)
    product.ok("machine", "restart")
    yield product
    for folder in folders:
        product.ok("share", "remove", str(folder))
    shutil.rmtree(product.base / "s")
    product.ok("config", "set", "virtiofsd", "")
    product.ok("machine", "restart")


@pytest.fixture(params=KINDS)
def shared(request: pytest.FixtureRequest, machine: Product) -> Shared:
    """A share of each kind."""
    base = machine.base / "s"
    return Shared(machine, request.param, base / request.param, base / f"{request.param}-ro")


def test_kind_is_in_use(shared: Shared) -> None:
    shares = {share["path"]: share for share in shared.product.json("share", "list")}
    for path, read_only in ((shared.path, False), (shared.read_only, True)):
        share = shares[str(path)]
        assert (share["kind"], share["mounted"], share["error"]) == (shared.kind, True, None)
        assert share["read_only"] is read_only


def test_ownership_both_ways(shared: Shared) -> None:
    (shared.path / "mine").write_text("host")
    # Root in a rootless container is the user of the machine.
    look = "busybox stat -c '%u %g' mine"
    change = "echo more >> mine; echo new > theirs; busybox mkdir folder; busybox chmod 700 folder"
    assert shared.run(f"{look}; {change}") == "0 0\n"
    assert (shared.path / "mine").read_text() == "hostmore\n"
    for name in ("mine", "theirs", "folder"):
        info = (shared.path / name).stat()
        assert (info.st_uid, info.st_gid) == (os.getuid(), os.getgid()), name
    assert (shared.path / "folder").stat().st_mode & 0o777 == 0o700
    (shared.path / "theirs").write_text("the host may write")


def test_unusual_names_and_links(shared: Shared) -> None:
    names = ["two words", "grüße", "line\nbreak", "-dash", "'quotes\"", "日本語"]
    folder = shared.path / "names here"
    folder.mkdir()
    for name in names:
        (folder / name).write_text(name)
    (folder / "link").symlink_to("two words")
    found = shared.guest("cd 'names here'; for f in *; do printf '%s\\0' \"$f\"; done").split("\0")[:-1]
    assert sorted(found) == sorted([*names, "link"])
    assert shared.guest("cat 'names here/link'; readlink 'names here/link'") == "two wordstwo words\n"
    shared.guest("cd 'names here'; printf back > \"$(printf 'new\\nline ü')\"; ln -s grüße back; mv 'two words' moved")
    assert (folder / "new\nline ü").read_text() == "back"
    assert (folder / "back").readlink() == Path("grüße")
    assert (folder / "moved").read_text() == "two words"


def test_read_only(shared: Shared) -> None:
    (shared.read_only / "file").write_text("look")
    done = shared.product.linnet(
        "machine", "shell", "--", "sh", "-c", "cat file; touch file new; rm file", cwd=shared.read_only
    )
    assert done.stdout == "look"
    assert done.stderr.count("Read-only file system") == 3, done.stderr
    assert [path.name for path in shared.read_only.iterdir()] == ["file"]


def test_ten_thousand_files(shared: Shared) -> None:
    folder = shared.path / "many"
    folder.mkdir()
    for number in range(MANY):
        (folder / f"file-{number:05}").touch()
    begin = time.monotonic()
    assert int(shared.guest("ls -f many | grep -c file-")) == MANY
    print(f"{shared.kind}: {MANY} names listed in {time.monotonic() - begin:.1f} s")


def test_changes_reach_watchers(shared: Shared) -> None:
    folder = shared.path / "watched"
    folder.mkdir()
    argv = [LINNET, "machine", "shell", "--", "python3", "-c", WATCH, str(folder)]
    with subprocess.Popen(
        argv, env=shared.product.environment, cwd=shared.path, stdout=subprocess.PIPE, text=True
    ) as watcher:
        try:
            assert watcher.stdout is not None
            assert watcher.stdout.readline() == "ready\n"
            (folder / "new").write_text("one")
            _expect(watcher, ("create", ""), ("modify", "new"))
            time.sleep(2)  # what follows is another change, not the end of the same one
            (folder / "new").write_text("two, longer")
            _expect(watcher, ("modify", "new"))
            time.sleep(2)
            (folder / "new").unlink()
            _expect(watcher, ("delete", "new"))
        finally:
            watcher.kill()


@pytest.mark.parametrize("product", ["qemu"], indirect=True)
def test_share_added_and_removed_while_running(machine: Product) -> None:
    folder = machine.base / "late"
    folder.mkdir()
    (folder / "file").write_text("there")
    machine.ok("share", "add", str(folder))
    assert machine.ok("run", "--rm", "-v", f"{folder}:/w", "hello", "cat", "/w/file") == "there"
    machine.ok("share", "remove", str(folder))
    done = machine.linnet("run", "--rm", "-v", f"{folder}:/w", "hello", "cat", "/w/file")
    assert done.returncode == 125
    assert f"linnet share add {folder}" in done.stderr
    assert (folder / "file").read_text() == "there"


def _expect(watcher: subprocess.Popen[str], *wanted: tuple[str, str]) -> None:
    """Read events until all `wanted` have come; an empty name stands for any."""
    left = list(wanted)
    seen: list[str] = []
    assert watcher.stdout is not None
    while left:
        line = watcher.stdout.readline()
        assert line, f"the watcher ended; it saw {seen}"
        what, _, name = line.rstrip("\n").partition(" ")
        seen.append(line)
        left = [(kind, of) for kind, of in left if kind != what or of not in ("", name)]
