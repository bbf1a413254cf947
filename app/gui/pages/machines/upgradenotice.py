"""Says that a machine could run with another guest image, or that it did not want to."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QDialog, QFrame

from app.gui.model.hub import UP
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.ask import confirm
from app.gui.widgets.basics import button, label, row
from vm.errors import LinnetError
from vm.machine.status import MachineState, MachineStatus


class UpgradeNotice(QFrame):
    """A line with a button, shown while there is something to say.

    Attributes:
        text: what is said.
        now: upgrades the machine at once, or tries it again.
    """

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._status: MachineStatus | None = None
        self.setObjectName("banner")
        self.text = label("", wrap=True)
        self.now = button("", self._ask)
        content = row(self.text, self.now, margins=GRID)
        content.setStretch(0, 1)
        self.setLayout(content)
        self.hide()

    def show_status(self, status: MachineStatus) -> None:
        """Show what there is to say of a machine."""
        self._status = status
        refused, version = status.upgrade_refused, status.upgrade
        self.setProperty("tone", "warn" if refused else "accent")
        if refused:
            self.text.setText(tr("The machine stays with its guest image. It does not take {reason}", reason=refused))
        elif version:
            self.text.setText(
                tr("At its next start the machine takes the guest image {version}, after a snapshot.", version=version)
            )
        self.now.setText(tr("Try again …") if refused else tr("Upgrade now …"))
        self.now.setEnabled(status.state in (*UP, MachineState.stopped, MachineState.suspended))
        self.setVisible(bool(refused or version))
        self.style().polish(self)

    def _ask(self) -> QDialog | None:
        status = self._status
        if status is None:
            return None
        name = status.name
        return confirm(
            self,
            tr("Upgrade machine '{name}'?", name=name),
            tr(
                "Containers that run are stopped; those with a restart policy come back by themselves. A snapshot is "
                "taken first. Afterwards Linnet checks the file system, the engine, and that all images, containers "
                "and volumes are there; if something is wrong, the machine goes back by itself."
            ),
            tr("Upgrade"),
            lambda: self._upgrade(name),
            danger=False,
        )

    def _upgrade(self, name: str) -> None:
        services = self._services

        def succeed(result: Any) -> None:
            services.hub.look_again(name)
            text = tr("'{name}' runs with the guest image {version}.", name=name, version=result["image"])
            services.messages.tell(text, "good")

        def fail(error: LinnetError) -> None:
            services.hub.look_again(name)
            services.messages.tell(error.message, "bad")

        services.jobs.operate(
            tr("Upgrade machine '{name}'", name=name),
            "POST",
            services.hub.path("/upgrade", name),
            {},
            success=succeed,
            failure=fail,
        )
