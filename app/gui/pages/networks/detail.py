"""What is known of one network: its facts, and who is in it at which address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtWidgets import QTreeWidgetItem, QWidget

from app.gui.icons import Icons
from app.gui.model.collection import Row
from app.gui.pages.networks.topology import container_name, endpoints, project, subnets
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, label, row
from app.gui.widgets.facts import Facts
from app.gui.widgets.shortlist import ShortList, list_row


class NetworkDetail(QWidget):
    """Facts on the left, containers on the right.

    Attributes:
        members: the list of containers, by id.
    """

    def __init__(
        self,
        icons: Icons,
        connect: Callable[[], object],
        disconnect: Callable[[str], object],
        show: Callable[[str], object],
    ) -> None:
        """`connect`, `disconnect` and `show` (both with a container's id) do what their buttons say."""
        super().__init__()
        self._icons = icons
        self._title = label("", "heading")
        self.facts = Facts(tr("About the network"))
        titles = [tr("Container"), tr("Address"), tr("Other names")]
        self.members = ShortList(tr("Containers in the network"), titles, (200, 144))
        self.members.itemSelectionChanged.connect(self._on_selected)
        self.members.opened.connect(show)
        self.connect_button = button(tr("Connect container …"), connect)
        self.disconnect_button = button(tr("Disconnect …"), lambda: disconnect(self.chosen))
        self.show_button = button(tr("Show container"), lambda: show(self.chosen))
        right = column(
            self.members, row(self.connect_button, None, self.show_button, self.disconnect_button), spacing=GRID
        )
        both = row(spacing=3 * GRID)
        both.addWidget(self.facts, 2)
        both.addLayout(right, 3)
        content = column(self._title, both)
        content.setContentsMargins(0, 2 * GRID, 0, 0)
        self.setLayout(content)
        self._on_selected()

    @property
    def chosen(self) -> str:
        """The id of the container that is selected, "" for none."""
        return self.members.key

    def tell(self, network: Row, containers: Iterable[Row]) -> None:
        """Show a network."""
        self._title.setText(str(network["Name"]))
        self.facts.tell(facts(network))
        rows = (self._row(container, endpoint) for container, endpoint in endpoints(network, containers))
        self.members.show_rows(rows, tr("No container is in this network."))
        self._on_selected()

    def _row(self, container: Row, endpoint: dict[str, Any]) -> QTreeWidgetItem:
        texts = [container_name(container), address(endpoint), aliases(container, endpoint)]
        made = list_row(str(container["Id"]), texts)
        running = container["State"] == "running"
        made.setIcon(0, self._icons.get("dot" if running else "ring", "good" if running else "muted"))
        return made

    def _on_selected(self) -> None:
        there = bool(self.chosen)
        self.disconnect_button.setEnabled(there)
        self.show_button.setEnabled(there)


def facts(network: Row) -> list[tuple[str, str]]:
    """Return what there is to know."""
    config: list[dict[str, Any]] = (network.get("IPAM") or {}).get("Config") or []
    options: dict[str, Any] = network.get("Options") or {}
    return [
        (tr("Driver"), str(network.get("Driver") or "")),
        (tr("Address range"), ", ".join(subnets(network))),
        (tr("Gateway"), ", ".join(str(one["Gateway"]) for one in config if one.get("Gateway"))),
        (tr("Internal"), tr("yes: no way out to the internet") if network.get("Internal") else tr("no")),
        ("IPv6", tr("yes") if network.get("EnableIPv6") else tr("no")),
        (tr("Project"), project(network)),
        (tr("Created"), str(network.get("Created") or "")[:19].replace("T", " ")),
        (tr("Options"), ", ".join(f"{name}={value}" for name, value in options.items())),
        ("ID", str(network["Id"])[:12]),
    ]


def address(endpoint: dict[str, Any]) -> str:
    """Return a container's addresses in a network."""
    return ", ".join(str(endpoint[name]) for name in ("IPAddress", "GlobalIPv6Address") if endpoint.get(name))


def aliases(container: Row, endpoint: dict[str, Any]) -> str:
    """Return the other names by which a container is found in a network."""
    own = {container_name(container), str(container["Id"])[:12]}
    return ", ".join(str(name) for name in endpoint.get("Aliases") or [] if name not in own)
