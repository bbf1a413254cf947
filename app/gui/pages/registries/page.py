"""The page: log-ins to registries, mirrors, and registries without a certificate."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QDialog, QFrame, QScrollArea

from app.core.registries import Credential
from app.gui.pages.base import Command, Page
from app.gui.pages.registries.entries import Entry, EntryCard
from app.gui.pages.registries.login import LoginDialog, try_out
from app.gui.pages.registries.mirror import MirrorDialog
from app.gui.services import Services
from app.gui.text import explained, tr
from app.gui.theme import GRID
from app.gui.widgets.ask import ask_text, confirm
from app.gui.widgets.basics import boxed, button, column, label, row
from app.gui.work.runner import Op
from vm.errors import LinnetError

MIRRORS, INSECURE = "registries.mirrors", "registries.insecure"

_HOST = re.compile(r"[A-Za-z0-9.-]+(?::[0-9]{1,5})?|\[[0-9a-fA-F:]+\](?::[0-9]{1,5})?")


class RegistriesPage(Page):
    """Log-ins belong to the user, the rest to the machine in view.

    Attributes:
        logins, mirrors, insecure: the cards.
        restart: the button that makes changed settings take effect.
    """

    name = "registries"

    def __init__(self, services: Services, go: Callable[[str, str], None]) -> None:
        super().__init__(services, go)
        self._mirrors: dict[str, str] = {}
        self._insecure: list[str] = []
        self._asked = 0
        self.logins = EntryCard(tr("Log-ins"), "", tr("Log in …"), self.ask_login)
        self.mirrors = EntryCard(
            tr("Mirrors"),
            tr("Where the machine pulls images of a registry from instead."),
            tr("Add a mirror …"),
            self.ask_mirror,
        )
        self.insecure = EntryCard(
            tr("Insecure registries"),
            tr("Registries that the machine uses over plain HTTP, or with a certificate that nobody vouches for."),
            tr("Add a registry …"),
            self.ask_insecure,
        )
        self._banner = self._make_banner()
        content = boxed(
            column(
                label(self.title(), "title"),
                self._banner,
                self.logins,
                self.mirrors,
                self.insecure,
                None,
                margins=2 * GRID,
                spacing=2 * GRID,
            )
        )
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(content)
        area.setAccessibleName(self.title())
        self.setLayout(column(area))
        hub = services.hub
        hub.current_changed.connect(self._on_machine)
        hub.connection_changed.connect(self._on_machine)
        hub.machines_changed.connect(self._show_restart)
        self._show_restart()

    @classmethod
    def title(cls) -> str:
        """See Page."""
        return tr("Registries")

    def shown(self) -> None:
        """See Page."""
        self._load_logins()
        self._load_settings()

    def commands(self) -> list[Command]:
        """See Page."""
        return [
            Command(tr("Log in to a registry"), self.ask_login),
            Command(tr("Add a mirror"), self.ask_mirror),
            Command(tr("Add an insecure registry"), self.ask_insecure),
        ]

    def ask_login(self, server: str = "") -> QDialog:
        """Ask for a user and a password, and try them."""
        dialog = LoginDialog(self, self.services, self._on_login, server)
        dialog.open()
        return dialog

    def try_login(self, server: str) -> None:
        """Ask the registry whether the log-in still holds."""
        try:
            docker = self.services.hub.docker()
        except LinnetError as error:
            self.services.messages.error(error)
            return
        credentials, messages = self.services.credentials, self.services.messages

        def say(known: bool) -> None:
            if known:
                messages.tell(tr("{registry} takes the log-in.", registry=server), "good")
            else:
                messages.tell(tr("The keychain has no log-in for {registry} any more.", registry=server), "warn")

        Op(self, lambda: try_out(docker, credentials, server)).success(say).run(self.services.runner)

    def ask_logout(self, server: str) -> QDialog:
        """Ask before a log-in is forgotten."""
        return confirm(
            self,
            tr("Log out of {registry}?", registry=server),
            tr("The password is forgotten; images that were pulled stay."),
            tr("Log out"),
            lambda: self.log_out(server),
            losses=[server],
        )

    def log_out(self, server: str) -> None:
        """Forget a log-in."""
        credentials = self.services.credentials
        work = Op(self, lambda: credentials.remove(server))
        work.success(lambda _none: self._load_logins()).run(self.services.runner)

    def ask_mirror(self, registry: str = "") -> QDialog:
        """Ask for a registry and where it is mirrored; `registry`: one whose mirror is changed."""
        dialog = MirrorDialog(self, registry, self._mirrors.get(registry, ""), self.set_mirror)
        dialog.open()
        return dialog

    def set_mirror(self, registry: str, url: str | None) -> None:
        """Give a registry a mirror; None takes it away."""
        self._change({f"{MIRRORS}.{registry}": url})

    def ask_insecure(self) -> QDialog:
        """Ask for a registry."""
        return ask_text(
            self,
            tr("Add an insecure registry"),
            tr("Its name and port. What comes from it can be read and changed on the way."),
            tr("Add"),
            lambda name: self._change({INSECURE: [*self._insecure, name]}),
            check=self._check_host,
        )

    def remove_insecure(self, name: str) -> None:
        """Have a registry need a certificate again."""
        self._change({INSECURE: [one for one in self._insecure if one != name] or None})

    def ask_restart(self) -> QDialog | None:
        """Ask before the machine is restarted."""
        name = self.services.hub.current
        if name is None:
            return None
        title = tr("Restart machine '{name}'", name=name)
        return confirm(
            self,
            tr("Restart machine '{name}'?", name=name),
            tr("Its containers are stopped. Those with a restart policy start again with it."),
            tr("Restart"),
            lambda: self.services.jobs.operate(title, "POST", self.services.hub.path("/restart", name)),
        )

    def _make_banner(self) -> QFrame:
        banner = QFrame()
        banner.setObjectName("banner")
        banner.setProperty("tone", "warn")
        text = label(tr("What was changed here takes effect when the machine starts the next time."), wrap=True)
        self.restart = button(tr("Restart now …"), self.ask_restart)
        content = row(text, self.restart, margins=GRID + 4)
        content.setStretch(0, 1)
        banner.setLayout(content)
        return banner

    def _on_machine(self) -> None:
        self._mirrors, self._insecure = {}, []
        self._show_restart()
        if self.isVisible():
            self._load_settings()

    def _show_restart(self, *_: object) -> None:
        status = self.services.hub.status
        waiting = status.restart_needed if status is not None else []
        self._banner.setVisible(any(name.startswith("registries.") for name in waiting))

    def _load_logins(self) -> None:
        credentials = self.services.credentials

        def load() -> tuple[bool, dict[str, str]]:
            return credentials.lasting, credentials.servers()

        Op(self, load).success(lambda found: self._show_logins(*found)).failure(self._on_no_keychain).run(
            self.services.runner
        )

    def _show_logins(self, lasting: bool, servers: Mapping[str, str]) -> None:
        self.logins.say_hint(
            tr("Passwords are kept in the keychain of this computer.")
            if lasting
            else tr("There is no keychain on this computer that can keep passwords: log-ins last until Linnet is quit.")
        )
        self.logins.show_entries(
            [
                Entry(
                    server,
                    user,
                    [
                        (tr("Test"), "", _calls(self.try_login, server)),
                        (tr("Log out …"), "", _calls(self.ask_logout, server)),
                    ],
                )
                for server, user in servers.items()
            ],
            tr("You are not logged in anywhere. Public images can be pulled without a log-in."),
        )

    def _on_no_keychain(self, error: LinnetError) -> None:
        self.logins.show_entries([], "")
        self.logins.say(explained(error), "bad")

    def _on_login(self, credential: Credential, _lasting: bool) -> None:
        self.services.messages.tell(tr("You are logged in to {registry}.", registry=credential.server), "good")
        self._load_logins()

    def _load_settings(self) -> None:
        hub = self.services.hub
        self._asked += 1
        number = self._asked
        machine = hub.current is not None
        self.mirrors.add.setEnabled(machine)
        self.insecure.add.setEnabled(machine)
        if not machine:
            for one in (self.mirrors, self.insecure):
                one.show_entries([], tr("There is no machine yet; these belong to one."))
            return
        path = hub.path("/settings")

        def load() -> Any:
            with hub.client() as client:
                return client.get(path)

        def failed(error: LinnetError) -> None:
            for one in (self.mirrors, self.insecure):
                one.show_entries([], "")
                one.say(explained(error), "bad")

        def current(show: Callable[[Any], None]) -> Callable[[Any], None]:
            return lambda answer: show(answer) if number == self._asked else None

        Op(self, load).success(current(self._show_settings)).failure(current(failed)).run(self.services.runner)

    def _show_settings(self, answer: Mapping[str, Any]) -> None:
        values = {one["name"]: one["value"] for one in answer["values"]}
        self._mirrors = {str(name): str(url) for name, url in (values.get(MIRRORS) or {}).items()}
        self._insecure = [str(name) for name in values.get(INSECURE) or []]
        self.mirrors.show_entries(
            [
                Entry(
                    name,
                    url,
                    [
                        (tr("Change …"), "", _calls(self.ask_mirror, name)),
                        (tr("Remove"), "", _calls(self.set_mirror, name, None)),
                    ],
                )
                for name, url in sorted(self._mirrors.items())
            ],
            tr("Every registry is asked itself."),
        )
        self.insecure.show_entries(
            [Entry(name, "", [(tr("Remove"), "", _calls(self.remove_insecure, name))]) for name in self._insecure],
            tr("Every registry has to prove who it is."),
        )

    def _check_host(self, text: str) -> str:
        if text in self._insecure:
            return tr("This registry is in the list already.")
        return "" if _HOST.fullmatch(text) else tr("Write only its name and port, such as registry.example:5000.")

    def _change(self, settings: Mapping[str, Any]) -> None:
        hub = self.services.hub

        def done(answer: Mapping[str, Any] | None) -> None:
            waits = (answer or {}).get("restart_needed")
            hub.look_again(hub.current)
            self._load_settings()
            self.services.messages.tell(
                tr("Saved. It takes effect when the machine starts the next time.") if waits else tr("Saved."), "good"
            )

        body = {"settings": dict(settings), "restart": False}
        title = tr("Change the registries of '{name}'", name=hub.current)
        self.services.jobs.operate(title, "PATCH", hub.path("/settings"), body, success=done)


def _calls(function: Callable[..., object], *values: object) -> Callable[[], object]:
    return lambda: function(*values)
