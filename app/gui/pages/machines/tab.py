"""What the parts of a machine's detail have in common."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.gui.services import Services
from vm.machine.status import MachineStatus


class MachineTab(QWidget):
    """One tab; it is told of the machine whether it is seen or not, and does requests only while it is."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self.status: MachineStatus | None = None
        self.active = False

    @property
    def machine(self) -> str:
        """The name of the machine, "" for none."""
        return self.status.name if self.status is not None else ""

    def show_status(self, status: MachineStatus) -> None:
        """Show a machine: another one, or the same as it is now."""
        before, self.status = self.status, status
        if before is None or before.name != status.name:
            self.machine_changed()
        self.updated(before)

    def set_active(self, *, active: bool) -> None:
        """Say whether the user sees it."""
        if active != self.active:
            self.active = active
            self.seen() if active else self.unseen()

    def machine_changed(self) -> None:
        """Another machine is shown now."""
        if self.active:
            self.seen()

    def updated(self, before: MachineStatus | None) -> None:
        """The machine is different; `before` is what was shown, of this machine or another."""

    def seen(self) -> None:
        """The user sees it now, or sees another machine in it."""

    def unseen(self) -> None:
        """The user sees something else."""

    def forget(self, machine: str) -> None:
        """A machine is gone."""

    def close_down(self) -> None:
        """Let go of everything."""
