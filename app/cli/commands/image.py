"""`linnet image list|build|fetch|verify|prune`: guest images, what machines boot.

Container images are the engine's: `linnet images`, `linnet image ls`, `linnet build`, `linnet -- image prune`.
"""

from __future__ import annotations

from typing import Annotated, Any

from app.cli import output
from app.cli.command import Argument, command
from app.cli.session import Session
from vm.units import human_size

Version = Annotated[str | None, Argument("The image; default: the newest.", name="VERSION")]


@command("image list")
def list_(session: Session, *, json: Annotated[bool, Argument("Print JSON.")] = False) -> None:
    """List the guest images on this computer.

    Container images are listed by the engine: `linnet images` or `linnet image ls`.
    """
    images = session.client.get("/v1/images")
    if json:
        output.as_json(images)
        return
    rows = [
        (
            entry["version"],
            entry["arch"],
            human_size(entry["size"]),
            entry.get("created"),
            ", ".join(entry.get("in_use") or []),
        )
        for entry in images
    ]
    output.table(("version", "arch", "size", "created", "used by"), rows)


@command("image build")
def build(session: Session) -> None:
    """Build the guest image from its recipe, on Linux, with Debian's packages.

    Container images are built by `linnet build`.
    """
    image = session.operate("POST", "/v1/images/build", {})
    _tell(image, "is built")


@command("image fetch")
def fetch(session: Session, version: Version = None) -> None:
    """Download a guest image from the catalogue and verify it; an interrupted download goes on where it was."""
    image = session.operate("POST", "/v1/images/fetch", {"version": version} if version else {})
    _tell(image, "is here")


@command("image verify")
def verify(session: Session, version: Version = None) -> None:
    """Read a guest image again and compare it with its manifest."""
    image = session.operate("POST", "/v1/images/verify", {"version": version} if version else {})
    _tell(image, "is as it should be")


@command("image prune")
def prune(session: Session) -> None:
    """Delete guest images that no machine uses or could go back to, except the newest.

    Container images are pruned by `linnet -- image prune`.
    """
    result = session.operate("POST", "/v1/images/prune", {})
    removed = result.get("removed") or []
    freed = f", {human_size(result['freed'])} freed" if result.get("freed") else ""
    output.say(f"Deleted: {', '.join(removed)}{freed}." if removed else "There was nothing to delete.")


def _tell(image: Any, what: str) -> None:
    found = image[0] if isinstance(image, list) and image else image
    if isinstance(found, dict) and "version" in found:
        size = f" ({human_size(found['size'])})" if found.get("size") else ""
        output.say(f"Guest image {found['version']}{size} {what}.")
    else:
        output.say(f"The guest image {what}.")
