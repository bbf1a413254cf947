"""`linnet engine`: which container engine a machine runs."""

from __future__ import annotations

from typing import Annotated

from app.cli import output
from app.cli.command import Argument, command
from app.cli.session import Session


@command("engine list", "ls")
def list_(session: Session, *, json: Annotated[bool, Argument("Print JSON.")] = False) -> None:
    """List the engines of the machine; each keeps its own images, containers and volumes."""
    engines = session.client.get(session.path("/engines"))
    if json:
        output.as_json(engines)
        return
    rows = [(entry["kind"], entry.get("version"), entry["active"], entry.get("socket")) for entry in engines]
    output.table(("engine", "version", "in use", "socket in the guest"), rows)


@command("engine use")
def use(
    session: Session,
    kind: Annotated[
        str, Argument("The engine.", choices=("podman", "podman-rootful", "docker"), complete="engine", name="ENGINE")
    ],
) -> None:
    """Change to another engine; what the present one holds is kept, its containers stop."""
    session.operate("POST", session.path("/engine"), {"kind": kind})
    output.say(f"Machine '{session.machine()}' runs {kind} now.")
