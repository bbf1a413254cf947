"""The tab with what a container uses: processor, memory, network, disk, the last ten minutes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QGridLayout, QVBoxLayout

from app.gui.model.collection import Row
from app.gui.pages.containers.columns import percent
from app.gui.pages.containers.limitvalues import kills, waits
from app.gui.pages.containers.tab import Tab
from app.gui.pages.containers.usage import Usage, Use, history_of
from app.gui.services import Services
from app.gui.text import count, tr
from app.gui.theme import GRID
from app.gui.widgets.basics import label, scrolled
from app.gui.widgets.chart import Chart, Series
from app.gui.work.runner import Op
from vm.units import human_size


class StatsTab(Tab):
    """Live charts."""

    def __init__(self, services: Services, usage: Usage) -> None:
        super().__init__(services)
        self._usage = usage
        theme = services.theme
        self.cpu = Chart(theme, tr("CPU"), [Series("")], percent, floor=0.05)
        self.memory = Chart(theme, tr("Memory"), [Series("")], human_size, floor=1 << 20)
        self.network = Chart(theme, tr("Network"), [Series("↓", "accent"), Series("↑", "muted")], rate, floor=1024)
        self.disk = Chart(
            theme, tr("Disk"), [Series(tr("read"), "accent"), Series(tr("written"), "muted")], rate, floor=1024
        )
        self._note = label("", "muted", wrap=True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(4 * GRID)
        grid.setVerticalSpacing(GRID)
        grid.setContentsMargins(0, 0, GRID, 0)
        for place, chart in enumerate(self.charts):
            grid.addWidget(chart, place // 2, place % 2)
        grid.addWidget(self._note, 2, 0, 1, 2)
        grid.setRowStretch(0, 1)
        grid.setRowStretch(1, 1)
        area = scrolled(grid)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)
        self._seen = False
        services.hub.sampled.connect(self._on_sample)

    @property
    def charts(self) -> tuple[Chart, ...]:
        """All charts."""
        return self.cpu, self.memory, self.network, self.disk

    def begin(self, row: Row) -> None:
        """See Tab."""
        self._seen = True
        key, history = str(row["Id"]), list(self.services.hub.history)
        for chart in self.charts:
            chart.clear()
        self._tell(row)
        (
            Op(self, lambda: history_of(history, key))
            .success(lambda found: self._show(key, found))
            .run(self.services.runner)
        )

    def again(self, row: Row) -> None:
        """See Tab."""
        if not self._seen:
            self.begin(row)

    def renew(self, row: Row) -> None:
        """The charts go on."""
        if self._seen:
            self._tell(row)
        else:
            self.begin(row)

    def leave(self) -> None:
        """See Tab."""
        self._seen = False

    def _show(self, key: str, history: list[tuple[float, Use]]) -> None:
        if key != self.key or not self._seen:
            return
        newest = self.cpu.samples  # what came while the history was worked out
        after = newest[0][0] if newest else float("inf")
        history = [one for one in history if one[0] < after]
        for place, chart in enumerate(self.charts):
            chart.set_samples([(time, _values(use)[place]) for time, use in history] + chart.samples)
        if self.row is not None:
            self._tell(self.row)

    def _on_sample(self, sample: Mapping[str, Any]) -> None:
        use = self._usage.of(self.key) if self._seen and self.row is not None else None
        if use is None or self.row is None or self.row.get("State") not in ("running", "paused"):
            return
        for chart, values in zip(self.charts, _values(use), strict=True):
            chart.add(float(sample["time"]), values)
        self._tell(self.row)

    def _tell(self, row: Row) -> None:
        use = self._usage.of(str(row["Id"]))
        if row.get("State") not in ("running", "paused"):
            self._note.setText(tr("The container does not run; there is nothing to measure."))
        elif use is None:
            self._note.setText(tr("Waiting for the first measurement …"))
        else:
            limit = tr("limit {size}", size=human_size(use.limit)) if use.limit else tr("no memory limit")
            processes = count("{n} process", "{n} processes", use.pids)
            parts = (processes, limit, waits(dict(use.pressure)), kills(use.oom_kills))
            self._note.setText(" · ".join(filter(None, parts)))


def rate(value: float) -> str:
    """Return bytes a second as text."""
    return f"{human_size(value)}/s"


def _values(use: Use) -> tuple[tuple[float | None, ...], ...]:
    return (use.cpu,), (float(use.memory),), (use.received, use.sent), (use.read, use.written)
