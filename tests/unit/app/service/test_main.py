"""linnetd as a process: one at a time, found again, gone without a trace."""

from __future__ import annotations

import concurrent.futures
import contextlib
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.core import launch
from app.core.client import Client
from app.core.endpoint import NotListeningError
from vm.errors import ConflictError, UnavailableError
from vm.layout import Layout

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Unix sockets")

# Machines are another matter: what linnetd loads for them is replaced, so that this is about linnetd alone.
PROGRAM = """
import sys, asyncio
from app.service import main
from tests.unit.app.service.fakes import FakeManager
async def machines(layout):
    return FakeManager(layout)
main._machines = machines
sys.exit(main.main(sys.argv[1:]))
"""


@pytest.fixture
def home(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> Iterator[Layout]:
    base = layout.data.parent
    monkeypatch.setenv("LINNET_HOME", str(base))
    root = str(Path(__file__).parents[4])
    monkeypatch.setenv("PYTHONPATH", root)
    monkeypatch.setattr(launch, "command", lambda: [sys.executable, "-c", PROGRAM, "--report"])
    found = Layout.default()
    yield found
    try:
        Client(found, start=False).quit()
    except NotListeningError:
        pass


def ask(home: Layout, path: str = "/v1/version") -> Any:
    with Client(home) as client:
        return client.get(path)


def second(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, timeout=30, check=False
    )


def test_start_use_and_end(home: Layout) -> None:
    with Client(home) as client:
        version = client.get("/v1/version")
        assert version["process_id"] != os.getpid()
        assert stat.S_IMODE(home.service_socket.stat().st_mode) == 0o600
        assert stat.S_IMODE(home.run.stat().st_mode) == 0o700
        assert home.service_lock.read_text() == f"{version['process_id']}\n"
        assert [machine["name"] for machine in client.get("/v1/machines")] == ["default"]
        client.quit()
    assert not home.service_socket.exists()
    assert not home.machine("default").docker_socket.exists()
    with pytest.raises(NotListeningError, match="not running"):
        Client(home, start=False).version()
    assert "listens on" in home.service_log.read_text()


def test_a_second_one_says_so(home: Layout) -> None:
    pid = ask(home)["process_id"]
    done = second()
    assert done.returncode == 3
    assert f"process {pid}" in done.stderr
    reported = second("--report")
    assert reported.returncode == 3
    assert reported.stdout == f'{{"running": {pid}}}\n'
    assert ask(home)["process_id"] == pid


def test_clients_at_once_start_one(home: Layout) -> None:
    def use(_: int) -> int:
        with Client(home) as client:
            return int(client.get("/v1/version")["process_id"])

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(use, range(6)))) == 1


def test_killed_one_is_replaced(home: Layout) -> None:
    with Client(home) as client:
        # Its Docker sockets are open when it answers this.
        client.get("/v1/machines")
        os.kill(client.get("/v1/version")["process_id"], signal.SIGKILL)
        with pytest.raises(UnavailableError):
            client.post("/v1/quit")
    docker = home.machine("default").docker_socket
    assert home.service_socket.exists()
    with pytest.raises(NotListeningError):
        Client(home, start=False).version()
    again = ask(home, "/v1/machines")
    assert again[0]["name"] == "default"
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(str(docker))


def test_sigterm_ends_it_in_order(home: Layout) -> None:
    with Client(home) as client:
        pid = client.get("/v1/version")["process_id"]
        connection, answer = client._open("GET", "/v1/events", None)
        os.kill(pid, signal.SIGTERM)
        # The stream ends with linnetd, which ends its connections last.
        assert answer.body() == b""
        connection.close()
    assert not home.service_socket.exists()


def test_next_one_waits_for_the_last(home: Layout) -> None:
    for _ in range(5):
        # The one that is asked may be ending already: then the request dies with it, which is as good.
        with Client(home) as client, contextlib.suppress(UnavailableError):
            client.post("/v1/quit")
        assert ask(home)["process_id"]


def test_older_idle_one_is_replaced(home: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    old = ask(home)["process_id"]
    monkeypatch.setattr("app.core.client.__version__", "99")
    assert ask(home)["process_id"] != old


def test_older_busy_one_is_named(home: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    old = Client(home)
    monkeypatch.setattr(Client, "version", lambda self: {"version": "0.0.1", "idle": False})
    with pytest.raises(ConflictError, match=r"linnetd 0\.0\.1 is running and busy") as caught:
        old.get("/v1/machines")
    assert caught.value.hint is not None
    monkeypatch.undo()


def test_too_long_a_path_is_said(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINNET_HOME", str(layout.data / ("long" * 30)))
    with pytest.raises(UnavailableError, match="too long"):
        Client(Layout.default()).get("/v1/version")


def test_one_that_cannot_start_tells_why(home: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "command", lambda: [sys.executable, "-c", "raise SystemExit('no luck')"])
    with pytest.raises(UnavailableError, match="ended while it was starting") as caught:
        ask(home)
    assert caught.value.detail == "no luck"
