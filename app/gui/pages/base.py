"""What every page is: a title, content, and what stands there when there is no machine to speak of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedLayout, QWidget

from app.gui.model.hub import Connection
from app.gui.services import Services
from app.gui.text import tr
from app.gui.widgets.empty import EmptyState
from vm.machine.status import MachineState


@dataclass(frozen=True)
class Command:
    """Something that the command palette offers.

    Attributes:
        title: what it does, a phrase.
        run: does it.
        shortcut: keys that do it too, as Qt writes them.
    """

    title: str
    run: Callable[[], object]
    shortcut: str = ""


class Page(QWidget):
    """One page.

    Attributes:
        name: what the window calls it; the same in every language.
        services: what it works with.
    """

    name = ""
    icon = "info"

    def __init__(self, services: Services, go: Callable[[str, str], None]) -> None:
        """`go`: shows the page of a name, with something selected there ("" for nothing)."""
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.services = services
        self.go = go

    @classmethod
    def title(cls) -> str:
        """Return the name of the page in the user's language."""
        raise NotImplementedError

    def shown(self) -> None:
        """The page is what the user sees now."""

    def hidden(self) -> None:
        """The user sees another page, or no window."""

    def select(self, key: str) -> None:
        """Have something selected."""

    def commands(self) -> list[Command]:
        """Return what the command palette offers while this page is shown."""
        return []

    def close_down(self) -> None:
        """Let go of streams and the like; the page is about to be deleted."""


class MachinePage(Page):
    """A page about the engine of the machine in view; when none runs it says so and offers to start it.

    A subclass sets its content with `set_content` once, in its constructor.
    """

    def __init__(self, services: Services, go: Callable[[str, str], None]) -> None:
        super().__init__(services, go)
        self._stack = QStackedLayout(self)
        self._placeholder = EmptyState(services.icons)
        self._stack.addWidget(self._placeholder)
        self._content: QWidget | None = None
        hub = services.hub
        hub.connection_changed.connect(self._update_state)
        hub.machines_changed.connect(self._update_state)
        hub.current_changed.connect(self._update_state)

    def set_content(self, content: QWidget) -> None:
        """Show `content` while the engine answers."""
        self._content = content
        self._stack.addWidget(content)
        self._update_state()

    @property
    def placeholder(self) -> EmptyState:
        """What is said while there is no engine."""
        return self._placeholder

    @property
    def ready(self) -> bool:
        """Whether the content is shown."""
        return self._stack.currentWidget() is self._content

    def engine_came(self) -> None:
        """The engine answers, now or again."""

    def add_actions(self, *actions: QAction) -> None:
        """Have the shortcuts of actions work on this page."""
        for action in actions:
            self.addAction(action)

    def _update_state(self, *_: object) -> None:
        if self._content is None:
            return
        if self.services.hub.engine_ready:
            if not self.ready:
                self._stack.setCurrentWidget(self._content)
                self.engine_came()
            return
        self._stack.setCurrentWidget(self._placeholder)
        show_absence(self._placeholder, self.services, self.go)


def show_absence(place: EmptyState, services: Services, go: Callable[[str, str], None]) -> None:
    """Say why there is no engine, and offer what brings it."""
    hub, status = services.hub, services.hub.status
    if hub.connection is Connection.lost:
        reason = hub.error.message if hub.error else ""
        place.tell(
            "warning",
            tr("Linnet's service is gone"),
            f"{reason} {tr('Trying to reach it …')}".strip(),
            tr("Troubleshoot"),
            lambda: go("troubleshoot", ""),
            busy=True,
        )
    elif not hub.loaded:
        place.tell("machine", tr("Connecting …"), busy=True)
    elif status is None:
        place.tell(
            "machine",
            tr("There is no machine yet"),
            tr("Containers run in a small Linux machine. Make one; it takes a minute."),
            tr("Set up Linnet …"),
            lambda: go("setup", ""),
        )
    elif status.state in (MachineState.stopped, MachineState.suspended):
        suspended = status.state is MachineState.suspended
        title = tr("Machine '{name}' is suspended") if suspended else tr("Machine '{name}' is stopped")
        place.tell(
            "machine",
            title.format(name=status.name),
            tr("Its containers, images and volumes are kept."),
            tr("Resume") if suspended else tr("Start"),
            lambda: start_machine(services, status.name),
        )
    elif status.state is MachineState.broken:
        text = " ".join(status.errors)
        place.tell("error", tr("Machine '{name}' cannot be used", name=status.name), text, tr("Troubleshoot"),
                   lambda: go("troubleshoot", ""))  # fmt: skip
    else:
        place.tell("machine", _waiting(status.state, status.name), status.step or "", busy=True)


def start_machine(services: Services, name: str) -> None:
    """Start or resume a machine, as a job."""
    services.jobs.operate(
        tr("Start machine '{name}'", name=name), "POST", services.hub.path("/start", name), success=lambda _: None
    )


def _waiting(state: MachineState, name: str) -> str:
    texts = {
        MachineState.starting: tr("Machine '{name}' is starting …"),
        MachineState.resuming: tr("Machine '{name}' is resuming …"),
        MachineState.stopping: tr("Machine '{name}' is stopping …"),
        MachineState.suspending: tr("Machine '{name}' is being suspended …"),
    }
    return texts.get(state, tr("Waiting for the engine of machine '{name}' …")).format(name=name)
