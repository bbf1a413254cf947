"""The desktop app: makes the shared parts, the window and the status item, and ends them in order."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from app.gui import instance, text
from app.gui.instance import Instance
from app.gui.services import make_services
from app.gui.window import MainWindow
from vm.layout import Layout

ICON = Path(__file__).resolve().parents[2] / "resources" / "icons" / "linnet.svg"


class Application(QObject):
    """One run of the desktop app."""

    def __init__(self, app: QApplication, layout: Layout) -> None:
        super().__init__(app)
        self._app = app
        self.services = make_services(app, layout)
        self.window: MainWindow | None = None
        self._tray: QObject | None = None
        self._instance = Instance(layout, self)
        app.setWindowIcon(QIcon(str(ICON)))

    def claim(self) -> bool:
        """Be the one that runs; False when another one runs already, which then shows itself.

        Raises:
            LinnetError: the folders cannot be used, or the one that runs does not answer.
        """
        if self._instance.claim():
            return True
        instance.send(self.services.layout, "show")
        return False

    def start(self, *, hidden: bool = False, page: str = "") -> None:
        """Show window and status item, and connect to linnetd."""
        services = self.services
        self._instance.asked.connect(
            lambda command: {"show": self.show, "hide": self.hide, "quit": self.quit}[command]()
        )
        services.preferences.changed.connect(self._on_preference)
        services.preferences.started_over.connect(self._on_started_over)
        self._make_tray()
        if not (hidden or services.preferences.flag("start_hidden")) or self._tray is None:
            self.show()
            if page and self.window is not None:
                self.window.go(page)
        QTimer.singleShot(0, self, services.hub.start)

    def show(self) -> None:
        """Have the window in front."""
        if self.window is None:
            self.window = window = MainWindow(self.services)
            window.quit_wanted.connect(self.quit)
            window.closed.connect(self._on_closed)
            window.show_first_page()
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def hide(self) -> None:
        """Have only the status item."""
        if self.window is not None:
            self.window.close()

    def quit(self) -> None:
        """End window and status item; machines and linnetd go on."""
        if self.window is not None:
            self.window.close_down()
            self.window.hide()
        self.services.hub.stop()
        self.services.runner.close()
        self._instance.close()
        QTimer.singleShot(0, self._app, self._app.quit)

    def _make_tray(self) -> None:
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        from app.tray.item import StatusItem

        self._tray = item = StatusItem(self.services, self)
        item.show_wanted.connect(self._show_page)
        item.quit_wanted.connect(self.quit)

    def _show_page(self, page: str) -> None:
        self.show()
        if page and self.window is not None:
            self.window.go(page)

    def _on_closed(self) -> None:
        if self._tray is None or not self.services.preferences.flag("close_to_tray"):
            self.quit()

    def _on_preference(self, name: str) -> None:
        preferences = self.services.preferences
        if name == "theme":
            self.services.theme.use(preferences.text("theme"))
        elif name == "language":
            text.install(self._app, preferences.text("language"))
            QTimer.singleShot(0, self, self._rebuild)

    def _on_started_over(self) -> None:
        preferences = self.services.preferences
        text.install(self._app, preferences.text("language"))
        self.services.theme.use(preferences.text("theme"))
        QTimer.singleShot(0, self, lambda: self._rebuild(forget=True))

    def _rebuild(self, *, forget: bool = False) -> None:
        """Make the window anew: in another language, or with nothing remembered."""
        old = self.window
        if old is None:
            return
        page = old.page.name if old.page is not None else ""
        old.close_down()
        if forget:
            # The old window has remembered itself once more.
            self.services.preferences.clear()
        old.hide()
        old.deleteLater()
        self.window = None
        self.show()
        if page and self.window is not None:
            self.window.go(page)
