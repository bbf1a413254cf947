"""One window per user: later starts, what they say, and what crashes leave behind. Real processes where it matters."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.core.lock import FileLock
from app.gui import instance
from app.gui.instance import Instance, send
from vm.errors import LinnetError, UnavailableError
from vm.layout import Layout

ROOT = Path(__file__).resolve().parents[2]

OTHER = """
import sys
from PySide6.QtCore import QCoreApplication
from app.gui.instance import Instance, send
from vm.layout import Layout
app = QCoreApplication([])
me = Instance(Layout.default())
if not me.claim():
    send(Layout.default(), sys.argv[1])
    sys.exit(0)
me.asked.connect(lambda command: (print(command, flush=True), command == "quit" and app.quit()))
print("first", flush=True)
code = app.exec()
me.close()
sys.exit(code)
"""


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    home = tmp_path / "h"
    monkeypatch.setenv("LINNET_HOME", str(home))
    for name in ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"):
        monkeypatch.delenv(name, raising=False)
    return Layout.default()


@pytest.fixture
def running(qapp: object, layout: Layout) -> Iterator[Instance]:
    """The running app, in this process."""
    own = Instance(layout)
    assert own.claim()
    yield own
    own.close()


def start(command: str = "show") -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", OTHER, command], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_a_later_start_shows_the_first_and_ends(running: Instance, qtbot: QtBot) -> None:
    with qtbot.waitSignal(running.asked, timeout=20_000) as asked:
        later = start()
    assert asked.args == ["show"]
    assert later.wait(20) == 0
    assert later.communicate()[0] == ""


def test_only_this_user_gets_in(running: Instance, layout: Layout) -> None:
    assert stat.S_IMODE(Path(layout.desktop_address).stat().st_mode) & 0o077 == 0


def test_what_a_killed_one_left_is_no_obstacle(qapp: object, layout: Layout) -> None:
    first = start()
    assert first.stdout is not None
    assert first.stdout.readline() == "first\n"
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    first.stdout.close()
    assert Path(layout.desktop_address).exists()
    own = Instance(layout)
    assert own.claim()
    own.close()


def test_quit_ends_the_first_and_frees_its_place(qapp: object, layout: Layout) -> None:
    first = start()
    assert first.stdout is not None
    assert first.stdout.readline() == "first\n"
    later = [start("hide"), start("show")]
    assert [process.wait(20) for process in later] == [0, 0]
    send(layout, "quit")
    assert sorted(first.communicate(timeout=20)[0].split()) == ["hide", "quit", "show"]
    assert first.returncode == 0
    assert not Path(layout.desktop_address).exists()
    for process in later:
        process.communicate()


def test_of_many_starts_at_once_one_stays(qapp: object, layout: Layout) -> None:
    starts = [start() for _ in range(4)]
    done: list[int] = []
    for process in starts:
        thread = threading.Thread(target=lambda process=process: done.append(process.wait()))
        thread.daemon = True
        thread.start()
    for _ in range(600):
        if len(done) == 3:
            break
        threading.Event().wait(0.05)
    assert done == [0, 0, 0]
    send(layout, "quit")
    outputs = [process.communicate(timeout=20)[0].split() for process in starts]
    assert sorted(outputs) == [[], [], [], ["first", "show", "show", "show", "quit"]]


def test_the_permission_to_take_the_focus_is_handed_on(
    running: Instance, layout: Layout, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = ask(layout, qtbot, running, b'{"version": 1, "command": "show", "activation": "token-7"}\n')
    assert answer == b'{"version": 1, "ok": true}\n'
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "token-7"


def ask(layout: Layout, qtbot: QtBot, running: Instance, line: bytes) -> bytes:
    """Say `line` to the running app and return what it answers."""
    answers: list[bytes] = []

    def talk() -> None:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(layout.desktop_address)
            try:
                connection.sendall(line)
                answers.append(connection.makefile("rb").read())
            except OSError:
                answers.append(b"")

    thread = threading.Thread(target=talk)
    thread.start()
    qtbot.waitUntil(lambda: not thread.is_alive(), timeout=10_000)
    return answers[0]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (b'{"version": 2, "command": "show"}\n', b"Another version"),
        (b'{"version": 1, "command": "format"}\n', b"'format'"),
        (b'{"version": 1, "command": ["show"]}\n', b"does not know"),
        (b"[]\n", b"Another version"),
        (b"\xff\xfe\n", b"Another version"),
        (b"x" * 100_000, b""),
    ],
)
def test_nonsense_is_refused(running: Instance, layout: Layout, qtbot: QtBot, line: bytes, answer: bytes) -> None:
    with qtbot.assertNotEmitted(running.asked):
        got = ask(layout, qtbot, running, line)
    assert (answer in got) if answer else got == b""
    assert b'"ok": true' not in got


def test_who_says_nothing_is_dropped(
    running: Instance, layout: Layout, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "PATIENCE", 0.1)
    assert ask(layout, qtbot, running, b'{"version": 1, ') == b""


def test_a_refusal_reaches_the_later_start(layout: Layout, qapp: object) -> None:
    first = start()
    assert first.stdout is not None
    assert first.stdout.readline() == "first\n"
    with pytest.raises(LinnetError, match="does not know the command 'format'"):
        send(layout, "format")
    send(layout, "quit")
    first.communicate(timeout=20)


def test_one_that_hangs_is_told_as_such(qapp: object, layout: Layout) -> None:
    layout.make_private()
    lock = FileLock(layout.desktop_lock)
    assert lock.acquire(wait=False)
    with socket.socket(socket.AF_UNIX) as server:
        for listening in (False, True):
            if listening:
                server.bind(layout.desktop_address)
                server.listen()
            assert not Instance(layout).claim()
            with pytest.raises(UnavailableError, match="does not answer"):
                send(layout, "show", patience=0.3)
    lock.release()


def test_a_folder_that_is_too_long_is_said_before_anything_is_made(
    qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINNET_HOME", str(tmp_path / ("x" * 90)))
    with pytest.raises(UnavailableError, match="too long"):
        Instance(Layout.default()).claim()
