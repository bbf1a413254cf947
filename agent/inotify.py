"""Being told when a file grows or a folder changes (Linux inotify, which Python's standard library lacks)."""

from __future__ import annotations

import ctypes
import os

MODIFY = 0x002
MOVED_TO = 0x080
CREATE = 0x100

_NONBLOCK_CLOEXEC = os.O_NONBLOCK | os.O_CLOEXEC


class Inotify:
    """A descriptor that is readable when one of the watched paths changed."""

    def __init__(self) -> None:
        """Open it; OSError if the kernel refuses."""
        self._libc = ctypes.CDLL(None, use_errno=True)
        self.descriptor = self._check(self._libc.inotify_init1(_NONBLOCK_CLOEXEC))

    def add(self, path: str, mask: int) -> None:
        """Watch `path`; OSError if it is not there."""
        self._check(self._libc.inotify_add_watch(self.descriptor, os.fsencode(path), mask))

    def drain(self) -> None:
        """Forget what happened so far, so that the descriptor is readable again at the next change."""
        try:
            while os.read(self.descriptor, 65536):
                pass
        except BlockingIOError:
            return

    def close(self) -> None:
        """Close the descriptor."""
        os.close(self.descriptor)

    @staticmethod
    def _check(result: int) -> int:
        if result < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return result
