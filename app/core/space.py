"""The types of the local API's routes about room on disks: compacting a data disk, pruning what nobody uses."""

from __future__ import annotations

from app.core.api import Request


class Compact(Request):
    """How to make a data disk small."""

    offline: bool = False
    """Write the disk anew; a running machine is stopped for that and started again."""


class Prune(Request):
    """What to remove of that which nobody uses."""

    kinds: list[str]
    """Some of containers, dangling, images, volumes, build-cache."""
    ids: list[str] | None = None
    """Only these, as the preview has them; all of those kinds when missing."""
    trash: bool = True
    """Keep what containers and volumes hold in the trash, as far as its settings allow."""
