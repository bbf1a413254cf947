"""The question before containers are removed: what would be lost, and the ways to keep it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QCheckBox, QDialog, QWidget

from app.gui.pages.containers import rows
from app.gui.pages.containers.keeping import keep_button
from app.gui.pages.containers.losses import Losses, summary
from app.gui.services import Services
from app.gui.text import count, tr
from app.gui.widgets import ask
from app.gui.work.trash import TrashNet
from vm.units import human_size


def ask_removal(
    parent: QWidget, services: Services, losses: Losses, accepted: Callable[[TrashNet, bool], object]
) -> QDialog | None:
    """Say what would be lost with containers, and ask.

    Args:
        parent: whose window is asked.
        services: what the window works with.
        losses: of all of them; none when they are gone already.
        accepted: removes them; takes the net, and whether volumes without a name go as well.
    """
    if not losses.each:
        return None
    options: list[QWidget] = []
    volumes = _volumes_tick(losses)
    keep = _keep_tick(losses, volumes=volumes is not None)
    options += [tick for tick in (volumes, keep) if tick is not None]
    first = losses.each[0]
    elsewhere = None
    if len(losses.each) == 1 and (first.written or first.volumes):
        elsewhere = keep_button(parent, services, first)
        options.append(elsewhere)

    def done() -> None:
        with_volumes = volumes is not None and volumes.isChecked()
        held = [one.key for one in losses.each if one.written or (with_volumes and one.volumes)]
        net = TrashNet(services, containers=held, keep=keep is not None and keep.isChecked())
        accepted(net, with_volumes)

    number = len(losses.each)
    title = tr("Remove '{name}'?", name=first.name) if number == 1 else tr("Remove {n} containers?", n=number)
    dialog = ask.confirm(parent, title, summary(losses), tr("Remove"), done, losses=losses.lines, options=options)
    if elsewhere is not None:
        for act in elsewhere.menu().actions():
            act.triggered.connect(partial(_reject, dialog))
    return dialog


def ask_prune(parent: QWidget, services: Services, losses: Losses, accepted: Callable[[TrashNet], object]) -> QDialog:
    """Say which stopped containers go and what would be lost with them, and ask."""
    keep = _keep_tick(losses, volumes=False)

    def done() -> None:
        held = [one.key for one in losses.each if one.written]
        accepted(TrashNet(services, containers=held, keep=keep is not None and keep.isChecked()))

    number = len(losses.each)
    text = count("One stopped container is removed.", "{n} stopped containers are removed.", number)
    if losses.written:
        text += " " + tr("They hold {size} that is in no volume.", size=human_size(losses.written))
    return ask.confirm(
        parent,
        tr("Remove stopped containers?"),
        f"{text} {tr('Volumes stay.')}",
        tr("Remove"),
        done,
        losses=losses.lines,
        options=[keep] if keep is not None else [],
    )


def _volumes_tick(losses: Losses) -> QCheckBox | None:
    if not losses.volumes:
        return None
    where = ", ".join(f"{one.where} ({rows.short(one.name)}, {human_size(one.size)})" for one in losses.volumes[:3])
    text = count(
        "Also delete a volume without a name: {where}",
        "Also delete {n} volumes without names: {where}",
        len(losses.volumes),
        where=where,
    )
    return QCheckBox(text)


def _keep_tick(losses: Losses, *, volumes: bool) -> QCheckBox | None:
    """Return the tick that keeps it in the trash; None when there is nothing to keep, or nothing is kept at all."""
    if not losses.days or not (losses.written or volumes):
        return None
    days = int(losses.days)
    tick = QCheckBox(count("Keep it in the trash for {n} day", "Keep it in the trash for {n} days", days))
    tick.setChecked(True)
    return tick


def _reject(dialog: QDialog, _checked: bool = False) -> None:
    dialog.reject()
