"""The form that runs a container."""

from __future__ import annotations

import os

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from app.core.docker import LIBPOD
from app.core.sharedpaths import PathMap, SharedFolder
from app.gui.model.collection import Collection
from app.gui.pages.containers.runrequest import RunRequest, shell_line
from app.gui.pages.containers.runsections import Basics, Section, makers
from app.gui.pages.containers.runwork import run_container
from app.gui.services import Services
from app.gui.text import explained, tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, icon_button, label, line, row, set_kind
from app.gui.work.jobs import Job, JobState
from vm.errors import LinnetError

_SIZE = (760, 600)
_DEFAULT_MACHINE = "default"


class RunForm(QDialog):
    """Sections at the left, fields at the right, below them the command that does the same.

    It stays open until the container runs, so that nothing typed is lost when the engine refuses. Closing it earlier
    leaves the work to the tasks.

    Signals:
        made: a container runs; its id.
    """

    made = Signal(str)

    def __init__(self, services: Services, parent: QWidget, image: str = "") -> None:
        super().__init__(parent)
        self._services = services
        self._job: Job | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Run a container"))
        self.resize(*_SIZE)
        for collection in self._collections():
            collection.want(self)
        self._makers = makers(services, image, self.find_guest_path)
        self._made: dict[int, Section] = {}
        self.places = QListWidget()
        self.places.setAccessibleName(tr("Sections"))
        self.places.setFixedWidth(22 * GRID)
        self._stack = QStackedWidget()
        for _kind, title, _make in self._makers:
            item = QListWidgetItem(title)
            item.setSizeHint(QSize(0, 4 * GRID))
            self.places.addItem(item)
            area = QScrollArea()
            area.setWidgetResizable(True)
            self._stack.addWidget(area)
        self._build_bottom()
        self.places.currentRowChanged.connect(self._show_section)
        self.places.setCurrentRow(0)
        self._on_edited()
        self.basics.image.field.setFocus()

    @property
    def basics(self) -> Basics:
        """The first section."""
        found = self.section(Basics)
        assert isinstance(found, Basics)
        return found

    def section(self, kind: type[Section]) -> Section:
        """Return the section of a kind, made if need be."""
        place = next(number for number, one in enumerate(self._makers) if one[0] is kind)
        made = self._made.get(place)
        if made is None:
            made = self._made[place] = self._makers[place][2]()
            area = self._stack.widget(place)
            assert isinstance(area, QScrollArea)
            area.setWidget(made)
            made.edited.connect(self._on_edited)
        return made

    @property
    def wish(self) -> RunRequest:
        """What the fields say."""
        wish = RunRequest("")
        for section in self._made.values():
            wish = section.fill(wish)
        return wish

    @property
    def problem(self) -> str:
        """What is said to be wrong, or what the engine said."""
        return self._said.text() if self._said.objectName() == "bad" else ""

    def find_guest_path(self, path: str) -> str | None:
        """Return where the machine has a folder of this computer, None when it does not."""
        status = self._services.hub.status
        if status is None or not os.path.isabs(path):  # noqa: PTH117 - also of the other kind of system
            return None
        shares = [SharedFolder(one.path, one.guest_path) for one in status.shares if one.mounted]
        return PathMap(shares, os.path.expanduser("~")).find(path)  # noqa: PTH111 - as PathMap wants it

    def run(self) -> None:
        """Begin, when nothing is wrong; else show what is."""
        for place, section in sorted(self._made.items()):
            wrong = section.judge(show=True)
            if wrong:
                self.places.setCurrentRow(place)
                self._say(wrong, "bad")
                return
        hub, wish, find = self._services.hub, self.wish, self.find_guest_path
        try:
            docker = hub.docker()
            podman = hub.status is not None and hub.status.engine is not None and "podman" in hub.status.engine.kind
            libpod = hub.docker(api=LIBPOD) if podman else None
        except LinnetError as error:
            self._say(error.message, "bad")
            return
        credentials = self._services.credentials
        self._set_running(running=True)
        self._job = job = self._services.jobs.start(
            tr("Run {image}", image=wish.name or wish.image),
            lambda control: run_container(control, docker, libpod, credentials, wish, find),
            failure=self._on_failed,
        )
        job.changed.connect(self._on_progress)
        job.ended.connect(self._on_ended)

    def copy_line(self) -> None:
        """Copy the command that does the same."""
        QGuiApplication.clipboard().setText(self._line())
        self._say(tr("Copied."), "good")

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's
        """Work that goes on is left to the tasks."""
        self._let_go()
        super().closeEvent(event)

    def reject(self) -> None:
        """Cancel what goes on; close when nothing does."""
        if self._job is not None and self._job.state is JobState.running:
            self._job.cancel()
            return
        self._let_go()
        super().reject()

    def _show_section(self, place: int) -> None:
        self.section(self._makers[place][0])
        self._stack.setCurrentIndex(place)

    def _build_bottom(self) -> None:
        self._command = QLabel()
        self._command.setTextFormat(Qt.TextFormat.PlainText)
        self._command.setObjectName("muted")
        self._command.setFont(self._services.theme.fixed_font())
        self._command.setMinimumWidth(1)
        self._command.setAccessibleName(tr("As a command"))
        self.copy_button = icon_button(self._services.icons, "copy", tr("Copy as linnet run"), self.copy_line)
        self._said = label("", wrap=True)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.hide()
        self._cancel = button(tr("Cancel"), self.reject)
        self.run_button = button(tr("Run"), self.run, primary=True)
        self.run_button.setDefault(True)
        command = row(self._command, self.copy_button)
        command.setStretch(0, 1)
        said = row(self._said, self._cancel, self.run_button)
        said.setStretch(0, 1)
        bottom = column(command, self._progress, said)
        bottom.setContentsMargins(2 * GRID, GRID, 2 * GRID, 2 * GRID)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.setContentsMargins(2 * GRID, 2 * GRID, 0, GRID)
        middle.addWidget(self.places)
        middle.addWidget(self._stack, 1)
        content = column(middle, line(), bottom, spacing=0)
        content.setStretch(0, 1)
        self.setLayout(content)

    def _on_edited(self) -> None:
        for section in self._made.values():
            section.judge()
        if not self.basics.image.text:
            self._command.setText("")
            self.copy_button.setEnabled(False)
        else:
            text = self._line()
            width = max(40 * GRID, self.width() - 12 * GRID)
            self._command.setText(self._command.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width))
            self._command.setToolTip(text)
            self.copy_button.setEnabled(True)
        if self._job is None:
            self._say("", "")

    def _line(self) -> str:
        machine = self._services.hub.current or ""
        return shell_line(self.wish, "" if machine == _DEFAULT_MACHINE else machine)

    def _set_running(self, *, running: bool) -> None:
        self._stack.setEnabled(not running)
        self.places.setEnabled(not running)
        self.run_button.setEnabled(not running)
        self._progress.setVisible(running)
        self._progress.setRange(0, 0)

    def _on_progress(self) -> None:
        job = self._job
        if job is None or job.state is not JobState.running:
            return
        self._say(job.text, "muted")
        fraction = job.fraction
        self._progress.setRange(0, 100 if fraction is not None else 0)
        self._progress.setValue(round((fraction or 0) * 100))

    def _on_failed(self, error: LinnetError) -> None:
        if self._job is None:
            self._services.messages.error(error)
            return
        self._set_running(running=False)
        self._say(explained(error), "bad")
        self._job = None

    def _on_ended(self) -> None:
        job = self._job
        if job is None:
            return
        if job.state is JobState.done:
            self._services.hub.containers.touch()
            self._let_go()
            self.made.emit(str(job.result))
            self.accept()
        elif job.state is JobState.cancelled:
            self._job = None
            self._set_running(running=False)
            self._say(tr("Cancelled."), "muted")

    def _let_go(self) -> None:
        """What goes on is no longer this form's."""
        job, self._job = self._job, None
        if job is not None:
            job.changed.disconnect(self._on_progress)
            job.ended.disconnect(self._on_ended)
        for collection in self._collections():
            collection.unwant(self)

    def _collections(self) -> tuple[Collection, ...]:
        hub = self._services.hub
        return hub.images, hub.volumes, hub.networks

    def _say(self, text: str, kind: str) -> None:
        self._said.setText(text)
        set_kind(self._said, kind)
