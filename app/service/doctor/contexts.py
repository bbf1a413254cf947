"""Check of the docker contexts: those that `linnet context` made must lead to a machine that exists."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from app.service.doctor.model import DoctorContext, Finding, failed, ok, skipped, warning
from vm.layout import Layout
from vm.process import run


def docker_config_folder() -> Path:
    """Return where the docker command line keeps its settings."""
    return Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker")


async def contexts(context: DoctorContext) -> Finding:
    """Look for docker contexts that lead to a socket of ours which no machine has."""
    ours = dict(_ours(context.layout, docker_config_folder()))
    if not ours:
        return skipped("There is no docker context for Linnet; `linnet context` makes one.")
    lost = _lost(context)
    if not lost:
        return ok(f"Docker contexts: {', '.join(ours)}.")
    text = "; ".join(f"'{name}' leads to {ours[name]}, and no machine has that socket" for name in lost)
    removable = shutil.which("docker") is not None
    advice = "The contexts are removed." if removable else f"Remove them with `docker context rm {' '.join(lost)}`."
    say = failed if _current() in lost else warning
    return say(f"{text}.", advice, automatic=removable)


async def remove_contexts(context: DoctorContext) -> None:
    """Remove the contexts that lead nowhere; docker falls back to its default one."""
    lost = _lost(context)
    if lost:
        await run(["docker", "context", "rm", "--force", *lost])


def _lost(context: DoctorContext) -> list[str]:
    sockets = {str(context.layout.machine(name).docker_socket) for name in context.machine_names()}
    ours = _ours(context.layout, docker_config_folder())
    return sorted(name for name, host in ours if _path_of(host) not in sockets)


def _current() -> str:
    try:
        data = json.loads((docker_config_folder() / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(data.get("currentContext", "")) if isinstance(data, dict) else ""


def _path_of(host: str) -> str:
    return host.removeprefix("unix://")


def _ours(layout: Layout, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield name and address of every context whose socket lies in our run folder."""
    for path in sorted(folder.glob("contexts/meta/*/meta.json")):
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            name, host = str(data["Name"]), str(data["Endpoints"]["docker"]["Host"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if Path(_path_of(host)).is_relative_to(layout.run):
            yield name, host
