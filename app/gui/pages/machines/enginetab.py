"""The tab that chooses a machine's engine."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QButtonGroup, QDialog, QLabel, QRadioButton

from app.gui.model.hub import UP
from app.gui.pages.machines.tab import AskingTab
from app.gui.pages.machines.words import ENGINES, engine_name
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.ask import confirm
from app.gui.widgets.basics import button, column, label, row, scrolled
from vm.errors import LinnetError
from vm.machine.status import MachineStatus


class EngineTab(AskingTab):
    """One choice an engine.

    Attributes:
        choices: by kind.
        use: switches to the chosen one.
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._active_kind = ""
        self.choices: dict[str, QRadioButton] = {}
        self._versions: dict[str, QLabel] = {}
        self._group = QButtonGroup(self)
        content = column(spacing=GRID // 2)
        content.setContentsMargins(0, GRID, GRID, GRID)
        content.addWidget(
            label(
                tr("Each engine keeps its own images, containers and volumes; switching back shows them again."),
                "muted",
                wrap=True,
            )
        )
        content.addSpacing(GRID)
        for kind, name, text in ENGINES:
            choice = self.choices[kind] = QRadioButton(tr(name))
            choice.setAccessibleDescription(tr(text))
            choice.toggled.connect(self._on_chosen)
            self._group.addButton(choice)
            version = self._versions[kind] = label("", "muted")
            content.addLayout(row(choice, version, None))
            described = label(tr(text), "muted", wrap=True)
            described.setContentsMargins(3 * GRID, 0, 0, GRID)
            content.addWidget(described)
        self.use = button(tr("Use this engine …"), self._ask, primary=True)
        content.addWidget(self.problem)
        content.addLayout(row(self.use, None))
        content.addStretch(1)
        area = scrolled(content, tr("Engine"))
        self.setLayout(column(area, spacing=0))
        self._on_chosen()

    def concerns(self, before: MachineStatus, now: MachineStatus) -> bool:
        """See AskingTab: the machine began to run, or its engine is another."""
        return before.engine != now.engine or super().concerns(before, now)

    def seen(self) -> None:
        """Load which engines there are."""
        if self.status is None:
            return
        name, hub = self.machine, self.services.hub

        def load() -> list[dict[str, Any]]:
            with hub.client() as client:
                return list(client.get(hub.path("/engines", name)))

        self.ask(load, self._show)

    def _show(self, engines: list[dict[str, Any]]) -> None:
        self.problem.say("")
        known = {one["kind"]: one for one in engines}
        self._active_kind = next((one["kind"] for one in engines if one["active"]), "")
        for kind, choice in self.choices.items():
            engine = known.get(kind, {})
            choice.setEnabled(bool(engine.get("installed")))
            words = [str(engine.get("version") or "")]
            if engine.get("active"):
                words.append(tr("in use"))
            elif not engine.get("installed"):
                words.append(tr("not in this guest image"))
            self._versions[kind].setText(" · ".join(word for word in words if word))
            choice.setChecked(kind == self._active_kind)
        self._on_chosen()

    def _chosen(self) -> str:
        return next((kind for kind, choice in self.choices.items() if choice.isChecked()), "")

    def _on_chosen(self, *_: object) -> None:
        self.use.setEnabled(bool(self._active_kind) and self._chosen() not in ("", self._active_kind))

    def _ask(self) -> QDialog:
        kind, name = self._chosen(), self.machine
        return confirm(
            self,
            tr("Switch '{machine}' to {engine}?", machine=name, engine=engine_name(kind)),
            tr(
                "The containers of {old} are stopped. Its images, containers and volumes stay with it and are there "
                "again when you switch back; {new} has its own.",
                old=engine_name(self._active_kind),
                new=engine_name(kind),
            ),
            tr("Switch"),
            lambda: self._use(name, kind),
            danger=False,
        )

    def _use(self, name: str, kind: str) -> None:
        self.use.setEnabled(False)
        self.services.jobs.operate(
            tr("Switch machine '{machine}' to {engine}", machine=name, engine=engine_name(kind)),
            "POST",
            self.services.hub.path("/engine", name),
            {"kind": kind},
            success=lambda _: self._on_switched(name, kind),
            failure=lambda error: self._on_failed(name, error),
        )

    def _on_switched(self, name: str, kind: str) -> None:
        hub = self.services.hub
        if name == hub.current:
            for collection in (hub.containers, hub.images, hub.networks, hub.volumes, hub.ports):
                collection.touch()
        status = hub.machines.get(name)
        up = status is not None and status.state in UP
        told = tr("'{machine}' runs {engine} now.") if up else tr("'{machine}' will run {engine} at its next start.")
        self.services.messages.tell(told.format(machine=name, engine=engine_name(kind)), "good")
        self.look_again(name)

    def _on_failed(self, name: str, error: LinnetError) -> None:
        if name == self.machine and self._active_kind in self.choices:
            self.choices[self._active_kind].setChecked(True)
        self.fail(name, error)
