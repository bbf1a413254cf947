"""The errors that Linnet reports to people.

::

    LinnetError               something failed; message, hint, detail
    ├── UsageError            the request makes no sense (bad value, bad combination)
    ├── ConfigError           a settings file is wrong; carries every problem found
    ├── NotFoundError         a machine, image, share, container … by that name does not exist
    ├── ConflictError         it exists already, is busy, or is in the wrong state for this
    ├── UnavailableError      a part is not there: program missing, service or guest not reachable
    ├── TimeoutExceededError  it did not happen in the time that it may take
    ├── ImageError            a guest image is damaged, incomplete or unknown
    ├── DiskFullError         the host's disk has no room for what was asked
    ├── GuestError            the guest or its engine refused or failed
    └── CancelledByUserError  the user stopped the operation

An error is a sentence for the user (`message`), what to do about it (`hint`) and what an engineer needs (`detail`:
a program's output, a log's end). Classes exist only where a caller treats them differently: `code` becomes the exit
code of the command line and the `code` field of the local API, see `app.cli.exits`.
"""

from __future__ import annotations

from typing import Any, ClassVar


class LinnetError(Exception):
    """Base of all expected failures.

    Attributes:
        message: one sentence, what failed and why.
        hint: what the user can do, or None.
        detail: technical text (output, log tail), possibly many lines, or None.
        code: stable identifier of the class on the wire.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, hint: str | None = None, detail: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.detail = detail

    def to_dict(self) -> dict[str, Any]:
        """Return the error as the local API sends it."""
        return {"code": self.code, "message": self.message, "hint": self.hint, "detail": self.detail}


class UsageError(LinnetError):
    """The request makes no sense."""

    code = "usage"


class ConfigError(LinnetError):
    """A settings file cannot be used."""

    code = "config"


class NotFoundError(LinnetError):
    """What was named does not exist."""

    code = "not-found"


class ConflictError(LinnetError):
    """The object exists already, is busy or is in the wrong state."""

    code = "conflict"


class UnavailableError(LinnetError):
    """A program, service or guest that is needed cannot be reached."""

    code = "unavailable"


class TimeoutExceededError(LinnetError):
    """Something did not happen within its time limit."""

    code = "timeout"


class ImageError(LinnetError):
    """A guest image is damaged, incomplete or unknown."""

    code = "image"


class DiskFullError(LinnetError):
    """The host's disk has no room."""

    code = "disk-full"


class GuestError(LinnetError):
    """The guest, its agent or its engine refused or failed."""

    code = "guest"


class CancelledByUserError(LinnetError):
    """The user stopped the operation."""

    code = "cancelled"


_CLASSES: dict[str, type[LinnetError]] = {
    cls.code: cls
    for cls in (
        LinnetError,
        UsageError,
        ConfigError,
        NotFoundError,
        ConflictError,
        UnavailableError,
        TimeoutExceededError,
        ImageError,
        DiskFullError,
        GuestError,
        CancelledByUserError,
    )
}


def from_dict(data: dict[str, Any]) -> LinnetError:
    """Rebuild an error that `LinnetError.to_dict` made; an unknown code becomes a plain LinnetError."""
    cls = _CLASSES.get(str(data.get("code")), LinnetError)
    return cls(str(data.get("message", "unknown error")), hint=data.get("hint"), detail=data.get("detail"))


def sentence(text: str) -> str:
    """Return what a program or an engine said of a failure as a sentence: with a capital and a full stop."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) or not text else ".")
