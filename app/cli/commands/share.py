"""`linnet share`: folders of this computer that the machine sees."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from app.cli import output
from app.cli.command import Argument, command
from app.cli.session import Session
from vm.errors import UsageError


@command("share add")
def add(
    session: Session,
    path: Annotated[str, Argument("The folder.", complete="file")],
    guest_path: Annotated[str | None, Argument("Where the machine has it; default: the same path.")] = None,
    *,
    read_only: Annotated[bool, Argument("The machine may not write into it.")] = False,
    kind: Annotated[
        str | None,
        Argument("How it is shared; default: the best that works.", choices=("auto", "virtiofs", "9p", "sftp")),
    ] = None,
    no_watch: Annotated[bool, Argument("Do not report changes here to file watchers in the machine.")] = False,
) -> None:
    """Share a folder with the machine, now and at every start."""
    folder = _absolute(path)
    if not folder.is_dir():
        raise _no_folder(folder)
    body: dict[str, Any] = {"path": str(folder), "mode": "read-only" if read_only else "read-write"}
    if guest_path is not None:
        body["guest_path"] = guest_path
    if kind is not None:
        body["kind"] = kind
    if no_watch:
        body["watch"] = False
    share = session.client.post(session.path("/shares"), body)
    mode = "read-only" if share["read_only"] else "read-write"
    output.say(f"{share['path']} is shared ({share['kind']}, {mode}); the machine has it at {share['guest_path']}.")
    if share.get("note"):
        output.say(share["note"])
    if share.get("error"):
        output.say(f"It is not mounted yet: {share['error']}")


@command("share remove", "rm")
def remove(session: Session, path: Annotated[str, Argument("The folder on this computer.", complete="share")]) -> None:
    """Stop sharing a folder; its files stay as they are."""
    folder = str(_absolute(path))
    session.client.delete(f"{session.path('/shares')}?path={quote(folder, safe='')}")
    output.say(f"{folder} is not shared any more.")


@command("share list", "ls")
def list_(session: Session, *, json: Annotated[bool, Argument("Print JSON.")] = False) -> None:
    """List the shared folders, how each is shared and whether it is there."""
    shares = session.client.get(session.path("/shares"))
    if json:
        output.as_json(shares)
        return
    rows = [
        (
            share["path"],
            share["guest_path"],
            share["kind"],
            "read-only" if share["read_only"] else "read-write",
            share["mounted"],
            share.get("error") or share.get("note"),
        )
        for share in shares
    ]
    output.table(("folder", "in the machine", "kind", "mode", "mounted", "note"), rows)


def _no_folder(path: Path) -> UsageError:
    if path.exists():
        return UsageError(f"{path} is not a folder.", hint=f"Share the folder that holds it: {path.parent}")
    parent = next(folder for folder in path.parents if folder.is_dir())
    wanted = path.relative_to(parent).parts[0]
    try:
        near = difflib.get_close_matches(wanted, [one.name for one in parent.iterdir() if one.is_dir()], 1)
    except OSError:
        near = []
    guess = f"Did you mean {parent / near[0]}? Otherwise make" if near else "Make"
    return UsageError(
        f"{path} does not exist.", hint=f"{guess} the folder first; {parent} is as far as the path leads now."
    )


def _absolute(path: str) -> Path:
    return Path(path).expanduser().absolute()
