"""Limits of containers: what is asked for, what files of cgroups and engines say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent import cgroup, iocost, memory
from agent.containers import Container
from agent.errors import AgentError
from agent.limit_words import Values, engine_weight, of_engine, outcome, update
from agent.limits import Room, asked_for, limits_of, refuse_below_use, same, use_of

MIB = 1 << 20
ROOM = Room(cpus=2, memory=2048 * MIB, swap=0, io_weight=100)


def write(folder: Path, **files: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return str(folder)


def test_what_is_asked_for() -> None:
    params = {
        "container": "web",
        "cpus": 1.5,
        "memory": 64 * MIB,
        "swap": -1,
        "pids": 0,
        "io_weight": 500,
        "force": True,
    }
    assert asked_for(params, ROOM) == {"cpus": 1.5, "memory": 64 * MIB, "swap": -1, "pids": 0, "io_weight": 500}
    assert asked_for({"container": "web", "pids": 10, "cpus": None}, ROOM) == {"pids": 10}


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({}, "No limit"),
        ({"cpus": 2.5}, "to the 2 of the machine; 2.5"),
        ({"cpus": 0.001}, "0.01"),
        ({"cpus": -1}, "-1"),
        ({"memory": 5 * MIB}, "from 6 MiB to the 2048 MiB of the machine; 5 MiB"),
        ({"memory": 4096 * MIB}, "4096 MiB is not"),
        ({"memory": -5}, "memory"),
        ({"swap": -2}, "swap"),
        ({"swap": 1 << 60}, "swap"),
        ({"pids": -1}, "processes"),
        ({"pids": 10_000_000}, "4194304"),
        ({"io_weight": 9}, "10 to 1000; 9"),
        ({"io_weight": 0}, "10 to 1000"),
        ({"io_weight": 1001}, "1001"),
        ({"pids": 5, "io_weight": 1001}, "1001"),
    ],
)
def test_absurd_values(params: dict[str, Any], said: str) -> None:
    with pytest.raises(AgentError, match=said) as error:
        asked_for({"container": "web", **params}, ROOM)
    assert error.value.code == "usage"


def test_no_number_is_an_error_of_the_request() -> None:
    with pytest.raises(ValueError, match="much"):
        asked_for({"container": "web", "memory": "much"}, ROOM)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"memory": 99 * MIB}, "holds 100 MiB that it cannot give back, which is more than 99 MiB"),
        ({"swap": 7 * MIB}, "has 8 MiB in swap, more than 7 MiB"),
        ({"swap": 0}, "in swap"),
        ({"pids": 3}, "has 4 processes and threads, which is more than 3"),
    ],
)
def test_no_limit_below_what_is_used(wanted: Values, said: str) -> None:
    use = {"memory": 150 * MIB, "reclaimable": 50 * MIB, "swap": 8 * MIB, "pids": 4}
    with pytest.raises(AgentError, match=said) as error:
        refuse_below_use("web", wanted, use)
    assert error.value.code == "conflict"
    refuse_below_use("web", {"memory": 100 * MIB, "swap": 8 * MIB, "pids": 4, "cpus": 0.1}, use)
    refuse_below_use("web", {"memory": 0, "swap": -1, "pids": 0}, use)


def test_the_tightest_of_nested_cgroups_counts(tmp_path: Path) -> None:
    outer = write(
        tmp_path / "libpod-1.scope",
        cpu__max="max 100000\n", memory__max="max\n", memory__swap__max="max\n", pids__max="2048\n",
        io__weight="default 910\n254:16 5\n",
    )  # fmt: skip
    inner = write(
        tmp_path / "libpod-1.scope" / "container",
        cpu__max="150000 100000\n", memory__max="67108864\n", memory__swap__max="0\n", pids__max="100\n",
    )  # fmt: skip
    assert limits_of((outer, inner), "docker") == {
        "cpus": 1.5,
        "memory": 64 * MIB,
        "swap": 0,
        "pids": 100,
        "io_weight": 100,
    }
    assert limits_of((outer,), "docker") == {"cpus": 0, "memory": 0, "swap": -1, "pids": 2048, "io_weight": 100}
    assert limits_of((inner,), "podman")["io_weight"] is None


def test_what_a_container_uses(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "c",
        memory__current="1000000\n", memory__stat="anon 5\ninactive_file 20\nactive_file 3\nslab_reclaimable 1\n",
        memory__swap__current="7\n", memory__events="oom 2\noom_kill 1\n", pids__current="3\n",
        pids__events="max 4\n", cpu__stat="usage_usec 99\nthrottled_usec 55\n",
    )  # fmt: skip
    assert use_of((folder,)) == {
        "memory": 1_000_000, "reclaimable": 24, "swap": 7, "pids": 3, "cpu_usec": 99, "throttled_usec": 55,
        "oom_kills": 1, "pids_refused": 4,
    }  # fmt: skip


def test_folders_of_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {
        "/proc/5/cgroup": b"0::/user.slice/libpod-abc.scope/container/deep\n",
        "/proc/6/cgroup": b"0::/system.slice/docker-abc.scope\n",
        "/proc/7/cgroup": b"0::/other\n",
    }
    monkeypatch.setattr(cgroup, "read", lambda path: table.get(path, b""))
    base = "/sys/fs/cgroup/user.slice/libpod-abc.scope"
    assert cgroup.folders_of(5, "abc") == (base, f"{base}/container", f"{base}/container/deep")
    assert cgroup.of_process(5, "abc") == base
    assert cgroup.folders_of(6, "abc") == ("/sys/fs/cgroup/system.slice/docker-abc.scope",)
    assert cgroup.folders_of(7, "abc") == ("/sys/fs/cgroup/other",)
    assert (cgroup.folders_of(8, "abc"), cgroup.of_process(8, "abc")) == ((), None)


@pytest.mark.parametrize(
    ("name", "wanted", "found", "equal"),
    [
        ("cpus", 0.5, 0.5, True),
        ("cpus", 0, 2, True),  # engines cannot lift a limit, and get all CPUs instead
        ("memory", 0, 2048 * MIB, True),
        ("cpus", 0, 1.5, False),
        ("cpus", 2, 0, True),
        ("memory", 64 * MIB, 64 * MIB, True),
        ("memory", 64 * MIB + 100, 64 * MIB, True),  # whole pages
        ("memory", 64 * MIB, 128 * MIB, False),
        ("memory", 64 * MIB, 0, False),
        ("memory", 0, 64 * MIB, False),
        ("swap", -1, 0, False),
        ("swap", 0, 0, True),
        ("io_weight", 500, 500, True),
        ("io_weight", 500, 20, False),
        ("io_weight", 500, None, False),
    ],
)
def test_what_files_say_is_what_was_asked_for(name: str, wanted: float, found: float | None, equal: bool) -> None:
    assert same(name, wanted, found, ROOM) is equal


def test_weights_of_the_kernel_in_the_engines_scale() -> None:
    assert [engine_weight("docker", weight) for weight in (1, 100, 910, 4950, 10_000)] == [10, 20, 100, 500, 1000]
    assert [engine_weight("podman", weight) for weight in (10, 100, 2300, 4500, 10_000)] == [10, 100, 300, 500, 1000]
    assert (engine_weight("docker"), engine_weight("podman-rootful")) == (20, 100)


def test_what_engines_describe() -> None:
    assert of_engine({}) == {"cpus": 0, "memory": 0, "swap": -1, "pids": 0, "io_weight": None}
    host = {"NanoCpus": 1_500_000_000, "Memory": 64 * MIB, "MemorySwap": 96 * MIB, "PidsLimit": 9, "BlkioWeight": 300}
    assert of_engine(host) == {"cpus": 1.5, "memory": 64 * MIB, "swap": 32 * MIB, "pids": 9, "io_weight": 300}
    host = {"CpuQuota": 50_000, "CpuPeriod": 200_000, "Memory": 64 * MIB, "MemorySwap": -1, "PidsLimit": -1}
    assert of_engine(host) == {"cpus": 0.25, "memory": 64 * MIB, "swap": -1, "pids": 0, "io_weight": None}


ALL = (2, 2048 * MIB)
"""CPUs and memory of the guest."""


def test_requests_to_podman() -> None:
    everything: Values = {"cpus": 0.5, "memory": 64 * MIB, "swap": 0, "pids": 50, "io_weight": 300}
    assert update("podman", {}, everything, *ALL) == {
        "cpu": {"period": 100_000, "quota": 50_000},
        "memory": {"limit": 64 * MIB, "swap": 64 * MIB},
        "pids": {"limit": 50},
        "blockIO": {"weight": 300},
    }
    assert update("podman-rootful", {"Memory": MIB}, {"cpus": 0, "memory": 0, "pids": 0}, *ALL) == {
        "cpu": {"period": 100_000, "quota": 200_000}, "memory": {"limit": -1, "swap": -1}, "pids": {"limit": -1},
    }  # fmt: skip


def test_requests_to_moby() -> None:
    everything: Values = {"cpus": 0.5, "memory": 64 * MIB, "swap": 0, "pids": 50, "io_weight": 300}
    body = {
        "NanoCpus": 500_000_000, "Memory": 64 * MIB, "MemorySwap": 64 * MIB, "PidsLimit": 50, "BlkioWeight": 300,
    }  # fmt: skip
    assert update("docker", {}, everything, *ALL) == body
    assert update("docker", body, {"pids": 60}, *ALL) == {**body, "PidsLimit": 60}  # runc forgets the rest otherwise
    assert update("docker", body, {"memory": 0}, *ALL) == {**body, "Memory": 2048 * MIB, "MemorySwap": -1}
    assert update("docker", {"NanoCpus": 5}, {"cpus": 0, "pids": 0}, *ALL) == {"NanoCpus": 2 * 10**9, "PidsLimit": -1}
    assert update("docker", {"CpuQuota": 5}, {"cpus": 0.25}, *ALL) == {"CpuPeriod": 100_000, "CpuQuota": 25_000}
    assert update("docker", {"CpuQuota": 5}, {"cpus": 0}, *ALL) == {"CpuPeriod": 100_000, "CpuQuota": 200_000}


@pytest.mark.parametrize(
    ("host", "wanted", "sizes"),
    [
        ({}, {"memory": 64}, (64, 128)),  # as `run` does it: as much swap as memory
        ({"Memory": 32, "MemorySwap": 64}, {"memory": 64}, (64, 128)),
        ({"Memory": 32, "MemorySwap": 42}, {"memory": 64}, (64, 74)),
        ({"Memory": 32, "MemorySwap": 32}, {"memory": 64}, (64, 64)),
        ({"Memory": 32, "MemorySwap": -1}, {"memory": 64}, (64, -1)),
        ({"Memory": 32, "MemorySwap": 64}, {"swap": 5}, (32, 37)),
        ({"Memory": 32, "MemorySwap": 64}, {"swap": -1}, (32, -1)),
        ({"Memory": 32, "MemorySwap": 64}, {"memory": 0}, (2048 * MIB, -1)),
        ({"Memory": 32, "MemorySwap": 42}, {"pids": 5}, (32, 42)),
        ({"Memory": 32, "MemorySwap": 32}, {"pids": 5}, (32, 32)),
    ],
)
def test_memory_and_swap_go_together(host: dict[str, Any], wanted: Values, sizes: tuple[int, int]) -> None:
    body = update("docker", host, wanted, *ALL)
    assert (body["Memory"], body["MemorySwap"]) == sizes


def test_what_there_must_be_afterwards() -> None:
    before: Values = {"cpus": 1, "memory": 32, "swap": 32, "pids": 5, "io_weight": 20}
    assert outcome(before, {"pids": 6}) == {**before, "pids": 6}
    assert outcome(before, {"memory": 64}) == {**before, "memory": 64, "swap": 64}
    assert outcome(before, {"memory": 64, "swap": 7}) == {**before, "memory": 64, "swap": 7}
    assert outcome(before, {"memory": 0}) == {**before, "memory": 0, "swap": None}


def test_weights_count_when_the_disk_has_a_cost_model(tmp_path: Path) -> None:
    blocks, root = tmp_path / "block", tmp_path / "cgroup"
    write(blocks / "vda", serial="linnet-system", dev="254:0\n")
    root.mkdir()
    assert iocost.data_disk(str(blocks)) == ""
    assert not iocost.switch_on(str(blocks), str(root))
    write(blocks / "vdb", serial="linnet-data", dev="254:16\n")
    qos = root / "io.cost.qos"
    qos.write_text("")
    assert iocost.switch_on(str(blocks), str(root))
    assert qos.read_text() == "254:16 enable=1 ctrl=auto"
    qos.write_text("254:16 enable=1 ctrl=auto rpct=0.00\n")
    assert iocost.switch_on(str(blocks), str(root))
    assert qos.read_text() == "254:16 enable=1 ctrl=auto rpct=0.00\n"
    assert not iocost.switch_on(str(blocks), str(tmp_path / "none"))


def test_a_container_with_a_weight_has_the_model_switched_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    switched: list[bool] = []
    monkeypatch.setattr(iocost, "switch_on", lambda: switched.append(True))
    monkeypatch.setattr(cgroup, "of_process", lambda pid, _id: str(tmp_path) if pid == 5 else None)
    running, stopped = Container("a", "web", "hello", 5), Container("b", "db", "hello", 0)
    iocost.notice([running, stopped])
    (tmp_path / "io.weight").write_text("default 100\n")
    iocost.notice([running])
    assert not switched
    (tmp_path / "io.weight").write_text("default 2300\n")
    iocost.notice([stopped])
    assert not switched
    iocost.notice([stopped, running])
    assert switched


def test_swap_of_the_guest() -> None:
    assert memory.swap("MemTotal:  2000 kB\nSwapTotal:       1024 kB\n") == MIB
    assert memory.swap("MemTotal:  2000 kB\n") == 0
