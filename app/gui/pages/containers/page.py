"""The page: the list, its filters and buttons, the detail pane."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QComboBox, QMenu, QToolButton

from app.gui.model.collection import Row
from app.gui.pages.base import Command
from app.gui.pages.containers import actions, asking, rows
from app.gui.pages.containers.actions import Actions, Verb
from app.gui.pages.containers.columns import ContainerCells
from app.gui.pages.containers.detail import Detail
from app.gui.pages.containers.losses import Losses, read_losses
from app.gui.pages.containers.pods import PodNames
from app.gui.pages.containers.usage import Usage
from app.gui.pages.listpage import Emptiness, ListPage, ListSpec, menu_action
from app.gui.services import Services
from app.gui.text import count, tr
from app.gui.widgets import ask
from app.gui.widgets.basics import action, icon_button, menu_button
from app.gui.work.runner import Op

RUN_KEYS = "Ctrl+N"

_MANY_CHANGED = 200
"""Rows with new figures from which on all cells are made anew instead of each by itself."""

_AGE_STEP = 60.0
"""Seconds after which ages are written anew."""


class ContainersPage(ListPage):
    """All containers of the machine in view."""

    name = "containers"

    def __init__(self, services: Services, go: Callable[[str, str], None]) -> None:
        super().__init__(services, go)
        hub = services.hub
        self.usage = Usage(hub, self)
        self.doer = Actions(services, self)
        self._pods = PodNames(hub, services.runner, self)
        self._aged = 0.0
        self._awaited = ""
        cells = ContainerCells(self.usage.of, self.doer.busy, lambda: hub.ports.rows.values())
        self.detail = Detail(services, self.usage, go)
        self._buttons: dict[Verb, QToolButton] = {}
        tools = self._make_tools()
        empty = Emptiness(
            "container",
            tr("No containers yet"),
            tr("Run one from an image, or use docker, podman or compose in a terminal: they appear here."),
            tr("Run …"),
            self.run,
        )
        spec = ListSpec(hub.containers, cells.columns(), self._search_text, empty, self._group)
        self.build(spec, tools, self.detail)
        self.search.setMinimumWidth(120)
        self.search.setMaximumWidth(240)
        self._make_actions()
        self.usage.changed.connect(self._on_usage)
        hub.sampled.connect(self._on_sample)
        self.doer.busy_changed.connect(self._on_busy)
        self._pods.changed.connect(self.model.reread)
        self.model.rearranged.connect(self.selection_changed)
        hub.containers.changed.connect(self._on_rows_changed)
        hub.containers.reset.connect(self._on_rows_reset)
        hub.ports.changed.connect(self._on_ports)
        hub.ports.removed.connect(self._on_ports)
        self.selection_changed()
        services.runner.start(_warm_up)

    @classmethod
    def title(cls) -> str:
        """See Page."""
        return tr("Containers")

    def shown(self) -> None:
        """See Page."""
        super().shown()
        self.services.hub.ports.want(self)
        self.services.hub.watch_stats(self, watch=True)
        self.detail.set_seen(seen=True)
        self.view.setFocus()

    def hidden(self) -> None:
        """See Page."""
        super().hidden()
        self.services.hub.ports.unwant(self)
        self.services.hub.watch_stats(self, watch=False)
        self.detail.set_seen(seen=False)

    def close_down(self) -> None:
        """See Page."""
        self.hidden()
        self.detail.close_down()

    def run(self, image: str = "") -> None:
        """Open the form that runs a container."""
        from app.gui.pages.containers.runform import RunForm

        form = RunForm(self.services, self.window(), image)
        form.made.connect(self.select)
        form.open()

    def do(self, verb: Verb) -> None:
        """Do something with the selected containers."""
        self.doer.do(verb, self.chosen_rows())

    def toggle_pause(self) -> None:
        """Pause what runs; when nothing of the selection runs, have what is paused go on."""
        chosen = self.chosen_rows()
        running = any(row.get("State") == "running" for row in chosen)
        self.doer.do(actions.PAUSE if running else actions.UNPAUSE, chosen)

    def remove(self) -> None:
        """Say what would be lost with the selected containers, and ask."""
        chosen = self.chosen_rows()
        if not chosen:
            return
        client, path = self.services.hub.client(), self.services.hub.path()
        (
            Op(self, lambda: read_losses(client, path, chosen))
            .success(lambda losses: self._confirm_remove(chosen, losses))
            .run(self.services.runner)
        )

    def prune(self) -> None:
        """Say which containers do not run, and ask whether they shall go."""
        stopped = [row for row in self.services.hub.containers.rows.values() if not rows.is_up(row)]
        if not stopped:
            self.services.messages.tell(tr("There is no stopped container."))
            return
        client, path = self.services.hub.client(), self.services.hub.path()
        (
            Op(self, lambda: read_losses(client, path, stopped))
            .success(lambda losses: self._confirm_prune(losses))
            .run(self.services.runner)
        )

    def rename(self) -> None:
        """Ask for another name of the selected container."""
        chosen = self.chosen_rows()
        if len(chosen) == 1:
            ask.ask_text(
                self,
                tr("Rename '{name}'", name=rows.title(chosen[0])),
                tr("New name"),
                tr("Rename"),
                lambda name: self.doer.rename(chosen[0], name),
                value=rows.title(chosen[0]),
                check=check_name,
            )

    def select(self, key: str) -> None:
        """Select a container by id or name, also one that is filtered out now, or that is only about to appear."""
        known = self.services.hub.containers.rows
        found = key if key in known else next((one for one, row in known.items() if rows.title(row) == key), "")
        self._awaited = "" if found else key
        if found:
            self.filter.setCurrentIndex(0)
            super().select(found)

    def open(self, key: str) -> None:
        """Bring its logs."""
        if key in self.model.known:
            self.detail.bring("logs")

    def chosen_rows(self) -> list[Row]:
        """Return the selected rows that can be seen: nothing is done with what a search or a folded group hides."""
        return [row for row in super().chosen_rows() if self.model.place(str(row["Id"])) is not None]

    def show_detail(self, chosen: Sequence[Row]) -> bool:
        """One container at a time."""
        if len(chosen) != 1:
            self.detail.drop()
            return False
        self.detail.show_container(chosen[0])
        return True

    def selection_changed(self) -> None:
        """See ListPage."""
        chosen = self.chosen_rows()
        for verb, made in self._buttons.items():
            made.setEnabled(any(not verb.done(row) for row in chosen))
        for verb, act in self._verb_actions.items():
            act.setEnabled(any(not verb.done(row) for row in chosen))
        self._pause_action.setEnabled(any(row.get("State") in ("running", "paused") for row in chosen))
        resumes = bool(chosen) and not any(row.get("State") == "running" for row in chosen)
        self._pause_action.setText(tr("Continue") if resumes else tr("Pause"))
        self._rename_action.setEnabled(len(chosen) == 1)

    def clear_filters(self) -> None:
        """See ListPage."""
        self.filter.setCurrentIndex(0)
        super().clear_filters()

    def fill_menu(self, menu: QMenu) -> None:
        """See ListPage."""
        chosen = self.chosen_rows()
        if not chosen:
            menu.addAction(self._run_action)
            return
        for verb in (actions.START, actions.STOP, actions.RESTART):
            menu.addAction(self._verb_actions[verb])
        menu.addAction(self._pause_action)
        menu.addAction(self._verb_actions[actions.KILL])
        menu.addSeparator()
        if len(chosen) == 1:
            self._fill_single(menu, chosen[0])
            menu.addSeparator()
        menu.addAction(self._verb_actions[actions.REMOVE])

    def commands(self) -> list[Command]:
        """See Page."""
        found = [Command(tr("Run a container …"), self.run, RUN_KEYS)]
        chosen = self.chosen_rows()
        if chosen:
            what = rows.title(chosen[0]) if len(chosen) == 1 else count("{n} container", "{n} containers", len(chosen))
            for act in (*self._verb_actions.values(), self._pause_action, self._rename_action):
                if act.isEnabled():
                    keys = act.shortcut().toString()
                    found.append(Command(f"{act.text().rstrip(' …')}: {what}", act.trigger, keys))
            if len(chosen) == 1:
                for place in range(self.detail.tabs.count()):
                    title = tr("Show {tab} of {name}", tab=self.detail.tabs.tabText(place), name=what)
                    found.append(Command(title, self._bringer(place)))
        found.append(Command(tr("Remove stopped containers …"), self.prune))
        return found

    def _on_menu(self, at: QPoint) -> None:
        """On the heading of a project or pod the menu is for all that belongs to it."""
        index = self.view.indexAt(self.view.viewport().mapFromGlobal(at))
        group = self.model.group(index.row()) if index.isValid() else None
        if group is not None and group.name:
            if group.collapsed:
                self.model.toggle_group(group.name)
            self.view.select(self.model.members(group.name))
        super()._on_menu(at)

    def _bringer(self, place: int) -> Callable[[], object]:
        return lambda: self.detail.tabs.setCurrentIndex(place)

    def _make_tools(self) -> list[QToolButton | QComboBox]:
        icons = self.services.icons
        self.filter = QComboBox()
        self.filter.setAccessibleName(tr("Which containers"))
        for text, value in ((tr("All"), ""), (tr("Running"), "up"), (tr("Stopped"), "down")):
            self.filter.addItem(text, value)
        self.filter.currentIndexChanged.connect(self._on_filter)
        for verb, icon, text in (
            (actions.START, "start", tr("Start")),
            (actions.STOP, "stop", tr("Stop")),
            (actions.RESTART, "restart", tr("Restart")),
        ):
            self._buttons[verb] = icon_button(icons, icon, text, self._doer(verb))
        self._buttons[actions.REMOVE] = icon_button(icons, "remove", tr("Remove"), self.remove)
        more = QMenu(self)
        menu_action(more, tr("Remove stopped containers …"), self.prune)
        menu = menu_button(icons, "more", tr("More"), more)
        return [self.filter, *self._buttons.values(), self._run_button(), menu]

    def _run_button(self) -> QToolButton:
        made = QToolButton()
        made.setText(tr("Run …"))
        made.setAccessibleName(tr("Run a container"))
        made.setToolTip(tr("Run a container ({keys})", keys=RUN_KEYS))
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        made.clicked.connect(lambda _checked=False: self.run())
        return made

    def _make_actions(self) -> None:
        view = self.view
        self._run_action = action(self, tr("Run …"), self.run, shortcut=RUN_KEYS)
        self.add_actions(self._run_action)
        self._verb_actions: dict[Verb, QAction] = {
            actions.START: action(view, tr("Start"), self._doer(actions.START), shortcut="Ctrl+U"),
            actions.STOP: action(view, tr("Stop"), self._doer(actions.STOP), shortcut="Ctrl+D"),
            actions.RESTART: action(view, tr("Restart"), self._doer(actions.RESTART), shortcut="Ctrl+R"),
            actions.KILL: action(view, tr("Kill"), self._doer(actions.KILL)),
            actions.REMOVE: action(view, tr("Remove …"), self.remove, shortcut="Del"),
        }
        self._pause_action = action(view, tr("Pause"), self.toggle_pause, shortcut="Ctrl+P")
        self._rename_action = action(view, tr("Rename …"), self.rename, shortcut="F2")
        for act in (*self._verb_actions.values(), self._pause_action, self._rename_action):
            view.addAction(act)
        for verb, made in self._buttons.items():
            act = self._verb_actions[verb]
            keys = act.shortcut().toString(act.shortcut().SequenceFormat.NativeText)
            made.setToolTip(f"{made.accessibleName()} ({keys})")

    def _doer(self, verb: Verb) -> Callable[[], object]:
        return lambda: self.do(verb)

    def _fill_single(self, menu: QMenu, row: Row) -> None:
        for port in rows.published(row, self.services.hub.ports.rows.values()):
            if port.url:
                menu_action(menu, tr("Open {url}", url=port.url), self._opener(port.url))
        menu.addAction(self._rename_action)
        clipboard = QGuiApplication.clipboard()
        menu_action(menu, tr("Copy name"), lambda: clipboard.setText(rows.title(row)))
        menu_action(menu, tr("Copy id"), lambda: clipboard.setText(str(row["Id"])))

    def _opener(self, url: str) -> Callable[[], object]:
        return lambda: QDesktopServices.openUrl(url)

    def _confirm_remove(self, chosen: Sequence[Row], losses: Losses) -> None:
        asking.ask_removal(
            self,
            self.services,
            losses,
            lambda net, volumes: self.doer.do(actions.REMOVE, chosen, net=net, force=True, v=volumes),
        )

    def _confirm_prune(self, losses: Losses) -> None:
        asking.ask_prune(self, self.services, losses, self.doer.prune)

    def _search_text(self, row: Row) -> str:
        return f"{rows.search_text(row)}\n{self._pods.of(str(row['Id']))}"

    def _group(self, row: Row) -> tuple[str, str]:
        project = rows.project(row)
        if project:
            return f"project:{project}", project
        pod = self._pods.of(str(row["Id"]))
        return (f"pod:{pod}", tr("Pod {name}", name=pod)) if pod else ("", "")

    def _on_filter(self, _place: int) -> None:
        wanted = self.filter.currentData()
        self.model.set_filter(None if not wanted else lambda row: rows.is_up(row) == (wanted == "up"))

    def _on_usage(self, keys: list[str]) -> None:
        if self.isVisible():
            self.model.refresh(keys if len(keys) < _MANY_CHANGED else None)

    def _on_sample(self, sample: dict[str, float]) -> None:
        if self.isVisible() and sample["time"] - self._aged >= _AGE_STEP:
            self._aged = sample["time"]
            self.model.refresh()

    def _on_ports(self, _keys: list[str]) -> None:
        self.model.refresh()

    def _on_rows_reset(self) -> None:
        self._on_rows_changed([])

    def _on_busy(self, keys: list[str]) -> None:
        self.model.refresh(keys)

    def _on_rows_changed(self, keys: list[str]) -> None:
        if self._awaited:
            self.select(self._awaited)
        chosen = self.chosen_rows()
        if any(str(row["Id"]) in keys for row in chosen):
            self.selection_changed()
            if len(chosen) == 1:
                self.detail.show_container(chosen[0])


def _warm_up() -> None:
    """Load in a thread what the tabs and the form need, so that the window does not wait for it later."""
    here = "app.gui.pages.containers"
    for name in ("overview", "embedded", "stats", "processes", "changes", "limits", "inspection", "runform"):
        importlib.import_module(f"{here}.{name}")
    for name in ("logview", "terminal", "filebrowser"):
        importlib.import_module(f"app.gui.widgets.{name}")


def check_name(name: str) -> str:
    """Return what is wrong with a container's name, "" when nothing is."""
    good = (
        name[:1].isascii()
        and name[:1].isalnum()
        and all(one.isascii() and (one.isalnum() or one in "_.-") for one in name)
    )
    return "" if good else tr("Letters, digits, '_', '.' and '-' only, beginning with a letter or a digit.")
