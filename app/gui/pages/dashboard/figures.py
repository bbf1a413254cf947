"""What the guest uses, as four charts of the last ten minutes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QGridLayout, QWidget

from app.gui.model.hub import Hub
from app.gui.text import tr
from app.gui.theme import GRID, Theme
from app.gui.widgets.basics import card
from app.gui.widgets.chart import Chart, Series
from vm.units import human_size

Sample = Mapping[str, Any]


class Figures(QWidget):
    """CPU, memory, disk and network of the machine in view."""

    def __init__(self, theme: Theme, hub: Hub) -> None:
        super().__init__()
        self._hub = hub
        self._last: Sample | None = None
        self.processor = Chart(theme, tr("CPU"), [Series("")], lambda value: f"{value:.0f} %", ceiling=100)
        self.memory = Chart(theme, tr("Memory"), [Series(tr("Used")), Series(tr("Cache"), "muted")], human_size)
        rate = _rate
        self.disk = Chart(theme, tr("Disk"), [Series(tr("Read")), Series(tr("Written"), "good")], rate, floor=1e6)
        self.network = Chart(theme, tr("Network"), [Series(tr("In")), Series(tr("Out"), "good")], rate, floor=1e5)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2 * GRID)
        for place, chart in enumerate((self.processor, self.memory, self.disk, self.network)):
            chart.setMinimumHeight(112)
            grid.addWidget(card(chart), place // 2, place % 2)
        hub.sampled.connect(self.add)
        hub.current_changed.connect(self.restart)
        self.restart()

    def restart(self) -> None:
        """Show what is known of the machine that is in view now."""
        self._last = None
        for chart in (self.processor, self.memory, self.disk, self.network):
            chart.clear()
        for sample in self._hub.history:
            self.add(sample)

    def add(self, sample: Sample) -> None:
        """Show one more sample. Counters need two; the first one only begins."""
        last, self._last = self._last, sample
        now, guest = float(sample["time"]), sample["guest"]
        self.memory.set_ceiling(guest["memory"]["total"])
        self.memory.add(now, [guest["memory"]["used"], guest["memory"]["cache"]])
        span = now - float(last["time"]) if last is not None else 0.0
        if last is None or span <= 0:
            return
        before = last["guest"]
        busy = (guest["cpu"]["busy_ns"] - before["cpu"]["busy_ns"]) / 1e9 / span / guest["cpu"]["cpus"]
        if busy < 0:
            return  # the guest was started anew, and its counters with it
        self.processor.add(now, [min(100.0, 100 * busy)])
        self.disk.add(now, [(guest[name] - before[name]) / span for name in ("disk_read", "disk_write")])
        self.network.add(now, [(guest[name] - before[name]) / span for name in ("net_rx", "net_tx")])


def _rate(value: float) -> str:
    return tr("{size}/s", size=human_size(value))
