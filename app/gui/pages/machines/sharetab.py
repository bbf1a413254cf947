"""The tab of a machine's shared folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QComboBox, QTreeWidgetItem

from app.core.client import encode_query
from app.gui.pages.machines.addshare import AddShareDialog
from app.gui.pages.machines.tab import AskingTab
from app.gui.pages.machines.words import choice_text
from app.gui.services import Services
from app.gui.text import mark, tr
from app.gui.theme import GRID
from app.gui.widgets.ask import confirm
from app.gui.widgets.basics import button, column, label, row
from app.gui.widgets.forms import Remark
from app.gui.widgets.shortlist import ShortList, list_row
from app.gui.work.runner import Op
from vm.machine.status import MachineStatus, ShareStatus

HOME_MODES = (
    ("read-write", mark("Yes, containers may change files in it")),
    ("read-only", mark("Yes, but only to read")),
    ("off", mark("No")),
)
"""Values of the setting `home_share`, and what they mean."""

Shares = tuple[list[dict[str, Any]], str]
"""The shares as the local API has them, and the setting `home_share`."""


class ShareTab(AskingTab):
    """The list of shares; home above it.

    Attributes:
        home: whether and how the home folder is shared.
        list: the shares, by their path on the host.
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._home_before = ""
        self._home_path = str(Path.home())
        self._known: list[ShareStatus] = []
        self.home = QComboBox()
        self.home.setAccessibleName(tr("Share the home folder"))
        for value, text in HOME_MODES:
            self.home.addItem(tr(text), value)
        self.home.activated.connect(self._on_home)
        self.list = ShortList(
            tr("Shared folders"),
            [tr("Folder"), tr("In the machine"), tr("Access"), tr("Served by"), tr("State")],
            (232, 200, 112, 96),
        )
        self.list.itemSelectionChanged.connect(self._on_selected)
        self.note = Remark("muted", selectable=True)
        self.add = button(tr("Add folder …"), self._add)
        self.remove = button(tr("Remove …"), self._remove)
        content = column(
            row(label(tr("Home folder")), self.home, None),
            self.list,
            self.note,
            self.problem,
            row(self.add, self.remove, None),
        )
        content.setContentsMargins(0, GRID, 0, 0)
        self.setLayout(content)
        self._on_selected()

    def machine_changed(self) -> None:
        """See MachineTab."""
        self.list.show_rows(())
        self._known = []
        super().machine_changed()

    def concerns(self, before: MachineStatus, now: MachineStatus) -> bool:
        """See AskingTab: an event has told of a share, or the machine runs now."""
        return before.shares != now.shares or super().concerns(before, now)

    def seen(self) -> None:
        """Load the shares."""
        if self.status is None:
            return
        name, hub = self.machine, self.services.hub

        def load() -> Shares:
            with hub.client() as client:
                values = client.get(hub.path("/settings", name))["values"]
                mode = next((one["value"] for one in values if one["name"] == "home_share"), "off")
                return client.get(hub.path("/shares", name)), str(mode)

        self.ask(load, lambda found: self._show(*found))

    def _show(self, shares: list[dict[str, Any]], home: str) -> None:
        self._known = [ShareStatus(**one) for one in shares]
        self._home_before = home
        self.home.setCurrentIndex(max(0, self.home.findData(home)))
        self.list.show_rows((self._row(share) for share in self._known), tr("This machine shares no folder."))
        self.problem.say("")
        self._on_selected()

    def _row(self, share: ShareStatus) -> QTreeWidgetItem:
        texts = _texts(share, running=self._runs())
        made = list_row(share.path, texts)
        for place, text in enumerate(texts):
            made.setToolTip(place, share.error or share.note or text)
        if share.error:
            made.setForeground(4, self.services.theme.colour("bad"))
        return made

    def _runs(self) -> bool:
        return self.status is not None and self.status.process_id is not None

    def _chosen(self) -> ShareStatus | None:
        return next((share for share in self._known if share.path == self.list.key), None)

    def _on_selected(self) -> None:
        share = self._chosen()
        self.remove.setEnabled(share is not None)
        told = (share.error, share.note) if share is not None else ()
        self.note.say(" ".join(part for part in told if part))

    def _add(self) -> None:
        AddShareDialog(self, self._do_add).open()

    def _do_add(self, body: dict[str, Any]) -> None:
        name, hub = self.machine, self.services.hub

        def work() -> Any:
            with hub.client() as client:
                return client.post(hub.path("/shares", name), body)

        self._change(name, work, tr("{path} is shared.", path=body["path"]))

    def _remove(self) -> None:
        share, name, hub = self._chosen(), self.machine, self.services.hub
        if share is None:
            return
        if share.path == self._home_path and self._home_before != "off":
            self.home.setCurrentIndex(self.home.findData("off"))
            self._on_home()
            return
        path = share.path

        def work() -> Any:
            with hub.client() as client:
                return client.delete(hub.path("/shares", name) + encode_query({"path": path}))

        confirm(
            self,
            tr("Share the folder no longer?"),
            tr(
                "Containers that use {path} lose it. The folder itself and all that is in it stay on this computer.",
                path=path,
            ),
            tr("Remove"),
            lambda: self._change(name, work, tr("{path} is shared no longer.", path=path)),
        )

    def _on_home(self, *_: object) -> None:
        mode, name = str(self.home.currentData()), self.machine
        if mode == self._home_before:
            return
        self.home.setCurrentIndex(self.home.findData(self._home_before))
        if not self._runs():
            self._set_home(name, mode, restart=False)
            return
        text = {
            "off": tr("Containers see your home folder no longer. It stays on this computer as it is."),
            "read-only": tr("Containers can read your home folder, and change nothing in it."),
            "read-write": tr("Containers can read and change all files in your home folder."),
        }[mode]
        confirm(
            self,
            tr("Share the home folder otherwise?"),
            f"{text} {tr('The machine has to be restarted for this; its containers are stopped.')}",
            tr("Change and restart"),
            lambda: self._set_home(name, mode, restart=True),
        )

    def _set_home(self, name: str, mode: str, *, restart: bool) -> None:
        self.services.jobs.operate(
            tr("Change machine '{name}'", name=name),
            "PATCH",
            self.services.hub.path("/settings", name),
            {"settings": {"home_share": mode}, "restart": restart},
            success=lambda _: self.look_again(name),
            failure=lambda error: self.fail(name, error),
        )

    def _change(self, name: str, work: Any, done: str) -> None:
        def succeed(_result: Any) -> None:
            self.services.messages.tell(done, "good")
            self.look_again(name)

        Op(self, work).success(succeed).failure(lambda error: self.fail(name, error)).run(self.services.runner)


def _texts(share: ShareStatus, *, running: bool) -> list[str]:
    if share.error:
        state = share.error
    elif share.mounted:
        state = tr("mounted")
    else:
        state = tr("not mounted") if running else tr("when the machine runs")
    access = tr("read only") if share.read_only else tr("read and write")
    return [share.path, share.guest_path, access, choice_text(share.kind), state]
