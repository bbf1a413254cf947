"""How much CPU and memory each container uses, worked out of samples whose figures are counters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Signal

from app.gui.model.hub import Hub

Sample = Mapping[str, Any]

_RATES = ("cpu_ns", "net_rx", "net_tx", "io_read", "io_write")


class Use(NamedTuple):
    """What a container uses.

    Attributes:
        memory: bytes; `limit` in bytes, 0 for none.
        cpu: processors busy, 1.0 is one of them; None while only one sample is known.
        received, sent, read, written: bytes a second, None as for `cpu`.
        oom_kills: processes that ended because memory was full.
        pressure: percent of the last 10 s in which something had to wait, for cpu, memory and io.
    """

    memory: int
    limit: int
    pids: int
    cpu: float | None = None
    received: float | None = None
    sent: float | None = None
    read: float | None = None
    written: float | None = None
    oom_kills: int = 0
    pressure: tuple[tuple[str, float], ...] = ()


class Meter:
    """Turns the samples of containers into what they use; fed in order."""

    def __init__(self) -> None:
        self.uses: dict[str, Use] = {}
        self._counters: dict[str, tuple[int, ...]] = {}
        self._time: float | None = None

    def feed(self, sample: Sample, only: str = "") -> list[str]:
        """Take a sample in; return whose use is another. `only`: the one container that matters."""
        time = float(sample["time"])
        seconds = time - self._time if self._time is not None else 0.0
        self._time = time
        changed, seen = [], set()
        for figures in sample["containers"]:
            key = figures["id"]
            if only and key != only:
                continue
            seen.add(key)
            counters = tuple(int(figures[name]) for name in _RATES)
            before = self._counters.get(key)
            self._counters[key] = counters
            rates: list[float] | None = None
            if (
                before is not None
                and seconds > 0
                and all(new >= old for new, old in zip(counters, before, strict=True))
            ):
                rates = [(new - old) / seconds for new, old in zip(counters, before, strict=True)]
            use = _use(figures, rates)
            if use != self.uses.get(key):
                self.uses[key] = use
                changed.append(key)
        changed += self._rest(seen, seconds)
        return changed

    def forget(self, keys: Iterable[str]) -> None:
        """These use nothing any more."""
        for key in keys:
            self.uses.pop(key, None)
            self._counters.pop(key, None)

    def _rest(self, seen: set[str], seconds: float) -> list[str]:
        """A container that a sample leaves out has the figures of the sample before: it did nothing."""
        changed = []
        for key, use in self.uses.items():
            if key not in seen and seconds > 0 and use.cpu != 0.0:
                self.uses[key] = use._replace(cpu=0.0, received=0.0, sent=0.0, read=0.0, written=0.0)
                changed.append(key)
        return changed


class Usage(QObject):
    """The use of all containers of the machine in view.

    Signals:
        changed: these use another amount now; a list of keys.
    """

    changed = Signal(list)

    def __init__(self, hub: Hub, parent: QObject) -> None:
        super().__init__(parent)
        self._hub = hub
        self._meter = Meter()
        for sample in hub.history:
            self._meter.feed(sample)
        hub.sampled.connect(self._on_sample)
        hub.current_changed.connect(self._on_machine)
        hub.containers.removed.connect(self._meter.forget)
        hub.containers.changed.connect(self._on_rows)

    def of(self, key: str) -> Use | None:
        """Return what a container uses, None when that is not known."""
        return self._meter.uses.get(key)

    def _on_sample(self, sample: Sample) -> None:
        changed = self._meter.feed(sample)
        if changed:
            self.changed.emit(changed)

    def _on_rows(self, keys: list[str]) -> None:
        rows = self._hub.containers.rows
        self._meter.forget([key for key in keys if key in rows and rows[key].get("State") not in ("running", "paused")])

    def _on_machine(self) -> None:
        self._meter = Meter()


def history_of(samples: Iterable[Sample], key: str) -> list[tuple[float, Use]]:
    """Return what one container used at each sample in which it was known."""
    meter, found = Meter(), []
    for sample in samples:
        meter.feed(sample, key)
        use = meter.uses.get(key)
        if use is not None:
            found.append((float(sample["time"]), use))
    return found


def _use(figures: Mapping[str, Any], rates: list[float] | None) -> Use:
    memory, limit, pids = int(figures["memory"]), int(figures["memory_limit"]), int(figures["pids"])
    pressure = tuple((name, float(one["some"])) for name, one in (figures.get("pressure") or {}).items())
    use = Use(memory, limit, pids, oom_kills=int(figures.get("oom_kills") or 0), pressure=pressure)
    if rates is None:
        return use
    cpu, received, sent, read, written = rates
    return use._replace(cpu=cpu / 1e9, received=received, sent=sent, read=read, written=written)
