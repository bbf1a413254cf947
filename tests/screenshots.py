"""Pictures of every page, light and dark, English and Korean: ``python -m tests.screenshots [--only PAGE]``.

A recorded machine stands behind the window, so the pictures are the same each time. They go to `docs/screenshots`.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from app.gui import text
from app.gui.pages.table import PAGES
from app.gui.services import make_services
from app.gui.window import MainWindow
from tests.gui.acts import pause
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
    set_scene(fake)
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
    pause(0.4)
    select_first(window)
    pause(0.7)
    window.grab().save(str(path))
    window.close_down()
    window.hide()
    window.deleteLater()
    services.hub.stop()
    services.runner.close()
    pause(0.02)
    fake.close()


def set_scene(fake: FakeLinnet) -> None:
    """Have the containers talk, and a pod there is."""
    fake.docker.on("GET", "/containers/[^/]+/logs", lambda request: talk(request.path))
    pod = next(one for one in fake.containers if one["Names"][0].endswith("-infra"))
    members = [one for one in fake.containers if one["Names"][0] in ("/duo-one", *pod["Names"])]
    fake.docker.on("GET", r"/v5\.0\.0/libpod/pods/json", lambda _request: [pod_row(pod["Id"], members)])


def select_first(window: MainWindow) -> None:
    """Select the first row of a page with a list, so that its detail is shown."""
    view = getattr(window.page, "view", None)
    model = getattr(window.page, "model", None)
    if view is None or model is None:
        return
    keys = [key for key in map(model.key, range(model.rowCount())) if key is not None]
    view.select(keys[:1])


def talk(path: str) -> Iterator[bytes]:
    """Yield what a container says, as Docker frames it."""
    words = ("listening on :80", "GET /till 200 in 12 ms", "GET /stock 304 in 3 ms", "\x1b[33mcache is cold\x1b[0m")
    for number in range(30):
        stream = 2 if number % 11 == 10 else 1
        said = "\x1b[31mno answer from db, trying again\x1b[0m" if stream == 2 else words[(number + len(path)) % 4]
        line = f"2026-11-21T14:3{number // 6}:{number % 6}5.000000000Z {said}\n".encode()
        yield bytes([stream, 0, 0, 0]) + len(line).to_bytes(4, "big") + line
    time.sleep(30)


def pod_row(identity: str, members: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a pod as Podman's own API lists it."""
    return {
        "Cgroup": "user.slice",
        "Containers": [{"Id": one["Id"], "Names": one["Names"][0][1:], "Status": one["State"]} for one in members],
        "Created": "2026-11-21T14:38:10Z",
        "Id": identity,
        "InfraId": identity,
        "Name": "duo",
        "Namespace": "",
        "Networks": [],
        "Status": "Running",
        "Labels": {},
    }


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
        pause(0.02)


if __name__ == "__main__":
    sys.exit(main())
