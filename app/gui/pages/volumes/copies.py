"""What is done with the files of volumes beyond the engine: snapshots, clones, exports, imports, backups."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QWidget

from app.gui.pages.volumes.backing import BackupDialog
from app.gui.services import Services
from app.gui.text import tr
from app.gui.widgets.ask import ask_text, confirm
from app.gui.widgets.pickers import pick_file, pick_new_file
from app.gui.work.runner import Op
from vm.units import human_size

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")

SUFFIX = ".tar.zst"


class Copies(QObject):
    """Asks, has linnetd do it, and says what came of it.

    Signals:
        changed: the name of a volume whose snapshots or backups are others now.
    """

    changed = Signal(str)

    def __init__(self, page: QWidget, services: Services) -> None:
        super().__init__(page)
        self._page = page
        self._services = services

    def ask_snapshot(self, volume: str) -> None:
        """Take a snapshot, called by the time."""
        self._operate(
            tr("Snapshot of {volume}", volume=volume),
            "POST",
            self.path(volume, "/snapshots"),
            {"name": None},
            lambda made: self._done(
                volume, tr("Snapshot {name} of {volume} is taken.", name=made["name"], volume=volume), made
            ),
        )

    def ask_clone(self, volume: str, snapshot: str | None = None) -> QDialog:
        """Ask for a name, and make a volume with the same files."""

        def clone(name: str) -> None:
            self._operate(
                tr("Clone {volume}", volume=volume),
                "POST",
                self.path(volume, "/clone"),
                {"name": name, "snapshot": snapshot},
                self._made,
            )

        title = tr("Clone {volume}", volume=volume)
        if snapshot is not None:
            title = tr("Clone {volume} as it was at {snapshot}", volume=volume, snapshot=snapshot)
        prompt = tr("Name of the new volume. It takes no space until something in it is changed.")
        return ask_text(self._page, title, prompt, tr("Clone"), clone, value=f"{volume}-copy", check=self._wrong_name)

    def ask_rollback(self, volume: str, snapshot: str, running: list[str]) -> QDialog:
        """Ask before a volume is put back; `running` are the containers that have it now."""
        stop = QCheckBox(tr("Stop the containers and start them again"))
        text = tr("The files are then those of the snapshot. What is there now is kept as another snapshot.")
        if running:
            text += "\n\n" + tr("These containers have the volume: {names}.", names=", ".join(running))
        return confirm(
            self._page,
            tr("Roll {volume} back to {snapshot}?", volume=volume, snapshot=snapshot),
            text,
            tr("Roll back"),
            lambda: self._roll_back(volume, snapshot, stop=bool(running) and stop.isChecked()),
            danger=False,
            options=[stop] if running else [],
        )

    def ask_remove(self, volume: str, snapshot: str) -> QDialog:
        """Ask before a snapshot is deleted."""

        def remove() -> None:
            self._operate(
                tr("Delete snapshot {name}", name=snapshot),
                "DELETE",
                self.path(volume, f"/snapshots/{quote(snapshot, safe='')}"),
                None,
                lambda _none: self._done(volume, tr("Snapshot {name} is deleted.", name=snapshot), {}),
            )

        return confirm(
            self._page,
            tr("Delete snapshot {name} of {volume}?", name=snapshot, volume=volume),
            tr("The volume stays as it is. Nothing can bring the snapshot back."),
            tr("Delete"),
            remove,
        )

    def ask_export(self, volume: str, snapshot: str | None = None) -> QFileDialog:
        """Ask for a file, and write the volume to it."""

        def export(path: Path) -> None:
            self._operate(
                tr("Export {volume}", volume=volume),
                "POST",
                self.path(volume, "/export"),
                {"path": str(path), "snapshot": snapshot, "overwrite": True},
                lambda made: self._done(
                    volume,
                    tr("{path} is written: {size}.", path=made["path"], size=human_size(made["file_size"])),
                    made,
                ),
            )

        name = volume if snapshot is None else f"{volume}-{snapshot}"
        return pick_new_file(self._page, tr("Export {volume}", volume=volume), export, f"{name}{SUFFIX}")

    def ask_import(self) -> QFileDialog:
        """Ask for an export, then for a name, and make a volume of it."""
        kinds = tr("Exports of volumes") + f" (*{SUFFIX});;" + tr("All files") + " (*)"
        return pick_file(self._page, tr("Import a volume"), self.ask_import_name, kinds=kinds)

    def ask_import_name(self, path: Path) -> QDialog:
        """Ask for the name of the volume that is made of an export."""

        def import_(name: str) -> None:
            self._operate(
                tr("Import {name}", name=name),
                "POST",
                self._services.hub.path("/volumes"),
                {"path": str(path), "name": name},
                self._made,
            )

        value = re.sub(r"(-\d{8}-\d{6})?\.tar\.zst$", "", path.name)
        return ask_text(
            self._page,
            tr("Import a volume"),
            tr("Name of the volume that is made of {file}.", file=path.name),
            tr("Import"),
            import_,
            value=value,
            check=self._wrong_name,
        )

    def ask_backup(self, volume: str) -> QDialog:
        """Ask how often a volume is backed up."""

        def add(body: dict[str, Any]) -> None:
            self._short(lambda: self._post(body), volume, tr("{volume} is backed up from now on.", volume=volume))

        dialog = BackupDialog(self._page, volume, add)
        dialog.open()
        return dialog

    def ask_stop_backup(self, volume: str) -> QDialog:
        """Ask before a volume is backed up no more."""
        return confirm(
            self._page,
            tr("Back up {volume} no more?", volume=volume),
            tr("The backups that there are stay."),
            tr("Stop backups"),
            lambda: self._short(
                lambda: self._delete_backup(volume), volume, tr("{volume} is not backed up any more.", volume=volume)
            ),
            danger=False,
        )

    def back_up(self, volume: str) -> None:
        """Make a backup now. A failure is told as that of any backup, by the event."""
        self._services.jobs.operate(
            tr("Back up {volume}", volume=volume),
            "POST",
            self._services.hub.path(f"/backups/{quote(volume, safe='')}/run"),
            success=lambda made: self._done(volume, tr("{path} is written.", path=made["path"]), made),
            failure=lambda _error: self.changed.emit(volume),
        )

    def path(self, volume: str, rest: str) -> str:
        """Return the local API's path of a volume."""
        return self._services.hub.path(f"/volumes/{quote(volume, safe='')}{rest}")

    def load(self, volume: str) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
        """Return a volume's snapshots, the newest first, and how it is backed up. Blocks."""
        status = self._services.hub.status
        engine = status.engine.kind if status is not None and status.engine is not None else ""
        with self._services.hub.client() as client:
            snapshots = client.get(self.path(volume, "/snapshots"))
            backups = client.get(self._services.hub.path("/backups"))
        found = [one for one in backups if one["volume"] == volume and one["engine"] == engine]
        return sorted(snapshots, key=lambda one: -one["created"]), next(iter(found), None)

    def _roll_back(self, volume: str, snapshot: str, *, stop: bool) -> None:
        def done(made: Mapping[str, Any]) -> None:
            text = tr(
                "{volume} is as it was at {snapshot}; what was there is the snapshot {before}.",
                volume=volume,
                snapshot=snapshot,
                before=made["before"],
            )
            self._done(volume, text, {})

        body = {"snapshot": snapshot, "stop": stop}
        self._operate(tr("Roll back {volume}", volume=volume), "POST", self.path(volume, "/rollback"), body, done)

    def _operate(
        self, title: str, method: str, path: str, body: object, success: Callable[[Mapping[str, Any]], None]
    ) -> None:
        self._services.jobs.operate(title, method, path, body, success=success)

    def _short(self, work: Callable[[], object], volume: str, text: str) -> None:
        Op(self, work).success(lambda _made: self._done(volume, text, {})).run(self._services.runner)

    def _post(self, body: dict[str, Any]) -> object:
        with self._services.hub.client() as client:
            return client.post(self._services.hub.path("/backups"), body)

    def _delete_backup(self, volume: str) -> object:
        with self._services.hub.client() as client:
            return client.delete(self._services.hub.path(f"/backups/{quote(volume, safe='')}"))

    def _made(self, made: Mapping[str, Any]) -> None:
        self._services.hub.volumes.touch()
        name = str(made["name"])
        self._done(name, tr("The volume {name} is made.", name=name), made)

    def _done(self, volume: str, text: str, made: Mapping[str, Any]) -> None:
        if made.get("paused"):
            names, seconds = ", ".join(made["paused"]), f"{made['paused_for']:.1f}"
            text += " " + tr("Paused for {seconds} s: {names}.", seconds=seconds, names=names)
        missed = made.get("not_paused") or []
        if missed:
            text += " " + tr(
                "Not paused, so what it was writing may be there by halves: {names}", names="; ".join(missed)
            )
        self._services.messages.tell(text, "warn" if missed else "good")
        self.changed.emit(volume)

    def _wrong_name(self, name: str) -> str:
        if not _NAME.fullmatch(name):
            return tr("A name has letters, digits, dots, dashes and underscores, and begins with a letter or digit.")
        if name in self._services.hub.volumes.rows:
            return tr("There is a volume of this name already.")
        return ""
