"""`linnet trash`: what removed containers and volumes held, and bringing it back."""

from __future__ import annotations

import sys
import time
from typing import Annotated, Any
from urllib.parse import quote

from app.cli import output
from app.cli.command import Argument, command
from app.cli.session import Session
from vm.errors import CancelledByUserError, LinnetError, UsageError
from vm.units import human_size

Json = Annotated[bool, Argument("Print JSON.")]
Entries = Annotated[
    list[str],
    Argument("Identifiers, or names (the newest of that name).", name="ENTRY", complete="trash"),
]


@command("trash list", "ls")
def list_(session: Session, *, json: Json = False) -> None:
    """List what removed containers and volumes held, newest first.

    How long and how much is kept: `linnet config get trash.keep` and `linnet config get trash.size`. docs/removal.md
    tells what is kept and what is not.
    """
    entries = session.client.get(session.path("/trash"))
    if json:
        output.as_json(entries)
        return
    rows = [
        (
            one["id"],
            one["kind"],
            one["name"],
            human_size(_held(one)),
            _time(one["removed_at"]),
            _time(one["until"]) if one.get("until") else None,
            one["engine"],
        )
        for one in entries
    ]
    output.table(("id", "kind", "name", "held", "removed", "goes", "engine"), rows)


@command("trash show")
def show(
    session: Session,
    entry: Annotated[str, Argument("Identifier or name.", complete="trash")],
    *,
    json: Json = False,
) -> None:
    """Show what is in the trash under an identifier or a name, with the biggest paths."""
    one = session.client.get(_path(session, entry))
    if json:
        output.as_json(one)
        return
    pairs: list[tuple[str, object]] = [
        ("Identifier", one["id"]),
        (one["kind"].capitalize(), one["name"]),
        ("Engine", one["engine"]),
        ("Removed", _time(one["removed_at"])),
    ]
    if one.get("until"):
        pairs.append(("Goes for good", _time(one["until"])))
    if one["image"]:
        pairs.append(("Image", one["image"]))
    pairs.append(("Takes at most", human_size(one["size"])))
    if one["bytes"]:
        pairs.append((f"Held {human_size(one['bytes'])}", _paths(one)))
    pairs += [
        (f"At {volume['destination']} {human_size(volume['bytes'])}", _paths(volume)) for volume in one["volumes"]
    ]
    output.pairs(pairs)


@command("trash restore")
def restore(
    session: Session,
    entries: Entries,
    *,
    name: Annotated[str | None, Argument("Another name than it had; for one entry.", name="NAME")] = None,
    start: Annotated[bool, Argument("Start restored containers.")] = False,
) -> int:
    """Bring removed containers and volumes back: name, settings, networks, ports, and what they held.

    Volumes come first, then the containers that want them. A name that is taken, or an image, network or volume that
    is gone, is an error; nothing is changed then, and the entry stays in the trash.
    """
    if name is not None and len(entries) != 1:
        raise UsageError("--name is for one entry.", hint="Restore the others by a command of their own.")
    found = [session.client.get(_path(session, entry)) for entry in entries]
    failed = 0
    for one in sorted(found, key=lambda entry: entry["kind"] != "volume"):
        try:
            back = session.operate("POST", _path(session, one["id"], "/restore"), {"name": name})
        except LinnetError as error:
            if len(found) == 1:
                raise
            failed += 1
            output.error(error)
            continue
        output.data(back["name"])
        output.say(f"{one['kind'].capitalize()} '{back['name']}' is back.")
        for note in back["notes"]:
            output.say(note)
        if start and back["kind"] == "container":
            from app.cli import capture

            capture.lines(session, ["start", back["name"]])
            output.say(f"Container '{back['name']}' runs.")
    return 1 if failed else 0


@command("trash remove", "rm")
def remove(session: Session, entries: Entries) -> None:
    """Remove something from the trash for good."""
    for entry in entries:
        done = session.operate("DELETE", _path(session, entry))
        output.say(f"{entry} is gone for good; up to {human_size(done['freed'])} are free again.")


@command("trash empty")
def empty(session: Session, *, force: Annotated[bool, Argument("Do not ask.", short="f")] = False) -> None:
    """Remove everything from the trash for good; asks first."""
    entries = session.client.get(session.path("/trash"))
    if not entries:
        output.say("The trash is empty.")
        return
    if not force:
        _confirm(f"{len(entries)} removed containers and volumes will be gone for good.")
    done = session.operate("DELETE", session.path("/trash"))
    output.say(f"The trash is empty; up to {human_size(done['freed'])} are free again.")


def _confirm(what: str) -> None:
    if not sys.stdin.isatty():
        raise UsageError(f"{what} There is no terminal to ask on.", hint="`--force` does it without asking.")
    sys.stderr.write(f"{what}\nEmpty the trash? [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise CancelledByUserError("The trash is left as it was.")


def _path(session: Session, entry: str, rest: str = "") -> str:
    return session.path(f"/trash/{quote(entry, safe='')}{rest}")


def _held(one: dict[str, Any]) -> int:
    return int(one["bytes"]) + sum(int(volume["bytes"]) for volume in one["volumes"])


def _paths(one: dict[str, Any]) -> str:
    lines = [f"{human_size(path['bytes']):>10}  {path['path']}" for path in one["paths"]]
    return "\n".join(lines) or "-"


def _time(when: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(when))
