"""The page: the list of volumes, what is in them, and what can be done with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QCheckBox, QDialog, QMenu, QWidget

from app.core.docker import DockerClient
from app.gui.model.collection import Row
from app.gui.pages.base import Command
from app.gui.pages.listpage import Emptiness, ListPage, ListSpec, menu_action
from app.gui.pages.volumes.copies import Copies
from app.gui.pages.volumes.creating import CreateDialog
from app.gui.pages.volumes.detail import VolumeDetail
from app.gui.pages.volumes.rows import Sizes, VolumeCells, VolumeUsers, is_anonymous, title
from app.gui.services import Services
from app.gui.text import count, tr
from app.gui.widgets.ask import confirm
from app.gui.widgets.basics import action, button, menu_button
from app.gui.widgets.prune import Candidate, Choice, PruneDialog
from app.gui.work.jobs import Control
from app.gui.work.removal import remove
from app.gui.work.runner import Op
from app.gui.work.trash import TrashNet
from vm.errors import LinnetError
from vm.units import human_size

CREATE_KEYS, MEASURE_KEYS = "Ctrl+N", "F5"


class VolumesPage(ListPage):
    """Volumes of the machine in view.

    Attributes:
        users: which containers use them.
        sizes: what they take.
        detail: the pane below the list.
    """

    name = "volumes"

    def __init__(self, services: Services, go: Callable[[str, str], None]) -> None:
        super().__init__(services, go)
        volumes = services.hub.volumes
        self.users = VolumeUsers(services.hub.containers, self)
        self.sizes = Sizes(services.hub, services.runner, self)
        self._cells = VolumeCells(self.users, self.sizes)
        self.copies = Copies(self, services)
        self._browse = button(tr("Browse files"), self.browse, primary=True)
        self._snapshots = button(tr("Snapshots"), self.show_snapshots)
        more = QMenu(self)
        more.aboutToShow.connect(lambda: self._fill_more(more))
        self._more = menu_button(services.icons, "more", tr("More about this volume"), more)
        self._remove = button(tr("Remove …"), self.ask_remove, danger=True)
        tools = [self._browse, self._snapshots, self._more, self._remove]
        self.detail = VolumeDetail(services, self.users, self.sizes, self.copies, tools)
        empty = Emptiness(
            "volume",
            tr("There are no volumes yet"),
            tr("A volume keeps the data of containers when these are removed."),
            tr("Create …"),
            self.ask_create,
        )
        spec = ListSpec(volumes, self._cells.columns(), self._cells.search_text, empty)
        self.build(spec, self._tools(), self.detail)
        self.users.changed.connect(self._on_users)
        self.sizes.changed.connect(self._refresh)
        volumes.reset.connect(self._on_volumes)
        volumes.changed.connect(self._on_volumes)
        self._make_actions()

    @classmethod
    def title(cls) -> str:
        """See Page."""
        return tr("Volumes")

    def shown(self) -> None:
        """See Page: who uses a volume is said by the containers."""
        self.services.hub.containers.want(self)
        super().shown()
        self.model.refresh()
        self.sizes.measure()
        self.detail.seen()

    def hidden(self) -> None:
        """See Page."""
        self.services.hub.containers.unwant(self)
        super().hidden()
        self.detail.let_go()

    def close_down(self) -> None:
        """See Page."""
        self.hidden()

    def browse(self) -> None:
        """Show the files of the selected volume."""
        if len(self.chosen_rows()) == 1:
            self.detail.show_files()

    def show_snapshots(self) -> None:
        """Show the snapshots and backups of the selected volume."""
        if len(self.chosen_rows()) == 1:
            self.detail.show_snapshots()

    def open(self, key: str) -> None:
        """See ListPage: its files are what one wants."""
        self.view.select([key])
        self.browse()

    def ask_create(self) -> QDialog:
        """Ask for a name and make a volume."""
        dialog = CreateDialog(self, lambda name: name in self.services.hub.volumes.rows, self.make)
        dialog.open()
        return dialog

    def make(self, body: dict[str, Any]) -> None:
        """Make a volume; `body` as the engine takes it."""
        docker = self._docker()
        if docker is None:
            return
        told = tr("The volume {name} is made.", name=body["Name"])
        Op(self, lambda: docker.post("/volumes/create", body)).success(lambda _made: self._done(told)).run(
            self.services.runner
        )

    def ask_remove(self) -> QDialog | None:
        """Ask before the selected volumes are removed; those that containers have cannot be."""
        chosen = self.chosen_rows()
        free = [row for row in chosen if not self.users.of(str(row["Name"]))]
        blocked = [row for row in chosen if row not in free]
        if not chosen:
            return None
        said = "\n".join(
            tr("{volume} stays, because containers use it: {names}.", volume=title(row), names=", ".join(names))
            for row in blocked
            for names in [self.users.names(str(row["Name"]))]
        )
        if not free:
            first = str(self.users.of(str(blocked[0]["Name"]))[0]["Id"])
            return confirm(
                self,
                tr("{what} cannot be removed", what=_described(blocked)),
                f"{said} {tr('Remove the containers first.')}",
                tr("Show containers"),
                lambda: self.go("containers", first),
                danger=False,
            )
        text = tr("All files in it go. The trash keeps them for the time that the settings say.")
        keep = QCheckBox(tr("Keep it in the trash"))
        keep.setChecked(True)
        return confirm(
            self,
            tr("Remove {what}?", what=_described(free)),
            f"{text}\n\n{said}" if said else text,
            tr("Remove"),
            lambda: self.remove({title(row): str(row["Name"]) for row in free}, keep=keep.isChecked()),
            losses=[self._line(row) for row in free],
            options=[keep],
        )

    def ask_prune(self) -> QDialog:
        """Show which volumes nobody uses, and remove what is left ticked."""
        rows = self.services.hub.volumes.rows.values()
        unused = [row for row in rows if not self.users.of(str(row["Name"]))]
        unused.sort(key=lambda row: -(self.sizes.of(str(row["Name"])) or 0))
        choices = [
            Choice(tr("Volumes without a name"), [self._candidate(row) for row in unused if is_anonymous(row)]),
            Choice(tr("All volumes that no container uses"), [self._candidate(row) for row in unused]),
        ]
        dialog = PruneDialog(
            self,
            tr("Remove unused volumes"),
            tr("All files in them go. The trash keeps them for the time that the settings say."),
            choices,
            lambda chosen: self.remove({one.title: one.key for one in chosen}),
        )
        dialog.open()
        return dialog

    def remove(self, targets: dict[str, str], *, keep: bool = True) -> None:
        """Remove volumes; the keys are what people call them. What is in use meanwhile stays.

        `keep`: whether the trash keeps what they hold; what it cannot keep is not removed.
        """
        docker = self._docker()
        if docker is None or not targets:
            return

        def done(kept: dict[str, str]) -> None:
            gone = len(targets) - len(kept)
            if gone:
                self._done(count("{n} volume is removed.", "{n} volumes are removed.", gone))
            for name, reason in list(kept.items())[:1]:
                self.services.messages.tell(tr("{name} stays: {reason}", name=name, reason=reason), "warn")

        what = next(iter(targets)) if len(targets) == 1 else count("{n} volume", "{n} volumes", len(targets))
        net = TrashNet(self.services, volumes=list(targets.values()), keep=keep)
        removal = remove(docker, {name: [key] for name, key in targets.items()}, "volumes")

        def work(control: Control) -> dict[str, str]:
            with net.under(control):
                kept: dict[str, str] = removal(control)
            return kept

        self.services.jobs.start(tr("Remove {what}", what=what), work, success=done)

    def fill_menu(self, menu: QMenu) -> None:
        """See ListPage."""
        chosen = self.chosen_rows()
        if not chosen:
            return
        menu_action(menu, tr("Browse files"), self.browse, enabled=len(chosen) == 1)
        if len(chosen) == 1:
            menu_action(menu, tr("Snapshots"), self.show_snapshots)
            self._fill_copies(menu, str(chosen[0]["Name"]))
        users = self.users.of(str(chosen[0]["Name"])) if len(chosen) == 1 else []
        if users:
            key = str(users[0]["Id"])
            menu_action(menu, tr("Show container"), lambda: self.go("containers", key))
        menu.addSeparator()
        entry = menu_action(menu, tr("Remove {what} …", what=_described(chosen)), self.ask_remove)
        entry.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))

    def _fill_more(self, menu: QMenu) -> None:
        menu.clear()
        chosen = self.chosen_rows()
        if len(chosen) == 1:
            self._fill_copies(menu, str(chosen[0]["Name"]))

    def _fill_copies(self, menu: QMenu, volume: str) -> None:
        menu_action(menu, tr("Take a snapshot"), lambda: self.copies.ask_snapshot(volume))
        menu_action(menu, tr("Clone …"), lambda: self.copies.ask_clone(volume))
        menu_action(menu, tr("Export …"), lambda: self.copies.ask_export(volume))
        menu_action(menu, tr("Back up …"), lambda: self.copies.ask_backup(volume))

    def show_detail(self, chosen: Sequence[Row]) -> bool:
        """See ListPage."""
        if len(chosen) != 1:
            return False
        self.detail.show_volume(chosen[0])
        return True

    def commands(self) -> list[Command]:
        """See Page."""
        found = [
            Command(tr("Create a volume"), self.ask_create, CREATE_KEYS),
            Command(tr("Measure volumes again"), self.sizes.measure, MEASURE_KEYS),
            Command(tr("Remove unused volumes"), self.ask_prune),
            Command(tr("Import a volume"), self.copies.ask_import),
        ]
        chosen = self.chosen_rows()
        if len(chosen) == 1:
            found += self._copy_commands(str(chosen[0]["Name"]))
        if chosen:
            found.append(Command(tr("Remove {what}", what=_described(chosen)), self.ask_remove, "Del"))
        return found

    def _copy_commands(self, volume: str) -> list[Command]:
        copies = self.copies
        return [
            Command(tr("Snapshot of {volume}", volume=volume), lambda: copies.ask_snapshot(volume)),
            Command(tr("Clone {volume}", volume=volume), lambda: copies.ask_clone(volume)),
            Command(tr("Export {volume}", volume=volume), lambda: copies.ask_export(volume)),
            Command(tr("Back up {volume}", volume=volume), lambda: copies.ask_backup(volume)),
        ]

    def _tools(self) -> list[QWidget]:
        menu = QMenu(self)
        menu_action(menu, tr("Import …"), self.copies.ask_import)
        menu_action(menu, tr("Measure again"), self.sizes.measure).setShortcut(QKeySequence(MEASURE_KEYS))
        menu_action(menu, tr("Remove unused …"), self.ask_prune)
        return [
            button(tr("Create …"), self.ask_create, primary=True),
            menu_button(self.services.icons, "more", tr("More about volumes"), menu),
        ]

    def _make_actions(self) -> None:
        remove_keys = QKeySequence(QKeySequence.StandardKey.Delete).toString()
        self.add_actions(
            action(self, tr("Create …"), self.ask_create, shortcut=CREATE_KEYS),
            action(self, tr("Measure again"), self.sizes.measure, shortcut=MEASURE_KEYS),
        )
        self.view.addAction(action(self.view, tr("Remove …"), self.ask_remove, shortcut=remove_keys))

    def _docker(self) -> DockerClient | None:
        try:
            return self.services.hub.docker()
        except LinnetError as error:
            self.services.messages.error(error)
            return None

    def _done(self, text: str) -> None:
        self.services.hub.volumes.touch()
        self.services.messages.tell(text, "good")

    def _on_volumes(self, *_: object) -> None:
        if self.isVisible():
            self.sizes.measure()

    def _on_users(self) -> None:
        self.model.forget_texts()
        self._refresh()

    def _refresh(self) -> None:
        self.model.refresh()
        self.detail.refresh()

    def _line(self, row: Row) -> str:
        size = self.sizes.of(str(row["Name"]))
        return str(row["Name"]) if size is None else f"{row['Name']}  ·  {human_size(size)}"

    def _candidate(self, row: Row) -> Candidate:
        return Candidate(str(row["Name"]), title(row), self.sizes.of(str(row["Name"])))


def _described(rows: Sequence[Row]) -> str:
    return title(rows[0]) if len(rows) == 1 else count("{n} volume", "{n} volumes", len(rows))
