"""The folders that a new machine shall see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QListWidget, QListWidgetItem, QWidget

from app.gui.pages.machines.addshare import AddShareDialog
from app.gui.pages.machines.sharetab import HOME_MODES
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, label, row
from app.gui.widgets.forms import Remark
from app.gui.work.runner import Op
from vm.config.description import home_share
from vm.config.settings import Host
from vm.config.shares import Share, problems

_BODY = Qt.ItemDataRole.UserRole


class Folders(QWidget):
    """The home folder, and a list of others.

    Attributes:
        home: whether and how the home folder is shared.
        list: the others.
        problem: what is wrong with the one that was added last.
    """

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.home = QComboBox()
        self.home.setAccessibleName(tr("Share the home folder"))
        for value, text in HOME_MODES:
            self.home.addItem(tr(text), value)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("More shared folders"))
        self.list.setFixedHeight(10 * GRID)
        self.list.itemSelectionChanged.connect(self._update)
        self.problem = Remark("bad")
        self.add_button = button(tr("Add folder …"), self._ask)
        self.remove_button = button(tr("Remove"), self._remove)
        self.setLayout(
            column(
                row(label(tr("Containers may use your home folder ({path})", path=str(Path.home()))), self.home, None),
                self.list,
                self.problem,
                row(self.add_button, self.remove_button, None),
            )
        )
        self._update()

    @property
    def settings(self) -> dict[str, Any]:
        """What was chosen, as the settings take it."""
        made: dict[str, Any] = {"home_share": self.home.currentData()}
        if bodies := self._bodies():
            made["shares"] = bodies
        return made

    def add(self, body: dict[str, Any]) -> None:
        """Add a folder unless something is wrong with it."""
        bodies, mode, layout = [*self._bodies(), body], str(self.home.currentData()), self._services.layout

        def look() -> list[str]:
            host = Host.current(layout)
            shares = [Share().check(one) for one in bodies]
            return [text for _place, text in problems(shares, home_share(mode, host.home), host.own)]

        Op(self, look).success(lambda wrong: self._take(body, wrong)).run(self._services.runner)

    def _take(self, body: dict[str, Any], wrong: list[str]) -> None:
        self.problem.say(" ".join(wrong))
        if not wrong:
            access = tr("read only") if body["mode"] == "read-only" else tr("read and write")
            item = QListWidgetItem(f"{body['path']}   {access}")
            item.setData(_BODY, body)
            self.list.addItem(item)
        self._update()

    def _ask(self) -> None:
        AddShareDialog(self, self.add).open()

    def _remove(self) -> None:
        for item in self.list.selectedItems():
            self.list.takeItem(self.list.row(item))
        self.problem.say("")
        self._update()

    def _bodies(self) -> list[dict[str, Any]]:
        return [self.list.item(place).data(_BODY) for place in range(self.list.count())]

    def _update(self) -> None:
        self.list.setVisible(self.list.count() > 0)
        self.remove_button.setVisible(self.list.count() > 0)
        self.remove_button.setEnabled(bool(self.list.selectedItems()))
