"""A published port against a forward made by hand."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

from tests.bench.api import small_image
from tests.bench.measure import BenchError, Result, pairs, ratio, timed
from tests.bench.product import MACHINE, Product, wait_for

OTHER = "bench-port"
"""A machine of the qemu driver, whose monitor can be reached by others while linnetd is away."""

CHUNK = 250 * 10**6

CHUNKS = 4
"""Together 1 GB each."""


def published(product: Product) -> Iterator[Result]:
    """1 GB through a published port ÷ through a hand-made QEMU hostfwd to the same port of the guest."""
    if MACHINE in product.layout.machine_names():
        product.linnet("machine", "stop", MACHINE)
    settings = {**product.cache["settings"], "driver": "qemu"}
    product.linnet(
        *("machine", "create", OTHER, "--memory", "2GiB", "--cpus", "2", "--start"),
        *(f"--set={name}={value}" for name, value in settings.items()),
    )
    try:
        yield from _measure(product)
    finally:
        product.linnet("machine", "delete", OTHER, "--force")


def _measure(product: Product) -> Iterator[Result]:
    port, by_hand = free_port(), free_port()
    product.linnet("-m", OTHER, "load", input=small_image(product).read_bytes())
    serve = f"truncate -s {CHUNK} /f && exec httpd -f -p 8080 -h /"
    product.linnet("-m", OTHER, "run", "-d", "--name", "web", "-p", f"{port}:8080", "bench-small:1", "sh", "-c", serve)
    wait_for(lambda: _answers(port), "the published port")
    _forward_by_hand(product, by_hand, port)
    wait_for(lambda: _answers(by_hand), "the hand-made forward")
    ours, baseline = pairs(
        lambda: timed(lambda: _fetch(port)), lambda: timed(lambda: _fetch(by_hand)), CHUNKS, limit=400
    )
    names = ("published port, 250 MB", "hostfwd, 250 MB")
    yield ratio("1 GB through a published port ÷ hostfwd", ours, baseline, 1.05, names)


def _forward_by_hand(product: Product, host_port: int, guest_port: int) -> None:
    """Add a forward through QEMU's monitor, which serves one client, so linnetd is killed before.

    It stays away: when it comes back it closes forwards that are nobody's. The published port is a forward that it left
    in QEMU.
    """
    service = json.loads(product.linnet("service", "status", "--json"))
    os.kill(service["process_id"], signal.SIGKILL)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(30)
        # QEMU listens again only when it has noticed that its client is gone.
        wait_for(lambda: _connects(client, product.layout.machine(OTHER).monitor_socket), "QEMU's monitor")
        stream = client.makefile("rw", encoding="utf-8")
        stream.readline()
        line = f"hostfwd_add tcp:127.0.0.1:{host_port}-10.0.2.15:{guest_port}"
        for command, arguments in (("qmp_capabilities", {}), ("human-monitor-command", {"command-line": line})):
            stream.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
            stream.flush()
            answer: dict[str, object] = {}
            while "return" not in answer:
                answer = json.loads(stream.readline())
                if "error" in answer or (isinstance(answer.get("return"), str) and answer["return"]):
                    raise BenchError(f"QEMU refused the forward: {answer}")


def _connects(client: socket.socket, path: Path) -> bool:
    try:
        client.connect(str(path))
    except ConnectionRefusedError:
        return False
    return True


def free_port() -> int:
    """Return a TCP port of the loopback interface that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
            client.sendall(b"HEAD /f HTTP/1.0\r\n\r\n")
            return client.recv(12).startswith(b"HTTP/1.")
    except OSError:
        return False


def _fetch(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=120) as client:
        client.sendall(b"GET /f HTTP/1.0\r\n\r\n")
        buffer = bytearray(1 << 20)
        received = 0
        while count := client.recv_into(buffer):
            received += count
    if received < CHUNK:
        raise BenchError(f"only {received} of {CHUNK} bytes arrived")
