"""The messages between the host and linnet-agent. Both ends import this module; it imports nothing of Linnet.

The link is a byte stream (an SSH channel to the agent's Unix socket). Each message is one JSON object on one line,
UTF-8, at most `LINE_LIMIT` bytes with its newline.

========  ==========================================  ===========================================================
kind      shape                                       sent by
========  ==========================================  ===========================================================
hello     ``{"hello": {...}}``                        the agent, first, once per connection
request   ``{"id": 1, "method": "…", "params": {}}``  the host
result    ``{"id": 1, "result": …}``                  the agent
error     ``{"id": 1, "error": {"code", …}}``         the agent
event     ``{"event": "…", "data": {…}}``             the agent, for topics that the connection subscribed to
========  ==========================================  ===========================================================

Compatibility: `PROTOCOL` counts incompatible changes. A host that meets another number replaces the agent (it carries
its own). New methods, events and fields are not incompatible; unknown fields are ignored.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

PROTOCOL = 1

LINE_LIMIT = 8 * 1024 * 1024

SOCKET = "/run/linnet/agent.sock"
"""Where the agent listens in the guest, mode 0600, owned by root."""


class WireError(Exception):
    """A line that is no message, or too long."""


# Named tuples, not dataclasses: those load half a megabyte of `inspect` into every guest.
class Hello(NamedTuple):
    """First message of a connection."""

    protocol: int
    digest: str
    """SHA-256 of the agent's source files, see `agent.digest`."""
    boot_id: str


class Request(NamedTuple):
    """The host asks for something."""

    id: int
    method: str
    params: dict[str, Any] = {}  # noqa: RUF012 - nobody writes to it


class Result(NamedTuple):
    """The answer to the request of that id."""

    id: int
    result: Any


class Failure(NamedTuple):
    """The request of that id failed."""

    id: int
    code: str
    """One of the codes of vm.errors: usage, not-found, conflict, unavailable, timeout, guest, disk-full, cancelled."""
    message: str
    """A sentence, as are hints."""
    detail: str | None = None
    hint: str | None = None


class Event(NamedTuple):
    """Something that happened in the guest."""

    topic: str
    data: dict[str, Any]


Message = Hello | Request | Result | Failure | Event


def encode(message: Message) -> bytes:
    """Return `message` as one line, newline included."""
    return json.dumps(_to_json(message), separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> Message:
    """Return the message that `line` holds.

    Raises:
        WireError: it holds none.
    """
    if len(line) > LINE_LIMIT:
        raise WireError(f"a line of {len(line)} bytes is longer than the limit of {LINE_LIMIT}")
    try:
        data = json.loads(line)
        return _from_json(data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WireError(f"not a message: {line[:200]!r}") from error


def _to_json(message: Message) -> dict[str, Any]:
    if isinstance(message, Hello):
        return {"hello": {"protocol": message.protocol, "digest": message.digest, "boot_id": message.boot_id}}
    if isinstance(message, Request):
        return {"id": message.id, "method": message.method, "params": message.params}
    if isinstance(message, Result):
        return {"id": message.id, "result": message.result}
    if isinstance(message, Failure):
        error = {"code": message.code, "message": message.message, "detail": message.detail, "hint": message.hint}
        return {"id": message.id, "error": error}
    return {"event": message.topic, "data": message.data}


def _from_json(data: dict[str, Any]) -> Message:
    if "hello" in data:
        hello = data["hello"]
        return Hello(int(hello["protocol"]), str(hello["digest"]), str(hello["boot_id"]))
    if "event" in data:
        return Event(str(data["event"]), dict(data["data"]))
    if "method" in data:
        return Request(int(data["id"]), str(data["method"]), dict(data.get("params") or {}))
    if "error" in data:
        error = data["error"]
        return Failure(
            int(data["id"]), str(error["code"]), str(error["message"]), error.get("detail"), error.get("hint")
        )
    return Result(int(data["id"]), data["result"])
