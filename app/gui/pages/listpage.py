"""A page with a list: title, search, filters, buttons, one list, one detail pane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QMenu, QSplitter, QStackedWidget, QWidget

from app.gui.model.collection import Collection, Phase, Row
from app.gui.model.columns import Column
from app.gui.model.table import TableModel
from app.gui.pages.base import MachinePage
from app.gui.text import explained, tr
from app.gui.theme import GRID
from app.gui.widgets.basics import boxed, column, label, row
from app.gui.widgets.empty import EmptyState
from app.gui.widgets.listview import ListView


@dataclass(frozen=True)
class Emptiness:
    """What is said when a list has no rows at all: icon, sentence, what to do next, the button that does it."""

    icon: str
    title: str
    text: str
    action: str = ""
    clicked: Callable[[], object] | None = None


@dataclass
class ListSpec:
    """What makes one list page different from another.

    Attributes:
        collection: the rows.
        columns: what is shown of each.
        text: all that a search looks through.
        empty: what is said when there are none.
        group: see TableModel.
    """

    collection: Collection
    columns: Sequence[Column]
    text: Callable[[Row], str]
    empty: Emptiness
    group: Callable[[Row], tuple[str, str]] | None = None


class ListPage(MachinePage):
    """A page with one list and one detail pane.

    A subclass calls `build` in its constructor, and overrides `fill_menu`, `show_detail`, `open` as it needs.

    Attributes:
        view: the list; `view.keys` are the selected rows.
        model: what it shows.
        search: the field over the list.
        body: what is below the head: the list with its detail, and other views of the same that a subclass adds.
    """

    view: ListView
    model: TableModel
    search: QLineEdit
    body: QStackedWidget

    def build(self, spec: ListSpec, tools: Sequence[QWidget] = (), detail: QWidget | None = None) -> None:
        """Lay the page out: `tools` stand right of the search field, `detail` below or beside the list."""
        services = self.services
        self._spec = spec
        self.model = TableModel(
            self,
            spec.collection,
            spec.columns,
            text=spec.text,
            group=spec.group,
            colour=services.theme.colour,
            icon=services.icons.get,
        )
        self.view = ListView(self.name, self.model, services.preferences, services.icons, services.theme)
        self.view.setAccessibleName(self.title())
        self.view.chosen.connect(self._on_chosen)
        self.view.opened.connect(self.open)
        self.view.menu_wanted.connect(self._on_menu)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search"))
        self.search.setAccessibleName(tr("Search {what}", what=self.title()))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(240)
        self.search.textChanged.connect(self.model.set_search)
        QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)
        self._count = label("", "muted")
        self._none = EmptyState(services.icons)
        self._lists = QStackedWidget()
        self._lists.addWidget(self.view)
        self._lists.addWidget(self._none)
        self._detail = detail
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self._lists)
        if detail is not None:
            detail.hide()
            self._splitter.addWidget(detail)
            self._splitter.setStretchFactor(0, 1)
            self._splitter.setStretchFactor(1, 1)
            state = services.preferences.recall(f"splitter/{self.name}")
            if state is not None:
                self._splitter.restoreState(state)
            self._splitter.splitterMoved.connect(
                lambda *_: services.preferences.remember(f"splitter/{self.name}", self._splitter.saveState())
            )
        head = row(label(self.title(), "title"), self._count, None, self.search, *tools)
        self.body = QStackedWidget()
        self.body.addWidget(self._splitter)
        self.set_content(boxed(column(head, self.body, margins=2 * GRID, spacing=2 * GRID)))
        for signal in (spec.collection.reset, spec.collection.phase_changed, self.model.rearranged):
            signal.connect(self._on_rows)
        self._on_rows()

    def shown(self) -> None:
        """Keep the rows right from now on."""
        self._spec.collection.want(self)

    def hidden(self) -> None:
        """The rows may grow out of date."""
        self._spec.collection.unwant(self)

    def select(self, key: str) -> None:
        """Select a row."""
        if key:
            self.search.clear()
            self.view.select([key])

    def chosen_rows(self) -> list[Row]:
        """Return the selected rows, from the top."""
        rows = self.model.known
        return [rows[key] for key in self.view.keys if key in rows]

    def fill_menu(self, menu: QMenu) -> None:
        """Add what can be done with the selected rows."""

    def show_detail(self, chosen: Sequence[Row]) -> bool:  # noqa: ARG002 - for those that override it
        """Show the detail of the selected rows; return whether there is any to show."""
        return False

    def selection_changed(self) -> None:
        """The selection, or a selected row, is another: buttons may have to change."""

    def open(self, key: str) -> None:
        """A row was double-clicked."""

    def _on_chosen(self, _keys: Sequence[str]) -> None:
        self.selection_changed()
        chosen = self.chosen_rows()
        there = bool(chosen) and self._detail is not None and self.show_detail(chosen)
        if self._detail is not None:
            self._detail.setVisible(there)

    def _on_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill_menu(menu)
        if not menu.isEmpty():
            menu.popup(at)

    def _on_rows(self) -> None:
        collection, empty = self._spec.collection, self._spec.empty
        total, shown = len(collection.rows), self.model.shown
        self._count.setText(str(total) if shown == total else tr("{shown} of {total}", shown=shown, total=total))
        self._count.setVisible(bool(total))
        if collection.phase is Phase.loading:
            self._none.tell(empty.icon, tr("Loading …"), busy=True)
        elif collection.phase is Phase.failed and collection.error is not None:
            error = collection.error
            text = explained(error)
            self._none.tell("error", tr("This list cannot be shown"), text, tr("Try again"), collection.touch)
        elif total and not shown:
            self._none.tell("search", tr("Nothing matches"), "", tr("Show all"), self.clear_filters)
        else:
            self._none.tell(empty.icon, empty.title, empty.text, empty.action, empty.clicked)
        self._lists.setCurrentWidget(self.view if shown else self._none)

    def clear_filters(self) -> None:
        """Show all rows again."""
        self.search.clear()
        self.model.set_filter(None)


def menu_action(menu: QMenu, text: str, triggered: Callable[[], object], *, enabled: bool = True) -> QAction:
    """Add an entry to a menu."""
    made = menu.addAction(text)
    made.setEnabled(enabled)
    made.triggered.connect(lambda _checked=False: triggered())
    return made
