"""The dialog that shows which compose files a search has found."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QWidget

from app.gui.text import count, tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, label, row


class FoundDialog(QDialog):
    """Offers files with a tick each; `accepted` gets those that stay ticked, each with its project's name."""

    def __init__(self, parent: QWidget, found: Mapping[str, str], accepted: Callable[[dict[str, str]], object]) -> None:
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Compose files"))
        self.resize(640, 440)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Compose files"))
        for file, name in found.items():
            item = QListWidgetItem(f"{name}  ·  {file}")
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            item.setData(Qt.ItemDataRole.UserRole, (file, name))
            self.list.addItem(item)
        title = count("{n} compose file was found", "{n} compose files were found", len(found))
        yes = button(tr("Add"), self.accept, primary=True)
        yes.setDefault(True)
        self.setLayout(
            column(
                label(title, "heading"),
                self.list,
                row(None, button(tr("Cancel"), self.reject), yes),
                margins=3 * GRID,
            )
        )
        self.accepted.connect(lambda: accepted(self.chosen()))

    def chosen(self) -> dict[str, str]:
        """Return what is ticked."""
        items = [self.list.item(place) for place in range(self.list.count())]
        ticked = [item for item in items if item.checkState() is Qt.CheckState.Checked]
        return dict(item.data(Qt.ItemDataRole.UserRole) for item in ticked)
