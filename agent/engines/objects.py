"""What engines say about images, volumes and networks, in our words.

An event means that it is worth asking the engine again; it does not carry the thing's new state. Engines tell the same
in different words, and not everything: Podman 5.4 says nothing of a pruned network, nor of a network that a container
joins when it starts, and its `remove` of an image may be that of one of its names.
"""

from __future__ import annotations

from typing import Any

TYPES = ("image", "volume", "network")

_ACTIONS = {
    "build": "create",
    "commit": "create",
    "connect": "change",
    "delete": "remove",
    "destroy": "remove",
    "disconnect": "change",
    "import": "create",
    "load": "create",
    "loadfromarchive": "create",
    "pull": "create",
    "tag": "change",
    "untag": "change",
    "update": "change",
}
"""The engines' names of events: ours. Any other goes on as it is."""

_NOTHING_NEW = frozenset({"mount", "prune", "pull-error", "push", "save", "unmount"})
"""What changes nothing, or (`prune`) sums up what was told one by one."""


def describe(kind: str, action: str, identifier: str, name: str) -> dict[str, Any] | None:
    """Return an event as the host gets it, None if it is of no interest.

    Args:
        kind: image, volume or network.
        action: in the engine's words.
        identifier: as the Docker API has it, with or without `sha256:`; empty if the engine does not say.
        name: empty if the engine does not say.
    """
    if kind not in TYPES or not action or action in _NOTHING_NEW:
        return None
    if kind == "image":
        if _is_digest(name):  # Moby's untag and delete, Podman's build: the name is an identifier
            identifier, name = identifier or name, ""
        if identifier and not _is_digest(identifier):  # Moby's pull: the identifier is a name
            identifier, name = "", identifier
        if name.startswith("/"):  # Podman's loadfromarchive: its own temporary file
            name = ""
        if identifier:
            identifier = "sha256:" + identifier.removeprefix("sha256:")
    elif kind == "volume":
        identifier = name = name or identifier
    return {"type": kind, "action": _ACTIONS.get(action, action), "id": identifier, "name": name}


def read_api(data: dict[str, Any]) -> dict[str, Any] | None:
    """Return an event of the Docker API as the host gets it, None if it is of no interest."""
    kind, action = str(data.get("Type") or ""), str(data.get("Action") or data.get("status") or "")
    actor = data.get("Actor") or {}
    identifier, attributes = str(actor.get("ID") or ""), actor.get("Attributes") or {}
    if kind == "container" and action == "commit":  # Podman tells the new image in no other way
        return describe("image", action, str(attributes.get("imageID") or ""), "")
    if kind == "network" and "network" in attributes:  # Podman; of `connect` the actor is the container
        joined = action in {"connect", "disconnect"}
        return describe(kind, action, "" if joined else identifier, str(attributes["network"]))
    return describe(kind, action, identifier, str(attributes.get("name") or ""))


def read_log(data: dict[str, Any]) -> dict[str, Any] | None:
    """Return an entry of Podman's log as the host gets it, None if it is of no interest."""
    kind, action, identifier = str(data["Type"]), str(data["Status"]), str(data.get("ID") or "")
    if kind == "container" and action == "commit":
        return describe("image", action, "", "")
    if kind == "network":
        joined = action in {"connect", "disconnect"}
        return describe(kind, action, "" if joined else identifier, str(data.get("network") or ""))
    return describe(kind, action, identifier, str(data.get("Name") or ""))


def _is_digest(text: str) -> bool:
    bare = text.removeprefix("sha256:")
    return len(bare) == 64 and all(letter in "0123456789abcdef" for letter in bare)
