"""Tests of app.cli.removals: which commands remove, and what their words mean."""

from __future__ import annotations

import pytest

from app.cli.removals import Keeping, explain, is_removal, read
from vm.errors import UsageError


@pytest.mark.parametrize(
    ("line", "kind", "names", "forced", "volumes"),
    [
        ("rm web", "rm", ["web"], False, False),
        ("rm -fv web db", "rm", ["web", "db"], True, True),
        ("rm -vft3 web", "rm", ["web"], True, True),
        ("container rm --force --time 3 --volumes web", "rm", ["web"], True, True),
        ("container remove web", "rm", ["web"], False, False),
        ("rm --force=false web", "rm", ["web"], False, False),
        ("rm -- -f", "rm", ["-f"], False, False),
        ("container prune --filter label=a", "prune", [], False, False),
        ("volume rm -f data", "volume-rm", ["data"], True, False),
        ("volume prune --all", "volume-prune", [], False, False),
        ("system prune --volumes -f", "system-prune", [], True, False),
        ("pod rm -f box", "pod-rm", ["box"], True, True),
        ("compose -f x.yaml --project-name p down -v", "down", [], True, True),
        ("compose down --rmi local -t 3", "down", [], True, False),
        ("compose rm -sv web", "compose-rm", ["web"], False, True),
    ],
)
def test_what_a_command_removes(line: str, kind: str, names: list[str], forced: bool, volumes: bool) -> None:
    removal = read(line.split())
    assert removal is not None
    assert (removal.kind, list(removal.names)) == (kind, names)
    assert (removal.forced, removal.takes_volumes) == (forced, volumes)
    assert list(removal.argv) == line.split()
    assert is_removal(line.split())


@pytest.mark.parametrize(
    "line",
    ["container ls", "container", "volume create rm", "compose up -d", "compose", "compose -f down up", "pod ps",
     "rm --help", "system df", "compose --dry-run down", "compose down --dry-run"],
)  # fmt: skip
def test_what_removes_nothing(line: str) -> None:
    assert read(line.split()) is None


def test_values_of_flags() -> None:
    removal = read(["rm", "-t", "3", "--time=5", "--filter", "a=b", "--filter", "c", "web"])
    assert removal is not None
    assert removal.value("time", "t") == "5"
    assert [value for flag, value in removal.values if flag == "filter"] == ["a=b", "c"]


def test_own_options_do_not_reach_the_engine() -> None:
    removal = read(
        [
            "rm",
            "--commit",
            "kept:1",
            "web",
            "--export=/tmp/x.tar",
            "-y",
            "--keep-as-volume",
            "/srv=a",
            "--keep-as-volume",
            "b",
        ]
    )
    assert removal is not None
    assert removal.argv == ("rm", "web")
    assert removal.keeping == ("kept:1", "/tmp/x.tar", ("/srv=a", "b"), True, True)
    assert Keeping(volumes=("b",)).anything
    assert not Keeping(yes=True).anything
    without = read(["rm", "web", "--no-trash", "--", "--commit"])
    assert without is not None
    assert (without.argv, without.keeping.trash) == (("rm", "web", "--", "--commit"), False)


@pytest.mark.parametrize("line", ["rm web --commit", "rm --commit a --commit b web"])
def test_own_options_need_one_value(line: str) -> None:
    with pytest.raises(UsageError):
        read(line.split())


def test_help_tells_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(["rm", "--help"], 0) == 0
    assert "--keep-as-volume" in capsys.readouterr().out
    assert explain(["compose", "up", "--help"], 0) == 0
    assert explain(["rm", "web"], 1) == 1
    assert capsys.readouterr().out == ""
