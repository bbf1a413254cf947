"""The one error of the agent: what a request answers when it fails."""

from __future__ import annotations

ROOM = (
    "`linnet prune` shows what nobody uses, `linnet trash empty` empties the trash, "
    "and a larger `disk` in the settings gives the machine more."
)
"""What to do when the data disk is full."""


class AgentError(Exception):
    """A request failed for an expected reason. People read it as it is: the host changes none of its words.

    Attributes:
        code: one of those that `agent.wire.Failure` names.
        message: one sentence for the user, from its capital to its full stop.
        detail: output of a program, or None.
        hint: what the user can do, a sentence as well, or None. Whoever asked may know better and say it instead.
    """

    def __init__(self, code: str, message: str, detail: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.detail = detail
        self.hint = hint


def closing(text: object) -> str:
    """Return what an engine, a program or the kernel said as the end of a sentence: with one full stop."""
    return f"{str(text).strip().rstrip('.')}."
