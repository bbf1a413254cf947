"""Settings files, right and wrong, through the command line; no machine is started."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.exits import Exit
from tests.vm.product import Product


@pytest.fixture
def described(fresh: Product) -> Product:
    """A Linnet whose machine exists but has never been started."""
    fresh.ok("machine", "create", fresh.machine)
    return fresh


@pytest.mark.parametrize(
    ("assignment", "sentence", "hint"),
    [
        ("cpus=0", "cpus: 0 is too little; the least is 1.", "is the default."),
        ("cpus=10000", "cpus: 10000 is too much; this computer has", "is the default here."),
        ("memory=900TiB", "is too much; this computer has", "is the default here."),
        ("cpu=2", "There is no setting 'cpu'.", "Did you mean 'cpus'?"),
        ("driver=vmware", "'vmware' is not one of", "libvirt"),
    ],
)
def test_impossible_values_make_no_machine(fresh: Product, assignment: str, sentence: str, hint: str) -> None:
    done = fresh.linnet("machine", "create", "--set", assignment)
    assert done.returncode == Exit.usage
    assert sentence in done.stderr
    assert hint in done.stderr
    assert fresh.json("machine", "list") == []


def test_a_slip_in_linnets_own_groups_starts_nothing(fresh: Product) -> None:
    for words in (["config", "lst"], ["share", "ad", "/tmp"], ["image", "fetsh"], ["machin", "list"]):
        done = fresh.linnet(*words)
        assert done.returncode in (Exit.usage, Exit.not_passed)
        assert "Did you mean" in done.stderr
    assert fresh.json("machine", "list") == []


def test_broken_file_is_reported_and_kept(described: Product) -> None:
    path = described.files.config
    path.write_text("cpus: [1")
    for command in (["machine", "start"], ["config", "validate"], ["ps"]):
        done = described.linnet(*command)
        assert done.returncode in (Exit.config, Exit.not_passed)
        assert str(path) in done.stderr
        assert "line 1" in done.stderr
    assert described.status()["state"] == "broken"
    assert described.json("machine", "list")[0]["state"] == "broken"
    assert path.read_text() == "cpus: [1"


def test_all_problems_at_once_by_line_and_field(described: Product) -> None:
    described.files.config.write_text("cpuss: 2\ncpus: many\nmemory: 2GiB\ndisk: 1\n")
    done = described.linnet("config", "validate")
    assert done.returncode == Exit.config
    assert "Warning: line 1: cpuss: Unknown setting; it is ignored. Did you mean 'cpus'?" in done.stderr
    assert "line 2: cpus:" in done.stderr
    assert "line 4: disk:" in done.stderr


def test_unknown_key_is_only_a_warning(described: Product) -> None:
    described.files.config.write_text("memry: 2GiB\n")
    done = described.linnet("config", "validate")
    assert done.returncode == Exit.ok
    assert "Did you mean 'memory'?" in done.stderr


def test_set_and_get_keep_the_users_comments(described: Product) -> None:
    described.files.config.write_text("# mine\ncpus: 1  # one is enough\n")
    described.ok("config", "set", "memory", "1GiB")
    assert described.ok("config", "get", "memory").strip() == "1GiB"
    text = described.files.config.read_text()
    assert text.startswith("# mine\ncpus: 1  # one is enough\n")
    assert described.linnet("config", "set", "memory", "lots").returncode == Exit.usage
    assert described.files.config.read_text() == text


def test_shares_that_cannot_be(described: Product, tmp_path: Path) -> None:
    missing = described.linnet("share", "add", str(tmp_path / "missing"))
    assert missing.returncode == Exit.usage
    assert "does not exist" in missing.stderr
    assert "Make the folder first" in missing.stderr
    own = described.linnet("share", "add", str(described.base / "l"))
    assert own.returncode == Exit.usage
    assert "the machine's own files" in own.stderr
    assert described.json("share", "list")[1:] == []


def test_names(described: Product) -> None:
    assert described.linnet("machine", "start", "nope").returncode == Exit.not_found
    assert described.linnet("machine", "start", "UPPER").returncode == Exit.usage
    assert described.linnet("machine", "create", described.machine).returncode == Exit.conflict
