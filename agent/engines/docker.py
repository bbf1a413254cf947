"""Moby."""

from __future__ import annotations

from typing import Any

from agent.engines.base import Engine

_EVERYWHERE = ["0.0.0.0", "::"]  # noqa: S104 - compared, not bound


class Docker(Engine):
    """dockerd and containerd, as root."""

    kind = "docker"
    program = "/usr/sbin/dockerd"
    target = "linnet-engine-docker.target"
    socket = "/run/docker.sock"

    def bound(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Without an address, Moby listens on all of both families."""
        return {
            name: [
                {**binding, "HostIp": address}
                for binding in bindings or []
                for address in ([binding["HostIp"]] if binding.get("HostIp") else _EVERYWHERE)
            ]
            for name, bindings in wanted.items()
        }
