"""What the list of volumes shows: rows of the engine with what is known beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.gui.model.collection import Collection, Row
from app.gui.model.columns import Cell, Column
from app.gui.model.hub import Hub
from app.gui.text import count, tr
from app.gui.times import age, epoch, written
from app.gui.work.runner import Op, TaskRunner
from vm.units import human_size

_ANONYMOUS = re.compile(r"[0-9a-f]{64}")


class VolumeUsers(QObject):
    """Which containers use which volume, as far as the list of containers tells.

    Signals:
        changed: another container uses a volume, or none does any more.
    """

    changed = Signal()

    def __init__(self, containers: Collection, parent: QObject) -> None:
        super().__init__(parent)
        self._containers = containers
        self._found: dict[str, list[Row]] | None = None
        for signal in (containers.reset, containers.changed, containers.removed):
            signal.connect(self._forget)

    def of(self, name: str) -> list[Row]:
        """Return the containers with a volume, those that run first, then by name."""
        if self._found is None:
            self._found = {}
            for row in self._containers.rows.values():
                for mount in row.get("Mounts") or []:
                    if mount.get("Type") == "volume":
                        self._found.setdefault(str(mount.get("Name")), []).append(row)
            for rows in self._found.values():
                rows.sort(key=lambda row: (row.get("State") != "running", container_name(row)))
        return self._found.get(name, [])

    def names(self, name: str) -> list[str]:
        """Return the names of the containers with a volume."""
        return [container_name(row) for row in self.of(name)]

    def _forget(self, *_: object) -> None:
        self._found = None
        self.changed.emit()


class Sizes(QObject):
    """What each volume takes. The engine has to go through all files for it, so it is asked only when told to.

    Attributes:
        measuring: whether the engine is at it.
    Signals:
        changed: sizes are known, or it is being measured.
    """

    changed = Signal()

    def __init__(self, hub: Hub, runner: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._hub = hub
        self._runner = runner
        self._sizes: dict[str, int] = {}
        self._again = False
        self.measuring = False

    def of(self, name: str) -> int | None:
        """Return the bytes of a volume, None while they are not known."""
        return self._sizes.get(name)

    def measure(self) -> None:
        """Ask the engine; when it is at it already, once more afterwards."""
        if self.measuring:
            self._again = True
            return
        if not self._hub.engine_ready:
            return
        self.measuring = True
        docker = self._hub.docker()
        work = Op(self, lambda: docker.get("/system/df")).success(self._on_measured)
        # Sizes are an extra: the list says "unknown" without them, and the next look asks again.
        work.failure(lambda _error: self._end()).run(self._runner)
        self.changed.emit()

    def _on_measured(self, answer: Mapping[str, Any]) -> None:
        found = answer.get("Volumes") or []
        sizes = {str(one["Name"]): (one.get("UsageData") or {}).get("Size", -1) for one in found}
        self._sizes = {name: int(size) for name, size in sizes.items() if size >= 0}
        self._end()

    def _end(self) -> None:
        self.measuring = False
        self.changed.emit()
        if self._again:
            self._again = False
            self.measure()


class VolumeCells:
    """Makes the cells of a row out of it and of what is known beside it."""

    def __init__(self, users: VolumeUsers, sizes: Sizes) -> None:
        self._users = users
        self._sizes = sizes

    def columns(self) -> Sequence[Column]:
        """Return the columns, in the order in which they stand."""
        return (
            Column("name", tr("Name"), self.name, width=0),
            Column("users", tr("Used by"), self.users, width=224, live=True),
            Column("size", tr("Size"), self.size, width=96, right=True, live=True),
            Column("driver", tr("Driver"), self.driver, width=96),
            Column("age", tr("Age"), self.age, width=80, right=True),
        )

    def name(self, row: Row) -> Cell:
        """The name; one that the engine made up is long and says nothing."""
        name = str(row["Name"])
        if is_anonymous(row):
            return Cell(tr("without a name ({id})", id=name[:12]), tone="muted", icon="volume", tip=name, sort="￿")
        return Cell(name, icon="volume", tip=name if len(name) > 40 else "")

    def users(self, row: Row) -> Cell:
        """The containers with it; green while one of them runs."""
        found = self._users.of(str(row["Name"]))
        if not found:
            return Cell(tr("not in use"), tone="muted", sort="")
        names = self._users.names(str(row["Name"]))
        text = ", ".join(names) if len(names) <= 3 else count("{n} container", "{n} containers", len(names))
        running = any(one.get("State") == "running" for one in found)
        tip = "\n".join(names[:40])
        return Cell(text, tone="good" if running else "", icon="dot" if running else "ring", tip=tip)

    def size(self, row: Row) -> Cell:
        """What its files take."""
        size = self._sizes.of(str(row["Name"]))
        if size is None:
            return Cell("…" if self._sizes.measuring else "", tone="muted", sort=-1)
        return Cell(human_size(size), sort=size)

    def driver(self, row: Row) -> Cell:
        """What keeps it."""
        return Cell(str(row.get("Driver") or ""), tone="muted")

    def age(self, row: Row) -> Cell:
        """Since it was made."""
        created = epoch(row.get("CreatedAt"))
        return Cell(age(created), tone="muted", tip=written(created), sort=-created)

    def search_text(self, row: Row) -> str:
        """Name, containers, driver and labels."""
        labels = [f"{name}={value}" for name, value in (row.get("Labels") or {}).items()]
        return " ".join([str(row["Name"]), *self._users.names(str(row["Name"])), str(row.get("Driver")), *labels])


def is_anonymous(row: Mapping[str, Any]) -> bool:
    """Return whether the engine made the name up, for a container that named none."""
    labels = row.get("Labels") or {}
    return "com.docker.volume.anonymous" in labels or bool(_ANONYMOUS.fullmatch(str(row["Name"])))


def title(row: Mapping[str, Any]) -> str:
    """Return what people call a volume."""
    name = str(row["Name"])
    return name[:12] if is_anonymous(row) else name


def container_name(row: Mapping[str, Any]) -> str:
    """Return the name of a container of the engine's list."""
    names = row.get("Names") or [str(row.get("Id", ""))[:12]]
    return str(names[0]).removeprefix("/")
