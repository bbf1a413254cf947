"""A linnetd for tests of the command line: real socket, recorded answers, commands run here instead of in a guest."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import signal
import socket
import struct
import subprocess
import termios
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app import __version__
from app.core.frames import Decoder, FrameType, encode, encode_json
from vm.layout import Layout

STATUS: dict[str, Any] = {
    "name": "default",
    "state": "running",
    "cpus": 1,
    "memory": 2 << 30,
    "disk": 60 << 30,
    "driver": "libvirt",
    "accelerator": "tcg",
    "accelerator_reason": "kvm does not boot the guest here",
    "image": "20261121-1",
    "docker_socket": "/run/user/0/linnet/default/docker.sock",
    "engine": {"kind": "podman", "healthy": True, "version": "5.4.2", "error": None},
    "ssh_port": 40001,
    "process_id": 4711,
    "started_at": 1.0,
    "step": None,
    "memory_use": {
        "total": 2 << 30,
        "used": 724 << 20,
        "containers": 512 << 20,
        "system": 212 << 20,
        "cache": 300 << 20,
        "free": 1 << 30,
        "host_rss": 700 << 20,
    },
    "disk_use": {"size": 60 << 30, "used": 5 << 30, "on_host": 6 << 30},
    "clock_offset": 0.012,
    "shares": [
        {"path": "/root", "guest_path": "/root", "read_only": False, "kind": "9p", "mounted": True, "error": None}
    ],
    "restart_needed": ["memory"],
    "errors": [],
}


def not_found(what: str) -> dict[str, Any]:
    return {"code": "not-found", "message": f"There is no machine '{what}'.", "hint": None, "detail": None}


class FakeService:
    """Serves one connection per thread.

    Attributes:
        answers: JSON by "METHOD path"; a list of NDJSON lines for long work; (status, error) for failures.
        requests: what was asked: method, path, body.
        machines: names of machines that exist, with whether they run.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.machines: dict[str, bool] = {"default": True}
        self.answers: dict[str, Any] = {}
        self.requests: list[tuple[str, str, Any]] = []
        self.shares = [dict(STATUS["shares"][0], path="/", guest_path="/")]
        layout.make_private()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(layout.service_address)
        self._listener.listen()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=10)
        self._listener.close()

    def asked(self, method: str, path: str) -> list[Any]:
        """Return the bodies of the requests of that method and path."""
        return [body for how, where, body in self.requests if (how, where) == (method, path)]

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._threads.append(threading.Thread(target=self._serve, args=(connection,), daemon=True))
                self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection, connection.makefile("rb") as stream:
            while head := stream.readline():
                method, path, _ = head.decode().split()
                headers = {}
                while line := stream.readline().decode().strip():
                    name, _, value = line.partition(":")
                    headers[name.lower()] = value.strip()
                content = stream.read(int(headers.get("content-length", 0)))
                body = json.loads(content) if content else None
                self.requests.append((method, path, body))
                if path.endswith("/exec"):
                    self._exec(connection, path.split("/")[3], body)
                    return
                connection.sendall(self._answer(method, path, body))

    def _exec(self, connection: socket.socket, machine: str, body: Any) -> None:
        if machine not in self.machines:
            connection.sendall(_http(404, not_found(machine)))
            return
        if not self.machines[machine]:
            error = {"code": "conflict", "message": "The machine does not run.", "hint": None, "detail": None}
            connection.sendall(_http(409, error))
            return
        head = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: linnet-exec\r\n\r\n"
        connection.sendall(head.encode())
        Command(connection, body).run()

    def _answer(self, method: str, path: str, body: Any) -> bytes:
        plain = path.partition("?")[0]
        given = self.answers.get(f"{method} {path}", self.answers.get(f"{method} {plain}"))
        if isinstance(given, tuple):
            return _http(*given)
        if isinstance(given, list) and given and isinstance(given[0], dict) and "operation" in given[0]:
            return _stream(given)
        if isinstance(given, bytes):
            return _http(200, given)
        if given is not None:
            return _http(200, given)
        return self._standard(method, plain, body)

    def _standard(self, method: str, path: str, body: Any) -> bytes:
        if path == "/v1/version":
            return _http(200, {"version": __version__, "idle": False})
        if (method, path) == ("GET", "/v1/settings"):
            value = {"name": "default_machine", "value": "default", "origin": "default", "line": None, "restart": False}
            return _http(200, {"values": [value], "problems": []})
        if (method, path) == ("POST", "/v1/machines"):
            self.machines[body["name"]] = False
            return _done({**STATUS, "name": body["name"], "state": "stopped"}, "Making the data disk")
        _, _, _, machine, *rest = [*path.split("/"), ""]
        if machine not in self.machines:
            return _http(404, not_found(machine))
        return self._machine(method, machine, rest[0])

    def _machine(self, method: str, machine: str, what: str) -> bytes:
        status = {**STATUS, "name": machine, "state": "running" if self.machines[machine] else "stopped"}
        if what == "shares":
            return _http(200, self.shares)
        if what in ("start", "resume", "restart", "stop", "suspend"):
            self.machines[machine] = what not in ("stop", "suspend")
            return _done(status, "Waiting for the engine")
        if method == "DELETE":
            del self.machines[machine]
            return _done({}, "Deleting")
        return _http(200, status)


class Command:
    """A command that runs here, as linnetd runs it in the guest."""

    def __init__(self, connection: socket.socket, body: dict[str, Any]) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._master: int | None = None
        if body["tty"]:
            self._master, terminal = pty.openpty()
            self._resize(body["rows"], body["cols"])
            self._process = subprocess.Popen(
                body["argv"], stdin=terminal, stdout=terminal, stderr=terminal, env=self._env(body),
                start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0) and None,
            )  # fmt: skip
            os.close(terminal)
            self._outputs = [(self._master, FrameType.stdout)]
            self._input = self._master
            return
        self._process = subprocess.Popen(
            body["argv"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=self._env(body), start_new_session=True,
        )  # fmt: skip
        assert self._process.stdin
        assert self._process.stdout
        assert self._process.stderr
        self._outputs = [
            (self._process.stdout.fileno(), FrameType.stdout),
            (self._process.stderr.fileno(), FrameType.stderr),
        ]
        self._input = self._process.stdin.fileno()

    def run(self) -> None:
        pumps = [threading.Thread(target=self._pump, args=pair, daemon=True) for pair in self._outputs]
        for pump in pumps:
            pump.start()
        taking = threading.Thread(target=self._take_all, daemon=True)
        taking.start()
        for pump in pumps:
            pump.join()
        code = self._process.wait()
        name = signal.Signals(-code).name.removeprefix("SIG") if code < 0 else None
        self._send(encode_json(FrameType.exit, {"code": max(code, 0), "signal": name}))
        taking.join()
        self._close()

    def _close(self) -> None:
        if self._master is not None:
            os.close(self._master)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()

    def _pump(self, descriptor: int, kind: FrameType) -> None:
        with contextlib.suppress(OSError):
            while data := os.read(descriptor, 65536):
                self._send(encode(kind, data))

    def _send(self, frame: bytes) -> None:
        with self._sending, contextlib.suppress(OSError):
            self._connection.sendall(frame)

    def _take_all(self) -> None:
        decoder = Decoder()
        with contextlib.suppress(OSError):
            while data := self._connection.recv(65536):
                for kind, payload in decoder.feed(data):
                    self._take(kind, payload)
        if self._process.poll() is None:
            self._process.kill()

    def _take(self, kind: FrameType, payload: bytes) -> None:
        if kind is FrameType.stdin:
            os.write(self._input, payload)
        elif kind is FrameType.end_of_stdin and self._process.stdin is not None:
            self._process.stdin.close()
        elif kind is FrameType.resize:
            size = json.loads(payload)
            self._resize(size["rows"], size["cols"])
        elif kind is FrameType.signal:
            self._process.send_signal(getattr(signal, f"SIG{payload.decode()}"))

    def _resize(self, rows: int, columns: int) -> None:
        assert self._master is not None
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    @staticmethod
    def _env(body: dict[str, Any]) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], **body["env"]}


def _http(status: int, content: Any) -> bytes:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return f"HTTP/1.1 {status} X\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data


def _stream(lines: list[Any]) -> bytes:
    data = "".join(json.dumps(line) + "\n" for line in lines).encode()
    head = "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head.encode() + f"{len(data):x}\r\n".encode() + data + b"\r\n0\r\n\r\n"


def _done(result: Any, step: str) -> bytes:
    progress = {"progress": {"text": step, "done": None, "total": None}}
    return _stream([{"operation": "1"}, progress, {"result": result}])


@contextlib.contextmanager
def fake_service(home: Path) -> Iterator[FakeService]:
    """Serve on the socket of `home`, which becomes LINNET_HOME for the block."""
    before = os.environ.get("LINNET_HOME")
    os.environ["LINNET_HOME"] = str(home)
    service = FakeService(Layout.default())
    try:
        yield service
    finally:
        service.close()
        if before is None:
            del os.environ["LINNET_HOME"]
        else:
            os.environ["LINNET_HOME"] = before
