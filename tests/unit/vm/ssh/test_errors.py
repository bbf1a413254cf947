"""Every failure that paramiko can raise has its place in the table."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import paramiko
import pytest

from vm.errors import ConflictError, GuestError, LinnetError, TimeoutExceededError, UnavailableError
from vm.ssh.errors import MAPPING, translate, translated


def upstream() -> set[type[BaseException]]:
    found = set()
    for module in pkgutil.iter_modules(paramiko.__path__):
        if module.name in {"_winapi", "win_pageant", "win_openssh"}:
            continue  # Windows' agents, which we never ask
        for _, value in inspect.getmembers(importlib.import_module(f"paramiko.{module.name}"), inspect.isclass):
            if issubclass(value, BaseException) and value.__module__.startswith("paramiko"):
                found.add(value)
    return found


def test_every_class_of_paramiko_is_mapped() -> None:
    assert upstream() - {entry[0] for entry in MAPPING} == set()


def test_most_specific_first() -> None:
    classes = [entry[0] for entry in MAPPING]
    for place, cls in enumerate(classes):
        assert not [later.__name__ for later in classes[place + 1 :] if issubclass(later, cls) and later is not cls]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (paramiko.BadAuthenticationType("x", ["password"]), GuestError),
        (paramiko.ChannelException(2, "Connect failed"), UnavailableError),
        (paramiko.SSHException("No existing session"), UnavailableError),
        (ConnectionRefusedError(111, "refused"), UnavailableError),
        (TimeoutError(), TimeoutExceededError),
        (EOFError(), UnavailableError),
        (RuntimeError("unknown"), UnavailableError),
    ],
)
def test_translation(error: Exception, expected: type[LinnetError]) -> None:
    assert type(translate(error)) is expected
    assert type(error).__name__ in (translate(error).detail or "")


def test_our_own_errors_pass() -> None:
    with pytest.raises(ConflictError), translated():
        raise ConflictError("mine")
    with pytest.raises(UnavailableError), translated():
        raise EOFError
