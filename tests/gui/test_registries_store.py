"""Log-ins to registries: where they are kept, and what is sent to the engine."""

from __future__ import annotations

import base64
import json
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail

from app.core.registries import Credential, Credentials, address, registry_of, server_name
from vm.errors import UnavailableError


class Memory(KeyringBackend):
    """A keychain that forgets; with the limit of Windows'."""

    priority = 5

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class PlainFile(Memory):
    """What keyrings.alt calls a keychain: a file that everybody can read."""

    priority = 0.5  # type: ignore[assignment]


MIA = Credential("registry.example:5000", "mia", "geheim")


def decoded(header: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(header))


@pytest.mark.parametrize(
    ("reference", "registry"),
    [
        ("nginx", "docker.io"),
        ("library/nginx:1.27", "docker.io"),
        ("docker.io/library/nginx", "docker.io"),
        ("index.docker.io/x/y", "docker.io"),
        ("localhost/hello:latest", "localhost"),
        ("registry.example:5000/team/app@sha256:ab", "registry.example:5000"),
        ("10.0.2.2:5001/app", "10.0.2.2:5001"),
    ],
)
def test_the_registry_of_a_name(reference: str, registry: str) -> None:
    assert registry_of(reference) == registry


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (" https://registry.example:5000/v2/ ", "registry.example:5000"),
        ("https://index.docker.io/v1/", "docker.io"),
        ("hub.docker.com", "docker.io"),
        ("Registry.Example", "registry.example"),
        ("", "docker.io"),
    ],
)
def test_what_users_write_for_a_registry(text: str, name: str) -> None:
    assert server_name(text) == name


def test_a_log_in_outlasts_the_window_in_the_keychain() -> None:
    chain = Memory()
    first = Credentials(chain)
    assert first.put(MIA)
    assert first.put(Credential("docker.io", "mo", "pw"))
    assert Credentials(chain).servers() == {"docker.io": "mo", "registry.example:5000": "mia"}
    assert Credentials(chain).get("registry.example:5000") == MIA
    Credentials(chain).remove("registry.example:5000")
    assert Credentials(chain).servers() == {"docker.io": "mo"}
    assert not any("geheim" in value for value in chain.kept.values())


def test_without_a_keychain_it_lasts_for_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", fail.Keyring)
    credentials = Credentials()
    assert not credentials.lasting
    assert not credentials.put(MIA)
    assert credentials.servers() == {"registry.example:5000": "mia"}
    assert credentials.get("registry.example:5000") == MIA
    assert Credentials().servers() == {}
    credentials.remove("registry.example:5000")
    assert credentials.get("registry.example:5000") is None


def test_a_plain_file_is_no_keychain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", PlainFile)
    assert not Credentials().lasting
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [PlainFile()])
    monkeypatch.setattr(keyring, "get_keyring", chainer.ChainerBackend)
    assert not Credentials().lasting
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [Memory(), PlainFile()])
    assert Credentials().lasting


def test_a_keychain_that_stays_locked_is_told_in_a_sentence() -> None:
    class Locked(Memory):
        def get_password(self, service: str, username: str) -> str | None:
            raise RuntimeError("org.freedesktop.Secret.Error.IsLocked")

    with pytest.raises(UnavailableError, match="does not answer") as caught:
        Credentials(Locked()).servers()
    assert "IsLocked" in (caught.value.detail or "")
    assert caught.value.hint


def test_what_somebody_else_wrote_into_the_keychain_counts_as_nothing() -> None:
    chain = Memory()
    credentials = Credentials(chain)
    credentials.put(MIA)
    for key in chain.kept:
        chain.kept[key] = "[1"
    assert credentials.get("registry.example:5000") is None
    assert credentials.servers() == {}


def test_the_engine_gets_it_in_a_header() -> None:
    credentials = Credentials(Memory())
    credentials.put(MIA)
    credentials.put(Credential("docker.io", "mo", "pw", token="t0k"))
    header = credentials.header("registry.example:5000/team/app:1")["X-Registry-Auth"]
    wanted = {"username": "mia", "password": "geheim", "serveraddress": "registry.example:5000"}
    assert decoded(header) == wanted
    hub = decoded(credentials.header("nginx")["X-Registry-Auth"])
    assert hub == {"username": "mo", "identitytoken": "t0k", "serveraddress": "https://index.docker.io/v1/"}
    assert credentials.header("localhost/hello") == {}
    every = decoded(credentials.build_header()["X-Registry-Config"])
    assert every["registry.example:5000"] == wanted
    assert set(every) == {"registry.example:5000", address("docker.io")}
    assert Credentials(Memory()).build_header() == {}


def test_it_is_not_written_where_somebody_may_read_it() -> None:
    assert "geheim" not in repr(MIA)
    assert "geheim" not in f"{MIA}"
