"""libvirt's numbers and names in our tables."""

from __future__ import annotations

import errno

import pytest

from vm.drivers import libvirt_events
from vm.drivers.base import VmEvent, VmState
from vm.errors import ConflictError, DiskFullError, GuestError, LinnetError, TimeoutExceededError, UnavailableError


@pytest.mark.parametrize(
    ("event", "detail", "name", "expected"),
    [
        (2, 0, "STARTED", VmEvent(VmState.running, "started")),
        (2, 2, "STARTED", None),
        (3, 0, "SUSPENDED", None),
        (4, 0, "RESUMED", VmEvent(VmState.running, "resumed")),
        (5, 0, "STOPPED", VmEvent(VmState.stopped, "shutdown")),
        (5, 1, "STOPPED", VmEvent(VmState.stopped, "shutdown")),
        (5, 2, "STOPPED", VmEvent(VmState.stopped, "panic")),
        (5, 5, "STOPPED", VmEvent(VmState.stopped, "killed")),
        (0, 0, "", None),
        (99, 3, "", None),
    ],
)
def test_lifecycle(event: int, detail: int, name: str, expected: VmEvent | None) -> None:
    assert libvirt_events.lifecycle(event, detail) == (name, expected)


@pytest.mark.parametrize(
    ("code", "number", "expected"),
    [
        ("SYSTEM_ERROR", errno.ENOSPC, DiskFullError),
        ("SYSTEM_ERROR", errno.EIO, GuestError),
        ("SYSTEM_ERROR", -1, GuestError),
        ("NO_DOMAIN", None, ConflictError),
        ("OPERATION_INVALID", errno.ENOSPC, ConflictError),
        ("OPERATION_TIMEOUT", None, TimeoutExceededError),
        ("CONFIG_UNSUPPORTED", None, UnavailableError),
        ("INTERNAL_ERROR", None, GuestError),
        ("", None, GuestError),
    ],
)
def test_errors(code: str, number: int | None, expected: type[LinnetError]) -> None:
    assert libvirt_events.error_class(code, number) is expected


def test_the_installed_libvirt_agrees() -> None:
    libvirt = pytest.importorskip("libvirt")
    for number, (name, details) in libvirt_events.EVENTS.items():
        assert getattr(libvirt, f"VIR_DOMAIN_EVENT_{name}") == number
        for value, detail in enumerate(details):
            assert getattr(libvirt, f"VIR_DOMAIN_EVENT_{name}_{detail}") == value
    for code in libvirt_events.ERRORS:
        assert isinstance(getattr(libvirt, f"VIR_ERR_{code}"), int)
