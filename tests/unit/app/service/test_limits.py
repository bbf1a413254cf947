"""Routes of what containers may use."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.app.service.conftest import Running
from vm.errors import ConflictError, NotFoundError, UsageError

LIMITS = "/v1/machines/default/limits"
WEB = "/v1/machines/default/containers/web/limits"


async def test_all_and_one(running: Running) -> None:
    found = await running.call(lambda client: client.get(LIMITS))
    assert [one["name"] for one in found] == ["db", "web"]
    one = await running.call(lambda client: client.get(WEB))
    assert one == found[1]
    assert one["limits"]["io_weight"] is None
    assert one["pressure"]["cpu"]["some"] == 1.5
    with pytest.raises(NotFoundError, match="no container 'bird'"):
        await running.call(lambda client: client.get(WEB.replace("web", "bird")))


async def test_a_change(running: Running) -> None:
    body = {"memory": 2**26, "cpus": None, "swap": -1}
    answer = await running.call(lambda client: client.patch(WEB, body))
    assert answer["warnings"] == ["mind the step"]
    await running.call(lambda client: client.patch(WEB, {"pids": 0, "force": True}))
    assert running.machine.limits.changes == [("web", {"memory": 2**26, "swap": -1}, False), ("web", {"pids": 0}, True)]


@pytest.mark.parametrize(
    "body",
    [
        {"memory": "64m"},
        {"memory": -1},
        {"cpus": -0.5},
        {"swap": -2},
        {"pids": 1.5},
        {"io_weight": 9},
        {"io_weight": 1001},
        {"colour": "red"},
    ],
)
async def test_nonsense_is_refused(running: Running, body: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=next(iter(body))):
        await running.call(lambda client: client.patch(WEB, body))
    assert running.machine.limits.changes == []


async def test_a_refusal_is_passed_on(running: Running) -> None:
    running.machine.limits.refusal = ConflictError("It holds 30 MiB.", hint="--force")
    with pytest.raises(ConflictError, match="30 MiB") as error:
        await running.call(lambda client: client.patch(WEB, {"memory": 2**26}))
    assert error.value.hint == "--force"
