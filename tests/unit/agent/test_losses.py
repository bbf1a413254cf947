"""Tests of agent.losses, on folders as engines leave them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from agent.losses import anonymous_volumes, measure, mount_points, upper_folder

INSPECTED = {
    "GraphDriver": {"Name": "overlay", "Data": {"UpperDir": "/layers/1/diff", "LowerDir": "/layers/0/diff"}},
    "Mounts": [
        {"Type": "volume", "Name": "a" * 64, "Destination": "/var/lib/db", "Source": "/volumes/a"},
        {"Type": "volume", "Name": "named", "Destination": "/named"},
        {"Type": "bind", "Source": "/home", "Destination": "/home"},
    ],
}


def write(path: Path, size: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)


def test_the_biggest_come_first_and_folders_stand_for_many(tmp_path: Path) -> None:
    write(tmp_path / "root" / "work.db", 900_000)
    for number in range(40):
        write(tmp_path / "srv" / "app" / "data" / f"{number}", 10_000)
    write(tmp_path / "etc" / "app.conf", 100)
    found = measure(str(tmp_path))
    assert found.paths == (("/root/work.db", 900_000), ("/srv/app/data/", 400_000), ("/etc/app.conf", 100))
    assert (found.bytes, found.files, found.complete) == (1_300_100, 42, True)
    assert found.to_json()["paths"][0] == {"path": "/root/work.db", "bytes": 900_000}


def test_caches_pid_files_and_what_engines_make_do_not_count(tmp_path: Path) -> None:
    for path in ("run/nginx.pid", "var/cache/apt/x", "root/.cache/pip/x", "etc/hosts", "etc/resolv.conf",
                 "usr/lib/python3/__pycache__/a.pyc", "srv/server.pid", "home/u/mounted/x", ".dockerenv"):  # fmt: skip
        write(tmp_path / path, 5000)
    found = measure(str(tmp_path), ["/home/u/mounted"])
    assert (found.bytes, found.files, found.paths) == (0, 0, ())


def test_in_a_volume_everything_counts(tmp_path: Path) -> None:
    write(tmp_path / "run" / "server.pid", 5)
    assert measure(str(tmp_path), layer=False).paths == (("/run/server.pid", 5),)


def test_whiteouts_links_and_holes(tmp_path: Path) -> None:
    os.mknod(tmp_path / "deleted", stat.S_IFCHR, 0)
    write(tmp_path / "one", 5000)
    (tmp_path / "two").hardlink_to(tmp_path / "one")
    (tmp_path / "link").symlink_to("one")
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 30)
    found = measure(str(tmp_path))
    assert (found.bytes, found.deleted, len(found.paths)) == (5000, 1, 1)


def test_time_ends_it_and_it_says_so(tmp_path: Path) -> None:
    write(tmp_path / "one", 5000)
    assert not measure(str(tmp_path), seconds=-1).complete
    deep = tmp_path.joinpath(*["d"] * 300)
    write(deep / "file", 100)
    assert not measure(str(tmp_path)).complete


def test_what_is_missing_is_empty(tmp_path: Path) -> None:
    assert measure(str(tmp_path / "gone")) == (0, 0, 0, (), True)


def test_what_an_inspect_answer_says() -> None:
    assert upper_folder(INSPECTED) == "/layers/1/diff"
    assert upper_folder({"GraphDriver": {"Data": None}}) is None
    assert mount_points(INSPECTED) == ["/var/lib/db", "/named", "/home"]
    assert [mount["Destination"] for mount in anonymous_volumes(INSPECTED)] == ["/var/lib/db"]
