"""The Docker API through Linnet's socket and through `ssh -L`."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import socket
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import BenchError, Result, pairs, percentile, quotient, ratio, timed
from tests.bench.product import MACHINE, Product

PINGS = 400

SIZE = 200 * 10**6

TRANSFER_PAIRS = 3

REQUEST = b"GET /_ping HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n"


def ping(product: Product) -> Iterator[Result]:
    """`GET /_ping`, a new connection each, through Linnet's socket ÷ through `ssh -L`: p50 and p99."""
    product.ensure_running()
    sockets = (product.layout.machine(MACHINE).docker_socket, product.forwarded_socket())
    for path in sockets:
        for _ in range(20):
            _ping(path)
    ours, baseline = pairs(lambda: _ping(sockets[0]), lambda: _ping(sockets[1]), PINGS)
    for percent in (50, 99):
        yield quotient(
            f"GET /_ping, p{percent} ÷ ssh -L", percentile(ours, percent), percentile(baseline, percent), 1.0,
            ("Linnet's socket", "ssh -L"), "ms",
        )  # fmt: skip


def load(product: Product) -> Iterator[Result]:
    """`docker load` of a 200 MB image through Linnet's socket ÷ through `ssh -L`."""
    product.ensure_running()
    archive = _big_image(product)

    def once(path: Path) -> float:
        seconds = timed(lambda: _docker(product, path, "load", "-i", str(archive)))
        _docker(product, path, "rmi", "bench-big:1")
        return seconds

    yield _transfer(product, "docker load, 200 MB ÷ ssh -L", once)


def copy(product: Product) -> Iterator[Result]:
    """A 200 MB `docker cp` through Linnet's socket ÷ through `ssh -L`."""
    product.ensure_running()
    own = product.layout.machine(MACHINE).docker_socket
    _docker(product, own, "load", "-i", str(small_image(product)))
    _docker(product, own, "create", "--name", "bench-cp", "bench-small:1", "sh")
    source = product.base / "big"
    source.write_bytes(os.urandom(SIZE))
    try:
        yield _transfer(
            product,
            "docker cp, 200 MB ÷ ssh -L",
            lambda path: timed(lambda: _docker(product, path, "cp", str(source), "bench-cp:/big")),
        )
    finally:
        source.unlink()
        _docker(product, own, "rm", "-f", "bench-cp")


def _transfer(product: Product, figure: str, once: object) -> Result:
    assert callable(once)
    own, forwarded = product.layout.machine(MACHINE).docker_socket, product.forwarded_socket()
    ours, baseline = pairs(lambda: once(own), lambda: once(forwarded), TRANSFER_PAIRS)
    return ratio(figure, ours, baseline, 1.1, ("Linnet's socket", "ssh -L"))


def _ping(path: Path) -> float:
    start = time.perf_counter()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(30)
        client.connect(str(path))
        client.sendall(REQUEST)
        answer = b""
        while part := client.recv(65536):
            answer += part
    seconds = time.perf_counter() - start
    if b" 200 " not in answer:
        raise BenchError(f"no answer through {path.name}")
    return seconds


def _docker(product: Product, path: Path, *arguments: str) -> str:
    docker = shutil.which("docker")
    if docker is None:
        raise BenchError("the docker CLI is needed")
    return product.run([docker, "-H", f"unix://{path}", *arguments], timeout=900)


def _big_image(product: Product) -> Path:
    path = product.base / "big.tar"
    if not path.exists():
        _write_image(path, "bench-big:1", {"big": os.urandom(SIZE)})
    return path


def small_image(product: Product) -> Path:
    """Return an image archive, `bench-small:1`, with a static busybox in it."""
    busybox = shutil.which("busybox")
    if busybox is None:
        raise BenchError("a static busybox is needed")
    path = product.base / "small.tar"
    if not path.exists():
        _write_image(path, "bench-small:1", {"bin/busybox": Path(busybox).read_bytes()}, ("sh", "httpd", "truncate"))
    return path


def _write_image(path: Path, name: str, files: dict[str, bytes], applets: tuple[str, ...] = ()) -> None:
    """Write a docker archive of one layer."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as tar:
        for file, data in files.items():
            info = tarfile.TarInfo(file)
            info.size, info.mode = len(data), 0o755
            tar.addfile(info, io.BytesIO(data))
        for applet in applets:
            link = tarfile.TarInfo(f"bin/{applet}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
    content = layer.getvalue()
    config = {
        "architecture": "arm64" if os.uname().machine in ("aarch64", "arm64") else "amd64", "os": "linux",
        "config": {"Cmd": ["/bin/sh"], "Env": ["PATH=/bin"]},
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(content).hexdigest()]},
    }  # fmt: skip
    data = json.dumps(config).encode()
    config_name = hashlib.sha256(data).hexdigest() + ".json"
    manifest = json.dumps([{"Config": config_name, "RepoTags": [name], "Layers": ["layer.tar"]}]).encode()
    with tarfile.open(path, "w") as tar:
        for member, part in ((config_name, data), ("layer.tar", content), ("manifest.json", manifest)):
            info = tarfile.TarInfo(member)
            info.size = len(part)
            tar.addfile(info, io.BytesIO(part))
