"""Tests of agent.trash_create, with what a real Podman said of a container."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from agent.trash_create import body, needs

RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "removed-podman.json").read_text())
KEPT = {"/anon": "volumes/0"}


@pytest.fixture
def inspected() -> dict[str, Any]:
    return copy.deepcopy(RECORDED)


def test_needs(inspected: dict[str, Any]) -> None:
    wanted = needs(inspected, KEPT)
    assert wanted.image == ("localhost/hello:latest", RECORDED["Image"])
    assert (wanted.networks, wanted.volumes, wanted.folders, wanted.containers) == (("tnet",), ("named",), (), ())
    assert ANON in needs(inspected, {}).volumes
    inspected["Mounts"].append({"Type": "bind", "Source": "/home/x", "Destination": "/x"})
    inspected["HostConfig"]["NetworkMode"] = inspected["HostConfig"]["IpcMode"] = "container:abc"
    wanted = needs(inspected, KEPT)
    assert (wanted.networks, wanted.folders, wanted.containers) == ((), ("/home/x",), ("abc", "abc"))
    assert needs(inspected, KEPT, pod=True).containers == ()


ANON = RECORDED["Mounts"][1]["Name"]


def test_podmans_words(inspected: dict[str, Any]) -> None:
    wanted = body(inspected, "hello", KEPT, podman=True)
    host = wanted["HostConfig"]
    assert wanted["Image"] == "hello"
    assert wanted["Volumes"] == {"/anon": {}}
    assert wanted["Cmd"] == RECORDED["Config"]["Cmd"]
    assert wanted["Labels"] == {"x": "y"}
    assert wanted["Env"] == ["PATH=/bin", "FOO=bar", "HOME=/"]
    assert "Hostname" not in wanted
    assert "Entrypoint" not in wanted
    assert host["Binds"] == ["named:/named:rw,rprivate,nosuid,nodev,rbind"]
    assert host["PortBindings"] == {"80/tcp": [{"HostIp": "", "HostPort": "8123"}]}
    assert host["RestartPolicy"] == {"Name": "on-failure", "MaximumRetryCount": 3}
    assert (host["NanoCpus"], host["Memory"]) == (500_000_000, 64 << 20)
    assert not {"CpuQuota", "Runtime", "IpcMode", "PidMode", "LogConfig", "CgroupParent", "AutoRemove"} & set(host)
    assert wanted["NetworkingConfig"] == {"EndpointsConfig": {"tnet": {}}}


def test_ulimits_that_somebody_wrote_come_back(inspected: dict[str, Any]) -> None:
    inspected["CreateCommand"] = ["podman", "run", "hello"]
    assert body(inspected, "hello", KEPT, podman=True)["HostConfig"]["Ulimits"] == []
    inspected["CreateCommand"] = ["podman", "run", "--ulimit=nofile=5:6", "hello"]
    ulimits = body(inspected, "hello", KEPT, podman=True)["HostConfig"]["Ulimits"]
    assert ulimits[0] == {"Name": "nofile", "Hard": 1048576, "Soft": 1048576}


@pytest.mark.parametrize("mode", ["host", "none", "pasta", "container:abc"])
def test_modes_without_networks(inspected: dict[str, Any], mode: str) -> None:
    inspected["HostConfig"]["NetworkMode"] = mode
    wanted = body(inspected, "hello", KEPT, podman=True)
    assert wanted["HostConfig"]["NetworkMode"] == mode
    assert "NetworkingConfig" not in wanted


def test_chosen_names_and_addresses_stay(inspected: dict[str, Any]) -> None:
    inspected["Config"]["Hostname"] = "web.example"
    endpoint = inspected["NetworkSettings"]["Networks"]["tnet"]
    endpoint["Aliases"] = ["db", RECORDED["Id"][:12]]
    endpoint["IPAMConfig"] = {"IPv4Address": "10.89.0.9"}
    wanted = body(inspected, "hello", KEPT, podman=True)
    assert wanted["Hostname"] == "web.example"
    assert wanted["NetworkingConfig"]["EndpointsConfig"] == {
        "tnet": {"Aliases": ["db"], "IPAMConfig": {"IPv4Address": "10.89.0.9"}}
    }


def test_members_of_pods_stand_alone(inspected: dict[str, Any]) -> None:
    inspected["HostConfig"]["NetworkMode"] = inspected["HostConfig"]["UTSMode"] = "container:infra"
    wanted = body(inspected, "hello", KEPT, podman=True, pod=True)
    assert not {"NetworkMode", "UTSMode"} & set(wanted["HostConfig"])
    assert "NetworkingConfig" not in wanted


def test_mobys_words_go_back_as_they_are(inspected: dict[str, Any]) -> None:
    host = inspected["HostConfig"]
    host.update(Binds=None, Mounts=[{"Type": "volume", "Source": "named", "Target": "/named"}], Runtime="runc",
                LogConfig={"Type": "json-file", "Config": {"max-size": "1m"}}, ContainerIDFile="")  # fmt: skip
    wanted = body(inspected, "hello", KEPT, podman=False)["HostConfig"]
    assert (wanted["Runtime"], wanted["LogConfig"]["Config"]) == ("runc", {"max-size": "1m"})
    assert wanted["Binds"] == []
    assert wanted["Mounts"] == [{"Type": "volume", "Source": "named", "Target": "/named"}]
    assert "ContainerIDFile" not in wanted
    assert body(inspected, "hello", {}, podman=False)["HostConfig"]["Binds"] == [f"{ANON}:/anon"]
