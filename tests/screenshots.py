"""Pictures of every page, light and dark, English and Korean: ``python -m tests.screenshots [--only PAGE]``.

A recorded machine stands behind the window, so the pictures are the same each time. They go to `docs/screenshots`.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.gui import text
from app.gui.pages.table import PAGES
from app.gui.services import make_services
from app.gui.window import MainWindow
from tests.gui.fake import FakeLinnet, recorded

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "screenshots"

LANGUAGES = ("en", "ko")
THEMES = ("light", "dark")
SIZE = (1200, 760)


def main() -> int:
    """Make the pictures; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("--only", action="append", choices=[entry.name for entry in PAGES])
    parser.add_argument("--folder", type=Path, default=FOLDER)
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    arguments.folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    names = arguments.only or [entry.name for entry in PAGES]
    for language in LANGUAGES:
        for theme in THEMES:
            for name in names:
                path = arguments.folder / f"{name}-{theme}-{language}.png"
                take(app, name, theme, language, path)
                print(path)
    return 0


def take(app: QApplication, name: str, theme: str, language: str, path: Path) -> None:
    """Show a page and keep its picture."""
    fake = FakeLinnet()
    text.install(app, language)
    services = make_services(app, fake.layout)
    text.install(app, language)
    services.hub.starts_service = False
    services.theme.use(theme)
    services.hub.start()
    window = MainWindow(services)
    window.resize(*SIZE)
    window.show()
    _until(lambda: services.hub.loaded)
    window.go(name)
    _until(lambda: bool(fake.samplers), 1)
    for sample in samples():
        fake.sample(sample)
    QTest.qWait(400)
    select_first(window)
    QTest.qWait(700)
    window.grab().save(str(path))
    window.close_down()
    window.hide()
    window.deleteLater()
    services.hub.stop()
    services.runner.close()
    QTest.qWait(20)
    fake.close()


def select_first(window: MainWindow) -> None:
    """Select the first row of a page with a list, so that its detail is shown."""
    view = getattr(window.page, "view", None)
    model = getattr(window.page, "model", None)
    if view is None or model is None:
        return
    keys = [key for key in map(model.key, range(model.rowCount())) if key is not None]
    view.select(keys[:1])


def samples() -> list[dict[str, Any]]:
    """Return ten minutes of samples around the recorded one, going up and down by themselves."""
    first = recorded("service_v1_machines_default_stats")
    made, now = [], time.time() - 600
    busy, read, received = first["guest"]["cpu"]["busy_ns"], 0, 0
    for step in range(300):
        wave = (step * 37 % 100) / 100 * (1 if step % 60 < 40 else 0.3)
        busy += int(2e9 * 2 * wave * 0.6)
        read += int(2e6 * wave)
        received += int(9e4 * wave)
        guest = {**first["guest"], "cpu": {"busy_ns": busy, "cpus": 2}, "net_rx": received, "net_tx": received // 2}
        guest |= {"disk_read": read, "disk_write": read // 3}
        used = int(2.6e8 + 8e7 * (step % 90) / 90)
        guest["memory"] = {**first["guest"]["memory"], "used": used}
        containers = [
            {**one, "cpu_ns": one["cpu_ns"] + int(busy * (0.1 + place * 0.05)), "memory": one["memory"] + used // 50}
            for place, one in enumerate(first["containers"])
        ]
        made.append({"time": now + 2 * step, "guest": guest, "containers": containers})
    return made


def _until(condition: Any, seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        QTest.qWait(20)


if __name__ == "__main__":
    sys.exit(main())
