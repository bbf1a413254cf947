"""One project: what can be done with it, its services, its file, and what compose says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QFrame, QMenu, QTabWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app.gui.model.collection import Row
from app.gui.pages.containers import rows
from app.gui.pages.projects.filetab import FileTab
from app.gui.pages.projects.projects import running, services
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import boxed, button, column, label, menu_button, row
from app.gui.widgets.joblog import JobLog
from app.gui.widgets.shortlist import ShortList, list_row
from app.gui.work.jobs import Job

_SAID = 2
"""The place of the tab with what compose says."""

Acts = Mapping[str, Callable[[], object]]
"""What the buttons do: up, restart, pull, logs, down, share."""


class ProjectDetail(QWidget):
    """Buttons over tabs.

    Attributes:
        services: the list of services, by the id of their container.
        file: the compose file.
        log: what compose said last.
    """

    def __init__(self, shared: Services, acts: Acts, more: QMenu, show: Callable[[str], object]) -> None:
        """`show` gets the id of a container that the user wants to see."""
        super().__init__()
        self._icons = shared.icons
        self._title = label("", "heading")
        self.buttons = {
            "up": button(tr("Start"), acts["up"], primary=True, tip=tr("compose up")),
            "restart": button(tr("Restart"), acts["restart"]),
            "pull": button(tr("Pull"), acts["pull"], tip=tr("Fetch newer images of its services.")),
            "logs": button(tr("Logs"), acts["logs"]),
            "down": button(tr("Take down …"), acts["down"], danger=True),
        }
        titles = [tr("Service"), tr("Container"), tr("State"), tr("Image"), tr("Ports")]
        self.services = ShortList(tr("Services"), titles, (136, 184, 144, 200))
        self.services.opened.connect(show)
        self.file = FileTab(shared)
        self.log = JobLog(shared.theme, tr("Nothing has been done with this project yet."))
        self._warning = label("", wrap=True, selectable=True)
        self.share_button = button(tr("Share the folder …"), acts["share"], primary=True)
        warning = row(self._warning, self.share_button, margins=GRID + 4, spacing=2 * GRID)
        warning.setStretch(0, 1)
        self._banner = QFrame()
        self._banner.setObjectName("banner")
        self._banner.setProperty("tone", "warn")
        self._banner.setLayout(warning)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(tr("About the project"))
        self.tabs.addTab(self.services, tr("Services"))
        self.tabs.addTab(self.file, tr("File"))
        self.tabs.addTab(boxed(_lowered(self.log)), tr("What compose says"))
        self.tabs.currentChanged.connect(self._on_tab)
        head = row(self._title, None, *self.buttons.values(), menu_button(shared.icons, "more", tr("More"), more))
        content = column(head, self._banner, self.tabs, spacing=GRID)
        content.setContentsMargins(0, 2 * GRID, 0, 0)
        self.setLayout(content)

    def tell(self, project: Row, job: Job | None) -> None:
        """Show a project, and what was last done with it."""
        self._title.setText(project["Name"])
        shared, there = bool(project["Shared"]), bool(project["Containers"])
        for name in ("up", "pull"):
            self.buttons[name].setEnabled(shared and bool(project["Files"]))
        for name in ("restart", "logs", "down"):
            self.buttons[name].setEnabled(there)
        self.buttons["up"].setText(tr("Start") if not running(project) else tr("Bring up to date"))
        self._banner.setVisible(not shared)
        if not shared:
            file = project["HostFiles"][0]
            self._warning.setText(not_shared(file))
        self.services.show_rows(self._row(service, container) for service, container in services(project))
        self.file.tell(project)
        if job is not self.log.job:
            self.log.follow(job)

    def show_log(self, job: Job) -> None:
        """Show what a job says, as it says it."""
        self.log.follow(job)
        self.tabs.setCurrentIndex(_SAID)

    def _row(self, service: str, container: Row) -> QTreeWidgetItem:
        state = rows.state(container)
        ports = ", ".join(one.text for one in rows.published(container))
        image = str(container.get("Image") or "")
        made = list_row(str(container["Id"]), [service, rows.title(container), state.text, image, ports])
        made.setIcon(2, self._icons.get("dot" if rows.is_up(container) else "ring", state.tone))
        return made

    def _on_tab(self, _place: int) -> None:
        if self.tabs.currentWidget() is self.file and not self.file.verdict.text():
            self.file.check()


def not_shared(file: str) -> str:
    """Return why the machine cannot see a file, and what helps."""
    folder = file.rpartition("/")[0] or file.rpartition("\\")[0]
    return tr(
        "The machine cannot see {file}: it is in no shared folder. Share it: linnet share add {folder}",
        file=file,
        folder=_quoted(folder),
    )


def losses(project: Row) -> Sequence[str]:
    """Return the containers that go when a project is taken down."""
    return [rows.title(container) for _, container in services(project)]


def _lowered(widget: QWidget) -> QVBoxLayout:
    made = column(widget)
    made.setContentsMargins(0, GRID, 0, 0)
    return made


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
