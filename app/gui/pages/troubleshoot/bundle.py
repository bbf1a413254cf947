"""The support bundle: what is in it, and the way to get one."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, label, link, row
from app.gui.widgets.pickers import pick_new_file
from vm.units import human_size

SUFFIX = ".tar.gz"


class BundlePart(QWidget):
    """Says what a bundle holds, and writes one.

    Attributes:
        save: asks for a file and writes it.
        show_folder: opens the folder of the one that was written.
    """

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._written: Path | None = None
        self.save = button(tr("Save support bundle …"), self.choose)
        self._done = label("", "good", wrap=True, selectable=True)
        self.show_folder = link(tr("Show in folder"), self._open)
        holds = tr(
            "One archive with the results of the checks, versions, the state of machines, settings files and the ends "
            "of all logs."
        )
        hidden = tr(
            "Passwords, tokens, keys and log-ins are taken out, and so are your name, your home folder and the name "
            "of this computer. Disks, containers and volumes are not looked at."
        )
        stays = tr("It stays on this computer: nothing is sent anywhere. Have a look into it before you pass it on.")
        self.setLayout(
            column(
                label(tr("Support bundle"), "heading"),
                label(tr("For whoever shall find out what is wrong."), wrap=True),
                label(holds, "muted", wrap=True),
                label(hidden, "muted", wrap=True),
                label(stays, "muted", wrap=True),
                GRID,
                row(self.save, None),
                self._done,
                row(self.show_folder, None),
                None,
            )
        )
        self._done.hide()
        self.show_folder.hide()

    @property
    def said(self) -> str:
        """What is said of the bundle that was written, "" when none was."""
        return self._done.text()

    def choose(self) -> QFileDialog:
        """Have a file chosen, then write the bundle."""
        name = f"linnet-support-{time.strftime('%Y%m%d-%H%M')}{SUFFIX}"
        kinds = tr("Archives (*.tar.gz)")
        return pick_new_file(self, tr("Save support bundle"), self.write, name, kinds=kinds)

    def write(self, path: Path) -> None:
        """Write the bundle."""
        self.save.setEnabled(False)
        job = self._services.jobs.operate(
            tr("Save support bundle"), "POST", "/v1/support-bundle", {"path": str(path)}, success=self._on_written
        )
        job.ended.connect(self._on_ended)

    def _on_written(self, result: dict[str, Any]) -> None:
        self._written = Path(result["path"])
        text = tr("{path} was written, {size}.", path=result["path"], size=human_size(result["size"]))
        self._done.setText(text)
        self._done.show()
        self.show_folder.show()
        self._services.messages.tell(text, "good")

    def _on_ended(self) -> None:
        self.save.setEnabled(True)

    def _open(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.parent)))
