"""The page: the list of images with what can be done with them, and the builds beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QMenu, QStackedWidget, QWidget

from app.gui.model.collection import Row
from app.gui.pages.base import Command
from app.gui.pages.images import names
from app.gui.pages.images.actions import ImageActions
from app.gui.pages.images.builddialog import BuildDialog
from app.gui.pages.images.building import BuildSpec
from app.gui.pages.images.builds import BuildsView
from app.gui.pages.images.columns import ImageCells, described
from app.gui.pages.images.detail import ImageDetail
from app.gui.pages.images.history import history_of
from app.gui.pages.images.users import ImageUsers
from app.gui.pages.listpage import Emptiness, ListPage, ListSpec, menu_action
from app.gui.services import Services
from app.gui.text import tr
from app.gui.widgets.basics import action, button, menu_button
from vm.errors import LinnetError

PULL_KEYS, BUILD_KEYS, TAG_KEYS, SAVE_KEYS = "Ctrl+N", "Ctrl+B", "Ctrl+T", "Ctrl+S"


class ImagesPage(ListPage):
    """Images of the machine in view.

    Attributes:
        do: the actions.
        builds: the view of builds.
        detail: the pane below the list.
    """

    name = "images"

    def __init__(self, services: Services, go: Callable[[str, str], None]) -> None:
        super().__init__(services, go)
        self.users = ImageUsers(services.hub.containers, self)
        self.do = ImageActions(self, services, self.users, go)
        self._history = history_of(services)
        self.builds = BuildsView(
            services, self._history, back=self.show_images, again=self.ask_build, show_image=self._show_built
        )
        self._cells = ImageCells(self.users)
        self._make_buttons()
        self.detail = ImageDetail(services, self.users, [self._run, self._tag, self._push, self._remove])
        empty = Emptiness(
            "image",
            tr("There are no images yet"),
            tr("Pull one from a registry, build one from a folder, or load one from a file."),
            tr("Pull …"),
            self.do.ask_pull,
        )
        spec = ListSpec(services.hub.images, self._cells.columns(), self._cells.search_text, empty)
        self.build(spec, self._tools(), self.detail)
        self.users.changed.connect(self._on_users)
        services.hub.images.changed.connect(self._on_images)
        self._make_actions()

    @classmethod
    def title(cls) -> str:
        """See Page."""
        return tr("Images")

    def set_content(self, content: QWidget) -> None:
        """See MachinePage: the list shares its place with the builds."""
        self._views = QStackedWidget()
        self._views.addWidget(content)
        self._views.addWidget(self.builds)
        super().set_content(self._views)

    def shown(self) -> None:
        """See Page: who uses an image is said by the containers."""
        self.services.hub.containers.want(self)
        super().shown()
        self.model.refresh()

    def hidden(self) -> None:
        """See Page."""
        self.services.hub.containers.unwant(self)
        super().hidden()

    def select(self, key: str) -> None:
        """See Page; the key may also be a name of the image, or "builds"."""
        if key == "builds":
            self.show_builds()
            return
        self.show_images()
        rows = self.services.hub.images.rows
        found = key if key in rows else next((one for one, row in rows.items() if key in names.tags(row)), "")
        super().select(found)

    def show_images(self) -> None:
        """Show the list of images."""
        self._views.setCurrentIndex(0)
        self.view.setFocus()

    def show_builds(self) -> None:
        """Show the builds."""
        self._views.setCurrentWidget(self.builds)
        self.builds.show_newest()

    def ask_build(self, spec: BuildSpec | None = None) -> QDialog:
        """Ask what to build; `spec` stands in the form at first."""
        dialog = BuildDialog(self, self.services, self.start_build, spec)
        dialog.open()
        return dialog

    def start_build(self, spec: BuildSpec) -> None:
        """Build, and show how it goes."""
        try:
            self._history.start(self.services.hub, self.services.credentials, spec, self.services.hub.images.touch)
        except LinnetError as error:
            self.services.messages.error(error)
            return
        self.show_builds()

    def run_image(self) -> None:
        """Run a container of the selected image: the form of the containers' page asks for the rest."""
        chosen = self.chosen_rows()
        if len(chosen) == 1:
            # Loaded when it is wanted: it is a large part of another page.
            from app.gui.pages.containers.runform import RunForm

            form = RunForm(self.services, self.window(), names.title(chosen[0]))
            form.made.connect(lambda container: self.go("containers", container))
            form.open()

    def open(self, key: str) -> None:
        """See ListPage: running is what one wants."""
        self.view.select([key])
        self.run_image()

    def fill_menu(self, menu: QMenu) -> None:
        """See ListPage."""
        chosen = self.chosen_rows()
        if not chosen:
            return
        one = chosen[0] if len(chosen) == 1 else None
        if one is not None:
            menu_action(menu, tr("Run …"), self.run_image)
            menu_action(menu, tr("Name …"), lambda: self.do.ask_tag(one)).setShortcut(QKeySequence(TAG_KEYS))
            menu_action(menu, tr("Push …"), lambda: self.do.ask_push(one))
            menu.addSeparator()
            found = names.tags(one)
            for name in found[:8]:
                menu_action(menu, tr("Pull {name} again", name=name), _calls(self.do.pull, name))
            if len(found) > 1:
                for name in found[:8]:
                    menu_action(menu, tr("Take the name {name} away …", name=name), _calls(self.do.ask_untag, name))
            menu.addSeparator()
        menu_action(menu, tr("Save …"), lambda: self.do.ask_save(chosen)).setShortcut(QKeySequence(SAVE_KEYS))
        entry = menu_action(menu, tr("Remove {what} …", what=described(chosen)), lambda: self.do.ask_remove(chosen))
        entry.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))

    def show_detail(self, chosen: Sequence[Row]) -> bool:
        """See ListPage."""
        if len(chosen) != 1:
            return False
        self.detail.show_image(chosen[0])
        return True

    def commands(self) -> list[Command]:
        """See Page."""
        found = [
            Command(tr("Pull an image"), self.do.ask_pull, PULL_KEYS),
            Command(tr("Build an image"), self.ask_build, BUILD_KEYS),
            Command(tr("Show builds"), self.show_builds),
            Command(tr("Load images from a file"), self.do.ask_load),
            Command(tr("Remove unused images"), self.do.ask_prune),
        ]
        chosen = self.chosen_rows()
        if chosen:
            what = described(chosen)
            found.append(Command(tr("Save {what}", what=what), lambda: self.do.ask_save(chosen), SAVE_KEYS))
            found.append(Command(tr("Remove {what}", what=what), lambda: self.do.ask_remove(chosen), "Del"))
        return found

    def _make_buttons(self) -> None:
        self._run = button(tr("Run …"), self.run_image, primary=True)
        self._tag = button(tr("Name …"), lambda: self._with_one(self.do.ask_tag))
        self._push = button(tr("Push …"), lambda: self._with_one(self.do.ask_push))
        self._remove = button(tr("Remove …"), lambda: self.do.ask_remove(self.chosen_rows()), danger=True)

    def _tools(self) -> list[QWidget]:
        menu = QMenu(self)
        menu_action(menu, tr("Load from a file …"), self.do.ask_load)
        menu_action(menu, tr("Remove unused …"), self.do.ask_prune)
        return [
            button(tr("Builds"), self.show_builds),
            button(tr("Build …"), self.ask_build),
            button(tr("Pull …"), self.do.ask_pull, primary=True),
            menu_button(self.services.icons, "more", tr("More about images"), menu),
        ]

    def _make_actions(self) -> None:
        remove = QKeySequence(QKeySequence.StandardKey.Delete).toString()
        self.add_actions(
            action(self, tr("Pull …"), self.do.ask_pull, shortcut=PULL_KEYS),
            action(self, tr("Build …"), self.ask_build, shortcut=BUILD_KEYS),
            action(self, tr("Name …"), lambda: self._with_one(self.do.ask_tag), shortcut=TAG_KEYS),
            action(self, tr("Save …"), lambda: self.do.ask_save(self.chosen_rows()), shortcut=SAVE_KEYS),
        )
        self.view.addAction(
            action(self.view, tr("Remove …"), lambda: self.do.ask_remove(self.chosen_rows()), shortcut=remove)
        )

    def _with_one(self, done: Callable[[Row], object]) -> None:
        chosen = self.chosen_rows()
        if len(chosen) == 1:
            done(chosen[0])

    def _show_built(self, identifier: str) -> None:
        key = next(
            (one for one in self.services.hub.images.rows if names.short_id(one) == names.short_id(identifier)), ""
        )
        if key:
            self.select(key)
        else:
            self.services.messages.tell(tr("That image is gone."), "warn")

    def _on_users(self) -> None:
        self.model.refresh()
        self.model.forget_texts()
        self.detail.refresh()

    def _on_images(self, keys: Sequence[str]) -> None:
        if any(key in keys for key in self.view.keys):
            self.show_detail(self.chosen_rows())


def _calls(function: Callable[..., object], *values: object) -> Callable[[], object]:
    return lambda: function(*values)
