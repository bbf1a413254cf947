"""The exit codes of `linnet`.

A command that is passed to the engine has the engine's exit code (a container's, a signal's 128 + number); 125 is
Linnet's own failure to pass it.
"""

from __future__ import annotations

import enum


class Exit(enum.IntEnum):
    """Why `linnet` ended."""

    ok = 0
    error = 1
    usage = 2
    config = 3
    not_found = 4
    conflict = 5
    unavailable = 6
    timeout = 7
    image = 8
    disk_full = 9
    guest = 10
    not_passed = 125
    cancelled = 130
    broken_pipe = 141

    @property
    def meaning(self) -> str:
        """One line for the documentation."""
        return _MEANINGS[self]


_MEANINGS = {
    Exit.ok: "It worked.",
    Exit.error: "Something else failed, or `linnet doctor` found a failure.",
    Exit.usage: "The command line makes no sense: unknown command or option, bad value.",
    Exit.config: "A settings file is wrong.",
    Exit.not_found: "What was named does not exist.",
    Exit.conflict: "It exists already, is busy, or is in the wrong state for this.",
    Exit.unavailable: "A program, the service or the guest cannot be reached.",
    Exit.timeout: "It did not happen in the time that it may take.",
    Exit.image: "A guest image is damaged, incomplete or unknown.",
    Exit.disk_full: "The disk has no room.",
    Exit.guest: "The guest or its engine refused or failed.",
    Exit.not_passed: "Linnet could not pass the command to the engine (no machine, path not shared, connection lost).",
    Exit.cancelled: "You stopped it.",
    Exit.broken_pipe: "Nobody reads the output any more.",
}


def exit_code(code: str) -> Exit:
    """Return the exit code for the `code` of an error, see vm.errors."""
    try:
        return Exit[code.replace("-", "_")]
    except KeyError:
        return Exit.error
