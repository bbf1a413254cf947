"""The window over a real Linnet, as the journeys need it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from app.gui.services import Services, make_services
from app.gui.window import MainWindow
from tests.vm.product import Product
from vm.layout import HOME_VARIABLE

PATIENCE = 60_000
"""Milliseconds that something in an emulated guest may take."""


@contextmanager
def shown(app: QApplication, product: Product, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """Show the window of the product's user; a linnetd that it starts has the user's environment."""
    for name, value in product.environment.items():
        monkeypatch.setenv(name, value)
    assert os.environ[HOME_VARIABLE] == str(product.base / "l")
    services = make_services(app, product.layout)
    services.preferences.set("language", "en")
    window = MainWindow(services)
    window.show_first_page()
    window.show()
    services.hub.start()
    yield window
    window.close_down()
    window.hide()
    services.hub.stop()
    services.runner.close()
    window.deleteLater()


def find(services: Services, name: str) -> dict[str, Any] | None:
    """Return the row of a container as the window knows it."""
    rows = services.hub.containers.rows.values()
    return next((dict(row) for row in rows if f"/{name}" in row["Names"]), None)
