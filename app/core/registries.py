"""Log-ins to container registries: kept in the keychain of the operating system, never in a file.

Where there is no keychain (a Linux without a desktop) they last as long as this process. A keychain may ask its user
to unlock it, so every method here can take long and belongs into a thread.
"""

from __future__ import annotations

import base64
import json
import threading
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from vm.errors import UnavailableError

HUB = "docker.io"
"""The registry of names that name none."""

_HUB_ADDRESS = "https://index.docker.io/v1/"
"""What both engines call it when somebody logs in."""

_SERVICE = "Linnet registries"
_INDEX = "/servers"
"""The entry that lists the others, since keychains cannot be listed; no registry is called that."""


@dataclass(frozen=True)
class Credential:
    """What opens a registry.

    Attributes:
        server: the registry's name, host and port as in names of images.
        username: of the account.
        secret: password or access token.
        token: an identity token that the registry gave at the log-in; sent instead of the secret.
    """

    server: str
    username: str
    secret: str
    token: str = ""

    def __repr__(self) -> str:
        """Without what is secret."""
        return f"Credential({self.server!r}, {self.username!r})"

    def login(self) -> dict[str, str]:
        """Return the credential as the engine's API takes it."""
        given = {"username": self.username, "serveraddress": address(self.server)}
        return given | ({"identitytoken": self.token} if self.token else {"password": self.secret})


class Keychain(Protocol):
    """What is used of a backend of `keyring`."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return a secret."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a secret."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget a secret."""


class Credentials:
    """The log-ins of one user."""

    def __init__(self, keychain: Keychain | None = None) -> None:
        """`keychain`: the operating system's when None, looked for at the first use."""
        self._keychain = keychain
        self._looked = keychain is not None
        self._session: dict[str, Credential] = {}
        self._lock = threading.RLock()

    @property
    def lasting(self) -> bool:
        """Whether there is a keychain, so that log-ins outlast this process."""
        return self._chain() is not None

    def servers(self) -> dict[str, str]:
        """Return the registries with a log-in, and who is logged in there, by name. Raises UnavailableError."""
        with self._lock:
            kept = self._index()
            return dict(sorted((kept | {one.server: one.username for one in self._session.values()}).items()))

    def get(self, server: str) -> Credential | None:
        """Return the log-in of a registry. Raises UnavailableError: the keychain does not answer."""
        with self._lock:
            if server in self._session:
                return self._session[server]
            text = self._read(server)
        try:
            return Credential(**json.loads(text)) if text else None
        except (ValueError, TypeError):
            return None

    def put(self, credential: Credential) -> bool:
        """Keep a log-in; return whether it outlasts this process. Raises UnavailableError."""
        with self._lock:
            chain = self._chain()
            if chain is None:
                self._session[credential.server] = credential
                return False
            index = self._index() | {credential.server: credential.username}
            _use(lambda: chain.set_password(_SERVICE, credential.server, json.dumps(asdict(credential))))
            _use(lambda: chain.set_password(_SERVICE, _INDEX, json.dumps(index)))
            return True

    def remove(self, server: str) -> None:
        """Forget a log-in. Raises UnavailableError."""
        with self._lock:
            self._session.pop(server, None)
            chain = self._chain()
            index = self._index()
            if chain is None or server not in index:
                return
            index.pop(server)
            if self._read(server) is not None:
                _use(lambda: chain.delete_password(_SERVICE, server))
            _use(lambda: chain.set_password(_SERVICE, _INDEX, json.dumps(index)))

    def header(self, reference: str) -> dict[str, str]:
        """Return the header that opens the registry of an image's name; none without a log-in."""
        credential = self.get(registry_of(reference))
        return {"X-Registry-Auth": _encode(credential.login())} if credential else {}

    def build_header(self) -> dict[str, str]:
        """Return the header with all log-ins, for a build that may pull from anywhere."""
        known = [credential for server in self.servers() if (credential := self.get(server)) is not None]
        logins = {address(one.server): one.login() for one in known}
        return {"X-Registry-Config": _encode(logins)} if logins else {}

    def _chain(self) -> Keychain | None:
        with self._lock:
            if not self._looked:
                self._keychain = _use(_find_keychain)
                self._looked = True
            return self._keychain

    def _index(self) -> dict[str, str]:
        text = self._read(_INDEX)
        try:
            found = json.loads(text or "{}")
        except ValueError:
            return {}
        return {str(name): str(user) for name, user in found.items()} if isinstance(found, dict) else {}

    def _read(self, name: str) -> str | None:
        chain = self._chain()
        return None if chain is None else _use(lambda: chain.get_password(_SERVICE, name))


def registry_of(reference: str) -> str:
    """Return the registry that an image's name belongs to ("nginx" → docker.io, "localhost/x" → localhost)."""
    first, slash, _ = reference.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        return HUB if first in ("index.docker.io", "registry-1.docker.io") else first
    return HUB


def server_name(text: str) -> str:
    """Return a registry's name from what a user may write: with a scheme, a path, or one of the hub's addresses."""
    name = text.strip().partition("://")[2] or text.strip()
    name = name.partition("/")[0].lower()
    hub = name in ("", "index.docker.io", "registry-1.docker.io", "hub.docker.com", "www.docker.com", "docker.com")
    return HUB if hub else name


def address(server: str) -> str:
    """Return what the engine's API calls a registry."""
    return _HUB_ADDRESS if server == HUB else server


def _encode(data: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode()


def _find_keychain() -> Keychain | None:
    """Return the operating system's keychain, None when there is none that keeps secrets."""
    try:
        import keyring
        from keyring.backends.chainer import ChainerBackend
    except ImportError:
        return None
    found = keyring.get_keyring()
    # The chainer ranks high even when all that it chains are plain files.
    chosen = next(iter(found.backends), None) if isinstance(found, ChainerBackend) else found
    return chosen if chosen is not None and chosen.priority >= 1 else None


def _use(work: Any) -> Any:
    """Return what `work` does with the keychain. Raises UnavailableError with what the keychain said."""
    try:
        return work()
    except Exception as error:
        # Backends raise whatever their system has: D-Bus, COM, ctypes.
        raise UnavailableError(
            "The keychain of this computer does not answer.",
            hint="Unlock it and try again.",
            detail=f"{type(error).__name__}: {error}",
        ) from error
