"""The files of a container or a volume: browse, view, edit, upload, download, remove."""

from __future__ import annotations

import posixpath
import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDrag, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu, QStackedWidget, QWidget

from app.gui.services import Services
from app.gui.text import count, explained, tr
from app.gui.theme import GRID
from app.gui.widgets.ask import ask_text, confirm
from app.gui.widgets.basics import action, column, icon_button, label, row
from app.gui.widgets.empty import EmptyState
from app.gui.widgets.fileedit import FileEditor
from app.gui.widgets.fileentry import Entry, Listing
from app.gui.widgets.filestore import FileContent, FileStore, VolumeStore
from app.gui.widgets.filetable import FileModel, FileTable, size_text
from app.gui.widgets.filetransfer import size_of
from app.gui.work.jobs import Control
from app.gui.work.runner import Op
from vm.errors import LinnetError

DRAG_LIMIT = 64 * 1024 * 1024
"""Bytes of files that can be dragged out; more is downloaded."""


class FileBrowser(QWidget):
    """Shows one folder at a time.

    Attributes:
        folder: the path that is shown.
        table, model: its entries.
        field: the path, to be typed.
        note: what is said below the list.
    """

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._store: FileStore | None = None
        self._key: tuple[str, str] = ("", "")
        self._listing: Listing | None = None
        self._asked = 0
        # What was fetched to be dragged out: paths there, files here; and the folder they are in.
        self._fetched: tuple[list[str], list[Path]] | None = None
        self._drag_folder: Path | None = None
        self.folder = "/"
        self.model = FileModel(services.icons)
        self.table = FileTable(self.model)
        self.table.setAccessibleName(tr("Files"))
        self.table.opened.connect(self._on_opened)
        self.table.dropped.connect(self._on_dropped)
        self.table.dragged.connect(self._on_dragged)
        self.table.customContextMenuRequested.connect(self._on_menu)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._update_buttons())
        self.model.modelReset.connect(self._update_buttons)
        self._empty = EmptyState(services.icons)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.table)
        self.note = label("", "muted")
        self._build()

    def open(self, container_id: str, path: str = "/") -> None:
        """Show a folder of a container; a container that is shown already stays where it is."""
        if self._key != ("container", container_id):
            self._begin(("container", container_id), lambda: FileStore(self._services.hub.docker(), container_id), path)

    def open_volume(self, name: str) -> None:
        """Show the files of a volume."""
        if self._key != ("volume", name):
            self._begin(("volume", name), lambda: VolumeStore(self._services.hub.docker(), name), VolumeStore.root)

    def close_session(self) -> None:
        """Let go of what was made for browsing."""
        store, self._store, self._key = self._store, None, ("", "")
        self._asked += 1
        self._forget_fetched()
        self._listing = None
        self.model.show([])
        if store is not None:
            threading.Thread(target=_close, args=(store,), name="files").start()

    def go(self, folder: str) -> None:
        """Show a folder."""
        store = self._store
        if store is None:
            return
        folder = posixpath.normpath(folder)
        if not f"{folder}/".startswith(store.root.rstrip("/") + "/"):
            folder = store.root
        self._load(folder, lambda: store.list(folder))

    def refresh(self) -> None:
        """Look at the folder again."""
        self.go(self.folder)

    @property
    def chosen(self) -> list[Entry]:
        """The selected entries."""
        return [self.model.entries[place] for place in self.table.chosen if place < len(self.model.entries)]

    def view(self, entry: Entry) -> None:
        """Show a file's content."""
        store, path = self._need(), self._path(entry.name)

        def show(content: FileContent) -> None:
            FileEditor(self, self._services, content, lambda data, done: self._save(content, data, done)).open()

        Op(self, lambda: store.read(path)).success(show).run(self._services.runner)

    def make_folder(self) -> None:
        """Ask for a name and make a folder."""
        names = {entry.name for entry in self.model.entries}

        def check(text: str) -> str:
            if "/" in text or text in (".", ".."):
                return tr("A name has no slashes.")
            return tr("There is something of this name already.") if text in names else ""

        def make(name: str) -> None:
            store, folder, like = self._need(), self.folder, self._itself
            Op(self, lambda: store.make_folder(folder, name, like)).success(lambda _: self.refresh()).run(
                self._services.runner
            )

        ask_text(self, tr("New folder"), tr("Its name"), tr("Make"), make, check=check)

    def choose_uploads(self) -> None:
        """Ask for files of this computer and upload them here."""
        dialog = QFileDialog(self, tr("Upload files"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda paths: self.upload(paths, self.folder))
        dialog.open()

    def upload(self, paths: Sequence[str], folder: str) -> None:
        """Copy files and folders of this computer into a folder; asks before any is replaced."""
        names = {entry.name for entry in self.model.entries} if folder == self.folder else set()
        both = sorted(names & {Path(path).name for path in paths})
        if both:
            confirm(
                self,
                tr("Replace what is there?"),
                tr("Files of these names are there already and will be overwritten. Folders are merged."),
                tr("Replace"),
                lambda: self._upload(paths, folder),
                losses=both,
            )
        else:
            self._upload(paths, folder)

    def choose_download(self) -> None:
        """Ask for a folder of this computer and download the selection into it."""
        dialog = QFileDialog(self, tr("Download to"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.download)
        dialog.open()

    def download(self, target: str) -> None:
        """Copy the selection into a folder of this computer; nothing there is replaced."""
        store, paths = self._need(), [self._path(entry.name) for entry in self.chosen]

        def work(control: Control) -> list[Path]:
            def tell(done: int) -> None:
                control.progress(tr("{size} received", size=size_text(done)))

            def left_out(name: str) -> None:
                control.log(tr("Left out: {name}", name=name))

            return [store.download(path, Path(target), tell, left_out) for path in paths]

        title = count("Download {n} entry", "Download {n} entries", len(paths))
        self._services.jobs.start(
            title, work, success=lambda _: self._services.messages.tell(tr("Saved to {path}.", path=target), "good")
        )

    def remove(self) -> None:
        """Ask, and remove the selection."""
        chosen = self.chosen
        if not chosen:
            return
        paths = [self._path(entry.name) for entry in chosen]
        store = self._need()

        def work(_control: Control) -> None:
            store.remove(paths)

        confirm(
            self,
            count("Remove {n} entry?", "Remove {n} entries?", len(chosen)),
            tr("Folders go with all that is in them. This cannot be undone."),
            tr("Remove"),
            lambda: self._start(count("Remove {n} entry", "Remove {n} entries", len(chosen)), work),
            losses=paths,
        )

    @property
    def _itself(self) -> Entry:
        return self._listing.folder if self._listing is not None else Entry(".", 0o040755)

    def _build(self) -> None:
        icons = self._services.icons
        self._up = icon_button(icons, "up", tr("Up one folder"), self._on_up, shortcut="Alt+Up")
        self.field = QLineEdit()
        self.field.setAccessibleName(tr("Path"))
        self.field.returnPressed.connect(lambda: self.go(self._from_field()))
        self._new = icon_button(icons, "add", tr("New folder …"), self.make_folder)
        self._upload_button = icon_button(icons, "upload", tr("Upload …"), self.choose_uploads)
        self._download_button = icon_button(icons, "save", tr("Download …"), self.choose_download)
        self._remove_button = icon_button(icons, "remove", tr("Remove …"), self.remove)
        self._refresh_button = icon_button(icons, "restart", tr("Look again"), self.refresh, shortcut="F5")
        head = row(
            self._up,
            self.field,
            self._refresh_button,
            self._new,
            self._upload_button,
            self._download_button,
            self._remove_button,
            spacing=4,
        )
        self.setLayout(column(head, self._stack, self.note, margins=GRID))
        self.table.removal_wanted.connect(self.remove)
        for made in (self._up, self._refresh_button):
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._update_buttons()

    def _begin(self, key: tuple[str, str], make: Callable[[], FileStore], folder: str) -> None:
        self.close_session()
        self._key = key
        try:
            store = self._store = make()
        except LinnetError as error:
            self._show_error(error)
            return

        def start() -> Listing:
            store.open()
            return store.list(folder)

        self._load(folder, start)

    def _load(self, folder: str, work: Callable[[], Listing]) -> None:
        self._asked += 1
        asked = self._asked
        if not self.model.entries:
            self._empty.tell("folder", tr("Loading …"), busy=True)
            self._stack.setCurrentWidget(self._empty)
        self.note.setText(tr("Loading …"))

        def show(listing: Listing) -> None:
            if asked == self._asked:
                self._show(folder, listing)

        def fail(error: LinnetError) -> None:
            if asked == self._asked:
                self._show_error(error)

        Op(self, work).success(show).failure(fail).run(self._services.runner)

    def _show(self, folder: str, listing: Listing) -> None:
        self.folder, self._listing = folder, listing
        self.field.setText(self._shown(folder))
        self.model.show(listing.entries)
        if listing.entries:
            self._stack.setCurrentWidget(self.table)
            self.table.setCurrentIndex(self.model.index(0, 0))
        else:
            title, text = tr("This folder is empty"), tr("Upload something into it.")
            self._empty.tell("folder", title, text, tr("Upload …"), self.choose_uploads)
            self._stack.setCurrentWidget(self._empty)
        note = count("{n} entry", "{n} entries", len(listing.entries))
        if listing.partial:
            note += " · " + tr(
                "There may be more: without a shell in the container a folder of this size is not read to its end."
            )
        self.note.setText(note)
        self._update_buttons()

    def _show_error(self, error: LinnetError) -> None:
        text = explained(error)
        if self._listing is not None and self.model.entries:
            self.note.setText("")
            self.field.setText(self._shown(self.folder))
            self._services.messages.error(error)
            self.note.setText(text)
            return
        self._empty.tell("error", tr("The files cannot be shown"), text, tr("Try again"), self._retry)
        self._stack.setCurrentWidget(self._empty)
        self.note.setText("")
        self._update_buttons()

    def _retry(self) -> None:
        kind, name = self._key
        self._key = ("", "")
        if kind == "volume":
            self.open_volume(name)
        elif kind:
            self.open(name, self.folder)

    def _update_buttons(self) -> None:
        there = self._store is not None
        chosen = bool(self.table.chosen)
        for made in (self._new, self._upload_button, self._refresh_button):
            made.setEnabled(there)
        self._download_button.setEnabled(there and chosen)
        self._remove_button.setEnabled(there and chosen)
        self._up.setEnabled(self._store is not None and self.folder != self._store.root)

    def _on_up(self) -> None:
        self.go(posixpath.dirname(self.folder))

    def _on_opened(self, place: int) -> None:
        entry = self.model.entries[place]
        if entry.is_folder:
            self.go(self._path(entry.name))
        elif entry.is_file:
            self.view(entry)

    def _on_dropped(self, paths: list[str], place: int) -> None:
        inside = 0 <= place < len(self.model.entries) and self.model.entries[place].is_folder
        self.upload(paths, self._path(self.model.entries[place].name) if inside else self.folder)

    def _on_dragged(self) -> None:
        """Fetch what is dragged; the drag begins when it is there, if the button is still held down then."""
        chosen, store = self.chosen, self._need()
        paths = [self._path(entry.name) for entry in chosen]
        if not paths:
            return
        if self._fetched is not None and self._fetched[0] == paths:
            self._drag(self._fetched[1])
            return
        self._forget_fetched()
        target = Path(tempfile.mkdtemp(prefix="linnet-drag-"))
        self._drag_folder = target

        def fetch() -> list[Path]:
            return [store.download(path, target, _limit, lambda _name: None) for path in paths]

        def fetched(files: list[Path]) -> None:
            self._fetched = paths, files
            self._drag(files)

        Op(self, fetch).success(fetched).run(self._services.runner)

    def _forget_fetched(self) -> None:
        folder, self._drag_folder, self._fetched = self._drag_folder, None, None
        if folder is not None:
            self._services.runner.start(lambda: shutil.rmtree(folder, ignore_errors=True))

    def _drag(self, files: list[Path]) -> None:
        if QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            drag = QDrag(self.table)
            data = QMimeData()
            data.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
            drag.setMimeData(data)
            drag.exec(Qt.DropAction.CopyAction)
        else:
            self._services.messages.tell(tr("The files are ready now; drag them once more."))

    def _upload(self, paths: Sequence[str], folder: str) -> None:
        store, like = self._need(), self._itself
        files = [Path(path) for path in paths]

        def work(control: Control) -> None:
            total = size_of(files)

            def tell(done: int) -> None:
                control.progress(tr("{done} of {total}", done=size_text(done), total=size_text(total)), done, total)

            store.upload(folder, files, like, tell)

        self._start(count("Upload {n} entry", "Upload {n} entries", len(files)), work)

    def _start(self, title: str, work: Callable[[Control], Any]) -> None:
        job = self._services.jobs.start(title, work)
        job.ended.connect(self.refresh)

    def _save(self, content: FileContent, data: bytes, done: Callable[[bool], None]) -> None:
        store = self._need()

        def saved(_: Any) -> None:
            done(True)
            self._services.messages.tell(tr("{path} was saved.", path=self._shown(content.path)), "good")
            self.refresh()

        def failed(error: LinnetError) -> None:
            done(False)
            self._services.messages.error(error)

        Op(self, lambda: store.write(content.path, data, content.entry)).success(saved).failure(failed).run(
            self._services.runner
        )

    def _need(self) -> FileStore:
        assert self._store is not None
        return self._store

    def _path(self, name: str) -> str:
        return posixpath.join(self.folder, name)

    def _shown(self, path: str) -> str:
        """Return a path as the user knows it: a volume's begin at its own root."""
        root = self._store.root if self._store is not None else "/"
        return path if root == "/" else path.removeprefix(root) or "/"

    def _from_field(self) -> str:
        root = self._store.root if self._store is not None else "/"
        return posixpath.join(root, self.field.text().strip().lstrip("/"))

    def _on_menu(self, at: QPoint) -> None:
        chosen = self.chosen
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        one = chosen[0] if len(chosen) == 1 else None
        if one is not None:
            place = self.model.entries.index(one)
            menu.addAction(action(menu, tr("Open"), lambda: self._on_opened(place), shortcut="Return"))
            menu.addAction(action(menu, tr("Copy path"), lambda: self._copy_path(one)))
        menu.addAction(action(menu, tr("Download …"), self.choose_download, enabled=bool(chosen)))
        menu.addAction(action(menu, tr("Remove …"), self.remove, shortcut="Del", enabled=bool(chosen)))
        menu.addSeparator()
        menu.addAction(action(menu, tr("New folder …"), self.make_folder))
        menu.addAction(action(menu, tr("Upload …"), self.choose_uploads))
        menu.popup(self.table.viewport().mapToGlobal(at))

    def _copy_path(self, entry: Entry) -> None:
        QGuiApplication.clipboard().setText(self._shown(self._path(entry.name)))


def _limit(done: int) -> None:
    if done > DRAG_LIMIT:
        raise LinnetError(
            tr("That is too much to be dragged: more than {size}.", size=size_text(DRAG_LIMIT)),
            hint=tr("Download it instead."),
        )


def _close(store: FileStore) -> None:
    try:
        store.close()
    except LinnetError:
        # The engine or its machine has gone; the container is removed when a volume is browsed the next time.
        return
