"""What fits at the cursor: Linnet's commands and options, machines, settings, and the engine's containers and images.

Never starts anything: a service or machine that does not run has nothing to offer. Never fails either.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from app.cli import command as registry
from app.cli.command import Command
from app.cli.main import OWN, is_own
from app.cli.removals import OWN_OPTIONS, is_removal
from app.cli.session import Session
from app.cli.verbs import CONTAINER_VERBS, ENGINE_VERBS, IMAGE_VERBS
from app.core.client import Client
from app.core.endpoint import Connection
from app.core.frames import CHUNK, Decoder, FrameType, encode
from vm.errors import LinnetError
from vm.layout import Layout

FILE = ":file"
"""Tells the script that a file name fits."""

ENGINES = ("podman", "podman-rootful", "docker")


def print_candidates(words: list[str]) -> int:
    """Print what fits as the last of `words`, one per line."""
    current = words[-1] if words else ""
    seen = set()
    with contextlib.suppress(LinnetError, OSError):
        for line in candidates(words):
            word = line.partition("\t")[0]
            if word not in seen and (line == FILE or word.startswith(current)):
                seen.add(word)
                print(line)
    return 0


def candidates(words: list[str]) -> Iterator[str]:
    """Yield what fits as the last of `words`; the caller drops what does not begin like it. Raises LinnetError."""
    before, current = words[:-1], words[-1] if words else ""
    machine, before = _machine(before)
    with Session(machine, client=Client(Layout.default(), start=False)) as session:
        yield from _fitting(session, before, current)


def _fitting(session: Session, before: list[str], current: str) -> Iterator[str]:
    if before and before[-1] in ("-m", "--machine"):
        yield from session.layout.machine_names()
    elif before == ["--"]:
        yield from sorted(ENGINE_VERBS)
    elif not before:
        yield from _first(current)
    elif before[0] != "--" and (len(before) == 1 or is_own(before)) and before[0] in OWN:
        yield from _own(session, before, current)
        if OWN[before[0]] is not None and len(before) == 1:
            yield from _engine(session, before)
    else:
        if current.startswith("-") and before[0] != "--" and is_removal(before):
            yield from (f"{name}\t{text}" for name, text in OWN_OPTIONS.items())
        yield from _engine(session, before[1:] if before[0] == "--" else before)


def _machine(words: list[str]) -> tuple[str | None, list[str]]:
    if len(words) >= 2 and words[0] in ("-m", "--machine"):
        return words[1], words[2:]
    if words and words[0].startswith("--machine="):
        return words[0].partition("=")[2], words[1:]
    return None, words


def _first(current: str) -> Iterator[str]:
    if current.startswith("-"):
        yield from ("--machine", "--verbose", "--version", "--help")
        return
    yield from (name for name in OWN if not name.startswith("_"))
    yield from sorted(ENGINE_VERBS)


def _own(session: Session, before: list[str], current: str) -> Iterator[str]:
    from app.cli.run import load_all

    own = load_all()
    if before[0] == "help":
        before = before[1:]
        if not before:
            yield from sorted({entry.path.split()[0] for entry in own})
    found = registry.find(before)
    if found is None or not found[1]:
        for entry in own:
            path = entry.path.split()
            if len(path) > len(before) and path[: len(before)] == before:
                name = path[len(before)]
                yield f"{name}\t{entry.summary}" if len(path) == len(before) + 1 else name
    if found is None:
        return
    chosen, given = found
    yield from _values(session, chosen, given, current)


def _values(session: Session, chosen: Command, given: list[str], current: str) -> Iterator[str]:
    options = {parameter.spelling: parameter for parameter in chosen.parameters if parameter.option}
    if given and given[-1] in options and options[given[-1]].value_name:
        yield from _offer(session, options[given[-1]])
        return
    if current.startswith("-"):
        yield from (f"{name}\t{parameter.argument.help}" for name, parameter in options.items())
        return
    place = len([word for word in given if not word.startswith("-")])
    positionals = [parameter for parameter in chosen.parameters if not parameter.option]
    if place < len(positionals):
        yield from _offer(session, positionals[place])


def _offer(session: Session, parameter: registry.Parameter) -> Iterator[str]:
    argument = parameter.argument
    yield from argument.choices
    if argument.complete == "machine":
        yield from session.layout.machine_names()
    elif argument.complete == "file":
        yield FILE
    elif argument.complete == "container":
        yield from _ask(session, ["ps", "--all", "--format", "{{.Names}}"])
    elif argument.complete == "snapshot":
        yield from (one["name"] for one in session.client.get(session.path("/snapshots")))
    elif argument.complete == "image":
        yield from (one["version"] for one in session.client.get("/v1/images"))
    elif argument.complete == "volume":
        yield from _ask(session, ["volume", "ls", "--quiet"])
    elif argument.complete == "volume-snapshot":
        yield from (one["name"] for one in session.client.get(session.path("/volume-snapshots")))
    elif argument.complete == "trash":
        yield from (f"{one['id']}\t{one['name']}" for one in session.client.get(session.path("/trash")))
    elif argument.complete == "share":
        yield from (share["path"] for share in session.client.get(session.path("/shares")))
    elif argument.complete == "setting":
        from app.core.settings import APP_SETTINGS
        from vm.config.settings import MACHINE_SETTINGS

        yield from (f"{setting.name}\t{setting.help}" for setting in (*MACHINE_SETTINGS, *APP_SETTINGS))


def _engine(session: Session, before: list[str]) -> Iterator[str]:
    yield FILE
    verb = before[1] if len(before) > 1 and before[0] in ("container", "image") else before[0]
    if verb in CONTAINER_VERBS:
        yield from _ask(session, ["ps", "--all", "--format", "{{.Names}}"])
    if before[:1] == ["volume"]:
        yield from _ask(session, ["volume", "ls", "--quiet"])
    if verb in IMAGE_VERBS or before[:1] == ["image"]:
        for name in _ask(session, ["images", "--format", "{{.Repository}}:{{.Tag}}"]):
            if "<none>" not in name:
                yield name


def _ask(session: Session, argv: list[str]) -> Iterator[str]:
    body = {"argv": argv, "engine": True, "cwd": None, "env": {}, "tty": False, "rows": 24, "cols": 80, "wake": False}
    connection = session.client.upgrade(session.path("/exec"), body)
    with contextlib.closing(connection):
        connection.send(encode(FrameType.end_of_stdin))
        yield from _output(connection).decode(errors="replace").split()


def _output(connection: Connection) -> bytes:
    decoder, found = Decoder(), b""
    while data := connection.recv(CHUNK):
        for kind, payload in decoder.feed(data):
            if kind is FrameType.stdout:
                found += payload
            elif kind in (FrameType.exit, FrameType.error):
                return found
    return found
