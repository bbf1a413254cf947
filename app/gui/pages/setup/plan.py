"""What the assistant is going to do: the user's choices, and the steps."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from app.gui.text import tr


@dataclass(frozen=True)
class Plan:
    """The user's choices.

    Attributes:
        settings: of the machine, by dotted name.
        login: whether the desktop app starts at login; None leaves that as it is.
    """

    settings: dict[str, Any]
    login: bool | None = None


class Step(enum.StrEnum):
    """What is done, in this order."""

    image = "image"
    machine = "machine"
    start = "start"
    hello = "hello"


class Progress(enum.StrEnum):
    """How far a step is."""

    waiting = "waiting"
    running = "running"
    done = "done"
    failed = "failed"


def step_title(step: Step) -> str:
    """Return what a step is called."""
    return {
        Step.image: tr("Have the guest image: the small Linux that the machine boots"),
        Step.machine: tr("Make the machine"),
        Step.start: tr("Start it and wait for the engine"),
        Step.hello: tr("Run a first container"),
    }[step]
