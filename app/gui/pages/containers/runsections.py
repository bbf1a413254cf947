"""The sections of the form that runs a container: each has fields, says what is wrong, gives its part of the wish."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QDoubleSpinBox,
    QFileDialog,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.gui.pages.containers import runcheck
from app.gui.pages.containers.limits import CPU_STEP, LEAST_MEMORY, LEAST_WEIGHT, MEMORY_STEP, MOST_WEIGHT
from app.gui.pages.containers.limitvalues import NO_SWAP_LIMIT, POLICIES
from app.gui.pages.containers.runfields import Line, Lines, Part, TextField, Values
from app.gui.pages.containers.runrequest import (
    FOLDER,
    GVISOR,
    TEMPORARY,
    VOLUME,
    FindGuestPath,
    HealthWish,
    MountWish,
    PortWish,
    RunRequest,
)
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import column, icon_button, inset, label
from vm.units import MIB

NETWORK_ADDRESS = "0.0.0.0"  # noqa: S104 - what the user chooses to write into the request
"""Published there, a port is open to the network of this computer."""


class Section(QWidget):
    """A part of the form.

    Attributes:
        title: in the list at the side.
    Signals:
        edited: something is another.
    """

    edited = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title
        self._fields: list[TextField | Lines] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(3 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        self._column.setSpacing(2 * GRID)
        self._column.addWidget(label(title, "heading"))

    def judge(self, *, show: bool = False) -> str:
        """Return what is wrong first."""
        problems = [field.judge(show=show) for field in self._fields]
        return next(filter(None, problems), "")

    def fill(self, wish: RunRequest) -> RunRequest:
        """Return `wish` with what this section says."""
        return wish

    def take(self, field: TextField | Lines) -> None:
        """Have a field be part of this section."""
        self._fields.append(field)
        field.edited.connect(self.edited)
        self._column.addWidget(field)

    def titled(self, title: str, field: QWidget, note: str = "") -> None:
        """Add a field with a title above and a note below."""
        name = label(title)
        name.setBuddy(field)
        field.setAccessibleName(title)
        content = column(name, field, spacing=GRID // 2)
        content.setAlignment(field, Qt.AlignmentFlag.AlignLeft)
        if note:
            content.addWidget(label(note, "muted", wrap=True))
        self._column.addLayout(content)

    def tick(self, text: str, note: str = "") -> QCheckBox:
        """Add a tick."""
        made = QCheckBox(text)
        made.toggled.connect(lambda _on: self.edited.emit())
        content = column(made, spacing=0)
        if note:
            content.addWidget(label(note, "muted", wrap=True))
        self._column.addLayout(content)
        return made

    def close_up(self) -> None:
        """Have the rest of the room empty."""
        self._column.addStretch(1)


class Basics(Section):
    """Image, name, command."""

    def __init__(self, services: Services, image: str) -> None:
        super().__init__(tr("Basics"))
        self.image = TextField(tr("Image"), "nginx", runcheck.image)
        self.image.field.setText(image)
        completer = QCompleter(self)
        self._services, self._completer = services, completer
        self._offer()
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.image.field.setCompleter(completer)
        self.name = TextField(tr("Name"), tr("The engine makes one up"), runcheck.name)
        self.command = TextField(tr("Command"), tr("The image's own"), runcheck.command)
        for field in (self.image, self.name, self.command):
            self.take(field)
        self.remove = self.tick(tr("Remove it when it ends"))
        self.terminal = self.tick(tr("Give it a terminal"), tr("For shells and other programs that one types into."))
        self.close_up()
        images = services.hub.images
        for signal in (images.changed, images.reset):
            signal.connect(self._offer)

    def _offer(self, *_: object) -> None:
        self._completer.setModel(QStringListModel(_image_names(self._services), self._completer))

    def fill(self, wish: RunRequest) -> RunRequest:
        """See Section."""
        try:
            command = tuple(shlex.split(self.command.text))
        except ValueError:
            command = (self.command.text,)
        return replace(
            wish,
            image=self.image.text,
            name=self.name.text,
            command=command,
            remove=self.remove.isChecked(),
            terminal=self.terminal.isChecked(),
        )


class Environment(Section):
    """Variables."""

    def __init__(self, services: Services) -> None:
        super().__init__(tr("Environment"))
        parts = (Part(tr("Variable"), width=24 * GRID), Part(tr("Value")))
        self.lines = Lines(parts, services.icons, tr("Add variable"), lambda values: runcheck.variable(values[0]))
        self.take(self.lines)
        self.close_up()

    def fill(self, wish: RunRequest) -> RunRequest:
        """See Section."""
        return replace(wish, env=tuple((name, value) for name, value in self.lines.values))


class Ports(Section):
    """What is published."""

    def __init__(self, services: Services) -> None:
        super().__init__(tr("Ports"))
        parts = (
            Part(tr("Port of this computer"), tr("Any free port")),
            Part(tr("Port in the container"), "80"),
            Part(tr("Protocol"), choices=(("tcp", "TCP"), ("udp", "UDP")), width=10 * GRID),
            Part(
                tr("Open to"),
                choices=(("", tr("This computer only")), (NETWORK_ADDRESS, tr("The whole network"))),
                width=22 * GRID,
            ),
        )
        self.lines = Lines(parts, services.icons, tr("Add port"), _check_port)
        self.take(self.lines)
        self.close_up()

    def fill(self, wish: RunRequest) -> RunRequest:
        """See Section."""
        ports = [
            PortWish(_number(host), _number(own), protocol, address)
            for host, own, protocol, address in self.lines.values
        ]
        return replace(wish, ports=tuple(ports))


class Storage(Section):
    """Volumes, folders of this computer, memory."""

    def __init__(self, services: Services, find: FindGuestPath) -> None:
        super().__init__(tr("Storage"))
        self._icons = services.icons
        self._find = find
        self._volumes = services.hub.volumes
        kinds = ((VOLUME, tr("Volume")), (FOLDER, tr("Folder")), (TEMPORARY, tr("Temporary")))
        parts = (
            Part(tr("Kind"), choices=kinds, width=14 * GRID),
            Part(tr("Volume or folder"), tr("Name or folder")),
            Part(tr("Path in the container"), "/data"),
            Part(tr("read-only"), tick=True),
        )
        self.lines = Lines(parts, services.icons, tr("Add volume or folder"), self._check)
        self.lines.added.connect(self._on_added)
        self.take(self.lines)
        note = tr("Folders must be in one that the machine shares. What is temporary is in memory and gone at the end.")
        self._column.addWidget(label(note, "muted", wrap=True))
        self.close_up()

    def fill(self, wish: RunRequest) -> RunRequest:
        """See Section."""
        mounts = [
            MountWish(kind, "" if kind == TEMPORARY else source, target, bool(read_only))
            for kind, source, target, read_only in self.lines.values
        ]
        return replace(wish, mounts=tuple(mounts))

    def _check(self, values: Values) -> str:
        kind, source, target, _read_only = values
        if kind == VOLUME and runcheck.volume(source):
            return runcheck.volume(source)
        if kind == FOLDER:
            if not source:
                return tr("Choose a folder of this computer.")
            if self._find(source) is None:
                return tr("The machine does not share this folder. Share it, or one above it, on the Machines page.")
        return runcheck.target(target)

    def _on_added(self, line: Line) -> None:
        kind, source = line.fields[0], line.fields[1]
        assert isinstance(kind, QComboBox)
        assert isinstance(source, QLineEdit)
        completer = QCompleter(sorted(self._volumes.rows), line)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        browse = icon_button(self._icons, "folder", tr("Choose a folder"), partial(self._browse, line))
        line.extra.insertWidget(2, browse)

        def change(_place: int = 0) -> None:
            chosen = str(kind.currentData())
            source.setEnabled(chosen != TEMPORARY)
            source.setCompleter(completer if chosen == VOLUME else None)  # type: ignore[arg-type]
            browse.setVisible(chosen == FOLDER)

        kind.currentIndexChanged.connect(change)
        change()

    def _browse(self, line: Line) -> None:
        source = line.fields[1]
        assert isinstance(source, QLineEdit)
        dialog = QFileDialog(self, tr("Choose a folder"), source.text())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(source.setText)
        dialog.open()


class Resources(Section):
    """Network, limits, restarts."""

    def __init__(self, services: Services) -> None:
        super().__init__(tr("Network and limits"))
        self.network = QComboBox()
        networks = services.hub.networks
        for signal in (networks.changed, networks.reset):
            signal.connect(self._offer)
        self._networks = networks
        self._offer()
        self.policy = QComboBox()
        for value, text in POLICIES:
            self.policy.addItem(tr(text), value)
        status = services.hub.status
        self.cpus = QDoubleSpinBox()
        self.cpus.setRange(0, status.cpus if status is not None else 1)
        self.cpus.setSingleStep(CPU_STEP)
        self.memory = QSpinBox()
        self.memory.setRange(0, status.memory // MIB if status is not None else 1024)
        self.memory.setSingleStep(MEMORY_STEP)
        self.memory.setSuffix(" MiB")
        self.swap = QSpinBox()
        self.swap.setRange(NO_SWAP_LIMIT, 1 << 20)
        self.swap.setValue(NO_SWAP_LIMIT)
        self.swap.setSingleStep(MEMORY_STEP)
        self.swap.setSuffix(" MiB")
        self.pids = QSpinBox()
        self.pids.setRange(0, 4_194_304)
        self.pids.setSingleStep(64)
        self.io_weight = QSpinBox()
        self.io_weight.setRange(LEAST_WEIGHT - 1, MOST_WEIGHT)
        self.io_weight.setSingleStep(10)
        for spin in (self.cpus, self.memory, self.pids):
            spin.setSpecialValueText(tr("No limit"))
        self.swap.setSpecialValueText(tr("As much as memory"))
        self.io_weight.setSpecialValueText(tr("As usual"))
        for spin in (self.cpus, self.memory, self.swap, self.pids, self.io_weight):
            inset(spin)
            spin.valueChanged.connect(self._on_value)
        for title, field in (
            (tr("Network"), self.network),
            (tr("Start again"), self.policy),
            (tr("CPUs"), self.cpus),
            (tr("Memory"), self.memory),
            (tr("Swap"), self.swap),
            (tr("Processes"), self.pids),
            (tr("Disk weight"), self.io_weight),
        ):
            field.setFixedWidth(32 * GRID)
            self.titled(title, field)
        for box in (self.network, self.policy):
            box.currentIndexChanged.connect(lambda _place: self.edited.emit())
        self._on_value()
        self.close_up()

    def _on_value(self, *_: object) -> None:
        self.swap.setEnabled(self.memory.value() > 0)
        self.edited.emit()

    def fill(self, wish: RunRequest) -> RunRequest:
        """See Section."""
        return replace(
            wish,
            network=str(self.network.currentData()),
            policy=str(self.policy.currentData()),
            cpus=round(self.cpus.value(), 2),
            memory=self.memory.value() * MIB,
            swap=self.swap.value() * MIB if self.memory.value() and self.swap.value() >= 0 else None,
            pids=self.pids.value(),
            io_weight=self.io_weight.value() if self.io_weight.value() >= LEAST_WEIGHT else 0,
        )

    def _offer(self, *_: object) -> None:
        chosen = self.network.currentData()
        names = sorted({str(one["Name"]) for one in self._networks.rows.values()} - {"none", "host"})
        self.network.clear()
        self.network.addItem(tr("The engine's own"), "")
        for name in [*names, "none", "host"]:
            self.network.addItem(name, name)
        self.network.setCurrentIndex(max(0, self.network.findData(chosen)))

    def judge(self, *, show: bool = False) -> str:
        """See Section."""
        if 0 < self.memory.value() < LEAST_MEMORY:
            return tr("A container needs at least {n} MiB.", n=LEAST_MEMORY)
        return super().judge(show=show)


class Security(Section):
    """Who it is and what it may do."""

    def __init__(self) -> None:
        super().__init__(tr("Security"))
        self.user = TextField(tr("User"), tr("The image's own"), runcheck.user)
        self.take(self.user)
        self.read_only = self.tick(tr("Its own files cannot be changed"), tr("Volumes and folders still can."))
        self.cap_add = TextField(tr("Additional capabilities"), "NET_ADMIN", runcheck.capabilities)
        self.cap_drop = TextField(tr("Capabilities it goes without"), "ALL", runcheck.capabilities)
        self.take(self.cap_add)
        self.take(self.cap_drop)
        self.runtime = QComboBox()
        self.runtime.addItem(tr("Default"), "")
        self.runtime.addItem("gVisor", GVISOR)
        self.runtime.setFixedWidth(32 * GRID)
        self.runtime.currentIndexChanged.connect(lambda _place: self.edited.emit())
        note = tr("gVisor has a kernel of its own between the container and the machine: safer, and slower.")
        self.titled(tr("Runtime"), self.runtime, note)
        self.close_up()

    def fill(self, wish: RunRequest) -> RunRequest:
        """See Section."""
        return replace(
            wish,
            user=self.user.text,
            read_only=self.read_only.isChecked(),
            cap_add=tuple(word.upper() for word in runcheck.split_words(self.cap_add.text)),
            cap_drop=tuple(word.upper() for word in runcheck.split_words(self.cap_drop.text)),
            runtime=str(self.runtime.currentData()),
        )


class Health(Section):
    """A command that says whether the container is well."""

    def __init__(self) -> None:
        super().__init__(tr("Health check"))
        self.command = TextField(tr("Command that succeeds while it is well"), "wget -qO- http://localhost/")
        self.take(self.command)
        self.interval = QSpinBox()
        self.interval.setRange(1, 86_400)
        self.interval.setValue(30)
        self.interval.setSuffix(" s")
        self.retries = QSpinBox()
        self.retries.setRange(1, 100)
        self.retries.setValue(3)
        for title, field in (
            (tr("Seconds between two checks"), self.interval),
            (tr("Failures that count"), self.retries),
        ):
            field.setFixedWidth(16 * GRID)
            inset(field)
            field.valueChanged.connect(lambda _value: self.edited.emit())
            self.titled(title, field)
        self.close_up()

    def fill(self, wish: RunRequest) -> RunRequest:
        """See Section."""
        if not self.command.text:
            return wish
        return replace(wish, health=HealthWish(self.command.text, self.interval.value(), self.retries.value()))


Maker = tuple[type[Section], str, Callable[[], Section]]


def makers(services: Services, image: str, find: FindGuestPath) -> Sequence[Maker]:
    """Return kind, title and maker of each section, in their order: one is made when it is first looked at."""
    return (
        (Basics, tr("Basics"), lambda: Basics(services, image)),
        (Environment, tr("Environment"), lambda: Environment(services)),
        (Ports, tr("Ports"), lambda: Ports(services)),
        (Storage, tr("Storage"), lambda: Storage(services, find)),
        (Resources, tr("Network and limits"), lambda: Resources(services)),
        (Security, tr("Security"), Security),
        (Health, tr("Health check"), Health),
    )


def _image_names(services: Services) -> list[str]:
    found = {str(name) for row in services.hub.images.rows.values() for name in row.get("RepoTags") or []}
    return sorted(name for name in found if not name.startswith("<none>"))


def _check_port(values: Values) -> str:
    return runcheck.port(values[0], optional=True) or runcheck.port(values[1])


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
