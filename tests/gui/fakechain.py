"""A keychain for tests of the window."""

from __future__ import annotations


class FakeKeychain:
    """A keychain that forgets.

    Attributes:
        kept: what is in it, by user name as the keychain has it.
        locked: whether it lets nobody in.
    """

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        """Return what is kept."""
        if self.locked:
            raise RuntimeError("locked")
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep something."""
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Forget something."""
        self.kept.pop(username)
