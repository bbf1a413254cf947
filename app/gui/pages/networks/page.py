"""The networks of the engine: a list, and a picture of who talks to whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea

from app.core.docker import part
from app.gui.model.collection import Row
from app.gui.pages.base import Command
from app.gui.pages.listpage import Emptiness, ListPage, ListSpec, menu_action
from app.gui.pages.networks import words
from app.gui.pages.networks.columns import NetworkColumns, search_text
from app.gui.pages.networks.connect import ConnectDialog
from app.gui.pages.networks.create import CreateDialog
from app.gui.pages.networks.detail import NetworkDetail
from app.gui.pages.networks.picture import NetworkPicture
from app.gui.pages.networks.topology import BUILT_IN, Topology, container_name, container_networks, endpoints, topology
from app.gui.services import Services
from app.gui.text import count, tr
from app.gui.widgets.ask import confirm
from app.gui.widgets.basics import action, boxed, button, column, icon_button, label, menu_button, row
from app.gui.work.runner import Op


class NetworksPage(ListPage):
    """One row for each network, with its containers below; or all of them as a picture."""

    name = "networks"

    def __init__(self, services: Services, go: Callable[[str, str], None]) -> None:
        super().__init__(services, go)
        self._asked = 0
        self.detail = NetworkDetail(services.icons, self.connect_container, self.disconnect_container, self._go_to)
        self.create_button = button(tr("Create …"), self.create_network, primary=True)
        self.remove_button = icon_button(services.icons, "remove", tr("Remove network"), self.remove)
        self.picture_button = icon_button(
            services.icons,
            "network",
            tr("Picture of who talks to whom"),
            self._on_view,
            shortcut="Ctrl+Shift+P",
            checkable=True,
        )
        more = QMenu(self)
        menu_action(more, tr("Remove unused networks …"), self.prune)
        menu_action(more, tr("Copy who talks to whom as text"), self.copy_text)
        empty = Emptiness(
            "network",
            tr("There are no networks"),
            tr("Containers in one network reach each other by name."),
            tr("Create …"),
            self.create_network,
        )
        self.build(
            ListSpec(services.hub.networks, NetworkColumns(services.hub.containers).all(), search_text, empty),
            [
                self.picture_button,
                self.remove_button,
                menu_button(services.icons, "more", tr("More"), more),
                self.create_button,
            ],
            self.detail,
        )
        self._build_picture()
        self.add_actions(
            action(self, tr("Create network"), self.create_network, shortcut="Ctrl+N"),
            action(self, tr("Remove network"), self.remove, shortcut="Del"),
        )
        for collection in (services.hub.networks, services.hub.containers):
            for signal in (collection.reset, collection.changed, collection.removed):
                signal.connect(self._refresh)
        self.selection_changed()

    @classmethod
    def title(cls) -> str:
        """See Page."""
        return tr("Networks")

    def shown(self) -> None:
        """See Page; the containers say who is where."""
        super().shown()
        self.services.hub.containers.want(self)
        self._refresh()

    def hidden(self) -> None:
        """See Page."""
        super().hidden()
        self.services.hub.containers.unwant(self)

    def commands(self) -> list[Command]:
        """See Page."""
        return [
            Command(tr("Create network"), self.create_network, "Ctrl+N"),
            Command(tr("Remove unused networks …"), self.prune),
            Command(tr("Picture of who talks to whom"), self.picture_button.click, "Ctrl+Shift+P"),
        ]

    def show_detail(self, chosen: Sequence[Row]) -> bool:
        """See ListPage."""
        if len(chosen) == 1:
            self.detail.tell(chosen[0], self.services.hub.containers.rows.values())
        return len(chosen) == 1

    def selection_changed(self) -> None:
        """See ListPage."""
        self.remove_button.setEnabled(any(one["Name"] not in BUILT_IN for one in self.chosen_rows()))

    def fill_menu(self, menu: QMenu) -> None:
        """See ListPage."""
        chosen = self.chosen_rows()
        menu_action(menu, tr("Connect container …"), self.connect_container, enabled=len(chosen) == 1)
        menu.addSeparator()
        menu_action(menu, tr("Remove …"), self.remove, enabled=self.remove_button.isEnabled()).setShortcut("Del")

    def create_network(self) -> CreateDialog:
        """Ask what to create."""
        dialog = CreateDialog(self, self.services.hub.networks.rows.values(), self._create)
        dialog.open()
        return dialog

    def connect_container(self) -> ConnectDialog | None:
        """Ask which container to put into the selected network."""
        chosen = self.chosen_rows()
        if len(chosen) != 1:
            return None
        network = chosen[0]
        containers = self.services.hub.containers.rows.values()
        inside = {one["Id"] for one, _ in endpoints(network, containers)}
        outside = [one for one in containers if one["Id"] not in inside]
        path = f"/networks/{part(str(network['Id']))}/connect"
        known = {str(one["Name"]) for one in self.services.hub.networks.rows.values()}
        status = self.services.hub.status
        rootless = status is not None and status.engine is not None and status.engine.kind == "podman"
        fixed = [one["Id"] for one in outside if rootless and not known & container_networks(one).keys()]
        dialog = ConnectDialog(self, network, outside, lambda body: self._change(path, body), fixed=fixed)
        dialog.open()
        return dialog

    def disconnect_container(self, key: str) -> None:
        """Ask whether a container shall leave the selected network."""
        chosen, container = self.chosen_rows(), self.services.hub.containers.rows.get(key)
        if len(chosen) != 1 or container is None:
            return
        network, name = chosen[0], container_name(container)
        path = f"/networks/{part(str(network['Id']))}/disconnect"
        confirm(
            self,
            tr("Disconnect '{name}' from '{network}'?", name=name, network=network["Name"]),
            tr("Its open connections in this network break, and the others there do not find it any more."),
            tr("Disconnect"),
            lambda: self._change(path, {"Container": key, "Force": False}),
        )

    def remove(self) -> None:
        """Ask whether the selected networks shall go."""
        chosen = [one for one in self.chosen_rows() if one["Name"] not in BUILT_IN]
        if not chosen:
            return
        containers = list(self.services.hub.containers.rows.values())
        losses = [
            tr("{name} is in {network}", name=container_name(container), network=one["Name"])
            for one in chosen
            for container, _ in endpoints(one, containers)
        ]
        text = tr("Nothing uses it.") if len(chosen) == 1 else tr("Nothing uses them.")
        if losses:
            text = tr("The engine keeps a network that containers are in; disconnect or remove them first.")
        title = (
            tr("Remove network '{name}'?", name=chosen[0]["Name"])
            if len(chosen) == 1
            else count("Remove {n} network?", "Remove {n} networks?", len(chosen))
        )
        confirm(self, title, text, tr("Remove"), lambda: self._delete(chosen), losses=losses)

    def prune(self) -> None:
        """Ask whether all networks that nobody uses shall go."""
        hub = self.services.hub
        containers = list(hub.containers.rows.values())
        unused = [
            one for one in hub.networks.rows.values() if one["Name"] not in BUILT_IN and not endpoints(one, containers)
        ]
        if not unused:
            self.services.messages.tell(tr("Every network is in use."))
            return
        confirm(
            self,
            count("Remove {n} unused network?", "Remove {n} unused networks?", len(unused)),
            tr("No container is in these networks. Compose makes its own again when it needs them."),
            tr("Remove"),
            lambda: self._delete(unused),
            losses=[str(one["Name"]) for one in unused],
        )

    def copy_text(self) -> None:
        """Copy all that the picture shows as sentences."""

        def copy(seen: Topology) -> None:
            QGuiApplication.clipboard().setText("\n".join(words.all_lines(seen)))
            self.services.messages.tell(tr("Copied."), "good")

        self._with_topology(copy)

    def select(self, key: str) -> None:
        """See ListPage: what is selected is in the list; a network's name is taken too."""
        self.picture_button.setChecked(False)
        self._on_view()
        super().select(next((one for one, known in self.model.known.items() if key == known["Name"]), key))

    def _build_picture(self) -> None:
        services = self.services
        self.picture = NetworkPicture(services.icons, services.theme)
        self.sentence = label("", "muted", wrap=True)
        self.sentence.setMinimumHeight(40)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.picture)
        self.body.addWidget(boxed(column(scroll, row(self.sentence))))
        self.picture.told.connect(self._tell)
        self.picture.opened.connect(self._on_opened)
        self.search.textChanged.connect(self.picture.set_search)
        self._tell("")

    def _tell(self, text: str) -> None:
        self.sentence.setText(
            text or tr("Point at a container, or go there by arrow keys: what it can talk to stands out.")
        )

    def _on_view(self) -> None:
        self.body.setCurrentIndex(1 if self.picture_button.isChecked() else 0)
        self.remove_button.setVisible(not self.picture_button.isChecked())
        self._refresh()
        if self.picture_button.isChecked():
            self.picture.setFocus()

    def _refresh(self, *_: object) -> None:
        if not self.isVisible():
            return
        if self.body.currentIndex() == 1:
            self._with_topology(self.picture.show_topology)
            return
        self.model.refresh()
        chosen = self.chosen_rows()
        if len(chosen) == 1:
            self.show_detail(chosen)

    def _with_topology(self, use: Callable[[Topology], None]) -> None:
        """Have `use` called with who is where; with thousands of containers that takes a moment to find out."""
        networks = list(self.services.hub.networks.rows.values())
        containers = list(self.services.hub.containers.rows.values())
        self._asked += 1
        asked = self._asked

        def found(seen: Topology) -> None:
            if asked == self._asked:
                use(seen)

        Op(self, lambda: topology(networks, containers)).success(found).run(self.services.runner)

    def _on_opened(self, kind: str, key: str) -> None:
        if kind == "network":
            self.select(key)
        else:
            self._go_to(key)

    def _go_to(self, key: str) -> None:
        self.go("containers", key)

    def _create(self, body: dict[str, Any]) -> None:
        hub = self.services.hub

        def made(answer: dict[str, Any]) -> None:
            self._touch()
            for warning in filter(None, [answer.get("Warning")]):
                self.services.messages.tell(str(warning), "warn")
            self.services.messages.tell(tr("Network '{name}' is created.", name=body["Name"]), "good")

        Op(self, lambda: hub.docker().post("/networks/create", body)).success(made).run(self.services.runner)

    def _change(self, path: str, body: dict[str, Any]) -> None:
        hub = self.services.hub
        Op(self, lambda: hub.docker().post(path, body)).finished(self._touch).run(self.services.runner)

    def _delete(self, chosen: Sequence[Row]) -> None:
        for one in chosen:
            # By name: Podman 5.4 removes a network that is asked for by its id even while containers are in it.
            Op(self, self._deletion(f"/networks/{part(str(one['Name']))}")).finished(self._touch).run(
                self.services.runner
            )

    def _touch(self) -> None:
        self.services.hub.networks.touch()
        self.services.hub.containers.touch()

    def _deletion(self, path: str) -> Callable[[], Any]:
        hub = self.services.hub
        return lambda: hub.docker().delete(path)
