"""The ports that the machine opens on this computer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QComboBox, QMenu, QWidget

from app.gui.model.collection import Row
from app.gui.pages.base import Command
from app.gui.pages.listpage import Emptiness, ListPage, ListSpec, menu_action
from app.gui.pages.ports import columns
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import action, boxed, button, column, icon_button, label, row


class PortsPage(ListPage):
    """One row for each port: where it is here, who publishes it, whether somebody answers."""

    name = "ports"

    def __init__(self, services: Services, go: Callable[[str, str], None]) -> None:
        super().__init__(services, go)
        self._which = QComboBox()
        self._which.setAccessibleName(tr("Which ports"))
        self._which.addItem(tr("All"), "all")
        self._which.addItem(tr("Of containers"), "containers")
        self._which.addItem(tr("With problems"), "problems")
        self._which.currentIndexChanged.connect(self._filter)
        self._again = icon_button(services.icons, "restart", tr("Try all ports again"), self._try_again, shortcut="F5")
        self._build_detail()
        empty = Emptiness(
            "port",
            tr("No port is open"),
            tr("Publish one when you run a container: `linnet run -p 8080:80 …` opens port 8080 here."),
            tr("Go to containers"),
            lambda: go("containers", ""),
        )
        self.build(
            ListSpec(services.hub.ports, columns.columns(), columns.search_text, empty),
            [self._which, self._again],
            self._detail_pane,
        )
        copy = action(self, tr("Copy address"), self.copy, shortcut=_keys(QKeySequence.StandardKey.Copy))
        self.add_actions(copy)

    @classmethod
    def title(cls) -> str:
        """See Page."""
        return tr("Ports")

    def shown(self) -> None:
        """Try the ports anew whenever the page is looked at: whether somebody answers changes without an event."""
        self.services.hub.ports.touch()
        super().shown()

    def open(self, key: str) -> None:
        """See ListPage: a browser is what one wants."""
        link = columns.url(self.model.known[key])
        if link:
            QDesktopServices.openUrl(link)

    def copy(self) -> None:
        """Copy the addresses of the selected ports."""
        texts = [columns.address(one) for one in self.chosen_rows()]
        if texts:
            QGuiApplication.clipboard().setText("\n".join(texts))
            self.services.messages.tell(tr("Copied: {what}", what=", ".join(texts)), "good")

    def fill_menu(self, menu: QMenu) -> None:
        """See ListPage."""
        chosen = self.chosen_rows()
        if not chosen:
            return
        one = chosen[0]
        link = columns.url(one)
        menu_action(menu, tr("Open in browser"), lambda: QDesktopServices.openUrl(link), enabled=bool(link))
        entry = menu_action(menu, tr("Copy address"), self.copy)
        entry.setShortcut(QKeySequence.StandardKey.Copy)
        menu.addSeparator()
        menu_action(menu, tr("Show container"), lambda: self._show_container(one), enabled=bool(one["container"]))

    def show_detail(self, chosen: Sequence[Row]) -> bool:
        """See ListPage."""
        one = chosen[0]
        text = columns.address(one)
        self._head.setText(tr("{here} leads to {there}", here=text, there=columns.guest_address(one)))
        self._explanation.setText(self._explain(one))
        self._open.setEnabled(bool(columns.url(one)))
        self._container.setVisible(bool(one["container"]))
        return True

    def clear_filters(self) -> None:
        """See ListPage."""
        super().clear_filters()
        self._which.setCurrentIndex(0)

    def commands(self) -> list[Command]:
        """See Page."""
        return [Command(tr("Try all ports again"), self._try_again, "F5")]

    def _build_detail(self) -> None:
        self._head = label("", "heading", wrap=True, selectable=True)
        self._explanation = label("", wrap=True, selectable=True)
        self._open = button(tr("Open in browser"), lambda: self._with_chosen(self._open_row), primary=True)
        self._copy = button(tr("Copy address"), self.copy)
        self._container = button(tr("Show container"), lambda: self._with_chosen(self._show_container))
        content = column(
            self._head, self._explanation, row(self._open, self._copy, self._container, None), None, spacing=GRID + 4
        )
        content.setContentsMargins(0, 2 * GRID, 0, 0)
        self._detail_pane: QWidget = boxed(content)

    def _with_chosen(self, done: Callable[[Row], object]) -> None:
        for one in self.chosen_rows()[:1]:
            done(one)

    def _open_row(self, one: Row) -> None:
        QDesktopServices.openUrl(columns.url(one))

    def _show_container(self, one: Row) -> None:
        found = next(
            (
                key
                for key, known in self.services.hub.containers.rows.items()
                if f"/{one['container']}" in (known.get("Names") or [])
            ),
            "",
        )
        self.go("containers", found)

    def _try_again(self) -> None:
        self.services.hub.ports.touch()

    def _filter(self) -> None:
        accept: dict[str, Callable[[Row], bool] | None] = {
            "all": None,
            "containers": lambda one: bool(one["container"]),
            "problems": lambda one: bool(one["error"]) or one["reachable"] is False,
        }
        self.model.set_filter(accept[self._which.currentData()])

    def _explain(self, one: Row) -> str:
        if one["error"]:
            hint = tr("End that program, or publish the container at another port.")
            return f"{one['error']}\n{hint}"
        public = one["host_address"] in ("0.0.0.0", "::")  # noqa: S104 - compared
        reach = tr("Other computers in your network reach it too.") if public else tr("Only this computer reaches it.")
        return f"{columns.state_cell(one).tip} {reach}"


def _keys(key: QKeySequence.StandardKey) -> str:
    return QKeySequence(key).toString()
