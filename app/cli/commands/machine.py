"""`linnet machine`: create, start, stop, look at and delete machines."""

from __future__ import annotations

import sys
from typing import Annotated, Any

from app.cli import output
from app.cli.command import Argument, command
from app.cli.session import Session
from vm.errors import CancelledByUserError, UsageError
from vm.units import human_duration, human_size

Name = Annotated[
    str | None, Argument("The machine; default: the one of -m, LINNET_MACHINE or the settings.", complete="machine")
]
Json = Annotated[bool, Argument("Print JSON.")]
Assignments = Annotated[
    list[str] | None,
    Argument("Any other setting, see docs/config.md.", name="NAME=VALUE", complete="setting"),
]
Cpus = Annotated[str | None, Argument("Processors.", name="NUMBER")]
Memory = Annotated[str | None, Argument("Memory, such as 4GiB.", name="SIZE")]
Disk = Annotated[str | None, Argument("Size of the data disk, such as 100GiB; it can only grow.", name="SIZE")]
Engine = Annotated[
    str | None, Argument("Container engine.", choices=("podman", "podman-rootful", "docker"), complete="engine")
]


@command("machine create")
def create(
    session: Session,
    name: Name = None,
    *,
    cpus: Cpus = None,
    memory: Memory = None,
    disk: Disk = None,
    engine: Engine = None,
    set_: Assignments = None,
    start: Annotated[bool, Argument("Start it as well.")] = False,
) -> None:
    """Create a machine.

    Settings that are not given have the defaults of docs/config.md. The first container command creates and starts
    the default machine by itself.
    """
    chosen = session.machine(name)
    settings = changes(set_, cpus=cpus, memory=memory, disk=disk, engine=engine)
    session.operate("POST", "/v1/machines", {"name": chosen, "settings": settings})
    output.say(f"Machine '{chosen}' is created.")
    if start:
        _operate(session, name, "start", "is running")


@command("machine start")
def start(session: Session, name: Name = None) -> None:
    """Start a machine, and wait until its engine answers; a suspended one is resumed."""
    _operate(session, name, "start", "is running")


@command("machine stop")
def stop(
    session: Session,
    name: Name = None,
    *,
    force: Annotated[bool, Argument("Switch it off without waiting for containers and guest to end.")] = False,
) -> None:
    """Stop a machine: containers end, the guest shuts down."""
    _operate(session, name, "stop", "is stopped", {"force": force})


@command("machine suspend")
def suspend(session: Session, name: Name = None) -> None:
    """Write a machine's memory to disk and free it; containers go on where they were after a resume."""
    _operate(session, name, "suspend", "is suspended")


@command("machine resume")
def resume(session: Session, name: Name = None) -> None:
    """Bring a suspended machine back."""
    _operate(session, name, "resume", "is running")


@command("machine restart")
def restart(session: Session, name: Name = None) -> None:
    """Stop a machine and start it again, with its current settings."""
    _operate(session, name, "restart", "is running")


@command("machine delete", "rm", "remove")
def delete(
    session: Session, name: Name = None, *, force: Annotated[bool, Argument("Do not ask.", short="f")] = False
) -> None:
    """Delete a machine with all its images, containers and volumes.

    Says what will be lost and asks first; without a terminal to ask on, `--force` is needed.
    """
    chosen = session.machine(name)
    status = session.client.get(session.path("", name))
    loss = _loss(status)
    if not force and not _confirmed(f"{loss}\nDelete the machine '{chosen}'?"):
        raise CancelledByUserError(f"Machine '{chosen}' is left as it was.")
    if force:
        output.say(loss)
    session.operate("DELETE", session.path("", name))
    output.say(f"Machine '{chosen}' is deleted.")


@command("machine edit")
def edit(
    session: Session,
    name: Name = None,
    *,
    cpus: Cpus = None,
    memory: Memory = None,
    disk: Disk = None,
    engine: Engine = None,
    set_: Assignments = None,
    restart: Annotated[bool, Argument("Restart the machine if a change needs it.")] = False,
) -> None:
    """Change a machine's settings; without options, in an editor.

    Says which changes wait for a restart.
    """
    settings = changes(set_, cpus=cpus, memory=memory, disk=disk, engine=engine)
    if not settings:
        from app.cli.commands.config import edit_file

        edit_file(session, session.machine(name), restart=restart)
        return
    result = session.operate("PATCH", session.path("/settings", name), {"settings": settings, "restart": restart})
    tell_changed(session.machine(name), result)


@command("machine upgrade")
def upgrade(
    session: Session,
    name: Name = None,
    *,
    image: Annotated[
        str | None,
        Argument(
            "The guest image; default: the one of the settings, then the newest.", name="VERSION", complete="image"
        ),
    ] = None,
) -> None:
    """Start a machine with another guest image, which brings its engines and its kernel.

    A snapshot is taken first. Afterwards the file system is checked, whether the engine answers, and whether all
    images, containers and volumes are there; if something is not as it was, the machine goes back by itself.
    Running containers are stopped; those with a restart policy come back. `linnet image fetch` brings new images.
    """
    done = session.operate("POST", session.path("/upgrade", name), {"image": image})
    output.say(f"Machine '{session.machine(name)}' runs with the guest image {done['image']}.")


@command("machine list", "ls")
def list_(session: Session, *, json: Json = False) -> None:
    """List the machines."""
    machines = session.client.get("/v1/machines")
    if json:
        output.as_json(machines)
        return
    rows = [
        (
            status["name"],
            status["state"],
            (status.get("engine") or {}).get("kind"),
            status["cpus"],
            human_size(status["memory"]),
            human_size(status["disk"]),
            f"{status['driver']}/{status['accelerator']}",
        )
        for status in machines
    ]
    output.table(("name", "state", "engine", "cpus", "memory", "disk", "driver"), rows)


@command("machine status")
def status(session: Session, name: Name = None, *, json: Json = False) -> None:
    """Show how a machine is, probed now: state, engine, memory, disk, shares, problems."""
    found = session.client.get(session.path("", name))
    if json:
        output.as_json(found)
        return
    output.pairs(_status_pairs(found))


@command("machine shell")
def shell(
    session: Session,
    words: Annotated[
        list[str] | None, Argument("A command to run instead of a shell, after `--`.", name="COMMAND", rest=True)
    ] = None,
) -> int:
    """Open a shell in the machine, or run a command there; its exit code is this one's.

    Everything behind `--` is the command: `linnet -m work machine shell -- ls -l /data`.
    """
    import os

    from app.cli import hostpaths, passthrough

    shares = session.client.get(session.path("/shares"))
    folders = passthrough.shared_folders(shares)
    cwd = hostpaths.PathMap(folders, os.getcwd()).guest_cwd  # noqa: PTH109 - as the pass-through has it
    argv = words or ["/bin/bash", "--login"]
    return passthrough.run(session, argv, engine=False, cwd=cwd, env={}, wants_terminal=not words)


@command("machine logs")
def logs(
    session: Session,
    name: Name = None,
    *,
    source: Annotated[
        str,
        Argument(
            "Whose log: the guest's console, the virtual machine monitor, linnetd, or the agent in the guest.",
            choices=("serial", "vmm", "service", "agent"),
        ),
    ] = "serial",
    follow: Annotated[bool, Argument("Go on as more is written.", short="f")] = False,
    tail: Annotated[int | None, Argument("Only the last lines.", short="n", name="LINES")] = None,
) -> None:
    """Print a machine's log."""
    text = session.client.text_stream(session.path("/logs", name), source=source, follow=follow or None, tail=tail)
    for chunk in text:
        sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()


@command("machine compact")
def compact(
    session: Session,
    name: Name = None,
    *,
    offline: Annotated[
        bool, Argument("Write the disk anew; a running machine is stopped for that and started again.")
    ] = False,
    json: Json = False,
) -> None:
    """Give back to this computer what a machine does not use of its data disk.

    A running machine trims its file system, and the file gets holes where nothing is; it goes on running. That is all
    that most disks need. Where this computer's file system cannot have holes, or some are left, `--offline` writes
    the disk anew beside the old one, compares both, and replaces the old one. A machine that is stopped is compacted
    that way. Nothing is changed when there is no room for it.
    """
    done = session.operate("POST", session.path("/compact", name), {"offline": offline})
    if json:
        output.as_json(done)
        return
    chosen, freed = session.machine(name), max(0, done["before"] - done["after"])
    took = f"took {human_size(done['before'])} on this computer and takes {human_size(done['after'])} now"
    output.say(f"The data disk of machine '{chosen}' {took}.")
    output.say(f"{human_size(freed)} freed." if freed else "There was nothing to give back.")
    if done["possible"]:
        more = f"`linnet machine compact {chosen} --offline`, which stops the machine for a while"
        output.say(f"Up to {human_size(done['possible'])} more with {more}.")


def changes(assignments: list[str] | None, **named: str | None) -> dict[str, Any]:
    """Return settings by name, from options of their own and from `--set NAME=VALUE`.

    Raises:
        UsageError: an assignment has no `=`.
    """
    result: dict[str, Any] = {name: value for name, value in named.items() if value is not None}
    for assignment in assignments or []:
        name, sign, value = assignment.partition("=")
        if not sign or not name:
            raise UsageError(f"'{assignment}' is not NAME=VALUE.", hint="Write it like --set ports.address=0.0.0.0.")
        result[name] = value
    return result


def tell_changed(machine: str, result: dict[str, Any]) -> None:
    """Say what a change of settings did."""
    changed, waiting = result.get("changed") or [], result.get("restart_needed") or []
    output.say(f"Changed: {', '.join(changed)}." if changed else "Nothing changed.")
    if waiting:
        names = ", ".join(waiting)
        output.say(f"At the next start: {names}. `linnet machine restart {machine}` does it now.")


def _operate(session: Session, name: str | None, verb: str, done: str, body: dict[str, Any] | None = None) -> None:
    result = session.operate("POST", session.path(f"/{verb}", name), body or {})
    chosen = session.machine(name)
    socket = (result or {}).get("docker_socket") if done == "is running" else None
    output.say(f"Machine '{chosen}' {done}." + (f" Docker API: {socket}" if socket else ""))


def _loss(status: dict[str, Any]) -> str:
    use = status.get("disk_use")
    held = f", {human_size(use['used'])} in use" if use else ""
    return (
        f"All images, containers and volumes in '{status['name']}' will be lost{held}; "
        "shared folders stay, they are on this computer."
    )


def _confirmed(question: str) -> bool:
    if not sys.stdin.isatty():
        raise UsageError(f"{question} There is no terminal to ask on.", hint="`--force` deletes without asking.")
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _status_pairs(status: dict[str, Any]) -> list[tuple[str, object]]:
    engine, memory, disk = status.get("engine"), status.get("memory_use"), status.get("disk_use")
    pairs: list[tuple[str, object]] = [
        ("Machine", status["name"]),
        ("State", status["state"] + (f" ({status['step']})" if status.get("step") else "")),
    ]
    if engine:
        pairs.append(("Engine", _engine(engine, runs=status["state"] in ("running", "degraded"))))
    pairs += [
        ("Docker API", status["docker_socket"]),
        ("Driver", status["driver"]),
        ("Accelerator", _with_reason(status["accelerator"], status.get("accelerator_reason"))),
        ("Image", status["image"]),
        ("CPUs", status["cpus"]),
        ("Memory", human_size(status["memory"]) + _memory(memory)),
        ("Disk", human_size(status["disk"]) + _disk(disk)),
    ]
    if status.get("started_at"):
        import time

        pairs.append(("Up", human_duration(max(0.0, time.time() - status["started_at"]))))
    if status.get("clock_offset") is not None:
        pairs.append(("Clock", f"{status['clock_offset']:+.3f} s from this computer's"))
    if status.get("shares"):
        pairs.append(("Shares", "\n".join(_share(share) for share in status["shares"])))
    if status.get("restart_needed"):
        pairs.append(("At next start", ", ".join(status["restart_needed"])))
    if status.get("upgrade"):
        pairs.append(("Upgrade", f"the next start takes the guest image {status['upgrade']}, after a snapshot"))
    if status.get("upgrade_refused"):
        pairs.append(("Upgrade", f"not tried by itself: {status['upgrade_refused']}"))
    if status.get("errors"):
        pairs.append(("Problems", "\n".join(status["errors"])))
    return pairs


def _engine(engine: dict[str, Any], *, runs: bool) -> str:
    words = [engine["kind"], *([engine["version"]] if engine.get("version") else [])]
    if engine["healthy"]:
        words.append("answers")
    elif runs:
        words.append(f"does not answer: {engine['error']}" if engine.get("error") else "does not answer")
    return " ".join(words)


def _with_reason(value: str, reason: str | None) -> str:
    return f"{value} ({reason})" if reason else value


def _memory(use: dict[str, Any] | None) -> str:
    if not use:
        return ""
    ledger = ", ".join(f"{name} {human_size(use[name])}" for name in ("containers", "system", "cache", "free"))
    host = f"\n{human_size(use['host_rss'])} of this computer's memory" if use.get("host_rss") else ""
    return f"\n{ledger}{host}"


def _disk(use: dict[str, Any] | None) -> str:
    return f" ({human_size(use['used'])} used; {human_size(use['on_host'])} on this computer)" if use else ""


def _share(share: dict[str, Any]) -> str:
    where = "" if share["guest_path"] == share["path"] else f" at {share['guest_path']}"
    mode = "read-only" if share["read_only"] else "read-write"
    state = "" if share["mounted"] else ", not mounted"
    problem = f": {share['error']}" if share.get("error") else ""
    return f"{share['path']}{where} ({share['kind']}, {mode}{state}){problem}"
