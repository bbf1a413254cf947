"""Keeping what a container holds: as an image, as a file of this computer, as a volume."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QMenu, QToolButton, QWidget

from app.core.docker import DockerClient
from app.gui.pages.containers.losses import Loss
from app.gui.pages.listpage import menu_action
from app.gui.services import Services
from app.gui.text import tr
from app.gui.widgets import ask
from app.gui.widgets.basics import label
from app.gui.widgets.forms import FormDialog
from app.gui.widgets.pickers import pick_new_file
from app.gui.work.jobs import Control
from vm.errors import LinnetError, UsageError


def keep_button(parent: QWidget, services: Services, loss: Loss) -> QToolButton:
    """Return a button whose menu keeps a container's data elsewhere; the container stays."""
    made = QToolButton()
    made.setText(tr("Keep it elsewhere first"))
    made.setAccessibleName(made.text())
    made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    menu = QMenu(made)
    keeping = Keeping(parent, services, loss)
    entries: tuple[tuple[str, Callable[[], object]], ...] = (
        (tr("As an image …"), keeping.ask_image),
        (tr("As a file …"), keeping.ask_file),
        (tr("As a volume …"), keeping.ask_volume),
    )
    for text, done in entries:
        menu_action(menu, text, done)
    made.setMenu(menu)
    return made


class Keeping:
    """The ways to keep what one container holds."""

    def __init__(self, parent: QWidget, services: Services, loss: Loss) -> None:
        self._parent = parent
        self._services = services
        self._loss = loss

    def ask_image(self) -> QDialog:
        """Ask for a name, and make an image of the container."""
        return ask.ask_text(
            self._parent,
            tr("Keep '{name}' as an image", name=self._loss.name),
            tr("Name of the image; what is in volumes is not in it."),
            tr("Keep"),
            self._commit,
            value=f"{self._loss.name}:kept",
        )

    def ask_file(self) -> QWidget:
        """Ask for a file, and write the container's files to it."""
        title = tr("Keep the files of '{name}'", name=self._loss.name)
        return pick_new_file(self._parent, title, self._export, f"{self._loss.name}.tar")

    def ask_volume(self) -> QDialog:
        """Ask which folder becomes which volume."""
        dialog = VolumeDialog(self._parent, self._loss, self._save_volume)
        dialog.open()
        return dialog

    def _commit(self, name: str) -> None:
        repository, sign, tag = name.rpartition(":")
        if not sign or "/" in tag:
            repository, tag = name, "latest"
        docker, key = self._services.hub.docker(), self._loss.key
        said = tr("{name} is kept as the image {image}.", name=self._loss.name, image=name)

        def work(_control: Control) -> None:
            docker.post("/commit", {}, container=key, repo=repository, tag=tag)

        self._start(work, said)

    def _export(self, path: Path) -> None:
        docker, key = self._services.hub.docker(), self._loss.key
        said = tr("The files of {name} are kept in {path}.", name=self._loss.name, path=path)
        self._start(lambda control: _export(control, docker, key, path), said)

    def _save_volume(self, source: str, name: str) -> None:
        said = tr(
            "{folder} of {name} is kept as the volume {volume}.", folder=source, name=self._loss.name, volume=name
        )
        body = {"container": self._loss.key, "source": source, "name": name}
        path = self._services.hub.path("/save-volume")
        jobs = self._services.jobs
        self._start(lambda control: jobs.perform(control, "POST", path, body), said)

    def _start(self, work: Callable[[Control], object], said: str) -> None:
        messages = self._services.messages
        self._services.jobs.start(
            tr("Keep what {name} holds", name=self._loss.name), work, success=lambda _none: messages.tell(said, "good")
        )


class VolumeDialog(FormDialog):
    """Asks for a folder of a container and a name of a volume."""

    def __init__(self, parent: QWidget, loss: Loss, accepted: Callable[[str, str], object]) -> None:
        super().__init__(parent, tr("Keep a folder of '{name}' as a volume", name=loss.name), tr("Keep"), width=440)
        self.folder = QComboBox()
        self.folder.setEditable(True)
        self.folder.addItems(_folders(loss))
        self.folder.setAccessibleName(tr("Folder of the container"))
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Name of the volume"))
        self.lay_out(label(tr("Folder of the container")), self.folder, label(tr("Name of the volume")), self.name)
        for changed in (self.folder.currentTextChanged, self.name.textChanged):
            changed.connect(self._judge)
        self._judge()
        self.accepted.connect(lambda: accepted(self.folder.currentText().strip(), self.name.text().strip()))

    def _judge(self, *_: object) -> None:
        folder = self.folder.currentText().strip()
        self.yes.setEnabled(folder.startswith("/") and folder != "/" and bool(self.name.text().strip()))


def _folders(loss: Loss) -> list[str]:
    """Return the folders that are likely meant: volumes without a name, then what was written, biggest first."""
    found = [volume.where for volume in loss.volumes]
    for path, _size in loss.paths:
        folder = path.rstrip("/") if path.endswith("/") else path.rpartition("/")[0]
        if folder and folder not in found:
            found.append(folder)
    return found


def _export(control: Control, docker: DockerClient, key: str, path: Path) -> None:
    """Write a container's files to a file, which is there whole or as it was before."""
    part = path.with_name(f".{path.name}.part")
    total = 0
    try:
        with part.open("wb") as file, control.watch(docker.chunks("GET", f"/containers/{key}/export")) as flow:
            for chunk in flow:
                file.write(chunk)
                total += len(chunk)
                control.progress(tr("Writing {path}", path=path), total)
        part.replace(path)
    except OSError as error:
        raise UsageError(tr("{path} cannot be written: {why}.", path=path, why=error.strerror or error)) from error
    except LinnetError:
        control.check()
        raise
    finally:
        part.unlink(missing_ok=True)
