"""The user's terminal: its size, raw mode, and being told of a new size. The seam to Windows' console.

Every platform's class has the same methods; what a console mode is made of is data and tested as such.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import Protocol

ENABLE_PROCESSED_INPUT = 0x0001
ENABLE_LINE_INPUT = 0x0002
ENABLE_ECHO_INPUT = 0x0004
ENABLE_VIRTUAL_TERMINAL_INPUT = 0x0200
ENABLE_PROCESSED_OUTPUT = 0x0001
ENABLE_VIRTUAL_TERMINAL_PROCESSING = 0x0004
DISABLE_NEWLINE_AUTO_RETURN = 0x0008


class Terminal(Protocol):
    """What the user sits at."""

    def interactive(self) -> bool:
        """Return whether standard input is a terminal that this process may read from."""

    def raw(self) -> contextlib.AbstractContextManager[None]:
        """Hand every key to the program as it is, until the block ends."""

    def watch_size(self, changed: Callable[[], None]) -> contextlib.AbstractContextManager[None]:
        """Call `changed` whenever the terminal gets another size, until the block ends."""


def size() -> tuple[int, int]:
    """Return rows and columns of the terminal, 24 and 80 when it does not tell."""
    for descriptor in (1, 0, 2):
        try:
            columns, rows = os.get_terminal_size(descriptor)
        except OSError:
            continue
        if columns and rows:
            return rows, columns
    return 24, 80


def raw_input_mode(mode: int) -> int:
    """Return the console input mode in which Windows hands over every key, as escape sequences."""
    cooked = ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT
    return mode & ~cooked | ENABLE_VIRTUAL_TERMINAL_INPUT


def raw_output_mode(mode: int) -> int:
    """Return the console output mode in which Windows understands the guest's escape sequences."""
    return mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING | DISABLE_NEWLINE_AUTO_RETURN


if sys.platform == "win32":
    import ctypes
    import threading

    _kernel = ctypes.windll.kernel32
    _STD_INPUT, _STD_OUTPUT = -10, -11
    _POLL = 0.5
    """Seconds between two looks at the console's size: it reports changes only to readers of its event queue."""

    class ConsoleTerminal:
        """A Windows console."""

        def interactive(self) -> bool:
            """See Terminal."""
            return os.isatty(0)

        @contextlib.contextmanager
        def raw(self) -> Iterator[None]:
            """See Terminal."""
            handles = [(_STD_INPUT, raw_input_mode), (_STD_OUTPUT, raw_output_mode)]
            before: list[tuple[int, int]] = []
            try:
                for number, change in handles:
                    handle, mode = _kernel.GetStdHandle(number), ctypes.c_uint32()
                    if _kernel.GetConsoleMode(handle, ctypes.byref(mode)):
                        before.append((handle, mode.value))
                        _kernel.SetConsoleMode(handle, change(mode.value))
                yield
            finally:
                for handle, value in before:
                    _kernel.SetConsoleMode(handle, value)

        @contextlib.contextmanager
        def watch_size(self, changed: Callable[[], None]) -> Iterator[None]:
            """See Terminal."""
            ended = threading.Event()

            def look() -> None:
                last = size()
                while not ended.wait(_POLL):
                    if size() != last:
                        last = size()
                        changed()

            thread = threading.Thread(target=look, daemon=True)
            thread.start()
            try:
                yield
            finally:
                ended.set()

    def this_terminal() -> Terminal:
        """Return the terminal of this process."""
        return ConsoleTerminal()

else:
    import signal
    import termios

    class PosixTerminal:
        """A terminal on Linux and macOS."""

        def interactive(self) -> bool:
            """See Terminal; false for a background job, which the kernel would stop for reading."""
            if not os.isatty(0):
                return False
            try:
                return os.tcgetpgrp(0) == os.getpgrp()
            except OSError:
                return True

        @contextlib.contextmanager
        def raw(self) -> Iterator[None]:
            """See Terminal."""
            before = termios.tcgetattr(0)
            try:
                _set_raw(before)
                yield
            finally:
                termios.tcsetattr(0, termios.TCSADRAIN, before)

        @contextlib.contextmanager
        def watch_size(self, changed: Callable[[], None]) -> Iterator[None]:
            """See Terminal."""
            before = signal.signal(signal.SIGWINCH, lambda _number, _frame: changed())
            try:
                yield
            finally:
                signal.signal(signal.SIGWINCH, before)

    def _set_raw(attributes: list[int | list[bytes | int]]) -> None:
        # As cfmakeraw(3), written out because Python's `tty` leaves output processing to its version.
        iflag, oflag, cflag, lflag, ispeed, ospeed, characters = attributes
        assert isinstance(iflag, int)
        assert isinstance(oflag, int)
        assert isinstance(cflag, int)
        assert isinstance(lflag, int)
        assert isinstance(characters, list)
        iflag &= ~(
            termios.IGNBRK
            | termios.BRKINT
            | termios.PARMRK
            | termios.ISTRIP
            | termios.INLCR
            | termios.IGNCR
            | termios.ICRNL
            | termios.IXON
        )
        oflag &= ~termios.OPOST
        lflag &= ~(termios.ECHO | termios.ECHONL | termios.ICANON | termios.ISIG | termios.IEXTEN)
        cflag = cflag & ~(termios.CSIZE | termios.PARENB) | termios.CS8
        keys = list(characters)
        keys[termios.VMIN], keys[termios.VTIME] = 1, 0
        termios.tcsetattr(0, termios.TCSADRAIN, [iflag, oflag, cflag, lflag, ispeed, ospeed, keys])

    def this_terminal() -> Terminal:
        """Return the terminal of this process."""
        return PosixTerminal()
