"""The terminal: what it asks the engine for, what it sends, what it shows; and its end."""

from __future__ import annotations

import contextlib
import json
import queue
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.frames import Decoder, FrameType, encode, encode_json
from app.gui.guard import MainThreadGuard
from app.gui.services import Services
from app.gui.widgets.terminal import TerminalView
from app.gui.widgets.transport import SHELL
from tests.gui.acts import expose
from tests.gui.fake import FakeLinnet, Reply

Key, Modifier = Qt.Key, Qt.KeyboardModifier


class Program:
    """A program in a container: what is typed arrives in `typed`, `write` has it say something."""

    def __init__(self, fake: FakeLinnet) -> None:
        self.fake = fake
        self.row = fake.containers[0]
        self.id: str = self.row["Id"]
        self.typed = b""
        self.code: int | None = None
        self.output: queue.Queue[bytes | None] = queue.Queue()
        self.started = 0
        fake.docker.on("POST", f"/containers/{self.id}/exec", lambda _request: Reply({"Id": "e1"}, 201))
        fake.docker.on("POST", "/exec/e1/start", lambda _request: Reply(self._serve, 101, {"Upgrade": "tcp"}))
        fake.docker.on("POST", "/exec/e1/resize", lambda _request: Reply({}, 201))
        fake.docker.on("GET", "/exec/e1/json", lambda _request: {"ExitCode": self.code, "Running": False})

    def _serve(self, incoming: Any, outgoing: Any) -> None:
        self.started += 1
        output = self.output
        threading.Thread(target=self._read, args=(incoming, output), daemon=True).start()
        while (data := output.get()) is not None:
            outgoing.write(data)
            outgoing.flush()
        self.output = queue.Queue()

    def _read(self, incoming: Any, output: queue.Queue[bytes | None]) -> None:
        with contextlib.suppress(ValueError, OSError):  # closed by the other thread
            while data := incoming.read1(65536):
                self.typed += data
        output.put(None)

    def write(self, text: str | bytes) -> None:
        """Say something."""
        self.output.put(text if isinstance(text, bytes) else text.encode())

    def end(self, code: int) -> None:
        """End."""
        self.code = code
        self.output.put(None)


@pytest.fixture
def program(fake: FakeLinnet) -> Iterator[Program]:
    """A program."""
    made = Program(fake)
    yield made
    made.output.put(None)


@pytest.fixture
def view(services: Services, qtbot: QtBot, guard: MainThreadGuard) -> Iterator[TerminalView]:
    """A terminal, shown, with nothing in it."""
    made = TerminalView(services)
    made.setFocus()
    expose(made, (800, 400), qtbot, guard)
    yield made
    made.close_session()


@pytest.fixture
def shell(view: TerminalView, program: Program, qtbot: QtBot) -> TerminalView:
    """A terminal with the program in it."""
    view.open(program.id)
    program.write("$ ")
    qtbot.waitUntil(lambda: view.pane.text == "$")
    return view


def test_a_shell_is_started_with_the_size_of_the_view(shell: TerminalView, program: Program, fake: FakeLinnet) -> None:
    (created,) = fake.docker.asked("POST", f"/containers/{program.id}/exec")
    assert created.body["Tty"] is True
    assert created.body["AttachStdin"] is True
    assert created.body["Cmd"] == list(SHELL)
    assert "TERM=xterm-256color" in created.body["Env"]
    (started,) = fake.docker.asked("POST", "/exec/e1/start")
    rows, columns = shell.pane.size_in_cells
    assert started.body == {"Detach": False, "Tty": True, "h": rows, "w": columns}
    (resized,) = fake.docker.asked("POST", "/exec/e1/resize")
    assert resized.query == {"h": str(rows), "w": str(columns)}


def test_keys_reach_the_program(shell: TerminalView, program: Program, qtbot: QtBot) -> None:
    QTest.keyClicks(shell.pane, "ls -l")
    QTest.keyClick(shell.pane, Key.Key_Return)
    QTest.keyClick(shell.pane, Key.Key_Tab)
    QTest.keyClick(shell.pane, Key.Key_K, Modifier.ControlModifier)
    QTest.keyClick(shell.pane, Key.Key_Up)
    program.write("\x1b[?1h")
    qtbot.waitUntil(lambda: 1 << 5 in shell.session.screen.mode)  # type: ignore[union-attr]
    QTest.keyClick(shell.pane, Key.Key_Up)
    qtbot.waitUntil(lambda: program.typed == b"ls -l\r\t\x0b\x1b[A\x1bOA")


def test_shortcuts_of_the_window_belong_to_the_program(shell: TerminalView) -> None:
    for key, modifiers, ours in (
        (Key.Key_K, Modifier.ControlModifier, True),
        (Key.Key_F5, Modifier.NoModifier, True),
        (Key.Key_C, Modifier.ControlModifier | Modifier.ShiftModifier, False),
    ):
        event = QKeyEvent(QKeyEvent.Type.ShortcutOverride, key, modifiers)
        event.ignore()
        shell.pane.event(event)
        assert event.isAccepted() is ours


def test_what_is_composed_of_several_keys_is_sent_whole(shell: TerminalView, program: Program, qtbot: QtBot) -> None:
    shell.pane.inputMethodEvent(QInputMethodEvent("하", []))
    assert not shell.pane.grab().isNull()
    event = QInputMethodEvent("", [])
    event.setCommitString("한")
    shell.pane.inputMethodEvent(event)
    qtbot.waitUntil(lambda: program.typed == "한".encode())


def test_selecting_copying_and_pasting(shell: TerminalView, program: Program, qtbot: QtBot) -> None:
    program.write("\x1b[H\x1b[2Jhello 한국 world\r\nsecond")
    qtbot.waitUntil(lambda: shell.pane.text.endswith("second"))
    viewport = shell.pane.viewport()
    first = shell.pane._rect(0, 2, 1).center().toPoint()
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=first)
    assert shell.pane.selected_text() == "hello"
    QTest.keyClick(shell.pane, Key.Key_C, Modifier.ControlModifier | Modifier.ShiftModifier)
    assert QGuiApplication.clipboard().text() == "hello"
    shell.pane.select_all()
    shell.pane.copy()
    assert QGuiApplication.clipboard().text().startswith("hello 한국 world\nsecond")
    QGuiApplication.clipboard().setText("a\nb")
    QTest.keyClick(shell.pane, Key.Key_V, Modifier.ControlModifier | Modifier.ShiftModifier)
    program.write("\x1b[?2004h")
    qtbot.waitUntil(lambda: program.typed == b"a\rb")
    qtbot.waitUntil(lambda: 2004 << 5 in shell.session.screen.mode)  # type: ignore[union-attr]
    shell.pane.paste()
    qtbot.waitUntil(lambda: program.typed == b"a\rb\x1b[200~a\rb\x1b[201~")


def test_another_size_is_told(shell: TerminalView, fake: FakeLinnet, qtbot: QtBot) -> None:
    shell.resize(500, 300)
    rows, columns = shell.pane.size_in_cells
    qtbot.waitUntil(
        lambda: fake.docker.asked("POST", "/exec/e1/resize")[-1].query == {"h": str(rows), "w": str(columns)}
    )
    assert shell.session is not None
    assert (shell.session.screen.lines, shell.session.screen.columns) == (rows, columns)


def test_scrolling_back_and_returning_by_typing(shell: TerminalView, program: Program, qtbot: QtBot) -> None:
    program.write("".join(f"line {n}\r\n" for n in range(200)))
    qtbot.waitUntil(lambda: "line 199" in shell.pane.text)
    QTest.keyClick(shell.pane, Key.Key_PageUp, Modifier.ShiftModifier)
    assert "line 199" not in shell.pane.text
    before, scrolled = shell.pane.text, shell.session.screen.scrolled  # type: ignore[union-attr]
    program.write("more\r\n" * 3)
    qtbot.waitUntil(lambda: shell.session.screen.scrolled == scrolled + 3)  # type: ignore[union-attr]
    assert shell.pane.text == before
    QTest.keyClick(shell.pane, Key.Key_A)
    assert "more" in shell.pane.text


def test_the_end_is_told_and_it_can_be_opened_again(
    shell: TerminalView, program: Program, fake: FakeLinnet, qtbot: QtBot
) -> None:
    program.end(7)
    qtbot.waitUntil(lambda: "exit code 7" in shell.ending)
    assert "$" in shell.pane.text
    QTest.keyClick(shell.pane, Key.Key_A)
    qtbot.waitUntil(program.output.empty)
    shell.again.click()
    assert shell.ending == ""
    program.write("again ")
    qtbot.waitUntil(lambda: shell.pane.text == "again")
    QTest.keyClick(shell.pane, Key.Key_B)
    qtbot.waitUntil(lambda: program.typed == b"b")


def test_a_container_that_dies_while_one_types(
    shell: TerminalView, program: Program, fake: FakeLinnet, qtbot: QtBot
) -> None:
    QTest.keyClicks(shell.pane, "ech")
    fake.details[program.id]["inspect"]["State"].update(Running=False, Status="exited")
    program.output.put(None)
    QTest.keyClicks(shell.pane, "o hello")
    qtbot.waitUntil(lambda: shell.ending == "The container has stopped.")


def test_a_container_that_has_no_shell_says_so(
    view: TerminalView, program: Program, fake: FakeLinnet, qtbot: QtBot
) -> None:
    message = "crun: executable file `/bin/sh` not found in $PATH: No such file or directory: OCI runtime attempted"
    fake.docker.on("POST", "/exec/e1/start", lambda _request: Reply({"message": message}, 500))
    view.open(program.id)
    qtbot.waitUntil(lambda: "not found" in view.ending)


def test_a_container_that_does_not_run_says_so(
    view: TerminalView, program: Program, fake: FakeLinnet, qtbot: QtBot
) -> None:
    refuse = Reply({"message": "can only create exec sessions on running containers"}, 409)
    fake.docker.on("POST", f"/containers/{program.id}/exec", lambda _request: refuse)
    view.open(program.id)
    qtbot.waitUntil(lambda: "running containers" in view.ending)
    fake.details[program.id]["inspect"]["State"]["Running"] = False
    view.again.click()
    qtbot.waitUntil(lambda: view.ending == "The container does not run. Start the container first.")


def test_opening_what_is_open_keeps_it(shell: TerminalView, program: Program, qtbot: QtBot) -> None:
    session = shell.session
    shell.open(program.id)
    qtbot.wait(50)
    assert shell.session is session
    assert program.started == 1


def test_a_flood_of_output_leaves_the_window_alive(shell: TerminalView, program: Program, qtbot: QtBot) -> None:
    block = b"".join(b"\x1b[3%dm%05d some colourful output\x1b[0m\r\n" % (n % 8, n) for n in range(4000))
    program.write(block)
    program.write("\x1b[2J\x1b[Hdone")
    qtbot.waitUntil(lambda: shell.pane.text == "done", timeout=30_000)


def test_binary_output_is_painted(shell: TerminalView, program: Program, qtbot: QtBot) -> None:
    program.write(bytes(range(256)) * 40)
    program.write(b"\x18\x1b\\\x07\x1bcalive \x1b[7;1;4;9;3;31;42mlooks\x1b[0m")
    qtbot.waitUntil(lambda: "alive looks" in shell.pane.text)
    assert not shell.pane.grab().isNull()


def test_links_are_opened(shell: TerminalView, program: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    program.write("\x1b[H\x1b[2Jsee https://example.com/a?b=1. here")
    qtbot.waitUntil(lambda: "https" in shell.pane.text)
    at = shell.pane._rect(0, 10, 1).center().toPoint()
    QTest.mouseClick(shell.pane.viewport(), Qt.MouseButton.LeftButton, Modifier.ControlModifier, at)
    assert opened == ["https://example.com/a?b=1"]
    outside = shell.pane._rect(0, 1, 1).center().toPoint()
    QTest.mouseClick(shell.pane.viewport(), Qt.MouseButton.LeftButton, Modifier.ControlModifier, outside)
    assert len(opened) == 1


def test_a_program_that_wants_the_mouse_gets_it(shell: TerminalView, program: Program, qtbot: QtBot) -> None:
    program.write("\x1b[?1000h\x1b[?1006h")
    qtbot.waitUntil(lambda: 1006 << 5 in shell.session.screen.mode)  # type: ignore[union-attr]
    QTest.mouseClick(shell.pane.viewport(), Qt.MouseButton.LeftButton, pos=shell.pane._rect(2, 4, 1).center().toPoint())
    qtbot.waitUntil(lambda: program.typed == b"\x1b[<0;5;3M\x1b[<0;5;3m")


def test_closing_ends_the_connection(shell: TerminalView, program: Program, qtbot: QtBot) -> None:
    shell.close_session()
    # Engines let a program go on when its connection ends: it is told to end before.
    qtbot.waitUntil(lambda: program.typed == b"\x03\x04")
    qtbot.waitUntil(lambda: not any(thread.name == "terminal" for thread in threading.enumerate()))
    assert shell.session is None
    assert shell.pane.text == ""


def test_a_shell_in_a_machine(view: TerminalView, fake: FakeLinnet, qtbot: QtBot) -> None:
    frames: list[tuple[FrameType, bytes]] = []

    def serve(incoming: Any, outgoing: Any) -> None:
        outgoing.write(encode(FrameType.stdout, b"mia@default:~$ "))
        outgoing.flush()
        decoder = Decoder()
        while data := incoming.read1(65536):
            frames.extend(decoder.feed(data))
            if any(kind is FrameType.stdin and b"\r" in payload for kind, payload in frames):
                outgoing.write(encode_json(FrameType.exit, {"code": 4, "signal": None}))
                outgoing.flush()
                return

    fake.service.on("POST", "/machines/default/exec", lambda _request: Reply(serve, 101, {"Upgrade": "linnet-exec"}))
    view.open_machine("default")
    qtbot.waitUntil(lambda: view.pane.text == "mia@default:~$")
    (asked,) = fake.service.asked("POST", "/machines/default/exec")
    assert asked.body["tty"] is True
    assert asked.body["wake"] is False
    view.resize(600, 300)
    qtbot.waitUntil(lambda: any(kind is FrameType.resize for kind, _payload in frames))
    rows, columns = view.pane.size_in_cells
    assert json.loads(frames[-1][1]) == {"rows": rows, "cols": columns}
    QTest.keyClicks(view.pane, "exit 4")
    QTest.keyClick(view.pane, Key.Key_Return)
    qtbot.waitUntil(lambda: "exit code 4" in view.ending)


def test_it_is_named_and_can_be_left_by_keys(shell: TerminalView, qtbot: QtBot) -> None:
    assert shell.pane.accessibleName() == "Terminal"
    assert shell.pane.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert not shell.pane.focusNextPrevChild(True)
    assert shell.pane._hit(QPointF(QPoint(10_000, 10_000))).column <= shell.pane.size_in_cells[1]
