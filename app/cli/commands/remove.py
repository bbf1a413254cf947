"""The engine's commands that remove: looked at before they go to the engine, and what would be lost is kept.

These are not commands of Linnet's own: the engine does them, with its words and its exit code. What its `run --rm`
removes is not looked at: who writes that wants it gone.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from app.cli import capture, hostpaths, output, passthrough
from app.cli.removals import Removal
from app.cli.session import Session
from vm.errors import (
    CancelledByUserError,
    ConflictError,
    GuestError,
    LinnetError,
    NotFoundError,
    UnavailableError,
    UsageError,
)
from vm.units import human_size

_ANONYMOUS = re.compile(r"[0-9a-f]{64}")
_PROJECT = "com.docker.compose.project"
_SHOWN = 3
"""Things of which every path is shown; of the others only how much it is."""

_PODMAN_ENDED = ("exited", "created", "stopped", "initialized")
_ENDED = {"docker": ("exited", "created", "dead"), "podman": _PODMAN_ENDED, "podman-rootful": _PODMAN_ENDED}
"""States in which a prune takes containers, by engine; a question about one that it does not know is refused."""


class Targets(NamedTuple):
    """What a command is about."""

    containers: list[str]
    volumes: list[str]


class Lost(NamedTuple):
    """What would go, of things that hold something. The entries are those of the local API."""

    containers: list[dict[str, Any]]
    volumes: list[dict[str, Any]]
    days: float

    @property
    def names(self) -> list[str]:
        """What people call them."""
        return [*(one["name"] for one in self.containers), *(one["name"] for one in self.volumes)]

    @property
    def nothing(self) -> bool:
        """Whether nothing would be lost."""
        return not self.containers and not self.volumes


def remove(session: Session, removal: Removal) -> int:
    """Do a command that removes, and return the engine's exit code.

    Raises:
        CancelledByUserError: the user answered no.
        LinnetError: what would be lost could not be kept; nothing is removed.
    """
    try:
        targets = _find(session, removal)
    except NotFoundError:  # the first command of all: the engine's own would make the machine as well
        session.ensure_started()
        targets = _find(session, removal)
    lost = _look(session, removal, targets)
    argv = list(removal.argv)
    if removal.keeping.anything:
        _save(session, removal, targets)
    elif not lost.nothing and _asks(removal):
        _ask(removal, lost)
        if removal.kind in ("prune", "volume-prune", "system-prune", "compose-rm"):
            argv.append("--force")  # the engine would ask the same again
    if lost.nothing or not removal.keeping.trash or not lost.days:
        return passthrough.run_engine(session, argv)
    if removal.kind in ("down", "pod-rm", "compose-rm") and removal.takes_running:
        # In the engine's own order, and with what they write while they end.
        passthrough.run_engine(session, _stopping(removal))
    return _kept(session, removal, lost, argv)


def _kept(session: Session, removal: Removal, lost: Lost, argv: list[str]) -> int:
    stop = "force" if removal.kind == "rm" and removal.forced else ""
    time = removal.value("time", "timeout", "t")
    body = {
        "containers": [one["id"] for one in lost.containers],
        "volumes": [one["name"] for one in lost.volumes],
        "stop": stop,
        "timeout": int(time) if time and time.isdigit() else None,
    }
    ids = [one["id"] for one in _keep(session, body)["kept"]]
    try:
        return passthrough.run_engine(session, argv)
    finally:
        settled = session.client.post(session.path("/trash-settle"), {"ids": ids})["kept"] if ids else []
        for one in settled:
            output.say(f"{one['name']} is kept in the trash for {_days(lost.days)}: linnet trash restore {one['id']}")


def _keep(session: Session, body: dict[str, Any]) -> Any:
    if sys.stderr.isatty():
        return session.operate("POST", session.path("/trash"), body)
    return session.client.operate("POST", session.path("/trash"), body, lambda *_step: None)


def _stopping(removal: Removal) -> list[str]:
    if removal.kind == "pod-rm":
        return ["pod", "stop", *(["--all"] if removal.has("all", "a") else removal.names)]
    time = removal.value("timeout", "t")
    return [*removal.head, "stop", *(["--timeout", time] if time else []), *removal.names]


# what is meant


def _find(session: Session, removal: Removal) -> Targets:
    """Return what the command is about; what it does not remove after all does no harm."""
    match removal.kind:
        case "rm":
            return Targets(_containers(session, removal), [])
        case "volume-rm":
            named = _ask_engine(session, ["volume", "ls", "-q"]) if removal.has("all", "a") else removal.names
            return Targets([], list(named))
        case "prune":
            return Targets(_ended(session, removal), [])
        case "volume-prune":
            return Targets([], _unused(session, removal))
        case "system-prune":
            unused = _unused(session, removal) if removal.has("volumes") else []
            return Targets(_ended(session, removal), unused)
        case "pod-rm":
            return Targets(_of_pods(session, removal), [])
        case _:
            return _of_project(session, removal)


def _containers(session: Session, removal: Removal) -> list[str]:
    found = list(removal.names)
    ask = ["ps", "-aq", "--no-trunc"]
    if removal.has("all", "a"):
        found += _ask_engine(session, ask)
    if removal.has("latest", "l"):
        found += _ask_engine(session, ["ps", "-lq", "--no-trunc"])
    if removal.value("filter"):
        found += _ask_engine(session, [*ask, *_filters(removal)])
    for flag, value in removal.values:
        if flag == "cidfile" and Path(value).is_file():
            found.append(Path(value).read_text(encoding="utf-8").strip())
    return found


def _of_pods(session: Session, removal: Removal) -> list[str]:
    pods = list(removal.names)
    if removal.has("all", "a"):
        pods += _ask_engine(session, ["pod", "ps", "-q"])
    if removal.has("latest", "l"):
        pods += _ask_engine(session, ["pod", "ps", "-lq"])
    return _ask_engine(session, ["ps", "-aq", "--no-trunc", *(f"--filter=pod={pod}" for pod in pods)]) if pods else []


def _ended(session: Session, removal: Removal) -> list[str]:
    states = _ENDED.get(_kind(session), ())
    return _ask_for_prune(session, ["ps", "-aq", "--no-trunc", *(f"--filter=status={one}" for one in states)], removal)


def _unused(session: Session, removal: Removal) -> list[str]:
    found = _ask_for_prune(session, ["volume", "ls", "-q", "--filter=dangling=true"], removal)
    every = removal.has("all", "a") or any(flag == "filter" and one.startswith("all") for flag, one in removal.values)
    if _kind(session) == "docker" and not every:
        return [name for name in found if _ANONYMOUS.fullmatch(name)]
    return found


def _ask_for_prune(session: Session, ask: list[str], removal: Removal) -> list[str]:
    """Return what a list has under the filters of a prune, or without them when it does not know one of them.

    Raises:
        GuestError: the engine refuses; nobody would know what the prune takes.
    """
    try:
        return capture.lines(session, [*ask, *_filters(removal)])
    except GuestError:
        return capture.lines(session, ask)


def _of_project(session: Session, removal: Removal) -> Targets:
    services = removal.names
    containers = _ask_engine(session, [*removal.head, "ps", "--all", "--quiet", *services], project=True)
    if removal.kind != "down" or not removal.has("volumes", "v"):
        return Targets(containers, [])
    looked = session.client.post(session.path("/losses"), {"containers": containers[:1]})["containers"]
    project = looked[0]["labels"].get(_PROJECT) if looked else None
    if project is None:
        return Targets(containers, [])
    return Targets(containers, _ask_engine(session, ["volume", "ls", "-q", f"--filter=label={_PROJECT}={project}"]))


def _filters(removal: Removal) -> list[str]:
    """Return the filters that lists take as well; without the others, more is looked at than goes."""
    wanted = [value for flag, value in removal.values if flag == "filter"]
    return [f"--filter={one}" for one in wanted if not one.startswith(("until", "label!"))]


def _ask_engine(session: Session, argv: list[str], *, project: bool = False) -> list[str]:
    """Return the lines that the engine answers, none when it refuses: its own command will say why."""
    cwd, env = None, {}
    if project:
        shares = passthrough.shared_folders(session.client.get(session.path("/shares")))
        here = hostpaths.translate(argv, hostpaths.PathMap(shares, str(Path.cwd())), os.environ)
        argv, cwd, env = here.argv, here.cwd, here.env
    try:
        return capture.lines(session, argv, cwd, env)
    except (NotFoundError, UnavailableError, ConflictError):
        raise
    except LinnetError:
        return []


def _kind(session: Session) -> str:
    engines = session.client.get(session.path("/engines"))
    return next((str(one["kind"]) for one in engines if one.get("active")), "")


# what would be lost


def _look(session: Session, removal: Removal, targets: Targets) -> Lost:
    if not targets.containers and not targets.volumes:
        return Lost([], [], 0)
    body = {"containers": targets.containers, "volumes": targets.volumes}
    try:
        try:
            found = session.client.post(session.path("/losses"), body)
        except (ConflictError, NotFoundError, UnavailableError):
            session.ensure_started()
            found = session.client.post(session.path("/losses"), body)
    except GuestError as error:  # such as a container that a power cut has damaged, which must be possible to remove
        output.say(f"What would be lost cannot be looked at, and is not kept: {error.message}")
        if _asks(removal):
            _confirm("Remove it all the same?")
        return Lost([], [], 0)
    containers = []
    for one in found["containers"]:
        if one["auto_remove"] or (one["running"] and not removal.takes_running):
            continue
        volumes = [volume for volume in one["volumes"] if volume["bytes"]] if removal.takes_volumes else []
        if one["bytes"] or volumes:
            containers.append({**one, "volumes": volumes})
    return Lost(containers, [one for one in found["volumes"] if one["bytes"]], float(found["days"]))


def _asks(removal: Removal) -> bool:
    """Return whether the user can and wants to be asked; a `down` that leaves volumes alone is everyday."""
    if removal.keeping.yes or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return removal.has("volumes", "v") if removal.kind == "down" else not removal.forced


def _ask(removal: Removal, lost: Lost) -> None:
    for line in describe(lost):
        output.say(line)
    if removal.keeping.trash and lost.days:
        output.say(f"What is removed is kept in the trash for {_days(lost.days)}.")
    else:
        output.say("Nothing can bring it back.")
    if len(lost.containers) == 1 and not lost.volumes:
        output.say("Or keep it: --commit IMAGE, --export FILE, --keep-as-volume [PATH=]NAME.")
    what = lost.names[0] if len(lost.names) == 1 else f"these {len(lost.names)}"
    _confirm(f"Remove {what}?")


def _confirm(question: str) -> None:
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise CancelledByUserError("Nothing is removed.")


def describe(lost: Lost) -> list[str]:
    """Return what would be lost, in lines for people: biggest first."""
    each = [*lost.containers, *lost.volumes]
    each.sort(key=lambda one: -_total(one))
    found = []
    for place, one in enumerate(each):
        container = "volumes" in one
        least = "" if one["complete"] else "at least "
        if one["bytes"]:
            where = "outside of volumes" if container else "in the volume"
            found.append(f"{one['name']} holds {least}{human_size(one['bytes'])} {where}:")
            found += _paths(one) if place < _SHOWN else []
        for volume in one.get("volumes") or []:
            size, where = human_size(volume["bytes"]), volume["destination"]
            found.append(f"{one['name']} has {size} at {where} in a volume without a name:")
            found += _paths(volume, where) if place < _SHOWN else []
    return found


def _total(one: dict[str, Any]) -> int:
    return int(one["bytes"]) + sum(int(volume["bytes"]) for volume in one.get("volumes") or [])


def _paths(one: dict[str, Any], below: str = "") -> list[str]:
    return [f"  {human_size(path['bytes']):>10}  {below}{path['path']}" for path in one["paths"]]


def _days(days: float) -> str:
    return f"{days:g} day{'' if days == 1 else 's'}"


# keeping it elsewhere


def _save(session: Session, removal: Removal, targets: Targets) -> None:
    """Do what `--commit`, `--export` and `--keep-as-volume` say. Raises LinnetError: nothing is removed then."""
    keeping = removal.keeping
    if removal.kind != "rm" or len(targets.containers) != 1:
        raise UsageError(
            "--commit, --export and --keep-as-volume are for the removal of one container.",
            hint="`linnet volume export VOLUME FILE` keeps a volume; the trash keeps all of them.",
        )
    name = targets.containers[0]
    if keeping.commit:
        capture.lines(session, ["commit", name, keeping.commit])
        output.say(f"{name} is kept as the image {keeping.commit}.")
    if keeping.export:
        path = Path(keeping.export).expanduser().absolute()
        size = capture.to_file(session, ["export", name], path)
        output.say(f"The files of {name} are kept in {path} ({human_size(size)}).")
    for wanted in keeping.volumes:
        source, volume = _source(session, name, wanted)
        session.operate("POST", session.path("/save-volume"), {"container": name, "source": source, "name": volume})
        output.say(f"{source} of {name} is kept as the volume {volume}.")


def _source(session: Session, container: str, wanted: str) -> tuple[str, str]:
    """Return path and name of `[PATH=]NAME`; the path of the only volume without a name when none is given."""
    path, sign, name = wanted.rpartition("=")
    if sign and path.startswith("/") and name:
        return path, name
    if sign:
        raise UsageError(f"--keep-as-volume: '{wanted}' is not [PATH=]NAME.", hint="Such as /srv/app=app-data.")
    found: Sequence[dict[str, Any]] = session.client.post(session.path("/losses"), {"containers": [container]})[
        "containers"
    ]
    places = [volume["destination"] for one in found for volume in one["volumes"]]
    if len(places) == 1:
        return str(places[0]), name
    raise UsageError(
        f"Which folder of {container} becomes the volume {name}?",
        hint=f"Write --keep-as-volume PATH={name}"
        + (f"; its volumes without a name are at {', '.join(places)}." if places else "."),
    )
