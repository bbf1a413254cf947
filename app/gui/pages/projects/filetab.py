"""The compose file of a project: shown, checked by compose itself, with the place of what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QStackedWidget, QWidget

from app.core.client import Client
from app.gui.model.collection import Row
from app.gui.pages.projects import compose, names, yamlplaces
from app.gui.services import Services
from app.gui.text import tr
from app.gui.widgets.basics import button, column, label, row, set_kind
from app.gui.widgets.codeview import CodeView
from app.gui.work.command import run_in_guest
from app.gui.work.runner import Op
from vm.errors import LinnetError


@dataclass(frozen=True)
class Verdict:
    """What came of a check.

    Attributes:
        wrong: what is wrong, "" when nothing is.
        line: where, from 1; None when that is not known.
        resolved: the file as compose understands it.
    """

    wrong: str = ""
    line: int | None = None
    resolved: str = ""


class FileTab(QWidget):
    """Shows one of a project's files, or all of them as compose puts them together.

    Attributes:
        view: the file.
        resolved: what compose makes of it.
        verdict: what came of the check.
    """

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._project: Row | None = None
        self._file = ""
        self._asked = 0
        self._wrong: list[int] = []
        self.choice = QComboBox()
        self.choice.setAccessibleName(tr("File"))
        self.choice.activated.connect(self._on_choice)
        self.verdict = label("", "muted", wrap=True, selectable=True)
        self.check_button = button(tr("Check"), self.check)
        self.open_button = button(tr("Open in editor"), self._open)
        self.view = CodeView(services.theme, tr("Compose file"))
        self.resolved = CodeView(services.theme, tr("As compose understands it"))
        self._views = QStackedWidget()
        self._views.addWidget(self.view)
        self._views.addWidget(self.resolved)
        head = row(self.choice, self.verdict, self.check_button, self.open_button)
        head.setStretch(1, 1)
        content = column(head, self._views)
        content.setContentsMargins(0, 8, 0, 0)
        self.setLayout(content)

    def tell(self, project: Row) -> None:
        """Show the files of a project."""
        same = self._project is not None and self._project["Key"] == project["Key"]
        before, self._project = self._project, project
        if same and before is not None and before["HostFiles"] == project["HostFiles"]:
            return
        self.choice.clear()
        for file in project["HostFiles"]:
            if file:
                self.choice.addItem(Path(file).name, file)
                self.choice.setItemData(self.choice.count() - 1, file, 3)
        there = self.choice.count() > 0
        self.choice.addItem(tr("As compose understands it"), "")
        self.choice.setEnabled(there)
        self.check_button.setEnabled(there and bool(project["Shared"]))
        self.open_button.setEnabled(there)
        self.resolved.show_text("")
        self.choice.setCurrentIndex(0)
        self._file = ""
        self._asked += 1
        self.view.show_text("")
        self._say("", "muted")
        if there:
            self._on_choice()
            if self.isVisible():
                self.check()
        else:
            self._say(tr("This computer does not have the file of this project."), "muted")

    def check(self) -> None:
        """Read the file again and have compose check it."""
        project, services = self._project, self._services
        if project is None or not project["Shared"]:
            return
        self._wrong = []
        self._load()
        self._asked += 1
        asked = self._asked
        self.check_button.setEnabled(False)
        self._say(tr("Checking …"), "muted")
        hub, path = services.hub, services.hub.path()

        def show(found: Verdict) -> None:
            if asked == self._asked:
                self._show_verdict(found)

        def fail(error: LinnetError) -> None:
            if asked == self._asked:
                self._say(error.message, "bad")

        (
            Op(self, lambda: judge(hub.client, path, project))
            .finished(lambda: self.check_button.setEnabled(True))
            .success(show)
            .failure(fail)
            .run(services.runner)
        )

    def _on_choice(self, *_: object) -> None:
        file = self.choice.currentData()
        self._views.setCurrentIndex(0 if file else 1)
        self.open_button.setEnabled(bool(file))
        if file:
            self._file = file
            self._wrong = []
            self._load()
        elif not self.resolved.toPlainText():
            self.check()

    def _load(self) -> None:
        file = self._file
        if not file:
            return

        def show(text: str) -> None:
            if file == self._file:
                self.view.show_text(text)
                self.view.mark(self._wrong)  # the file may come after what is wrong with it

        def fail(error: LinnetError) -> None:
            if file == self._file:
                self.view.show_text("")
                self._say(error.message, "bad")

        Op(self, lambda: names.read(file)).success(show).failure(fail).run(self._services.runner)

    def _show_verdict(self, found: Verdict) -> None:
        self.resolved.show_text(found.resolved)
        self._wrong = [found.line] if found.line is not None else []
        self.view.mark(self._wrong)
        if not found.wrong:
            self._say(tr("Compose finds nothing wrong."), "good")
        elif found.line is not None:
            self._say(tr("Line {line}: {what}", line=found.line, what=found.wrong), "bad")
        else:
            self._say(found.wrong, "bad")

    def _say(self, text: str, kind: str) -> None:
        self.verdict.setText(text)
        set_kind(self.verdict, kind)

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._file))


def judge(client: Callable[[], Client], path: str, project: Row) -> Verdict:
    """Check a project's files, in a thread: as YAML here, and by compose in the guest.

    Args:
        client: makes a client of linnetd.
        path: the machine's in the local API.
        project: as `projects` has it.

    Raises:
        LinnetError: it could not be checked.
    """
    files = [file for file in project["HostFiles"] if file]
    text = names.read(files[0]) if files else ""
    broken = yamlplaces.syntax_error(text)
    if broken is not None:
        # Compose says less exactly where a file is no YAML.
        return Verdict(broken[1], broken[0])
    with client() as made:
        ended = run_in_guest(made, path, compose.command(project, compose.VERBS["config"]))
    wrong = compose.complaint(ended)
    return Verdict(wrong, yamlplaces.line_of(text, wrong) if wrong else None, ended.output if not wrong else "")
