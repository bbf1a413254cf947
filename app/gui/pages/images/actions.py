"""What is done with images when the user asks for it: the questions, the jobs, and what is said afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QDialog, QWidget

from app.core.docker import DockerClient, part
from app.gui.model.collection import Row
from app.gui.pages.images import names, transfer
from app.gui.pages.images.asking import PullDialog, PushDialog
from app.gui.pages.images.columns import described
from app.gui.pages.images.progress import TransferDialog, follow
from app.gui.pages.images.users import ImageUsers, name_of
from app.gui.services import Services
from app.gui.text import count, tr
from app.gui.widgets.ask import ask_text, confirm
from app.gui.widgets.pickers import pick_file, pick_new_file
from app.gui.widgets.prune import Candidate, Choice, PruneDialog
from app.gui.work.removal import remove
from app.gui.work.runner import Op
from vm.errors import LinnetError
from vm.units import human_size


class ImageActions:
    """The actions of the page `parent`."""

    def __init__(self, parent: QWidget, services: Services, users: ImageUsers, go: Callable[[str, str], None]) -> None:
        self._parent = parent
        self._services = services
        self._users = users
        self._go = go

    def docker(self) -> DockerClient | None:
        """Return a client of the engine; when there is none, say why."""
        try:
            return self._services.hub.docker()
        except LinnetError as error:
            self._services.messages.error(error)
            return None

    def ask_pull(self) -> QDialog:
        """Ask for a name and pull that."""
        known = sorted({tag for row in self._services.hub.images.rows.values() for tag in names.tags(row)})
        dialog = PullDialog(self._parent, self._services, known, self.pull)
        dialog.open()
        return dialog

    def pull(self, reference: str) -> TransferDialog | None:
        """Pull an image, with its layers in sight."""
        docker = self.docker()
        if docker is None:
            return None
        layers = transfer.Layers()
        work = transfer.pull(docker, self._services.credentials, reference, layers)
        title = tr("Pull {name}", name=reference)
        return follow(
            self._parent, self._services, title, work, layers, lambda: self._done(tr("{name} is here.", name=reference))
        )

    def ask_push(self, image: Row) -> QDialog | None:
        """Ask which name is pushed and do it."""
        found = names.tags(image)
        if not found:
            return self.ask_tag(image)
        dialog = PushDialog(self._parent, self._services, found, self.push)
        dialog.open()
        return dialog

    def push(self, reference: str) -> TransferDialog | None:
        """Push an image, with its layers in sight."""
        docker = self.docker()
        if docker is None:
            return None
        layers = transfer.Layers()
        work = transfer.push(docker, self._services.credentials, reference, layers)
        title = tr("Push {name}", name=reference)
        said = tr("{name} is in its registry.", name=reference)
        return follow(self._parent, self._services, title, work, layers, lambda: self._done(said))

    def ask_tag(self, image: Row) -> QDialog:
        """Ask for one more name."""
        return ask_text(
            self._parent,
            tr("Name an image"),
            tr("One more name for {image}:", image=names.clip(names.title(image))),
            tr("Give the name"),
            lambda name: self.tag(image, name),
            check=names.check_tag,
        )

    def tag(self, image: Row, reference: str) -> None:
        """Give an image one more name."""
        docker = self.docker()
        if docker is None:
            return
        name, tag = names.split(reference)
        path = f"/images/{part(str(image['Id']))}/tag"
        told = tr("The image is called {name} now.", name=f"{name}:{tag}")
        Op(self._parent, lambda: docker.post(path, repo=name, tag=tag)).success(lambda _none: self._done(told)).run(
            self._services.runner
        )

    def ask_untag(self, reference: str) -> QDialog:
        """Ask before one of several names is taken away."""
        return confirm(
            self._parent,
            tr("Take the name {name} away?", name=reference),
            tr("The image keeps its other names."),
            tr("Take away"),
            lambda: self._remove({reference: [reference]}),
            losses=[reference],
        )

    def ask_remove(self, images: Sequence[Row]) -> QDialog | None:
        """Ask before images are removed; those that containers need cannot be, and it says which containers."""
        free = [image for image in images if not self._users.blocks(image)]
        blocked = [image for image in images if self._users.blocks(image)]
        if not images:
            return None
        if not free:
            return self._say_blocked(blocked)
        sizes = sum(int(image.get("Size") or 0) for image in free)
        text = tr("Up to {size} become free; layers that other images share stay.", size=human_size(sizes))
        if blocked:
            text = f"{text}\n\n{self._blocked(blocked)}"
        return confirm(
            self._parent,
            tr("Remove {what}?", what=described(free)),
            text,
            tr("Remove"),
            lambda: self._remove({names.title(image): _targets(image) for image in free}),
            losses=[_line(image) for image in free],
        )

    def ask_prune(self) -> QDialog:
        """Show what nobody uses, and remove what is left ticked."""
        unused = [image for image in self._services.hub.images.rows.values() if not self._users.blocks(image)]
        unused.sort(key=lambda image: -int(image.get("Size") or 0))
        nameless = [image for image in unused if not names.tags(image)]
        rows = {str(image["Id"]): image for image in unused}
        choices = [
            Choice(tr("Images without a name"), [_candidate(image) for image in nameless]),
            Choice(tr("All images that no container uses"), [_candidate(image) for image in unused]),
        ]

        def clear(chosen: Sequence[Candidate]) -> None:
            self._remove({one.title: _targets(rows[one.key]) for one in chosen})

        dialog = PruneDialog(
            self._parent,
            tr("Remove unused images"),
            tr("What goes has to be pulled or built again when it is wanted."),
            choices,
            clear,
            note=tr("Layers that other images share stay, so less may become free."),
        )
        dialog.open()
        return dialog

    def ask_save(self, images: Sequence[Row]) -> QDialog | None:
        """Ask for a file and write images into it."""
        if not images:
            return None
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", names.title(images[0])) if len(images) == 1 else "images"
        return pick_new_file(
            self._parent,
            tr("Save {what}", what=described(images)),
            lambda file: self.save(images, file),
            f"{name}.tar",
            kinds=tr("Image archives (*.tar)"),
        )

    def save(self, images: Sequence[Row], file: Path) -> None:
        """Write images into a tar file."""
        docker = self.docker()
        if docker is None:
            return
        references = [name for image in images for name in _targets(image)]
        estimate = sum(int(image.get("Size") or 0) for image in images)
        told = tr("Saved as {file}.", file=str(file))
        self._services.jobs.start(
            tr("Save {what}", what=described(images)),
            transfer.save(docker, references, file, estimate),
            success=lambda _file: self._services.messages.tell(told, "good"),
        )

    def ask_load(self) -> QDialog:
        """Ask for a file and read the images in it."""
        kinds = tr("Image archives (*.tar *.tar.gz *.tgz *.tar.xz *.tar.zst);;All files (*)")
        return pick_file(self._parent, tr("Load images"), self.load, kinds=kinds)

    def load(self, file: Path) -> None:
        """Read images from a tar file."""
        docker = self.docker()
        if docker is None:
            return

        def done(found: Sequence[str]) -> None:
            self._done(tr("Loaded: {names}", names=", ".join(found)) if found else tr("The file is loaded."))

        self._services.jobs.start(tr("Load {file}", file=file.name), transfer.load(docker, file), success=done)

    def _remove(self, targets: Mapping[str, Sequence[str]]) -> None:
        docker = self.docker()
        if docker is None or not targets:
            return
        what = next(iter(targets)) if len(targets) == 1 else count("{n} image", "{n} images", len(targets))

        def done(kept: dict[str, Any]) -> None:
            gone = len(targets) - len(kept)
            if gone:
                self._done(count("{n} image is removed.", "{n} images are removed.", gone))
            for name, reason in list(kept.items())[:1]:
                more = len(kept) - 1
                rest = count(" {n} more stays.", " {n} more stay.", more) if more else ""
                text = tr("{name} stays: {reason}", name=name, reason=reason)
                self._services.messages.tell(text + rest, "warn")

        title = tr("Remove {what}", what=what)
        self._services.jobs.start(title, remove(docker, targets, "images"), success=done)

    def _done(self, text: str) -> None:
        self._services.hub.images.touch()
        self._services.messages.tell(text, "good")

    def _say_blocked(self, blocked: Sequence[Row]) -> QDialog:
        first = self._users.of(blocked[0])
        key = str(first[0]["Id"]) if first else ""
        return confirm(
            self._parent,
            tr("{what} cannot be removed", what=described(blocked)),
            f"{self._blocked(blocked)} {tr('Remove the containers first.')}",
            tr("Show containers"),
            lambda: self._go("containers", key),
            danger=False,
        )

    def _blocked(self, blocked: Sequence[Row]) -> str:
        lines = []
        for image in blocked:
            users = ", ".join(name_of(row) for row in self._users.of(image)) or self._users.named(image)
            lines.append(
                tr(
                    "{image} stays, because containers use it: {names}.",
                    image=names.clip(names.title(image)),
                    names=users,
                )
            )
        return "\n".join(lines)


def _targets(image: Row) -> list[str]:
    """Return the names to remove: an image goes with its last name, and one without by its identifier."""
    return names.tags(image) or [str(image["Id"])]


def _line(image: Row) -> str:
    size = human_size(int(image.get("Size") or 0))
    return f"{', '.join(map(names.clip, names.tags(image))) or names.short_id(str(image['Id']))}  ·  {size}"


def _candidate(image: Row) -> Candidate:
    return Candidate(str(image["Id"]), names.clip(names.title(image)), int(image.get("Size") or 0))
