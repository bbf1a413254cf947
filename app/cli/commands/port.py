"""`linnet port list`: what leads from this computer into the machine."""

from __future__ import annotations

from typing import Annotated, Any

from app.cli import output
from app.cli.command import Argument, command
from app.cli.session import Session


@command("port list", "ls")
def list_(session: Session, *, json: Annotated[bool, Argument("Print JSON.")] = False) -> None:
    """List the machine's open ports: container, address there, address here, and whether it answers (probed now).

    `linnet port CONTAINER` is the engine's own command.
    """
    ports = session.client.get(session.path("/ports"))
    if json:
        output.as_json(ports)
        return
    rows = [
        (
            port.get("container") or "(service)",
            f"{_address(port['guest_address'], port['guest_port'])}/{port['protocol']}",
            _address(port["host_address"], port["host_port"]) if port["host_port"] else None,
            {True: "yes", False: "no", None: "?"}[port.get("reachable")],
            port.get("via"),
            port.get("error"),
        )
        for port in ports
    ]
    output.table(("container", "in the machine", "here", "reachable", "via", "problem"), _sorted(rows))


def _address(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _sorted(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=lambda row: (str(row[0]), str(row[1])))
