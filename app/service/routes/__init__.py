"""The routes of the local API, one module per noun."""

from __future__ import annotations

from app.service.routes import (
    containers,
    images,
    limits,
    machines,
    service,
    settings,
    snapshots,
    space,
    support,
    trash,
    volumes,
)
from app.service.routing import Route


def all_routes() -> list[Route]:
    """Return every route that linnetd serves."""
    modules = (service, machines, settings, containers, limits, space, snapshots, volumes, trash, images, support)
    return [route for module in modules for route in module.ROUTES]
