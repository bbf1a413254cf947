"""What the list shows of a machine."""

from __future__ import annotations

from app.gui.model.collection import Row
from app.gui.model.columns import Cell, Column
from app.gui.pages.machines.words import engine_text, hardware_text
from app.gui.text import count, tr
from app.gui.widgets.sidebar import TONES, state_text
from vm.machine.status import MachineState, MachineStatus
from vm.units import human_size


def columns() -> tuple[Column, ...]:
    """Return the columns, titles in the user's language."""
    return (
        Column("name", tr("Name"), name_cell, width=160),
        Column("state", tr("State"), state_cell, width=120),
        Column("engine", tr("Engine"), lambda row: Cell(engine_text(row["status"])), width=136),
        Column("cpus", tr("CPUs"), cpus_cell, width=64, right=True),
        Column("memory", tr("Memory"), lambda row: _size(row["status"].memory), width=88, right=True),
        Column("disk", tr("Disk"), lambda row: _size(row["status"].disk), width=88, right=True),
        Column("hardware", tr("Runs on"), hardware_cell, width=0),
        Column("image", tr("Guest image"), lambda row: Cell(row["status"].image), width=176, hidden=True),
    )


def name_cell(row: Row) -> Cell:
    """Return the name, marked when the machine is in view."""
    status: MachineStatus = row["status"]
    tip = tr("The machine in view") if row["current"] else ""
    text = tr("{name} (in view)", name=status.name) if row["current"] else status.name
    return Cell(text, icon="dot", tone="" if row["current"] else "muted", tip=tip, sort=status.name)


def state_cell(row: Row) -> Cell:
    """Return the state, with what it waits for or what is wrong as the tip."""
    status: MachineStatus = row["status"]
    tip = status.step or (status.errors[-1] if status.errors else "")
    tone = TONES.get(status.state, "accent")
    return Cell(state_text(status.state), tone=tone, tip=tip)


def cpus_cell(row: Row) -> Cell:
    """Return the number of processors."""
    status: MachineStatus = row["status"]
    return Cell(str(status.cpus) if status.cpus else "–", sort=status.cpus)


def hardware_cell(row: Row) -> Cell:
    """Return driver and accelerator, with the reason for the accelerator as the tip."""
    status: MachineStatus = row["status"]
    return Cell(hardware_text(status), tip=status.accelerator_reason)


def search_text(row: Row) -> str:
    """Return all that a search looks through."""
    status: MachineStatus = row["status"]
    return f"{status.name} {state_text(status.state)} {engine_text(status)} {hardware_text(status)}"


def summary(machines: list[MachineStatus]) -> str:
    """Return how many there are and how many of them run."""
    running = sum(status.state in (MachineState.running, MachineState.degraded) for status in machines)
    total = count("{n} machine", "{n} machines", len(machines))
    return tr("{machines}, {running} running", machines=total, running=running)


def _size(size: int) -> Cell:
    return Cell(human_size(size) if size else "–", sort=size)
