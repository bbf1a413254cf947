"""What is removed by accident comes back bit for bit, on both engines: layer, whiteouts, volumes, settings."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pexpect
import pytest

from tests.vm.product import LINNET, Product

BASE = "mkdir -p /base/dir; echo old > /base/dir/old; echo gone > /base/gone"

WORK = (
    "[ -e /ready ] || { rm /base/gone; rm -r /base/dir; mkdir /base/dir; echo new > /base/dir/new; umask > /umask; "
    "head -c 100000 /dev/urandom > /data; ln /data /hard; ln -s data /soft; chmod 4711 /data; "
    "echo anon > /anon/file; echo named > /kept/file; touch /ready; }; trap exit TERM; while :; do sleep 1; done"
)

DIGEST = """
import hashlib, os, stat, sys
found = []
for folder, folders, files in os.walk(sys.argv[1]):
    for name in sorted(folders + files):
        path = os.path.join(folder, name)
        short = os.path.relpath(path, sys.argv[1])
        if not short.startswith(("base", "data", "hard", "soft", "umask", "ready", "file")):
            continue
        info = os.lstat(path)
        names = sorted(os.listxattr(path, follow_symlinks=False))
        # Where the image's own file lies is told by a handle that is made anew.
        attributes = [(key, os.getxattr(path, key, follow_symlinks=False)) for key in names if "origin" not in key]
        content = hashlib.sha256(open(path, "rb").read()).hexdigest() if stat.S_ISREG(info.st_mode) else ""
        # The kernel links all whiteouts to one that it keeps elsewhere.
        links = info.st_nlink if stat.S_ISREG(info.st_mode) else 0
        found.append((short, info.st_mode, info.st_uid, info.st_gid, info.st_rdev, links, info.st_mtime_ns, content,
                      os.readlink(path) if stat.S_ISLNK(info.st_mode) else "", attributes))
print("\\n".join(map(str, sorted(found))))
"""

SHARED = """
import fcntl, struct, sys
from agent.folders import copy, remove
from agent.loop import Loop
loop = Loop()
loop.run(copy(loop, sys.argv[1], "/data/linnet/copied"))
with open("/data/linnet/copied/data") as file:
    answer = fcntl.ioctl(file, 0xC020660B, struct.pack("=QQLLLL", 0, 2**64 - 1, 1, 0, 1, 0) + bytes(56))
remove("/data/linnet/copied")
print(bool(struct.unpack_from("=QQQQQL", answer, 32)[5] & 0x2000))
"""
"""Asks where a copy lies on the disk (FIEMAP): whether the original has the same blocks."""

UPPER = "{{.GraphDriver.Data.UpperDir}}"


@pytest.fixture(params=["podman", "docker"])
def engine(product: Product, request: pytest.FixtureRequest) -> Iterator[str]:
    """An engine with an image that has something to delete."""
    product.ok("engine", "use", request.param)
    product.ok("trash", "empty", "--force")  # of what other tests have removed
    product.ok("run", "--name", "trash-base", "hello", "sh", "-c", BASE)
    product.ok("commit", "trash-base", "trash-base")
    product.ok("rm", "--no-trash", "trash-base")
    yield request.param
    product.linnet("kill", "web")
    product.linnet("rm", "-f", "-v", "--no-trash", "web")
    product.linnet("volume", "rm", "--no-trash", "kept")
    product.linnet("rmi", "trash-base")
    product.ok("trash", "empty", "--force")
    product.ok("engine", "use", "podman")


def digest(product: Product, folder: str) -> str:
    """Return a line for each file in a folder of the guest, with all that matters of it."""
    return product.root(f"python3 - {folder} <<'END'\n{DIGEST}\nEND")


def inspect(product: Product, template: str, name: str = "web") -> str:
    return product.ok("inspect", "--format", template, name).strip()


def anonymous(product: Product) -> str:
    """Return the folder of the volume at /anon."""
    return inspect(product, '{{range .Mounts}}{{if eq .Destination "/anon"}}{{.Source}}{{end}}{{end}}')


@pytest.mark.parametrize("prune", [["container", "prune", "-f"], ["system", "prune", "-f"]])
def test_what_a_prune_takes_comes_back(product: Product, engine: str, prune: list[str]) -> None:
    product.ok("run", "--name", "pruned", "hello", "sh", "-c", "echo precious > /precious")
    done = product.linnet(*prune)
    assert done.returncode == 0, done.stderr
    said = re.search("pruned is kept in the trash for 7 days: linnet trash restore ([0-9a-f]{8})", done.stderr)
    assert said, done.stderr
    assert product.linnet("inspect", "pruned").returncode != 0
    product.ok("trash", "restore", said[1])
    assert product.root(f"cat {inspect(product, UPPER, 'pruned')}/precious") == "precious\n"
    product.ok("rm", "--no-trash", "pruned")


def test_a_removed_container_comes_back(product: Product, engine: str) -> None:
    # An engine that removes by force waits, or does not: gently is the same on both.
    product.ok("run", "-d", "--name", "web", "-v", "/anon", "-v", "kept:/kept", "-e", "WORD=spoken", "--label", "a=b",
               "--restart", "on-failure:3", "trash-base", "sh", "-c", WORK)  # fmt: skip
    while product.linnet("exec", "web", "ls", "/ready").returncode:
        time.sleep(0.5)
    layer, volume = digest(product, inspect(product, UPPER)), digest(product, anonymous(product))
    whiteouts = [line for line in layer.splitlines() if line.startswith("('base/gone', 8192,")]
    assert whiteouts, layer
    assert "overlay.opaque" in layer

    copied = product.root(
        f"PYTHONPATH=/run/linnet/agent-lib python3 - {inspect(product, UPPER)} <<'END'\n{SHARED}\nEND"
    )
    assert copied.strip() == "True"  # a copy takes no room

    removed = product.linnet("rm", "-f", "-v", "-t", "2", "web") if engine == "podman" else product.linnet(
        "rm", "-f", "-v", "web")  # fmt: skip
    assert removed.returncode == 0, removed.stderr
    said = re.fullmatch(r"web is kept in the trash for 7 days: linnet trash restore ([0-9a-f]{8})\n", removed.stderr)
    assert said, removed.stderr
    assert "kept in the trash" in product.linnet("volume", "rm", "kept").stderr
    assert product.linnet("inspect", "web").returncode != 0
    entries = product.json("trash", "list")
    assert [(one["kind"], one["name"], one["engine"]) for one in entries] == [
        ("volume", "kept", engine), ("container", "web", engine)
    ]  # fmt: skip
    assert entries[1]["paths"][0] == {"path": "/data", "bytes": 100_000}

    alone = product.linnet("trash", "restore", "web")
    assert alone.returncode == 5, alone.stderr
    assert "kept" in alone.stderr
    assert "linnet trash restore" in alone.stderr
    product.ok("trash", "restore", said[1], "kept")
    assert digest(product, inspect(product, UPPER)) == layer
    assert digest(product, anonymous(product)) == volume
    assert product.json("trash", "list") == []

    product.ok("start", "web")
    shown = product.ok("exec", "web", "sh", "-c", "cat /base/dir/* /anon/file /kept/file; echo $WORD; ls /base; umask")
    umask = product.root(f"cat {inspect(product, UPPER)}/umask").strip()
    assert shown.split() == ["new", "anon", "named", "spoken", "dir", umask]
    assert inspect(product, '{{.HostConfig.RestartPolicy.Name}} {{index .Config.Labels "a"}}') == "on-failure b"
    taken = product.linnet("trash", "restore", "bird")
    assert taken.returncode == 4, taken.stderr


def test_the_oldest_goes_when_it_is_too_much(product: Product) -> None:
    product.ok("config", "set", "trash.size", "1MiB")
    try:
        for name, size in (("one", 700_000), ("two", 700_000), ("three", 2_000_000)):
            product.ok("run", "--name", name, "hello", "sh", "-c", f"head -c {size} /dev/urandom > /file")
        for name in ("one", "two"):
            assert f"{name} is kept" in product.linnet("rm", name).stderr
        assert [entry["name"] for entry in product.json("trash", "list")] == ["two"]
        refused = product.linnet("rm", "three")
        assert refused.returncode == 125, refused.stderr
        assert "takes no more than" in refused.stderr
        assert "--no-trash" in refused.stderr
    finally:
        product.ok("rm", "--no-trash", "--ignore", "one", "two", "three")
        product.ok("config", "set", "trash.size", "5GiB")
        product.ok("trash", "empty", "--force")


def test_on_a_terminal_it_asks(product: Product) -> None:
    product.ok("run", "--name", "asked", "hello", "sh", "-c", "mkdir -p /srv; echo notes > /srv/notes")
    try:
        child = pexpect.spawn(LINNET, ["rm", "asked"], env=product.environment, cwd=str(product.home), timeout=60)
        child.expect(r"asked holds 6 B outside of volumes:\s+6 B  /srv/notes\s")
        child.expect_exact("Remove asked? [y/N] ")
        child.sendline("n")
        child.expect_exact("Nothing is removed.")
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 130
        product.ok("rm", "asked", "--keep-as-volume", "/srv=asked-srv", "--commit", "asked:kept", "--no-trash")
        assert product.ok("run", "--rm", "-v", "asked-srv:/s", "asked:kept", "cat", "/s/notes", "/srv/notes") == (
            "notes\nnotes\n"
        )
        assert product.json("trash", "list") == []
    finally:
        product.linnet("rm", "-f", "--no-trash", "asked")
        product.linnet("rmi", "asked:kept")
        product.linnet("volume", "rm", "--no-trash", "asked-srv")
