"""`linnet volume clone|snapshot|snapshots|rollback|export|import|backup|browse`: what engines do not do with volumes.

The rest of `linnet volume …` is the engine's: `ls`, `create`, `inspect`, `rm`, `prune`.
"""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from app.cli import output
from app.cli.command import Argument, command
from app.cli.session import Session
from vm.errors import UsageError
from vm.units import format_duration, human_size, parse_duration

Volume = Annotated[str, Argument("The volume.", complete="volume")]
Json = Annotated[bool, Argument("Print JSON.")]
From = Annotated[
    str | None, Argument("This snapshot, not what is there now.", name="SNAPSHOT", complete="volume-snapshot")
]


@command("volume clone")
def clone(
    session: Session,
    volume: Volume,
    name: Annotated[str, Argument("The new volume.", name="NEW")],
    *,
    snapshot: From = None,
    json: Json = False,
) -> None:
    """Make a new volume with the same files, at once and without taking space.

    Containers that write to the volume are paused for the moment. With --snapshot, the volume itself may be gone.
    """
    session.ensure_started()
    made = session.operate("POST", _path(session, volume, "/clone"), {"name": name, "snapshot": snapshot})
    _tell(made, f"Volume {made['name']} is made: {_content(made)}.", json=json)


@command("volume snapshot")
def snapshot(
    session: Session,
    volume: Volume,
    name: Annotated[str | None, Argument("How the snapshot is called; default: the time.", name="NAME")] = None,
    *,
    json: Json = False,
) -> None:
    """Take a snapshot of a volume, at once and without taking space.

    Containers that write to the volume are paused for the moment, so its files are as after a sudden end of power:
    databases can begin from that. A snapshot stays when the volume is removed.
    """
    session.ensure_started()
    made = session.operate("POST", _path(session, volume, "/snapshots"), {"name": name})
    _tell(made, f"Snapshot {made['name']} of volume {volume} is taken: {_content(made)}.", json=json)


@command("volume snapshots")
def snapshots(
    session: Session,
    volume: Annotated[str | None, Argument("The volume; default: all.", complete="volume")] = None,
    *,
    json: Json = False,
) -> None:
    """List the snapshots of a volume, or of all volumes of the engine in use."""
    session.ensure_started()
    path = session.path("/volume-snapshots") if volume is None else _path(session, volume, "/snapshots")
    found = session.client.get(path)
    if json:
        output.as_json(found)
        return
    rows = [
        (
            one["volume"],
            one["name"],
            output.moment(one["created"]),
            human_size(one["size"]),
            one["files"],
            one.get("note"),
        )
        for one in found
    ]
    output.table(("volume", "snapshot", "taken", "size", "files", "note"), rows)


@command("volume snapshot rm", "remove")
def remove_snapshot(
    session: Session,
    volume: Volume,
    name: Annotated[str, Argument("The snapshot.", name="SNAPSHOT", complete="volume-snapshot")],
) -> None:
    """Delete a snapshot."""
    session.ensure_started()
    session.operate("DELETE", _path(session, volume, f"/snapshots/{quote(name, safe='')}"))
    output.say(f"Snapshot {name} of volume {volume} is deleted.")


@command("volume rollback")
def rollback(
    session: Session,
    volume: Volume,
    snapshot: Annotated[str, Argument("The snapshot.", name="SNAPSHOT", complete="volume-snapshot")],
    *,
    stop: Annotated[bool, Argument("Stop the containers that have the volume, and start them again.")] = False,
    json: Json = False,
) -> None:
    """Put a volume back to a snapshot.

    A snapshot of what is there is taken first, so a rollback can be undone by another one.
    """
    session.ensure_started()
    done = session.operate("POST", _path(session, volume, "/rollback"), {"snapshot": snapshot, "stop": stop})
    if json:
        output.as_json(done)
        return
    if done["stopped"]:
        output.say(f"Stopped and started again: {', '.join(done['stopped'])}.")
    output.say(f"Volume {volume} is as it was at {snapshot}.")
    output.say(f"What was there before: `linnet volume rollback {volume} {done['before']}`.")


@command("volume export")
def export(
    session: Session,
    volume: Volume,
    file: Annotated[str, Argument("Where to; in a folder, VOLUME.tar.zst.", complete="file")],
    *,
    snapshot: From = None,
    force: Annotated[bool, Argument("Overwrite the file.")] = False,
    json: Json = False,
) -> None:
    """Write a volume to a file of this computer: a plain tar.zst with a manifest and a checksum.

    The files are those of one moment; containers are paused only for that. `linnet -- volume export` is the engine's.
    """
    session.ensure_started()
    body = {"path": _absolute(file), "snapshot": snapshot, "overwrite": force}
    done = session.operate("POST", _path(session, volume, "/export"), body)
    _tell(done, f"{done['path']} is written: {human_size(done['file_size'])}, {_content(done)}.", json=json)


@command("volume import")
def import_(
    session: Session,
    file: Annotated[str, Argument("An export of Linnet.", complete="file")],
    name: Annotated[str | None, Argument("The new volume; default: as it was called.", name="NAME")] = None,
    *,
    json: Json = False,
) -> None:
    """Make a new volume of an export, of whatever engine.

    The file is verified; when it is damaged or cut short, nothing is made. `linnet -- volume import` is the engine's.
    """
    session.ensure_started()
    made = session.operate("POST", session.path("/volumes"), {"path": _absolute(file), "name": name})
    _tell(made, f"Volume {made['name']} is made: {_content(made)}.", json=json)


@command("volume browse")
def browse(
    session: Session,
    volume: Volume,
    path: Annotated[str, Argument("A folder in it; default: all of it.", name="PATH")] = "/",
    *,
    snapshot: From = None,
    json: Json = False,
) -> None:
    """List the files of a volume, without a container."""
    from app.core.client import encode_query

    session.ensure_started()
    query = encode_query({"path": path, "snapshot": snapshot})
    found = session.client.get(_path(session, volume, "/files") + query)
    if json:
        output.as_json(found)
        return
    rows = [
        (
            stat.filemode(_MODES.get(one["kind"], 0) | one["mode"]),
            one["uid"],
            one["gid"],
            human_size(one["size"]) if one["kind"] == "file" else "",
            output.moment(one["modified"]),
            f"{one['name']} -> {one['target']}" if one.get("target") else one["name"],
        )
        for one in found["entries"]
    ]
    output.table(("mode", "user", "group", "size", "modified", "name"), rows)
    if found["more"]:
        output.say(f"{found['more']} more are not listed.")


@command("volume backup add")
def add_backup(
    session: Session,
    volume: Volume,
    *,
    every: Annotated[str, Argument("How often, such as 6h, 1d or 7d. Default: 1d.", name="TIME")] = "1d",
    keep: Annotated[int, Argument("How many are kept. Default: 7.", name="NUMBER")] = 7,
    folder: Annotated[
        str | None, Argument("Where to; default: a folder of Linnet's own.", name="FOLDER", complete="file")
    ] = None,
) -> None:
    """Have a volume backed up by itself, now and every so often while the machine runs.

    What was missed while it was off is made up for by one backup. A backup is an export: `linnet volume import` brings
    it back.
    """
    try:
        seconds = parse_duration(every)
    except ValueError as error:
        raise UsageError(str(error)) from error
    session.ensure_started()
    body = {"volume": volume, "every": seconds, "keep": keep, "folder": None if folder is None else _absolute(folder)}
    made = session.client.post(session.path("/backups"), body)
    output.say(
        f"Volume {volume} is backed up every {format_duration(made['every'])} into {made['folder']}; "
        f"{made['keep']} are kept."
    )


@command("volume backup list", "ls")
def list_backups(session: Session, *, json: Json = False) -> None:
    """List which volumes are backed up by themselves, and how that went."""
    found = session.client.get(session.path("/backups"))
    if json:
        output.as_json(found)
        return
    rows = [
        (
            one["volume"],
            one["engine"],
            format_duration(one["every"]),
            f"{len(one['files'])} of {one['keep']}",
            output.moment(one["last"]) if one["last"] else None,
            output.moment(one["next"]) if one["next"] else "soon",
            one["folder"],
            one["error"],
        )
        for one in found
    ]
    output.table(("volume", "engine", "every", "kept", "last", "next", "folder", "problem"), rows)


@command("volume backup run")
def run_backup(session: Session, volume: Volume, *, json: Json = False) -> None:
    """Make the backup of a volume now."""
    session.ensure_started()
    done = session.operate("POST", session.path(f"/backups/{quote(volume, safe='')}/run"))
    _tell(done, f"{done['path']} is written: {human_size(done['file_size'])}, {_content(done)}.", json=json)
    if done["deleted"] and not json:
        output.say(f"Deleted: {', '.join(done['deleted'])}.")


@command("volume backup remove", "rm")
def remove_backup(session: Session, volume: Volume) -> None:
    """Back a volume up no more; the backups that there are stay."""
    gone = session.client.delete(session.path(f"/backups/{quote(volume, safe='')}"))
    kept = f" What was made stays in {gone['folder']}." if gone["files"] else ""
    output.say(f"Volume {volume} is not backed up any more.{kept}")


_MODES = {
    "file": stat.S_IFREG,
    "folder": stat.S_IFDIR,
    "link": stat.S_IFLNK,
    "pipe": stat.S_IFIFO,
    "socket": stat.S_IFSOCK,
    "device": stat.S_IFCHR,
}


def _path(session: Session, volume: str, rest: str) -> str:
    return session.path(f"/volumes/{quote(volume, safe='')}{rest}")


def _tell(made: dict[str, Any], text: str, *, json: bool) -> None:
    if made.get("paused"):
        output.say(f"Paused {', '.join(made['paused'])} for {made['paused_for']:.1f} s.")
    for one in made.get("not_paused") or []:
        output.say(f"Not paused, so what it was writing may be there by halves: {one}")
    if json:
        output.as_json(made)
    else:
        output.say(text)


def _content(made: dict[str, Any]) -> str:
    files = "1 file" if made["files"] == 1 else f"{made['files']} files"
    return f"{files}, {human_size(made['size'])}"


def _absolute(path: str) -> str:
    return str(Path(path).expanduser().absolute())
