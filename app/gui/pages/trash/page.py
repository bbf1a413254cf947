"""The page: what removed containers and volumes held, to be brought back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QMenu, QPlainTextEdit, QWidget

from app.gui.model.collection import Row
from app.gui.pages.base import Command
from app.gui.pages.listpage import Emptiness, ListPage, ListSpec, menu_action
from app.gui.pages.trash import columns
from app.gui.services import Services
from app.gui.text import count, tr
from app.gui.theme import GRID
from app.gui.times import written
from app.gui.widgets import ask
from app.gui.widgets.basics import action, boxed, button, column, icon_button, label, row
from app.gui.work.jobs import Control
from vm.units import human_size


class TrashPage(ListPage):
    """One row for each container and volume that can come back.

    Attributes:
        told: what the chosen one held, in lines.
    """

    name = "trash"

    def __init__(self, services: Services, go: Callable[[str, str], None]) -> None:
        super().__init__(services, go)
        self._restore = button(tr("Restore"), self.restore, primary=True)
        self._rename = button(tr("Restore as …"), self.restore_as)
        self._discard = button(tr("Remove for good …"), self.ask_discard, danger=True)
        self._empty_button = icon_button(services.icons, "remove", tr("Empty the trash …"), self.ask_empty)
        self._build_detail()
        empty = Emptiness(
            "remove",
            tr("The trash is empty"),
            tr("Removed containers and volumes that held data are kept here for some days."),
            tr("Settings"),
            lambda: go("settings", ""),
        )
        spec = ListSpec(services.hub.trash, columns.columns(), columns.search_text, empty)
        self.build(spec, [self._empty_button], self._detail_pane)
        delete = QKeySequence(QKeySequence.StandardKey.Delete).toString()
        self.view.addAction(action(self.view, tr("Remove for good …"), self.ask_discard, shortcut=delete))
        self.view.addAction(action(self.view, tr("Restore"), self.restore, shortcut="Ctrl+R"))
        services.hub.trash.phase_changed.connect(self._on_trash)
        for signal in (services.hub.trash.changed, services.hub.trash.removed):
            signal.connect(self._on_entries)
        self._on_trash()

    @classmethod
    def title(cls) -> str:
        """See Page."""
        return tr("Trash")

    def shown(self) -> None:
        """Look anew whenever the page is looked at: entries come and go without an event."""
        self.services.hub.trash.touch()
        super().shown()

    def open(self, key: str) -> None:
        """See ListPage: it is brought back."""
        self.view.select([key])
        self.restore()

    def restore(self) -> None:
        """Bring the selected entries back, volumes first: containers may want them."""
        chosen = sorted(self.chosen_rows(), key=lambda one: one["kind"] != "volume")
        if chosen:
            self._bring_back(chosen, None)

    def restore_as(self) -> QDialog | None:
        """Ask for another name, and bring the selected entry back under it."""
        chosen = self.chosen_rows()
        if len(chosen) != 1:
            return None
        return ask.ask_text(
            self,
            tr("Restore '{name}'", name=chosen[0]["name"]),
            tr("New name"),
            tr("Restore"),
            lambda name: self._bring_back(chosen, name),
            value=chosen[0]["name"],
        )

    def ask_discard(self) -> QDialog | None:
        """Ask, and remove the selected entries for good."""
        chosen = self.chosen_rows()
        if not chosen:
            return None
        return ask.confirm(
            self,
            tr("Remove {what} for good?", what=_described(chosen)),
            tr("Nothing can bring it back then."),
            tr("Remove for good"),
            lambda: self._throw_away([str(one["id"]) for one in chosen], _described(chosen)),
            losses=[f"{one['name']}  ·  {human_size(columns.held(one))}" for one in chosen],
        )

    def ask_empty(self) -> QDialog:
        """Ask, and remove all entries for good."""
        entries = list(self.services.hub.trash.rows.values())
        return ask.confirm(
            self,
            tr("Empty the trash?"),
            tr("Nothing can bring it back then."),
            tr("Empty the trash"),
            lambda: self._throw_away([str(one["id"]) for one in entries], _described(entries)),
            losses=[f"{one['name']}  ·  {human_size(columns.held(one))}" for one in entries],
        )

    def fill_menu(self, menu: QMenu) -> None:
        """See ListPage."""
        chosen = self.chosen_rows()
        if not chosen:
            return
        menu_action(menu, tr("Restore"), self.restore)
        menu_action(menu, tr("Restore as …"), self.restore_as, enabled=len(chosen) == 1)
        menu.addSeparator()
        entry = menu_action(menu, tr("Remove for good …"), self.ask_discard)
        entry.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))

    def show_detail(self, chosen: Sequence[Row]) -> bool:
        """See ListPage."""
        if len(chosen) != 1:
            return False
        one = chosen[0]
        self._head.setText(one["name"])
        self._explanation.setText(_explained(one))
        self.told.setPlainText("\n".join(_lines(one)))
        return True

    def commands(self) -> list[Command]:
        """See Page."""
        found = []
        chosen = self.chosen_rows()
        if chosen:
            found.append(Command(tr("Restore {what}", what=_described(chosen)), self.restore, "Ctrl+R"))
            found.append(Command(tr("Remove {what} for good", what=_described(chosen)), self.ask_discard, "Del"))
        if self.services.hub.trash.rows:
            found.append(Command(tr("Empty the trash"), self.ask_empty))
        return found

    def _build_detail(self) -> None:
        self._head = label("", "heading", wrap=True, selectable=True)
        self._explanation = label("", "muted", wrap=True, selectable=True)
        self.told = QPlainTextEdit()
        self.told.setReadOnly(True)
        self.told.setAccessibleName(tr("What it held"))
        self.told.setFont(self.services.theme.fixed_font())
        buttons = row(self._restore, self._rename, self._discard, None)
        content = column(self._head, self._explanation, buttons, self.told, spacing=GRID + 4)
        content.setContentsMargins(0, 2 * GRID, 0, 0)
        self._detail_pane: QWidget = boxed(content)

    def _bring_back(self, chosen: Sequence[Row], name: str | None) -> None:
        services, hub = self.services, self.services.hub
        paths = [hub.path(f"/trash/{one['id']}/restore") for one in chosen]

        def work(control: Control) -> list[dict[str, Any]]:
            back = []
            for path in paths:
                back.append(services.jobs.perform(control, "POST", path, {"name": name}))
                control.log(tr("{name} is back.", name=back[-1]["name"]))
            return back

        def done(back: list[dict[str, Any]]) -> None:
            notes = " ".join(note for one in back for note in one["notes"])
            said = tr("{name} is back.", name=back[0]["name"]) if len(back) == 1 else count(
                "{n} thing is back.", "{n} things are back.", len(back)
            )  # fmt: skip
            services.messages.tell(f"{said} {notes}".strip(), "good")

        job = services.jobs.start(tr("Restore {what}", what=_described(chosen)), work, success=done)
        job.ended.connect(hub.trash.touch)

    def _throw_away(self, ids: Sequence[str], what: str) -> None:
        services, hub = self.services, self.services.hub
        paths = [hub.path(f"/trash/{one}") for one in ids]

        def work(control: Control) -> None:
            for number, path in enumerate(paths):
                control.progress(what, number, len(paths))
                services.jobs.perform(control, "DELETE", path)

        job = services.jobs.start(tr("Remove {what} for good", what=what), work)
        job.ended.connect(hub.trash.touch)

    def _on_entries(self, _keys: list[str]) -> None:
        self._on_trash()

    def _on_trash(self) -> None:
        self._empty_button.setEnabled(bool(self.services.hub.trash.rows))


def _described(chosen: Sequence[Row]) -> str:
    return str(chosen[0]["name"]) if len(chosen) == 1 else count("{n} thing", "{n} things", len(chosen))


def _explained(one: Row) -> str:
    parts = [tr("Removed {when}.", when=written(one["removed_at"]))]
    if one["image"]:
        parts.append(tr("Made from {image}.", image=one["image"]))
    parts.append(tr("Restored, it has its name, settings, networks, ports and mounts again; it is not started."))
    return " ".join(parts if one["kind"] == "container" else parts[:1])


def _lines(one: Row) -> list[str]:
    found = [f"{human_size(path['bytes']):>10}  {path['path']}" for path in one["paths"]]
    for volume in one["volumes"]:
        found.append(tr("Volume without a name at {where}:", where=volume["destination"]))
        found += [f"{human_size(path['bytes']):>10}  {volume['destination']}{path['path']}" for path in volume["paths"]]
    return found
