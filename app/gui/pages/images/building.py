"""A build: what is asked for, and the work of it in a job's thread."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from app.core.docker import DockerClient
from app.core.registries import Credentials
from app.gui.pages.images.context import archive, scan, total
from app.gui.pages.images.transfer import cuttable
from app.gui.text import count, tr
from app.gui.work.jobs import Control, Work
from vm.units import human_size

_STEP = re.compile(r"(?:\[\d+/\d+\]\s*)?step (\d+)\s*/\s*(\d+)", re.IGNORECASE)
"""How both engines begin a step; Podman writes the number of the stage in front when there are several."""
_BUILT = re.compile(r"Successfully built ([0-9a-f]{12,64})")

_SECRET = re.compile(r"secret|token|passw|key|credential|auth", re.IGNORECASE)
"""Names of arguments whose values are not written down."""


@dataclass(frozen=True)
class BuildSpec:
    """What is to be built.

    Attributes:
        folder: what the Dockerfile may copy from.
        dockerfile: relative to the folder.
        tag: the name of the image, "" for none.
        target: the stage to stop after, "" for the last.
        args: build arguments.
        platform: such as linux/arm64, "" for the machine's own.
        no_cache: whether every step is done anew.
        pull: whether newer base images are looked for.
    """

    folder: str
    dockerfile: str = "Dockerfile"
    tag: str = ""
    target: str = ""
    args: dict[str, str] = field(default_factory=dict)
    platform: str = ""
    no_cache: bool = False
    pull: bool = False

    @property
    def title(self) -> str:
        """What people call it."""
        return self.tag or Path(self.folder).name

    def memory(self) -> dict[str, Any]:
        """Return it as it may be kept in a file: without values that look secret."""
        kept = {name: "" if _SECRET.search(name) else value for name, value in self.args.items()}
        return asdict(self) | {"args": kept}


def recall(data: dict[str, Any]) -> BuildSpec:
    """Rebuild what `memory` made. Raises TypeError or ValueError when it is something else."""
    known = {one.name for one in fields(BuildSpec)}
    return BuildSpec(**{name: value for name, value in data.items() if name in known})


def build(docker: DockerClient, credentials: Credentials, spec: BuildSpec) -> Work:
    """Return the work of a build; its result is the identifier of the image."""

    def work(control: Control) -> str:
        control.progress(tr("Reading the folder"))
        entries = scan(Path(spec.folder), spec.dockerfile, control.check)
        size = total(entries)
        control.log(
            count("{n} file or folder, {size}", "{n} files and folders, {size}", len(entries), size=human_size(size))
        )
        sending = tr("Sending the folder")
        pieces = archive(entries, lambda done: control.progress(sending, done, size))
        client = cuttable(docker, control)
        with client.upload("POST", "/build", pieces, headers=credentials.build_header(), **_query(spec)) as flow:
            told = _Output(control)
            for item in flow:
                told.take(item)
            told.end()
        control.check()
        return told.image

    return work


def _query(spec: BuildSpec) -> dict[str, Any]:
    return {
        "dockerfile": spec.dockerfile,
        "t": spec.tag or None,
        "target": spec.target or None,
        "buildargs": spec.args or None,
        "platform": spec.platform or None,
        "nocache": spec.no_cache or None,
        "pull": spec.pull or None,
        "rm": True,
        "forcerm": True,
    }


class _Output:
    """What the engine says during a build, line by line into the job's log."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._pending = ""
        self._pulled: dict[str, str] = {}
        self.image = ""

    def take(self, item: dict[str, Any]) -> None:
        """Take in one object of the answer."""
        aux = item.get("aux")
        if isinstance(aux, dict) and aux.get("ID"):
            self.image = str(aux["ID"])
        name, status = str(item.get("id") or ""), str(item.get("status") or "")
        if status and self._pulled.get(name) != status:
            self._pulled[name] = status
            self._control.log(f"{name}: {status}" if name else status)
        *lines, self._pending = (self._pending + str(item.get("stream") or "")).split("\n")
        for line in lines:
            self._line(line)

    def end(self) -> None:
        """Take in what has no end of line."""
        if self._pending:
            self._line(self._pending)

    def _line(self, line: str) -> None:
        line = line.rstrip("\r")
        self._control.log(line)
        if match := _BUILT.search(line):
            self.image = self.image or match[1]
        if match := _STEP.match(line.strip()):
            # Steps that are begun are not done.
            self._control.progress(line.strip(), int(match[1]) - 1, int(match[2]))
