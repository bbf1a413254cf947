"""When backups are due, and which files go."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vm.errors import ConfigError, ConflictError, NotFoundError, UsageError
from vm.volumes.backup import Backup
from vm.volumes.backups import RETRY, Backups

DAY = 86400.0


@pytest.fixture
def backups(tmp_path: Path) -> Backups:
    return Backups(tmp_path / "backups.json", tmp_path / "own")


def write(backups: Backups, backup: Backup, now: float) -> Path:
    path = backups.prepare(backup, now)
    path.write_text("backup")
    return path


def test_due_at_once_and_then_after_the_time(backups: Backups) -> None:
    made = backups.add("data", "podman", DAY, 2, None)
    assert backups.due("docker", 1000.0) == []
    assert backups.due("podman", 1000.0) == [made]
    backups.succeeded(made, write(backups, made, 1000.0), 1000.0)
    assert backups.due("podman", 1000.0 + DAY - 1) == []
    assert [one.volume for one in backups.due("podman", 1000.0 + DAY)] == ["data"]
    # However much was missed, it is one backup.
    assert len(backups.due("podman", 1000.0 + 20 * DAY)) == 1
    assert backups.due("podman", 10.0) == []


def test_old_ones_go_and_others_stay(backups: Backups, tmp_path: Path) -> None:
    made = backups.add("data", "podman", DAY, 2, None)
    paths = []
    for number in range(4):
        now = 1000.0 + number * DAY
        paths.append(write(backups, made, now))
        deleted = backups.succeeded(made, paths[-1], now)
        assert deleted == [str(path) for path in paths[number - 2 : number - 1] if number >= 2]
        (tmp_path / "own" / "data-19990101-000000.tar.zst").write_text("the user's own")
    assert [path.exists() for path in paths] == [False, False, True, True]
    assert (tmp_path / "own" / "data-19990101-000000.tar.zst").exists()
    assert backups.find("data", "podman").files == [str(path) for path in paths[2:]]


def test_a_failure_deletes_nothing_and_is_tried_again(backups: Backups) -> None:
    made = backups.add("data", "podman", DAY, 1, None)
    path = write(backups, made, 1000.0)
    backups.succeeded(made, path, 1000.0)
    backups.failed(made, "no room", 1000.0 + DAY)
    assert path.exists()
    found = backups.find("data", "podman")
    assert (found.error, found.last, found.next) == ("no room", 1000.0, 1000.0 + DAY + RETRY)
    assert backups.due("podman", 1000.0 + DAY + RETRY - 1) == []
    assert len(backups.due("podman", 1000.0 + DAY + RETRY)) == 1
    backups.succeeded(made, write(backups, made, 3 * DAY), 3 * DAY)
    assert backups.find("data", "podman").error is None


def test_two_in_one_second_have_two_names(backups: Backups) -> None:
    made = backups.add("data", "podman", DAY, 5, None)
    assert write(backups, made, 1000.0) != backups.prepare(made, 1000.0)


def test_a_folder_that_is_gone_is_not_made(backups: Backups, tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    with pytest.raises(NotFoundError, match="no folder"):
        backups.add("data", "podman", DAY, 5, str(folder))
    folder.mkdir()
    made = backups.add("data", "podman", DAY, 5, str(folder))
    folder.rmdir()
    with pytest.raises(NotFoundError, match="no folder"):
        backups.prepare(made, 1000.0)
    assert not folder.exists()


def test_halves_of_a_killed_service_are_deleted_some_day(backups: Backups, tmp_path: Path) -> None:
    made = backups.add("data", "podman", DAY, 5, str(tmp_path))
    half, other = tmp_path / ".data-20261121-100000.tar.zst.ab12", tmp_path / ".database-20261121-100000.tar.zst.ab12"
    for path in (half, other):
        path.write_text("half")
    written = half.stat().st_mtime
    backups.prepare(made, written + 100)
    assert half.exists()
    backups.prepare(made, written + 2 * DAY)
    assert not half.exists()
    assert other.exists()


def test_what_makes_no_sense(backups: Backups) -> None:
    for every, keep, folder in ((1.0, 5, None), (1e12, 5, None), (DAY, 0, None), (DAY, 5000, None), (DAY, 1, "here")):
        with pytest.raises(UsageError):
            backups.add("data", "podman", every, keep, folder)
    assert backups.all() == []
    backups.add("data", "podman", DAY, 1, None)
    with pytest.raises(ConflictError, match="already"):
        backups.add("data", "podman", DAY, 1, None)
    backups.add("data", "docker", DAY, 1, None)
    backups.remove("data", "podman")
    assert [one.engine for one in backups.all()] == ["docker"]
    with pytest.raises(NotFoundError):
        backups.remove("data", "podman")


def test_removed_while_it_ran(backups: Backups) -> None:
    made = backups.add("data", "podman", DAY, 1, None)
    path = write(backups, made, 1000.0)
    backups.remove("data", "podman")
    assert backups.succeeded(made, path, 1000.0) == []
    backups.failed(made, "why", 1000.0)
    assert path.exists()
    assert backups.all() == []


@pytest.mark.parametrize(
    ("text", "words"), [("{", "cannot be read"), (json.dumps({"backups": [], "format": 2}), "newer Linnet")]
)
def test_a_file_that_cannot_be_read_is_left_alone(backups: Backups, tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "backups.json").write_text(text)
    with pytest.raises(ConfigError, match=words):
        backups.all()
    with pytest.raises(ConfigError, match=words):
        backups.add("data", "podman", DAY, 1, None)
    assert (tmp_path / "backups.json").read_text() == text
