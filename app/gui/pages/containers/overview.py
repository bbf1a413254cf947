"""The first tab: what a container is, where it is reached, what it mounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.gui import times
from app.gui.model.collection import Row
from app.gui.pages.containers import rows
from app.gui.pages.containers.limitvalues import POLICIES, kills
from app.gui.pages.containers.tab import Tab
from app.gui.pages.containers.usage import Usage
from app.gui.services import Services
from app.gui.text import count, tr
from app.gui.theme import GRID
from app.gui.widgets.basics import boxed, clear, column, label, link, scrolled
from app.gui.widgets.basics import row as line
from app.gui.work.runner import Op
from vm.errors import LinnetError

_ENVIRONMENT_SHOWN = 100
_LONGEST = 2_000
"""Characters of a value that are written."""


class OverviewTab(Tab):
    """Pairs of names and values in four groups."""

    def __init__(self, services: Services, usage: Usage, go: Callable[[str, str], None]) -> None:
        super().__init__(services)
        self._usage = usage
        self._go = go
        self._content = column(spacing=2 * GRID)
        self._content.setContentsMargins(0, GRID, GRID, GRID)
        area = scrolled(self._content)
        self.setLayout(column(area, spacing=0))
        services.hub.ports.changed.connect(self._on_ports)

    def begin(self, row: Row) -> None:
        """See Tab."""
        docker, key = self.services.hub.docker(), str(row["Id"])
        (
            Op(self, lambda: docker.get(f"/containers/{key}/json"))
            .success(lambda details: self._show(key, details))
            .failure(lambda error: self._fail(key, error))
            .run(self.services.runner)
        )

    def again(self, row: Row) -> None:
        """See Tab."""
        self.begin(row)

    def _on_ports(self, _keys: list[str]) -> None:
        if self.row is not None and self.isVisible():
            self.begin(self.row)

    def _fail(self, key: str, error: LinnetError) -> None:
        if key == self.key:
            clear(self._content)
            self._content.addWidget(label(error.message, "bad", wrap=True))
            self._content.addStretch(1)

    def _show(self, key: str, details: Mapping[str, Any]) -> None:
        if key != self.key or self.row is None:
            return
        clear(self._content)
        row = self.row
        self._section("", [*self._what(row, details), *self._where(row, details)])
        mounts = [self._mount(one) for one in details.get("Mounts") or []]
        self._section(tr("Mounts"), mounts)
        config = details.get("Config") or {}
        environment = config.get("Env") or []
        pairs = [text.partition("=") for text in map(str, environment[:_ENVIRONMENT_SHOWN])]
        self._section(tr("Environment"), [(name, value) for name, _, value in pairs])
        if len(environment) > _ENVIRONMENT_SHOWN:
            more = len(environment) - _ENVIRONMENT_SHOWN
            self._content.addWidget(label(tr("and {n} more", n=more), "muted"))
        labels = config.get("Labels") or {}
        self._section(tr("Labels"), sorted((str(name), str(value)) for name, value in labels.items()))
        self._content.addStretch(1)

    def _what(self, row: Row, details: Mapping[str, Any]) -> Iterable[tuple[str, str | QWidget]]:
        state = details.get("State") or {}
        yield tr("Image"), self._link(str(row.get("Image") or ""), "images", str(row.get("ImageID") or ""))
        command = [str(details.get("Path") or ""), *map(str, details.get("Args") or [])]
        yield tr("Command"), " ".join(part for part in command if part)
        yield tr("Id"), rows.short(str(row["Id"]))
        yield tr("Created"), times.written(details.get("Created"))
        if rows.is_up(row):
            yield tr("Running since"), times.written(state.get("StartedAt"))
        else:
            ended = times.written(state.get("FinishedAt"))
            if ended:
                yield tr("Ended"), tr("{time}, exit code {code}", time=ended, code=state.get("ExitCode", "?"))
        if state.get("OOMKilled"):
            yield tr("Reason"), tr("It had no memory left and was killed.")
        use = self._usage.of(str(row["Id"]))
        if use is not None and use.oom_kills:
            yield tr("Memory"), kills(use.oom_kills)
        if state.get("Error"):
            yield tr("Error"), str(state["Error"])
        health = state.get("Health") or state.get("Healthcheck") or {}
        if health.get("Log"):
            yield tr("Last health check"), str(health["Log"][-1].get("Output") or "").strip() or tr("no output")
        restarts = details.get("RestartCount") or 0
        policy = ((details.get("HostConfig") or {}).get("RestartPolicy") or {}).get("Name") or "no"
        words = tr(dict(POLICIES).get(policy, policy))
        again = count("restarted once", "restarted {n} times", restarts) if restarts else ""
        yield tr("Start again"), f"{words} ({again})" if again else words

    def _where(self, row: Row, details: Mapping[str, Any]) -> Iterable[tuple[str, str | QWidget]]:
        found = rows.published(row, self.services.hub.ports.rows.values())
        if found:
            links = [
                link(one.text, self._opener(one.url), tip=one.url) if one.url else label(one.text) for one in found
            ]
            yield tr("Ports"), boxed(line(*links, None, spacing=2 * GRID))
        networks = (details.get("NetworkSettings") or {}).get("Networks") or {}
        for name, network in networks.items():
            address = (network or {}).get("IPAddress") or ""
            yield tr("Network"), f"{name}  {address}".strip()
        user = (details.get("Config") or {}).get("User")
        if user:
            yield tr("User"), str(user)
        project = rows.project(row)
        if project:
            service = (row.get("Labels") or {}).get(rows.SERVICE, "")
            yield tr("Project"), self._link(f"{project} · {service}" if service else project, "projects", project)

    def _mount(self, mount: Mapping[str, Any]) -> tuple[str, str | QWidget]:
        where = str(mount.get("Destination") or "")
        mode = "" if mount.get("RW", True) else f" ({tr('read-only')})"
        if mount.get("Type") == "volume" and mount.get("Name"):
            return where, self._link(f"{mount['Name']}{mode}", "volumes", str(mount["Name"]))
        return where, f"{mount.get('Source') or mount.get('Type') or ''}{mode}"

    def _section(self, title: str, pairs: Iterable[tuple[str, str | QWidget]]) -> None:
        pairs = list(pairs)
        if not pairs:
            return
        if title:
            self._content.addWidget(label(title, "heading"))
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(GRID)
        grid.setColumnMinimumWidth(0, 18 * GRID)
        grid.setColumnStretch(1, 1)
        for place, (name, value) in enumerate(pairs):
            key = label(name, "muted", selectable=True)
            key.setToolTip(name if len(name) > 40 else "")
            key.setText(name if len(name) <= 40 else name[:39] + "…")
            grid.addWidget(key, place, 0, Qt.AlignmentFlag.AlignTop)
            if isinstance(value, QWidget):
                grid.addWidget(value, place, 1, Qt.AlignmentFlag.AlignLeft)
            else:
                grid.addWidget(_value(value), place, 1)
        self._content.addWidget(boxed(grid))

    def _link(self, text: str, page: str, key: str) -> QWidget:
        return link(text, lambda: self._go(page, key), tip=tr("Show {what}", what=text))

    def _opener(self, url: str) -> Callable[[], object]:
        return lambda: QDesktopServices.openUrl(url)


def _value(text: str) -> QLabel:
    made = label(text if len(text) <= _LONGEST else text[:_LONGEST] + " …", wrap=True, selectable=True)
    made.setMinimumWidth(1)
    return made
