"""Names of images: taken apart, checked, and found in the engine's rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from app.gui.text import tr

_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]+)?"
_NAME = rf"(?:{_HOST}/)?{_PART}(?:/{_PART})*"
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_DIGEST = r"sha256:[0-9a-f]{64}"

_REFERENCE = re.compile(rf"{_NAME}(?::{_TAG})?(?:@{_DIGEST})?")
_TAGGED = re.compile(rf"{_NAME}(?::{_TAG})?")

_LONGEST = 160
"""Letters of a name that are shown: Qt lays out every letter of a text, seen or not."""

_ID_SHOWN = 12
"""Letters of an identifier that are shown."""


def split(reference: str) -> tuple[str, str]:
    """Return name and tag of a reference, "latest" when it has none; a digest counts as the tag."""
    name, at, digest = reference.partition("@")
    slash = name.rfind("/")
    colon = name.rfind(":")
    tagged = colon > slash
    if at:
        return (name[:colon] if tagged else name), digest
    return (name[:colon], name[colon + 1 :]) if tagged else (name, "latest")


def check_reference(text: str) -> str:
    """Return what is wrong with the name of an image to pull, "" when nothing."""
    if _REFERENCE.fullmatch(text):
        return ""
    return _problem(text)


def check_tag(text: str) -> str:
    """Return what is wrong with a name to give to an image, "" when nothing."""
    if "@" in text:
        return tr("A digest cannot be chosen; leave out what follows the @.")
    return "" if _TAGGED.fullmatch(text) else _problem(text)


def _problem(text: str) -> str:
    if any(sign.isspace() for sign in text):
        return tr("A name has no spaces.")
    name, _ = split(text)
    path = name.partition("/")[2] or name
    if path != path.lower():
        return tr("Only the registry and the tag may have capital letters.")
    return tr("This is not a name of an image; write it like registry/name:tag.")


def tags(row: Mapping[str, Any]) -> list[str]:
    """Return the names of an image of the engine's list."""
    return [tag for tag in row.get("RepoTags") or [] if tag and not tag.startswith("<none>")]


def short_id(identifier: str) -> str:
    """Return the beginning of an identifier, as engines show it."""
    return identifier.removeprefix("sha256:")[:_ID_SHOWN]


def clip(name: str) -> str:
    """Return a name short enough to be shown; real ones are."""
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST // 2]}…{name[-_LONGEST // 2 :]}"


def title(row: Mapping[str, Any]) -> str:
    """Return what an image is called: its first name, else the beginning of its identifier."""
    names = tags(row)
    return names[0] if names else short_id(str(row["Id"]))
