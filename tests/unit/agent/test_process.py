"""Tests of agent.process."""

from __future__ import annotations

import pytest

from agent.errors import AgentError
from agent.process import check, run


def test_output_of_both_streams_and_the_code_come_back() -> None:
    assert run("sh", "-c", "echo out; echo err >&2; exit 3") == (3, "out\nerr\n")


def test_a_daemon_that_keeps_the_pipe_open_is_not_waited_for() -> None:
    assert run("sh", "-c", "sleep 3 & echo started", timeout=2) == (0, "started\n")


def test_failures_say_what_failed() -> None:
    with pytest.raises(AgentError, match="sh failed: no such thing") as error:
        check("sh", "-c", "echo first; echo no such thing; exit 1")
    assert error.value.detail == "first\nno such thing"
    with pytest.raises(AgentError, match="no program linnet-no-such-program") as error:
        run("linnet-no-such-program")
    assert error.value.code == "unavailable"


def test_what_takes_too_long_is_killed() -> None:
    with pytest.raises(AgentError, match=r"sleep did not end within 0\.1 s") as error:
        run("sleep", "30", timeout=0.1)
    assert error.value.code == "timeout"
