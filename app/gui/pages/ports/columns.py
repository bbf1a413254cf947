"""What the list of ports shows."""

from __future__ import annotations

from app.gui.model.collection import Row
from app.gui.model.columns import Cell, Column
from app.gui.text import mark, tr

_LOOPBACK = {"0.0.0.0": "localhost", "::": "localhost", "127.0.0.1": "localhost", "::1": "localhost"}  # noqa: S104 - shown
"""What a browser is told instead of an address that stands for this computer."""

_VIA = {
    "hostfwd": (mark("directly"), mark("Forwarded by the machine's virtual network card.")),
    "ssh": (mark("tunnel"), mark("Through the machine's SSH connection.")),
    "relay": (mark("relay"), mark("Through a relay in the machine.")),
}


def columns() -> list[Column]:
    """Return the columns."""
    return [
        Column("here", tr("Here"), here_cell, 168),
        Column("state", tr("State"), state_cell, 120),
        Column("container", tr("Container"), container_cell, 184),
        Column("guest", tr("In the machine"), guest_cell, 160),
        Column("via", tr("Way"), via_cell, 80),
        Column("problem", tr("Problem"), problem_cell, 0),
    ]


def search_text(row: Row) -> str:
    """Return what a search looks through."""
    return " ".join([address(row), guest_address(row), row["container"] or "", row["error"] or "", row["protocol"]])


def address(row: Row) -> str:
    """Return where this computer has the port, as programs take it."""
    return _joined(row["host_address"], row["host_port"])


def guest_address(row: Row) -> str:
    """Return where the machine has it."""
    return f"{_joined(row['guest_address'], row['guest_port'])}/{row['protocol']}"


def url(row: Row) -> str:
    """Return what a browser opens; "" for a port that it cannot speak to."""
    if row["protocol"] != "tcp" or row["error"]:
        return ""
    scheme = "https" if row["guest_port"] in (443, 8443) else "http"
    return f"{scheme}://{_joined(_LOOPBACK.get(row['host_address'], str(row['host_address'])), row['host_port'])}"


def here_cell(row: Row) -> Cell:
    """Return the address here; a click opens it."""
    link = url(row)
    tip = tr("Open {url} in the browser", url=link) if link else ""
    return Cell(address(row), "accent" if link else "", "", tip, link, int(row["host_port"]))


def state_cell(row: Row) -> Cell:
    """Return whether somebody answers."""
    if row["error"]:
        return Cell(tr("Not open"), "bad", "error", str(row["error"]))
    if row["reachable"] is None:
        return Cell(tr("Open"), "muted", "ring", tr("Whether somebody answers was not tried."))
    if row["reachable"]:
        return Cell(tr("Reachable"), "good", "dot", tr("Somebody answers."))
    return Cell(tr("No answer"), "warn", "ring", tr("The port is open here, but nobody answers behind it yet."))


def container_cell(row: Row) -> Cell:
    """Return who publishes it."""
    if row["container"]:
        return Cell(str(row["container"]), "", "container")
    return Cell(tr("A service in the machine"), "muted", "machine")


def guest_cell(row: Row) -> Cell:
    """Return the address in the machine."""
    return Cell(guest_address(row), "muted", sort=int(row["guest_port"]))


def via_cell(row: Row) -> Cell:
    """Return the way that the bytes take."""
    text, tip = _VIA.get(row["via"], (row["via"], ""))
    return Cell(tr(text), "muted", tip=tr(tip) if tip else "")


def problem_cell(row: Row) -> Cell:
    """Return why it is not open."""
    text = str(row["error"] or "")
    return Cell(text, "bad" if text else "", tip=text)


def _joined(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
