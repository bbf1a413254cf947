"""The one error of the agent: what a request answers when it fails."""

from __future__ import annotations


class AgentError(Exception):
    """A request failed for an expected reason.

    Attributes:
        code: one of those that `agent.wire.Failure` names.
        message: one sentence for the user.
        detail: output of a program, or None.
    """

    def __init__(self, code: str, message: str, detail: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.detail = detail
