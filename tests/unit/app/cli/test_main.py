"""Tests of app.cli.main."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app import __version__
from app.cli.main import OWN, is_own, split
from app.cli.run import MODULES, SECTIONS, load_all, sections
from app.cli.verbs import check_verb
from tests.unit.app.cli.conftest import Ended
from vm.errors import UsageError


@pytest.mark.parametrize(
    ("command", "own"),
    [
        ("machine list", True),
        ("machine whatever", True),
        ("image list", True),
        ("image build", True),
        ("image --help", True),
        ("image", True),
        ("image ls", False),
        ("image inspect x", False),
        ("port list", True),
        ("port web", False),
        ("port ls", True),
        ("config get memory", True),
        ("config ls", True),
        ("config whatever", True),
        ("ps", False),
        ("images", False),
        ("build .", False),
        ("run img", False),
    ],
)
def test_which_commands_are_linnets_own(command: str, own: bool) -> None:
    assert is_own(command.split()) is own


def test_options_before_the_command() -> None:
    options = split(["-m", "work", "--verbose", "run", "-m", "1g", "img"])
    assert (options.machine, options.verbose, options.words) == ("work", True, ["run", "-m", "1g", "img"])
    assert split(["--machine=x", "ps"]).machine == "x"
    forced = split(["-m", "x", "--", "image", "prune"])
    assert (forced.engine, forced.words) == (True, ["image", "prune"])
    assert not split(["exec", "c", "--", "ls"]).engine


@pytest.mark.parametrize("words", [["--debug", "ps"], ["-m"], ["-x"]])
def test_unknown_options_before_the_command_are_refused(words: list[str]) -> None:
    with pytest.raises(UsageError):
        split(words)


@pytest.mark.parametrize("words", [["--version"], ["version"]])
def test_version(linnet: Callable[..., Ended], words: list[str]) -> None:
    assert linnet(*words) == (0, f"linnet {__version__}\n", "")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["machin", "list"], "machine"),
        (["shar", "list"], "share"),
        (["machine", "strat"], "linnet machine start"),
        (["config", "gett"], "linnet config get"),
        (["config", "show"], "There are: edit, get, list, set, validate"),
        (["image", "fetsh"], "linnet image fetch"),
        (["engine", "lst"], "linnet engine list"),
        (["volume", "rolback", "data", "x"], "Did you mean 'linnet volume rollback'?"),
        (["volume", "backup", "ad"], "Did you mean 'linnet volume backup add'?"),
        (["volume", "backup", "show"], "There are: add, list, remove, run."),
        (["help", "volume", "backup", "ad"], "Did you mean 'linnet volume backup add'?"),
        (["help", "trash", "restor"], "Did you mean 'linnet trash restore'?"),
        (["help", "trash", "list", "web"], "linnet help trash list"),
        (["help", "trahs"], "Did you mean 'linnet trash'?"),
        (["config", "get", "x", "y"], "--help"),
        (["machine", "list", "--jsn"], "--help"),
        (["completion", "tcsh"], "--help"),
        (["--nonsense"], "linnet help"),
    ],
)
def test_slips_of_the_pen_are_usage_errors_with_a_hint(
    linnet: Callable[..., Ended], words: list[str], hint: str
) -> None:
    ended = linnet(*words)
    assert ended.out == ""
    assert ended.err.startswith("Error: ")
    assert hint in ended.err
    assert ended.code in (2, 125)


@pytest.mark.parametrize("words", ["port lost", "image inspekt x", "image sign x", "images", "buildah", "dive img"])
def test_what_may_be_the_engines_is_left_to_it(words: str) -> None:
    check_verb(words.split(), OWN)


def test_help_lists_every_command(linnet: Callable[..., Ended]) -> None:
    text = linnet("help").out
    assert text == linnet().out == linnet("--help").out
    for word in OWN:
        assert word.startswith("_") or f"  {word}" in text


def test_every_command_has_its_place_in_the_overviews(linnet: Callable[..., Ended]) -> None:
    placed = [entry.path for _, members in sections() for entry in members]
    assert sorted(placed) == sorted(entry.path for entry in load_all() if not entry.hidden)
    text = linnet("help").out
    places = [text.index(f"\n{heading}\n") for heading, _ in SECTIONS]
    assert places == sorted(places)
    assert places[2] < text.index("  trash restore") < places[3]


def test_help_on_groups_and_commands(linnet: Callable[..., Ended]) -> None:
    assert "machine create" in linnet("machine", "--help").out
    assert linnet("machine").code == 2
    assert "everything else under `image`" in linnet("image", "-h").out.lower()
    text = linnet("help", "machine", "create").out
    assert text == linnet("machine", "create", "--help").out
    assert "linnet machine create [NAME]" in text
    assert "--memory SIZE" in text
    assert linnet("help", "machine", "nonsense").code == 2


def test_every_own_word_has_a_module() -> None:
    assert set(MODULES) == {word for word in OWN if not word.startswith("_")}
