"""The columns of the list of containers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from app.gui import times
from app.gui.model.collection import Row
from app.gui.model.columns import Cell, Column
from app.gui.pages.containers import rows
from app.gui.pages.containers.usage import Use
from app.gui.text import tr
from vm.units import human_size

_PORTS_SHOWN = 2
"""Ports that are written out; the others are counted."""


class ContainerCells:
    """Makes the cells of a row out of it and of what is known beside it."""

    def __init__(
        self,
        use: Callable[[str], Use | None],
        busy: Callable[[str], str],
        ports: Callable[[], Iterable[Mapping[str, Any]]],
    ) -> None:
        """Have the cells ask.

        Args:
            use: what a container uses.
            busy: what is being done with it, "" for nothing.
            ports: what the machine forwards.
        """
        self._use = use
        self._busy = busy
        self._ports = ports

    def columns(self) -> Sequence[Column]:
        """Return the columns, in the order in which they stand."""
        return (
            Column("name", tr("Name"), self.name, width=0),
            Column("image", tr("Image"), self.image, width=144),
            Column("state", tr("State"), self.state, width=128),
            Column("ports", tr("Ports"), self.ports, width=112),
            Column("cpu", tr("CPU"), self.cpu, width=64, right=True, live=True),
            Column("memory", tr("Memory"), self.memory, width=80, right=True, live=True),
            Column("age", tr("Age"), self.age, width=80, right=True),
            Column("id", tr("Id"), self.key, width=112, hidden=True),
        )

    def name(self, row: Row) -> Cell:
        """The name; for one of a project that of its service is enough, but people search the whole one."""
        return Cell(rows.title(row), tip=str(row.get("Command") or ""))

    def image(self, row: Row) -> Cell:
        """The image without what says nothing."""
        image = str(row.get("Image") or "")
        shown = rows.short(image) if image.startswith("sha256:") else image
        for prefix in ("docker.io/library/", "docker.io/", "localhost/"):
            shown = shown.removeprefix(prefix)
        return Cell(shown.removesuffix(":latest"), tone="muted", tip=image)

    def state(self, row: Row) -> Cell:
        """A dot and a word."""
        busy = self._busy(str(row["Id"]))
        if busy:
            return Cell(busy, tone="muted", icon="ring")
        found = rows.state(row)
        return Cell(found.text, tone=found.tone, icon="dot" if rows.is_up(row) else "ring")

    def ports(self, row: Row) -> Cell:
        """The published ports; a click opens the first."""
        found = rows.published(row, self._ports())
        if not found:
            return Cell("")
        shown = ", ".join(one.text for one in found[:_PORTS_SHOWN])
        if len(found) > _PORTS_SHOWN:
            shown += f" +{len(found) - _PORTS_SHOWN}"
        link = next((one.url for one in found if one.url), "") if row.get("State") == "running" else ""
        tip = tr("Open {url}", url=link) if link else ""
        every = "\n".join(one.text for one in found) if len(found) > _PORTS_SHOWN else ""
        tone = "accent" if link else "muted"
        return Cell(shown, tone=tone, tip="\n".join(filter(None, (tip, every))), link=link, sort=found[0].host)

    def cpu(self, row: Row) -> Cell:
        """Percent of one processor."""
        use = self._running_use(row)
        if use is None or use.cpu is None:
            return Cell("", sort=-1.0)
        return Cell(percent(use.cpu), sort=use.cpu)

    def memory(self, row: Row) -> Cell:
        """Without the cache that the kernel gives back."""
        use = self._running_use(row)
        if use is None:
            return Cell("", sort=-1)
        tip = tr("of {limit}", limit=human_size(use.limit)) if use.limit else ""
        near = use.limit and use.memory > 0.9 * use.limit
        return Cell(human_size(use.memory), tone="warn" if near else "", tip=tip, sort=use.memory)

    def age(self, row: Row) -> Cell:
        """Since it was created."""
        created = times.epoch(row.get("Created"))
        return Cell(times.age(created), tone="muted", tip=times.written(created), sort=-created)

    def key(self, row: Row) -> Cell:
        """The short id."""
        return Cell(rows.short(str(row["Id"])), tone="muted")

    def _running_use(self, row: Row) -> Use | None:
        return self._use(str(row["Id"])) if row.get("State") in ("running", "paused") else None


def percent(processors: float) -> str:
    """Return a share of one processor as text: 1.0 is 100 %."""
    value = processors * 100
    return f"{value:.1f} %" if value < 10 else f"{value:.0f} %"
