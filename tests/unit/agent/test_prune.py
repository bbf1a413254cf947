"""Tests of agent.prune; answers of the engines as Podman 5.4 and Moby 26.1 give them, cut down."""

from __future__ import annotations

from typing import Any

import pytest

from agent.errors import AgentError
from agent.prune import _removals, sort_out

CONTAINERS: list[dict[str, Any]] = [
    {"Id": "c1", "Names": ["/web"], "Image": "nginx", "ImageID": "sha256:nginx", "State": "running", "SizeRw": 9,
     "Mounts": [{"Type": "volume", "Name": "site"}]},
    {"Id": "c2", "Names": ["/old"], "Image": "job", "ImageID": "sha256:job", "State": "exited", "SizeRw": 4096,
     "Mounts": [{"Type": "volume", "Name": "kept"}]},
    {"Id": "c3", "Names": ["/new"], "Image": "job", "ImageID": "sha256:job", "State": "created"},
    {"Id": "c4", "Names": ["/help"], "Image": "job", "ImageID": "sha256:job", "State": "exited",
     "Labels": {"io.linnet.helper": "files"}},
    {"Id": "c6", "Names": ["/78bc656551de-infra"], "Image": "localhost/podman-pause:5.4.2-1", "ImageID": "sha256:pause",
     "State": "exited"},
    {"Id": "c5", "Names": ["/still"], "Image": "job", "ImageID": "sha256:job", "State": "paused"},
]  # fmt: skip
IMAGES: list[dict[str, Any]] = [
    {"Id": "sha256:nginx", "RepoTags": ["nginx:latest"], "Size": 100},
    {"Id": "sha256:job", "RepoTags": ["job:latest"], "Size": 100},
    {"Id": "sha256:old", "RepoTags": ["job:old", "job:1"], "Size": 100},
    {"Id": "sha256:0123456789abcdef", "RepoTags": ["<none>:<none>"], "Size": 50},
    {"Id": "sha256:none", "RepoTags": None, "Size": 70},
    {"Id": "sha256:hello", "RepoTags": ["localhost/hello:latest"], "Size": 1},
]
USE: dict[str, Any] = {
    "Images": [
        {"Id": "sha256:old", "SharedSize": 30, "Size": 100},
        {"Id": "sha256:none", "SharedSize": -1, "Size": 70},
    ],
    "Volumes": [
        {"Name": "site", "UsageData": {"RefCount": 1, "Size": 10}},
        {"Name": "kept", "UsageData": {"RefCount": 0, "Size": 10}},
        {"Name": "left", "UsageData": {"RefCount": 0, "Size": 10}},
        {"Name": "vast", "UsageData": {"RefCount": 0, "Size": 1000}},
        {"Name": "strange", "UsageData": None},
    ],
    "BuildCache": [
        {"ID": "b1", "InUse": False, "Shared": False, "Size": 7},
        {"ID": "b2", "InUse": False, "Shared": True, "Size": 9},
        {"ID": "b3", "InUse": True, "Shared": False, "Size": 100},
    ],
}


def test_only_what_nobody_uses_could_go() -> None:
    found = sort_out(CONTAINERS, IMAGES, USE)
    assert [item["title"] for item in found["containers"]] == ["old (job)", "new (job)"]
    assert [item["title"] for item in found["images"]] == ["job:1, job:old"]
    assert [(item["title"], item["size"]) for item in found["dangling"]] == [("none", 70), ("0123456789ab", 50)]
    assert [item["id"] for item in found["volumes"]] == ["vast", "left", "strange"]
    assert found["build-cache"] == [{"id": "build-cache", "title": "2 steps of builds", "size": 7}]


def test_what_images_share_is_not_counted() -> None:
    (image,) = sort_out(CONTAINERS, IMAGES, USE)["images"]
    assert image["size"] == 70


def test_an_engine_without_a_build_cache() -> None:
    assert sort_out([], [], {"BuildCache": None})["build-cache"] == []


def test_an_image_goes_by_all_of_its_names() -> None:
    assert _removals("images", "sha256:old", ["job:1", "a/b:2"]) == [
        ("DELETE", "/images/job%3A1"),
        ("DELETE", "/images/a%2Fb%3A2"),
    ]
    assert _removals("dangling", "sha256:none", []) == [("DELETE", "/images/sha256%3Anone")]


def test_nothing_is_forced() -> None:
    assert _removals("containers", "c2", []) == [("DELETE", "/containers/c2")]
    assert _removals("volumes", "left", []) == [("DELETE", "/volumes/left")]
    assert _removals("build-cache", "build-cache", []) == [("POST", "/build/prune")]


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(AgentError, match="networks"):
        _removals("networks", "n1", [])
