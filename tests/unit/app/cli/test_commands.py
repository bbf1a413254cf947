"""Linnet's own commands against recorded answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.app.cli.conftest import Ended
from tests.unit.app.cli.fakes import STATUS, FakeService

Run = Callable[..., Ended]
MACHINE = "/v1/machines/default"


def test_machines_are_listed(linnet: Run, service: FakeService) -> None:
    service.answers["GET /v1/machines"] = [STATUS, {**STATUS, "name": "work", "state": "broken", "engine": None}]
    lines = linnet("machine", "list").out.splitlines()
    assert lines[0].split() == ["NAME", "STATE", "ENGINE", "CPUS", "MEMORY", "DISK", "DRIVER"]
    assert lines[1].split() == ["default", "running", "podman", "1", "2", "GiB", "60", "GiB", "libvirt/tcg"]
    assert "broken" in lines[2]
    assert json.loads(linnet("machine", "ls", "--json").out)[1]["name"] == "work"


def test_status_tells_everything(linnet: Run, service: FakeService) -> None:
    text = linnet("machine", "status").out
    for part in (
        "State:         running",
        "podman 5.4.2 answers",
        "tcg (kvm does not boot the guest here)",
        "containers 512 MiB, system 212 MiB, cache 300 MiB, free 1 GiB",
        "60 GiB (5 GiB used; 6 GiB on this computer)",
        "/root (9p, read-write)",
        "At next start: memory",
        "+0.012 s",
    ):
        assert part in text
    assert json.loads(linnet("machine", "status", "--json").out) == STATUS


def test_status_of_a_stopped_machine(linnet: Run, service: FakeService) -> None:
    gone = dict.fromkeys(("engine", "memory_use", "disk_use", "clock_offset", "started_at"))
    service.answers[f"GET {MACHINE}"] = {**STATUS, **gone, "state": "stopped", "shares": [], "errors": ["QEMU died."]}
    text = linnet("machine", "status").out
    assert "stopped" in text
    assert "QEMU died." in text
    assert "Engine" not in text


def test_create_sends_settings(linnet: Run, service: FakeService) -> None:
    ended = linnet(
        "machine", "create", "work", "--cpus", "2", "--memory", "4G", "--set", "ports.address=0.0.0.0", "--start"
    )
    assert ended.code == 0
    settings = {"cpus": "2", "memory": "4G", "ports.address": "0.0.0.0"}
    assert service.asked("POST", "/v1/machines") == [{"name": "work", "settings": settings}]
    assert service.machines["work"] is True
    assert "Machine 'work' is created." in ended.err
    assert "Docker API" in ended.err
    assert ended.out == ""


def test_names_that_no_machine_can_have(linnet: Run, service: FakeService) -> None:
    ended = linnet("machine", "create", "Über")
    assert ended.code == 2
    assert "lower-case letters" in ended.err
    assert not service.asked("POST", "/v1/machines")


@pytest.mark.parametrize(
    ("verb", "text"),
    [
        ("start", "running"),
        ("stop", "stopped"),
        ("suspend", "suspended"),
        ("resume", "running"),
        ("restart", "running"),
    ],
)
def test_changes_of_state(linnet: Run, service: FakeService, verb: str, text: str) -> None:
    ended = linnet("machine", verb)
    assert ended.code == 0
    assert f"Machine 'default' is {text}." in ended.err
    assert len(service.asked("POST", f"{MACHINE}/{verb}")) == 1


def test_forced_stop(linnet: Run, service: FakeService) -> None:
    linnet("machine", "stop", "--force")
    assert service.asked("POST", f"{MACHINE}/stop") == [{"force": True}]


def test_a_failed_start_shows_the_requirement_and_with_verbose_the_log(linnet: Run, service: FakeService) -> None:
    error = {"code": "timeout", "message": "Still waiting for the engine.", "hint": "Look.", "detail": "log line 1"}
    service.answers[f"POST {MACHINE}/start"] = [{"operation": "7"}, {"error": error}]
    ended = linnet("machine", "start")
    assert ended.code == 7
    assert "Error: Still waiting for the engine.\nHint: Look." in ended.err
    assert "log line" not in ended.err
    assert "log line 1" in linnet("--verbose", "machine", "start").err


def test_deleting_says_what_is_lost_and_needs_consent(
    linnet: Run, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path("/dev/null").open() as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        ended = linnet("machine", "delete")
    assert ended.code == 2
    assert "All images, containers and volumes in 'default' will be lost, 5 GiB in use" in ended.err
    assert service.machines == {"default": True}
    ended = linnet("machine", "delete", "--force")
    assert ended.code == 0
    assert "will be lost" in ended.err
    assert service.machines == {}


def test_a_missing_machine(linnet: Run, service: FakeService) -> None:
    ended = linnet("-m", "nope", "machine", "status")
    assert (ended.code, ended.err) == (4, "Error: There is no machine 'nope'.\n")


def test_the_machine_comes_from_the_option_then_the_environment_then_the_settings(
    linnet: Run, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b", "c"):
        service.machines[name] = True
    value = {"name": "default_machine", "value": "c", "origin": "file", "line": 1, "restart": False}
    service.answers["GET /v1/settings"] = {"values": [value], "problems": []}
    assert "Machine:       c" in linnet("machine", "status").out
    monkeypatch.setenv("LINNET_MACHINE", "b")
    assert "Machine:       b" in linnet("machine", "status").out
    assert "Machine:       a" in linnet("-m", "a", "machine", "status").out


def test_logs_are_printed_as_they_are(linnet: Run, service: FakeService) -> None:
    service.answers[f"GET {MACHINE}/logs"] = b"line 1\n\xff\nline 3"
    capture = linnet("machine", "logs", "--source", "agent", "-n", "3")
    assert capture.out.startswith("line 1\n")
    assert capture.out.endswith("line 3")
    assert service.requests[-1][1] == f"{MACHINE}/logs?source=agent&tail=3"


def test_edit_tells_what_waits_for_a_restart(linnet: Run, service: FakeService) -> None:
    result = {"changed": ["memory", "engine"], "restart_needed": ["memory"]}
    service.answers[f"PATCH {MACHINE}/settings"] = [{"operation": "1"}, {"result": result}]
    ended = linnet("machine", "edit", "--memory", "4G", "--engine", "docker")
    assert service.asked("PATCH", f"{MACHINE}/settings") == [
        {"settings": {"memory": "4G", "engine": "docker"}, "restart": False}
    ]
    assert "Changed: memory, engine." in ended.err
    assert "At the next start: memory. `linnet machine restart default` does it now." in ended.err


def test_engines(linnet: Run, service: FakeService) -> None:
    service.answers[f"GET {MACHINE}/engines"] = [
        {"kind": "podman", "installed": True, "version": "5.4.2", "active": True, "socket": "/run/user/1000/p.sock"},
        {"kind": "docker", "installed": True, "version": "26.1.5", "active": False, "socket": "/run/docker.sock"},
    ]
    assert linnet("engine", "list").out.splitlines()[1].split() == ["podman", "5.4.2", "yes", "/run/user/1000/p.sock"]
    service.answers[f"POST {MACHINE}/engine"] = [{"operation": "1"}, {"result": {"kind": "docker", "healthy": True}}]
    assert linnet("engine", "use", "docker").code == 0
    assert service.asked("POST", f"{MACHINE}/engine") == [{"kind": "docker"}]
    assert linnet("engine", "use", "rkt").code == 2


def test_shares(linnet: Run, service: FakeService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    share = {
        "path": str(tmp_path),
        "guest_path": "/x",
        "read_only": True,
        "kind": "sftp",
        "mounted": True,
        "error": None,
    }
    service.answers[f"POST {MACHINE}/shares"] = share
    monkeypatch.chdir(tmp_path)
    ended = linnet("share", "add", ".", "/x", "--read-only", "--kind", "sftp", "--no-watch")
    assert ended.code == 0
    assert service.asked("POST", f"{MACHINE}/shares") == [
        {"path": str(tmp_path), "mode": "read-only", "guest_path": "/x", "kind": "sftp", "watch": False}
    ]
    assert f"{tmp_path} is shared (sftp, read-only); the machine has it at /x." in ended.err
    assert "/root" not in linnet("share", "list").out
    service.answers[f"DELETE {MACHINE}/shares"] = {}
    linnet("share", "remove", "ü x")
    assert service.requests[-1][1].endswith("%2F%C3%BC%20x")


def test_sharing_what_is_no_folder(linnet: Run, service: FakeService, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "project").mkdir()
    gone = linnet("share", "add", str(tmp_path / "none" / "below")).err
    assert "does not exist" in gone
    assert f"Make the folder first; {tmp_path} is as far as the path leads now." in gone
    assert f"Did you mean {tmp_path / 'project'}?" in linnet("share", "add", str(tmp_path / "projct")).err
    inside = linnet("share", "add", str(tmp_path / "file")).err
    assert "is not a folder" in inside
    assert f"Share the folder that holds it: {tmp_path}" in inside
    assert not service.asked("POST", f"{MACHINE}/shares")


def test_ports(linnet: Run, service: FakeService) -> None:
    port = {"protocol": "tcp", "guest_address": "0.0.0.0", "guest_port": 80, "host_address": "127.0.0.1",
            "host_port": 8080, "container": "web", "via": "hostfwd", "reachable": True, "error": None}  # fmt: skip
    held = {
        **port,
        "container": None,
        "guest_address": "::1",
        "host_port": 0,
        "reachable": None,
        "error": "nginx (7) has it",
    }
    service.answers[f"GET {MACHINE}/ports"] = [port, held]
    lines = linnet("port", "list").out.splitlines()
    assert lines[1].split() == ["(service)", "[::1]:80/tcp", "-", "?", "hostfwd", "nginx", "(7)", "has", "it"]
    assert lines[2].split() == ["web", "0.0.0.0:80/tcp", "127.0.0.1:8080", "yes", "hostfwd", "-"]


def test_guest_images(linnet: Run, service: FakeService) -> None:
    image = {
        "version": "20261121-1",
        "arch": "x86_64",
        "size": 500 << 20,
        "created": "2026-11-21",
        "in_use": ["default"],
    }
    service.answers["GET /v1/images"] = [image]
    assert linnet("image", "list").out.splitlines()[1].split()[:4] == ["20261121-1", "x86_64", "500", "MiB"]
    service.answers["POST /v1/images/build"] = [{"operation": "1"}, {"result": image}]
    assert "Guest image 20261121-1 (500 MiB) is built." in linnet("image", "build").err
    service.answers["POST /v1/images/prune"] = [{"operation": "1"}, {"result": {"removed": ["a"], "freed": 1 << 30}}]
    assert "Deleted: a, 1 GiB freed." in linnet("image", "prune").err
    error = {"code": "image", "message": "Wrong digest.", "hint": None, "detail": None}
    service.answers["POST /v1/images/verify"] = [{"operation": "1"}, {"error": error}]
    assert linnet("image", "verify").code == 8


def test_doctor(linnet: Run, service: FakeService) -> None:
    slow = {"text": "Load kvm.", "automatic": False}
    stale = {"text": "Remove it.", "automatic": True}
    checks = [
        {"id": "accel", "title": "Accelerator", "verdict": "warning", "text": "tcg", "fix": slow},
        {"id": "lock", "title": "Locks", "verdict": "failed", "text": "stale", "fix": stale},
        {"id": "dns", "title": "DNS", "verdict": "ok", "text": "answers", "fix": None},
    ]
    service.answers["GET /v1/doctor"] = checks
    ended = linnet("doctor")
    assert ended.code == 1
    assert "warning  Accelerator: tcg\n         → Load kvm." in ended.out
    assert "* Remove it." in ended.out
    assert "--fix" in ended.err
    service.answers["POST /v1/doctor/fix"] = [{"operation": "1"}, {"result": checks[2:]}]
    assert linnet("doctor", "--fix").code == 0


def test_support_bundle(linnet: Run, service: FakeService, tmp_path: Path) -> None:
    path = str(tmp_path / "b.tar.gz")
    service.answers["POST /v1/support-bundle"] = [{"operation": "1"}, {"result": {"path": path, "size": 1 << 20}}]
    assert linnet("support-bundle", path).out == f"{path}\n"
    assert service.asked("POST", "/v1/support-bundle") == [{"path": path}]


def test_socket(linnet: Run, service: FakeService) -> None:
    assert linnet("socket").out == f"{STATUS['docker_socket']}\n"
    assert linnet("socket", "--url").out == f"unix://{STATUS['docker_socket']}\n"


def test_service_status(linnet: Run, service: FakeService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "Version:" in linnet("service", "status").out
    monkeypatch.setenv("LINNET_HOME", str(tmp_path))
    assert linnet("service", "status").code == 6
    assert linnet("service", "stop").code == 0


def test_a_command_in_the_machine(linnet: Run, service: FakeService) -> None:
    ended = linnet("machine", "shell", "--", "sh", "-c", "echo $0 -x; exit 9")
    assert (ended.code, ended.out) == (9, "sh -x\n")
    assert service.asked("POST", f"{MACHINE}/exec")[0]["engine"] is False
