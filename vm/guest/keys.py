"""The SSH keys of a machine: the one that the host logs in with, and the one that the guest shows.

Both are made on the host, so that nothing has to be trusted on first use.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_private_key,
)

from vm.errors import UnavailableError
from vm.layout import MachineFiles


@dataclass(frozen=True)
class MachineKeys:
    """The keys of one machine.

    Attributes:
        public: what the guest lets in, `ssh-ed25519 AAAA…`.
        host_key: the guest's private host key, OpenSSH format.
        host_key_public: its public half, `ssh-ed25519 AAAA…`, the only one that the host accepts.
    """

    public: str
    host_key: str = field(repr=False)
    host_key_public: str


def ensure(files: MachineFiles) -> MachineKeys:
    """Return the keys of a machine, making those that are missing.

    Raises:
        UnavailableError: a file holds no ed25519 key, or cannot be read or written.
    """
    public = ensure_key(files.ssh_key)
    host_key_public = ensure_key(files.host_key)
    return MachineKeys(public, files.host_key.read_text(encoding="ascii"), host_key_public)


def ensure_key(path: Path) -> str:
    """Return the public half of the key at `path` (`ssh-ed25519 AAAA…`), making the key when there is none.

    The private key is in OpenSSH's format, mode 0600; the public one stands beside it with `.pub`.

    Raises:
        UnavailableError: the file holds no ed25519 key, or cannot be read or written.
    """
    try:
        if not path.exists():
            _make(path)
        public = read_public(path)
        public_path = path.with_name(path.name + ".pub")
        if not public_path.exists() or public_path.read_text() != public + "\n":
            _write(public_path, (public + "\n").encode(), 0o644)
        return public
    except OSError as error:
        raise UnavailableError(f"The SSH key {path} cannot be used: {error.strerror}.") from error


def read_public(path: Path) -> str:
    """Return the public half of the private key at `path`.

    Raises:
        UnavailableError: the file holds no ed25519 key.
        OSError: it cannot be read.
    """
    try:
        key = load_ssh_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _damaged(path, str(error)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _damaged(path, f"a key of type {type(key).__name__}")
    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def known_hosts_line(port: int, host_key: str, host: str = "127.0.0.1") -> str:
    """Return the line that pins `host_key` in a known_hosts file, with its newline."""
    return f"[{host}]:{port} {host_key}\n"


def write_known_hosts(path: Path, port: int, host_key: str) -> None:
    """Write the known_hosts file for people who use `ssh` themselves."""
    _write(path, known_hosts_line(port, host_key).encode(), 0o600)


def _make(path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    _write(path, key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()), 0o600)


def _write(path: Path, data: bytes, mode: int) -> None:
    # Whole or not at all: half a key would lock the user out of the machine.
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _damaged(path: Path, why: str) -> UnavailableError:
    return UnavailableError(
        f"The file {path} does not hold an SSH key that Linnet made.",
        hint="Remove it: a new one is made at the next start.",
        detail=why,
    )
