"""Asking before something is done that cannot be taken back easily."""

from __future__ import annotations

import sys

from app.cli import output
from vm.errors import CancelledByUserError, UsageError


def ask(what: str, question: str, kept: str, *, force: bool) -> None:
    """Say what will happen, and go on only when the user agrees.

    Args:
        what: a sentence or two.
        question: what is asked after it.
        kept: what is said when the answer is no.
        force: do not ask; what will happen is said nevertheless.

    Raises:
        CancelledByUserError: the answer was no.
        UsageError: there is no terminal to ask on.
    """
    if force:
        output.say(what)
        return
    if not sys.stdin.isatty():
        raise UsageError(f"{what} {question} There is no terminal to ask on.", hint="`--force` does it without asking.")
    sys.stderr.write(f"{what}\n{question} [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise CancelledByUserError(kept)
