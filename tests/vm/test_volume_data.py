"""Snapshots, clones, rollbacks, exports, imports and backups of volumes in a real machine, with both engines."""

from __future__ import annotations

import json
import subprocess
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard

from tests.vm.product import LINNET, Product

pytestmark = pytest.mark.parametrize("product", ["libvirt"], indirect=True)

COUNTER = "i=0; while :; do i=$((i+1)); echo $i >> /data/first; echo $i >> /data/second; done"
"""Appends the same number to two files: at any moment the second has as many lines as the first, or one less."""

FILL = """
cd /data && mkdir -p sub && echo text > sub/file && ln sub/file hard && ln -s /etc/passwd link && chmod 4750 sub/file
dd if=/dev/urandom of=large bs=1M count=3 2> /dev/null; dd if=/dev/zero of=sparse bs=1 count=1 seek=50M 2> /dev/null
chown -R 999:33 sub; mkfifo pipe; touch -d '2001-02-03 04:05:06' large
"""

TREE = "cd {path} && find . -mindepth 1 -printf '%p %y %m %U %G %s %T@ %l %n\\n' | sort && sha256sum large sub/file"

SNAPSHOTS = "/data/linnet/volumes/{engine}/{volume}/{name}/data"

CONFLICT, USAGE = 5, 2


DOCKER_TOO = pytest.mark.parametrize(
    "engine", ["podman", pytest.param("docker", marks=pytest.mark.extended)], indirect=True
)
"""Switching engines takes long; the other one is tried in longer runs."""


@pytest.fixture
def engine(product: Product, request: pytest.FixtureRequest) -> Iterator[str]:
    """The engine in use; the machine goes back to Podman."""
    kind: str = request.param
    if kind != "podman":
        product.ok("engine", "use", kind)
    try:
        yield kind
    finally:
        product.linnet("rm", "--force", "counter")
        for name in product.ok("volume", "ls", "--quiet").split():
            product.linnet("volume", "rm", "--force", name)
        for one in product.json("volume", "snapshots"):
            product.linnet("volume", "snapshot", "rm", one["volume"], one["name"])
        if kind != "podman":
            product.ok("engine", "use", "podman")


def tree(product: Product, volume: str) -> str:
    path = product.ok("volume", "inspect", "--format", "{{.Mountpoint}}", volume).strip()
    return product.root(TREE.format(path=path))


@pytest.mark.parametrize("engine", ["podman", "docker"], indirect=True)
def test_copies_of_a_volume_in_use(product: Product, engine: str) -> None:
    product.ok("run", "--detach", "--name", "counter", "--volume", "counted:/data", "hello", "sh", "-c", COUNTER)
    for number in range(2):
        taken = product.json("volume", "snapshot", "counted", f"s{number}")
        assert taken["paused"] == ["counter"]
        assert taken["not_paused"] == []
        place = SNAPSHOTS.format(engine=engine, volume="counted", name=f"s{number}")
        first, second = product.root(f"wc -l < {place}/first; wc -l < {place}/second").split()
        assert int(first) - int(second) in (0, 1)
    assert product.ok("inspect", "--format", "{{.State.Status}}", "counter").strip() == "running"

    refused = product.linnet("volume", "rollback", "counted", "s0")
    assert refused.returncode == CONFLICT
    assert "in use by counter" in refused.stderr
    done = product.json("volume", "rollback", "counted", "s0", "--stop")
    assert done["stopped"] == ["counter"]
    assert product.ok("inspect", "--format", "{{.State.Status}}", "counter").strip() == "running"
    names = [one["name"] for one in product.json("volume", "snapshots", "counted")]
    assert names == ["s0", "s1", done["before"]]
    product.ok("kill", "counter")
    product.ok("rm", "counter")

    # A snapshot outlives its volume and brings it back.
    product.ok("volume", "rm", "counted")
    product.ok("volume", "clone", "counted", "counted", "--snapshot", "s1")
    place = SNAPSHOTS.format(engine=engine, volume="counted", name="s1")
    wanted = product.root(f"tail -n 3 {place}/first")
    found = product.ok("run", "--rm", "--volume", "counted:/data", "hello", "cat", "/data/first")
    assert found.endswith(wanted)
    listed = product.json("volume", "browse", "counted", "/")
    assert [one["name"] for one in listed["entries"]] == ["first", "second"]


@DOCKER_TOO
def test_exports_and_what_can_be_wrong_with_them(product: Product, engine: str, folder: Path) -> None:
    product.ok("volume", "create", "--label", "project=shop", "full")
    product.ok("run", "--rm", "--volume", "full:/data", "hello", "sh", "-c", FILL)
    done = product.json("volume", "export", "full", str(folder))
    file = folder / "full.tar.zst"
    assert done["path"] == str(file)
    assert file.stat().st_size < 5_000_000
    with zstandard.open(file) as plain, tarfile.open(fileobj=plain, mode="r|") as tar:
        owners = {info.name: (info.uid, info.gid) for info in tar}
    assert (owners["data/sub/file"], owners["data/large"]) == ((999, 33), (0, 0))
    assert product.linnet("volume", "export", "full", str(folder)).returncode == CONFLICT
    product.ok("volume", "import", str(file), "again")
    assert tree(product, "again") == tree(product, "full")
    label = product.ok("volume", "inspect", "--format", '{{index .Labels "project"}}', "again").strip()
    assert label == "shop"
    taken = product.linnet("volume", "import", str(file))
    assert taken.returncode == CONFLICT
    assert "already" in taken.stderr

    data = file.read_bytes()
    (folder / "cut").write_bytes(data[: len(data) * 2 // 3])
    (folder / "bad").write_bytes(data[:1_500_000] + b"?" + data[1_500_001:])
    for name, words in (("cut", "cut short"), ("bad", "")):
        refused = product.linnet("volume", "import", str(folder / name), "broken")
        assert refused.returncode == USAGE, refused.stderr
        assert words in refused.stderr
    refused = product.linnet("volume", "import", str(folder / "nowhere"), "broken")
    assert "no file" in refused.stderr

    room = int(product.root("stat -f -c '%a' /data")) * 4096
    product.root(f"fallocate -l {room - 2_000_000} /data/filler")
    try:
        refused = product.linnet("volume", "import", str(file), "broken")
        assert "no room" in refused.stderr
    finally:
        product.root("rm /data/filler")
    assert sorted(product.ok("volume", "ls", "--quiet").split()) == ["again", "full"]
    assert product.root("ls /data/linnet/volumes/.work").strip() == ""


def test_what_goes_on_together(product: Product, folder: Path) -> None:
    product.ok("volume", "create", "big")
    path = product.ok("volume", "inspect", "--format", "{{.Mountpoint}}", "big").strip()
    product.root(f"head -c 80M /dev/urandom > {path}/large")
    first = subprocess.Popen(
        [LINNET, "volume", "export", "big", str(folder / "big")],
        env=product.environment, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    end = time.monotonic() + 60
    while not list(folder.iterdir()):
        assert time.monotonic() < end
        assert first.poll() is None
        time.sleep(0.1)
    refused = product.linnet("volume", "snapshot", "big")
    assert refused.returncode == CONFLICT
    assert "Volume 'big' is busy: it is being exported" in refused.stderr
    first.send_signal(2)
    first.communicate(timeout=60)
    assert first.returncode != 0
    product.ok("volume", "snapshot", "big", "free")
    assert list(folder.iterdir()) == []
    product.ok("volume", "snapshot", "rm", "big", "free")
    product.ok("volume", "rm", "big")


def test_an_agent_that_dies_lets_containers_go(product: Product) -> None:
    identifier = product.ok("run", "--detach", "--name", "held", "hello", "sleep", "1000").strip()
    try:
        product.ok("pause", "held")
        held = json.dumps([{"do": "unpause", "engine": "podman", "id": identifier, "name": "held"}])
        product.root("mkdir -p /data/linnet/volumes/.work/half && cat > /run/linnet/held.json <<'.'\n" + held + "\n.")
        product.root("systemctl kill --kill-whom=main --signal=KILL linnet-agent.service")
        end = time.monotonic() + 60
        while product.ok("inspect", "--format", "{{.State.Status}}", "held").strip() != "running":
            assert time.monotonic() < end
            time.sleep(1)
        assert product.root("ls /data/linnet/volumes/.work; ls /run/linnet | grep held || true").strip() == ""
    finally:
        product.ok("rm", "--force", "--time", "0", "held")


def test_backups_make_themselves(product: Product, folder: Path) -> None:
    product.ok("volume", "create", "kept")
    product.ok("run", "--rm", "--volume", "kept:/data", "hello", "sh", "-c", "echo one > /data/file")
    product.ok("volume", "backup", "add", "kept", "--every", "1m", "--keep", "2", "--folder", str(folder))
    try:
        end = time.monotonic() + 60
        while not product.json("volume", "backup", "list")[0]["last"]:
            assert time.monotonic() < end
            time.sleep(1)
        product.ok("volume", "backup", "run", "kept")
        deleted = product.json("volume", "backup", "run", "kept")["deleted"]
        files = sorted(str(path) for path in folder.glob("kept-*"))
        assert len(files) == 2
        assert len(deleted) == 1
        product.ok("volume", "rm", "kept")
        failed = product.linnet("volume", "backup", "run", "kept")
        assert failed.returncode != 0
        assert sorted(str(path) for path in folder.glob("kept-*")) == files
        assert any("backup of volume 'kept' failed" in text for text in product.status()["errors"])
        product.ok("volume", "import", files[-1])
        assert product.ok("run", "--rm", "--volume", "kept:/data", "hello", "cat", "/data/file") == "one\n"
    finally:
        product.ok("volume", "backup", "remove", "kept")
        product.linnet("volume", "rm", "--force", "kept")
