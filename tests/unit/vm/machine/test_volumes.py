"""A machine's volumes: what is asked of the agent, and what becomes of backups."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from vm.errors import ConflictError, DiskFullError, LinnetError, NotFoundError
from vm.layout import Layout
from vm.machine.volumes import MachineVolumes
from vm.progress import ignore
from vm.volumes import transfer


class Agent:
    """Notes what is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.failure: LinnetError | None = None

    async def request(self, method: str, params: dict[str, Any] | None = None, timeout: float = 30.0) -> Any:
        asked = {key: value for key, value in (params or {}).items() if key != "job"}
        self.asked.append((method, asked))
        if self.failure is not None:
            raise self.failure
        return {"name": asked.get("name", "")}


class Session:
    """The links into a machine whose engine answers."""

    def __init__(self) -> None:
        self.agent = Agent()
        self.control = object()
        self.engine_kind = "podman"
        self.healthy = True


@dataclass
class Machine:
    """As much of a machine as its volumes use."""

    files: Any
    session: Session | None = field(default_factory=Session)
    problems: list[str] = field(default_factory=list)

    def live(self) -> Session:
        if self.session is None:
            raise ConflictError("It does not run.")
        return self.session

    def load_config(self) -> Any:
        return type("Config", (), {"engine": "docker"})


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    layout = Layout(tmp_path / "c", tmp_path / "d", tmp_path / "r", tmp_path / "x")
    made = Machine(layout.machine("default"))
    made.files.folder.mkdir(parents=True)
    return made


@pytest.fixture
def told() -> list[tuple[str, dict[str, Any]]]:
    return []


@pytest.fixture
def volumes(machine: Machine, told: list[tuple[str, dict[str, Any]]]) -> MachineVolumes:
    return MachineVolumes(machine, machine.problems.append, lambda kind, data: told.append((kind, data)))  # type: ignore[arg-type]


async def test_the_agent_does_it(machine: Machine, volumes: MachineVolumes) -> None:
    assert machine.session is not None
    await volumes.snapshot("data", "s1", ignore)
    await volumes.clone("data", "new", None, ignore)
    await volumes.rollback("data", "s1", True, ignore)
    await volumes.remove_snapshot("data", "s1")
    asked = machine.session.agent.asked
    assert asked[:2] == [
        ("volumes.snapshot", {"volume": "data", "name": "s1"}),
        ("volumes.clone", {"volume": "data", "name": "new", "snapshot": None}),
    ]
    assert asked[2][0] == "volumes.rollback"
    assert asked[2][1]["before"].startswith("before-rollback-2")
    assert asked[3] == ("volumes.remove_snapshot", {"volume": "data", "name": "s1"})
    await volumes.snapshot("data", None, ignore)
    assert asked[-1][1]["name"][:2] == "20"


async def test_nothing_is_done_with_a_machine_that_does_not_run(machine: Machine, volumes: MachineVolumes) -> None:
    machine.session = None
    with pytest.raises(ConflictError):
        await volumes.snapshot("data", "s1", ignore)
    with pytest.raises(ConflictError):
        await volumes.snapshots()
    made = await volumes.add_backup("data", 3600.0, 3, None)
    assert made.engine == "docker"
    assert volumes.due_backups() == []


async def test_a_backup_is_due_made_and_told(
    machine: Machine,
    volumes: MachineVolumes,
    told: list[tuple[str, dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def export(_agent: Any, _control: Any, volume: str, path: Path, _report: Any, **_more: Any) -> Any:
        path.write_text(volume)
        return {"path": str(path)}

    monkeypatch.setattr(transfer, "export", export)
    assert volumes.due_backups() == []
    await volumes.add_backup("data", 3600.0, 2, None)
    assert volumes.due_backups() == ["data"]
    done = await volumes.back_up("data", ignore)
    assert Path(done["path"]).parent == machine.files.backup_folder
    assert told == [("backup", {"volume": "data", "path": done["path"], "error": None})]
    assert volumes.due_backups() == []
    assert machine.session is not None
    machine.session.engine_kind = "docker"
    with pytest.raises(NotFoundError, match="not backed up"):
        await volumes.back_up("data", ignore)


async def test_a_failed_backup_is_a_problem_and_deletes_nothing(
    machine: Machine,
    volumes: MachineVolumes,
    told: list[tuple[str, dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def full(*_arguments: Any, **_more: Any) -> Any:
        raise DiskFullError("There is no room left.")

    await volumes.add_backup("data", 3600.0, 1, None)
    monkeypatch.setattr(transfer, "export", full)
    with pytest.raises(DiskFullError):
        await volumes.back_up("data", ignore)
    assert machine.problems == ["The backup of volume 'data' failed: There is no room left."]
    assert told == [("backup", {"volume": "data", "path": None, "error": "There is no room left."})]
    assert volumes.backups()[0].error == "There is no room left."
    assert volumes.due_backups() == []  # not again at once


async def test_a_volume_that_is_not_there_is_not_backed_up(machine: Machine, volumes: MachineVolumes) -> None:
    assert machine.session is not None
    machine.session.agent.failure = NotFoundError("There is no volume 'nope'.")
    with pytest.raises(NotFoundError):
        await volumes.add_backup("nope", 3600.0, 1, None)
    assert volumes.backups() == []


async def test_a_damaged_list_of_backups_is_said_once(machine: Machine, volumes: MachineVolumes) -> None:
    machine.files.backups.write_text("{")
    assert volumes.due_backups() == []
    assert volumes.due_backups() == []
    assert len(machine.problems) == 1
