"""An image on its way, layer by layer, in a dialog that may be closed meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QProgressBar,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from app.gui.pages.images.transfer import Layers
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID, LINE, Theme
from app.gui.widgets.basics import button, column, label, row, set_kind
from app.gui.work.jobs import Job, JobState
from vm.errors import LinnetError
from vm.units import human_size

_FRACTION = Qt.ItemDataRole.UserRole


class LayerList(QTreeWidget):
    """One line a layer: its identifier, a bar, what the engine says."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(tr("Layers"))
        self.setHeaderLabels([tr("Layer"), tr("Progress"), tr("State")])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setItemDelegateForColumn(1, _Bar(self, theme))
        self._font = theme.fixed_font()
        header = self.header()
        header.setStretchLastSection(False)
        header.resizeSection(0, 136)
        header.resizeSection(1, 136)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)

    def show_layers(self, layers: Layers) -> None:
        """Show the layers as they are now."""
        for place, layer in enumerate(layers.all()):
            item = self.topLevelItem(place)
            if item is None:
                item = QTreeWidgetItem([layer.id])
                item.setFont(0, self._font)
                item.setSizeHint(0, QSize(0, LINE))
                self.addTopLevelItem(item)
            amount = f"  {human_size(layer.done)} / {human_size(layer.total)}" if layer.total and not layer.over else ""
            item.setText(2, layer.status + amount)
            fraction = 1.0 if layer.over else layer.done / layer.total if layer.total else 0.0
            if item.data(1, _FRACTION) != fraction:
                item.setData(1, _FRACTION, fraction)


class _Bar(QStyledItemDelegate):
    """Draws how much of a layer is there."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:  # type: ignore[override]
        """Draw a bar."""
        super().paint(painter, option, index)
        rect: QRect = option.rect
        room = QRect(rect.left() + GRID, rect.center().y() - 2, rect.width() - 2 * GRID, 5)
        fraction = min(1.0, float(index.data(_FRACTION) or 0.0))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for colour, width in (("line", room.width()), ("accent", round(room.width() * fraction))):
            painter.setBrush(self._theme.colour(colour))
            if width:
                painter.drawRoundedRect(QRect(room.left(), room.top(), width, room.height()), 2, 2)
        painter.restore()


class TransferDialog(QDialog):
    """Follows a pull or a push; closing it ends nothing.

    Attributes:
        list: the layers.
    """

    def __init__(self, parent: QWidget, services: Services, job: Job, layers: Layers) -> None:
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(job.title)
        self.resize(600, 440)
        self._job = job
        self._layers = layers
        self.list = LayerList(services.theme)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(job.title)
        self._text = label("", "muted", wrap=True)
        self._cancel = button(tr("Cancel"), job.cancel, danger=True)
        self._close = button(tr("Go on in the background"), self.accept, primary=True)
        self._close.setDefault(True)
        self.setLayout(
            column(
                label(job.title, "heading", wrap=True),
                self._text,
                self._bar,
                self.list,
                row(None, self._cancel, self._close),
                margins=3 * GRID,
            )
        )
        self._close.setFocus()
        job.changed.connect(self._show)
        job.ended.connect(self._on_ended)
        self._show()

    @property
    def text(self) -> str:
        """What is said above the layers."""
        return self._text.text()

    def fail(self, message: str, hint: str) -> None:
        """Say why it came to nothing."""
        self._text.setText(f"{message} {hint}".strip())
        set_kind(self._text, "bad")

    def _show(self) -> None:
        if self._job.state is JobState.running:
            self._text.setText(self._job.text)
            fraction = self._job.fraction
            self._bar.setRange(0, 1000 if fraction is not None else 0)
            self._bar.setValue(round((fraction or 0) * 1000))
        self.list.show_layers(self._layers)

    def _on_ended(self) -> None:
        self._cancel.hide()
        self._bar.hide()
        self._close.setText(tr("Close"))
        self._close.setAccessibleName(tr("Close"))
        if self._job.state is not JobState.failed:
            self.accept()


def follow(
    parent: QWidget,
    services: Services,
    title: str,
    work: Callable[..., object],
    layers: Layers,
    done: Callable[[], None],
) -> TransferDialog:
    """Begin a transfer and show it; `done` is called when it has succeeded."""
    shown: list[TransferDialog] = []

    def failed(error: LinnetError) -> None:
        if shown and shiboken6.isValid(shown[0]) and shown[0].isVisible():
            shown[0].fail(error.message, error.hint or "")
        else:
            services.runner.failed.emit(error)

    job = services.jobs.start(title, work, success=lambda _result: done(), failure=failed)
    shown.append(TransferDialog(parent, services, job, layers))
    shown[0].open()
    return shown[0]
