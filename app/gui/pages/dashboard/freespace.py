"""Room on disks: removing what nobody uses in a machine after showing it, and making its disk small."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtWidgets import QWidget

from app.gui.services import Services
from app.gui.text import count, tr
from app.gui.widgets.prune import Candidate, Choice, PruneDialog
from app.gui.work.runner import Op
from vm.units import human_size

Found = dict[str, list[dict[str, Any]]]
"""What nobody uses by kind, as the local API has it."""


class FreeSpace:
    """Makes room in the machine in view."""

    def __init__(self, services: Services, parent: QWidget, changed: Callable[[], object]) -> None:
        """`changed` is called when there may be more room than before."""
        self._services = services
        self._parent = parent
        self._changed = changed

    def ask_prune(self) -> None:
        """Ask the engine what nobody uses, and show it before anything is removed."""
        machine = self._services.hub.current
        if machine is None:
            return
        path = self._services.hub.path("/prune", machine)

        def load() -> Found:
            with self._services.hub.client() as client:
                return dict(client.get(path))

        def show(found: Found) -> None:
            self.show(machine, found)

        (Op(self._parent, load).success(show).failure(self._services.messages.error).run(self._services.runner))

    def show(self, machine: str, found: Found) -> PruneDialog:
        """Show what could go from a machine."""
        choices = [
            Choice(tr("Stopped containers, nameless images and build cache"),
                   _candidates(found, "containers", "dangling", "build_cache")),
            Choice(tr("All images that no container uses"), _candidates(found, "dangling", "images")),
            Choice(tr("Volumes that no container uses"), _candidates(found, "volumes")),
        ]  # fmt: skip
        dialog = PruneDialog(
            self._parent,
            tr("Free space in machine '{name}'", name=machine),
            tr("This is what nobody uses now. What is listed and ticked is removed."),
            choices,
            lambda chosen: self._prune(machine, chosen),
            note=tr(
                "Images share layers, so less may become free. What containers and volumes held is kept in the trash "
                "for some days and takes its room until then."
            ),
        )
        dialog.open()
        return dialog

    def _prune(self, machine: str, chosen: Iterable[Candidate]) -> None:
        keys = [one.key.partition(":") for one in chosen]
        kinds = sorted({kind.replace("_", "-") for kind, _, _ in keys})

        def tell(done: dict[str, Any]) -> None:
            freed = human_size(done["freed"])
            text = count("{n} removed, {size} freed.", "{n} removed, {size} freed.", len(done["removed"]), size=freed)
            if done["kept"]:
                name, reason = next(iter(done["kept"].items()))
                kept = count("{n} is still there:", "{n} are still there:", len(done["kept"]))
                self._services.messages.warn(f"{text} {kept}", f"{name}: {reason}")
            else:
                self._services.messages.tell(text, "good")
            self._changed()

        self._services.jobs.operate(
            tr("Free space in machine '{name}'", name=machine),
            "POST",
            self._services.hub.path("/prune", machine),
            {"kinds": kinds, "ids": [identifier for _, _, identifier in keys]},
            success=tell,
        )

    def compact(self) -> None:
        """Have the machine in view give back what it does not use of its disk."""
        machine = self._services.hub.current
        if machine is None:
            return

        def tell(done: dict[str, Any]) -> None:
            before, after = human_size(done["before"]), human_size(done["after"])
            text = tr("The disk took {before} on this computer and takes {after} now.", before=before, after=after)
            if done["possible"]:
                more = tr(
                    "Up to {size} more: linnet machine compact {name} --offline, which stops the machine for a while.",
                    size=human_size(done["possible"]),
                    name=machine,
                )
                text = f"{text} {more}"
            self._services.messages.tell(text, "good")
            self._changed()

        self._services.jobs.operate(
            tr("Compact the disk of machine '{name}'", name=machine),
            "POST",
            self._services.hub.path("/compact", machine),
            {"offline": False},
            success=tell,
        )


def _candidates(found: Found, *kinds: str) -> list[Candidate]:
    return [
        Candidate(f"{kind}:{item['id']}", _title(kind, str(item["title"])), item["size"])
        for kind in kinds
        for item in found.get(kind) or []
    ]


def _title(kind: str, title: str) -> str:
    match kind:
        case "containers":
            return tr("Container {name}", name=title)
        case "dangling":
            return tr("Image without a name, {name}", name=title)
        case "build_cache":
            return tr("Build cache")
        case _:
            return title
