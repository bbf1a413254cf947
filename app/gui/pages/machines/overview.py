"""What is known of one machine, as facts."""

from __future__ import annotations

import time

from PySide6.QtCore import QLocale

from app.gui.pages.machines.words import engine_text, hardware_text
from app.gui.text import tr
from app.gui.times import span
from app.gui.widgets.facts import Facts
from vm.machine.status import MachineStatus
from vm.units import human_size


class Overview(Facts):
    """The facts of one machine."""

    def __init__(self) -> None:
        super().__init__(tr("About the machine"))

    def show_status(self, status: MachineStatus) -> None:
        """Show a machine."""
        self.tell(facts(status))


def facts(status: MachineStatus) -> list[tuple[str, str]]:
    """Return what is known, name and value; values that are not known are empty."""
    memory, disk = status.memory_use, status.disk_use
    used = on_host = disk_text = ""
    if memory is not None:
        used = tr("{used} used, {cache} cache of {total}", used=human_size(memory.used),
                  cache=human_size(memory.cache), total=human_size(memory.total))  # fmt: skip
        on_host = human_size(memory.host_rss) if memory.host_rss else ""
    if disk is not None:
        disk_text = tr("{used} used of {size}; takes {host} on this computer", used=human_size(disk.used),
                       size=human_size(disk.size), host=human_size(disk.on_host))  # fmt: skip
    up = span(max(0.0, time.time() - status.started_at)) if status.started_at else ""
    engine = status.engine
    trouble = f" – {engine.error}" if engine is not None and engine.error else ""
    reason = f" ({status.accelerator_reason})" if status.accelerator_reason else ""
    clock = ""
    if status.clock_offset is not None:
        offset = QLocale().toString(abs(status.clock_offset), "f", 3)
        ahead = status.clock_offset > 0
        clock = tr("{n} s ahead of this computer", n=offset) if ahead else tr("{n} s behind this computer", n=offset)
    return [
        (tr("Problems"), "\n".join(status.errors)),
        (tr("Waits for"), status.step or ""),
        (tr("Engine"), engine_text(status) + trouble),
        (tr("Docker API"), status.docker_socket),
        (tr("Processors"), str(status.cpus or "–")),
        (tr("Memory"), used or human_size(status.memory)),
        (tr("Memory it takes here"), on_host),
        (tr("Disk"), disk_text or human_size(status.disk)),
        (tr("Runs on"), hardware_text(status) + reason),
        (tr("Guest image"), status.image),
        (tr("Runs for"), up),
        (tr("Clock"), clock),
        (tr("SSH port"), str(status.ssh_port or "")),
        (tr("Process"), str(status.process_id or "")),
    ]
