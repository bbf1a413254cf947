"""The form that asks what is to be built."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QFormLayout, QLineEdit, QPlainTextEdit, QWidget

from app.gui.pages.images.building import BuildSpec
from app.gui.pages.images.dockerfile import Facts, look
from app.gui.pages.images.names import check_tag
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, label, row
from app.gui.widgets.forms import Remark, add_field, form
from app.gui.widgets.pickers import pick_folder
from app.gui.work.runner import Op

PLATFORMS = ("linux/amd64", "linux/arm64")


class BuildDialog(QDialog):
    """Folder, Dockerfile, name, target, arguments, platform.

    Attributes:
        folder, dockerfile, tag, target, arguments, platform, no_cache, pull: the fields.
        yes: the button that begins.
    """

    def __init__(
        self,
        parent: QWidget,
        services: Services,
        accepted: Callable[[BuildSpec], object],
        spec: BuildSpec | None = None,
    ) -> None:
        """`spec`: what stands in the fields at first; `accepted` gets what is to be built."""
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Build an image"))
        self.setMinimumWidth(600)
        self._services = services
        self._asked = 0
        self._facts = Facts("", exists=False, dockerfile="")
        self._make_fields(spec or BuildSpec("", ""))
        self._problem = Remark("bad")
        cancel = button(tr("Cancel"), self.reject)
        self.yes = button(tr("Build"), self.accept, primary=True)
        self.yes.setDefault(True)
        self.setLayout(
            column(
                label(tr("Build an image"), "heading"),
                self._form(),
                self._problem,
                row(None, cancel, self.yes),
                margins=3 * GRID,
                spacing=2 * GRID,
            )
        )
        self.accepted.connect(lambda: accepted(self.spec()))
        for field in (self.folder, self.dockerfile):
            field.textChanged.connect(self._look)
        self.tag.textChanged.connect(self._judge)
        self.arguments.textChanged.connect(self._judge)
        self._look()

    def spec(self) -> BuildSpec:
        """Return what the fields say."""
        return BuildSpec(
            folder=str(Path(self.folder.text().strip()).expanduser()),
            dockerfile=(self.dockerfile.text().strip() or self._facts.dockerfile).replace("\\", "/"),
            tag=self.tag.text().strip(),
            target=self.target.currentText().strip(),
            args=dict(_pairs(self.arguments.toPlainText())),
            platform=self.platform.currentText().strip(),
            no_cache=self.no_cache.isChecked(),
            pull=self.pull.isChecked(),
        )

    @property
    def problem(self) -> str:
        """What is wrong, "" when nothing."""
        return self._problem.text()

    def _make_fields(self, spec: BuildSpec) -> None:
        self.folder = _line(spec.folder, tr("Folder"))
        self.dockerfile = _line(spec.dockerfile, tr("Dockerfile"))
        self.tag = _line(spec.tag, tr("Name of the image"), "shop:latest")
        self.target = _combo((), spec.target, tr("Stop after the stage"), tr("the last one"))
        self.platform = _combo(PLATFORMS, spec.platform, tr("Platform"), tr("the machine's own"))
        self.arguments = QPlainTextEdit("\n".join(f"{name}={value}" for name, value in spec.args.items()))
        self.arguments.setAccessibleName(tr("Build arguments"))
        self.arguments.setPlaceholderText("VERSION=1.2")
        self.arguments.setFixedHeight(9 * GRID)
        self.arguments.setTabChangesFocus(True)
        self.no_cache = QCheckBox(tr("Do every step anew, without the cache"))
        self.no_cache.setChecked(spec.no_cache)
        self.pull = QCheckBox(tr("Look for newer base images"))
        self.pull.setChecked(spec.pull)

    def _form(self) -> QFormLayout:
        fields = form()
        choose = button(tr("Choose …"), self._choose)
        choose.setAccessibleName(tr("Choose the folder"))
        add_field(fields, tr("Folder"), row(self.folder, choose))
        add_field(fields, tr("Dockerfile"), self.dockerfile)
        add_field(fields, tr("Name of the image"), self.tag)
        add_field(fields, tr("Stop after the stage"), self.target)
        self._hint = Remark("hint")
        add_field(fields, tr("Build arguments"), column(self.arguments, self._hint, spacing=4))
        add_field(fields, tr("Platform"), self.platform)
        fields.addRow("", self.no_cache)
        fields.addRow("", self.pull)
        return fields

    def _choose(self) -> None:
        pick_folder(self, tr("Folder to build from"), lambda path: self.folder.setText(str(path)), self.folder.text())

    def _look(self) -> None:
        """Look into the folder; on a slow disk that takes a while."""
        self._asked += 1
        self.yes.setEnabled(False)
        number, folder, name = self._asked, self.folder.text().strip(), self.dockerfile.text().strip()

        def show(facts: Facts) -> None:
            if number == self._asked:
                self._on_facts(facts)

        Op(self, lambda: look(folder, name)).success(show).run(self._services.runner)

    def _on_facts(self, facts: Facts) -> None:
        self._facts = facts
        self.dockerfile.setPlaceholderText(facts.dockerfile)
        chosen = self.target.currentText()
        self.target.clear()
        self.target.addItems(["", *facts.stages])
        self.target.setCurrentText(chosen)
        known = ", ".join(facts.arguments)
        self._hint.say(tr("The Dockerfile takes: {names}", names=known) if known else "")
        self._judge()

    def _judge(self) -> None:
        facts, tag = self._facts, self.tag.text().strip()
        wrong = ""
        if not self.folder.text().strip():
            wrong = " "
        elif not facts.exists:
            wrong = tr("There is no such folder.")
        elif not facts.found:
            name = self.dockerfile.text().strip() or "Dockerfile"
            wrong = tr("There is no file {name} in this folder.", name=name)
        elif tag and check_tag(tag):
            wrong = check_tag(tag)
        elif bad := next((line for line in _lines(self.arguments.toPlainText()) if not _is_pair(line)), ""):
            wrong = tr("Write build arguments as NAME=value, one a line, not as '{line}'.", line=bad[:60])
        self._problem.say(wrong.strip())
        self.yes.setEnabled(not wrong)


def _line(text: str, name: str, placeholder: str = "") -> QLineEdit:
    made = QLineEdit(text)
    made.setAccessibleName(name)
    made.setPlaceholderText(placeholder)
    return made


def _combo(choices: tuple[str, ...], text: str, name: str, placeholder: str) -> QComboBox:
    made = QComboBox()
    made.setEditable(True)
    made.addItems(["", *choices])
    made.setCurrentText(text)
    made.setAccessibleName(name)
    edit = made.lineEdit()
    assert edit is not None
    edit.setPlaceholderText(placeholder)
    return made


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _is_pair(line: str) -> bool:
    name, sign, _ = line.partition("=")
    return bool(sign) and name.strip().isidentifier()


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs = (line.partition("=") for line in _lines(text))
    return [(name.strip(), value) for name, _, value in pairs]
