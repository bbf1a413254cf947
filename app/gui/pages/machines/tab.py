"""What the parts of a machine's detail have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from app.gui.services import Services
from app.gui.text import explained
from app.gui.widgets.forms import Remark
from app.gui.work.runner import Op
from vm.errors import LinnetError
from vm.machine.status import MachineStatus

T = TypeVar("T")


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


class AskingTab(MachineTab):
    """A tab that asks the local API for what it shows, and says what went wrong.

    A subclass asks in `seen`, with `ask`.

    Attributes:
        problem: what went wrong.
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.problem = Remark("bad", selectable=True)

    def machine_changed(self) -> None:
        """See MachineTab: what went wrong with the one before says nothing about this one."""
        self.problem.say("")
        super().machine_changed()

    def updated(self, before: MachineStatus | None) -> None:
        """See MachineTab: ask again when something that is shown may be different."""
        now = self.status
        if not self.active or before is None or now is None or before.name != now.name:
            return
        if self.concerns(before, now):
            self.seen()

    def concerns(self, before: MachineStatus, now: MachineStatus) -> bool:
        """Tell whether what is shown may be different now that the machine is."""
        return before.state is not now.state

    def ask(self, work: Callable[[], T], show: Callable[[T], object]) -> None:
        """Do `work` in a thread; `show` gets what came of it, unless another machine is shown by then."""
        name = self.machine

        def answered(found: T) -> None:
            if name == self.machine:
                show(found)

        Op(self, work).success(answered).failure(lambda error: self.fail(name, error)).run(self.services.runner)

    def fail(self, name: str, error: LinnetError) -> None:
        """Say what went wrong with a machine, if it is the one that is shown."""
        if name == self.machine:
            self.problem.say(explained(error))

    def look_again(self, name: str) -> None:
        """Something was changed in a machine."""
        self.services.hub.look_again(name)
        if name == self.machine and self.active:
            self.seen()
