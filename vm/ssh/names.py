"""File names that Linux allows and Windows does not, and the names that Windows has for them.

The characters move to Unicode's private use area at U+F000, where Cygwin, WSL and Samba put them too.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

PRIVATE = 0xF000

WINDOWS_FORBIDDEN = '<>:"|?*\\' + "".join(chr(code) for code in range(1, 32))

WINDOWS_FORBIDDEN_AT_END = ". "


@dataclass(frozen=True)
class NameMap:
    """Which characters the host's file system cannot have in a name, anywhere or at its end."""

    forbidden: str = ""
    forbidden_at_end: str = ""

    def to_host(self, name: bytes) -> bytes:
        """Return the host's name of the guest's file `name`. Raises UnicodeError when there is none."""
        if not self.forbidden:
            return name
        text = name.decode()
        if text[-1:] and text[-1] in self.forbidden_at_end:
            text = text[:-1] + chr(PRIVATE + ord(text[-1]))
        return text.translate({ord(char): PRIVATE + ord(char) for char in self.forbidden}).encode()

    def to_guest(self, name: bytes) -> bytes:
        """Return the guest's name of the host's file `name`. Raises UnicodeError when there is none."""
        if not self.forbidden:
            return name
        moved = self.forbidden + self.forbidden_at_end
        return name.decode().translate({PRIVATE + ord(char): char for char in moved}).encode()


POSIX_NAMES = NameMap()

WINDOWS_NAMES = NameMap(WINDOWS_FORBIDDEN, WINDOWS_FORBIDDEN_AT_END)


def name_map(platform: str = os.name) -> NameMap:
    """Return the map for a host whose `os.name` is `platform`."""
    return WINDOWS_NAMES if platform == "nt" else POSIX_NAMES
