"""The dialog that makes a machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from app.gui.pages.machines.host import Room, measure
from app.gui.pages.machines.resources import ResourceForm
from app.gui.pages.machines.sharetab import HOME_MODES
from app.gui.pages.machines.words import ENGINES
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import column, label, row
from app.gui.widgets.forms import FormDialog
from app.gui.work.jobs import Control
from app.gui.work.runner import Op
from vm.layout import MACHINE_NAME


@dataclass(frozen=True)
class Wish:
    """A machine that the user wants.

    Attributes:
        name: its name.
        settings: by dotted name.
        start: whether it is started as well.
    """

    name: str
    settings: dict[str, Any]
    start: bool


class CreateDialog(FormDialog):
    """Asks for name, resources, engine and home share; `wanted` gets the Wish."""

    def __init__(self, parent: QWidget, services: Services, wanted: Callable[[Wish], None]) -> None:
        super().__init__(parent, tr("New machine"), tr("Create"), width=560)
        self._taken = set(services.hub.machines)
        self.name = QLineEdit(_free_name(self._taken))
        self.name.setAccessibleName(tr("Name"))
        self.name.textChanged.connect(self._judge)
        self.form = ResourceForm()
        self.form.setEnabled(False)
        self.engine = _choice(tr("Engine"), ((kind, name) for kind, name, _ in ENGINES))
        self.home = _choice(tr("Share the home folder"), HOME_MODES)
        self.start_it = QCheckBox(tr("Start it at once"))
        self.start_it.setChecked(True)
        self.lay_out(
            label(tr("Name"), "muted"),
            self.name,
            self.remark,
            GRID,
            self.form,
            GRID,
            row(column(label(tr("Engine"), "muted"), self.engine),
                column(label(tr("Share the home folder"), "muted"), self.home), spacing=2 * GRID),
            self.start_it,
            GRID,
        )  # fmt: skip
        self.accepted.connect(lambda: wanted(self.wish()))
        layout = services.layout
        Op(self, lambda: measure(layout)).success(self._show_room).run(services.runner)
        self._judge()

    def wish(self) -> Wish:
        """Return what the user wants; settings that are the defaults are left to them."""
        settings = {
            **self.form.changes,
            "engine": self.engine.currentData(),
            "home_share": self.home.currentData(),
        }
        return Wish(self.name.text().strip(), settings, self.start_it.isChecked())

    def _show_room(self, room: Room) -> None:
        self.form.load(room)
        self.form.setEnabled(True)

    def _judge(self, *_: object) -> None:
        name = self.name.text().strip()
        self.tell(mistake(name, self._taken) if name else "", complete=bool(name))


def create_machine(services: Services, wish: Wish) -> None:
    """Make a machine, and start it when that is wanted, as one job."""
    jobs, hub = services.jobs, services.hub

    def work(control: Control) -> Any:
        jobs.perform(control, "POST", "/v1/machines", {"name": wish.name, "settings": wish.settings})
        control.check()
        return jobs.perform(control, "POST", hub.path("/start", wish.name), {}) if wish.start else None

    def done(_result: Any) -> None:
        hub.look_again(wish.name)
        services.messages.tell(tr("Machine '{name}' is there.", name=wish.name), "good")

    services.jobs.start(tr("Create machine '{name}'", name=wish.name), work, success=done)


def mistake(name: str, taken: Iterable[str]) -> str:
    """Return what is wrong with the name of a new machine, "" when nothing is."""
    if name in taken:
        return tr("There is a machine '{name}' already.", name=name)
    if not MACHINE_NAME.fullmatch(name):
        return tr("A name has small letters, digits and hyphens, no hyphen at either end; 32 signs at most.")
    return ""


def _free_name(taken: set[str]) -> str:
    if "default" not in taken:
        return "default"
    return next(name for number in range(2, len(taken) + 3) if (name := f"machine{number}") not in taken)


def _choice(name: str, choices: Iterable[tuple[str, str]]) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    for value, text in choices:
        made.addItem(tr(text), value)
    return made
