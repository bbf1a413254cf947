"""A window with a recorded linnetd, for somebody outside to work with; says what it was asked on standard output."""

from __future__ import annotations

import os

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.gui.services import make_services
from app.gui.window import MainWindow
from tests.gui.fake import FakeLinnet


def main() -> None:
    """Show the window until standard input ends with this process."""
    app = QApplication([])
    fake = FakeLinnet()
    services = make_services(app, fake.layout)
    services.hub.starts_service = False
    services.hub.start()
    window = MainWindow(services)
    window.go("dashboard")
    window.show()
    seen: list[str] = []

    def tell() -> None:
        for request in fake.service.asked("POST", ".*")[len(seen) :]:
            seen.append(request.path)
            print(f"asked {request.path}", flush=True)

    timer = QTimer(app)
    timer.timeout.connect(tell)
    timer.start(100)
    QTimer.singleShot(90_000, lambda: os._exit(2))
    app.exec()


if __name__ == "__main__":
    main()
