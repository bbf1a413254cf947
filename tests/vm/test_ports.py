"""Ports of containers and services on this computer."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.vm.product import Product
from vm import ports

PAGE = "Hello from Linnet"

# The container's own program: Debian's python3 of the guest, because busybox has no UDP server.
GUEST_SYSTEM = ("-v", "/usr:/usr:ro", "-v", "/usr/lib:/lib:ro", "-v", "/usr/lib64:/lib64:ro")

UDP_ECHO = """
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("0.0.0.0", 7000))
while True:
    data, peer = s.recvfrom(65536)
    s.sendto(b"echo " + data, peer)
"""


@contextlib.contextmanager
def web_server(product: Product, *options: str, name: str = "web") -> Iterator[None]:
    """A busybox web server in a container; its port is 80."""
    product.ok("run", "-d", "--name", name, *options, "hello", "busybox", "httpd", "-f", "-p", "80", "-h", "/etc")
    try:
        yield
    finally:
        product.ok("rm", "-f", "-t", "0", name)


def fetch(port: int, address: str = "127.0.0.1", path: str = "/hello") -> str:
    """Return what the web server on `port` of this computer answers. Raises OSError."""
    with socket.create_connection((address, port), 10) as client:
        client.settimeout(30)
        client.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        answer = b""
        while piece := client.recv(65536):
            answer += piece
    if not answer:
        raise ConnectionResetError
    return answer.decode()


def fetch_when_there(port: int, address: str = "127.0.0.1", *, path: str = "/hello", limit: float = 10) -> str:
    """Return what the web server answers as soon as it does."""
    end = time.monotonic() + limit
    while True:
        try:
            return fetch(port, address, path)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.005)


def wait_until_gone(port: int, limit: float = 10) -> None:
    """Wait until nobody listens on `port`."""
    end = time.monotonic() + limit
    while not ports.is_free(port):
        assert time.monotonic() < end, f"port {port} is still open"
        time.sleep(0.02)


def listed(product: Product, host_port: int) -> list[dict[str, Any]]:
    """Return the entries of `port list` for a port of this computer."""
    return [entry for entry in product.json("port", "list") if entry["host_port"] == host_port]


def listed_when_there(product: Product, host_port: int, limit: float = 10) -> dict[str, Any]:
    """Return the entry of a port of 127.0.0.1 as soon as it is there: nobody can connect to one that is taken."""
    end = time.monotonic() + limit
    while True:
        for entry in listed(product, host_port):
            if entry["host_address"] == "127.0.0.1":
                return entry
        assert time.monotonic() < end, f"port {host_port} is not listed"
        time.sleep(0.02)


def test_web_server_comes_at_once_and_goes(product: Product) -> None:
    port = ports.free_port()
    with web_server(product, "-p", f"{port}:80"):
        begin = time.monotonic()
        assert PAGE in fetch_when_there(port)
        took = time.monotonic() - begin
        print(f"reachable {took * 1000:.0f} ms after `linnet run -d` returned")
        # Under emulation the first answer of a guest that is busy starting a container takes longer than the forward.
        assert took < 1.0
        (entry,) = [found for found in listed(product, port) if found["host_address"] == "127.0.0.1"]
        assert (entry["container"], entry["guest_port"], entry["protocol"]) == ("web", port, "tcp")
        assert entry["reachable"] is True
        (line,) = [text for text in product.ok("port", "list").splitlines() if f" 127.0.0.1:{port}" in text]
        assert line.split()[0] == "web"
        assert "yes" in line.split()
        assert PAGE in fetch_when_there(port, "::1")
        with socket.create_server(("127.0.0.2", port)):
            pass  # free: the forward holds 127.0.0.1 alone
    wait_until_gone(port)
    assert listed(product, port) == []


@pytest.mark.parametrize("made_by", ["engine", "docker"])
def test_forward_is_there_within_200_ms_of_the_start(product: Product, made_by: str) -> None:
    """The host's part alone: from the return of `run -d` until the port of this computer takes connections."""
    port = ports.free_port()
    run = product.ok if made_by == "engine" else product.docker
    run("run", "-d", "--name", "quick", "-p", f"{port}:80", "hello", "sleep", "1000")
    try:
        begin = time.monotonic()
        while ports.is_free(port):
            assert time.monotonic() - begin < 10
            time.sleep(0.002)
        took = time.monotonic() - begin
    finally:
        product.ok("rm", "-f", "-t", "0", "quick")
    print(f"open {took * 1000:.0f} ms after `run -d` returned")
    assert took <= 0.2


def test_published_on_the_guests_loopback(product: Product) -> None:
    port = ports.free_port()
    with web_server(product, "-p", f"127.0.0.1:{port}:80"):
        assert PAGE in fetch_when_there(port)
        (entry,) = listed(product, port)
        assert entry["host_address"] == "127.0.0.1"


def test_address_of_the_users_choice(product: Product) -> None:
    port = ports.free_port()
    with web_server(product, "-p", f"127.0.0.2:{port}:80"):
        assert PAGE in fetch_when_there(port, "127.0.0.2")
        assert [entry["host_address"] for entry in listed(product, port)] == ["127.0.0.2"]


def open_at(product: Product, *host_ports: int) -> dict[int, set[str]]:
    """Return the addresses of this computer at which these ports are open, by port."""
    entries = [entry for entry in product.json("port", "list") if entry["host_port"] in host_ports]
    assert all(entry["reachable"] for entry in entries if entry["guest_address"] != "::"), entries
    return {port: {entry["host_address"] for entry in entries if entry["host_port"] == port} for port in host_ports}


def other_address() -> str:
    """Return an address of this computer that is none of the loopback."""
    found = [
        entry.address
        for entries in psutil.net_if_addrs().values()
        for entry in entries
        if entry.family is socket.AF_INET and not entry.address.startswith("127.")
    ]
    if not found:
        pytest.skip("this computer has no address but the loopback's")
    return found[0]


def test_only_who_says_so_opens_a_port_to_the_network(product: Product) -> None:
    """Made by the engine's own CLI, which forgets `0.0.0.0:`, and over the API, by docker's."""
    outside = other_address()
    wide, narrow, wide_by_api, narrow_by_api = (ports.free_port("0.0.0.0") for _ in range(4))
    server = ("hello", "busybox", "httpd", "-f", "-p", "80", "-h", "/etc")
    with web_server(product, "-p", f"0.0.0.0:{wide}:80", "-p", f"{narrow}:80"):
        product.docker(
            *("run", "-d", "--name", "by-api", "-p", f"0.0.0.0:{wide_by_api}:80", "-p", f"{narrow_by_api}:80"), *server
        )
        try:
            for port in (wide, wide_by_api):
                assert PAGE in fetch_when_there(port, outside)
                assert PAGE in fetch_when_there(port)
            for port in (narrow, narrow_by_api):
                assert PAGE in fetch_when_there(port)
                with pytest.raises(OSError):
                    fetch(port, outside)
            assert open_at(product, wide, narrow, wide_by_api, narrow_by_api) == {
                wide: {"0.0.0.0"},
                narrow: {"127.0.0.1"},
                wide_by_api: {"0.0.0.0"},
                narrow_by_api: {"127.0.0.1"},
            }
        finally:
            product.ok("rm", "-f", "-t", "0", "by-api")


@pytest.mark.parametrize("product", ["libvirt"], indirect=True)
def test_pods_and_compose_open_to_the_network_what_says_so(product: Product, folder: Path) -> None:
    pod, wide, narrow = (ports.free_port("0.0.0.0") for _ in range(3))
    service = "    image: hello\n    command: busybox httpd -f -p 80 -h /etc\n    ports:\n"
    (folder / "compose.yaml").write_text(
        f"services:\n  web:\n{service}      - 0.0.0.0:{wide}:80\n      - {narrow}:80\n"
    )
    try:
        product.ok("pod", "create", "--name", "open", "-p", f"0.0.0.0:{pod}:80")
        product.ok("run", "-d", "--pod", "open", "hello", "busybox", "httpd", "-f", "-p", "80", "-h", "/etc")
        product.ok("compose", "up", "-d", cwd=folder)
        for port in (pod, wide, narrow):
            assert PAGE in fetch_when_there(port)
        expected = {pod: {"0.0.0.0"}, wide: {"0.0.0.0"}, narrow: {"127.0.0.1"}}
        assert open_at(product, pod, wide, narrow) == expected
    finally:
        product.linnet("compose", "down", "-t", "0", cwd=folder)
        product.linnet("pod", "rm", "-f", "-t", "0", "open")


def test_udp(product: Product) -> None:
    port = _free_udp_port()
    argv = ["run", "-d", "--name", "udp", "-p", f"{port}:7000/udp", *GUEST_SYSTEM, "hello"]
    product.docker(*argv, "/usr/bin/python3", "-c", UDP_ECHO)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.connect(("127.0.0.1", port))
            client.settimeout(0.3)
            answer, end = b"", time.monotonic() + 30
            while not answer and time.monotonic() < end:  # some are lost, and python takes its time to start there
                try:
                    client.send(b"one")
                    answer = client.recv(100)
                except OSError:
                    time.sleep(0.02)
        assert answer == b"echo one"
        entries = listed(product, port)
        assert entries
        assert entries[0]["protocol"] == "udp"
    finally:
        product.ok("rm", "-f", "-t", "0", "udp")


def test_service_on_the_guests_loopback(product: Product) -> None:
    port = ports.free_port()
    product.root(f"systemd-run --quiet --unit=loopback-web busybox httpd -f -p 127.0.0.1:{port} -h /etc")
    try:
        assert fetch_when_there(port, limit=30, path="/hostname").startswith("HTTP/1.1 200")
        entries = listed(product, port)
        assert [entry["host_address"] for entry in entries] == ["127.0.0.1"]
        assert entries[0]["container"] is None
    finally:
        product.root("systemctl stop loopback-web")
    wait_until_gone(port)


def test_conflict_names_the_program_and_harms_nothing(product: Product) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        accepted = threading.Thread(target=_serve_one, args=(holder,), daemon=True)
        accepted.start()
        with web_server(product, "-p", f"{port}:80"):
            entry = listed_when_there(product, port)
            assert f"process {os.getpid()}" in entry["error"]
            assert product.ok("inspect", "--format", "{{.State.Status}}", "web").strip() == "running"
            assert PAGE in product.ok("exec", "web", "busybox", "wget", "-q", "-O", "-", "http://127.0.0.1/hello")
        with socket.create_connection(("127.0.0.1", port)) as client:
            assert client.recv(10) == b"mine"  # the other program was not disturbed
        accepted.join(10)


def test_stopping_and_starting_a_container_moves_its_port_along(product: Product) -> None:
    port = ports.free_port()
    with web_server(product, "-p", f"{port}:80"):
        assert PAGE in fetch_when_there(port)
        product.ok("stop", "-t", "0", "web")
        wait_until_gone(port)
        product.ok("start", "web")
        assert PAGE in fetch_when_there(port)


def _serve_one(holder: socket.socket) -> None:
    with contextlib.suppress(OSError):
        client, _ = holder.accept()
        with client:
            client.sendall(b"mine")


def _free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind(("127.0.0.1", 0))
        port: int = made.getsockname()[1]
        return port
