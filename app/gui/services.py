"""What every page works with."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.registries import Credentials
from app.gui.icons import Icons
from app.gui.model.hub import Hub
from app.gui.preferences import Preferences
from app.gui.theme import Theme
from app.gui.widgets.messages import Messages
from app.gui.work.jobs import Jobs
from app.gui.work.runner import TaskRunner
from vm.layout import Layout


@dataclass
class Services:
    """The parts of the window that its pages share.

    Attributes:
        layout: the user's folders.
        runner: short work off the main thread.
        jobs: long work that the user sees and can cancel.
        hub: live state of machines and engines.
        messages: tells the user something, now or as soon as there is a window.
        credentials: log-ins to registries; to be used in threads.
    """

    layout: Layout
    runner: TaskRunner
    jobs: Jobs
    hub: Hub
    messages: Messages
    preferences: Preferences
    theme: Theme
    icons: Icons
    credentials: Credentials
