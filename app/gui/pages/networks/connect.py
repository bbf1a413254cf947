"""The dialog that puts a container into a network."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QWidget

from app.gui.model.collection import Row
from app.gui.pages.networks.topology import container_name
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, label, row


class ConnectDialog(QDialog):
    """Asks which container, by which other names and at which address; `accepted_body` gets the request's body."""

    def __init__(
        self,
        parent: QWidget,
        network: Row,
        outside: Iterable[Row],
        accepted_body: Callable[[dict[str, Any]], None],
        *,
        fixed: Collection[str] = (),
    ) -> None:
        """Ask.

        Args:
            parent: whose window is asked.
            network: where the container is to go.
            outside: the containers that are not in it.
            accepted_body: gets the body of the request.
            fixed: ids of those that the engine cannot connect to anything.
        """
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Connect container"))
        self.setMinimumWidth(480)
        title = tr("Connect a container to '{network}'", network=network["Name"])
        self.container = QComboBox()
        self.container.setAccessibleName(tr("Container"))
        for one in sorted(outside, key=lambda one: container_name(one).casefold()):
            self.container.addItem(container_name(one), one["Id"])
        self.aliases = QLineEdit()
        self.aliases.setAccessibleName(tr("Other names in this network"))
        self.aliases.setPlaceholderText(tr("for example: db, database"))
        self.address = QLineEdit()
        self.address.setAccessibleName(tr("Address"))
        self.address.setPlaceholderText(tr("chosen by the engine"))
        self.connect_button = button(tr("Connect"), self.accept, primary=True)
        self.connect_button.setDefault(True)
        self.note = label("", "muted", wrap=True)
        self._name = str(network["Name"])
        self._fixed = fixed
        self.container.currentIndexChanged.connect(self._judge)
        self._judge()
        self.setLayout(
            column(
                label(title, "heading", wrap=True),
                label(tr("Container"), "muted"),
                self.container,
                self.note,
                label(tr("Other names in this network"), "muted"),
                self.aliases,
                label(tr("Address"), "muted"),
                self.address,
                GRID,
                row(None, button(tr("Cancel"), self.reject), self.connect_button),
                margins=3 * GRID,
            )
        )
        self.accepted.connect(lambda: accepted_body(self.body()))

    def body(self) -> dict[str, Any]:
        """Return what the Docker API wants."""
        endpoint: dict[str, Any] = {}
        names = [name.strip() for name in self.aliases.text().split(",") if name.strip()]
        if names:
            endpoint["Aliases"] = names
        address = self.address.text().strip()
        if address:
            endpoint["IPAMConfig"] = {"IPv6Address" if ":" in address else "IPv4Address": address}
        return {"Container": self.container.currentData(), "EndpointConfig": endpoint}

    def _judge(self, *_: object) -> None:
        none, stuck = self.container.count() == 0, self.container.currentData() in self._fixed
        self.connect_button.setEnabled(not none and not stuck)
        self.note.setVisible(none or stuck)
        text = tr("All containers are in it already.")
        if stuck:
            text = tr(
                "Podman cannot connect it: it was started without a network. Run it anew with --network {name}.",
                name=self._name,
            )
        self.note.setText(text)
