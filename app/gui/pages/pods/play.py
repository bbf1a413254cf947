"""The dialog that plays a Kubernetes YAML: shown and changed before, with a log while Podman works."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QWidget

from app.gui.pages.projects import names
from app.gui.pages.projects.yamlplaces import syntax_error
from app.gui.services import Services
from app.gui.text import explained, tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, label, row
from app.gui.widgets.codeview import CodeView
from app.gui.widgets.forms import Remark
from app.gui.widgets.pickers import pick_file
from app.gui.work.runner import Op

EXAMPLE = """apiVersion: v1
kind: Pod
metadata:
  name: example
spec:
  containers:
  - name: web
    image: hello
    command: ["sleep", "1000"]
"""


class PlayDialog(QDialog):
    """Asks for a YAML; `accepted_text` gets it, and whether pods of the same name are replaced."""

    def __init__(self, parent: QWidget, services: Services, accepted_text: Callable[[str, bool], object]) -> None:
        super().__init__(parent.window())
        self._services = services
        self._done = accepted_text
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Play Kubernetes YAML"))
        self.resize(720, 560)
        self.view = CodeView(services.theme, tr("Kubernetes YAML"), read_only=False)
        self.view.show_text(EXAMPLE)
        self.problem = Remark("bad")
        self.replace = QCheckBox(tr("Replace pods of the same name; what their containers wrote is lost"))
        self.file_button = button(tr("Open file …"), self._pick)
        self.play_button = button(tr("Play"), self._check, primary=True)
        intro = tr("Pods, deployments, volumes and config maps of Kubernetes become containers here.")
        self.setLayout(
            column(
                row(label(tr("Play Kubernetes YAML"), "heading"), None, self.file_button),
                label(intro, "muted", wrap=True),
                self.view,
                self.problem,
                self.replace,
                row(None, button(tr("Cancel"), self.reject), self.play_button),
                margins=3 * GRID,
                spacing=GRID + 4,
            )
        )
        self.view.textChanged.connect(self._forgive)
        self.view.setFocus()

    def load(self, file: Path) -> None:
        """Show a file."""
        (
            Op(self, lambda: names.read(str(file)))
            .success(self.view.show_text)
            .failure(lambda error: self.problem.say(explained(error)))
            .run(self._services.runner)
        )

    def _pick(self) -> None:
        pick_file(self, tr("Open file"), self.load, kinds=f"{tr('Kubernetes files')} (*.yaml *.yml)")

    def _check(self) -> None:
        text = self.view.toPlainText()
        self.play_button.setEnabled(False)

        def judged(found: tuple[int, str] | None) -> None:
            if found is None:
                self.accept()
                self._done(text, self.replace.isChecked())
                return
            self.view.mark([found[0]])
            self.problem.say(tr("Line {line}: {what}", line=found[0], what=found[1]))

        (
            Op(self, lambda: syntax_error(text))
            .finished(lambda: self.play_button.setEnabled(True))
            .success(judged)
            .failure(lambda error: self.problem.say(explained(error)))
            .run(self._services.runner)
        )

    def _forgive(self) -> None:
        if self.view.marked or self.problem.text():
            self.view.mark([])
            self.problem.say("")
