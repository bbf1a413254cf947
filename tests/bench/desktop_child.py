"""One window in a process of its own, measured: ``python -m tests.bench.desktop_child MODE ARGUMENT``; prints JSON."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import psutil

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QMainWindow

    from app.gui.services import Services
    from app.gui.window import MainWindow

SETTLE, WATCH = 4.0, 15.0
"""Seconds until a window has come to rest, and for which it is then watched."""


def main(mode: str, argument: str) -> None:
    """Measure, print, end the process."""
    modes: dict[str, Callable[[str], dict[str, Any]]] = {"paint": paint, "rows": rows, "idle": idle, "hidden": hidden}
    print(json.dumps(modes[mode](argument)), flush=True)
    for one in multiprocessing.active_children():  # os._exit leaves them; they would hold on to what is read from here
        one.kill()
    os._exit(0)


def paint(kind: str) -> dict[str, Any]:
    """Return the seconds from the start of this process to the first painted window."""
    window = _bare() if kind == "bare" else _linnet_without_service()
    seconds: list[float] = []
    _when_painted(window, lambda: seconds.append(time.time() - psutil.Process().create_time()))
    window.show()
    app = _app()
    while not seconds:
        app.processEvents()
    return {"seconds": seconds[0]}


def rows(text: str) -> dict[str, Any]:
    """Return how long keystrokes take in a list of that many containers, and whether an event rebuilds the list."""
    from app.gui.pages.listpage import ListPage
    from tests.gui.fake import recorded

    fake, services, window = _linnet()
    sample = recorded("docker_containers_json")[0]
    fake.containers[:] = [
        {**sample, "Id": f"{number:064x}", "Names": [f"/service-{number}"], "Labels": {}} for number in range(int(text))
    ]
    services.hub.containers.touch()
    window.go("containers")
    page = window.page
    assert isinstance(page, ListPage)
    _until(lambda: len(services.hub.containers.rows) == int(text))
    _wait(1)
    keystrokes = []
    for typed in (
        "s",
        "se",
        "ser",
        "serv",
        "service-4",
        "service-49",
        "service-499",
        "service-49",
        "service-4",
        "",
    ) * 2:
        began = time.perf_counter()
        page.search.setText(typed)
        page.view.viewport().repaint()
        keystrokes.append(time.perf_counter() - began)
        _wait(0.05)
    resets: list[None] = []
    page.model.modelReset.connect(lambda: resets.append(None))
    fake.containers[7]["State"] = "paused"
    asked = len(fake.docker.asked("GET", "/containers/json"))
    fake.tell("container", {"action": "pause", "id": fake.containers[7]["Id"], "name": "service-7"})
    _until(lambda: len(fake.docker.asked("GET", "/containers/json")) > asked)
    _wait(0.5)
    return {"keystrokes": keystrokes, "resets": len(resets)}


def idle(kind: str) -> dict[str, Any]:
    """Return what an open window that nobody touches costs."""
    process = psutil.Process()
    if kind == "bare":
        window: QMainWindow = _bare()
        window.show()
    else:
        _linnet(apart=True)
    _wait(SETTLE)
    return _watched(process)


def hidden(_kind: str) -> dict[str, Any]:
    """Return how often a hidden window wakes up."""
    process = psutil.Process()
    _fake, _services, window = _linnet(apart=True)
    _wait(1)
    window.hide()
    _wait(SETTLE)
    before = process.num_ctx_switches().voluntary
    _wait(WATCH)
    switches = (process.num_ctx_switches().voluntary - before) / WATCH
    return {"switches": switches}


def _watched(process: psutil.Process) -> dict[str, Any]:
    before, began = sum(process.cpu_times()[:2]), time.perf_counter()
    _wait(WATCH)
    used = sum(process.cpu_times()[:2]) - before
    return {"percent": 100 * used / (time.perf_counter() - began), "memory": process.memory_info().rss}


def _app() -> QApplication:
    from PySide6.QtWidgets import QApplication

    found = QApplication.instance() or QApplication([])
    assert isinstance(found, QApplication)
    found.setQuitOnLastWindowClosed(False)  # or hiding the window would end what waits
    return found


def _bare() -> QMainWindow:
    _app()
    from PySide6.QtWidgets import QLabel, QMainWindow

    window = QMainWindow()
    window.setCentralWidget(QLabel("Linnet"))
    window.resize(1200, 760)
    return window


def _linnet_without_service() -> MainWindow:
    """Return the window as the program makes it; linnetd answers later than the first paint anyway."""
    import tempfile
    from pathlib import Path

    from vm.layout import Layout

    app = _app()
    from app.gui.services import make_services
    from app.gui.window import MainWindow

    base = Path(tempfile.mkdtemp(prefix="lg"))
    layout = Layout(base / "c", base / "d", base / "r", base / "k")
    layout.make_private()
    services = make_services(app, layout)
    window = MainWindow(services)
    window.show_first_page()
    return window


def _linnet(*, apart: bool = False) -> tuple[Any, Services, MainWindow]:
    """Return a recorded linnetd (in a process of its own when `apart`), the shared parts and the window."""
    app = _app()
    from app.gui.services import make_services
    from app.gui.window import MainWindow

    fake: Any = None
    if apart:
        layout = _fake_apart()
    else:
        from tests.gui.fake import FakeLinnet

        fake = FakeLinnet()
        layout = fake.layout
    services = make_services(app, layout)
    services.hub.starts_service = False
    window = MainWindow(services)
    window.show_first_page()
    window.show()
    services.hub.start()
    _until(lambda: services.hub.loaded)
    return fake, services, window


def _fake_apart() -> Any:
    """Have the recorded linnetd in another process, so that it does not count."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    context.Process(target=_serve, args=(theirs,), daemon=True).start()
    return ours.recv()


def _serve(pipe: Any) -> None:
    from tests.gui.fake import FakeLinnet

    fake = FakeLinnet()
    pipe.send(fake.layout)
    while True:
        time.sleep(2)
        fake.sample()


def _when_painted(window: QMainWindow, callback: Callable[[], None]) -> None:
    from PySide6.QtCore import QEvent, QObject

    class Watcher(QObject):
        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() is QEvent.Type.Paint:
                callback()
            return False

    watcher = Watcher(window)
    (window.centralWidget() or window).installEventFilter(watcher)


def _wait(seconds: float) -> None:
    """Run the event loop without looking in between; QTest.qWait would keep the window's other threads from running."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def _until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("the window did not get there")
        _wait(0.02)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
