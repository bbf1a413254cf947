"""The types of the local API: what requests carry and what answers hold. The OpenAPI description is made from them.

Sizes are bytes, times seconds since the epoch. The types of `vm.machine.status` are used as they are.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from vm.machine.status import EngineStatus, MachineStatus, PortStatus, ShareStatus

__all__ = ["EngineStatus", "MachineStatus", "PortStatus", "ShareStatus"]


class Request(msgspec.Struct, forbid_unknown_fields=True):
    """Base of all request bodies and queries: a field that nobody knows is an error."""


class Nothing(Request):
    """An empty request."""


class Empty(msgspec.Struct, frozen=True):
    """An answer that only says that it was done."""


class Version(msgspec.Struct, frozen=True):
    """The running linnetd."""

    version: str
    process_id: int
    started_at: float
    idle: bool
    """Whether nothing would be cut off if it were restarted now: no operation, exec or Docker connection."""
    log: str
    """Its log file."""
    memory: int | None = None
    """Bytes that it takes, resident."""


class Progress(msgspec.Struct, frozen=True):
    """One step of long work."""

    text: str
    done: int | None = None
    total: int | None = None


class Error(msgspec.Struct, frozen=True):
    """An error, as `vm.errors` has it."""

    code: str
    message: str
    hint: str | None = None
    detail: str | None = None


class Operation(msgspec.Struct, frozen=True):
    """Long work, under way or lately ended."""

    id: str
    title: str
    machine: str | None
    state: str
    """running, done, failed or cancelled."""
    started_at: float
    ended_at: float | None
    progress: Progress | None
    error: Error | None


class Event(msgspec.Struct, frozen=True):
    """One line of the event stream: something that happened to a machine or in it, or a step of long work."""

    machine: str
    """Empty for an operation that belongs to none."""
    kind: str
    """As vm.machine.status.MachineEvent has it; `operation` with an Operation as data."""
    data: dict[str, Any]
    time: float


class CreateMachine(Request):
    """A new machine."""

    name: str
    settings: dict[str, Any] = {}
    """By dotted name, as in its file."""


class StopMachine(Request):
    """How to stop."""

    force: bool = False
    """End the VM at once, without asking the guest."""


class StatusQuery(Request):
    """How closely to look."""

    probe: bool = True
    """Ask the guest, instead of telling what was reported last."""


class SettingValue(msgspec.Struct, frozen=True):
    """A setting and its value."""

    name: str
    value: Any
    origin: str
    """default, file or override."""
    default: Any
    help: str
    restart: bool
    """Whether a running machine takes a change only at its next start."""
    line: int | None = None


class SettingProblem(msgspec.Struct, frozen=True):
    """Something wrong in a settings file."""

    field: str
    message: str
    line: int | None
    warning: bool


class Settings(msgspec.Struct, frozen=True):
    """The settings of a machine or of the app."""

    path: str
    """The file."""
    values: list[SettingValue]
    problems: list[SettingProblem]


class ChangeSettings(Request):
    """New values; null goes back to the default."""

    settings: dict[str, Any]
    restart: bool = False
    """Restart the machine when a change needs it."""


class ChangeAppSettings(Request):
    """New values of the app's settings; null goes back to the default."""

    settings: dict[str, Any]


class SettingsChanged(msgspec.Struct, frozen=True):
    """What a change of settings did, and what it left to do."""

    changed: list[str]
    """Settings that have another value now."""
    restart_needed: list[str] = []
    """Settings that take effect at the next start."""


class AddShare(Request):
    """A folder to share."""

    path: str
    guest_path: str | None = None
    mode: str = "read-write"
    kind: str = "auto"
    watch: bool = True


class ShareQuery(Request):
    """Which share is meant, by its path on the host or in the guest."""

    path: str


class UseEngine(Request):
    """The engine to switch to."""

    kind: str


class Engine(msgspec.Struct, frozen=True):
    """An engine that the guest has."""

    kind: str
    installed: bool
    active: bool
    version: str | None = None
    socket: str | None = None


class StatsQuery(Request):
    """Whether to go on measuring, and how often."""

    follow: bool = False
    """Send samples until the machine stops: the first holds all containers, the others those whose figures changed."""
    interval: Annotated[float, msgspec.Meta(ge=0.2, le=3600)] = 2.0
    """Seconds between two samples; there are more when somebody else wants more."""


class LogQuery(Request):
    """Which log, and how much of it."""

    source: str = "serial"
    """serial, vmm, service or agent."""
    follow: bool = False
    tail: int | None = None
    """Lines from the end; all when missing."""


class Exec(Request):
    """A command to run in the guest as its user."""

    argv: list[str]
    engine: bool = False
    """Whether `argv` are arguments of the engine's own command line, which is put in front."""
    cwd: str | None = None
    env: dict[str, str] = {}
    tty: bool = False
    rows: int = 24
    cols: int = 80
    wake: bool = True
    """Start or resume the machine when it does not run; otherwise that is a conflict."""


class Image(msgspec.Struct, frozen=True):
    """A guest image on this host."""

    version: str
    arch: str
    folder: str
    size: int
    """Of its files on this disk."""
    created: str
    in_use: list[str]
    """Machines that boot it, run with it, or have a snapshot that belongs to it."""


class FetchImage(Request):
    """Where to fetch an image from; the catalogues of the settings when nothing is given."""

    catalogue: str | None = None
    """URL of a catalogue."""
    version: str | None = None
    """The newest when missing."""


class VerifyImage(Request):
    """Which image to verify."""

    version: str = "latest"


class Pruned(msgspec.Struct, frozen=True):
    """What was deleted, and the bytes that this freed."""

    removed: list[str]
    freed: int


class DoctorQuery(Request):
    """Which checks to run; all when missing."""

    ids: str | None = None
    """Separated by commas."""


class FixRequest(Request):
    """Which checks to fix; all that can be, when empty."""

    ids: list[str] = []


class BundleRequest(Request):
    """Where to write a support bundle: a file, or a folder."""

    path: str


class Bundle(msgspec.Struct, frozen=True):
    """A support bundle that was written."""

    path: str
    size: int


class QuitAnswer(msgspec.Struct, frozen=True):
    """linnetd ends when this has been sent, and closes the connection last."""

    process_id: int
