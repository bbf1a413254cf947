"""What every page works with."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QApplication

from app.core.registries import Credentials
from app.gui import text
from app.gui.icons import Icons
from app.gui.model.hub import Hub
from app.gui.preferences import Preferences
from app.gui.theme import Theme
from app.gui.widgets.messages import Messages
from app.gui.work.backupfailed import BackupFailed
from app.gui.work.foreign import ForeignJobs
from app.gui.work.fulldisk import FullDisk
from app.gui.work.jobs import Jobs
from app.gui.work.memoryfull import MemoryFull
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


def make_services(app: QApplication, layout: Layout) -> Services:
    """Return the parts that pages share; nothing is connected yet."""
    preferences = Preferences(layout.desktop_settings, app)
    text.install(app, preferences.text("language"))
    theme = Theme(app)
    theme.use(preferences.text("theme"))
    runner = TaskRunner(app)
    hub = Hub(layout, runner, app)
    jobs = Jobs(runner, hub.client, app)
    hub.happened.connect(ForeignJobs(jobs, app).on_event)
    messages = Messages(runner, app)
    hub.happened.connect(BackupFailed(messages, app).on_event)
    hub.happened.connect(MemoryFull(messages, app).on_event)
    hub.happened.connect(FullDisk(messages, app).on_event)
    return Services(layout, runner, jobs, hub, messages, preferences, theme, Icons(theme), Credentials())
