"""Podman's pods: groups of containers that share a network, and the way from and to Kubernetes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QMenu, QTreeWidgetItem, QWidget

from app.core.docker import LIBPOD, DockerClient
from app.gui.model.collection import Collection, Row
from app.gui.model.hub import Connection
from app.gui.pages.base import Command
from app.gui.pages.containers import rows
from app.gui.pages.listpage import Emptiness, ListPage, ListSpec, menu_action
from app.gui.pages.pods import client, columns
from app.gui.pages.pods.generate import GenerateDialog
from app.gui.pages.pods.play import PlayDialog
from app.gui.services import Services
from app.gui.text import count, mark, tr
from app.gui.theme import GRID
from app.gui.widgets.ask import confirm
from app.gui.widgets.basics import action, boxed, button, column, label, row
from app.gui.widgets.empty import EmptyState
from app.gui.widgets.shortlist import ShortList, list_row
from app.gui.work.jobs import Control

_VERBS = {
    "start": mark("Start pod '{name}'"),
    "stop": mark("Stop pod '{name}'"),
    "restart": mark("Restart pod '{name}'"),
}


class PodsPage(ListPage):
    """One row for each pod; says so when the engine has none."""

    name = "pods"

    def __init__(self, services: Services, go: Callable[[str, str], None]) -> None:
        super().__init__(services, go)
        hub = services.hub
        self.pods = Collection(
            self, services.runner, lambda: client.list_pods(self._podman()), lambda one: str(one["Id"])
        )
        self._build_detail()
        self.play_button = button(tr("Play YAML …"), self.play, primary=True, tip=tr("Play Kubernetes YAML"))
        empty = Emptiness(
            "pod",
            tr("There are no pods"),
            tr("A pod is a group of containers that share a network. Play a Kubernetes file to make one."),
            tr("Play YAML …"),
            self.play,
        )
        self.build(
            ListSpec(self.pods, columns.columns(), columns.search_text, empty), [self.play_button], self._detail_pane
        )
        self._build_absence()
        self.add_actions(
            action(self, tr("Play Kubernetes YAML"), self.play, shortcut="Ctrl+N"),
            action(self, tr("Remove pod"), self.remove, shortcut="Del"),
        )
        for signal in (hub.connection_changed, hub.machines_changed, hub.current_changed):
            signal.connect(self._on_state)
        hub.happened.connect(self._on_event)
        for changed in (self.pods.changed, self.pods.reset, hub.containers.changed):
            changed.connect(self._refresh)
        self._on_state()

    @classmethod
    def title(cls) -> str:
        """See Page."""
        return tr("Pods")

    def shown(self) -> None:
        """See Page; the containers' rows say more about the members."""
        super().shown()
        self.services.hub.containers.want(self)

    def hidden(self) -> None:
        """See Page."""
        super().hidden()
        self.services.hub.containers.unwant(self)

    def commands(self) -> list[Command]:
        """See Page."""
        return [Command(tr("Play Kubernetes YAML"), self.play, "Ctrl+N")] if self._has_pods else []

    def select(self, key: str) -> None:
        """See ListPage; a pod's name is taken too."""
        super().select(next((one for one, known in self.model.known.items() if key == known["Name"]), key))

    def show_detail(self, chosen: Sequence[Row]) -> bool:
        """See ListPage."""
        if len(chosen) != 1:
            return False
        pod = chosen[0]
        self._head.setText(str(pod["Name"]))
        running = pod["Status"] in ("Running", "Degraded", "Paused")
        self.buttons["start"].setEnabled(pod["Status"] != "Running")
        self.buttons["stop"].setEnabled(running)
        self.buttons["restart"].setEnabled(running)
        known = self.services.hub.containers.rows
        self.members.show_rows(self._member(one, known.get(one["Id"])) for one in columns.members(pod))
        return True

    def _member(self, one: Row, container: Row | None) -> QTreeWidgetItem:
        state = rows.state(container).text if container is not None else str(one["Status"])
        image = str(container.get("Image") or "") if container is not None else ""
        made = list_row(str(one["Id"]), [str(one["Names"]), state, image])
        up = one["Status"] == "running"
        made.setIcon(0, self.services.icons.get("dot" if up else "ring", "good" if up else "muted"))
        return made

    def fill_menu(self, menu: QMenu) -> None:
        """See ListPage."""
        if self.chosen_rows():
            menu_action(menu, tr("Start"), lambda: self.act("start"))
            menu_action(menu, tr("Stop"), lambda: self.act("stop"))
            menu_action(menu, tr("Restart"), lambda: self.act("restart"))
            menu.addSeparator()
            menu_action(menu, tr("Kubernetes YAML …"), self.generate, enabled=len(self.chosen_rows()) == 1)
            menu.addSeparator()
            menu_action(menu, tr("Remove …"), self.remove).setShortcut("Del")

    def act(self, verb: str) -> None:
        """Do one of `_VERBS` with the selected pods; processes may take their time to end, so each is a job."""
        for pod in self.chosen_rows():
            title = tr(_VERBS[verb], name=pod["Name"])
            self.services.jobs.start(title, self._acting(verb, str(pod["Id"]))).ended.connect(self.pods.touch)

    def remove(self) -> None:
        """Ask whether the selected pods shall go."""
        chosen = self.chosen_rows()
        if not chosen:
            return
        losses = [str(one["Names"]) for pod in chosen for one in columns.members(pod)]
        title = (
            tr("Remove pod '{name}'?", name=chosen[0]["Name"])
            if len(chosen) == 1
            else count("Remove {n} pod?", "Remove {n} pods?", len(chosen))
        )
        text = tr(
            "Its containers are removed too, running ones are killed; what they wrote outside of volumes is lost."
        )
        confirm(self, title, text, tr("Remove"), lambda: self._remove(chosen), losses=losses)

    def play(self) -> PlayDialog | None:
        """Ask for a Kubernetes YAML and play it."""
        if not self._has_pods:
            return None
        dialog = PlayDialog(self, self.services, self._play)
        dialog.open()
        return dialog

    def generate(self) -> GenerateDialog | None:
        """Show the Kubernetes YAML of the selected pod."""
        chosen = self.chosen_rows()
        if len(chosen) != 1:
            return None
        name = str(chosen[0]["Name"])

        def load(service: bool) -> str:
            return client.generate(self._podman(), [name], service=service)

        dialog = GenerateDialog(self, self.services, name, load)
        dialog.open()
        return dialog

    @property
    def _has_pods(self) -> bool:
        status = self.services.hub.status
        return status is not None and status.engine is not None and status.engine.kind in client.PODMAN

    def _podman(self) -> DockerClient:
        return self.services.hub.docker(api=LIBPOD)

    def _build_detail(self) -> None:
        self._head = label("", "heading")
        self.buttons = {
            "start": button(tr("Start"), lambda: self.act("start")),
            "stop": button(tr("Stop"), lambda: self.act("stop")),
            "restart": button(tr("Restart"), lambda: self.act("restart")),
            "generate": button(tr("Kubernetes YAML …"), self.generate),
            "remove": button(tr("Remove …"), self.remove, danger=True),
        }
        titles = [tr("Container"), tr("State"), tr("Image")]
        self.members = ShortList(tr("Containers of the pod"), titles, (240, 160))
        self.members.opened.connect(lambda key: self.go("containers", key))
        content = column(row(self._head, None, *self.buttons.values()), self.members)
        content.setContentsMargins(0, 2 * GRID, 0, 0)
        self._detail_pane: QWidget = boxed(content)

    def _build_absence(self) -> None:
        """Say on Moby that pods are Podman's, instead of an empty list."""
        self.absence = EmptyState(self.services.icons)
        self.absence.tell(
            "pod",
            tr("Pods are Podman's"),
            tr(
                "This machine runs Moby, which has none. Podman can be chosen as its engine; "
                "each engine keeps its own containers and images."
            ),
            tr("Go to machines"),
            lambda: self.go("machines", self.services.hub.current or ""),
        )
        self.body.addWidget(self.absence)

    def _on_state(self, *_: object) -> None:
        hub = self.services.hub
        ready = hub.engine_ready and hub.connection is Connection.connected
        self.pods.set_available(available=ready and self._has_pods)
        wrong = ready and not self._has_pods
        self.body.setCurrentIndex(1 if wrong else 0)
        for widget in (self.play_button, self.search):
            widget.setVisible(not wrong)

    def _on_event(self, event: dict[str, Any]) -> None:
        if event["kind"] == "container" and event["machine"] == self.services.hub.current:
            self.pods.touch()

    def _refresh(self, *_: object) -> None:
        chosen = self.chosen_rows()
        if chosen:
            self.show_detail(chosen)

    def _acting(self, verb: str, pod: str) -> Callable[[Control], None]:
        return lambda _control: client.act(self._podman(), verb, pod)

    def _remove(self, chosen: Sequence[Row]) -> None:
        names = {str(pod["Id"]): str(pod["Name"]) for pod in chosen}

        def work(control: Control) -> None:
            for place, (key, name) in enumerate(names.items()):
                control.progress(name, place, len(names))
                client.remove(self._podman(), key)

        title = tr("Remove pod '{name}'", name=next(iter(names.values()))) if len(names) == 1 else tr("Remove pods")
        self.services.jobs.start(title, work).ended.connect(self._after)

    def _play(self, text: str, replace: bool) -> None:
        def work(control: Control) -> list[str]:
            control.progress(tr("Podman pulls and starts what the file names"))
            return client.play(self._podman(), text, control, replace=replace)

        def done(pods: list[str]) -> None:
            self.services.messages.tell(count("{n} pod runs.", "{n} pods run.", len(pods)), "good")

        self.services.jobs.start(tr("Play Kubernetes YAML"), work, success=done).ended.connect(self._after)

    def _after(self) -> None:
        hub = self.services.hub
        for collection in (self.pods, hub.containers, hub.volumes, hub.networks):
            collection.touch()
