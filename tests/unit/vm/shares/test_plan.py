"""Tests of vm.shares.plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from vm.config.shares import ShareConfig
from vm.errors import ConflictError, NotFoundError, UsageError
from vm.shares import plan
from vm.shares.base import Share, ShareKind

ALL = plan.Available(("virtiofs", "9p"))


def share(path: str, guest_path: str | None = None) -> Share:
    return plan.share_of(ShareConfig(Path(path), guest_path or path))


def test_the_best_available_kind_is_taken_and_explained() -> None:
    assert plan.choose(None, ALL) == plan.Choice(ShareKind.virtiofs)
    less = plan.choose(None, plan.Available(("virtiofs", "9p"), no_virtiofs="the program virtiofsd is not installed"))
    assert less.kind is ShareKind.ninep
    assert less.reason == "9p is used, because the program virtiofsd is not installed."
    least = plan.choose(None, plan.Available(()))
    assert least.kind is ShareKind.sftp
    assert least.reason is not None
    assert "has no virtiofs" in least.reason
    assert "has no 9p" in least.reason


def test_a_wanted_kind_is_honoured_or_its_absence_explained() -> None:
    assert plan.choose(ShareKind.sftp, ALL) == plan.Choice(ShareKind.sftp)
    assert plan.choose(ShareKind.ninep, ALL) == plan.Choice(ShareKind.ninep)
    other = plan.choose(ShareKind.virtiofs, plan.Available(("9p",)))
    assert other.kind is ShareKind.ninep
    assert other.reason == "9p is used instead of virtiofs, because QEMU on this host has no virtiofs."


def test_a_running_machine_gets_sftp() -> None:
    choice = plan.choose(None, plan.Available(("virtiofs", "9p"), running=True))
    assert choice.kind is ShareKind.sftp
    assert choice.reason is not None
    assert "next start" in choice.reason
    assert plan.choose(ShareKind.sftp, plan.Available((), running=True)).reason is None


def test_tags_fit_everywhere_and_differ() -> None:
    tags = {plan.tag_of(path) for path in ("/home/a", "/home/b", "/home/ü x\n")}
    assert len(tags) == 3
    assert all(len(tag) == 8 and tag.isalnum() for tag in tags)


def test_folders_are_checked(tmp_path: Path) -> None:
    plan.check_folder(tmp_path)
    with pytest.raises(NotFoundError, match="does not exist"):
        plan.check_folder(tmp_path / "missing")
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="not a folder"):
        plan.check_folder(tmp_path / "file")


@pytest.mark.parametrize("taken", ["/srv/a", "/srv/a/b", "/srv"])
def test_overlapping_places_are_refused(taken: str) -> None:
    with pytest.raises(ConflictError, match="overlaps"):
        plan.check_place(share("/x", "/srv/a"), [share("/y", taken)])


def test_neighbours_are_fine() -> None:
    plan.check_place(share("/x", "/srv/ab"), [share("/y", "/srv/a")])


def test_own_folders_inside_a_share_are_found(tmp_path: Path) -> None:
    home = tmp_path / "home"
    data = home / ".local" / "share" / "linnet"
    inner = data / "machines"
    inner.mkdir(parents=True)
    one = share(str(home), "/mnt/c/home")
    assert plan.hidden_in(one, [inner, data, tmp_path / "elsewhere"]) == ["/mnt/c/home/.local/share/linnet"]


def test_outer_shares_come_first() -> None:
    inner, outer, other = share("/a/b/c"), share("/a"), share("/z/y")
    groups = plan.by_depth([inner, other, outer])
    assert [one.guest_path for one in groups[0]] == ["/a", "/z/y"]
    assert [one.guest_path for one in groups[1]] == ["/a/b/c"]
