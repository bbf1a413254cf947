"""The tab with what a container has changed against its image: what its removal would lose."""

from __future__ import annotations

import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QStackedWidget, QTreeWidget, QTreeWidgetItem

from app.core.docker import DockerClient, encode_query
from app.gui.model.collection import Row
from app.gui.pages.containers import rows
from app.gui.pages.containers.losses import Change, anonymous_volumes, mounted_at, read_changes, read_sizes, telling
from app.gui.pages.containers.tab import Tab
from app.gui.services import Services
from app.gui.text import mark, tr
from app.gui.widgets.basics import column, icon_button, label, row
from app.gui.widgets.empty import EmptyState
from app.gui.work.runner import Op
from vm.errors import LinnetError
from vm.units import human_size

_MEASURED = 60
"""Files whose size is asked for, one request each."""

_MOST = 2_000
"""Paths of each kind that are shown."""

_KINDS = (("added", mark("Added")), ("changed", mark("Changed")), ("deleted", mark("Deleted")))

_TAR_BLOCK = 512


@dataclass(frozen=True)
class Found:
    """What was found out.

    Attributes:
        changes: the paths that tell something.
        written: bytes outside of volumes; None when the engine does not know.
    """

    changes: Sequence[Change]
    written: int | None
    sizes: Mapping[str, int] = field(default_factory=dict)


class ChangesTab(Tab):
    """Paths in three groups, with sizes of the first files."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.summary = label("", "muted", wrap=True)
        self.tree = QTreeWidget()
        self.tree.setColumnCount(2)
        self.tree.setHeaderLabels([tr("Path"), tr("Size")])
        self.tree.headerItem().setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.tree.setAccessibleName(tr("Changes"))
        self.tree.setUniformRowHeights(True)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().resizeSection(1, 96)
        self._none = EmptyState(services.icons)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.tree)
        self._stack.addWidget(self._none)
        refresh = icon_button(services.icons, "restart", tr("Look again"), self.refresh, shortcut="F5")
        head = row(self.summary, refresh)
        head.setStretch(0, 1)
        self.setLayout(column(head, self._stack))

    def begin(self, row: Row) -> None:  # noqa: ARG002 - what Tab gives
        """See Tab."""
        self.summary.setText("")
        self._none.tell("layers", tr("Looking …"), busy=True)
        self._stack.setCurrentWidget(self._none)
        self.refresh()

    def renew(self, row: Row) -> None:  # noqa: ARG002 - what Tab gives
        """See Tab."""
        self.refresh()

    def again(self, row: Row) -> None:  # noqa: ARG002 - what Tab gives
        """Files change without events."""
        self.refresh()

    def refresh(self) -> None:
        """Ask the engine; sizes of files come after."""
        if self.row is None:
            return
        docker, key, mounts = self.services.hub.docker(), self.key, mounted_at(self.row)
        (
            Op(self, lambda: _read(docker, key, mounts))
            .success(lambda found: self._on_found(docker, key, found))
            .failure(lambda error: self._on_failed(key, error))
            .run(self.services.runner)
        )

    def _on_found(self, docker: DockerClient, key: str, found: Found) -> None:
        if key != self.key:
            return
        self._show(found)
        paths = [one.path for one in found.changes if one.kind != "deleted"][:_MEASURED]
        (
            Op(self, lambda: _measure(docker, key, paths))
            .success(lambda sizes: self._show_sizes(key, sizes))
            .run(self.services.runner)
        )

    def _on_failed(self, key: str, error: LinnetError) -> None:
        if key == self.key:
            self.summary.setText("")
            self._none.tell("error", tr("The changes cannot be shown"), error.message, tr("Try again"), self.refresh)
            self._stack.setCurrentWidget(self._none)

    def _show(self, found: Found) -> None:
        assert self.row is not None
        volumes = anonymous_volumes(self.row)
        parts = []
        if found.written:
            parts.append(tr("{size} would be lost with this container.", size=human_size(found.written)))
        if volumes:
            named = ", ".join(f"{where} ({rows.short(name)})" for name, where in volumes)
            parts.append(tr("Its volumes without a name: {names}.", names=named))
        self.summary.setText(" ".join(parts))
        self.tree.clear()
        for kind, title in _KINDS:
            paths = [one.path for one in found.changes if one.kind == kind]
            if not paths:
                continue
            group = QTreeWidgetItem([f"{tr(title)}  {len(paths)}", ""])
            group.addChildren([QTreeWidgetItem([path, ""]) for path in paths[:_MOST]])
            if len(paths) > _MOST:
                group.addChild(QTreeWidgetItem([tr("and {n} more", n=len(paths) - _MOST), ""]))
            self.tree.addTopLevelItem(group)
            group.setExpanded(True)
        if found.changes:
            self._stack.setCurrentWidget(self.tree)
        else:
            text = tr("All its files are those of the image. What it keeps in volumes is not listed here.")
            self._none.tell("check", tr("Nothing would be lost"), text)
            self._stack.setCurrentWidget(self._none)

    def _show_sizes(self, key: str, sizes: Mapping[str, int]) -> None:
        if key != self.key:
            return
        for place in range(self.tree.topLevelItemCount()):
            group = self.tree.topLevelItem(place)
            for number in range(group.childCount() if group is not None else 0):
                item = group.child(number) if group is not None else None
                if item is not None and item.text(0) in sizes:
                    item.setText(1, human_size(sizes[item.text(0)]))
                    item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


def _read(docker: DockerClient, key: str, mounts: Sequence[str]) -> Found:
    changes = read_changes(docker, key)
    wanted = set(telling(changes, mounts))
    try:
        written = read_sizes(docker, [key]).get(key)
    except LinnetError:
        written = None
    return Found([one for one in changes if one.path in wanted], written)


def _measure(docker: DockerClient, key: str, paths: Sequence[str]) -> dict[str, int]:
    """Return the sizes of files: what stands in the head of the archive of each, of which no more is read."""
    sizes = {}
    for path in paths:
        try:
            with docker.chunks("GET", f"/containers/{key}/archive{encode_query({'path': path})}") as flow:
                head = b""
                for chunk in flow:
                    head += chunk
                    if len(head) >= _TAR_BLOCK:
                        break
            found = tarfile.TarInfo.frombuf(head[:_TAR_BLOCK], "utf-8", "replace")
        except (LinnetError, tarfile.HeaderError):
            continue
        if found.isreg():
            sizes[path] = found.size
    return sizes
