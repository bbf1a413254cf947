"""What every tab of the detail pane is."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.gui.model.collection import Row
from app.gui.services import Services


class Tab(QWidget):
    """Shows one side of one container.

    Attributes:
        row: the container that is shown, None while none is.
    """

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self.row: Row | None = None

    @property
    def key(self) -> str:
        """The id of the container, "" while none is shown."""
        return str(self.row["Id"]) if self.row is not None else ""

    def open(self, row: Row) -> None:
        """The user looks at this tab of this container; called again when the container changes."""
        fresh = self.row is None or self.row["Id"] != row["Id"]
        before, self.row = self.row, row
        if fresh:
            self.begin(row)
        elif before != row:
            self.renew(row)
        else:
            self.again(row)

    def begin(self, row: Row) -> None:
        """Show a container that was not shown until now."""

    def renew(self, row: Row) -> None:
        """The container that is shown is in another state; by default everything is looked up again."""
        self.begin(row)

    def again(self, row: Row) -> None:
        """The user comes back to this tab; nothing is known to have changed."""

    def leave(self) -> None:
        """The user looks at another tab."""

    def rest(self) -> None:
        """The user sees another page, or no window."""
        self.leave()

    def forget(self) -> None:
        """This container is no longer shown."""
        self.leave()
        self.row = None
