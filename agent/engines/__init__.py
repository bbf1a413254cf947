"""The container engines of the guest."""

from __future__ import annotations

from agent.engines.base import Engine
from agent.engines.docker import Docker
from agent.engines.podman import Podman


def engines(uid: int) -> dict[str, Engine]:
    """Return every engine by its kind; `uid` is the user that rootless Podman runs for."""
    known: tuple[Engine, ...] = (Podman(uid), Podman(0), Docker())
    return {engine.kind: engine for engine in known}
