"""What a container may use, and what it uses: read from the files of its cgroup, changed through its engine.

The engine is told, so that it remembers a limit and applies it at the next start; whether the limit is in force is
then read from the files, and put back as it was when they say something else than was asked for.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from agent import cgroup, iocost, limit_words, memory
from agent.engines.api import ApiError, Connection, ask
from agent.engines.base import Engine
from agent.engines.switch import Engines
from agent.errors import AgentError, closing
from agent.limit_words import IO_WEIGHTS, NAMES, Values
from agent.loop import Loop
from agent.methods import Method

_LIMIT = 60.0
"""Seconds that the engine may take: two calls of its runtime, on an emulated CPU."""

_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
"""Names and numbers of containers."""

_LEAST_MEMORY = 6 << 20
"""Bytes; Moby refuses less, and nothing runs with less under Podman."""

_LEAST_CPUS = 0.01
_MOST_PIDS = 4_194_304
"""The kernel has no more numbers for processes."""

_ROUNDED = 0.02
"""By how much a value in a file may differ from what was asked for: systemd rounds quotas, the kernel pages."""


class Room(NamedTuple):
    """What the guest has: processors, bytes of memory and of swap; and the weight of block I/O that is usual."""

    cpus: int
    memory: int
    swap: int
    io_weight: int


class _Subject(NamedTuple):
    """A container as its engine describes it; `folders` are the cgroup's, its own first, none when it does not run."""

    id: str
    name: str
    host: dict[str, Any]
    folders: tuple[str, ...]


def methods(loop: Loop, engines: Engines) -> dict[str, Method]:
    """Return the agent's methods about limits, by name."""
    limits = Limits(loop, engines)
    return {"limits.show": limits.show, "limits.set": limits.change}


class Limits:
    """The limits of the containers of the engine in use."""

    def __init__(self, loop: Loop, engines: Engines) -> None:
        self._loop = loop
        self._engines = engines
        self._busy: set[str] = set()

    async def show(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        """Tell about the container that `container` names, or about all that run."""
        wanted = params.get("container")
        engine = self._engines.current
        connection = engine.connect(self._loop)
        try:
            shown: list[dict[str, Any]] = await self._loop.timeout(
                _LIMIT, _show(engine, connection, None if wanted is None else str(wanted))
            )
            return shown
        finally:
            connection.close()

    async def change(self, params: dict[str, Any]) -> dict[str, Any]:
        """Change limits of the container that `container` names; what is not given stays as it is.

        Raises:
            AgentError: a value is absurd, the container uses more than it may, or the engine does not take it; nothing
                has changed then.
        """
        engine = self._engines.current
        wanted = asked_for(params, _room(engine.kind))
        connection = engine.connect(self._loop)
        try:
            subject = await self._loop.timeout(_LIMIT, _find(engine, connection, str(params["container"])))
            if subject.id in self._busy:
                raise AgentError(
                    "conflict",
                    f"The limits of container '{subject.name}' are being changed already.",
                    hint="Try again in a moment.",
                )
            self._busy.add(subject.id)
            try:
                return await self._change(engine, connection, subject, wanted, force=bool(params.get("force")))
            finally:
                self._busy.discard(subject.id)
        finally:
            connection.close()

    async def _change(
        self, engine: Engine, connection: Connection, subject: _Subject, wanted: Values, *, force: bool
    ) -> dict[str, Any]:
        if subject.folders and not force:
            refuse_below_use(subject.name, wanted, use_of(subject.folders))
        if subject.folders and "io_weight" in wanted:
            if not os.path.exists(f"{subject.folders[0]}/io.weight"):
                raise AgentError("unavailable", "The guest's kernel has no weights of block I/O for containers.")
            iocost.switch_on()
        was = _now(engine.kind, subject)
        try:
            warnings = await self._send(engine, connection, subject, wanted)
        except ApiError as error:
            rest = await self._undo(engine, subject, was)
            raise AgentError("guest", f"The engine {engine.kind} does not take it: {closing(error)}{rest}") from error
        found = await self._loop.timeout(_LIMIT, _find(engine, connection, subject.id))
        if not subject.folders and engine.kind != "docker":
            # Podman describes a container that does not run as it ran last.
            return {**_entry(engine.kind, found), "warnings": [*warnings, "Podman shows it from the next start on."]}
        wrong = difference(engine.kind, found, limit_words.outcome(was, wanted))
        if wrong:
            rest = await self._undo(engine, subject, was)
            raise AgentError("guest", f"The engine {engine.kind} took it, but {wrong}.{rest}")
        return {**_entry(engine.kind, found), "warnings": warnings}

    async def _send(self, engine: Engine, connection: Connection, subject: _Subject, wanted: Values) -> list[str]:
        """Have the engine change limits; return what it warns of."""
        room = _room(engine.kind)
        body = limit_words.update(engine.kind, subject.host, wanted, room.cpus, room.memory)
        return await self._loop.timeout(_LIMIT, _post(engine, connection, subject.id, body))  # type: ignore[no-any-return]

    async def _undo(self, engine: Engine, subject: _Subject, was: Values) -> str:
        """Give the engine the limits that it had, as far as it takes them; say in a sentence whether it did."""
        described = limit_words.of_engine(subject.host)
        usual = {"cpus": 0, "memory": 0, "swap": -1, "pids": 0, "io_weight": _room(engine.kind).io_weight}
        connection = engine.connect(self._loop)
        try:
            found = await self._loop.timeout(_LIMIT, _find(engine, connection, subject.id))
            now, told = _now(engine.kind, found), limit_words.of_engine(found.host)
            room = _room(engine.kind)
            moved = [
                name
                for name in was
                if not (same(name, was[name], now[name], room) and same(name, described[name], told[name], room))
            ]
            if moved:
                old = {name: described[name] if described[name] is not None else usual[name] for name in moved}
                await self._send(engine, connection, found, old)
                found = await self._loop.timeout(_LIMIT, _find(engine, connection, subject.id))
            wrong = difference(engine.kind, found, was)
        except (ApiError, AgentError) as error:
            wrong = str(error)
        finally:
            connection.close()
        return f" Putting back the old limits failed: {closing(wrong)}" if wrong else " The limits are as they were."


def difference(kind: str, found: _Subject, expected: Values) -> str:
    """Say which limit is another than expected; None in `expected` is right in any case."""
    now, room = _now(kind, found), _room(kind)
    where = "the container's cgroup" if found.folders else "its own description"
    for name, value in expected.items():
        if value is not None and not same(name, value, now[name], room):
            return f"{where} says {NAMES[name]} {_written(name, now[name])} instead of {_written(name, value)}"
    return ""


def asked_for(params: Mapping[str, Any], room: Room) -> Values:
    """Return the limits in the parameters of a request. Raises AgentError for what makes no sense."""
    wanted: Values = {}
    for name in ("cpus", "memory", "swap", "pids", "io_weight"):
        if params.get(name) is not None:
            wanted[name] = float(params[name]) if name == "cpus" else int(params[name])
    if not wanted:
        raise AgentError("usage", "No limit is given.")
    problem = _absurd(wanted, room)
    if problem:
        raise AgentError("usage", problem)
    return wanted


def _absurd(wanted: Values, room: Room) -> str:
    cpus, size, swap = wanted.get("cpus") or 0, wanted.get("memory") or 0, wanted.get("swap")
    pids, weight = wanted.get("pids") or 0, wanted.get("io_weight")
    if cpus and not _LEAST_CPUS <= cpus <= room.cpus:
        return f"A limit of CPUs is from {_LEAST_CPUS} to the {room.cpus} of the machine; {cpus:g} is not."
    if size and not _LEAST_MEMORY <= size <= room.memory:
        return (
            f"A limit of memory is from {_mib(_LEAST_MEMORY)} to the {_mib(room.memory)} of the machine; "
            f"{_mib(size)} is not."
        )
    if swap is not None and not -1 <= swap <= 1 << 50:
        return f"A limit of swap is a number of bytes, 0 for none, -1 for no limit; {swap:g} is not."
    if pids and not 1 <= pids <= _MOST_PIDS:
        return f"A limit of processes is from 1 to {_MOST_PIDS}; {pids:g} is not."
    if weight is not None and not IO_WEIGHTS[0] <= weight <= IO_WEIGHTS[1]:
        return f"A weight of block I/O is from {IO_WEIGHTS[0]} to {IO_WEIGHTS[1]}; {weight:g} is not."
    return ""


def refuse_below_use(name: str, wanted: Values, use: Mapping[str, int]) -> None:
    """Raise AgentError (conflict) when the container uses more now than it shall be allowed to."""
    size, held = wanted.get("memory") or 0, use["memory"] - use["reclaimable"]
    if size and size < held:
        raise AgentError(
            "conflict",
            f"Container '{name}' holds {_mib(held)} that it cannot give back, which is more than {_mib(size)}: the "
            "kernel would end processes in it.",
        )
    swap = wanted.get("swap")
    if swap is not None and 0 <= swap < use["swap"]:
        raise AgentError("conflict", f"Container '{name}' has {_mib(use['swap'])} in swap, more than {_mib(swap)}.")
    pids = wanted.get("pids") or 0
    if pids and pids < use["pids"]:
        raise AgentError(
            "conflict",
            f"Container '{name}' has {use['pids']} processes and threads, which is more than {pids:g}: it could start "
            "no others.",
        )


def limits_of(folders: tuple[str, ...], kind: str) -> Values:
    """Return the limits in force, from the files of the container's cgroups, its own first.

    Runtimes put processes into a cgroup below the container's sometimes, and a limit into either: the tightest counts.
    """
    found: Values = {}
    for name, reader in (("cpus", _cpus), ("memory", _bytes_of("memory.max")), ("pids", _bytes_of("pids.max"))):
        set_here = [value for value in map(reader, folders) if value]
        found[name] = min(set_here, default=0)
    swaps = [cgroup.read(f"{folder}/memory.swap.max").strip() for folder in folders]
    found["swap"] = min((int(text) for text in swaps if text.isdigit()), default=-1)
    weight = cgroup.flat(cgroup.read(f"{folders[0]}/io.weight")).get(b"default")
    found["io_weight"] = limit_words.engine_weight(kind, weight) if weight else None
    return found


def use_of(folders: tuple[str, ...]) -> dict[str, int]:
    """Return what the container uses now: bytes, and numbers of processes, kills and microseconds."""
    folder = folders[0]
    stat = cgroup.flat(cgroup.read(f"{folder}/memory.stat"))
    cpu = cgroup.flat(cgroup.read(f"{folder}/cpu.stat"))
    inner = cgroup.flat(cgroup.read(f"{folders[-1]}/cpu.stat"))
    return {
        "memory": cgroup.number(cgroup.read(f"{folder}/memory.current")),
        "reclaimable": sum(stat.get(key, 0) for key in (b"inactive_file", b"active_file", b"slab_reclaimable")),
        "swap": cgroup.number(cgroup.read(f"{folder}/memory.swap.current")),
        "pids": cgroup.number(cgroup.read(f"{folder}/pids.current")),
        "cpu_usec": cpu.get(b"usage_usec", 0),
        "throttled_usec": max(cpu.get(b"throttled_usec", 0), inner.get(b"throttled_usec", 0)),
        "oom_kills": cgroup.flat(cgroup.read(f"{folder}/memory.events")).get(b"oom_kill", 0),
        "pids_refused": cgroup.flat(cgroup.read(f"{folder}/pids.events")).get(b"max", 0),
    }


def same(name: str, wanted: float | None, found: float | None, room: Room) -> bool:
    """Return whether `found` is `wanted`, as exactly as files have it; all that there is, is no limit."""
    if wanted is None or found is None:
        return wanted is found
    if name in ("cpus", "memory"):
        most = room.cpus if name == "cpus" else room.memory
        wanted, found = (0 if value >= most else value for value in (wanted, found))
    if name == "io_weight":
        return abs(wanted - found) <= 1
    if min(wanted, found) <= 0:
        return wanted == found
    return abs(wanted - found) <= wanted * _ROUNDED


async def _show(engine: Engine, connection: Connection, wanted: str | None) -> list[dict[str, Any]]:
    if wanted is not None:
        return [_entry(engine.kind, await _find(engine, connection, wanted))]
    found = []
    for listed in await connection.json("/containers/json"):
        try:
            found.append(_entry(engine.kind, await _find(engine, connection, listed["Id"])))
        except AgentError:
            continue  # it ended meanwhile
    return found


async def _find(engine: Engine, connection: Connection, wanted: str) -> _Subject:
    if not _REFERENCE.fullmatch(wanted):
        raise AgentError("not-found", f"There is no container '{wanted}'.")
    try:
        data = await engine.describe(connection, wanted)
    except ApiError as error:
        if error.status == 404:
            raise AgentError("not-found", f"There is no container '{wanted}'.") from error
        raise
    state = data.get("State") or {}
    folders: tuple[str, ...] = ()
    if (state.get("Running") or state.get("Paused")) and state.get("Pid"):
        folders = cgroup.folders_of(int(state["Pid"]), data["Id"])
    name = str(data.get("Name") or "").removeprefix("/")
    return _Subject(data["Id"], name, data.get("HostConfig") or {}, folders)


def _now(kind: str, subject: _Subject) -> Values:
    """Return the limits in force; of a container that does not run, those of its next start."""
    return limits_of(subject.folders, kind) if subject.folders else limit_words.of_engine(subject.host)


def _entry(kind: str, subject: _Subject) -> dict[str, Any]:
    running = bool(subject.folders)
    return {
        "id": subject.id,
        "name": subject.name,
        "running": running,
        "limits": _now(kind, subject),
        "described": limit_words.of_engine(subject.host),
        "use": use_of(subject.folders) if running else None,
        "pressure": cgroup.pressures(subject.folders[0]) if running else None,
        "room": _room(kind)._asdict(),
    }


async def _post(engine: Engine, connection: Connection, container: str, body: Mapping[str, Any]) -> list[str]:
    path = limit_words.path(engine.kind, container)
    text = await ask(connection, "POST", path, body)
    try:
        answer = json.loads(text)
    except ValueError:
        return []  # Podman answers with the container's id
    return [str(one) for one in answer.get("Warnings") or []] if isinstance(answer, dict) else []


def _room(kind: str) -> Room:
    with open("/proc/meminfo", encoding="ascii") as file:
        text = file.read()
    return Room(os.cpu_count() or 1, memory.parse(text)["total"], memory.swap(text), limit_words.engine_weight(kind))


def _cpus(folder: str) -> float:
    words = cgroup.read(f"{folder}/cpu.max").split()
    return round(int(words[0]) / int(words[1]), 3) if len(words) == 2 and words[0].isdigit() else 0


def _bytes_of(file: str) -> Callable[[str], float]:
    return lambda folder: cgroup.number(cgroup.read(f"{folder}/{file}"))


def _mib(size: float) -> str:
    return f"{size / (1 << 20):.0f} MiB"


def _written(name: str, value: float | None) -> str:
    if value is None:
        return "none"
    return _mib(value) if name in ("memory", "swap") and value > 0 else f"{value:g}"
