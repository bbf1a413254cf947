"""What is known of one image: overview, layers, everything that the engine says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHeaderView, QTabWidget, QTreeWidget, QTreeWidgetItem, QWidget

from app.core.docker import part
from app.gui.model.collection import Row
from app.gui.pages.images import names
from app.gui.pages.images.users import ImageUsers, name_of
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID, LINE
from app.gui.times import age, epoch, written
from app.gui.widgets.basics import column, label, row
from app.gui.widgets.facts import Facts
from app.gui.widgets.jsontree import JsonView
from app.gui.work.runner import Op
from vm.errors import LinnetError
from vm.units import human_size

_LONGEST = 600
"""Letters of a layer's command that the list shows; the tip has more."""


class ImageDetail(QWidget):
    """The pane below the list.

    Attributes:
        facts, layers, everything: the tabs.
    """

    def __init__(self, services: Services, users: ImageUsers, tools: Sequence[QWidget]) -> None:
        super().__init__()
        self._services = services
        self._users = users
        self._row: Row | None = None
        self._inspected: Mapping[str, Any] = {}
        self._asked = 0
        self._title = label("", "heading", selectable=True)
        self._title.setMinimumWidth(1)
        self.facts = Facts(tr("Overview"))
        self.layers = _LayerTable(services)
        self.everything = JsonView(services.icons, services.theme)
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.setAccessibleName(tr("Details of the image"))
        tabs.addTab(self.facts, tr("Overview"))
        tabs.addTab(self.layers, tr("Layers"))
        tabs.addTab(self.everything, tr("Inspect"))
        head = row(self._title, *tools)
        head.setStretch(0, 1)
        content = column(head, tabs)
        content.setContentsMargins(0, 2 * GRID, 0, 0)
        self.setLayout(content)

    def show_image(self, image: Row) -> None:
        """Show an image; what takes a request comes a little later."""
        same = self._row is not None and self._row["Id"] == image["Id"]
        self._row = image
        self._title.setText(names.clip(names.title(image)))
        self._title.setToolTip(names.title(image))
        if not same:
            self._inspected = {}
            self.layers.clear()
            self.everything.show_value({})
        self._tell()
        self._load(image)

    def refresh(self) -> None:
        """Say anew who uses the image."""
        if self._row is not None:
            self._tell()

    def _load(self, image: Row) -> None:
        self._asked += 1
        number, path = self._asked, f"/images/{part(str(image['Id']))}"
        hub = self._services.hub
        if not hub.engine_ready:
            return
        docker = hub.docker()

        def current(show: Callable[[Any], None]) -> Callable[[Any], None]:
            return lambda answer: show(answer) if number == self._asked else None

        def failed(error: LinnetError) -> None:
            if number == self._asked:
                self.layers.say(error.message)

        runner = self._services.runner
        Op(self, lambda: docker.get(f"{path}/json")).success(current(self._on_inspected)).failure(failed).run(runner)
        Op(self, lambda: docker.get(f"{path}/history")).success(current(self._on_history)).failure(failed).run(runner)

    def _on_inspected(self, answer: Mapping[str, Any]) -> None:
        self._inspected = answer
        self.everything.show_value(answer)
        self._tell()

    def _on_history(self, answer: Sequence[Mapping[str, Any]] | None) -> None:
        self.layers.show_layers(answer or [])

    def _tell(self) -> None:
        image = self._row
        if image is None:
            return
        found = self._inspected
        config = found.get("Config") or {}
        users = ", ".join(
            f"{name_of(one)} ({one.get('State')})" if one.get("State") != "running" else name_of(one)
            for one in self._users.of(image)
        )
        platform = "/".join(part for part in (found.get("Os"), found.get("Architecture"), found.get("Variant")) if part)
        created = epoch(image.get("Created"))
        self.facts.tell(
            [
                (tr("Names"), "\n".join(map(names.clip, names.tags(image))) or tr("none")),
                (tr("Used by"), users or self._users.named(image) or tr("no container")),
                (tr("Size"), human_size(int(image.get("Size") or 0))),
                (tr("Created"), f"{written(created)} ({age(created)})" if created else ""),
                (tr("Platform"), platform),
                (tr("Entry point"), _words(config.get("Entrypoint"))),
                (tr("Command"), _words(config.get("Cmd"))),
                (tr("Working folder"), str(config.get("WorkingDir") or "")),
                (tr("User"), str(config.get("User") or "")),
                (tr("Ports"), ", ".join(config.get("ExposedPorts") or {})),
                (tr("Volumes"), ", ".join(config.get("Volumes") or {})),
                (tr("Environment"), "\n".join(config.get("Env") or [])),
                (tr("Labels"), "\n".join(f"{name}={value}" for name, value in (image.get("Labels") or {}).items())),
                (tr("Id"), str(image["Id"])),
                (tr("Digests"), "\n".join(image.get("RepoDigests") or [])),
            ]
        )


class _LayerTable(QTreeWidget):
    """The layers, the newest first: size and what made them."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.setAccessibleName(tr("Layers"))
        self.setHeaderLabels([tr("Made by"), tr("Size"), tr("Age")])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QTreeWidget.SelectionMode.SingleSelection)
        self._font = services.theme.fixed_font()
        header = self.header()
        for place in (1, 2):
            self.headerItem().setTextAlignment(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(1, 96)
        header.resizeSection(2, 80)

    def show_layers(self, layers: Sequence[Mapping[str, Any]]) -> None:
        """Show what the engine's history says."""
        self.clear()
        for layer in layers:
            command = _command(str(layer.get("CreatedBy") or layer.get("Comment") or ""))
            shown = " ".join(command.split())[:_LONGEST]
            size = int(layer.get("Size") or 0)
            item = QTreeWidgetItem(
                [shown or tr("unknown"), human_size(size) if size else "", age(layer.get("Created"))]
            )
            item.setFont(0, self._font)
            item.setSizeHint(0, QSize(0, LINE))
            item.setToolTip(0, command[: 4 * _LONGEST])
            for place in (1, 2):
                item.setTextAlignment(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.addTopLevelItem(item)

    def say(self, text: str) -> None:
        """Show a sentence instead of layers."""
        self.clear()
        self.addTopLevelItem(QTreeWidgetItem([text]))


def _command(text: str) -> str:
    """Return an instruction as it stands in the file of a build."""
    for prefix in ("/bin/sh -c #(nop) ", "/bin/sh -c #(nop)"):
        if text.startswith(prefix):
            return text.removeprefix(prefix).strip()
    return "RUN " + text.removeprefix("/bin/sh -c ") if text.startswith("/bin/sh -c ") else text


def _words(command: Sequence[str] | str | None) -> str:
    if isinstance(command, str):
        return command
    return " ".join(word if word and " " not in word else repr(word) for word in command or [])
