"""A linnetd and a Docker API that answer what was recorded from real ones, and note what they are asked."""

from __future__ import annotations

import copy
import functools
import json
import queue
import re
import shutil
import socket
import socketserver
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.gui.faketrash import FakeTrash
from vm.layout import Layout

RECORDED = Path(__file__).parent / "recorded"


def recorded(name: str) -> Any:
    """Return what was recorded under a name, a fresh copy."""
    return json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))


def later_sample(seconds: float, **more: int) -> dict[str, Any]:
    """Return the recorded figures some seconds later, with more of some counters of each container."""
    made: dict[str, Any] = copy.deepcopy(recorded("service_v1_machines_default_stats"))
    made["time"] += seconds
    for one in made["containers"]:
        for name, value in more.items():
            one[name] += value
    return made


@dataclass(frozen=True)
class Request:
    """What the window asked for: path without the version of the API, parameters as text, body decoded."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Reply:
    """An answer: JSON, bytes, or an iterator of either that is sent bit by bit; after status 101 as it is, or
    a function that has the connection: a file to read from and one to write to."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[Request], "Reply | Any"]


class FakeServer:
    """One HTTP server on a Unix socket, in a thread.

    Attributes:
        requests: all that was asked, oldest first.
    """

    def __init__(self, address: str, strip: str) -> None:
        self.requests: list[Request] = []
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []
        self._strip = re.compile(strip)
        Path(address).parent.mkdir(parents=True, exist_ok=True)
        owner = self

        class Handle(_Handle):
            server_owner = owner

        self._server = _Server(address, Handle)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def on(self, method: str, path: str, handler: Handler) -> None:
        """Have requests to a path (a regular expression for all of it) answered by `handler`; the latest wins."""
        self._routes.insert(0, (method, re.compile(path), handler))

    def asked(self, method: str, path: str) -> list[Request]:
        """Return the requests of a kind; `path` is a regular expression for all of it."""
        return [one for one in self.requests if one.method == method and re.fullmatch(path, one.path)]

    def answer(self, request: Request) -> Reply:
        """Return the reply to a request."""
        self.requests.append(request)
        for method, path, handler in self._routes:
            if method == request.method and path.fullmatch(request.path):
                reply = handler(request)
                return reply if isinstance(reply, Reply) else Reply(reply)
        return Reply({"message": f"no such thing: {request.method} {request.path}", "code": "not-found"}, 404)

    def strip(self, path: str) -> str:
        """Return a path without the version of the API."""
        return self._strip.sub("", path, count=1)

    def close(self) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()


class FakeLinnet:
    """A linnetd with one machine, `default`, running, and its engine.

    Attributes:
        layout: whose; short paths below a temporary folder.
        service: the local API.
        docker: the engine's.
        machine: the machine's status as answered; tests change it and call `tell_state`.
        containers, images, volumes, networks: rows as answered.
        trash: what removals lose, and what the trash has.
    """

    def __init__(self) -> None:
        self.base = Path(tempfile.mkdtemp(prefix="lg"))
        self.layout = Layout(self.base / "c", self.base / "d", self.base / "r", self.base / "k")
        self.layout.make_private()
        self.listeners: list[queue.Queue[Any]] = []
        self.samplers: list[queue.Queue[Any]] = []
        self.machine = recorded("service_v1_machines_default")
        self.machine["docker_socket"] = self.layout.machine("default").docker_address
        self.machines = [self.machine]
        self.containers: list[dict[str, Any]] = recorded("docker_containers_json")
        self.details: dict[str, Any] = recorded("docker_container")
        self.images: list[dict[str, Any]] = recorded("docker_images_json")
        self.image_details: dict[str, Any] = recorded("docker_image")
        self.volumes: list[dict[str, Any]] = recorded("docker_volumes")["Volumes"]
        self.networks: list[dict[str, Any]] = recorded("docker_networks")
        self.network_details: dict[str, Any] = recorded("docker_network")
        self.ports: list[dict[str, Any]] = recorded("service_v1_machines_default_ports")
        self.trash = FakeTrash(self, recorded)
        self.service = FakeServer(self.layout.service_address, r"^/v1(?=/)")
        self.docker = FakeServer(self.machine["docker_socket"], r"^/v1\.\d+(?=/)")
        self._set_up_service()
        self._set_up_docker()

    def tell(self, kind: str, data: dict[str, Any] | None = None, machine: str = "default") -> None:
        """Send an event."""
        for listener in list(self.listeners):
            listener.put({"machine": machine, "kind": kind, "data": data or {}, "time": time.time()})

    def tell_state(self, state: str, **changes: Any) -> None:
        """Have the machine be in another state, and say so."""
        self.machine.update({"state": state, **changes})
        self.tell("state", {"state": state})

    def sample(self, sample: dict[str, Any] | None = None) -> None:
        """Send a sample of what is used, the recorded one by default."""
        for sampler in list(self.samplers):
            sampler.put(sample or {**recorded("service_v1_machines_default_stats"), "time": time.time()})

    def lose_service(self) -> None:
        """Have the service die: its connections end, nobody listens."""
        self.service.close()
        Path(self.layout.service_address).unlink(missing_ok=True)
        for listener in [*self.listeners, *self.samplers]:
            listener.put(None)

    def restore_service(self) -> None:
        """Have the service back."""
        self.service = FakeServer(self.layout.service_address, r"^/v1(?=/)")
        self._set_up_service()

    def close(self) -> None:
        """End everything."""
        for listener in [*self.listeners, *self.samplers]:
            listener.put(None)
        self.service.close()
        self.docker.close()
        shutil.rmtree(self.base, ignore_errors=True)

    def follow(self, queues: list[queue.Queue[Any]]) -> Iterator[Any]:
        """Yield what is put into a queue of one's own until None is."""
        mine: queue.Queue[Any] = queue.Queue()
        queues.append(mine)
        while (item := mine.get()) is not None:
            yield item

    def operation(self, result: Any = None, *steps: str, change: Callable[[], None] | None = None) -> Handler:
        """Return a handler of a long operation: it reports `steps`, makes `change`, and has `result`."""

        def handle(_request: Request) -> Iterator[Any]:
            yield {"operation": "op1"}
            for step in steps:
                yield {"progress": {"text": step, "done": None, "total": None}}
            if change is not None:
                change()
            yield {"result": result}

        return handle

    def _set_up_service(self) -> None:
        on = self.service.on
        for name in ("version", "settings", "images", "doctor", "operations"):
            on("GET", f"/{name}", _answer(f"service_v1_{name}"))
        on("GET", "/events", lambda _request: self.follow(self.listeners))
        on("GET", "/machines", lambda _request: self.machines)
        on("GET", "/machines/([^/]+)", self._status)
        for name in ("settings", "shares", "engines", "prune", "snapshots"):
            on("GET", f"/machines/default/{name}", _answer(f"service_v1_machines_default_{name}"))
        on("GET", "/machines/default/ports", lambda _request: self.ports)
        on("GET", "/machines/default/stats", self._stats)
        on("GET", "/machines/default/containers/[^/]+/limits", self._limits)
        for verb, state in {"start": "running", "resume": "running", "stop": "stopped", "suspend": "suspended"}.items():
            on("POST", f"/machines/default/{verb}", self.operation(self.machine, f"{verb} …", change=self._to(state)))
        on("DELETE", "/operations/.*", lambda _request: {})
        self.trash.set_up()

    def _to(self, state: str) -> Callable[[], None]:
        return lambda: self.tell_state(state)

    def _status(self, request: Request) -> Any:
        name = request.path.rpartition("/")[2]
        found = next((one for one in self.machines if one["name"] == name), None)
        return found or Reply({"code": "not-found", "message": f"There is no machine '{name}'."}, 404)

    def _limits(self, request: Request) -> Any:
        key = request.path.split("/")[-2]
        row = next((one for one in self.containers if one["Id"] == key), None)
        if row is None:
            return Reply({"code": "not-found", "message": f"There is no container '{key}'."}, 404)
        return {**recorded("service_v1_machines_default_limits")[0], "id": key, "name": row["Names"][0].strip("/")}

    def _stats(self, request: Request) -> Any:
        if "follow" in request.query:
            return self.follow(self.samplers)
        return recorded("service_v1_machines_default_stats")

    def _set_up_docker(self) -> None:
        on = self.docker.on
        for name in ("info", "version"):
            on("GET", f"/{name}", _answer(f"docker_{name}"))
        on("GET", "/system/df", lambda _request: recorded("docker_system_df"))
        on("GET", "/containers/json", self._list_containers)
        for part, name in {"json": "inspect", "top": "top", "changes": "changes"}.items():
            on("GET", f"/containers/[^/]+/{part}", functools.partial(self._of, self.details, name))
        on("GET", "/images/json", lambda _request: self.images)
        on("GET", "/images/.+/json", functools.partial(self._of, self.image_details, "inspect"))
        on("GET", "/images/.+/history", functools.partial(self._of, self.image_details, "history"))
        on("GET", "/volumes", lambda _request: {"Volumes": self.volumes, "Warnings": None})
        on("GET", "/volumes/[^/]+", self._volume)
        on("GET", "/networks", lambda _request: self.networks)
        on("GET", "/networks/[^/]+", self._network)
        for verb in ("start", "stop", "restart", "pause", "unpause", "kill", "rename", "update"):
            on("POST", f"/containers/[^/]+/{verb}", lambda _request: Reply(None, 204))
        on("DELETE", "/(containers|images|volumes|networks)/.+", lambda _request: Reply(None, 204))

    def _list_containers(self, request: Request) -> Any:
        wanted = json.loads(request.query.get("filters", "{}")).get("id")
        return [one for one in self.containers if not wanted or one["Id"] in wanted]

    def _of(self, table: dict[str, Any], name: str, request: Request) -> Any:
        key = request.path.removesuffix("/json").removesuffix(f"/{name}").partition("/")[2].partition("/")[2]
        found = table.get(key) or next((one for full, one in table.items() if full.startswith(key)), None)
        return copy.deepcopy(found[name]) if found else Reply({"message": f"no such object: {key}"}, 404)

    def _volume(self, request: Request) -> Any:
        name = request.path.rpartition("/")[2]
        found = next((one for one in self.volumes if one["Name"] == name), None)
        return found or Reply({"message": f"no such volume: {name}"}, 404)

    def _network(self, request: Request) -> Any:
        key = request.path.rpartition("/")[2]
        found = self.network_details.get(key)
        return found or Reply({"message": f"no such network: {key}"}, 404)


def _answer(name: str) -> Handler:
    return lambda _request: recorded(name)


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A window that goes away in the middle is no error."""


class _Handle(BaseHTTPRequestHandler):
    server_owner: FakeServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Be quiet."""

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        owner = self.server_owner
        request = Request(
            self.command, owner.strip(unquote(parts.path)), query, self._body(), dict(self.headers.items())
        )
        reply = owner.answer(request)
        try:
            self._reply(reply)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _serve  # noqa: N815

    def _body(self) -> Any:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            data = b""
            while size := int(self.rfile.readline().strip() or b"0", 16):
                data += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            return json.loads(data) if data else None
        except ValueError:
            return data

    def _reply(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status == 101:
            self.send_header("Connection", "Upgrade")
            self.end_headers()
            if callable(reply.body):
                self.wfile.flush()
                reply.body(self.rfile, self.wfile)
                # Whoever still reads what the window sends comes back.
                self.connection.shutdown(socket.SHUT_RDWR)
            else:
                for piece in reply.body:
                    self.wfile.write(piece)
                    self.wfile.flush()
            self.close_connection = True
            return
        if isinstance(reply.body, Iterator):
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.flush()
            for item in reply.body:
                data = item if isinstance(item, bytes) else json.dumps(item).encode() + b"\n"
                self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
                self.wfile.flush()
            self.wfile.write(b"0\r\n\r\n")
            return
        data = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        if reply.status == 204:
            data = b""
        else:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
