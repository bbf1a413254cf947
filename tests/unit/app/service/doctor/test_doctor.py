"""The doctor's round: order, limits, findings of each kind, fixes."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from asyncio.subprocess import PIPE
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from app.service import doctor
from app.service.doctor import Verdict, contexts
from app.service.doctor.model import Check, HostInfo, Probe, ok
from tests.unit.app.service.doctor.fakes import HEALTHY, FakeContext, scratch_layout
from vm.errors import ConfigError, UnavailableError
from vm.machine.status import DiskUse, EngineStatus, MachineState, PortStatus, ShareStatus


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeContext:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))

    async def resolves(*_: object, **__: object) -> list[object]:
        return []

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", resolves)
    return FakeContext(scratch_layout(tmp_path), {"default": HEALTHY}, images={"2026.11-0123": None})


def by_id(checks: list[Check]) -> dict[str, Check]:
    return {check.id: check for check in checks}


async def test_all_is_well(context: FakeContext) -> None:
    checks = await doctor.run_checks(context)
    assert [check for check in checks if check.verdict is Verdict.failed] == []
    assert [check.id for check in checks][:3] == ["accelerator", "qemu", "libvirt"]
    assert checks[-1].id == "ports:default"
    assert "libvirt 11.3.0" in by_id(checks)["libvirt"].text
    assert context.done.count("host_info") == 1


async def test_only_the_checks_asked_for_run(context: FakeContext) -> None:
    checks = await doctor.run_checks(context, ["clock:default", "folders"])
    assert [check.id for check in checks] == ["folders", "clock:default"]
    assert context.done == []


async def test_missing_qemu_is_said_with_its_hint(context: FakeContext) -> None:
    context.info = UnavailableError("The program qemu-system-x86_64 is not installed.", hint="Install it.")
    check = by_id(await doctor.run_checks(context))["qemu"]
    assert check.verdict is Verdict.failed
    assert check.fix == doctor.Fix("Install it.")


async def test_emulation_is_a_warning_and_its_memory_can_be_forgotten(context: FakeContext) -> None:
    context.info = HostInfo("10.0.2", "/usr/bin/qemu", None, "tcg", "/dev/kvm is there, but guests hang with it")
    context.layout.accel_cache.write_text("{}")
    checks = await doctor.fix(context, ["accelerator"])
    assert not context.layout.accel_cache.exists()
    assert [check.verdict for check in checks] == [Verdict.warning]
    assert "guests hang" in checks[0].text


async def test_a_check_that_hangs_does_not_hold_the_others(
    context: FakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(_: object) -> object:
        await asyncio.Event().wait()
        return ok("never")

    probes = (Probe("slow", "Slow", hang, limit=0.05), *doctor.HOST_PROBES)  # type: ignore[arg-type]
    monkeypatch.setattr(doctor, "HOST_PROBES", probes)
    checks = by_id(await doctor.run_checks(context))
    assert "did not finish" in checks["slow"].text
    assert checks["folders"].verdict is Verdict.ok


async def test_machine_findings(context: FakeContext) -> None:
    context.machines["default"] = replace(
        HEALTHY,
        state=MachineState.degraded,
        engine=EngineStatus("podman", healthy=False, error="connection refused"),
        clock_offset=-7.5,
        shares=[ShareStatus("/data", "/data", read_only=True, kind="9p", mounted=False)],
    )
    context.port_list = [
        PortStatus("tcp", "10.0.2.15", 80, "127.0.0.1", 8080, "web", "hostfwd", None, "Held by nginx (12)."),
    ]
    context.guest_answer = (2, "")
    checks = by_id(await doctor.run_checks(context))
    assert "connection refused" in checks["engine:default"].text
    assert "7.50 s behind" in checks["clock:default"].text
    assert "not mounted" in checks["shares:default"].text
    assert "Held by nginx" in checks["ports:default"].text
    assert checks["dns:default"].verdict is Verdict.failed
    fixed = by_id(await doctor.fix(context))
    assert {"clock default", "engine default"} <= set(context.done)
    assert fixed["clock:default"].verdict is Verdict.ok
    assert fixed["engine:default"].verdict is Verdict.ok


async def test_a_stopped_machine_is_skipped_not_failed(context: FakeContext) -> None:
    context.machines["default"] = replace(HEALTHY, state=MachineState.stopped, engine=None)
    checks = by_id(await doctor.run_checks(context))
    assert {checks[f"{kind}:default"].verdict for kind in ("engine", "clock", "dns", "shares", "ports")} == {
        Verdict.skipped
    }


async def test_damaged_image_and_broken_config_are_named(context: FakeContext) -> None:
    context.images = {"2026.11-0123": "system.img has a wrong digest."}
    context.config_errors["default"] = ConfigError("default.yaml has 2 problems.", detail="line 3: cpus: …")
    checks = by_id(await doctor.run_checks(context))
    assert "wrong digest" in checks["images"].text
    assert "line 3" in checks["config"].text


@pytest.mark.skipif(os.name != "posix", reason="modes")
async def test_open_folders_and_sockets_are_closed(context: FakeContext) -> None:
    context.layout.data.chmod(0o755)
    context.layout.service_socket.touch(0o666)
    context.layout.service_socket.chmod(0o666)
    checks = by_id(await doctor.fix(context, ["folders", "sockets"]))
    assert {check.verdict for check in checks.values()} == {Verdict.ok}
    assert context.layout.data.stat().st_mode & 0o777 == 0o700
    assert context.layout.service_socket.stat().st_mode & 0o777 == 0o600


async def test_low_disk_space(context: FakeContext, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = psutil.disk_usage("/")._replace(free=500 << 20)
    monkeypatch.setattr(psutil, "disk_usage", lambda _: usage)
    check = (await doctor.run_checks(context, ["disk-space"]))[0]
    assert check.verdict is Verdict.failed
    assert "500 MiB free" in check.text


@pytest.mark.parametrize(
    ("used", "verdict"), [(84, Verdict.ok), (85, Verdict.warning), (94, Verdict.warning), (95, Verdict.failed)]
)
async def test_full_disks_of_this_computer_and_of_a_machine(
    context: FakeContext, monkeypatch: pytest.MonkeyPatch, used: int, verdict: Verdict
) -> None:
    gib = 1 << 30
    usage = psutil.disk_usage("/")._replace(total=1100 * gib, used=used * 10 * gib, free=(1000 - used * 10) * gib)
    monkeypatch.setattr(psutil, "disk_usage", lambda _: usage)
    context.machines["default"] = replace(HEALTHY, disk_use=DiskUse(100 * gib, used * gib, gib))
    checks = await doctor.run_checks(context, ["disk-space", "space:default"])
    assert [check.verdict for check in checks] == [verdict, verdict]
    assert f"{used} % full" in checks[1].text
    assert (checks[1].fix is None) is (verdict is Verdict.ok)


async def test_a_disk_that_nobody_could_look_at(context: FakeContext) -> None:
    context.machines["default"] = replace(HEALTHY, disk_use=None)
    assert (await doctor.run_checks(context, ["space:default"]))[0].verdict is Verdict.skipped
    context.machines["default"] = replace(HEALTHY, state=MachineState.suspended)
    assert "suspended" in (await doctor.run_checks(context, ["space:default"]))[0].text


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="Unix sockets")
async def test_leftovers_of_idle_and_deleted_machines_are_removed(context: FakeContext) -> None:
    layout = context.layout
    context.machines["default"] = replace(HEALTHY, state=MachineState.stopped)
    files = layout.machine("default")
    files.run.mkdir()
    files.pid_file.write_text("999999")
    gone = layout.machine("gone").run
    gone.mkdir()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(gone / "docker.sock"))
    layout.downloads.mkdir()
    old, young = layout.downloads / "a.part", layout.downloads / "b.part"
    old.touch()
    young.touch()
    os.utime(old, (1, 1))
    check = (await doctor.run_checks(context, ["leftovers"]))[0]
    assert check.verdict is Verdict.warning
    fixed = await doctor.fix(context, ["leftovers"])
    assert fixed[0].verdict is Verdict.ok
    assert not files.pid_file.exists()
    assert not gone.exists()
    assert not old.exists()
    assert young.exists()


async def test_what_a_running_machine_has_is_no_leftover(context: FakeContext) -> None:
    files = context.layout.machine("default")
    files.run.mkdir()
    files.pid_file.write_text("1")
    assert (await doctor.run_checks(context, ["leftovers"]))[0].verdict is Verdict.ok


@pytest.mark.skipif(sys.platform != "linux", reason="names a process by its program")
async def test_processes_without_a_machine_are_ended(context: FakeContext, tmp_path: Path) -> None:
    context.machines["default"] = replace(HEALTHY, state=MachineState.stopped)
    files = context.layout.machine("default")
    program = tmp_path / "qemu-system-fake"
    program.symlink_to(sys.executable)
    code = "import sys; print('up', flush=True); sys.stdin.read()"
    arguments = ("-c", code, f"file={files.folder}/data.qcow2")
    process = await asyncio.create_subprocess_exec(program, *arguments, stdin=PIPE, stdout=PIPE)
    assert process.stdout is not None
    await process.stdout.readline()
    assert (await doctor.run_checks(context, ["processes"]))[0].verdict is Verdict.warning
    fixed = await doctor.fix(context, ["processes"])
    assert fixed[0].verdict is Verdict.ok
    assert await process.wait() != 0


def write_docker_context(folder: Path, name: str, host_address: str) -> None:
    meta = folder / "contexts" / "meta" / name
    meta.mkdir(parents=True)
    data = {"Name": name, "Endpoints": {"docker": {"Host": host_address}}}
    (meta / "meta.json").write_text(json.dumps(data))


async def test_docker_contexts_that_lead_nowhere(context: FakeContext) -> None:
    folder = contexts.docker_config_folder()
    layout = context.layout
    write_docker_context(folder, "other", "unix:///run/docker.sock")
    assert (await doctor.run_checks(context, ["docker-context"]))[0].verdict is Verdict.skipped
    write_docker_context(folder, "linnet", f"unix://{layout.machine('default').docker_socket}")
    assert (await doctor.run_checks(context, ["docker-context"]))[0].verdict is Verdict.ok
    write_docker_context(folder, "linnet-old", f"unix://{layout.machine('old').docker_socket}")
    check = (await doctor.run_checks(context, ["docker-context"]))[0]
    assert check.verdict is Verdict.warning
    assert "'linnet-old'" in check.text
    (folder / "config.json").write_text(json.dumps({"currentContext": "linnet-old"}))
    assert (await doctor.run_checks(context, ["docker-context"]))[0].verdict is Verdict.failed
