"""How long work tells what it is doing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """One step of a long operation, as the user sees it.

    Attributes:
        text: what is going on, a short phrase such as "Waiting for the engine".
        done: how much of `total` is done, in bytes or steps; None when it cannot be measured.
        total: the whole, or None.
    """

    text: str
    done: int | None = None
    total: int | None = None


Reporter = Callable[[Progress], None]
"""Called from the event loop; must not block."""


def ignore(_progress: Progress) -> None:
    """Take a report and drop it."""
