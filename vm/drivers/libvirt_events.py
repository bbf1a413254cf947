"""libvirt's lifecycle events and errors in Linnet's words: tables, without libvirt itself.

The numbers are of libvirt's stable ABI; a test compares them with the installed libvirt where there is one.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping

from vm.drivers.base import VmEvent, VmState
from vm.errors import (
    ConflictError,
    DiskFullError,
    GuestError,
    LinnetError,
    TimeoutExceededError,
    UnavailableError,
    UsageError,
)

LIFECYCLE: Mapping[tuple[str, str | None], VmEvent | None] = {
    ("STARTED", "RESTORED"): None,  # RESUMED follows
    ("STARTED", None): VmEvent(VmState.running, "started"),
    ("RESUMED", None): VmEvent(VmState.running, "resumed"),
    ("STOPPED", "CRASHED"): VmEvent(VmState.stopped, "panic"),
    ("STOPPED", "FAILED"): VmEvent(VmState.stopped, "killed"),
    ("STOPPED", None): VmEvent(VmState.stopped, "shutdown"),
}
"""Event and detail (None: any other) and what they become. SUSPENDED is not here: QEMU is asked why it stopped."""

ASK = "SUSPENDED"
"""The event that does not tell an internal error of the accelerator from a pause."""

EVENTS: Mapping[int, tuple[str, tuple[str, ...]]] = {
    2: ("STARTED", ("BOOTED", "MIGRATED", "RESTORED", "FROM_SNAPSHOT", "WAKEUP")),
    3: ("SUSPENDED", ()),
    4: ("RESUMED", ()),
    5: ("STOPPED", ("SHUTDOWN", "DESTROYED", "CRASHED", "MIGRATED", "SAVED", "FAILED", "FROM_SNAPSHOT")),
}
"""virDomainEventType, and the details that matter, by number."""

ERRORS: Mapping[str, type[LinnetError]] = {
    "NO_DOMAIN": ConflictError,
    "OPERATION_INVALID": ConflictError,
    "DOM_EXIST": ConflictError,
    "RESOURCE_BUSY": ConflictError,
    "OPERATION_TIMEOUT": TimeoutExceededError,
    "OPERATION_ABORTED": TimeoutExceededError,
    "NO_CONNECT": UnavailableError,
    "INVALID_CONN": UnavailableError,
    "NO_SUPPORT": UnavailableError,
    "OPERATION_UNSUPPORTED": UnavailableError,
    "CONFIG_UNSUPPORTED": UnavailableError,
    "ARGUMENT_UNSUPPORTED": UnavailableError,
    "AUTH_FAILED": UnavailableError,
    "ACCESS_DENIED": UnavailableError,
    "XML_ERROR": UsageError,
    "XML_DETAIL": UsageError,
    "XML_INVALID_SCHEMA": UsageError,
    "INVALID_ARG": UsageError,
}
"""Error codes by name without VIR_ERR_; any other is a GuestError, for what fails then is QEMU."""

SYSTEM_ERRORS: Mapping[int, type[LinnetError]] = {
    errno.ENOSPC: DiskFullError,
    errno.EDQUOT: DiskFullError,
    errno.EACCES: UnavailableError,
    errno.ENOENT: UnavailableError,
}
"""SYSTEM_ERROR by errno, before the code is looked at."""


def lifecycle(event: int, detail: int) -> tuple[str, VmEvent | None]:
    """Return the event's name ("" when it means nothing to us) and what it becomes."""
    name, details = EVENTS.get(event, ("", ()))
    word = details[detail] if detail < len(details) else None
    return name, LIFECYCLE[name, word] if (name, word) in LIFECYCLE else LIFECYCLE.get((name, None))


def error_class(code: str, number: int | None) -> type[LinnetError]:
    """Return the class for a libvirt error.

    Args:
        code: its code's name without VIR_ERR_.
        number: errno of a SYSTEM_ERROR.
    """
    if code == "SYSTEM_ERROR" and number is not None and number in SYSTEM_ERRORS:
        return SYSTEM_ERRORS[number]
    return ERRORS.get(code, GuestError)
