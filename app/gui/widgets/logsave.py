"""A log as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from app.gui.text import tr
from app.gui.widgets.logstore import LogStore
from app.gui.widgets.logtime import local_time
from app.gui.work.jobs import Control
from vm.errors import UsageError

_PIECE = 5_000
"""Lines that are written at once."""


def save_lines(
    store: LogStore, numbers: Sequence[int], path: str, *, times: bool, names: Sequence[str]
) -> Callable[[Control], int]:
    """Return the work of a job that writes lines to a file; its result is how many.

    Args:
        store: a snapshot.
        numbers: which lines.
        path: the file; one that is there is replaced when all is written.
        times: whether to write when each line was written.
        names: of the sources; none are written when it is empty.
    """

    def line(number: int) -> str:
        parts = [local_time(store.time(number))] if times else []
        parts += [names[store.source(number)]] if names else []
        return "  ".join([*parts, store.text(number)]) + "\n"

    def work(control: Control) -> int:
        target = Path(path)
        partial = target.with_name(f".{target.name}.part")
        try:
            with partial.open("w", encoding="utf-8") as file:
                for start in range(0, len(numbers), _PIECE):
                    control.progress(tr("Writing"), start, len(numbers))
                    file.writelines(line(number) for number in numbers[start : start + _PIECE])
            partial.replace(target)
        except OSError as error:
            raise UsageError(f"The log cannot be written to {path}: {error.strerror}.") from error
        finally:
            partial.unlink(missing_ok=True)
        return len(numbers)

    return work
