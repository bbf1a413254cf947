"""The dialog that makes a network."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLineEdit, QWidget

from app.gui.model.collection import Row
from app.gui.pages.networks.topology import subnets
from app.gui.text import mark, tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, label, row

DRIVERS = (
    ("bridge", mark("bridge: a network of its own in the machine")),
    ("macvlan", mark("macvlan: containers have hardware addresses of their own")),
    ("ipvlan", mark("ipvlan: containers share the machine's hardware address")),
)


class CreateDialog(QDialog):
    """Asks for name, driver and addresses; `accepted_body` gets the body of the request."""

    def __init__(self, parent: QWidget, existing: Iterable[Row], accepted_body: Callable[[dict[str, Any]], None]):
        super().__init__(parent.window())
        self._existing = list(existing)
        self._done = accepted_body
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Create network"))
        self.setMinimumWidth(480)
        self.name = _field(tr("Name"), "backend")
        self.driver = QComboBox()
        self.driver.setAccessibleName(tr("Driver"))
        for value, text in DRIVERS:
            self.driver.addItem(tr(text), value)
        self.subnet = _field(tr("Address range"), tr("chosen by the engine; for example 10.40.0.0/24"))
        self.gateway = _field(tr("Gateway"), tr("the first address of the range"))
        self.internal = QCheckBox(tr("Internal: no way out to the internet"))
        self.ipv6 = QCheckBox(tr("IPv6 addresses too"))
        self.problem = label("", "bad", wrap=True)
        self.create_button = button(tr("Create"), self.accept, primary=True)
        self.create_button.setDefault(True)
        cancel = button(tr("Cancel"), self.reject)
        content = column(label(tr("Create network"), "heading"), margins=3 * GRID, spacing=GRID)
        for title, widget in (
            (tr("Name"), self.name),
            (tr("Driver"), self.driver),
            (tr("Address range"), self.subnet),
            (tr("Gateway"), self.gateway),
        ):
            content.addWidget(label(title, "muted"))
            content.addWidget(widget)
        for below in (self.internal, self.ipv6, self.problem):
            content.addWidget(below)
        content.addLayout(row(None, cancel, self.create_button))
        self.setLayout(content)
        for field in (self.name, self.subnet, self.gateway):
            field.textChanged.connect(self._judge)
        self._judge()
        self.accepted.connect(lambda: self._done(self.body()))

    def body(self) -> dict[str, Any]:
        """Return what the Docker API wants."""
        given = {"Subnet": self.subnet.text().strip(), "Gateway": self.gateway.text().strip()}
        config = {name: value for name, value in given.items() if value}
        body: dict[str, Any] = {
            "Name": self.name.text().strip(),
            "Driver": self.driver.currentData(),
            "Internal": self.internal.isChecked(),
            "EnableIPv6": self.ipv6.isChecked(),
            "CheckDuplicate": True,
        }
        return {**body, "IPAM": {"Config": [config]}} if config else body

    def _judge(self) -> None:
        wrong = mistake(
            self.name.text().strip(), self.subnet.text().strip(), self.gateway.text().strip(), self._existing
        )
        self.problem.setText(wrong)
        self.problem.setVisible(bool(wrong))
        self.create_button.setEnabled(not wrong and bool(self.name.text().strip()))


def mistake(name: str, subnet: str, gateway: str, existing: Iterable[Row]) -> str:
    """Return what is wrong with a new network's name and addresses, "" when nothing is."""
    rows = list(existing)
    if any(one["Name"] == name for one in rows):
        return tr("There is a network '{name}' already.", name=name)
    if not subnet:
        return tr("A gateway needs an address range.") if gateway else ""
    try:
        wanted = ipaddress.ip_network(subnet)
    except ValueError:
        return tr("'{text}' is no address range; write it like 10.40.0.0/24.", text=subnet)
    for one in rows:
        for other in subnets(one):
            taken = ipaddress.ip_network(other, strict=False)
            if taken.version == wanted.version and taken.overlaps(wanted):
                return tr("The network '{name}' has addresses of that range: {range}.", name=one["Name"], range=other)
    if gateway:
        try:
            if ipaddress.ip_address(gateway) in wanted:
                return ""
        except ValueError:
            return tr("'{text}' is no address.", text=gateway)
        return tr("The gateway is not in the address range.")
    return ""


def _field(name: str, example: str) -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setPlaceholderText(example)
    return made
