"""The tab that changes what a container may use while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QGridLayout, QScrollArea, QSlider, QSpinBox

from app.gui.model.collection import Row
from app.gui.pages.containers.tab import Tab
from app.gui.services import Services
from app.gui.text import mark, tr
from app.gui.theme import GRID
from app.gui.widgets.basics import boxed, button, column, inset, label, row, set_kind
from app.gui.work.runner import Op
from vm.errors import LinnetError
from vm.units import MIB

POLICIES = (
    ("no", mark("Never")),
    ("on-failure", mark("When it fails")),
    ("unless-stopped", mark("Always, unless stopped by hand")),
    ("always", mark("Always")),
)
"""Restart policies, as the engines call them and in words."""

CPU_STEP = 0.25
MEMORY_STEP = 64
"""MiB."""

_LEAST_MEMORY = 8
"""MiB; the engines refuse less than 6."""

_NO_SWAP_LIMIT = -1

_PERIOD = 100_000
"""Microseconds in which a CPU quota is counted."""


@dataclass(frozen=True)
class Limits:
    """What a container may use.

    Attributes:
        cpus: processors, 0 for no limit.
        memory: bytes, 0 for no limit.
        pids: processes, 0 for no limit.
        policy: when it is started again; `retries` at most, 0 for any number, only on failure.
    """

    cpus: float = 0.0
    memory: int = 0
    pids: int = 0
    policy: str = "no"
    retries: int = 0


def limits_of(details: Mapping[str, Any]) -> Limits:
    """Return the limits in the engine's description of a container."""
    host = details.get("HostConfig") or {}
    nano, quota, period = host.get("NanoCpus") or 0, host.get("CpuQuota") or 0, host.get("CpuPeriod") or _PERIOD
    cpus = nano / 1e9 if nano else max(0.0, quota / period)
    policy = host.get("RestartPolicy") or {}
    return Limits(
        round(cpus, 2),
        int(host.get("Memory") or 0),
        max(0, int(host.get("PidsLimit") or 0)),
        str(policy.get("Name") or "no"),
        int(policy.get("MaximumRetryCount") or 0),
    )


def update_body(before: Limits, after: Limits, cpus: int, memory: int, *, podman: bool) -> dict[str, Any]:
    """Return the request that changes limits: only what is different.

    Engines take 0 for "as it was", so a limit is lifted by one as high as the machine is. Podman knows no NanoCpus
    here, and forgets the restart policy when it is not told again; Docker does not take a quota where NanoCpus were.

    Args:
        before: what the engine has now.
        after: what is wanted.
        cpus: of the machine.
        memory: of the machine, bytes.
        podman: whether that is the engine.
    """
    body: dict[str, Any] = {}
    if after.cpus != before.cpus:
        wanted = after.cpus or cpus
        if podman:
            body.update({"CpuPeriod": _PERIOD, "CpuQuota": int(wanted * _PERIOD)})
        else:
            body["NanoCpus"] = int(wanted * 1e9)
    if after.memory != before.memory:
        body["Memory"] = after.memory or memory
        body["MemorySwap"] = _NO_SWAP_LIMIT
    if after.pids != before.pids:
        body["PidsLimit"] = after.pids or -1
    if (after.policy, after.retries) != (before.policy, before.retries) or (podman and body):
        retries = after.retries if after.policy == "on-failure" else 0
        body["RestartPolicy"] = {"Name": after.policy, "MaximumRetryCount": retries}
    return body


class LimitsTab(Tab):
    """Sliders and fields; nothing is sent before Apply."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._before = Limits()
        self._loaded = False
        self._filling = True
        self._build_fields()
        self.said = label("", wrap=True, selectable=True)
        self.apply_button = button(tr("Apply"), self.apply, primary=True)
        self.reset_button = button(tr("Undo"), self._reset)
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(GRID)
        grid.setColumnMinimumWidth(0, 12 * GRID)
        lines = (
            (tr("CPUs"), self.cpus, self.cpu_slider),
            (tr("Memory"), self.memory, self.memory_slider),
            (tr("Processes"), self.pids, None),
            (tr("Start again"), self.policy, None),
            (tr("Attempts"), self.retries, None),
        )
        for place, (title, field, slider) in enumerate(lines):
            name = label(title)
            name.setBuddy(field)
            grid.addWidget(name, place, 0)
            grid.addWidget(field, place, 1)
            if slider is not None:
                grid.addWidget(slider, place, 2)
        grid.setColumnStretch(2, 1)
        note = label(tr("Changes take effect at once, without a restart."), "muted", wrap=True)
        content = column(grid, note, row(self.apply_button, self.reset_button, None), self.said, None, spacing=2 * GRID)
        content.setContentsMargins(0, GRID, GRID, GRID)
        area = QScrollArea()
        area.setWidgetResizable(True)
        box = boxed(content)
        box.setMaximumWidth(90 * GRID)
        area.setWidget(box)
        self.setLayout(column(area, spacing=0))
        self._filling = False
        self._judge()

    @property
    def wanted(self) -> Limits:
        """What the fields say."""
        return Limits(
            round(self.cpus.value(), 2),
            self.memory.value() * MIB,
            self.pids.value(),
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

    def apply(self) -> None:
        """Send what is different."""
        hub, key, wanted = self.services.hub, self.key, self.wanted
        status = hub.status
        if status is None or not key:
            return
        podman = status.engine is not None and status.engine.kind.startswith("podman")
        body = update_body(self._rounded(), wanted, status.cpus, status.memory, podman=podman)
        if not body:
            return
        docker = hub.docker()
        self.apply_button.setEnabled(False)
        (
            Op(self, lambda: docker.post(f"/containers/{key}/update", body))
            .success(lambda answer: self._on_applied(key, answer))
            .failure(lambda error: self._on_refused(key, error))
            .run(self.services.runner)
        )

    def _build_fields(self) -> None:
        self.cpus = QDoubleSpinBox()
        self.cpus.setAccessibleName(tr("CPUs"))
        self.cpus.setSingleStep(CPU_STEP)
        self.cpus.setSpecialValueText(tr("No limit"))
        self.memory = QSpinBox()
        self.memory.setAccessibleName(tr("Memory in MiB"))
        self.memory.setSingleStep(MEMORY_STEP)
        self.memory.setSuffix(" MiB")
        self.memory.setSpecialValueText(tr("No limit"))
        self.pids = QSpinBox()
        self.pids.setAccessibleName(tr("Processes"))
        self.pids.setRange(0, 4_194_304)
        self.pids.setSingleStep(64)
        self.pids.setSpecialValueText(tr("No limit"))
        self.policy = QComboBox()
        self.policy.setAccessibleName(tr("Start again"))
        for name, text in POLICIES:
            self.policy.addItem(tr(text), name)
        self.retries = QSpinBox()
        self.retries.setAccessibleName(tr("Attempts"))
        self.retries.setRange(0, 1000)
        self.retries.setSpecialValueText(tr("Any number"))
        for field in (self.cpus, self.memory, self.pids, self.policy, self.retries):
            field.setFixedWidth(24 * GRID)
        for spin in (self.cpus, self.memory, self.pids, self.retries):
            inset(spin)
        self.cpu_slider = QSlider(Qt.Orientation.Horizontal)
        self.cpu_slider.setAccessibleName(tr("CPUs"))
        self.memory_slider = QSlider(Qt.Orientation.Horizontal)
        self.memory_slider.setAccessibleName(tr("Memory"))
        self.cpu_slider.valueChanged.connect(self._on_cpu_slider)
        self.memory_slider.valueChanged.connect(self._on_memory_slider)
        self.cpus.valueChanged.connect(self._judge)
        self.memory.valueChanged.connect(self._judge)
        self.pids.valueChanged.connect(self._judge)
        self.policy.currentIndexChanged.connect(self._judge)
        self.retries.valueChanged.connect(self._judge)

    def _on_cpu_slider(self, value: int) -> None:
        if round(self.cpus.value() / CPU_STEP) != value:
            self.cpus.setValue(value * CPU_STEP)

    def _on_memory_slider(self, value: int) -> None:
        if self.memory.value() // MEMORY_STEP != value:
            self.memory.setValue(value * MEMORY_STEP)

    def _load(self) -> None:
        docker, key = self.services.hub.docker(), self.key

        def show(details: Mapping[str, Any]) -> None:
            if key == self.key:
                self._show(limits_of(details))

        Op(self, lambda: docker.get(f"/containers/{key}/json")).success(show).run(self.services.runner)

    def _show(self, found: Limits) -> None:
        status = self.services.hub.status
        cpus, memory = (status.cpus, status.memory // MIB) if status is not None else (1, 1024)
        self._before, self._loaded, self._filling = found, True, True
        self.cpus.setRange(0, max(cpus, found.cpus))
        self.cpu_slider.setRange(0, round(cpus / CPU_STEP))
        self.memory.setRange(0, max(memory, found.memory // MIB))
        self.memory_slider.setRange(0, memory // MEMORY_STEP)
        self._reset()

    def _reset(self) -> None:
        before = self._before
        self._filling = True
        self.cpus.setValue(before.cpus)
        self.memory.setValue(before.memory // MIB)
        self.pids.setValue(before.pids)
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
        if self._filling:
            return
        different = self._loaded and self.wanted != self._rounded()
        small = 0 < self.memory.value() < _LEAST_MEMORY
        if small:
            self._say(tr("A container needs at least {n} MiB.", n=_LEAST_MEMORY), "bad")
        elif different:
            self._say("", "")
        self.apply_button.setEnabled(different and not small)
        self.reset_button.setEnabled(different)

    def _rounded(self) -> Limits:
        """What the engine has, as the fields can show it."""
        before = self._before
        retries = before.retries if before.policy == "on-failure" else 0
        return Limits(before.cpus, before.memory // MIB * MIB, before.pids, before.policy, retries)

    def _on_applied(self, key: str, answer: Any) -> None:
        if key != self.key:
            return
        warnings = (answer or {}).get("Warnings") if isinstance(answer, dict) else None
        if warnings:
            self._say(tr("The engine took it, and says: {text}", text=" ".join(map(str, warnings))), "warn")
        else:
            self._say(tr("The engine took it."), "good")
        self._load()

    def _on_refused(self, key: str, error: LinnetError) -> None:
        if key == self.key:
            self._judge()
            self._say(tr("The engine refused: {text}", text=error.message), "bad")

    def _say(self, text: str, kind: str) -> None:
        self.said.setText(text)
        set_kind(self.said, kind)
