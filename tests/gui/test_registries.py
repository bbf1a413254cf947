"""The page of registries: log-ins, mirrors, insecure registries, and when they take effect."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from app.core.registries import Credential, Credentials
from app.gui.pages.registries.entries import EntryCard
from app.gui.pages.registries.page import RegistriesPage
from app.gui.services import Services
from tests.gui.acts import Go, find_button, press, said, toasts
from tests.gui.fake import FakeLinnet, Reply, Request, recorded
from tests.gui.fakechain import FakeKeychain

NAME = "service_v1_machines_default_settings"


@pytest.fixture
def chain(services: Services) -> FakeKeychain:
    made = FakeKeychain()
    services.credentials = Credentials(made)
    services.credentials.put(Credential("docker.io", "mia", "pw"))
    return made


@pytest.fixture
def settings(fake: FakeLinnet) -> dict[str, Any]:
    """The two settings, as the fake has them; a PATCH changes them."""
    values: dict[str, Any] = {"registries.mirrors": {}, "registries.insecure": ["old.example"]}

    def answer(_request: Request) -> Any:
        whole = recorded(NAME)
        for one in whole["values"]:
            one["value"] = values.get(one["name"], one["value"])
        return whole

    def change(request: Request) -> Any:
        for name, value in request.body["settings"].items():
            if name.startswith("registries.mirrors."):
                registry = name.removeprefix("registries.mirrors.")
                values["registries.mirrors"].pop(registry, None)
                if value is not None:
                    values["registries.mirrors"][registry] = value
            else:
                values[name] = value or []
        names = [".".join(name.split(".")[:2]) for name in request.body["settings"]]
        fake.machine["restart_needed"] = names
        return iter([{"operation": "1"}, {"result": {"changed": names, "restart_needed": names}}])

    fake.service.on("GET", "/machines/default/settings", answer)
    fake.service.on("PATCH", "/machines/default/settings", change)
    return values


@pytest.fixture
def page(chain: FakeKeychain, settings: dict[str, Any], go: Go, qtbot: QtBot) -> RegistriesPage:
    shown: RegistriesPage = go("registries")
    qtbot.waitUntil(lambda: bool(shown.logins.entries) and bool(shown.insecure.entries))
    return shown


def lines(card: EntryCard) -> list[tuple[str, str]]:
    return [(one.title, one.text) for one in card.entries]


def fill(dialog: Any, server: str = "", username: str = "mo", secret: str = "geheim") -> None:
    dialog.server.setText(server)
    dialog.username.setText(username)
    dialog.secret.setText(secret)


def test_a_log_in_is_tried_before_it_is_kept(
    page: RegistriesPage, chain: FakeKeychain, fake: FakeLinnet, services: Services, qtbot: QtBot
) -> None:
    fake.docker.on("POST", "/auth", lambda _request: {"Status": "Login Succeeded", "IdentityToken": "t0k"})
    dialog: Any = page.ask_login()
    assert dialog.secret.echoMode() is QLineEdit.EchoMode.Password
    assert not dialog.yes.isEnabled()
    fill(dialog, "https://registry.example:5000/")
    qtbot.waitUntil(lambda: dialog.where == "It is kept in the keychain of this computer.")
    press(dialog, "Log in")
    qtbot.waitUntil(lambda: toasts(page) == ["You are logged in to registry.example:5000."])
    (asked,) = fake.docker.asked("POST", "/auth")
    assert asked.body == {"username": "mo", "password": "geheim", "serveraddress": "registry.example:5000"}
    qtbot.waitUntil(lambda: lines(page.logins) == [("docker.io", "mia"), ("registry.example:5000", "mo")])
    assert services.credentials.get("registry.example:5000") == Credential(
        "registry.example:5000", "mo", "geheim", "t0k"
    )
    assert "geheim" in chain.kept["registry.example:5000"]


def test_a_wrong_password_is_said_in_the_form_and_kept_nowhere(
    page: RegistriesPage, chain: FakeKeychain, fake: FakeLinnet, qtbot: QtBot
) -> None:
    refused = Reply({"message": "login attempt failed with status: 401 Unauthorized"}, 500)
    fake.docker.on("POST", "/auth", lambda _request: refused)
    dialog: Any = page.ask_login()
    fill(dialog, "registry.example")
    press(dialog, "Log in")
    qtbot.waitUntil(lambda: dialog.problem == "Login attempt failed with status: 401 Unauthorized.")
    assert dialog.isVisible()
    assert dialog.yes.isEnabled()
    assert not dialog.anyway.isVisible()
    assert dialog.yes.text() == "Log in"
    assert "registry.example" not in chain.kept
    dialog.secret.setText("better")
    assert dialog.problem == ""
    dialog.reject()


def test_a_log_in_that_cannot_be_tried_may_be_kept(
    page: RegistriesPage, services: Services, fake: FakeLinnet, qtbot: QtBot
) -> None:
    away = Reply({"message": "http: server gave HTTP response to HTTPS client"}, 500)
    fake.docker.on("POST", "/auth", lambda _request: away)
    dialog: Any = page.ask_login()
    fill(dialog, "10.0.2.2:5001")
    press(dialog, "Log in")
    qtbot.waitUntil(dialog.anyway.isVisible)
    assert "HTTP response to HTTPS client" in dialog.problem
    press(dialog, "Keep it untried")
    qtbot.waitUntil(lambda: ("10.0.2.2:5001", "mo") in lines(page.logins))
    assert services.credentials.get("10.0.2.2:5001") == Credential("10.0.2.2:5001", "mo", "geheim")


def test_without_a_keychain_it_says_so(
    page: RegistriesPage, fake: FakeLinnet, services: Services, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keyring
    from keyring.backends import fail

    monkeypatch.setattr(keyring, "get_keyring", fail.Keyring)
    services.credentials = Credentials()
    fake.docker.on("POST", "/auth", lambda _request: {"Status": "Login Succeeded"})
    page.shown()
    qtbot.waitUntil(lambda: page.logins.entries == [])
    assert "last until Linnet is quit" in said(page.logins)
    dialog: Any = page.ask_login()
    fill(dialog)
    qtbot.waitUntil(lambda: "lasts until Linnet is quit" in dialog.where)
    press(dialog, "Log in")
    qtbot.waitUntil(lambda: lines(page.logins) == [("docker.io", "mo")])


def test_a_locked_keychain_is_told(page: RegistriesPage, chain: FakeKeychain, qtbot: QtBot) -> None:
    chain.locked = True
    page.shown()
    qtbot.waitUntil(lambda: "The keychain of this computer does not answer." in page.logins.said)
    assert page.logins.entries == []


def test_a_log_in_can_be_tried_again(page: RegistriesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.docker.on("POST", "/auth", lambda _request: {"Status": "Login Succeeded"})
    press(page.logins, "Test: docker.io")
    qtbot.waitUntil(lambda: toasts(page) == ["docker.io takes the log-in."])
    (asked,) = fake.docker.asked("POST", "/auth")
    assert asked.body["serveraddress"] == "https://index.docker.io/v1/"
    fake.docker.on("POST", "/auth", lambda _request: Reply({"message": "token expired"}, 500))
    page.try_login("docker.io")
    qtbot.waitUntil(lambda: toasts(page)[-1] == "Token expired.")


def test_logging_out_forgets(page: RegistriesPage, chain: FakeKeychain, qtbot: QtBot) -> None:
    press(page.logins, "Log out …: docker.io")
    dialog = page.window().findChild(QDialog)
    assert dialog is not None
    assert "The password is forgotten" in said(dialog)
    press(dialog, "Log out")
    qtbot.waitUntil(lambda: page.logins.entries == [])
    assert "docker.io" not in chain.kept
    assert "Public images can be pulled without a log-in" in page.logins.said


def test_mirrors_are_added_changed_and_removed(page: RegistriesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    assert page.mirrors.said == "Every registry is asked itself."
    dialog: Any = page.ask_mirror()
    for wrong in ("mirror.example", "ftp://x", "https://", "http://a:99999999", "https://a b"):
        dialog.url.setText(wrong)
        assert dialog.problem, wrong
        assert not dialog.yes.isEnabled()
    dialog.url.setText("https://mirror.example/v2")
    press(dialog, "Save")
    qtbot.waitUntil(lambda: lines(page.mirrors) == [("docker.io", "https://mirror.example/v2")])
    (asked,) = fake.service.asked("PATCH", "/machines/default/settings")
    assert asked.body == {
        "settings": {"registries.mirrors.docker.io": "https://mirror.example/v2"},
        "restart": False,
    }
    assert toasts(page) == ["Saved. It takes effect when the machine starts the next time."]
    changing: Any = page.ask_mirror("docker.io")
    assert changing.registry.isReadOnly()
    changing.url.setText("http://10.0.2.2:5001")
    press(changing, "Save")
    qtbot.waitUntil(lambda: lines(page.mirrors) == [("docker.io", "http://10.0.2.2:5001")])
    press(page.mirrors, "Remove: docker.io")
    qtbot.waitUntil(lambda: page.mirrors.entries == [])
    last = fake.service.asked("PATCH", "/machines/default/settings")[-1]
    assert last.body["settings"] == {"registries.mirrors.docker.io": None}


def test_insecure_registries_and_the_restart(page: RegistriesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    assert lines(page.insecure) == [("old.example", "")]
    assert not page.restart.isVisible()
    dialog: Any = page.ask_insecure()
    field = dialog.findChild(QLineEdit)
    for wrong in ("old.example", "http://x", "a/b", "a b"):
        field.setText(wrong)
        assert not find_button(dialog, "Add").isEnabled()
    field.setText("10.0.2.2:5001")
    press(dialog, "Add")
    qtbot.waitUntil(lambda: lines(page.insecure) == [("old.example", ""), ("10.0.2.2:5001", "")])
    qtbot.waitUntil(page.restart.isVisible)
    question = page.ask_restart()
    assert question is not None
    assert "Its containers are stopped" in said(question)
    fake.service.on("POST", "/machines/default/restart", fake.operation(fake.machine))
    press(question, "Restart")
    qtbot.waitUntil(lambda: len(fake.service.asked("POST", "/machines/default/restart")) == 1)
    page.remove_insecure("old.example")
    qtbot.waitUntil(lambda: lines(page.insecure) == [("10.0.2.2:5001", "")])


def test_a_change_that_is_refused(page: RegistriesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    wrong = Reply({"code": "config", "message": "The settings file cannot be read."}, 422)
    fake.service.on("PATCH", "/machines/default/settings", lambda _request: wrong)
    page.set_mirror("docker.io", "https://x")
    qtbot.waitUntil(lambda: toasts(page) == ["The settings file cannot be read."])
    fake.service.on("GET", "/machines/default/settings", lambda _request: wrong)
    page.shown()
    qtbot.waitUntil(lambda: page.mirrors.said == "The settings file cannot be read.")


def test_without_a_machine(page: RegistriesPage, fake: FakeLinnet, services: Services, qtbot: QtBot) -> None:
    fake.machines.clear()
    fake.tell("list", {"exists": False})
    services.hub.look_again()
    qtbot.waitUntil(lambda: services.hub.current is None)
    assert page.mirrors.said == "There is no machine yet; these belong to one."
    assert not page.mirrors.add.isEnabled()
    assert page.ask_restart() is None
    dialog: Any = page.ask_login()
    fill(dialog)
    press(dialog, "Log in")
    assert dialog.problem == "There is no machine. Make one first."
    press(dialog, "Keep it untried")
    qtbot.waitUntil(lambda: lines(page.logins) == [("docker.io", "mo")])
