"""The list of pages at the left, and the machine in view above it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QButtonGroup, QComboBox, QPushButton, QWidget

from app.gui.icons import Icons
from app.gui.model.hub import Hub
from app.gui.pages.table import PageEntry
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import column, label, line
from vm.machine.status import MachineState

WIDTH = 208

TONES = {
    MachineState.running: "good",
    MachineState.degraded: "warn",
    MachineState.broken: "bad",
    MachineState.stopped: "muted",
    MachineState.suspended: "muted",
}


def state_text(state: MachineState) -> str:
    """Return the state of a machine in the user's language."""
    texts = {
        MachineState.stopped: tr("stopped"),
        MachineState.starting: tr("starting"),
        MachineState.running: tr("running"),
        MachineState.degraded: tr("has a problem"),
        MachineState.stopping: tr("stopping"),
        MachineState.suspending: tr("suspending"),
        MachineState.suspended: tr("suspended"),
        MachineState.resuming: tr("resuming"),
        MachineState.broken: tr("broken"),
    }
    return texts[state]


class Sidebar(QWidget):
    """The pages.

    Signals:
        wanted: the user wants the page of a name.
    """

    wanted = Signal(str)

    def __init__(self, entries: Sequence[PageEntry], hub: Hub, icons: Icons) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self._hub = hub
        self._icons = icons
        self._buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._machines = QComboBox()
        self._machines.setAccessibleName(tr("Machine in view"))
        self._machines.activated.connect(lambda place: hub.choose(self._machines.itemData(place)))
        content = column(label("Linnet", "heading"), self._machines, GRID, spacing=2, margins=GRID + 4)
        section = ""
        for number, entry in enumerate(entry for entry in entries if entry.section):
            if section and entry.section != section:
                if entry.section == "bottom":
                    content.addStretch(1)
                content.addSpacing(GRID)
                content.addWidget(line())
                content.addSpacing(GRID)
            section = entry.section
            content.addWidget(self._entry(entry, number))
        self.setLayout(content)
        hub.machines_changed.connect(self._show_machines)
        hub.current_changed.connect(self._show_machines)
        self._show_machines()

    def show_page(self, name: str, *, focus: bool = False) -> None:
        """Mark the page that is shown; with `focus` its entry has the keyboard."""
        chosen = self._buttons.get(name)
        self._group.setExclusive(False)
        for entry in self._buttons.values():
            entry.setChecked(entry is chosen)
        self._group.setExclusive(True)
        if focus and chosen is not None:
            chosen.setFocus()

    def _entry(self, entry: PageEntry, number: int) -> QPushButton:
        title = tr(entry.title)
        made = QPushButton(title)
        made.setObjectName("nav")
        made.setAccessibleName(title)
        self._icons.dress(made, entry.icon, "muted")
        made.setIconSize(QSize(18, 18))
        made.setCheckable(True)
        made.setAutoDefault(False)
        if number < 9:
            keys = QKeySequence(f"Ctrl+{number + 1}")
            made.setToolTip(f"{title} ({keys.toString(QKeySequence.SequenceFormat.NativeText)})")
        made.clicked.connect(lambda: self.wanted.emit(entry.name))
        self._group.addButton(made)
        self._buttons[entry.name] = made
        return made

    def _show_machines(self, *_: object) -> None:
        hub, box = self._hub, self._machines
        box.setVisible(bool(hub.machines))
        wanted = [(name, hub.machines[name]) for name in sorted(hub.machines)]
        if box.count() != len(wanted):
            box.clear()
            for _name, _status in wanted:
                box.addItem("")
        for place, (name, status) in enumerate(wanted):
            box.setItemText(place, f"{name} · {state_text(status.state)}")
            box.setItemData(place, name)
            box.setItemIcon(place, self._icons.get("dot", TONES.get(status.state, "accent")))
            if name == hub.current:
                box.setCurrentIndex(place)
