"""Tests of agent.clock."""

from __future__ import annotations

import time

import pytest

from agent.clock import set_clock


@pytest.mark.parametrize(("ahead", "stepped"), [(0.04, False), (-0.04, False), (0.06, True), (-3600.0, True)])
def test_the_clock_is_stepped_only_when_it_is_off(monkeypatch: pytest.MonkeyPatch, ahead: float, stepped: bool) -> None:
    calls: list[tuple[int, float]] = []
    monkeypatch.setattr(time, "time", lambda: 1_000_000.0 + ahead)
    monkeypatch.setattr(time, "clock_settime", lambda clock, value: calls.append((clock, value)))
    assert set_clock(1_000_000.0) == pytest.approx(ahead, abs=1e-6)
    assert calls == ([(time.CLOCK_REALTIME, 1_000_000.0)] if stepped else [])
