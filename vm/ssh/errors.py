"""paramiko's failures as Linnet's errors, by one table."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import paramiko
from paramiko.auth_strategy import AuthFailure
from paramiko.ber import BERException
from paramiko.buffered_pipe import PipeTimeout
from paramiko.hostkeys import InvalidHostKey
from paramiko.packet import NeedRekeyException
from paramiko.pkey import UnknownKeyType
from paramiko.sftp import SFTPError
from paramiko.ssh_exception import (
    AuthenticationException,
    BadAuthenticationType,
    BadHostKeyException,
    ChannelException,
    ConfigParseError,
    CouldNotCanonicalize,
    IncompatiblePeer,
    MessageOrderError,
    NoValidConnectionsError,
    PartialAuthentication,
    PasswordRequiredException,
    ProxyCommandFailure,
    SSHException,
    UnableToAuthenticate,
)

from vm.errors import ConflictError, GuestError, LinnetError, TimeoutExceededError, UnavailableError

_REFUSED_KEY = (
    "The guest does not accept this machine's SSH key.",
    "Restart the machine: it gets its keys at each start.",
)
_OTHER_HOST = (
    "What answers on the machine's SSH port is not this machine.",
    "Look for another program on that port, then restart the machine.",
)
_NOT_REACHABLE = ("The guest cannot be reached over SSH.", None)
_BROKEN_KEY = ("The machine's SSH key cannot be read.", "Restart the machine: missing keys are made again.")

MAPPING: tuple[tuple[type[BaseException], type[LinnetError], tuple[str, str | None]], ...] = (
    (BadHostKeyException, ConflictError, _OTHER_HOST),
    (PasswordRequiredException, GuestError, _BROKEN_KEY),
    (BadAuthenticationType, GuestError, _REFUSED_KEY),
    (PartialAuthentication, GuestError, _REFUSED_KEY),
    (UnableToAuthenticate, GuestError, _REFUSED_KEY),
    (AuthFailure, GuestError, _REFUSED_KEY),
    (AuthenticationException, GuestError, _REFUSED_KEY),
    (ChannelException, UnavailableError, ("The guest refused to open a connection.", None)),
    (
        IncompatiblePeer,
        GuestError,
        ("The guest's SSH server shares no algorithm with Linnet.", "Fetch a newer guest image."),
    ),
    (MessageOrderError, GuestError, ("The guest broke the SSH protocol.", None)),
    (ProxyCommandFailure, UnavailableError, _NOT_REACHABLE),
    (CouldNotCanonicalize, UnavailableError, _NOT_REACHABLE),
    (ConfigParseError, GuestError, _NOT_REACHABLE),
    (SSHException, UnavailableError, _NOT_REACHABLE),
    (NoValidConnectionsError, UnavailableError, _NOT_REACHABLE),
    (PipeTimeout, TimeoutExceededError, ("The guest did not answer in time.", None)),
    (SFTPError, GuestError, ("The guest broke the SFTP protocol.", None)),
    (InvalidHostKey, ConflictError, _OTHER_HOST),
    (UnknownKeyType, GuestError, _BROKEN_KEY),
    (BERException, GuestError, _BROKEN_KEY),
    (NeedRekeyException, UnavailableError, _NOT_REACHABLE),
    (EOFError, UnavailableError, _NOT_REACHABLE),
    (socket.timeout, TimeoutExceededError, ("The guest did not answer in time.", None)),
    (OSError, UnavailableError, _NOT_REACHABLE),
)
"""Exception class, what it becomes, and (message, hint); subclasses stand before their bases."""


def translate(error: BaseException) -> LinnetError:
    """Return the LinnetError that stands for `error`, a failure of paramiko or of its socket."""
    if isinstance(error, LinnetError):
        return error
    for upstream, ours, (message, hint) in MAPPING:
        if isinstance(error, upstream):
            return ours(message, hint=hint, detail=f"{type(error).__name__}: {error}")
    return UnavailableError(*_NOT_REACHABLE[:1], detail=f"{type(error).__name__}: {error}")


@contextmanager
def translated() -> Iterator[None]:
    """Turn what paramiko raises inside into LinnetError."""
    try:
        yield
    except (paramiko.SSHException, SFTPError, InvalidHostKey, UnknownKeyType, BERException, OSError, EOFError) as error:
        raise translate(error) from error
