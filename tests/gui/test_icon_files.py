"""Linnet's own icons: every state has one, in colour and as a template, and they differ where they are smallest."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "icons"

STATES = ("running", "stopped", "suspended", "busy", "problem")

NAMES = [f"{kind}{state}" for kind in ("linnet", "linnet-template") for state in ("", *(f"-{name}" for name in STATES))]


def render(name: str, size: int) -> QImage:
    renderer = QSvgRenderer(str(FOLDER / f"{name}.svg"))
    assert renderer.isValid()
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image


def channels(image: QImage, x: int, y: int) -> tuple[int, int, int, int]:
    colour = image.pixelColor(x, y)
    return colour.red(), colour.green(), colour.blue(), colour.alpha()


def coverage(image: QImage) -> float:
    """Return the part of the image that is painted."""
    pixels = itertools.product(range(image.width()), range(image.height()))
    return sum(image.pixelColor(x, y).alphaF() for x, y in pixels) / (image.width() * image.height())


@pytest.mark.parametrize("name", NAMES)
def test_it_fills_its_square(qapp: object, name: str) -> None:
    assert 0.1 < coverage(render(name, 32)) < 0.7


@pytest.mark.parametrize("name", [name for name in NAMES if "template" in name])
def test_templates_are_black(qapp: object, name: str) -> None:
    image = render(name, 32)
    colours = {channels(image, *place) for place in itertools.product(range(32), range(32))}
    assert {colour[:3] for colour in colours if colour[3] > 200} == {(0, 0, 0)}


@pytest.mark.parametrize("kind", ["linnet", "linnet-template"])
def test_states_differ_at_sixteen_pixels(qapp: object, kind: str) -> None:
    for one, other in itertools.combinations(STATES, 2):
        first, second = (render(f"{kind}-{state}", 16) for state in (one, other))
        different = sum(
            any(abs(p - q) > 60 for p, q in zip(channels(first, *place), channels(second, *place), strict=True))
            for place in itertools.product(range(16), range(16))
        )
        assert different >= 8, (one, other)
