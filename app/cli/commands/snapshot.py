"""`linnet snapshot`: earlier states of a whole machine."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from app.cli import output
from app.cli.command import Argument, command
from app.cli.session import Session
from vm.units import human_size

Snapshot = Annotated[str, Argument("The snapshot.", complete="snapshot")]
Machine = Annotated[
    str | None,
    Argument("The machine; default: the one of -m, LINNET_MACHINE or the settings.", complete="machine", name="NAME"),
]
Force = Annotated[bool, Argument("Do not ask.", short="f")]

KINDS = {"upgrade": "before an upgrade", "restore": "before going back"}


@command("snapshot create")
def create(
    session: Session,
    name: Annotated[str | None, Argument("What to call it; default: the time.")] = None,
    *,
    machine: Machine = None,
    memory: Annotated[
        bool, Argument("Keep the memory as well: running containers will go on where they were.")
    ] = False,
    note: Annotated[str, Argument("A line that says what it is for.", name="TEXT")] = "",
) -> None:
    """Take a snapshot of a machine: its data disk, and with --memory what its programs are doing.

    A machine that runs is held still for a moment while its disk is kept; with --memory it is suspended and resumed.
    A snapshot takes no room at first, and later as much as has changed since; with --memory also what the memory takes.
    """
    body = {"name": name, "memory": memory, "note": note}
    taken = session.operate("POST", session.path("/snapshots", machine), body)
    size = f" ({human_size(taken['memory'])} of memory)" if taken["memory"] else ""
    output.say(f"The snapshot '{taken['name']}' of machine '{session.machine(machine)}' is taken{size}.")


@command("snapshot list", "ls")
def list_(session: Session, *, machine: Machine = None, json: Annotated[bool, Argument("Print JSON.")] = False) -> None:
    """List the snapshots of a machine, oldest first."""
    found = session.client.get(session.path("/snapshots", machine))
    if json:
        output.as_json(found)
        return
    rows = [
        (
            one["name"],
            output.moment(one["created"]) if one["created"] else None,
            one["machine_state"],
            human_size(one["memory"]) if one["memory"] else None,
            one["image"],
            _counts(one.get("counts")),
            one.get("problem") or one["note"] or KINDS.get(one["kind"]),
        )
        for one in found
    ]
    output.table(("name", "taken", "machine", "memory", "guest image", "holds", "note"), rows)


@command("snapshot restore")
def restore(
    session: Session,
    name: Snapshot,
    *,
    machine: Machine = None,
    disk_only: Annotated[bool, Argument("Leave the snapshot's memory out: the machine starts afresh.")] = False,
    force: Force = False,
) -> None:
    """Have a machine be as it was in a snapshot.

    What is there now is kept as a snapshot first, so that this can be undone. A machine that runs is stopped, and
    started again afterwards.
    """
    from app.cli.asking import ask

    chosen = session.machine(machine)
    ask(
        f"Machine '{chosen}' goes back to the snapshot '{name}', and running containers end. What has changed since is "
        "kept as a snapshot of its own.",
        f"Go back to '{name}'?",
        f"Machine '{chosen}' is left as it is.",
        force=force,
    )
    path = session.path(f"/snapshots/{quote(name, safe='')}/restore", machine)
    done = session.operate("POST", path, {"disk_only": disk_only})
    output.say(f"Machine '{chosen}' is as it was in the snapshot '{name}', and {done['state']}.")
    output.say(f"`linnet snapshot restore {done['undo']}` undoes this.")


@command("snapshot delete", "rm", "remove")
def delete(session: Session, name: Snapshot, *, machine: Machine = None, force: Force = False) -> None:
    """Delete a snapshot; the machine is left as it is.

    The room that the snapshot alone took is used again.
    """
    from app.cli.asking import ask

    chosen = session.machine(machine)
    ask(
        f"The snapshot '{name}' of machine '{chosen}' will be lost; the machine itself is left as it is.",
        f"Delete the snapshot '{name}'?",
        f"The snapshot '{name}' is kept.",
        force=force,
    )
    session.operate("DELETE", session.path(f"/snapshots/{quote(name, safe='')}", machine))
    output.say(f"The snapshot '{name}' is deleted.")


def _counts(counts: dict[str, Any] | None) -> str | None:
    if counts is None:
        return None
    kinds = ("images", "containers", "volumes")
    parts = [f"{counts[kind]} {kind if counts[kind] != 1 else kind[:-1]}" for kind in kinds]
    return f"{counts['engine']}: {', '.join(parts)}"
