"""Tests of agent.stats."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from agent import cgroup, memory
from agent.cgroup import pressure
from agent.containers import Container
from agent.disk import status, trimmed
from agent.stats import Sampler, disks, network

NET = b"""Inter-|   Receive                                      |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier
    lo:     100       2 0 0 0 0 0 0      100       2 0 0 0 0 0 0
  eth0: 2135678    1500 0 0 0 0 0 0    12858     100 0 0 0 0 0 0
 veth1:       7       1 0 0 0 0 0 0        9       1 0 0 0 0 0 0
"""


def test_network_counts_all_but_loopback() -> None:
    assert network(NET) == (2135685, 12867)
    assert network(NET, only=b"eth") == (2135678, 12858)
    assert network(b"") == (0, 0)


def test_disks_count_whole_virtio_disks() -> None:
    table = (
        b" 254 0 vda 10 0 20 3 4 0 40 5 0 0 0\n 254 1 vda1 10 0 20 3 4 0 40 5 0 0 0\n 7 0 loop0 1 0 2 0 0 0 0 0 0 0 0\n"
    )
    assert disks(table) == (20 * 512, 40 * 512)


def test_pressure() -> None:
    text = b"some avg10=16.52 avg60=3.00 avg300=1.00 total=4742811\nfull avg10=0.25 avg60=0.00 avg300=0.00 total=12\n"
    assert pressure(text) == {"some": 16.52, "full": 0.25, "total": 4742811.0}
    assert pressure(b"") == {"some": 0.0, "full": 0.0, "total": 0.0}


def test_meminfo() -> None:
    text = (
        "MemTotal:  2000 kB\nMemFree:  700 kB\nMemAvailable:  1500 kB\nBuffers:  10 kB\nCached:  600 kB\n"
        "SReclaimable:  40 kB\n"
    )
    assert memory.parse(text) == {"total": 2000 << 10, "used": 500 << 10, "cache": 650 << 10, "free": 700 << 10}


def test_cgroup_files() -> None:
    assert cgroup.flat(b"low 0\noom_kill 3\nname max\n") == {b"low": 0, b"oom_kill": 3}
    assert cgroup.totals(b"254:0 rbytes=5 wbytes=6 rios=1\n254:16 rbytes=1 wbytes=1\n", b"rbytes", b"wbytes") == [6, 7]
    assert (cgroup.number(b"42\n"), cgroup.number(b"max\n"), cgroup.number(b"")) == (42, 0, 0)


def test_a_container_is_left_out_while_its_figures_stand_still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "cpu.stat": "usage_usec 250\nuser_usec 200\n",
        "memory.current": "5000\n",
        "memory.max": "max\n",
        "memory.stat": "anon 1\ninactive_file 1000\n",
        "memory.events": "oom 1\noom_kill 1\n",
        "pids.current": "3\n",
        "io.stat": "",
        "memory.pressure": "some avg10=1.50 avg60=0.00 total=9\nfull avg10=0.25 avg60=0.00 total=2\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(cgroup, "of_process", lambda _pid, _id: str(tmp_path))
    container = Container("c1", "web", "nginx", os.getpid())
    monkeypatch.setattr("agent.stats.network", lambda *_args, **_more: (1, 2))
    sampler = Sampler()
    assert sampler.sample([container])["containers"] == [
        {
            "id": "c1", "cpu_ns": 250_000, "memory": 4000, "memory_limit": 0, "pids": 3, "io_read": 0, "io_write": 0,
            "net_rx": 1, "net_tx": 2, "oom_kills": 1,
            "pressure": {
                "cpu": {"some": 0.0, "full": 0.0, "total": 0.0}, "memory": {"some": 1.5, "full": 0.25, "total": 9.0},
                "io": {"some": 0.0, "full": 0.0, "total": 0.0},
            },
        }
    ]  # fmt: skip
    assert sampler.sample([container])["containers"] == []
    (tmp_path / "pids.current").write_text("4\n")
    assert [one["pids"] for one in sampler.sample([container])["containers"]] == [4]
    (tmp_path / "cpu.stat").unlink()
    assert sampler.sample([container])["containers"] == []


def test_disk(tmp_path: Path) -> None:
    now = status(str(tmp_path))
    assert 0 < now["used"] <= now["size"]
    assert trimmed("/data: 20 GiB (21474836480 bytes) trimmed\n") == 21474836480
    assert trimmed("") == 0
