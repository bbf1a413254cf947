"""The dialog that makes a network."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from app.gui.model.collection import Row
from app.gui.pages.networks.topology import subnets
from app.gui.text import mark, tr
from app.gui.widgets.basics import label
from app.gui.widgets.forms import FormDialog

DRIVERS = (
    ("bridge", mark("bridge: a network of its own in the machine")),
    ("macvlan", mark("macvlan: containers have hardware addresses of their own")),
    ("ipvlan", mark("ipvlan: containers share the machine's hardware address")),
)


class CreateDialog(FormDialog):
    """Asks for name, driver and addresses; `accepted_body` gets the body of the request."""

    def __init__(self, parent: QWidget, existing: Iterable[Row], accepted_body: Callable[[dict[str, Any]], None]):
        super().__init__(parent, tr("Create network"), tr("Create"), width=480)
        self._existing = list(existing)
        self.name = _field(tr("Name"), "backend")
        self.driver = QComboBox()
        self.driver.setAccessibleName(tr("Driver"))
        for value, text in DRIVERS:
            self.driver.addItem(tr(text), value)
        self.subnet = _field(tr("Address range"), tr("chosen by the engine; for example 10.40.0.0/24"))
        self.gateway = _field(tr("Gateway"), tr("the first address of the range"))
        self.internal = QCheckBox(tr("Internal: no way out to the internet"))
        self.ipv6 = QCheckBox(tr("IPv6 addresses too"))
        self.lay_out(
            label(tr("Name"), "muted"),
            self.name,
            label(tr("Driver"), "muted"),
            self.driver,
            label(tr("Address range"), "muted"),
            self.subnet,
            label(tr("Gateway"), "muted"),
            self.gateway,
            self.internal,
            self.ipv6,
        )
        for field in (self.name, self.subnet, self.gateway):
            field.textChanged.connect(self._judge)
        self._judge()
        self.accepted.connect(lambda: accepted_body(self.body()))

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
        self.tell(wrong, complete=bool(self.name.text().strip()))


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
