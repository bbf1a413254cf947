"""The guest image: built through the project itself, when the one for this checkout's recipe is not there."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from installer.console import InstallError, call, output, say
from installer.environment import Environment

STAMP = "linnet-image.json"

BUILD_LIMIT = 2400.0
"""Seconds that building or fetching may take on a slow network."""


def prepare_image(environment: Environment) -> None:
    """Build the guest image of this checkout (fetch it where images cannot be built), unless it is there.

    Raises:
        InstallError: that failed.
    """
    linnet = environment.program("linnet")
    recipe = recipe_digest(environment.root / "resources" / "guest")
    stamp = environment.folder / STAMP
    done = _read(stamp)
    if done.get("recipe") == recipe and done.get("version") in _versions(linnet):
        say(f"guest image {done['version']} is there")
        return
    verb, reason = ("build", "takes a few minutes") if sys.platform.startswith("linux") else ("fetch", "a download")
    say(f"linnet image {verb} ({reason})")
    if call([linnet, "image", verb], timeout=BUILD_LIMIT) != 0:
        raise InstallError(
            f"'linnet image {verb}' failed; its message is above.",
            "Check the network and the free disk space, then try again.",
        )
    versions = _versions(linnet)
    if not versions:
        raise InstallError("The guest image is still not there.", f"'{linnet} image list' should show it.")
    stamp.write_text(json.dumps({"recipe": recipe, "version": versions[0]}), encoding="utf-8")


def recipe_digest(folder: Path) -> str:
    """Return a digest of all files of the recipe."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _versions(linnet: Path) -> list[str]:
    """Return the versions of the images that are there, newest first."""
    try:
        images = json.loads(output([linnet, "image", "list", "--json"]) or "[]")
    except ValueError:
        return []
    return [str(image["version"]) for image in images]


def _read(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}
