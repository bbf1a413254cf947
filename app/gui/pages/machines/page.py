"""The page: all machines, and the one that is chosen."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import msgspec
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractItemView, QDialog, QMenu, QSplitter, QStackedLayout

from app.gui.model.hub import Connection
from app.gui.model.table import TableModel
from app.gui.pages.base import Command, Page, show_absence
from app.gui.pages.machines.actions import MachineActions
from app.gui.pages.machines.columns import columns, search_text, summary
from app.gui.pages.machines.create import CreateDialog, create_machine
from app.gui.pages.machines.detail import MachineDetail
from app.gui.pages.machines.rows import MachineRows
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID, ROW
from app.gui.widgets.basics import action, boxed, button, column, label, row
from app.gui.widgets.empty import EmptyState
from app.gui.widgets.listview import ListView
from app.gui.work.runner import Op
from vm.machine.status import MachineStatus


class MachinesPage(Page):
    """A row for each machine, the chosen one below.

    Attributes:
        view: the list.
        detail: the chosen machine.
        deeds: what can be done.
        placeholder: what is said when there is no machine, or no service.
    """

    name = "machines"

    def __init__(self, services: Services, go: Callable[[str, str], None]) -> None:
        super().__init__(services, go)
        hub = services.hub
        self._seen = False
        self._probed: dict[str, MachineStatus] = {}
        self.deeds = MachineActions(services, self)
        self.rows = MachineRows(self, hub, services.runner)
        self.model = TableModel(
            self,
            self.rows,
            columns(),
            text=search_text,
            colour=services.theme.colour,
            icon=services.icons.get,
        )
        self.view = ListView(self.name, self.model, services.preferences, services.icons, services.theme)
        self.view.setAccessibleName(self.title())
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setMinimumHeight(3 * ROW)
        self.view.chosen.connect(self._on_chosen)
        self.view.opened.connect(hub.choose)
        self.view.menu_wanted.connect(self._on_menu)
        self.detail = MachineDetail(services, self.deeds)
        self._count = label("", "muted")
        self.create_button = button(tr("New machine …"), self.make, primary=True, tip="Ctrl+N")
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.view)
        splitter.addWidget(self.detail)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([4 * ROW, 10 * ROW])
        head = row(label(self.title(), "title"), self._count, None, self.create_button)
        self.placeholder = EmptyState(services.icons)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.placeholder)
        self._stack.addWidget(boxed(column(head, splitter, margins=2 * GRID, spacing=2 * GRID)))
        self.addAction(action(self, tr("New machine"), self.make, shortcut="Ctrl+N"))
        self.addAction(action(self, tr("Delete machine"), self._delete, shortcut="Del"))
        hub.connection_changed.connect(self._show)
        hub.machines_changed.connect(self._on_machine)
        self._show()

    @classmethod
    def title(cls) -> str:
        """See Page."""
        return tr("Machines")

    @property
    def ready(self) -> bool:
        """Whether there are machines to show."""
        return self._stack.currentIndex() == 1

    @property
    def chosen(self) -> str:
        """The name of the machine that is chosen in the list, "" for none."""
        return self.view.keys[0] if self.view.keys else ""

    def shown(self) -> None:
        """See Page."""
        self._seen = True
        self.detail.set_seen(seen=True)
        self._probe()

    def hidden(self) -> None:
        """See Page."""
        self._seen = False
        self.detail.set_seen(seen=False)

    def close_down(self) -> None:
        """See Page."""
        self.detail.close_down()

    def select(self, key: str) -> None:
        """See Page."""
        if key in self.rows.rows:
            self.view.select([key])

    def commands(self) -> list[Command]:
        """See Page."""
        made = [Command(tr("New machine"), self.make, "Ctrl+N")]
        status = self.services.hub.machines.get(self.chosen)
        if status is not None:
            possible = [one for one in self.deeds.all(status) if one.enabled]
            made += [Command(f"{status.name}: {one.title}", one.run) for one in possible]
        return made

    def make(self) -> QDialog:
        """Ask what machine is wanted, and make it."""
        dialog = CreateDialog(self, self.services, lambda wish: create_machine(self.services, wish))
        dialog.open()
        return dialog

    def _delete(self) -> None:
        status = self.services.hub.machines.get(self.chosen)
        if status is not None:
            self.deeds.delete(status)

    def _show(self, *_: object) -> None:
        hub = self.services.hub
        if hub.connection is Connection.lost or not hub.machines:
            show_absence(self.placeholder, self.services, self.go)
            self._stack.setCurrentIndex(0)
            return
        self._stack.setCurrentIndex(1)
        self._count.setText(summary(list(hub.machines.values())))
        if self.chosen not in hub.machines:
            self.view.select([hub.current if hub.current in hub.machines else next(iter(hub.machines))])

    def _on_machine(self, name: str) -> None:
        if name not in self.services.hub.machines:
            self._probed.pop(name, None)
            self.detail.forget(name)
        self._show()
        if name == self.chosen:
            self._show_chosen()
            self._probe()

    def _on_chosen(self, _keys: list[str]) -> None:
        self._show_chosen()
        self._probe()

    def _show_chosen(self) -> None:
        status = self.services.hub.machines.get(self.chosen)
        if status is None:
            return
        probed = self._probed.get(status.name)
        if probed is not None and probed.state is status.state:
            # Reports hold no figures of memory and disk: those of the last look are better than none.
            status = dataclasses.replace(status, memory_use=probed.memory_use, disk_use=probed.disk_use)
        self.detail.show_status(status)

    def _probe(self) -> None:
        """Ask the chosen machine for its figures, when somebody looks."""
        name, hub = self.chosen, self.services.hub
        if not self._seen or not name or hub.connection is not Connection.connected:
            return

        def load() -> MachineStatus:
            with hub.client() as client:
                return msgspec.convert(client.get(hub.path("", name)), MachineStatus)

        Op(self, load).success(self._on_probed).failure(lambda _error: None).run(self.services.runner)

    def _on_probed(self, status: MachineStatus) -> None:
        self._probed[status.name] = status
        if status.name == self.chosen:
            self._show_chosen()

    def _on_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.detail.fill_menu(menu)
        if not menu.isEmpty():
            menu.popup(at)
