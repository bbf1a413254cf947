"""The dialog that shows the Kubernetes YAML of a pod: to copy or to save."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QDialog, QWidget

from app.gui.services import Services
from app.gui.text import explained, tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, label, row
from app.gui.widgets.codeview import CodeView
from app.gui.widgets.forms import Remark
from app.gui.widgets.pickers import pick_new_file
from app.gui.work.runner import Op
from vm.errors import LinnetError, UsageError


class GenerateDialog(QDialog):
    """Shows what Podman generates."""

    def __init__(self, parent: QWidget, services: Services, name: str, load: Callable[[bool], str]) -> None:
        """`load` asks Podman, in a thread; it is told whether a service is wanted too."""
        super().__init__(parent.window())
        self._services = services
        self._name = name
        self._load = load
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Kubernetes YAML of '{name}'", name=name))
        self.resize(720, 560)
        self.view = CodeView(services.theme, tr("Kubernetes YAML"))
        self.service = QCheckBox(tr("With a service for its ports"))
        self.service.toggled.connect(self._refresh)
        self.problem = Remark("bad")
        self.copy_button = button(tr("Copy"), self._copy)
        self.save_button = button(tr("Save …"), self._pick, primary=True)
        self.setLayout(
            column(
                label(tr("Kubernetes YAML of '{name}'", name=name), "heading", wrap=True),
                self.view,
                self.problem,
                row(self.service, None, button(tr("Close"), self.reject), self.copy_button, self.save_button),
                margins=3 * GRID,
                spacing=GRID + 4,
            )
        )
        self._refresh()

    def save(self, file: Path) -> None:
        """Write it to a file."""
        text = self.view.toPlainText()

        def saved(_: object) -> None:
            self._services.messages.tell(tr("Saved as {file}.", file=file), "good")
            self.accept()

        Op(self, lambda: _write(file, text)).success(saved).failure(self._fail).run(self._services.runner)

    def _refresh(self, *_: object) -> None:
        with_service = self.service.isChecked()
        self._enable(there=False)

        def show(text: str) -> None:
            if with_service == self.service.isChecked():
                self.view.show_text(text)
                self.problem.say("")
                self._enable(there=bool(text))

        Op(self, lambda: self._load(with_service)).success(show).failure(self._fail).run(self._services.runner)

    def _fail(self, error: LinnetError) -> None:
        self.problem.say(explained(error))

    def _enable(self, *, there: bool) -> None:
        self.copy_button.setEnabled(there)
        self.save_button.setEnabled(there)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.view.toPlainText())

    def _pick(self) -> None:
        pick_new_file(
            self,
            tr("Save Kubernetes YAML"),
            self.save,
            f"{self._name}.yaml",
            kinds=f"{tr('Kubernetes files')} (*.yaml *.yml)",
        )


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.") from error
