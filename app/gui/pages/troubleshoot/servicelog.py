"""The log of linnetd: through linnetd while it is there, from its file when it is not."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.core.flow import Flow
from app.gui.model.hub import Connection
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, label
from app.gui.widgets.logview import LogView
from app.gui.work.runner import Op
from vm.errors import UnavailableError
from vm.files import last_lines

TAIL = 5000
"""Lines of the past that are shown."""

END = 512 * 1024
"""Bytes of the file that are read when linnetd is not there."""


def read_end(path: Path, most: int = END) -> str:
    """Return the last whole lines of a file, at most `most` bytes; "" when there is no file.

    Raises:
        UnavailableError: it cannot be read.
    """
    try:
        return last_lines(path, most)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise UnavailableError(f"The log {path} cannot be read: {error.strerror}.") from error


class ServiceLog(QWidget):
    """Shows the log while it is seen.

    Attributes:
        view: where it is shown.
        followed: whether new lines come by themselves.
    """

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._active = False
        self.followed = False
        self.again = button(tr("Read again"), self._read)
        self._place = label(str(services.layout.service_log), "muted", selectable=True)
        self.view = LogView(services, [self.again], margin=0)
        content = column(self.view, self._place, spacing=GRID // 2)
        content.setStretch(0, 1)
        self.setLayout(content)

    def seen(self) -> None:
        """The log is what the user looks at, or what brings it is another."""
        self._active = True
        hub = self._services.hub
        self.followed = hub.connection is Connection.connected and hub.current is not None
        self.again.setVisible(not self.followed)
        if not self.followed:
            self._read()
            return
        path = hub.path("/logs")

        def follow() -> Flow[bytes]:
            return hub.client().text_stream(path, source="service", follow=True, tail=TAIL)

        self.view.follow(follow)

    def unseen(self) -> None:
        """The user looks at something else."""
        self._active = False
        self.view.stop()

    def _read(self) -> None:
        self.view.stop()
        file = self._services.layout.service_log
        Op(self, lambda: read_end(file)).success(self._show).run(self._services.runner)

    def _show(self, text: str) -> None:
        if self._active and not self.followed:
            self.view.clear()
            if text:
                self.view.add_text(text)
            else:
                self.view.say(tr("There is no log yet."))
