"""What is known of one volume, and its files."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from app.gui.model.collection import Row
from app.gui.pages.volumes.copies import Copies
from app.gui.pages.volumes.rows import Sizes, VolumeUsers, container_name, title
from app.gui.pages.volumes.snapshots import SnapshotTab
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.times import age, epoch, written
from app.gui.widgets.basics import column, label, row
from app.gui.widgets.facts import Facts
from app.gui.widgets.filebrowser import FileBrowser
from vm.units import human_size

_FILES, _SNAPSHOTS = 1, 2


class VolumeDetail(QWidget):
    """The pane below the list.

    Attributes:
        facts: the overview.
        tabs: overview, files and snapshots.
        files: made when they are first looked at, None before.
        snapshots: snapshots and backups.
    """

    def __init__(
        self, services: Services, users: VolumeUsers, sizes: Sizes, copies: Copies, tools: Sequence[QWidget]
    ) -> None:
        super().__init__()
        self._services = services
        self._users = users
        self._sizes = sizes
        self._row: Row | None = None
        self._browsed = ""
        self.files: FileBrowser | None = None
        self._title = label("", "heading", selectable=True)
        self._title.setMinimumWidth(1)
        self.facts = Facts(tr("Overview"))
        self._place = QWidget()
        self._room = QVBoxLayout(self._place)
        self._room.setContentsMargins(0, GRID, 0, 0)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(tr("Details of the volume"))
        self.tabs.addTab(self.facts, tr("Overview"))
        self.tabs.addTab(self._place, tr("Files"))
        self.snapshots = SnapshotTab(services, copies, self._running)
        self.tabs.addTab(self.snapshots, tr("Snapshots"))
        self.tabs.currentChanged.connect(lambda _place: self._browse())
        head = row(self._title, *tools)
        head.setStretch(0, 1)
        content = column(head, self.tabs)
        content.setContentsMargins(0, 2 * GRID, 0, 0)
        self.setLayout(content)

    def show_volume(self, volume: Row) -> None:
        """Show a volume."""
        self._row = volume
        self._title.setText(title(volume))
        self._title.setToolTip(str(volume["Name"]))
        self.refresh()
        self._browse()

    def show_files(self) -> None:
        """Bring the files to the front."""
        self.tabs.setCurrentIndex(_FILES)

    def show_snapshots(self) -> None:
        """Bring the snapshots to the front."""
        self.tabs.setCurrentIndex(_SNAPSHOTS)

    def refresh(self) -> None:
        """Say anew what is known beside the engine's row."""
        volume = self._row
        if volume is None:
            return
        name = str(volume["Name"])
        users = ", ".join(
            container_name(one) if one.get("State") == "running" else f"{container_name(one)} ({one.get('State')})"
            for one in self._users.of(name)
        )
        created = epoch(volume.get("CreatedAt"))
        size = self._sizes.of(name)
        pairs = {tr("Labels"): volume.get("Labels"), tr("Options"): volume.get("Options")}
        self.facts.tell(
            [
                (tr("Name"), name),
                (tr("Used by"), users or tr("no container")),
                (tr("Size"), human_size(size) if size is not None else tr("not known yet")),
                (tr("Driver"), str(volume.get("Driver") or "")),
                (tr("Created"), f"{written(created)} ({age(created)})" if created else ""),
                (tr("In the machine at"), str(volume.get("Mountpoint") or "")),
                *(
                    (what, "\n".join(f"{one}={value}" for one, value in (of or {}).items()))
                    for what, of in pairs.items()
                ),
            ]
        )

    def let_go(self) -> None:
        """Nobody sees the files any more: what was made for browsing goes."""
        if self.files is not None:
            self.files.close_session()
            self._browsed = ""

    def seen(self) -> None:
        """The pane is seen again."""
        self._browse()

    def _running(self, name: str) -> list[str]:
        """Return the names of the containers that have a volume and are alive."""
        return [container_name(one) for one in self._users.of(name) if one.get("State") in ("running", "paused")]

    def _browse(self) -> None:
        """Open files or snapshots when they are what is looked at, and only then: the engine has to work for it."""
        if self._row is not None and self.tabs.currentIndex() == _SNAPSHOTS:
            self.snapshots.show_volume(str(self._row["Name"]))
        if self._row is None or self.tabs.currentIndex() != _FILES:
            return
        if self.files is None:
            self.files = FileBrowser(self._services)
            self._room.addWidget(self.files)
        name = str(self._row["Name"])
        if name != self._browsed:
            self._browsed = name
            self.files.open_volume(name)
