"""The installer's commands: what runs, what is skipped the second time, and how failures are told."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from installer import environment, guest, needs, steps, system
from installer.console import InstallError, call
from installer.environment import Environment
from installer.needs import Need

ROOT = Path(__file__).resolve().parents[3]


def test_help_works_in_a_process_of_its_own() -> None:
    script = ROOT / "installer" / "bootstrap.py"
    done = subprocess.run([sys.executable, script, "--help"], capture_output=True, text=True, check=True)
    for word in ("setup", "run", "test"):
        assert word in done.stdout


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "Linnet größe"
    root.mkdir()
    (root / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    monkeypatch.setattr(environment, "output", lambda _: "1")
    return root


class Pip:
    """Stands in for `call` in the environment: makes the folder, remembers the extras."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.installed: list[str] = []

    def __call__(self, argv: list[object], **_: object) -> int:
        (self.root / ".venv").mkdir(exist_ok=True)
        self.installed += [str(word) for word in argv if str(word).startswith(".[")]
        return 0


def test_nothing_is_installed_twice(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pip = Pip(checkout)
    (checkout / ".venv").mkdir()
    monkeypatch.setattr(environment, "call", pip)
    for extras in ({"libvirt"}, {"libvirt"}, {"libvirt", "dev"}, {"libvirt"}):
        Environment(checkout).prepare(extras)
    assert pip.installed == [".[libvirt]", ".[dev,libvirt]"]
    (checkout / "pyproject.toml").write_text("[project]\nname = 'y'\n")
    Environment(checkout).prepare({"libvirt"})
    assert pip.installed[-1] == ".[libvirt]"
    assert len(pip.installed) == 3


def test_a_failed_pip_is_told_and_tried_again(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (checkout / ".venv").mkdir()
    monkeypatch.setattr(environment, "call", lambda *_, **__: 1)
    with pytest.raises(InstallError, match="dependencies") as caught:
        Environment(checkout).prepare({"libvirt"})
    assert "network" in caught.value.hint
    assert not (checkout / ".venv" / environment.STAMP).exists()


def test_what_is_missing_is_said_before_it_is_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    there: list[str] = []
    need = Need("a bird", lambda: bool(there), {"brew": ("linnet-bird",)})
    monkeypatch.setattr(system, "needs", lambda _: [need])
    monkeypatch.setattr(system, "package_manager", lambda: "brew")

    def install(argv: list[str], **_: object) -> int:
        assert "a bird (linnet-bird)" in capsys.readouterr().out
        there.append(argv[-1])
        return 0

    monkeypatch.setattr(system, "call", install)
    system.install_missing(tests=False)
    assert there == ["linnet-bird"]


def test_what_is_still_missing_afterwards_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "needs", lambda _: [Need("a bird", lambda: False, {"brew": ("linnet-bird",)})])
    monkeypatch.setattr(system, "package_manager", lambda: "brew")
    monkeypatch.setattr(system, "call", lambda *_, **__: 0)
    with pytest.raises(InstallError, match="a bird"):
        system.install_missing(tests=False)


def test_no_package_manager_is_an_error_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "needs", lambda _: [Need("a bird", lambda: False, {})])
    monkeypatch.setattr(system, "package_manager", lambda: "")
    with pytest.raises(InstallError, match="No package manager") as caught:
        system.install_missing(tests=False)
    assert "by hand" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2+deb13u1~bpo12+1)", (10, 0, 2)),
        ("qemu-img version 7.2.17", (7, 2, 17)),
        ("nothing", ()),
    ],
)
def test_versions_are_read(text: str, version: tuple[int, ...]) -> None:
    assert needs.version_of(text) == version


def test_every_need_of_debian_names_a_package() -> None:
    for machine in ("x86_64", "aarch64"):
        assert all(need.packages_for("apt") for need in needs.needs(machine)) or sys.platform != "linux"


def test_failing_checks_do_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[str] = []

    def run(argv: list[object], **_: object) -> int:
        ran.append(str(argv[2]))
        return int(argv[2] == "mypy")

    monkeypatch.setattr(steps, "call", run)
    monkeypatch.setattr(steps, "set_up", lambda root, **_: Environment(root))
    assert steps.run_tests(tmp_path, quick=True) == 1
    assert ran == ["ruff", "ruff", "mypy", "pytest"]
    seen = capsys.readouterr()
    assert "FAILED  Types" in seen.out
    assert "What to do" in seen.err


def test_a_program_that_runs_for_too_long_is_ended() -> None:
    with pytest.raises(InstallError, match="still running"):
        call([sys.executable, "-c", "import time; time.sleep(60)"], timeout=0.2)


class Linnet:
    """Stands in for the `linnet` program: a store of images."""

    def __init__(self) -> None:
        self.images: list[str] = []
        self.built = 0

    def call(self, argv: list[object], **_: object) -> int:
        self.built += 1
        self.images.insert(0, f"2026.11-{self.built}")
        return 0

    def output(self, _: list[object]) -> str:
        return json.dumps([{"version": version} for version in self.images])


def test_the_image_is_built_once_per_recipe(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    linnet = Linnet()
    monkeypatch.setattr(guest, "call", linnet.call)
    monkeypatch.setattr(guest, "output", linnet.output)
    (checkout / ".venv").mkdir()
    recipe = checkout / "resources" / "guest" / "recipe.yaml"
    recipe.parent.mkdir(parents=True)
    recipe.write_text("one")
    for content, built in (("one", 1), ("one", 1), ("two", 2), ("two", 2)):
        recipe.write_text(content)
        guest.prepare_image(Environment(checkout))
        assert linnet.built == built
    linnet.images.clear()
    guest.prepare_image(Environment(checkout))
    assert linnet.built == 3


def test_an_image_that_cannot_be_built_is_an_error(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guest, "call", lambda *_, **__: 8)
    monkeypatch.setattr(guest, "output", lambda _: "")
    (checkout / "resources" / "guest").mkdir(parents=True)
    (checkout / ".venv").mkdir()
    with pytest.raises(InstallError, match="image"):
        guest.prepare_image(Environment(checkout))
