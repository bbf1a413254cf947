"""Which address the user gave for a published port, where Podman's inspect answer has 0.0.0.0 for "none" as well.

What it says elsewhere depends on how the container was made. The command line drops `0.0.0.0:` but is recorded word by
word; over the API there is no command line, and the list of containers has the address as it was sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

ALL = "0.0.0.0"  # noqa: S104 - compared, not bound

_SHORT = re.compile(r"-[diPqt]*p=?(.*)", re.DOTALL)
"""`-p`, alone or behind letters of `run` that have no value."""
_VALUE = re.compile(r"(?:(\[[^]]*\]|[^:\[\]]*):)?(?:([^:]*):)?([^:/]+)(?:/(\w+))?")
"""`[[address:]host port:]container port[/protocol]`; ports may be ranges."""


class Asked(NamedTuple):
    """A published port, or a range of them, as the user asked for it."""

    protocol: str
    address: str
    """Empty when none was given."""
    guest_ports: range
    """Where the engine listens; empty when it chooses."""
    ports: range
    """In the container."""

    def is_for(self, protocol: str, guest_port: int, port: int) -> bool:
        """Tell whether the binding of `port` of the container to `guest_port` can come from this."""
        if protocol != self.protocol or port not in self.ports:
            return False
        return not self.guest_ports or guest_port in self.guest_ports


def asked_on_command_line(argv: Sequence[str], command: Sequence[str]) -> list[Asked]:
    """Return what the options of a `podman run` or `podman pod create` asked for.

    Args:
        argv: the command line, from the program's name on.
        command: what the container runs; its words, when they end the command line, are not Podman's options.
    """
    words = list(argv)
    if command and words[-len(command) :] == list(command):
        words = words[: -len(command)]
    return [asked for value in _values(words) if (asked := _read(value)) is not None]


def asked_in_list(ports: Iterable[dict[str, Any]]) -> list[Asked]:
    """Return what the `Ports` of a container in the answer to libpod's `/containers/json` say."""
    found: list[Asked] = []
    for port in ports:
        count = int(port.get("range") or 1)
        guest, inner = int(port.get("host_port") or 0), int(port.get("container_port") or 0)
        guest_ports = range(guest, guest + count) if guest else range(0)
        found += [
            Asked(protocol, port.get("host_ip") or "", guest_ports, range(inner, inner + count))
            for protocol in (port.get("protocol") or "tcp").split(",")
        ]
    return found


def without_invented(bindings: dict[str, Any], asked: Iterable[Asked]) -> dict[str, Any]:
    """Return the `PortBindings` of an inspect answer with 0.0.0.0 only where the user wrote it, and else nothing.

    In doubt nobody wrote it: a port that may come from a request without an address is not opened to the network.
    """
    known = list(asked)
    return {
        name: [{**one, "HostIp": ""} if _is_invented(name, one, known) else one for one in ports or []]
        for name, ports in bindings.items()
    }


def has_all(bindings: dict[str, Any]) -> bool:
    """Tell whether any binding is to 0.0.0.0, so that there is something to find out."""
    return any(one.get("HostIp") == ALL for ports in bindings.values() for one in ports or [])


def _is_invented(name: str, binding: dict[str, Any], asked: list[Asked]) -> bool:
    if binding.get("HostIp") != ALL:
        return False
    port, _, protocol = name.partition("/")
    guest_port = binding.get("HostPort") or "0"
    if not port.isdigit() or not guest_port.isdigit():
        return True
    given = {one.address for one in asked if one.is_for(protocol or "tcp", int(guest_port), int(port))}
    return ALL not in given or "" in given


def _values(words: list[str]) -> Iterator[str]:
    """Yield the values of `--publish` in all its spellings."""
    rest = iter(words)
    for word in rest:
        if word == "--publish":
            yield next(rest, "")
        elif word.startswith("--publish="):
            yield word.partition("=")[2]
        elif (short := _SHORT.fullmatch(word)) is not None:
            yield short.group(1) or next(rest, "")


def _read(value: str) -> Asked | None:
    match = _VALUE.fullmatch(value)
    if match is None:
        return None
    first, second, inner, protocol = match.groups()
    if second is None:  # two parts: the first one is a port
        first, second = "", first
    try:
        return Asked((protocol or "tcp").lower(), (first or "").strip("[]"), _range(second or ""), _range(inner))
    except ValueError:
        return None


def _range(text: str) -> range:
    if text in ("", "0"):
        return range(0)
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)
