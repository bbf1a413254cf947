"""What a row of `/containers/json` says, in the words of the window."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from app.gui.model.collection import Row
from app.gui.text import mark, tr

PROJECT = "com.docker.compose.project"
SERVICE = "com.docker.compose.service"

UP = frozenset({"running", "paused", "restarting"})
"""States in which a container has processes."""

_STATES = {
    "running": (mark("Running"), "good"),
    "paused": (mark("Paused"), "warn"),
    "restarting": (mark("Restarting"), "warn"),
    "created": (mark("Created"), "muted"),
    "removing": (mark("Being removed"), "muted"),
    "stopping": (mark("Stopping"), "warn"),
    "stopped": (mark("Stopped"), "muted"),
    "dead": (mark("Dead"), "bad"),
}
_EXITED = re.compile(r"Exited \((-?\d+)\)")
_SECURE = (443, 8443)


class Published(NamedTuple):
    """A port of a container that is published: where, and its own number."""

    host: int
    own: int
    protocol: str

    @property
    def url(self) -> str:
        """What a browser opens; "" when there is nothing for it."""
        if self.protocol != "tcp":
            return ""
        secure = self.own in _SECURE or self.host in _SECURE
        return f"{'https' if secure else 'http'}://localhost:{self.host}/"

    @property
    def text(self) -> str:
        """As in the list."""
        numbers = str(self.host) if self.host == self.own else f"{self.host} → {self.own}"
        return numbers if self.protocol == "tcp" else f"{numbers}/{self.protocol}"


class State(NamedTuple):
    """A state: text, tone of the theme."""

    text: str
    tone: str


def title(row: Row) -> str:
    """Return the name of a container, its short id when it has none."""
    names = row.get("Names") or []
    return str(names[0]).lstrip("/") if names else short(str(row["Id"]))


def short(key: str) -> str:
    """Return an id as people write it."""
    return key.removeprefix("sha256:")[:12]


def is_up(row: Row) -> bool:
    """Return whether a container has processes."""
    return row.get("State") in UP


def exit_code(row: Row) -> int | None:
    """Return the exit code of a container that ended."""
    match = _EXITED.match(str(row.get("Status") or ""))
    return int(match[1]) if match and row.get("State") == "exited" else None


def health(row: Row) -> str:
    """Return healthy, unhealthy, starting or ""."""
    status = str(row.get("Status") or "")
    for found in ("unhealthy", "healthy", "starting"):
        if f"({found})" in status or f"(health: {found})" in status:
            return found
    return ""


def state(row: Row) -> State:
    """Return the state in words."""
    name = str(row.get("State") or "")
    if name == "exited":
        code = exit_code(row)
        if code:
            return State(tr("Failed ({code})", code=code), "bad")
        return State(tr("Ended"), "muted")
    text, tone = _STATES.get(name, (name, "muted"))
    if name == "running":
        match health(row):
            case "unhealthy":
                return State(tr("Unhealthy"), "bad")
            case "starting":
                return State(tr("Running, not yet healthy"), "warn")
            case "healthy":
                return State(tr("Healthy"), "good")
    return State(tr(text), tone)


def project(row: Row) -> str:
    """Return the compose project, "" for none."""
    return str((row.get("Labels") or {}).get(PROJECT) or "")


def published(row: Row, ports: Iterable[Mapping[str, Any]] = ()) -> list[Published]:
    """Return the published ports, each once.

    Args:
        row: the container.
        ports: what the machine forwards, as the local API has it: a port may be another one on this computer.
    """
    moved = {(str(one["protocol"]), int(one["guest_port"])): int(one["host_port"]) for one in ports}
    found: dict[Published, None] = {}
    for port in row.get("Ports") or []:
        public, own = port.get("PublicPort"), port.get("PrivatePort")
        if public and own:
            protocol = str(port.get("Type") or "tcp")
            host = moved.get((protocol, int(public)), int(public))
            found[Published(host, int(own), protocol)] = None
    return sorted(found)


def search_text(row: Row) -> str:
    """Return all that a search looks through."""
    labels = row.get("Labels") or {}
    networks = (row.get("NetworkSettings") or {}).get("Networks") or {}
    parts = [title(row), row["Id"][:12], row.get("Image", ""), project(row), labels.get(SERVICE, "")]
    parts += [str(port["PublicPort"]) for port in row.get("Ports") or [] if port.get("PublicPort")]
    parts += [str(mount.get("Name") or mount.get("Source") or "") for mount in row.get("Mounts") or []]
    return "\n".join([*map(str, parts), *networks, str(row.get("State", ""))])
