"""What is wrong with what a user typed: each check returns a sentence, "" when nothing is."""

from __future__ import annotations

import re
import shlex

from app.gui.text import tr

_REFERENCE = re.compile(
    r"(?:[A-Za-z0-9.-]+(?::\d+)?/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?"
)
_ID = re.compile(r"(?:sha256:)?[0-9a-f]{12,64}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_VARIABLE = re.compile(r"[^\s=]+")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?::[A-Za-z0-9_][A-Za-z0-9_.-]*)?")
_CAPABILITY = re.compile(r"[A-Z][A-Z_]*", re.IGNORECASE)


def image(text: str) -> str:
    """Check an image's name or id."""
    if not text:
        return tr("Name an image, such as nginx or docker.io/library/nginx:1.27.")
    if _REFERENCE.fullmatch(text) or _ID.fullmatch(text):
        return ""
    if text.lower() != text and _REFERENCE.fullmatch(text.lower()):
        return tr("Names of images have small letters only.")
    return tr("This is no name of an image.")


def name(text: str) -> str:
    """Check a container's name."""
    if not text or _NAME.fullmatch(text):
        return ""
    return tr("Letters, digits, '_', '.' and '-' only, beginning with a letter or a digit.")


def volume(text: str) -> str:
    """Check a volume's name."""
    return name(text) if text else tr("Name a volume; it is made when there is none of that name.")


def command(text: str) -> str:
    """Check a command line."""
    try:
        shlex.split(text)
    except ValueError:
        return tr("A quotation mark is not closed.")
    return ""


def variable(text: str) -> str:
    """Check a variable's name."""
    return "" if _VARIABLE.fullmatch(text) else tr("A variable needs a name without spaces and '='.")


def port(text: str, *, optional: bool = False) -> str:
    """Check the number of a port."""
    if not text and optional:
        return ""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return ""
    return tr("A port is a number from 1 to 65535.")


def target(text: str) -> str:
    """Check a path in the container."""
    if text.startswith("/") and text.strip("/"):
        return ""
    return tr("A path in the container begins with '/' and is not '/' itself.")


def user(text: str) -> str:
    """Check a user, by name or number, with or without a group."""
    return "" if not text or _USER.fullmatch(text) else tr("Write a name or number, such as 1000 or 1000:1000.")


def capabilities(text: str) -> str:
    """Check names of capabilities."""
    wrong = next((word for word in split_words(text) if not _CAPABILITY.fullmatch(word)), "")
    return tr("'{word}' is no capability; they are called NET_ADMIN and the like.", word=wrong) if wrong else ""


def split_words(text: str) -> list[str]:
    """Return words between spaces or commas."""
    return [word for word in re.split(r"[\s,]+", text) if word]
