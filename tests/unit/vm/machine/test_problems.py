"""Problems stay until a good start, and those that explain the start stay after it."""

from __future__ import annotations

import logging

import pytest

from vm.machine.problems import KEPT, Problems


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "vm.machine.problems")


def test_told_and_kept() -> None:
    told: list[str] = []
    problems = Problems("m", told.append)
    problems.add("one")
    problems.add("two")
    assert told == problems.all() == ["one", "two"]


def test_forgets_only_the_past() -> None:
    problems = Problems("m", lambda _text: None)
    problems.add("one")
    past = problems.all()
    problems.add("two")
    problems.forget(past)
    assert problems.all() == ["two"]
    problems.forget([])
    assert problems.all() == ["two"]


def test_bounded_also_while_something_is_past() -> None:
    problems = Problems("m", lambda _text: None)
    for number in range(KEPT):
        problems.add(f"old {number}")
    past = problems.all()
    for number in range(3):
        problems.add(f"new {number}")
    assert len(problems.all()) == KEPT
    problems.forget(past)
    assert problems.all() == ["new 0", "new 1", "new 2"]
