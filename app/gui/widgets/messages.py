"""What is told to the user: kept until there is a window, shown as toasts in its corner."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.gui.text import tr
from app.gui.work.runner import TaskRunner
from vm.errors import CancelledByUserError, LinnetError


@dataclass(frozen=True)
class Message:
    """One thing to tell.

    Attributes:
        tone: good, warn or bad, "" for plain.
        text: a sentence.
        hint: what to do about it.
        detail: technical text, shown when asked for.
    """

    tone: str
    text: str
    hint: str = ""
    detail: str = ""


class Messages(QObject):
    """The way to the user's eyes.

    Signals:
        told: a Message.
    """

    told = Signal(object)

    def __init__(self, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[Message] | None = []
        runner.failed.connect(self.error)
        runner.broken.connect(self.bug)

    def listen(self) -> list[Message]:
        """Return what waited; from now on messages are told as they come."""
        waiting, self._waiting = self._waiting or [], None
        return waiting

    def tell(self, text: str, tone: str = "") -> None:
        """Tell something good or plain."""
        self._pass_on(Message(tone, text))

    def warn(self, text: str, hint: str) -> None:
        """Tell of something to look at, and what to do about it."""
        self._pass_on(Message("warn", text, hint))

    def error(self, error: LinnetError) -> None:
        """Tell of an error; what the user cancelled is none."""
        if not isinstance(error, CancelledByUserError):
            self._pass_on(Message("bad", error.message, error.hint or "", error.detail or ""))

    def bug(self, error: BaseException) -> None:
        """Tell of a mistake in Linnet itself."""
        text = "".join(traceback.format_exception(error))
        self._pass_on(
            Message(
                "bad",
                tr("Something went wrong in Linnet itself. The window goes on."),
                tr("A support bundle (Troubleshoot) holds what is needed to find out."),
                text,
            )
        )

    def _pass_on(self, message: Message) -> None:
        if self._waiting is None:
            self.told.emit(message)
        else:
            self._waiting.append(message)
