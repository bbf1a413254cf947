"""The folder of a build as an archive: what `.dockerignore` leaves out, and what becomes of odd files."""

from __future__ import annotations

import io
import os
import socket
import stat
import tarfile
from pathlib import Path
from typing import Any

import pytest

from app.gui.pages.images import names
from app.gui.pages.images.building import BuildSpec, recall
from app.gui.pages.images.context import archive, scan, total
from app.gui.pages.images.dockerfile import look
from app.gui.pages.images.ignore import Ignore
from vm.errors import CancelledByUserError, NotFoundError, UnavailableError, UsageError


def make(folder: Path, *files: str) -> None:
    for name in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<{name}>", encoding="utf-8")


def packed(folder: Path, dockerfile: str = "Dockerfile") -> tarfile.TarFile:
    return tarfile.open(fileobj=io.BytesIO(b"".join(archive(scan(folder, dockerfile)))))


@pytest.mark.parametrize(
    ("lines", "path", "ignored"),
    [
        (["node_modules"], "node_modules/a/b.js", True),
        (["node_modules"], "web/node_modules", False),
        (["**/node_modules"], "web/node_modules/a", True),
        (["**/node_modules"], "node_modules", True),
        (["*.log"], "a.log", True),
        (["*.log"], "logs/a.log", False),
        (["*/*.log"], "logs/a.log", True),
        (["/build/"], "build/x", True),
        (["  # not a comment"], "# not a comment", False),
        (["# comment", ""], "# comment", False),
        (["docs", "!docs/README.md"], "docs/README.md", False),
        (["docs", "!docs/README.md"], "docs/other.md", True),
        (["!docs", "docs"], "docs", True),
        (["temp?"], "temp1", True),
        (["temp?"], "temp/", False),
        (["v[0-9].txt"], "v7.txt", True),
        (["v[^0-9].txt"], "v7.txt", False),
        (["a/**"], "a", False),
        (["a/**"], "a/b/c", True),
        (["**"], "a/b", True),
        (["**", "!src/**"], "src/main.c", False),
        (["./x"], "x", True),
        (["\\*"], "*", True),
        (["\\*"], "a", False),
        (["\ufeffx"], "x", True),
        (["한글*"], "한글.txt", True),
        (["."], "x", False),
        (["[z"], "[z", True),
        (["[z-a]"], "[z-a]", True),
    ],
)
def test_patterns(lines: list[str], path: str, ignored: bool) -> None:
    assert Ignore(lines).ignores(path) is ignored


def test_the_archive_has_the_folder(tmp_path: Path) -> None:
    make(tmp_path, "Dockerfile", "src/main.c", "src/deep/er.c", "big.bin")
    (tmp_path / "big.bin").write_bytes(os.urandom(700_000))
    (tmp_path / "run.sh").write_text("x", encoding="utf-8")
    (tmp_path / "run.sh").chmod(0o755)
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to("src/main.c")
    (tmp_path / ("ÿ" * 60 + "–long" * 12)).write_text("name", encoding="utf-8")
    with packed(tmp_path) as tar:
        found = {member.name: member for member in tar}
        assert list(found)[:2] == ["Dockerfile", "big.bin"]
        assert found["src"].isdir()
        assert found["empty"].isdir()
        assert found["link"].linkname == "src/main.c"
        assert found["run.sh"].mode & stat.S_IXUSR
        assert "ÿ" * 60 + "–long" * 12 in found
        content = tar.extractfile("big.bin")
        assert content is not None
        assert content.read() == (tmp_path / "big.bin").read_bytes()
    assert total(scan(tmp_path, "Dockerfile")) > 700_000


def test_what_is_ignored_stays_but_for_what_the_engine_needs(tmp_path: Path) -> None:
    make(tmp_path, "build/Dockerfile", "build/junk", ".dockerignore", "docs/a", "docs/keep", "secret", "main.c")
    (tmp_path / ".dockerignore").write_text("build\ndocs\n!docs/keep\nsecret\n.dockerignore\n", encoding="utf-8")
    with packed(tmp_path, "build/Dockerfile") as tar:
        assert sorted(tar.getnames()) == [
            ".dockerignore",
            "build",
            "build/Dockerfile",
            "docs",
            "docs/keep",
            "main.c",
        ]


def test_the_dockerfiles_own_list_comes_first(tmp_path: Path) -> None:
    make(tmp_path, "Dockerfile", "a", "b")
    (tmp_path / ".dockerignore").write_text("a", encoding="utf-8")
    (tmp_path / "Dockerfile.dockerignore").write_text("b", encoding="utf-8")
    with packed(tmp_path) as tar:
        assert "a" in tar.getnames()
        assert "b" not in tar.getnames()


def test_sockets_are_left_out_and_an_ignored_folder_is_not_even_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "Dockerfile", "node_modules/x")
    (tmp_path / ".dockerignore").write_text("node_modules", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("s")
        real, read = os.scandir, []

        def noting(path: Path) -> Any:
            read.append(path.name)
            return real(path)

        monkeypatch.setattr(os, "scandir", noting)
        with packed(tmp_path) as tar:
            assert tar.getnames() == [".dockerignore", "Dockerfile"]
    assert "node_modules" not in read


@pytest.mark.parametrize("change", [b"", b"much longer than it was before"])
def test_a_file_that_changes_meanwhile_does_not_spoil_the_archive(tmp_path: Path, change: bytes) -> None:
    make(tmp_path, "Dockerfile", "a", "z")
    entries = scan(tmp_path, "Dockerfile")
    (tmp_path / "a").write_bytes(change)
    with tarfile.open(fileobj=io.BytesIO(b"".join(archive(entries)))) as tar:
        assert [member.name for member in tar] == ["Dockerfile", "a", "z"]
        last = tar.extractfile("z")
        assert last is not None
        assert last.read() == b"<z>"


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no folder"):
        scan(tmp_path / "none", "Dockerfile")
    with pytest.raises(NotFoundError, match="no file Dockerfile"):
        scan(tmp_path, "Dockerfile")
    folder = tmp_path / "in"
    make(tmp_path, "Outside", "in/x")
    with pytest.raises(UsageError, match="outside"):
        scan(folder, "../Outside")
    make(folder, "Dockerfile")
    entries = scan(folder, "Dockerfile")
    (folder / "x").unlink()
    with pytest.raises(UnavailableError, match=r"x cannot be read.*") as caught:
        list(archive(entries))
    assert ".dockerignore" in (caught.value.hint or "")

    def enough() -> None:
        raise CancelledByUserError("Cancelled.")

    with pytest.raises(CancelledByUserError):
        scan(folder, "Dockerfile", enough)


def test_what_a_dockerfile_tells(tmp_path: Path) -> None:
    (tmp_path / "Containerfile").write_text(
        "ARG BASE=x\nFROM --platform=$P ${BASE} AS build\nARG VERSION\nFROM scratch as final\n", encoding="utf-8"
    )
    facts = look(str(tmp_path), "")
    assert (facts.dockerfile, facts.stages, facts.arguments) == (
        "Containerfile",
        ("build", "final"),
        ("BASE", "VERSION"),
    )
    assert look(str(tmp_path), "Other").found is False
    assert look(str(tmp_path / "none"), "").exists is False
    assert look("", "").exists is False


def test_values_that_look_secret_are_not_remembered() -> None:
    spec = BuildSpec("/x", args={"VERSION": "1", "NPM_TOKEN": "t0k", "DB_PASSWORD": "pw"}, tag="a")
    kept = recall(spec.memory())
    assert kept.args == {"VERSION": "1", "NPM_TOKEN": "", "DB_PASSWORD": ""}
    assert kept.tag == "a"


@pytest.mark.parametrize(
    ("reference", "parts"),
    [
        ("nginx", ("nginx", "latest")),
        ("nginx:1.27", ("nginx", "1.27")),
        ("r.example:5000/a/b", ("r.example:5000/a/b", "latest")),
        ("r.example:5000/a:2", ("r.example:5000/a", "2")),
        ("a:1@sha256:" + "0" * 64, ("a", "sha256:" + "0" * 64)),
    ],
)
def test_references_are_taken_apart(reference: str, parts: tuple[str, str]) -> None:
    assert names.split(reference) == parts


@pytest.mark.parametrize(
    "text", ["nginx", "a/b:1", "R.example:5000/a", "[::1]:5000/a", "a__b/c-d:V_1.2", "a@sha256:" + "0" * 64]
)
def test_good_names(text: str) -> None:
    assert names.check_reference(text) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Nginx", "capital"),
        ("a b", "spaces"),
        ("a:", "write it like"),
        ("/a", "write it like"),
        ("a//b", "write it like"),
        ("http://a/b", "write it like"),
        ("이미지", "write it like"),
        ("a" * 20 + ":" + "x" * 200, "write it like"),
    ],
)
def test_bad_names(text: str, said: str) -> None:
    assert said in names.check_reference(text)
