"""Words about machines: engines, and what a machine runs on."""

from __future__ import annotations

from collections.abc import Iterable

from app.gui.text import mark, tr
from vm.machine.status import MachineStatus

ENGINES = (
    (
        "podman",
        mark("Podman"),
        mark("Recommended. Without root: a container that breaks out is an ordinary user of the machine."),
    ),
    (
        "podman-rootful",
        mark("Podman as root"),
        mark("For containers that need more rights, such as low ports or devices."),
    ),
    ("docker", mark("Moby"), mark("Docker's own engine, for tools that need exactly that.")),
)
"""Kind, name and description of each engine; the texts are English and translated where they are shown."""


_SETTINGS = {
    "cpus": mark("Processors"),
    "memory": mark("Memory"),
    "disk": mark("Disk"),
    "engine": mark("Engine"),
    "home_share": mark("Home folder"),
    "shares": mark("Shared folders"),
    "image": mark("Guest image"),
}


def setting_names(names: Iterable[str]) -> str:
    """Return what people call settings, as a list in one line; one that the window has no word for keeps its own."""
    return ", ".join(tr(_SETTINGS[name]) if name in _SETTINGS else name for name in names)


def engine_name(kind: str) -> str:
    """Return what people call an engine."""
    return next((tr(name) for known, name, _ in ENGINES if known == kind), kind)


def engine_text(status: MachineStatus) -> str:
    """Return engine and version of a machine, "–" when that is not known."""
    engine = status.engine
    return f"{engine_name(engine.kind)} {engine.version or ''}".strip() if engine else "–"


def hardware_text(status: MachineStatus) -> str:
    """Return driver and accelerator of a machine, "–" when they are not known."""
    words = [word for word in (status.driver, status.accelerator) if word]
    return ", ".join(dict.fromkeys(choice_text(word) for word in words)) or "–"


def choice_text(value: str) -> str:
    """Return a value that may be left to Linnet as people call it."""
    return tr("chosen at the start") if value == "auto" else value
