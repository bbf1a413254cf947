"""The compose projects: started, stopped, looked into."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QMenu

from app.gui.model.collection import Row
from app.gui.pages.base import Command
from app.gui.pages.listpage import Emptiness, ListPage, ListSpec, menu_action
from app.gui.pages.projects import columns, compose, names
from app.gui.pages.projects.detail import ProjectDetail, losses
from app.gui.pages.projects.found import FoundDialog
from app.gui.pages.projects.projects import Projects
from app.gui.services import Services
from app.gui.text import count, tr
from app.gui.widgets.ask import confirm
from app.gui.widgets.basics import action, button, icon_button
from app.gui.widgets.pickers import pick_file
from app.gui.work.command import Ended, run_in_guest
from app.gui.work.jobs import Control, Job
from app.gui.work.runner import Op


class ProjectsPage(ListPage):
    """One row for each project."""

    name = "projects"

    def __init__(self, services: Services, go: Callable[[str, str], None]) -> None:
        super().__init__(services, go)
        self.projects = Projects(self, services.hub, services.preferences, services.runner)
        self._jobs: dict[str, Job] = {}
        self._awaited = ""
        more = QMenu(self)
        self._fill_more(more)
        acts = {
            "up": lambda: self.act("up"),
            "restart": lambda: self.act("restart"),
            "pull": lambda: self.act("pull"),
            "logs": self.show_logs,
            "down": self.take_down,
            "share": self.share,
        }
        self.detail = ProjectDetail(services, acts, more, lambda key: go("containers", key))
        self.add_button = button(tr("Add …"), self.add, primary=True, tip=tr("Add a compose file"))
        self.find_button = icon_button(
            services.icons, "search", tr("Find compose files in the shared folders"), self.find_files
        )
        empty = Emptiness(
            "project",
            tr("There are no projects"),
            tr("Add a compose file, or start one with `linnet compose up` in its folder."),
            tr("Add …"),
            self.add,
        )
        self.build(
            ListSpec(self.projects, columns.columns(), columns.search_text, empty),
            [self.find_button, self.add_button],
            self.detail,
        )
        self.add_actions(
            action(self, tr("Add a compose file"), self.add, shortcut="Ctrl+N"),
            action(self, tr("Check"), self.detail.file.check, shortcut="F5"),
        )
        for signal in (self.projects.changed, self.projects.reset):
            signal.connect(self._refresh)

    @classmethod
    def title(cls) -> str:
        """See Page."""
        return tr("Projects")

    def commands(self) -> list[Command]:
        """See Page."""
        project = self._chosen()
        own = [self._command(name) for name in ("up", "restart", "pull")] if project is not None else []
        return [
            *own,
            Command(tr("Add a compose file"), self.add, "Ctrl+N"),
            Command(tr("Find compose files in the shared folders"), self.find_files),
        ]

    def select(self, key: str) -> None:
        """Select a project by key, name or compose file on this computer, also one that is only about to appear."""
        rows = self.projects.rows.items()
        found = next((one for one, known in rows if key in (one, known["Name"], *known["HostFiles"])), "")
        self._awaited = "" if found else key
        super().select(found)

    def show_detail(self, chosen: Sequence[Row]) -> bool:
        """See ListPage."""
        if len(chosen) == 1:
            self.detail.tell(chosen[0], self._jobs.get(chosen[0]["Key"]))
        return len(chosen) == 1

    def fill_menu(self, menu: QMenu) -> None:
        """See ListPage."""
        project = self._chosen()
        if project is None:
            return
        buttons = self.detail.buttons
        menu_action(menu, buttons["up"].text(), lambda: self.act("up"), enabled=buttons["up"].isEnabled())
        there = bool(project["Containers"])
        menu_action(menu, tr("Restart"), lambda: self.act("restart"), enabled=there)
        menu_action(menu, tr("Pull"), lambda: self.act("pull"), enabled=buttons["pull"].isEnabled())
        menu_action(menu, tr("Logs"), self.show_logs, enabled=there)
        self._fill_more(menu)
        menu.addSeparator()
        menu_action(menu, tr("Take down …"), self.take_down, enabled=there)

    def act(self, name: str, *more: str) -> Job | None:
        """Do one of `compose.VERBS` with the selected project; return the job."""
        project = self._chosen()
        if project is None:
            return None
        verb = compose.VERBS[name]
        hub, path = self.services.hub, self.services.hub.path()

        def work(control: Control) -> Ended:
            command = compose.command(project, verb, *more)
            if not verb.needs_files and not _files_there(project):
                command = compose.without_files(project, verb, *more)
            with hub.client() as client:
                return compose.check(run_in_guest(client, path, command, control))

        job = self.services.jobs.start(tr(verb.title, name=project["Name"]), work)
        self._jobs[project["Key"]] = job
        job.ended.connect(self.projects.touch)
        self.detail.show_log(job)
        return job

    def take_down(self) -> None:
        """Ask whether the selected project's containers shall go."""
        project = self._chosen()
        if project is None or not project["Containers"]:
            return
        volumes = QCheckBox(tr("Remove its volumes too, with all that is in them"))
        images = QCheckBox(tr("Remove its images too"))

        def go_on() -> None:
            more = [*(["--volumes"] if volumes.isChecked() else []), *(["--rmi", "all"] if images.isChecked() else [])]
            self.act("down", *more)

        confirm(
            self,
            tr("Take '{name}' down?", name=project["Name"]),
            tr(
                "Its containers and networks are removed; what they wrote outside of volumes is lost. "
                "Volumes stay unless you tick them."
            ),
            tr("Take down"),
            go_on,
            losses=losses(project),
            options=[volumes, images],
        )

    def show_logs(self) -> None:
        """Show the logs of the selected project's containers."""
        project = self._chosen()
        if project is not None:
            self.go("logs", f"project:{project['Name']}")

    def add(self) -> None:
        """Have a compose file chosen."""
        shares = self.projects.paths().folders
        start = shares[0].path if shares else ""
        pick_file(self, tr("Add a compose file"), self.add_file, start, kinds=f"{tr('Compose files')} (*.yaml *.yml)")

    def add_file(self, file: Path) -> None:
        """Add a compose file."""

        def added(name: str) -> None:
            self.projects.add({str(file): name})
            self.select(str(file))

        Op(self, lambda: names.project_name(str(file))).success(added).run(self.services.runner)

    def find_files(self) -> None:
        """Look for compose files in the shared folders."""
        folders = [one.path for one in self.projects.paths().folders]
        known = {file for one in self.projects.rows.values() for file in one["HostFiles"]}

        def work(control: Control) -> dict[str, str]:
            found = names.find(
                folders,
                lambda folder, n: control.progress(
                    count("{n} found; {folder}", "{n} found; {folder}", n, folder=folder)
                ),
            )
            return {file: names.project_name(file) for file in found if file not in known}

        self.services.jobs.start(tr("Find compose files"), work, success=self._offer)

    def share(self) -> None:
        """Ask whether the folder of the selected project's file shall be shared."""
        project = self._chosen()
        if project is None or project["Shared"]:
            return
        folder = str(Path(project["HostFiles"][0]).parent)
        confirm(
            self,
            tr("Share {folder}?", folder=folder),
            tr("The machine and its containers can then read and change what is in it."),
            tr("Share"),
            lambda: self._share(folder),
            danger=False,
        )

    def forget(self) -> None:
        """Take the selected project out of the list; its file stays."""
        project = self._chosen()
        if project is not None:
            self.projects.forget(project["HostFiles"])

    def _command(self, name: str) -> Command:
        project = self._chosen()
        title = tr(compose.VERBS[name].title, name=project["Name"] if project is not None else "")
        enabled = self.detail.buttons[name].isEnabled()
        return Command(title, lambda: self.act(name) if enabled else None)

    def _fill_more(self, menu: QMenu) -> None:
        menu_action(menu, tr("Build and start"), lambda: self.act("build"))
        menu_action(menu, tr("Stop"), lambda: self.act("stop"))
        menu.addSeparator()
        menu_action(menu, tr("Open folder"), self._open_folder)
        menu_action(menu, tr("Take off this list"), self.forget)

    def _chosen(self) -> Row | None:
        chosen = self.chosen_rows()
        return chosen[0] if len(chosen) == 1 else None

    def _offer(self, found: Mapping[str, str]) -> None:
        if found:
            FoundDialog(self, found, self.projects.add).open()
        else:
            self.services.messages.tell(tr("No other compose file is in the shared folders."))

    def _share(self, folder: str) -> None:
        hub, path = self.services.hub, self.services.hub.path("/shares")

        def work(_control: Control) -> None:
            with hub.client() as client:
                client.post(path, {"path": folder})

        def done(_: object) -> None:
            hub.look_again(hub.current)

        self.services.jobs.start(tr("Share {folder}", folder=folder), work, success=done)

    def _open_folder(self) -> None:
        project = self._chosen()
        file = next((one for one in project["HostFiles"] if one), "") if project is not None else ""
        if file:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(file).parent)))

    def _refresh(self, *_: object) -> None:
        if self._awaited:
            self.select(self._awaited)
        chosen = self.chosen_rows()
        if chosen:
            self.show_detail(chosen)


def _files_there(project: Row) -> bool:
    """Return whether the compose files can still be read, as far as this computer sees them."""
    return bool(project["Files"]) and all(not file or Path(file).is_file() for file in project["HostFiles"])
