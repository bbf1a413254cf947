"""The tab with a machine's logs: its console, its virtual machine monitor, the service, the agent."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox

from app.core.flow import Flow
from app.gui.pages.machines.tab import MachineTab
from app.gui.services import Services
from app.gui.text import mark, tr
from app.gui.widgets.basics import column
from app.gui.widgets.logview import LogView
from vm.machine.status import MachineStatus

SOURCES = (
    ("serial", mark("Console of the guest")),
    ("vmm", mark("Virtual machine (QEMU)")),
    ("service", mark("Linnet's service")),
    ("agent", mark("Agent in the guest")),
)

TAIL = 5000
"""Lines of the past that are shown."""


class LogTab(MachineTab):
    """One log at a time, followed while it is seen.

    Attributes:
        source: which one.
        view: where it is shown.
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.source = QComboBox()
        self.source.setAccessibleName(tr("Which log"))
        for value, text in SOURCES:
            self.source.addItem(tr(text), value)
        self.source.currentIndexChanged.connect(lambda _place: self.seen() if self.active else None)
        self.view = LogView(services, [self.source])
        self.setLayout(column(self.view, spacing=0))

    def updated(self, before: MachineStatus | None) -> None:
        """See MachineTab: a log of the guest begins anew with the machine."""
        status = self.status
        if self.active and before is not None and status is not None and before.name == status.name:
            started = before.process_id is None and status.process_id is not None
            if started and self.source.currentData() == "agent":
                self.seen()

    def seen(self) -> None:
        """Follow the log."""
        if self.status is None:
            return
        hub, source = self.services.hub, str(self.source.currentData())
        path = hub.path("/logs", self.machine)

        def follow() -> Flow[bytes]:
            return hub.client().text_stream(path, source=source, follow=True, tail=TAIL)

        self.view.follow(follow)

    def unseen(self) -> None:
        """See MachineTab."""
        self.view.stop()

    def close_down(self) -> None:
        """See MachineTab."""
        self.view.stop()
