"""The real `linnet` process against a linnetd that runs the commands here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.unit.app.cli.fakes import FakeService

LINNET = [sys.executable, "-m", "app.cli.main"]


def run(words: Sequence[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
    options.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run([*LINNET, "--", *words], capture_output=True, timeout=20, check=False, **options)


def terminal(words: Sequence[str], **options: Any) -> pexpect.spawn[bytes]:
    return pexpect.spawn(LINNET[0], [*LINNET[1:], "--", *words], timeout=20, **options)


def test_streams_stay_apart_and_the_exit_code_comes_back(service: FakeService) -> None:
    ended = run(["sh", "-c", "echo out; echo err >&2; exit 42"])
    assert (ended.returncode, ended.stdout, ended.stderr) == (42, b"out\n", b"err\n")


def test_binary_input_and_output_pass_unchanged_until_the_end(service: FakeService) -> None:
    data = os.urandom(3_000_000)
    ended = subprocess.run([*LINNET, "--", "cat"], input=data, capture_output=True, timeout=30, check=True)
    assert ended.stdout == data


def test_input_that_nobody_reads_does_not_hold_up_the_end(service: FakeService) -> None:
    process = subprocess.Popen([*LINNET, "--", "true"], stdin=subprocess.PIPE)
    assert process.wait(timeout=20) == 0
    assert process.stdin is not None
    process.stdin.close()


def test_a_death_by_signal_is_128_and_its_number(service: FakeService) -> None:
    assert run(["sh", "-c", "kill -TERM $$"]).returncode == 128 + signal.SIGTERM


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_reach_the_command(service: FakeService, number: int) -> None:
    script = "trap 'echo got; exit 7' INT TERM HUP; echo ready; while :; do sleep 0.05; done"
    process = subprocess.Popen([*LINNET, "--", "bash", "-c", script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(number)
    assert process.stdout.readline() == b"got\n"
    assert process.wait(timeout=20) == 7
    process.stdout.close()


def test_nobody_reads_the_output(service: FakeService) -> None:
    first = subprocess.Popen(
        [*LINNET, "--", "yes"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert first.stdout is not None
    assert first.stderr is not None
    assert first.stdout.readline() == b"y\n"
    first.stdout.close()
    assert first.wait(timeout=20) == 141
    assert first.stderr.read() == b""
    first.stderr.close()


def test_a_terminal_is_passed_on_with_its_size_and_changes(service: FakeService) -> None:
    child = terminal(["sh", "-c", "tty; stty size; read x; stty size; read y; echo [$y]"], dimensions=(33, 101))
    child.expect(rb"/dev/pts/\d+\r\n33 101\r\n")
    child.setwinsize(44, 123)
    deadline = time.monotonic() + 10
    while not any(request[2]["rows"] == 33 for request in service.requests if request[1].endswith("/exec")):
        assert time.monotonic() < deadline
    child.send(b"\r")
    child.expect(rb"44 123\r\n")
    child.send("grüße\r".encode())
    child.expect("\\[grüße\\]\r\n".encode())
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_control_c_in_a_terminal_is_the_commands_own(service: FakeService) -> None:
    child = terminal(["bash", "-c", "trap 'echo caught; exit 5' INT; echo ready; while :; do sleep 0.05; done"])
    child.expect(b"ready")
    child.send(b"\x03")
    child.expect(b"caught")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 5


def test_the_terminal_is_as_before_afterwards(service: FakeService) -> None:
    script = f"stty -a > $0; {' '.join(LINNET)} -- sh -c 'exit 3'; stty -a > $1"
    before, after = service.layout.cache / "before", service.layout.cache / "after"
    child = pexpect.spawn("bash", ["-c", script, str(before), str(after)], timeout=20)
    child.expect(pexpect.EOF)
    child.close()
    assert before.read_text() == after.read_text()


def test_redirected_output_is_not_a_terminal(service: FakeService, tmp_path: Path) -> None:
    script = f"{' '.join(LINNET)} -- sh -c 'test -t 1 || echo no terminal' > {tmp_path / 'out'}"
    child = pexpect.spawn("bash", ["-c", script], timeout=20)
    child.expect(pexpect.EOF)
    child.close()
    assert (tmp_path / "out").read_text() == "no terminal\n"


def test_a_background_job_is_not_stopped_for_its_terminal(service: FakeService) -> None:
    child = pexpect.spawn(
        "bash", ["-i", "-c", f"{' '.join(LINNET)} -- echo done-it & wait $!; echo code $?"], timeout=20
    )
    child.expect(b"code 0")
    child.expect(pexpect.EOF)
    child.close()
    assert service.asked("POST", "/v1/machines/default/exec")[0]["tty"] is False


def test_the_first_command_makes_and_starts_the_machine(service: FakeService) -> None:
    service.machines.clear()
    ended = run(["echo", "hello"])
    assert (ended.returncode, ended.stdout) == (0, b"hello\n")
    assert service.machines == {"default": True}
    assert ended.stderr == "Making the data disk …\nWaiting for the engine …\n".encode()


def test_a_stopped_machine_is_started(service: FakeService) -> None:
    service.machines["default"] = False
    assert run(["echo", "hello"]).stdout == b"hello\n"
    assert service.machines == {"default": True}


def test_a_named_machine_is_not_made_up(service: FakeService) -> None:
    service.layout.machine("work").config.parent.mkdir(parents=True)
    service.layout.machine("work").config.touch()
    ended = subprocess.run([*LINNET, "-m", "wrok", "ps"], capture_output=True, timeout=20, check=False, text=True)
    assert ended.returncode == 125
    assert ended.stderr == "Error: There is no machine 'wrok'.\nHint: Did you mean 'work'?\n"


def test_the_working_directory_goes_along(service: FakeService, tmp_path: Path) -> None:
    run(["true"], cwd=tmp_path)
    assert service.asked("POST", "/v1/machines/default/exec")[-1]["cwd"] == str(tmp_path)
    service.shares = []
    run(["true"], cwd=tmp_path)
    assert service.asked("POST", "/v1/machines/default/exec")[-1]["cwd"] is None


def test_a_path_that_is_not_shared_stops_the_command(service: FakeService, tmp_path: Path) -> None:
    service.shares = []
    ended = run(["build", "."], cwd=tmp_path)
    assert ended.returncode == 125
    assert f"linnet share add {tmp_path}" in ended.stderr.decode()
    assert not service.asked("POST", "/v1/machines/default/exec")


def test_the_engine_and_its_arguments_are_asked_for(service: FakeService) -> None:
    run(["echo", "--format", "{{.ID}}"])
    body = service.asked("POST", "/v1/machines/default/exec")[0]
    assert body["argv"] == ["echo", "--format", "{{.ID}}"]
    assert body["engine"] is True


def test_only_the_needed_requests_are_made(service: FakeService) -> None:
    run(["true"], env={**os.environ, "LINNET_MACHINE": "default"})
    paths = [path for _, path, _ in service.requests]
    assert paths == ["/v1/version", "/v1/machines/default/shares", "/v1/machines/default/exec"]


def test_a_share_that_failed_to_be_mounted_is_not_relied_on(service: FakeService, tmp_path: Path) -> None:
    service.shares = [dict(service.shares[0], mounted=False, error="bindfs failed")]
    assert run(["true"], cwd=tmp_path).returncode == 0
    assert service.asked("POST", "/v1/machines/default/exec")[-1]["cwd"] is None
