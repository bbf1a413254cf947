"""The assistant: welcome, choices, progress, and a container that runs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QWidget

from app.gui.pages.base import Page
from app.gui.pages.setup.choices import Choices
from app.gui.pages.setup.finish import Finish
from app.gui.pages.setup.progressview import ProgressView
from app.gui.pages.setup.run import SetupRun
from app.gui.pages.setup.welcome import Welcome
from app.gui.services import Services
from app.gui.text import tr
from app.gui.widgets.basics import column
from app.gui.work.jobs import JobState


class SetupPage(Page):
    """One view after the other.

    Attributes:
        welcome, choices, progress, finish: the views.
        run: what is being done, or was done last.
    """

    name = "setup"

    def __init__(self, services: Services, go: Callable[[str, str], None]) -> None:
        super().__init__(services, go)
        self.run: SetupRun | None = None
        self._finish_seen = False
        self.welcome = Welcome(services, self._choose, lambda: go("machines", ""))
        self.choices = Choices(services, lambda: self._show(self.welcome), self.begin)
        self.progress = ProgressView(services, self._cancel, self.begin, self._choose, self._finish)
        self.finish = Finish(services, self._open_container, lambda: go("dashboard", ""))
        self._stack = QStackedWidget()
        for view in (self.welcome, self.choices, self.progress, self.finish):
            self._stack.addWidget(view)
        self.setLayout(column(self._stack, spacing=0))
        services.hub.machines_changed.connect(self._on_machines)
        self._on_machines()

    @classmethod
    def title(cls) -> str:
        """See Page."""
        return tr("Set up Linnet")

    @property
    def view(self) -> QWidget | None:
        """The view that is shown."""
        return self._stack.currentWidget()

    def shown(self) -> None:
        """See Page: whoever comes back after the end begins anew."""
        if self.view is self.finish and self._finish_seen:
            self._show(self.welcome)
        self._on_machines()
        if self.view is self.welcome:
            self.welcome.begin.setFocus()

    def hidden(self) -> None:
        """See Page."""
        self._finish_seen = self.view is self.finish

    def begin(self) -> None:
        """Do what was chosen."""
        made = self.run is not None and self.run.made
        self.run = run = SetupRun(self.services, self.choices.plan, self, made=made)
        self.progress.restart()
        run.changed.connect(lambda: self._on_changed(run))
        run.ended.connect(lambda: self._on_ended(run))
        run.start()
        self.progress.show_run(run)
        self._show(self.progress)
        self.progress.cancel.setFocus()

    def _choose(self) -> None:
        self.choices.load()
        self._show(self.choices)

    def _cancel(self) -> None:
        if self.run is not None and self.run.job is not None:
            self.run.job.cancel()
            self.progress.cancel.setEnabled(False)

    def _on_changed(self, run: SetupRun) -> None:
        if run is self.run:
            self.progress.show_run(run)

    def _on_ended(self, run: SetupRun) -> None:
        if run is not self.run or run.job is None:
            return
        if run.job.state is JobState.done:
            self._finish()
        if self.isVisible():
            return
        if run.job.state is JobState.done:
            self.services.messages.tell(tr("Linnet is ready"), "good")
        elif run.error is not None:
            self.services.messages.error(run.error)

    def _finish(self) -> None:
        if self.run is not None:
            self.finish.show_result(self.run.machine, self.run.hello)
            self._finish_seen = False
            self._show(self.finish)
            self.finish.containers.setFocus()

    def _open_container(self) -> None:
        hello = self.run.hello if self.run is not None else None
        self.go("containers", hello.id if hello is not None else "")

    def _on_machines(self, *_: object) -> None:
        self.welcome.tell_machines(sorted(self.services.hub.machines))

    def _show(self, view: QWidget) -> None:
        self._stack.setCurrentWidget(view)
