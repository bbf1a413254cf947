"""What a figure is, and how pairs are measured."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Timed = Callable[[], float]
"""Does something once and returns how long it took, in seconds."""


class BenchError(Exception):
    """A figure cannot be measured; the message says why."""


@dataclass(frozen=True)
class Result:
    """One figure, measured.

    Attributes:
        figure: what it is, as in the table of targets.
        parts: the measured quantities by name, in `unit`.
        unit: s, ms, MB, MiB or %.
        value: what is compared with the target: a ratio, or the only part.
        target: the most it may be; None when it is only reported.
        error: why it could not be measured.
    """

    figure: str
    parts: dict[str, float] = field(default_factory=dict)
    unit: str = "s"
    value: float | None = None
    target: float | None = None
    error: str | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None when there is none or nothing was measured."""
        if self.value is None or self.target is None:
            return None
        return self.value <= self.target


Figure = Callable[..., Iterator[Result]]


def timed(work: Callable[[], object]) -> float:
    """Return how long `work` takes, in seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def pairs(ours: Timed, baseline: Timed, count: int, *, limit: float = 240) -> tuple[list[float], list[float]]:
    """Measure both `count` times, in turn, so that a change of the host's load meets both alike.

    Stops early, but not before the first pair, when `limit` seconds have gone.
    """
    first: list[float] = []
    second: list[float] = []
    end = time.monotonic() + limit
    for number in range(count):
        if number and time.monotonic() > end:
            break
        # Who comes first alternates too.
        for target, work in ((first, ours), (second, baseline))[:: 1 if number % 2 == 0 else -1]:
            target.append(work())
    return first, second


def ratio(
    figure: str, ours: list[float], baseline: list[float], target: float | None, names: tuple[str, str], unit: str = "s"
) -> Result:
    """Return the figure of two medians."""
    return quotient(figure, statistics.median(ours), statistics.median(baseline), target, names, unit)


def quotient(
    figure: str, ours: float, baseline: float, target: float | None, names: tuple[str, str], unit: str = "s"
) -> Result:
    """Return the figure of two measured quantities in seconds; `unit` is how they are shown."""
    scale = 1000 if unit == "ms" else 1
    parts = {names[0]: ours * scale, names[1]: baseline * scale}
    return Result(figure, parts, unit, ours / baseline, target)


def single(figure: str, value: float, target: float, unit: str) -> Result:
    """Return a figure that is compared as it is."""
    return Result(figure, {"measured": value}, unit, value, target)


def percentile(values: list[float], percent: float) -> float:
    """Return the value below which `percent` of them lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(percent / 100 * (len(ordered) - 1)))]
