"""A terminal: a shell in a container, or in a machine."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QMenu, QWidget

from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import action, button, column, label, row
from app.gui.widgets.termpane import TerminalPane
from app.gui.widgets.termsession import TerminalSession
from app.gui.widgets.transport import ContainerExec, MachineExec, Opener


class TerminalView(QWidget):
    """One terminal.

    Attributes:
        pane: where it is painted.
        session: the program in it, None before the first.
        again: the button that starts it once more after its end.
    """

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.session: TerminalSession | None = None
        self._key: tuple[str, ...] = ()
        self._opener: Opener | None = None
        self.pane = TerminalPane(services.theme)
        self.pane.setAccessibleName(tr("Terminal"))
        self.pane.sized.connect(self._on_sized)
        self.pane.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.pane.customContextMenuRequested.connect(self._on_menu)
        self._text = label("", wrap=True)
        self.again = button(tr("Open again"), self.restart, primary=True)
        self._banner = QFrame()
        self._banner.setObjectName("banner")
        content = row(self._text, self.again, margins=GRID)
        content.setStretch(0, 1)
        self._banner.setLayout(content)
        self._banner.hide()
        self.setLayout(column(self.pane, self._banner, spacing=0))
        self.setFocusProxy(self.pane)
        services.theme.changed.connect(self.pane.recolour)
        services.preferences.changed.connect(self._on_preference)
        self._on_preference("terminal_font")

    @property
    def ending(self) -> str:
        """What is said of the end of the program, "" while it runs."""
        return self._text.text() if not self._banner.isHidden() else ""

    def open(self, container_id: str, argv: Sequence[str] = ()) -> None:
        """Run a command in a container, by default its shell; what is shown already goes on."""
        key = ("container", container_id, *argv)
        if self._is_shown(key):
            return

        def opener(rows: int, columns: int) -> ContainerExec:
            return ContainerExec(self._services.hub.docker(), container_id, argv, rows, columns)

        self._begin(key, opener)

    def open_machine(self, machine: str, argv: Sequence[str] = ()) -> None:
        """Run a command in a machine, by default a shell; what is shown already goes on."""
        key = ("machine", machine, *argv)
        if self._is_shown(key):
            return
        hub = self._services.hub
        path = hub.path("/exec", machine)

        def opener(rows: int, columns: int) -> MachineExec:
            return MachineExec(hub.client(), path, argv, rows, columns)

        self._begin(key, opener)

    def restart(self) -> None:
        """Run once more what has ended."""
        if self._opener is not None:
            self._begin(self._key, self._opener)
            self.pane.setFocus()

    def close_session(self) -> None:
        """End what runs."""
        if self.session is not None:
            self.session.close()
            self.session.deleteLater()
            self.session = self.pane.session = None
        self._key = ()

    def _is_shown(self, key: tuple[str, ...]) -> bool:
        return self._key == key and self.session is not None and self.session.running

    def _begin(self, key: tuple[str, ...], opener: Opener) -> None:
        self.close_session()
        self._key, self._opener = key, opener
        self._banner.hide()
        rows, columns = self.pane.size_in_cells
        self.session = TerminalSession(self, self._services.runner, opener, rows, columns)
        self.session.ended.connect(self._on_ended)
        self.pane.show_session(self.session)

    def _on_sized(self, rows: int, columns: int) -> None:
        if self.session is not None:
            self.session.resize(rows, columns)

    def _on_ended(self, text: str) -> None:
        self._text.setText(text)
        self._banner.show()
        self.pane.viewport().update()

    def _on_preference(self, name: str) -> None:
        if name == "terminal_font":
            self.pane.set_font_size(self._services.preferences.number(name))

    def _on_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        pane = self.pane
        chosen = bool(pane.selected_text())
        menu.addAction(action(menu, tr("Copy"), pane.copy, shortcut="Ctrl+Shift+C", enabled=chosen))
        menu.addAction(action(menu, tr("Paste"), pane.paste, shortcut="Ctrl+Shift+V"))
        menu.addAction(action(menu, tr("Select all"), pane.select_all))
        menu.addSeparator()
        menu.addAction(action(menu, tr("Forget what is above the screen"), pane.clear_history))
        menu.popup(pane.viewport().mapToGlobal(at))
