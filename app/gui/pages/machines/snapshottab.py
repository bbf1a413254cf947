"""The tab of a machine's snapshots: taking one, going back to one, deleting one."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec
from PySide6.QtWidgets import QCheckBox, QTreeWidgetItem

from app.core.snapshots import Counts, Snapshot
from app.gui.model.hub import UP
from app.gui.pages.machines.losses import Losses, find_contents
from app.gui.pages.machines.tab import AskingTab
from app.gui.pages.machines.takesnapshot import TakeSnapshotDialog
from app.gui.pages.machines.words import engine_name
from app.gui.services import Services
from app.gui.text import count, mark, tr
from app.gui.theme import GRID
from app.gui.times import written
from app.gui.widgets.ask import confirm
from app.gui.widgets.basics import button, column, row
from app.gui.widgets.forms import Remark
from app.gui.widgets.shortlist import ShortList, list_row
from app.gui.widgets.sidebar import state_text
from app.gui.work.runner import Op
from vm.errors import LinnetError
from vm.machine.status import MachineState, MachineStatus
from vm.units import human_size

KINDS = {
    "upgrade": mark("Taken by itself before an upgrade"),
    "restore": mark("Taken by itself before going back"),
}
"""Kinds of snapshots that Linnet takes by itself, in words."""


class SnapshotTab(AskingTab):
    """The list of snapshots, newest first.

    Attributes:
        list: the snapshots, by name.
        take, back, delete: the buttons.
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._known: list[Snapshot] | None = None
        self.list = ShortList(
            tr("Snapshots"),
            [tr("Name"), tr("Taken"), tr("Machine was"), tr("Memory"), tr("Held"), tr("Note")],
            (232, 152, 104, 80, 280),
        )
        self.list.itemSelectionChanged.connect(self._on_selected)
        self.note = Remark("muted", selectable=True)
        self.take = button(tr("Take snapshot …"), self._take)
        self.back = button(tr("Go back …"), self._go_back)
        self.delete = button(tr("Delete …"), self._delete)
        content = column(self.list, self.note, self.problem, row(self.take, self.back, self.delete, None))
        content.setContentsMargins(0, GRID, 0, 0)
        self.setLayout(content)
        self._on_selected()

    def machine_changed(self) -> None:
        """See MachineTab."""
        self.list.show_rows(())
        self._known = None
        super().machine_changed()

    def updated(self, before: MachineStatus | None) -> None:
        """See MachineTab: a start may have taken one before an upgrade."""
        super().updated(before)
        self._on_selected()

    def seen(self) -> None:
        """Load the snapshots."""
        if self.status is None:
            return
        name, hub = self.machine, self.services.hub

        def load() -> list[Snapshot]:
            with hub.client() as client:
                return msgspec.convert(client.get(hub.path("/snapshots", name)), list[Snapshot])

        self.ask(load, self._show)

    def _show(self, found: list[Snapshot]) -> None:
        self._known = found
        nothing = tr(
            "There are no snapshots. Linnet takes one by itself before each upgrade; you can take one at any time."
        )
        self.list.show_rows((self._row(one) for one in reversed(found)), nothing)
        self._on_selected()

    def _row(self, snapshot: Snapshot) -> QTreeWidgetItem:
        cells = texts(snapshot)
        made = list_row(snapshot.name, cells)
        for place, text in enumerate(cells):
            made.setToolTip(place, snapshot.problem or text)
        if snapshot.problem:
            made.setForeground(0, self.services.theme.colour("bad"))
        return made

    def _chosen(self) -> Snapshot | None:
        return next((one for one in self._known or [] if one.name == self.list.key), None)

    def _on_selected(self) -> None:
        snapshot = self._chosen()
        at_rest = self.status is not None and self.status.state in (
            *UP, MachineState.stopped, MachineState.suspended,
        )  # fmt: skip
        self.take.setEnabled(at_rest)
        self.back.setEnabled(at_rest and snapshot is not None and not snapshot.problem)
        self.delete.setEnabled(at_rest and snapshot is not None)
        text = ""
        if snapshot is not None:
            text = snapshot.problem or tr("Guest image {version}", version=snapshot.image or "–")
        self.note.say(text)

    def _take(self) -> None:
        status = self.status
        if status is None:
            return
        dialog = TakeSnapshotDialog(
            self,
            self._do_take,
            taken=frozenset(one.name for one in self._known or []),
            memory=status.state is not MachineState.stopped,
        )
        dialog.open()

    def _do_take(self, body: dict[str, Any]) -> None:
        name = self.machine
        self._operate(
            name, tr("Take a snapshot of '{name}'", name=name), "POST", "/snapshots", body, tr("The snapshot is taken.")
        )

    def _go_back(self) -> None:
        snapshot, status = self._chosen(), self.status
        if snapshot is None or status is None:
            return
        chosen, now = snapshot, status
        (
            Op(self, lambda: find_contents(self.services.hub, now))
            .success(lambda losses: self._ask_go_back(now.name, chosen, losses))
            .run(self.services.runner)
        )

    def _ask_go_back(self, name: str, snapshot: Snapshot, losses: Losses) -> None:
        lines = [tr("Then: {contents}", contents=held(snapshot.counts))] if snapshot.counts else []
        lines += losses.lines
        disk_only = QCheckBox(tr("Leave its memory out: the machine starts afresh"))
        text = tr(
            "The machine becomes as it was on {time}; containers that run are stopped. What is there now is not lost: "
            "it is kept as a snapshot first, so that you can go back to it.",
            time=written(snapshot.created),
        )
        confirm(
            self,
            tr("Go back to the snapshot '{snapshot}'?", snapshot=snapshot.name),
            f"{text} {losses.text}".strip(),
            tr("Go back"),
            lambda: self._do_go_back(name, snapshot, disk_only=disk_only.isChecked()),
            losses=lines,
            options=[disk_only] if snapshot.memory else [],
        )

    def _do_go_back(self, name: str, snapshot: Snapshot, *, disk_only: bool) -> None:
        self._operate(
            name,
            tr("Go back to the snapshot '{snapshot}' of '{name}'", snapshot=snapshot.name, name=name),
            "POST",
            f"/snapshots/{quote(snapshot.name, safe='')}/restore",
            {"disk_only": disk_only},
            tr("'{name}' is as it was in the snapshot '{snapshot}'.", name=name, snapshot=snapshot.name),
        )

    def _delete(self) -> None:
        snapshot, name = self._chosen(), self.machine
        if snapshot is None:
            return
        path = f"/snapshots/{quote(snapshot.name, safe='')}"
        title = tr("Delete the snapshot '{snapshot}' of '{name}'", snapshot=snapshot.name, name=name)
        done = tr("The snapshot '{snapshot}' is deleted.", snapshot=snapshot.name)
        confirm(
            self,
            tr("Delete the snapshot '{snapshot}'?", snapshot=snapshot.name),
            tr("The state that it holds is lost for good. The machine itself stays as it is."),
            tr("Delete"),
            lambda: self._operate(name, title, "DELETE", path, None, done),
        )

    def _operate(self, name: str, title: str, method: str, path: str, body: Any, done: str) -> None:
        self.problem.say("")

        def succeed(_result: Any) -> None:
            self.services.messages.tell(done, "good")
            self.look_again(name)

        def fail(error: LinnetError) -> None:
            self.look_again(name)
            self.fail(name, error)

        hub = self.services.hub
        self.services.jobs.operate(title, method, hub.path(path, name), body, success=succeed, failure=fail)


def texts(snapshot: Snapshot) -> list[str]:
    """Return the cells of a snapshot's row."""
    state = state_text(MachineState(snapshot.machine_state)) if snapshot.machine_state else ""
    note = snapshot.note or (tr(KINDS[snapshot.kind]) if snapshot.kind in KINDS else "")
    return [
        snapshot.name,
        written(snapshot.created),
        state,
        human_size(snapshot.memory) if snapshot.memory else tr("no"),
        held(snapshot.counts),
        snapshot.problem or note,
    ]


def held(counts: Counts | None) -> str:
    """Return what an engine held, in words."""
    if counts is None:
        return tr("not known")
    parts = [
        count("{n} image", "{n} images", counts.images),
        count("{n} container", "{n} containers", counts.containers),
        count("{n} volume", "{n} volumes", counts.volumes),
    ]
    return f"{engine_name(counts.engine)}: {', '.join(parts)}"
