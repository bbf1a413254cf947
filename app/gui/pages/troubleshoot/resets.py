"""Four ways to start over, from the one that loses next to nothing to the one that loses a machine."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QDialog, QPushButton, QWidget

from app.gui.model.hub import UP
from app.gui.pages.machines.actions import MachineActions
from app.gui.pages.troubleshoot.restart import restart_service
from app.gui.services import Services
from app.gui.text import count, tr
from app.gui.theme import GRID
from app.gui.widgets.ask import confirm
from app.gui.widgets.basics import boxed, button, card, column, label, line, row, scrolled
from app.gui.work.jobs import Control


class Resets(QWidget):
    """The four, each with what it does and what is lost.

    Attributes:
        window_button, service_button, machine_button, delete_button: do it, after a question.
    """

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._actions = MachineActions(services, self)
        self.window_button = button(tr("Reset window …"), self.ask_window)
        self.service_button = button(tr("Restart service …"), self.ask_service)
        self.machine_button = button(tr("Restart machine …"), self.ask_machine)
        self.delete_button = button(tr("Delete machine …"), self.ask_delete, danger=True)
        self._machine_title = label("", "heading")
        self._delete_title = label("", "heading")
        levels = (
            self._level(
                label(tr("1 · The window"), "heading"),
                tr("Choices for this window, its size, columns and sort orders are as at the first start again."),
                tr("Nothing else is lost: settings of Linnet and of machines, log-ins and all data stay."),
                self.window_button,
            ),
            self._level(
                label(tr("2 · Linnet's service"), "heading"),
                tr("linnetd, the service behind this window, ends and starts again; one that hangs is ended."),
                tr(
                    "Machines and containers go on. Terminals and followed logs end, what Linnet is doing at the "
                    "moment is cut off, and ports and the Docker API are away for some seconds."
                ),
                self.service_button,
            ),
            self._level(
                self._machine_title,
                tr("The machine and the engine in it stop and start again."),
                tr("Running containers end; those with a restart policy come back. All that is on disk stays."),
                self.machine_button,
            ),
            self._level(
                self._delete_title,
                tr("The machine goes, with its disk; afterwards you can make a new one."),
                tr("All its images, containers and volumes are lost for good. Folders on this computer stay."),
                self.delete_button,
                kind="bad",
            ),
        )
        parts: list[QWidget] = []
        for level in levels:
            parts += [line(), level] if parts else [level]
        intro = label(tr("Try them in this order; each does more than the one before."), "muted", wrap=True)
        area = scrolled(column(intro, card(*parts, spacing=2 * GRID), None, spacing=2 * GRID), tr("Start over"))
        self.setLayout(column(area))
        hub = services.hub
        for signal in (hub.machines_changed, hub.current_changed, hub.connection_changed):
            signal.connect(self._show)
        self._show()

    def ask_window(self) -> QDialog:
        """Ask, then forget what the window remembers."""
        return confirm(
            self,
            tr("Reset the window?"),
            tr("The window is made anew. Nothing else is touched."),
            tr("Reset window"),
            self._services.preferences.start_over,
            losses=[
                tr("Language, appearance and the other choices under 'This window' in the settings"),
                tr("Size and place of the window"),
                tr("Columns, their widths and sort orders in all lists"),
            ],
        )

    def ask_service(self) -> QDialog:
        """Ask, then restart linnetd."""
        running = len(self._services.jobs.running)
        losses = [tr("Terminals and followed logs that are open, here and elsewhere")]
        if running:
            losses.insert(0, count("{n} running task of this window", "{n} running tasks of this window", running))
        return confirm(
            self,
            tr("Restart Linnet's service?"),
            tr("Machines and containers go on. Ports and the Docker API are away for some seconds."),
            tr("Restart service"),
            self._restart_service,
            losses=losses,
        )

    def ask_machine(self) -> QDialog | None:
        """Ask, then restart the machine in view."""
        status = self._services.hub.status
        if status is None:
            return None
        force = QCheckBox(tr("Switch it off first, for a machine that hangs"))
        force.setChecked(status.state not in UP)
        containers = [
            str((one.get("Names") or [one["Id"][:12]])[0]).lstrip("/")
            for one in self._services.hub.containers.rows.values()
            if one.get("State") == "running"
        ]
        losses = [tr("What containers have in memory, and open terminals")]
        if containers:
            losses.insert(0, f"{count('{n} container ends', '{n} containers end', len(containers))}: "
                             f"{', '.join(containers[:8])}{' …' if len(containers) > 8 else ''}")  # fmt: skip
        losses.append(tr("When it is switched off: what was not written to its disk yet"))
        return confirm(
            self,
            tr("Restart machine '{name}'?", name=status.name),
            tr("Its images, containers and volumes stay. Containers with a restart policy come back by themselves."),
            tr("Restart machine"),
            lambda: self._restart_machine(status.name, force=force.isChecked()),
            losses=losses,
            options=[force],
        )

    def ask_delete(self) -> None:
        """Find out what would be lost, ask, then delete the machine in view."""
        status = self._services.hub.status
        if status is not None:
            self._actions.delete(status)

    def _level(self, title: QWidget, does: str, loses: str, made: QPushButton, kind: str = "muted") -> QWidget:
        texts = column(title, label(does, wrap=True), label(loses, kind, wrap=True), spacing=GRID // 2)
        content = row(texts, boxed(column(made, None)), spacing=3 * GRID)
        content.setStretch(0, 1)
        return boxed(content)

    def _show(self, *_: object) -> None:
        status = self._services.hub.status
        name = status.name if status is not None else ""
        known = tr("3 · Machine '{name}'", name=name), tr("4 · Machine '{name}' and all that is in it", name=name)
        nothing = tr("3 · The machine"), tr("4 · The machine and all that is in it")
        restart, delete = known if name else nothing
        self._machine_title.setText(restart)
        self._delete_title.setText(delete)
        for made in (self.machine_button, self.delete_button):
            made.setEnabled(bool(name))

    def _restart_service(self) -> None:
        hub, layout = self._services.hub, self._services.layout
        start = hub.starts_service
        self.service_button.setEnabled(False)
        job = self._services.jobs.start(
            tr("Restart Linnet's service"),
            lambda control: restart_service(layout, control, start=start),
            success=lambda _: hub.start(),
        )
        job.ended.connect(self._on_service)

    def _on_service(self) -> None:
        self.service_button.setEnabled(True)

    def _restart_machine(self, name: str, *, force: bool) -> None:
        jobs, hub = self._services.jobs, self._services.hub
        title = tr("Restart machine '{name}'", name=name)
        if not force:
            jobs.operate(title, "POST", hub.path("/restart", name))
            return

        def work(control: Control) -> object:
            jobs.perform(control, "POST", hub.path("/stop", name), {"force": True})
            control.check()
            return jobs.perform(control, "POST", hub.path("/start", name))

        run: Callable[[Control], object] = work
        jobs.start(title, run)
