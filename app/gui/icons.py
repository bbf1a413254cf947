"""Line icons, drawn for a grid of 24 by 24 as SVG paths, in whatever colour the theme asks for."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication

from app.gui.theme import Theme

_PATHS = {
    "dashboard": "M4 13a8 8 0 0 1 16 0M12 13l4-4M4 17h16",
    "container": "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
    "image": "M4 7l8-4 8 4-8 4zM4 12l8 4 8-4M4 17l8 4 8-4",
    "volume": "M4 6c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3z"
    "M4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3",
    "network": "M12 3v6M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM9.5 14l-4 4M14.5 14l4 4M5 18.5h.01M19 18.5h.01M12 3h.01",
    "port": "M5 12h10M11 8l4 4-4 4M15 5h4v14h-4",
    "project": "M4 5h7v6H4zM13 13h7v6h-7zM13 5h7v4h-7zM4 15h7v4H4z",
    "pod": "M12 3l7 4v10l-7 4-7-4V7zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
    "machine": "M4 5h16v11H4zM9 20h6M12 16v4",
    "registry": "M5 4h14v6H5zM5 14h14v6H5zM8 7h.01M8 17h.01",
    "settings": "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3v3M12 18v3M3 12h3M18 12h3"
    "M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M18.4 5.6l-2.1 2.1M7.7 16.3l-2.1 2.1",
    "troubleshoot": "M9 4v5a3 3 0 0 0 6 0V4M12 12v4a4 4 0 0 0 8 0v-3M20 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2z",
    "tasks": "M4 6l1.5 1.5L8 5M4 12l1.5 1.5L8 11M4 18l1.5 1.5L8 17M12 6.5h8M12 12.5h8M12 18.5h8",
    "logs": "M5 5h14M5 10h14M5 15h9M5 20h6",
    "start": "M7 4l13 8-13 8z",
    "stop": "M6 6h12v12H6z",
    "pause": "M8 5v14M16 5v14",
    "restart": "M20 12a8 8 0 1 1-2.5-5.8M20 4v4h-4",
    "suspend": "M20 14A8 8 0 1 1 10 4a6.5 6.5 0 0 0 10 10z",
    "remove": "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
    "add": "M12 5v14M5 12h14",
    "search": "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l4 4",
    "more": "M5 12h.01M12 12h.01M19 12h.01",
    "close": "M6 6l12 12M18 6L6 18",
    "check": "M5 13l4 4L19 7",
    "warning": "M12 4l9 16H3zM12 10v4M12 17h.01",
    "error": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 8v5M12 16h.01",
    "info": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5M12 8h.01",
    "copy": "M8 8h11v12H8zM5 16V4h11",
    "save": "M12 4v11M8 11l4 4 4-4M5 20h14",
    "upload": "M12 15V4M8 8l4-4 4 4M5 20h14",
    "folder": "M3 6h6l2 2h10v11H3z",
    "file": "M6 3h8l4 4v14H6zM14 3v4h4",
    "terminal": "M4 5h16v14H4zM7 9l3 3-3 3M12 15h4",
    "chart": "M4 20V4M4 20h16M8 16l4-5 3 3 4-6",
    "list": "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
    "layers": "M4 8l8-4 8 4-8 4zM4 14l8 4 8-4",
    "edit": "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
    "link": "M10 14l4-4M9 17l-1 1a4 4 0 0 1-5-5l3-3a4 4 0 0 1 5 0M15 7l1-1a4 4 0 0 1 5 5l-3 3a4 4 0 0 1-5 0",
    "open": "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
    "build": "M14 6a4 4 0 0 0-5 5l-6 6 4 4 6-6a4 4 0 0 0 5-5l-3 3-3-1-1-3z",
    "pull": "M12 3v12M7 10l5 5 5-5M4 21h16",
    "push": "M12 15V3M7 8l5-5 5 5M4 21h16",
    "tag": "M4 4h8l8 8-8 8-8-8zM8 8h.01",
    "user": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21a8 8 0 0 1 16 0",
    "lock": "M6 11h12v9H6zM8 11V8a4 4 0 0 1 8 0v3",
    "down": "M6 9l6 6 6-6",
    "right": "M9 6l6 6-6 6",
    "left": "M15 6l-6 6 6 6",
    "help": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 17h.01",
    "wrap": "M4 6h16M4 12h13a3 3 0 0 1 0 6h-4M15 16l-2 2 2 2M4 18h5",
    "clock": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 3",
    "filter": "M4 5h16l-6 8v6l-4-2v-4z",
    "end": "M6 5l6 6 6-6M6 13l6 6 6-6",
    "up": "M6 15l6-6 6 6",
    "erase": "M9 20l-5-5L14 5l6 6-9 9zM9 10l6 6M9 20h11",
    "share": "M3 6h6l2 2h10v11H3zM9 14h6M13 11l3 3-3 3",
}  # fmt: skip

_FILLED = {
    "dot": "M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10z",
    "ring": "M12 6a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z",
}

_WORN = "linnetIcon"
"""The property of a button that says which icon it has."""

NAMES = frozenset(_PATHS) | frozenset(_FILLED)


class Icons:
    """Icons in the colours of the theme; each is drawn once a scheme."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._drawn: dict[tuple[str, str], QIcon] = {}
        theme.changed.connect(self._dress_all)

    def get(self, name: str, tone: str = "") -> QIcon:
        """Return the icon `name` in a tone of the theme. Raises KeyError for a name that there is not."""
        colour = self._theme.colour(tone).name()
        icon = self._drawn.get((name, colour))
        if icon is None:
            icon = self._drawn[name, colour] = QIcon()
            ratio = QGuiApplication.primaryScreen().devicePixelRatio() if QGuiApplication.primaryScreen() else 1.0
            for size in (16, 20, 32, 48):
                icon.addPixmap(pixmap(name, colour, size, ratio))
            muted = self._theme.colour("muted").name()
            icon.addPixmap(pixmap(name, muted, 16, ratio), QIcon.Mode.Disabled)
        return icon

    def dress(self, button: QAbstractButton, name: str, tone: str = "") -> None:
        """Give a button an icon, and another one whenever the theme changes."""
        button.setProperty(_WORN, (name, tone))
        button.setIcon(self.get(name, tone))

    def _dress_all(self) -> None:
        for widget in QApplication.allWidgets():
            worn = widget.property(_WORN)
            if worn and isinstance(widget, QAbstractButton):
                widget.setIcon(self.get(*worn))


def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """Draw an icon: `size` in pixels of the layout, `ratio` device pixels for each."""
    if name in _FILLED:
        shape = f'<path d="{_FILLED[name]}" fill="{colour}" fill-rule="evenodd"/>'
    else:
        shape = (
            f'<path d="{_PATHS[name]}" fill="none" stroke="{colour}" stroke-width="1.7" '
            'stroke-linecap="round" stroke-linejoin="round"/>'
        )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{shape}</svg>'
    image = QPixmap(round(size * ratio), round(size * ratio))
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, image.width(), image.height()))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image
