"""The dialog that puts a container into a network."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.gui.model.collection import Row
from app.gui.pages.networks.topology import container_name
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import label
from app.gui.widgets.forms import FormDialog, Remark


class ConnectDialog(FormDialog):
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
        title = tr("Connect a container to '{network}'", network=network["Name"])
        super().__init__(parent, title, tr("Connect"), width=480)
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
        self.note = Remark("muted")
        self._name = str(network["Name"])
        self._fixed = fixed
        self.container.currentIndexChanged.connect(self._judge)
        self._judge()
        self.lay_out(
            label(tr("Container"), "muted"),
            self.container,
            self.note,
            label(tr("Other names in this network"), "muted"),
            self.aliases,
            label(tr("Address"), "muted"),
            self.address,
            GRID,
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
        why_not = ""
        if self.container.count() == 0:
            why_not = tr("All containers are in it already.")
        elif self.container.currentData() in self._fixed:
            why_not = tr(
                "Podman cannot connect it: it was started without a network. Run it anew with --network {name}.",
                name=self._name,
            )
        self.note.say(why_not)
        self.tell("", complete=not why_not)
