"""What keys send to a program in a terminal, as xterm does."""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt

Key = Qt.Key
Modifier = Qt.KeyboardModifier

# Qt calls the command key Control on a Mac, and the control key Meta.
CONTROL = Modifier.MetaModifier if sys.platform == "darwin" else Modifier.ControlModifier

_CURSOR = {
    Key.Key_Up: "A", Key.Key_Down: "B", Key.Key_Right: "C", Key.Key_Left: "D", Key.Key_Home: "H", Key.Key_End: "F",
}  # fmt: skip
_TILDE = {
    Key.Key_Insert: 2, Key.Key_Delete: 3, Key.Key_PageUp: 5, Key.Key_PageDown: 6,
    Key.Key_F5: 15, Key.Key_F6: 17, Key.Key_F7: 18, Key.Key_F8: 19,
    Key.Key_F9: 20, Key.Key_F10: 21, Key.Key_F11: 23, Key.Key_F12: 24,
}  # fmt: skip
_FUNCTION = {Key.Key_F1: "P", Key.Key_F2: "Q", Key.Key_F3: "R", Key.Key_F4: "S"}
_PLAIN = {
    Key.Key_Return: b"\r",
    Key.Key_Enter: b"\r",
    Key.Key_Backspace: b"\x7f",
    Key.Key_Tab: b"\t",
    Key.Key_Escape: b"\x1b",
}
_CONTROLS = {
    Key.Key_Space: 0, Key.Key_At: 0, Key.Key_2: 0, Key.Key_BracketLeft: 27, Key.Key_3: 27, Key.Key_Backslash: 28,
    Key.Key_4: 28, Key.Key_BracketRight: 29, Key.Key_5: 29, Key.Key_AsciiCircum: 30, Key.Key_6: 30,
    Key.Key_Underscore: 31, Key.Key_Minus: 31, Key.Key_Slash: 31, Key.Key_7: 31, Key.Key_8: 127,
}  # fmt: skip


def encode(key: int, modifiers: Qt.KeyboardModifier, text: str, *, application: bool) -> bytes:
    """Return what a key sends, nothing for one that means nothing.

    Args:
        key: Qt's number of it.
        modifiers: keys held down with it.
        text: what it would write.
        application: whether the program asked for its own cursor keys.
    """
    control, alt = bool(modifiers & CONTROL), bool(modifiers & Modifier.AltModifier)
    shift = bool(modifiers & Modifier.ShiftModifier)
    number = 1 + shift + 2 * alt + 4 * control
    named = _named(key, number, application=application)
    if named:
        return named
    prefix = b"\x1b" if alt else b""
    if key == Key.Key_Backtab or (key == Key.Key_Tab and shift):
        return b"\x1b[Z"
    if key == Key.Key_Backspace and control:
        return prefix + b"\x08"
    if key in _PLAIN:
        return prefix + _PLAIN[Key(key)]
    if control:
        if Key.Key_A <= key <= Key.Key_Z:
            return prefix + bytes([key - Key.Key_A + 1])
        if key in _CONTROLS:
            return prefix + bytes([_CONTROLS[Key(key)]])
    if not text or not text.isprintable():
        return b""
    return prefix + text.encode()


def paste(text: str, *, bracketed: bool) -> bytes:
    """Return what pasting a text sends; in brackets the program can tell it from typing."""
    data = text.replace("\r\n", "\n").replace("\n", "\r").encode(errors="replace")
    if bracketed:
        return b"\x1b[200~" + data.replace(b"\x1b", b"") + b"\x1b[201~"
    return data


def _named(key: int, number: int, *, application: bool) -> bytes:
    if key in _CURSOR:
        final = _CURSOR[Key(key)]
        if number > 1:
            return f"\x1b[1;{number}{final}".encode()
        return f"\x1b{'O' if application else '['}{final}".encode()
    if key in _FUNCTION:
        final = _FUNCTION[Key(key)]
        return (f"\x1b[1;{number}{final}" if number > 1 else f"\x1bO{final}").encode()
    if key in _TILDE:
        code = _TILDE[Key(key)]
        return (f"\x1b[{code};{number}~" if number > 1 else f"\x1b[{code}~").encode()
    return b""
