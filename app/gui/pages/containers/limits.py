"""The tab that changes what a container may use while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QGridLayout, QScrollArea, QSlider, QSpinBox, QWidget

from app.gui.model.collection import Row
from app.gui.pages.containers.limitvalues import (
    NO_SWAP_LIMIT,
    POLICIES,
    Limits,
    Uses,
    changes,
    limits_of,
    policy_change,
    uses_of,
)
from app.gui.pages.containers.tab import Tab
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import boxed, button, column, inset, label, row, set_kind
from app.gui.work.runner import Op
from vm.errors import ConflictError, LinnetError
from vm.units import MIB

CPU_STEP = 0.25
MEMORY_STEP = 64
"""MiB."""

LEAST_MEMORY = 8
"""MiB; the engines refuse less than 6."""

LEAST_WEIGHT, MOST_WEIGHT = 10, 1000


class LimitsTab(Tab):
    """Sliders and fields; nothing is sent before Apply."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._before = Limits()
        self._loaded = False
        self._filling = True
        self._build_fields()
        self.said = label("", wrap=True, selectable=True)
        self.waits = label("", "muted", wrap=True)
        self.apply_button = button(tr("Apply"), self.apply, primary=True)
        self.reset_button = button(tr("Undo"), self._reset)
        self.force_button = button(tr("Apply all the same"), self._force, danger=True)
        self.force_button.hide()
        note = label(tr("Changes take effect at once, without a restart."), "muted", wrap=True)
        buttons = row(self.apply_button, self.reset_button, self.force_button, None)
        content = column(self._grid(), self.waits, note, buttons, self.said, None, spacing=2 * GRID)
        content.setContentsMargins(0, GRID, GRID, GRID)
        area = QScrollArea()
        area.setWidgetResizable(True)
        box = boxed(content)
        box.setMaximumWidth(100 * GRID)
        area.setWidget(box)
        self.setLayout(column(area, spacing=0))
        self._filling = False
        self._judge()

    @property
    def wanted(self) -> Limits:
        """What the fields say."""
        return Limits(
            round(self.cpus.value(), 2),
            self.memory.value(),
            self.swap.value() if self.memory.value() else NO_SWAP_LIMIT,
            self.pids.value(),
            None if self._before.io_weight is None else self.io_weight.value(),
            str(self.policy.currentData()),
            self.retries.value() if self.policy.currentData() == "on-failure" else 0,
        )

    def begin(self, row: Row) -> None:  # noqa: ARG002 - what Tab gives
        """See Tab."""
        self._loaded = False
        self.said.setText("")
        self._load()

    def renew(self, row: Row) -> None:  # noqa: ARG002 - what Tab gives
        """Keep what the user has entered."""
        if not self._loaded or self.wanted == self._before:
            self._load()

    def again(self, row: Row) -> None:
        """See Tab."""
        self.renew(row)

    def apply(self, *, force: bool = False) -> None:
        """Send what is different. `force`: also when the container uses more now than it shall be allowed to."""
        hub, key = self.services.hub, self.key
        if not key:
            return
        body, policy = changes(self._before, self.wanted), policy_change(self._before, self.wanted)
        path, docker = self._path(key), hub.docker()

        def send() -> list[str]:
            said: list[str] = []
            if body:
                with hub.client() as client:
                    said += client.patch(path, {**body, "force": force})["warnings"]
            if policy:
                answer = docker.post(f"/containers/{key}/update", policy)
                said += map(str, (answer or {}).get("Warnings") or []) if isinstance(answer, dict) else []
            return said

        self.apply_button.setEnabled(False)
        self.force_button.hide()
        (
            Op(self, send)
            .success(lambda said: self._on_applied(key, said))
            .failure(lambda error: self._on_refused(key, error))
            .run(self.services.runner)
        )

    def _force(self) -> None:
        self.apply(force=True)

    def _path(self, key: str) -> str:
        return self.services.hub.path(f"/containers/{quote(key, safe='')}/limits")

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(GRID)
        grid.setColumnMinimumWidth(0, 12 * GRID)
        grid.setColumnStretch(2, 1)
        lines: tuple[tuple[str, QWidget, QWidget | None], ...] = (
            (tr("CPUs"), self.cpus, self.cpu_slider),
            ("", self.notes["cpus"], None),
            (tr("Memory"), self.memory, self.memory_slider),
            ("", self.notes["memory"], None),
            (tr("Swap"), self.swap, self.notes["swap"]),
            (tr("Processes"), self.pids, self.notes["pids"]),
            (tr("Disk weight"), self.io_weight, self.notes["io_weight"]),
            (tr("Start again"), self.policy, None),
            (tr("Attempts"), self.retries, None),
        )
        for place, (title, field, beside) in enumerate(lines):
            if not title:
                grid.addWidget(field, place, 1, 1, 2)
                continue
            name = label(title)
            name.setBuddy(field)
            grid.addWidget(name, place, 0)
            grid.addWidget(field, place, 1)
            if beside is not None:
                grid.addWidget(beside, place, 2)
        return grid

    def _build_fields(self) -> None:
        self.notes = {name: label("", "muted", wrap=True) for name in ("cpus", "memory", "swap", "pids", "io_weight")}
        self.cpus = QDoubleSpinBox()
        self.cpus.setAccessibleName(tr("CPUs"))
        self.cpus.setSingleStep(CPU_STEP)
        self.memory = _spin(tr("Memory in MiB"), 0, 0, MEMORY_STEP, " MiB")
        self.swap = _spin(tr("Swap in MiB"), NO_SWAP_LIMIT, 1 << 20, MEMORY_STEP, " MiB")
        self.pids = _spin(tr("Processes"), 0, 4_194_304, 64)
        self.io_weight = _spin(tr("Disk weight"), LEAST_WEIGHT, MOST_WEIGHT, 10)
        for spin in (self.cpus, self.memory, self.swap, self.pids):
            spin.setSpecialValueText(tr("No limit"))
        self.policy = QComboBox()
        self.policy.setAccessibleName(tr("Start again"))
        for name, text in POLICIES:
            self.policy.addItem(tr(text), name)
        self.retries = _spin(tr("Attempts"), 0, 1000, 1)
        self.retries.setSpecialValueText(tr("Any number"))
        spins = (self.cpus, self.memory, self.swap, self.pids, self.io_weight, self.retries)
        for field in (*spins, self.policy):
            field.setFixedWidth(24 * GRID)
        self.cpu_slider = QSlider(Qt.Orientation.Horizontal)
        self.cpu_slider.setAccessibleName(tr("CPUs"))
        self.memory_slider = QSlider(Qt.Orientation.Horizontal)
        self.memory_slider.setAccessibleName(tr("Memory"))
        self.cpu_slider.valueChanged.connect(self._on_cpu_slider)
        self.memory_slider.valueChanged.connect(self._on_memory_slider)
        for spin in spins:
            inset(spin)
            spin.valueChanged.connect(self._judge)
        self.policy.currentIndexChanged.connect(self._judge)

    def _on_cpu_slider(self, value: int) -> None:
        if round(self.cpus.value() / CPU_STEP) != value:
            self.cpus.setValue(value * CPU_STEP)

    def _on_memory_slider(self, value: int) -> None:
        if self.memory.value() // MEMORY_STEP != value:
            self.memory.setValue(value * MEMORY_STEP)

    def _load(self) -> None:
        hub, key = self.services.hub, self.key
        docker, path = hub.docker(), self._path(key)

        def load() -> tuple[dict[str, Any], Mapping[str, Any]]:
            with hub.client() as client:
                return client.get(path), docker.get(f"/containers/{key}/json")

        (
            Op(self, load)
            .success(lambda answers: self._show(key, *answers))
            .failure(lambda error: self._say(error.message, "bad") if key == self.key else None)
            .run(self.services.runner)
        )

    def _show(self, key: str, found: Mapping[str, Any], details: Mapping[str, Any]) -> None:
        if key != self.key:
            return
        limits, room = limits_of(found, details), found["room"]
        cpus, memory = int(room["cpus"]), int(room["memory"]) // MIB
        self._before, self._loaded, self._filling = limits, True, True
        self.cpus.setRange(0, max(cpus, limits.cpus))
        self.cpu_slider.setRange(0, round(cpus / CPU_STEP))
        self.memory.setRange(0, max(memory, limits.memory))
        self.memory_slider.setRange(0, memory // MEMORY_STEP)
        self._tell(uses_of(found))
        self._reset()

    def _tell(self, uses: Uses) -> None:
        for name, note in self.notes.items():
            note.setText(str(getattr(uses, name)))
        self.notes["cpus"].setVisible(bool(uses.cpus))
        self.notes["memory"].setVisible(bool(uses.memory))
        self.waits.setText(uses.waits)
        self.waits.setVisible(bool(uses.waits))

    def _reset(self) -> None:
        before = self._before
        self._filling = True
        self.cpus.setValue(before.cpus)
        self.memory.setValue(before.memory)
        self.swap.setValue(before.swap)
        self.pids.setValue(before.pids)
        self.io_weight.setValue(before.io_weight or LEAST_WEIGHT)
        self.policy.setCurrentIndex(max(0, self.policy.findData(before.policy)))
        self.retries.setValue(before.retries)
        self._filling = False
        self._judge()

    def _judge(self, *_: object) -> None:
        for slider, value in (
            (self.cpu_slider, round(self.cpus.value() / CPU_STEP)),
            (self.memory_slider, self.memory.value() // MEMORY_STEP),
        ):
            slider.blockSignals(True)
            slider.setValue(value)
            slider.blockSignals(False)
        self.retries.setEnabled(self.policy.currentData() == "on-failure")
        self.swap.setEnabled(self.memory.value() > 0)
        self.io_weight.setEnabled(self._before.io_weight is not None)
        if self._filling:
            return
        self.force_button.hide()
        different = self._loaded and self.wanted != self._before
        small = 0 < self.memory.value() < LEAST_MEMORY
        if small:
            self._say(tr("A container needs at least {n} MiB.", n=LEAST_MEMORY), "bad")
        elif different:
            self._say("", "")
        self.apply_button.setEnabled(different and not small)
        self.reset_button.setEnabled(different)

    def _on_applied(self, key: str, warnings: list[str]) -> None:
        if key != self.key:
            return
        if warnings:
            self._say(tr("The engine took it, and says: {text}", text=" ".join(warnings)), "warn")
        else:
            self._say(tr("The engine took it, and it is in force."), "good")
        self._load()

    def _on_refused(self, key: str, error: LinnetError) -> None:
        if key == self.key:
            self._judge()
            self._say(tr("Nothing was changed: {text}", text=error.message), "bad")
            self.force_button.setVisible(isinstance(error, ConflictError))

    def _say(self, text: str, kind: str) -> None:
        self.said.setText(text)
        set_kind(self.said, kind)


def _spin(name: str, least: int, most: int, step: int, suffix: str = "") -> QSpinBox:
    made = QSpinBox()
    made.setAccessibleName(name)
    made.setRange(least, most)
    made.setSingleStep(step)
    made.setSuffix(suffix)
    return made
