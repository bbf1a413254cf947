"""`linnet limits`: what containers may use, and what they use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from app.cli import output
from app.cli.command import Argument, command
from app.cli.session import Session
from vm.errors import UsageError
from vm.units import human_size, parse_size

UNLIMITED = "unlimited"

_HELP = "`linnet limits --help` shows what can be written."


@command("limits")
def limits(
    session: Session,
    container: Annotated[
        str | None, Argument("Name or ID of a container; default: all that run.", complete="container")
    ] = None,
    *,
    cpus: Annotated[str | None, Argument("Processors, such as 1.5, or unlimited.", name="NUMBER")] = None,
    memory: Annotated[str | None, Argument("Memory, such as 512MiB, or unlimited.", name="SIZE")] = None,
    swap: Annotated[
        str | None, Argument("Swap besides the memory, such as 256MiB, 0 for none, or unlimited.", name="SIZE")
    ] = None,
    pids: Annotated[str | None, Argument("Processes and threads, or unlimited.", name="NUMBER")] = None,
    io_weight: Annotated[
        str | None,
        Argument("Its share of the disk while others use it too, 10 to 1000; 20 is as without.", name="NUMBER"),
    ] = None,
    force: Annotated[
        bool, Argument("Set a limit also when the container uses more now; the kernel may end processes in it.")
    ] = False,
    json: Annotated[bool, Argument("Print JSON.")] = False,
) -> None:
    """Show what containers may use, in the kernel's words, and what they use; with options, change that while they run.

    A limit is given to the engine, which keeps it for the next start, and then looked up in the files of the
    container's cgroup: when it is not in force there, everything is put back as it was. `linnet run` takes the engine's
    own options: --cpus, --memory, --memory-swap, --pids-limit, --blkio-weight.
    """
    changes = _changes(cpus=cpus, memory=memory, swap=swap, pids=pids, io_weight=io_weight)
    if container is None:
        if changes or force:
            raise UsageError("The container is missing.", hint="Write its name: `linnet limits web --memory 512MiB`.")
        found = session.client.get(session.path("/limits"))
        if json:
            output.as_json(found)
        else:
            _show_all(found, session.client.get(session.path("/stats"))["guest"])
        return
    path = session.path(f"/containers/{quote(container, safe='')}/limits")
    if not changes:
        if force:
            raise UsageError("--force goes with a limit to set.", hint="Such as --memory 512MiB.")
        found = session.client.get(path)
    else:
        found = session.client.patch(path, {**changes, "force": force})
        for warning in found["warnings"]:
            output.say(f"The engine says: {warning}")
    if json:
        output.as_json(found)
        return
    output.pairs(_pairs(found))


def _changes(**texts: str | None) -> dict[str, Any]:
    given = {name: text.strip() for name, text in texts.items() if text is not None}
    return {name: _value(name, text) for name, text in given.items()}


def _value(name: str, text: str) -> float | int:
    """Return what the text of an option means. Raises UsageError."""
    option = f"--{name.replace('_', '-')}"
    if text == UNLIMITED and name != "io_weight":
        return -1 if name == "swap" else 0
    try:
        value = parse_size(text) if name in ("memory", "swap") else float(text) if name == "cpus" else int(text)
    except ValueError as error:
        reason = str(error) if name in ("memory", "swap") else f"'{text}' is not a number."
        raise UsageError(f"{option}: {reason}", hint=_HELP) from error
    low, high = (10, 1000) if name == "io_weight" else (0, float("inf"))
    if not low <= value < float("inf") or value > high or (value == 0 and name != "swap"):
        wanted = "10 to 1000" if name == "io_weight" else f"more than 0, or {UNLIMITED}"
        raise UsageError(f"{option} is {wanted}; {text} is not.", hint=_HELP)
    return value


def _show_all(found: list[dict[str, Any]], guest: Mapping[str, Any]) -> None:
    rows: list[tuple[object, ...]] = [
        (
            one["name"],
            _number(one["limits"]["cpus"]),
            f"{human_size(_held(one['use']))} / {_size(one['limits']['memory'])}",
            _swap(one["limits"]["swap"]),
            f"{one['use']['pids']} / {_number(one['limits']['pids'])}",
            one["limits"]["io_weight"],
            _waits(one["pressure"]),
            one["use"]["oom_kills"],
        )
        for one in sorted(found, key=lambda one: str(one["name"]))
    ]
    memory = f"{human_size(guest['memory']['used'])} / {human_size(guest['memory']['total'])}"
    waits = _waits(guest["pressure"])
    rows.append(("(the machine)", guest["cpu"]["cpus"], memory, None, None, None, waits, None))
    headers = ("container", "cpus", "memory", "swap", "processes", "i/o weight", "waits: cpu memory i/o", "oom kills")
    output.table(headers, rows)


def _pairs(one: Mapping[str, Any]) -> list[tuple[str, object]]:
    may, use, room = one["limits"], one["use"], one["room"]
    pairs: list[tuple[str, object]] = [("Container", f"{one['name']} ({one['id'][:12]})")]
    if use is None:
        pairs += [("State", "does not run; at its next start it may use this"), ("CPUs", _number(may["cpus"]))]
        pairs += [("Memory", _size(may["memory"])), ("Swap", _swap(may["swap"]))]
        return [*pairs, ("Processes", _number(may["pids"])), ("I/O weight", may["io_weight"] or "as others")]
    slowed = f"; held back for {use['throttled_usec'] / 1e6:.1f} s so far" if use["throttled_usec"] else ""
    cache = f", {human_size(use['reclaimable'])} more that it can give back" if use["reclaimable"] else ""
    kills = f"; the kernel ended a process {_times(use['oom_kills'])}" if use["oom_kills"] else ""
    refused = f"; {use['pids_refused']} could not be started" if use["pids_refused"] else ""
    no_swap = "" if room["swap"] else "; this machine has no swap"
    pairs += [
        ("CPUs", f"{_number(may['cpus'])}; the machine has {room['cpus']}{slowed}"),
        (
            "Memory",
            f"{_size(may['memory'])}; uses {human_size(_held(use))}{cache}{kills}",
        ),
        ("Swap", f"{_swap(may['swap'])}; uses {human_size(use['swap'])}{no_swap}"),
        ("Processes", f"{_number(may['pids'])}; has {use['pids']}{refused}"),
        ("I/O weight", f"{may['io_weight'] or 'none in this kernel'}; {room['io_weight']} is usual"),
    ]
    words = {"cpu": "CPU", "memory": "memory", "io": "disk"}
    waits = [
        f"{words[name]} {one['pressure'][name]['some']:g}% (all at once {one['pressure'][name]['full']:g}%)"
        for name in ("cpu", "memory", "io")
    ]
    return [*pairs, ("Waits", f"{', '.join(waits)} of the last 10 s")]


def _waits(pressure: Mapping[str, Any]) -> str:
    return " ".join(f"{pressure[name]['some']:g}%" for name in ("cpu", "memory", "io"))


def _held(use: Mapping[str, Any]) -> int:
    return max(0, int(use["memory"]) - int(use["reclaimable"]))


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _number(value: float) -> str:
    return f"{value:g}" if value else "no limit"


def _size(value: int) -> str:
    return human_size(value) if value else "no limit"


def _swap(value: int) -> str:
    return "no limit" if value < 0 else human_size(value) if value else "none"
