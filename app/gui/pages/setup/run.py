"""One run of the assistant: a job that gets the image, makes the machine, starts it and runs a container."""

from __future__ import annotations

import sys
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.core.docker import DockerClient
from app.gui import autostart
from app.gui.pages.setup.hello import Hello, run_hello
from app.gui.pages.setup.plan import Plan, Progress, Step
from app.gui.services import Services
from app.gui.text import tr
from app.gui.work.jobs import Control, Job, JobState
from vm.errors import LinnetError


class SetupRun(QObject):
    """Does what a plan says.

    Attributes:
        states: how far each step is.
        job: the work; None before `start`.
        hello: the container that was run, None when there is none.
        made: whether the machine was made by the assistant, in this run or an earlier one.
        left: what is there after a run that failed or was cancelled, in sentences.
    Signals:
        changed: a step, or the job's progress, is different.
        ended: it is over.
    """

    changed = Signal()
    ended = Signal()

    def __init__(self, services: Services, plan: Plan, parent: QObject, *, made: bool = False) -> None:
        """`made`: whether an earlier run has made the machine already."""
        super().__init__(parent)
        self._services = services
        self._plan = plan
        self.machine = "default"
        self.states = dict.fromkeys(Step, Progress.waiting)
        self.job: Job | None = None
        self.hello: Hello | None = None
        self.made = made
        self.left = ""
        self._step: Step | None = None

    @property
    def step(self) -> Step | None:
        """The step under way, or the one that failed."""
        return next((step for step in Step if self.states[step] in (Progress.running, Progress.failed)), None)

    @property
    def error(self) -> LinnetError | None:
        """Why it failed."""
        return self.job.error if self.job is not None else None

    def start(self) -> None:
        """Begin."""
        self.job = job = self._services.jobs.start(tr("Set up Linnet"), self._work, failure=lambda _error: None)
        job.changed.connect(self.changed)
        job.ended.connect(self._on_ended)

    def _work(self, control: Control) -> None:
        try:
            self._enter(Step.image)
            self._have_image(control)
            self._enter(Step.machine)
            self._have_machine(control)
            self._enter(Step.start)
            path = self._services.hub.path("/start", self.machine)
            status = self._services.jobs.perform(control, "POST", path, {})
            self._set_login(control)
            self._enter(Step.hello)
            self.hello = run_hello(DockerClient(status["docker_socket"]), control)
            self._enter(None)
        except LinnetError:
            self.left = self._clean_up(cancelled=control.cancelled)
            raise

    def _enter(self, step: Step | None) -> None:
        """The steps before `step` are done, it begins; None: all are done."""
        order = list(Step)
        place = order.index(step) if step is not None else len(order)
        states = {
            one: Progress.done if at < place else Progress.running if at == place else Progress.waiting
            for at, one in enumerate(order)
        }
        self._step = step

        def show() -> None:
            self.states = states
            self.changed.emit()

        self._services.runner.post(show)

    def _have_image(self, control: Control) -> None:
        with self._services.hub.client() as client:
            settings = {one["name"]: one["value"] for one in client.get("/v1/settings")["values"]}
            self.machine = str(settings.get("default_machine") or self.machine)
            if client.get("/v1/images"):
                return
        control.check()
        # Without a catalogue there is nothing to fetch from; only Linux can build. Elsewhere the fetch says what to do.
        verb = "fetch" if settings.get("image_catalogue") or sys.platform != "linux" else "build"
        self._services.jobs.perform(control, "POST", f"/v1/images/{verb}", {})

    def _have_machine(self, control: Control) -> None:
        control.check()
        hub, jobs, settings = self._services.hub, self._services.jobs, self._plan.settings
        with hub.client() as client:
            there = any(one["name"] == self.machine for one in client.get("/v1/machines"))
        if there:
            body = {"settings": settings, "restart": False}
            jobs.perform(control, "PATCH", hub.path("/settings", self.machine), body)
            return
        jobs.perform(control, "POST", "/v1/machines", {"name": self.machine, "settings": settings})
        self.made = True

    def _set_login(self, control: Control) -> None:
        """Have the desktop app start at login, or not; that it cannot is no reason to end everything."""
        if self._plan.login is None:
            return
        login = autostart.for_this_system()
        try:
            if self._plan.login:
                login.enable()
            else:
                login.disable()
        except LinnetError as error:
            control.log(error.message)
            told = error
            self._services.runner.post(lambda: self._services.messages.error(told))

    def _clean_up(self, *, cancelled: bool) -> str:
        """Take away what was begun and cancelled; return what is left."""
        step = self._step
        if step is Step.image:
            kept = tr("What was downloaded is kept: the next time goes on from there.")
            return tr("No machine was made.") if not cancelled else f"{tr('No machine was made.')} {kept}"
        image = tr("The guest image stays on this computer for the next time.")
        if step is Step.hello:
            return tr("Machine '{name}' is there and runs; only the first container does not.", name=self.machine)
        if cancelled and self.made:
            return f"{self._delete()} {image}"
        if self.made:
            return tr("Machine '{name}' was made and is kept; trying again goes on with it.", name=self.machine)
        if step is Step.start:
            return tr("Machine '{name}' was there before, and is kept.", name=self.machine)
        return f"{tr('No machine was made.')} {image}"

    def _delete(self) -> str:
        hub = self._services.hub
        try:
            with hub.client() as client:
                client.operate("DELETE", hub.path("", self.machine))
        except LinnetError as error:
            return tr("Machine '{name}' is left: {reason}", name=self.machine, reason=error.message)
        self.made = False
        return tr("The unfinished machine was removed again.")

    def _on_ended(self, *_: Any) -> None:
        job = self.job
        assert job is not None
        if job.state is not JobState.done:
            self.states = {
                step: Progress.failed if state is Progress.running else state for step, state in self.states.items()
            }
        self._services.hub.look_again()
        self.changed.emit()
        self.ended.emit()
