"""Processors, memory and disk of a machine as sliders that know this computer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from app.gui.pages.machines.host import Room, default, least, most
from app.gui.text import count, tr
from app.gui.theme import GRID
from app.gui.widgets.basics import column, label, row
from app.gui.widgets.forms import Remark
from vm.units import GIB, MIB, format_size, human_size

NAMES = ("cpus", "memory", "disk")


class Amount(QWidget):
    """One slider with what it is set to, and a note below it.

    Signals:
        changed: the user has moved it.
    """

    changed = Signal()

    def __init__(self, title: str, step: int, show: Callable[[int], str]) -> None:
        """`step`: how much one step of the slider is. `show`: makes a text of a value."""
        super().__init__()
        self._title = title
        self._step = step
        self._show = show
        self._exact = 0
        self._setting = False
        self.slider = _Slider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(title)
        self.slider.valueChanged.connect(self._on_moved)
        self.shown = label("", "heading")
        self._low = label("", "muted")
        self._high = label("", "muted")
        self.note = Remark("muted")
        self.setLayout(
            column(
                row(label(title), None, self.shown),
                self.slider,
                row(self._low, None, self._high),
                self.note,
                spacing=GRID // 2,
            )
        )

    @property
    def value(self) -> int:
        """What it is set to; exactly what was set until the slider is moved."""
        return self._exact

    def set_range(self, low: int, high: int) -> None:
        """Say how little and how much it may be."""
        self._setting = True
        self.slider.setRange(-(-low // self._step), max(high, low) // self._step)
        self.slider.setPageStep(max(1, (self.slider.maximum() - self.slider.minimum()) // 8))
        self._setting = False
        self._low.setText(self._show(low))
        self._high.setText(self._show(max(high, low)))

    def set_value(self, value: int) -> None:
        """Set it."""
        self._setting = True
        self._exact = value
        self.slider.setValue(round(value / self._step))
        self._setting = False
        self._tell()

    def tell(self, text: str, kind: str = "muted") -> None:
        """Say something below it."""
        self.note.say(text, kind)

    def _on_moved(self, steps: int) -> None:
        if not self._setting:
            self._exact = steps * self._step
            self._tell()
            self.changed.emit()

    def _tell(self) -> None:
        text = self._show(self._exact)
        self.shown.setText(text)
        self.slider.setAccessibleDescription(text)
        self.slider.setToolTip(text)


class ResourceForm(QWidget):
    """The three sliders of one machine.

    Signals:
        changed: the user has moved one.
    """

    changed = Signal()

    def __init__(self, *, wide: bool = False) -> None:
        """`wide`: the sliders stand side by side."""
        super().__init__()
        self._room: Room | None = None
        self._before: dict[str, int] = {}
        self.cpus = Amount(tr("Processors"), 1, lambda value: count("{n} CPU", "{n} CPUs", value))
        self.memory = Amount(tr("Memory"), 256 * MIB, human_size)
        self.disk = Amount(tr("Disk"), GIB, human_size)
        self.amounts = {"cpus": self.cpus, "memory": self.memory, "disk": self.disk}
        arranged = row(spacing=4 * GRID) if wide else column(spacing=2 * GRID)
        for amount in self.amounts.values():
            arranged.addWidget(amount, 1 if wide else 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(arranged)
        for amount in self.amounts.values():
            amount.changed.connect(self._on_changed)

    def load(self, room: Room, values: Mapping[str, int] | None = None, *, exists: bool = False) -> None:
        """Show what a machine has, or the defaults.

        Args:
            room: what this computer has.
            values: `cpus`, and `memory` and `disk` in bytes; the defaults for what is missing.
            exists: whether its disk may be there already, which can only grow.
        """
        self._room = room
        host = room.host
        self._before = {name: (values or {}).get(name, default(name, host)) for name in NAMES}
        for name in ("cpus", "memory"):
            self.amounts[name].set_range(least(name, host), max(most(name, host), self._before[name]))
        disk = self._before["disk"]
        largest = min(most("disk", host), max(disk, room.free // GIB * GIB, default("disk", host)))
        self.disk.set_range(disk if exists else least("disk", host), largest)
        for name, value in self._before.items():
            self.amounts[name].set_value(value)
        self._note()

    @property
    def changes(self) -> dict[str, Any]:
        """What is different from what was loaded, as the settings take it."""
        return {name: value for name, value in self.settings.items() if self.amounts[name].value != self._before[name]}

    @property
    def settings(self) -> dict[str, Any]:
        """All three, as the settings take them; nothing before anything was loaded."""
        if not self._before:
            return {}
        return {
            "cpus": self.cpus.value,
            "memory": format_size(self.memory.value),
            "disk": format_size(self.disk.value),
        }

    def reset(self) -> None:
        """Go back to what was loaded."""
        for name, value in self._before.items():
            self.amounts[name].set_value(value)
        self._on_changed()

    def _on_changed(self) -> None:
        self._note()
        self.changed.emit()

    def _note(self) -> None:
        room = self._room
        if room is None:
            return
        host = room.host
        all_cpus = self.cpus.value >= host.cpus and host.cpus > 1
        self.cpus.tell(tr("All that this computer has: it may become slow while containers work.") if all_cpus else "",
                       "warn")  # fmt: skip
        left = max(0, host.memory - self.memory.value)
        if self.memory.value > host.memory // 2:
            self.memory.tell(tr("Leaves {size} to this computer itself, which may become slow.", size=human_size(left)),
                             "warn")  # fmt: skip
        else:
            self.memory.tell(tr("This computer has {size}; what the machine does not use goes back to it.",
                                size=human_size(host.memory)))  # fmt: skip
        free = human_size(room.free)
        if self.disk.value > max(room.free, self._before["disk"]):
            self.disk.tell(tr("This computer has only {size} free. The disk takes what is used of it, and cannot "
                              "shrink.", size=free), "warn")  # fmt: skip
        else:
            self.disk.tell(tr("It takes only the space in use ({size} are free here). It can grow later, not shrink.",
                              size=free))  # fmt: skip


class _Slider(QSlider):
    """A slider that lets the page scroll instead of changing when the wheel turns over it."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's
        """Leave it to the page."""
        event.ignore()
