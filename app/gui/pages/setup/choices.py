"""The second view of the assistant: what the machine shall have."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton, QWidget

from app.gui import autostart
from app.gui.pages.machines.host import Room, measure
from app.gui.pages.machines.resources import ResourceForm
from app.gui.pages.machines.words import ENGINES
from app.gui.pages.setup.folders import Folders
from app.gui.pages.setup.plan import Plan
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import boxed, button, card, column, label, row, scrolled
from app.gui.work.runner import Op

WIDEST = 880


class Choices(QWidget):
    """Resources, engine, folders, login.

    Attributes:
        form: the sliders.
        engines: one choice an engine, by kind.
        folders: what is shared.
        login: whether Linnet starts at login.
        machine_too: whether the machine starts with it.
        go_on: the button that begins.
    """

    def __init__(self, services: Services, back: Callable[[], object], go_on: Callable[[], object]) -> None:
        super().__init__()
        self._services = services
        self._login_before: bool | None = None
        self.form = ResourceForm(wide=True)
        self.engines: dict[str, QRadioButton] = {}
        self._group = QButtonGroup(self)
        engines = column(label(tr("Engine"), "heading"), spacing=GRID // 2)
        for kind, name, text in ENGINES:
            choice = self.engines[kind] = QRadioButton(tr(name))
            choice.setAccessibleDescription(tr(text))
            self._group.addButton(choice)
            described = label(tr(text), "muted", wrap=True)
            choice.setFixedWidth(20 * GRID)
            line = row(choice, described)
            line.setStretch(1, 1)
            line.setAlignment(choice, Qt.AlignmentFlag.AlignTop)
            engines.addLayout(line)
        self.engines["podman"].setChecked(True)
        self.folders = Folders(services)
        self.login = QCheckBox(tr("Start Linnet when I log in, as an icon only"))
        self.machine_too = QCheckBox(tr("Start the machine with it"))
        self.login.toggled.connect(self._on_login)
        self.go_on = button(tr("Set up"), go_on, primary=True)
        self.back = button(tr("Back"), back)
        content = column(
            label(tr("What the machine gets"), "title"),
            card(label(tr("Resources"), "heading"), self.form, spacing=2 * GRID),
            card(engines),
            card(label(tr("Shared folders"), "heading"), self.folders),
            card(label(tr("Start"), "heading"), self.login, row(3 * GRID, self.machine_too)),
            None,
            spacing=2 * GRID,
            margins=2 * GRID,
        )
        inner = boxed(content)
        inner.setMaximumWidth(WIDEST)
        centred = row(None, inner, None)
        centred.setStretch(1, 100)
        area = scrolled(centred, tr("What the machine gets"))
        buttons = boxed(row(None, self.back, self.go_on, margins=2 * GRID))
        buttons.setMaximumWidth(WIDEST)
        foot = row(None, buttons, None)
        foot.setStretch(1, 100)
        self.setLayout(column(area, foot, spacing=0))
        self._on_login()
        self.go_on.setEnabled(False)

    def load(self) -> None:
        """Find out what this computer has."""
        layout = self._services.layout

        def look() -> tuple[Room, bool]:
            return measure(layout), autostart.for_this_system().enabled

        if self._login_before is None:
            Op(self, look).success(lambda found: self._show(*found)).run(self._services.runner)

    @property
    def plan(self) -> Plan:
        """What was chosen; resources that are the defaults are left to them, so that they follow the computer."""
        engine = next(kind for kind, choice in self.engines.items() if choice.isChecked())
        settings = {**self.form.changes, "engine": engine, **self.folders.settings}
        if self.login.isChecked() and self.machine_too.isChecked():
            settings["autostart"] = True
        changed = self.login.isChecked() != self._login_before
        return Plan(settings, self.login.isChecked() if changed else None)

    def _show(self, room: Room, login: bool) -> None:
        self._login_before = login
        self.form.load(room)
        self.login.setChecked(login)
        self.go_on.setEnabled(True)

    def _on_login(self, *_: object) -> None:
        self.machine_too.setEnabled(self.login.isChecked())
