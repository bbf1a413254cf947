"""The form that logs in to a registry, and tries that before it keeps anything."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from app.core.docker import DockerClient
from app.core.registries import HUB, Credential, Credentials, server_name
from app.gui.services import Services
from app.gui.text import explained, tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, label, row
from app.gui.widgets.forms import Remark, add_field, form
from app.gui.work.runner import Op
from vm.errors import LinnetError

_REFUSED = re.compile(r"\b401\b|unauthori[sz]ed|incorrect|denied", re.IGNORECASE)
"""What engines say when the registry has answered, and the log-in is wrong."""


class LoginDialog(QDialog):
    """Registry, user, password.

    Attributes:
        server, username, secret: the fields.
        yes: the button that logs in.
        anyway: keeps a log-in that could not be tried; there only when that was so.
    """

    def __init__(
        self, parent: QWidget, services: Services, accepted: Callable[[Credential, bool], object], server: str = ""
    ) -> None:
        """`accepted` gets the log-in, and whether it outlasts this window."""
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Log in to a registry"))
        self.setMinimumWidth(480)
        self._services = services
        self._accepted = accepted
        self.server = QLineEdit(server)
        self.server.setPlaceholderText(HUB)
        self.username = QLineEdit()
        self.secret = QLineEdit()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        fields = form()
        add_field(fields, tr("Registry"), self.server)
        add_field(fields, tr("User"), self.username)
        add_field(fields, tr("Password or token"), self.secret)
        self._problem = Remark("bad")
        self._where = Remark("hint")
        cancel = button(tr("Cancel"), self.reject)
        self.yes = button(tr("Log in"), self._try, primary=True)
        self.yes.setDefault(True)
        self.anyway = button(tr("Keep it untried"), self._keep)
        self.anyway.hide()
        self.setLayout(
            column(
                label(tr("Log in to a registry"), "heading"),
                fields,
                self._where,
                self._problem,
                row(None, cancel, self.anyway, self.yes),
                margins=3 * GRID,
                spacing=2 * GRID,
            )
        )
        for field in (self.server, self.username, self.secret):
            field.textChanged.connect(self._judge)
        if server:
            self.username.setFocus()
        credentials = services.credentials
        Op(self, lambda: credentials.lasting).success(self._say_where).failure(self._on_failed).run(services.runner)
        self._judge()

    @property
    def problem(self) -> str:
        """What went wrong, "" when nothing."""
        return self._problem.text()

    @property
    def where(self) -> str:
        """What is said about where the log-in is kept."""
        return self._where.text()

    def _say_where(self, lasting: bool) -> None:
        self._where.say(
            tr("It is kept in the keychain of this computer.")
            if lasting
            else tr("There is no keychain on this computer that can keep it: it lasts until Linnet is quit.")
        )

    def _judge(self) -> None:
        self._problem.say("")
        self.anyway.hide()
        self.yes.setEnabled(bool(self.username.text().strip() and self.secret.text()))

    def _try(self) -> None:
        credential = self._credential()
        try:
            docker = self._services.hub.docker()
        except LinnetError as error:
            self._on_untried(error)
            return
        self.yes.setEnabled(False)
        self.yes.setText(tr("Asking the registry …"))
        credentials = self._services.credentials
        (
            Op(self, lambda: log_in(docker, credentials, credential))
            .success(lambda lasting: self._on_in(credential, lasting=lasting))
            .failure(self._on_untried)
            .run(self._services.runner)
        )

    def _credential(self) -> Credential:
        return Credential(server_name(self.server.text() or HUB), self.username.text().strip(), self.secret.text())

    def _keep(self) -> None:
        credential, credentials = self._credential(), self._services.credentials
        (
            Op(self, lambda: credentials.put(credential))
            .success(lambda lasting: self._on_in(credential, lasting=lasting))
            .failure(self._on_failed)
            .run(self._services.runner)
        )

    def _on_untried(self, error: LinnetError) -> None:
        self._on_failed(error)
        # Podman tries only over HTTPS, also where the machine pulls over HTTP; and a registry may be away just now.
        self.anyway.setVisible(self.yes.isEnabled() and not _REFUSED.search(error.message))

    def _on_in(self, credential: Credential, *, lasting: bool) -> None:
        self.accept()
        self._accepted(credential, lasting)

    def _on_failed(self, error: LinnetError) -> None:
        self.yes.setText(tr("Log in"))
        self._judge()
        self._problem.say(explained(error))


def log_in(docker: DockerClient, credentials: Credentials, credential: Credential) -> bool:
    """Have the engine try a log-in, and keep it; return whether it outlasts this process. In a thread."""
    answer = docker.post("/auth", credential.login())
    token = str((answer or {}).get("IdentityToken") or "") if isinstance(answer, dict) else ""
    return credentials.put(dataclasses.replace(credential, token=token))


def try_out(docker: DockerClient, credentials: Credentials, server: str) -> bool:
    """Have the engine try the log-in that is kept; False when there is none. In a thread."""
    credential = credentials.get(server)
    if credential is None:
        return False
    docker.post("/auth", credential.login())
    return True
