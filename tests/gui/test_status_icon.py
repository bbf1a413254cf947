"""Which icon the status item has: one that can be seen on light and dark panels."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtGui import QColor

from app.tray.item import status_icon


@pytest.mark.parametrize("state", ["running", "stopped", "suspended", "busy", "problem"])
@pytest.mark.parametrize(("platform", "mask"), [("linux", False), ("win32", False), ("darwin", True)])
def test_only_macos_gets_a_black_icon_to_colour(
    qapp: object, monkeypatch: pytest.MonkeyPatch, state: str, platform: str, mask: bool
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    black = QColor("black").getRgb()
    icon = status_icon(state)
    assert icon.isMask() is mask
    image = icon.pixmap(32, 32).toImage()
    colours = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    solid = [colour for colour in colours if colour.alpha() == 255]
    assert solid
    assert all(colour.getRgb() == black for colour in solid) is mask
