"""The questions before a pull and a push: which image, which registry, who is logged in there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QWidget

from app.core.registries import registry_of
from app.gui.pages.images.names import check_reference
from app.gui.services import Services
from app.gui.text import tr
from app.gui.widgets.basics import label
from app.gui.widgets.forms import FormDialog, Remark
from app.gui.work.runner import Op


class _RegistryDialog(FormDialog):
    """A question whose answer belongs to a registry; says who is logged in there."""

    def __init__(self, parent: QWidget, services: Services, title: str, verb: str) -> None:
        super().__init__(parent, title, verb, width=480)
        self._logins: dict[str, str] = {}
        self._registry = Remark("hint")
        known = Op(self, services.credentials.servers)
        # Without a keychain everything that is public can still be had.
        known.success(self._on_logins).failure(lambda _error: None).run(services.runner)

    @property
    def registry(self) -> str:
        """What is said about the registry."""
        return self._registry.text()

    def _reference(self) -> str:
        raise NotImplementedError

    def _on_logins(self, logins: dict[str, str]) -> None:
        self._logins = logins
        self._tell_registry()

    def _tell_registry(self) -> None:
        reference = self._reference()
        registry = registry_of(reference)
        user = self._logins.get(registry)
        if not reference:
            self._registry.say("")
        elif user:
            self._registry.say(tr("Registry {registry}, logged in as {user}.", registry=registry, user=user))
        else:
            self._registry.say(tr("Registry {registry}, without a log-in.", registry=registry))


class PullDialog(_RegistryDialog):
    """Asks for the name of an image.

    Attributes:
        field: where it is written.
    """

    def __init__(
        self, parent: QWidget, services: Services, known: Sequence[str], accepted: Callable[[str], object]
    ) -> None:
        """`known`: names to complete from."""
        super().__init__(parent, services, tr("Pull an image"), tr("Pull"))
        self.field = QLineEdit()
        self.field.setAccessibleName(tr("Name of the image"))
        self.field.setPlaceholderText("alpine:3.22")
        completer = QCompleter(list(known), self.field)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.field.setCompleter(completer)
        text = tr("Its name, with a registry in front unless it is Docker Hub's.")
        self.lay_out(label(text, wrap=True), self.field, self._registry)
        self.field.textChanged.connect(self._judge)
        self.accepted.connect(lambda: accepted(self._reference()))
        self._judge()

    def _reference(self) -> str:
        return self.field.text().strip()

    def _judge(self) -> None:
        reference = self._reference()
        self.tell(check_reference(reference) if reference else "", complete=bool(reference))
        self._tell_registry()


class PushDialog(_RegistryDialog):
    """Asks which of an image's names is pushed.

    Attributes:
        choice: the names.
    """

    def __init__(
        self, parent: QWidget, services: Services, names: Sequence[str], accepted: Callable[[str], object]
    ) -> None:
        super().__init__(parent, services, tr("Push an image"), tr("Push"))
        self.choice = QComboBox()
        self.choice.setAccessibleName(tr("Name of the image"))
        self.choice.addItems(list(names))
        # A name that leads somewhere is the better proposal.
        leading = next((place for place, name in enumerate(names) if registry_of(name) != "localhost"), 0)
        self.choice.setCurrentIndex(leading)
        self.lay_out(label(tr("The name says which registry it goes to."), wrap=True), self.choice, self._registry)
        self.choice.currentIndexChanged.connect(self._judge)
        self.accepted.connect(lambda: accepted(self._reference()))
        self._judge()

    def _reference(self) -> str:
        return self.choice.currentText()

    def _judge(self) -> None:
        local = registry_of(self._reference()) == "localhost"
        self.tell(tr("This name belongs to no registry; give the image one that does first.") if local else "")
        self._tell_registry()
