"""An engine with volumes and containers on a socket of this host, which answers as Podman and Docker do."""

from __future__ import annotations

import json
import socketserver
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from agent.engines.base import Engine


class FakeEngine(Engine):
    """Volumes are folders below `folder`.

    Attributes:
        asked: method and path of each request that changes something, in order.
        containers: by name: State, Mounts and whether they are removed when they stop.
        refusals: answers by "METHOD path" instead of doing it.
        stale: how many lists after a stop still say "running", as Moby's may.
    """

    kind = "podman-rootful"
    program = "/bin/true"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = str(folder / "engine.sock")
        self.asked: list[str] = []
        self.volumes: dict[str, dict[str, Any]] = {}
        self.containers: dict[str, dict[str, Any]] = {}
        self.refusals: dict[str, tuple[int, str]] = {}
        self.stale = 0
        self._behind = 0
        self._server = _Server(self.socket, _handler(self))
        self._server.socket.settimeout(1)  # a client that is gone again must not keep the server from its end
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def add_volume(self, name: str, **more: Any) -> Path:
        path = self.folder / "volumes" / name / "_data"
        path.mkdir(parents=True, exist_ok=True)
        self.volumes[name] = {
            "Name": name, "Driver": "local", "Mountpoint": str(path), "CreatedAt": "2026-11-21T14:38:17Z",
            "Labels": {}, "Options": {}, "Scope": "local", **more,
        }  # fmt: skip
        return path

    def add_container(
        self, name: str, volume: str, state: str = "running", *, writes: bool = True, rm: bool = False
    ) -> None:
        mount = {"Type": "volume", "Name": volume, "RW": writes, "Destination": "/data"}
        self.containers[name] = {"Id": f"id-{name}", "State": state, "Mounts": [mount], "rm": rm}

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        if method != "GET":
            self.asked.append(f"{method} {path}")
        if f"{method} {path}" in self.refusals:
            status, text = self.refusals[f"{method} {path}"]
            return status, {"message": text}
        words = [unquote(word) for word in path.partition("?")[0].strip("/").split("/")]
        if words[0] == "volumes":
            return self._volume_answer(method, words[1], body)
        if words[1] == "json":
            return 200, self._list()
        return self._container_answer(words[1], words[2])

    def _list(self) -> list[dict[str, Any]]:
        self._behind = max(0, self._behind - 1)
        return [
            {
                "Id": entry["Id"],
                "Names": [f"/{name}"],
                "Mounts": entry["Mounts"],
                "State": "running" if self._behind and entry["State"] == "exited" else entry["State"],
            }
            for name, entry in self.containers.items()
        ]

    def _volume_answer(self, method: str, name: str, body: Any) -> tuple[int, Any]:
        if name == "create":
            if body["Name"] not in self.volumes:  # engines take another of the same name for success
                self.add_volume(body["Name"], Labels=body["Labels"], Options=body["DriverOpts"])
            return 201, self.volumes[body["Name"]]
        if name not in self.volumes:
            return 404, {"message": f"get {name}: no such volume"}
        if method == "DELETE":
            del self.volumes[name]
            return 204, None
        return 200, self.volumes[name]

    def _container_answer(self, identifier: str, verb: str) -> tuple[int, Any]:
        found = next((entry for entry in self.containers.values() if entry["Id"] == identifier), None)
        if found is None:
            return 404, {"message": "no such container"}
        if verb == "json":
            return 200, {"State": {"Status": found["State"]}, "HostConfig": {"AutoRemove": found["rm"]}}
        before = {"pause": ("running",), "unpause": ("paused",), "stop": ("running", "paused"), "start": ("exited",)}
        if found["State"] not in before[verb]:
            return (304, None) if verb == "start" else (500, {"message": f"container is {found['State']}"})
        if verb == "stop":
            self._behind = self.stale + 1
        found["State"] = {"pause": "paused", "unpause": "running", "stop": "exited", "start": "running"}[verb]
        return 204, None


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


def _handler(engine: FakeEngine) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            status, content = engine.answer(self.command, self.path, body)
            data = b"" if content is None else json.dumps(content).encode()
            self.send_response(status)
            if status not in (204, 304):
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_DELETE = _serve  # noqa: N815 - names that the standard library looks for

        def address_string(self) -> str:
            return "unix"

        def log_message(self, *_arguments: Any) -> None:
            return

    return Handler
