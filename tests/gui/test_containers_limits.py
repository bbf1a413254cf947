"""The tab of limits: what is in force, what is sent, what is said; and the message when memory was full."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.gui.pages.containers.limits import LimitsTab
from app.gui.pages.containers.limitvalues import Limits, changes, kills, limits_of, policy_change, uses_of, waits
from app.gui.window import MainWindow
from tests.gui.acts import Go, container_key, open_containers
from tests.gui.fake import FakeLinnet, Reply, recorded
from vm.units import MIB

LIMITS = "/machines/default/containers/.*/limits"
UPDATE = "/containers/.*/update"


@pytest.fixture
def tab(go: Go, qtbot: QtBot) -> LimitsTab:
    """The tab of the container `ticker`, loaded."""
    page = open_containers(go, qtbot)
    key = container_key(page, "ticker")
    page.detail.bring("limits")
    page.view.select([key])
    made = page.detail.tab("limits")
    assert isinstance(made, LimitsTab)
    qtbot.waitUntil(lambda: made._loaded)
    return made


def found(**more: Any) -> dict[str, Any]:
    entry: dict[str, Any] = recorded("service_v1_machines_default_limits")[0]
    return {**entry, **more}


def test_what_was_recorded(tab: LimitsTab) -> None:
    assert tab.wanted == Limits(0.5, 64, 16, 50, 300)
    assert not tab.apply_button.isEnabled()
    assert not tab.force_button.isVisible()
    assert "MiB more that it can give back" in tab.notes["memory"].text() or "KiB" in tab.notes["memory"].text()
    assert tab.notes["swap"].text() == "this machine has no swap"
    assert "has 1 process" in tab.notes["pids"].text()


def test_only_what_is_different_is_sent(tab: LimitsTab, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.service.on("PATCH", LIMITS, lambda _request: found(warnings=["swap is not there"]))
    tab.memory_slider.setValue(4)
    assert tab.memory.value() == 256
    tab.cpus.setValue(0.75)
    assert tab.cpu_slider.value() == 3
    tab.io_weight.setValue(500)
    tab.apply_button.click()
    qtbot.waitUntil(lambda: "swap is not there" in tab.said.text())
    body = {"cpus": 0.75, "memory": 256 * MIB, "io_weight": 500, "force": False}
    assert [one.body for one in fake.service.asked("PATCH", LIMITS)] == [body]
    assert fake.docker.asked("POST", UPDATE) == []


def test_the_restart_policy_is_the_engines(tab: LimitsTab, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.docker.on("POST", UPDATE, lambda _request: {"Warnings": []})
    tab.policy.setCurrentIndex(1)
    tab.retries.setValue(3)
    tab.apply_button.click()
    qtbot.waitUntil(lambda: tab.said.text() == "The engine took it, and it is in force.")
    policy = {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3}}
    assert [one.body for one in fake.docker.asked("POST", UPDATE)] == [policy]
    assert fake.service.asked("PATCH", LIMITS) == []


def test_below_what_is_used_only_when_it_is_wanted(tab: LimitsTab, fake: FakeLinnet, qtbot: QtBot) -> None:
    error = {"code": "conflict", "message": "Container 'ticker' holds 40 MiB.", "hint": None, "detail": None}
    fake.service.on("PATCH", LIMITS, lambda request: found() if request.body["force"] else Reply(error, 409))
    tab.memory.setValue(32)
    tab.apply_button.click()
    qtbot.waitUntil(lambda: tab.said.text() == "Nothing was changed: Container 'ticker' holds 40 MiB.")
    assert tab.force_button.isVisible()
    tab.memory.setValue(33)
    assert not tab.force_button.isVisible()
    tab.memory.setValue(32)
    tab.apply_button.click()
    qtbot.waitUntil(tab.force_button.isVisible)
    tab.force_button.click()
    qtbot.waitUntil(lambda: "in force" in tab.said.text())
    assert [one.body["force"] for one in fake.service.asked("PATCH", LIMITS)] == [False, False, True]


def test_other_refusals_offer_nothing(tab: LimitsTab, fake: FakeLinnet, qtbot: QtBot) -> None:
    error = {"code": "guest", "message": "The engine does not take it.", "hint": None, "detail": None}
    fake.service.on("PATCH", LIMITS, lambda _request: Reply(error, 502))
    tab.memory.setValue(4)
    assert "at least 8 MiB" in tab.said.text()
    assert not tab.apply_button.isEnabled()
    tab.pids.setValue(7)
    tab.memory.setValue(64)
    tab.apply_button.click()
    qtbot.waitUntil(lambda: "The engine does not take it." in tab.said.text())
    assert not tab.force_button.isVisible()
    assert tab.apply_button.isEnabled()
    tab.reset_button.click()
    assert tab.pids.value() == 50


def test_without_memory_limit_there_is_none_of_swap(tab: LimitsTab) -> None:
    assert tab.swap.isEnabled()
    tab.memory.setValue(0)
    assert not tab.swap.isEnabled()
    assert tab.wanted.swap == -1


def test_a_kernel_without_weights(tab: LimitsTab, fake: FakeLinnet, qtbot: QtBot) -> None:
    entry = found()
    entry["limits"]["io_weight"] = None
    fake.service.on("GET", LIMITS, lambda _request: entry)
    tab._load()
    qtbot.waitUntil(lambda: not tab.io_weight.isEnabled())
    assert tab.wanted.io_weight is None


def test_a_container_that_is_gone(tab: LimitsTab, fake: FakeLinnet, qtbot: QtBot) -> None:
    error = {"code": "not-found", "message": "There is no container 'ticker'.", "hint": None, "detail": None}
    fake.service.on("GET", LIMITS, lambda _request: Reply(error, 404))
    tab._load()
    qtbot.waitUntil(lambda: tab.said.text() == "There is no container 'ticker'.")


def test_values() -> None:
    policy = {"HostConfig": {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3}}}
    assert limits_of(found(), policy) == Limits(0.5, 64, 16, 50, 300, "on-failure", 3)
    bare = {"cpus": 0, "memory": 0, "swap": -1, "pids": 0, "io_weight": None}
    assert limits_of(found(limits=bare, running=False), {}) == Limits(io_weight=100)
    before, after = Limits(1, 64, 0, 5, 20), Limits(0, 0, -1, 0, 30, "always")
    assert changes(before, before) == {}
    assert changes(before, after) == {"cpus": 0, "memory": 0, "pids": 0, "io_weight": 30}
    assert changes(before, Limits(1, 64, -1, 5, 20)) == {"swap": -1}
    assert changes(before, Limits(1, 64, 8, 5, 20)) == {"swap": 8 * MIB}
    assert policy_change(before, before) == {}
    assert policy_change(before, after) == {"RestartPolicy": {"Name": "always", "MaximumRetryCount": 0}}


def test_words(tab: LimitsTab) -> None:
    assert uses_of(found(use=None)).memory == ""
    use = {**found()["use"], "throttled_usec": 2_500_000, "oom_kills": 2}
    said = uses_of(found(use=use))
    assert said.cpus == "held back for 2.5 s so far"
    assert "2 processes were ended because memory was full" in said.memory
    assert kills(0) == ""
    assert waits({"cpu": 12.4, "memory": 0.1, "io": 3}) == "Waits for CPU 12 %, disk 3 % of the time"
    assert waits({}) == ""


def test_full_memory_is_told_once_a_minute(window: MainWindow, fake: FakeLinnet, qtbot: QtBot) -> None:
    data = {
        "action": "oom", "id": fake.containers[0]["Id"], "name": "ticker", "image": "hello", "labels": {},
        "limit": 64 * MIB, "memory": 64 * MIB, "program": "tail", "guest": False, "limited": "",
    }  # fmt: skip
    fake.tell("container", data)
    fake.tell("container", data)
    fake.tell("container", {**data, "id": "77" * 32, "name": "", "guest": True})
    fake.tell("container", {**data, "id": "78" * 32, "name": "db", "limit": 0})
    qtbot.waitUntil(lambda: len(window._toasts.texts) == 3)
    first, second, third = window._toasts.texts
    assert first == "Container 'ticker' reached its memory limit of 64 MiB; a process in it was ended."
    assert second == f"The machine had no memory left; a process in container '{'77' * 6}' was ended."
    assert third == "Container 'db' reached its memory limit; a process in it was ended."
