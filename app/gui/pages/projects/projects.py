"""The compose projects: those that have containers, and those whose files the user added."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import QObject

from app.core.sharedpaths import PathMap, SharedFolder
from app.gui.model.collection import Collection, Phase, Row
from app.gui.model.hub import Hub
from app.gui.preferences import Preferences
from app.gui.work.runner import TaskRunner
from vm.machine.status import ShareStatus

_LABEL = "com.docker.compose."
_KEPT = "projects"


class Projects(Collection):
    """Rows made of the hub's containers and of the files that the user added.

    A row has: Key; Name; Folder and Files (paths in the guest); HostFiles (on this computer, "" where no share has
    them); Containers (rows of the Docker API); Added (whether the user added it); Shared (whether the guest sees it).
    """

    def __init__(self, parent: QObject, hub: Hub, preferences: Preferences, runner: TaskRunner) -> None:
        super().__init__(parent, runner, list, lambda row: str(row["Key"]))
        self._hub = hub
        self._preferences = preferences
        for signal in (hub.containers.reset, hub.containers.changed, hub.containers.removed):
            signal.connect(self._compute)
        hub.containers.phase_changed.connect(self._compute)
        hub.machines_changed.connect(self._compute)
        self._compute()

    def want(self, who: object) -> None:
        """See Collection."""
        self._hub.containers.want(who)
        self._compute()

    def unwant(self, who: object) -> None:
        """See Collection."""
        self._hub.containers.unwant(who)

    def touch(self) -> None:
        """See Collection."""
        self._hub.containers.touch()
        self._compute()

    @property
    def added(self) -> dict[str, str]:
        """The compose files that the user added, on this computer, each with its project's name."""
        try:
            kept = json.loads(self._preferences.recall_text(_KEPT, "{}"))
        except ValueError:
            return {}
        return {str(file): str(name) for file, name in kept.items()} if isinstance(kept, dict) else {}

    def add(self, files: Mapping[str, str]) -> None:
        """Remember compose files, each with its project's name."""
        self._keep({**self.added, **files})

    def forget(self, files: Iterable[str]) -> None:
        """Remember compose files no longer; nothing happens to them."""
        gone = set(files)
        self._keep({file: name for file, name in self.added.items() if file not in gone})

    def paths(self) -> Paths:
        """Return the shared folders of the machine in view."""
        status = self._hub.status
        return Paths(status.shares if status is not None else [])

    def _keep(self, files: Mapping[str, str]) -> None:
        self._preferences.remember_text(_KEPT, json.dumps(files))
        self._compute()

    def _compute(self, *_: object) -> None:
        containers = self._hub.containers
        if self._hub.engine_ready and containers.phase is not Phase.failed:
            phase = Phase.ready if containers.phase is Phase.ready else Phase.loading
        else:
            phase = containers.phase
        self.error = containers.error
        fresh = {
            str(row["Key"]): row for row in project_rows(containers.rows.values(), self.added, self.paths())
        } if phase is Phase.ready else {}  # fmt: skip
        self.drop([key for key in self.rows if key not in fresh])
        self.put(fresh.values())
        self._set_phase(phase)


class Paths:
    """Where the guest has files of this computer, and the other way."""

    def __init__(self, shares: Iterable[ShareStatus]) -> None:
        self.folders = [
            SharedFolder(one.path, one.guest_path) for one in shares if one.mounted or not one.error
        ]  # fmt: skip
        self._there = PathMap(self.folders, "/", realpath=str)
        back = [SharedFolder(one.guest_path, one.path) for one in self.folders]
        self._back = PathMap(back, "/", flavour=posixpath, realpath=str)

    def guest(self, path: str) -> str:
        """Return where the guest has a file of this computer, "" when it has it not."""
        return self._there.find(path) or ""

    def host(self, path: str) -> str:
        """Return where this computer has a file of the guest, "" when it has it not."""
        return self._back.find(path) or ""


def project_rows(containers: Iterable[Row], added: Mapping[str, str], paths: Paths) -> list[dict[str, Any]]:
    """Return the projects, in no order."""
    found: dict[str, dict[str, Any]] = {}
    for container in containers:
        labels: Mapping[str, str] = container.get("Labels") or {}
        name = labels.get(f"{_LABEL}project")
        if not name:
            continue
        files = [file for file in labels.get(f"{_LABEL}project.config_files", "").split(",") if file]
        row = found.setdefault(
            name,
            {
                "Key": files[0] if files else name,
                "Name": name,
                "Folder": labels.get(f"{_LABEL}project.working_dir", ""),
                "Files": files,
                "HostFiles": [paths.host(file) for file in files],
                "Containers": [],
                "Added": False,
                "Shared": True,
            },
        )
        row["Containers"].append(container)
    rows = list(found.values())
    for file, name in added.items():
        there = paths.guest(file)
        known = next((row for row in rows if there and there in row["Files"]), None)
        if known is not None:
            known["Added"] = True
            known["HostFiles"] = [
                file if guest == there else host for guest, host in zip(known["Files"], known["HostFiles"], strict=True)
            ]
        else:
            rows.append(_without_containers(file, name, there))
    return rows


def services(row: Row) -> list[tuple[str, Row]]:
    """Return the containers of a project, each with its service, sorted."""
    pairs = [((one.get("Labels") or {}).get(f"{_LABEL}service", ""), one) for one in row["Containers"]]
    return sorted(pairs, key=lambda pair: (pair[0], container_number(pair[1])))


def container_number(container: Row) -> int:
    """Return which of its service's containers one is."""
    text = str((container.get("Labels") or {}).get(f"{_LABEL}container-number", ""))
    return int(text) if text.isdigit() else 0


def running(row: Row) -> int:
    """Return how many containers of a project run."""
    return sum(one["State"] == "running" for one in row["Containers"])


def _without_containers(file: str, name: str, there: str) -> dict[str, Any]:
    return {
        "Key": there or file,
        "Name": name,
        "Folder": there.rpartition("/")[0],
        "Files": [there] if there else [],
        "HostFiles": [file],
        "Containers": [],
        "Added": True,
        "Shared": bool(there),
    }
