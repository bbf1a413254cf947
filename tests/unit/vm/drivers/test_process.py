"""Recognising our QEMU among the processes of the host, and its last words."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from vm.drivers import process
from vm.errors import UnavailableError

SLEEPER = "import time; time.sleep(60)"


@pytest.fixture
def pid_file(tmp_path: Path) -> Path:
    return tmp_path / "qemu.pid"


@pytest.fixture
def stand_in(pid_file: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process with QEMU's option on its command line."""
    with subprocess.Popen([sys.executable, "-c", SLEEPER, "-pidfile", str(pid_file)]) as popen:
        yield popen
        popen.kill()


def test_found_by_its_pid_file(pid_file: Path, stand_in: subprocess.Popen[bytes]) -> None:
    pid_file.write_text(f"{stand_in.pid}\n")
    found = process.find(pid_file)
    assert found is not None
    assert found.pid == stand_in.pid


def test_found_when_the_runtime_folder_was_wiped(pid_file: Path, stand_in: subprocess.Popen[bytes]) -> None:
    found = process.find(pid_file)
    assert found is not None
    assert found.pid == stand_in.pid


@pytest.mark.parametrize("content", [str(os.getpid()), "999999999", "", "junk"])
def test_a_stale_pid_file_finds_nobody(pid_file: Path, content: str) -> None:
    pid_file.write_text(content)
    assert process.find(pid_file) is None


def test_another_machines_qemu_is_not_ours(pid_file: Path, stand_in: subprocess.Popen[bytes]) -> None:
    other = pid_file.with_name("other.pid")
    other.write_text(str(stand_in.pid))
    assert process.find(other) is None


async def test_waiting_for_the_end(stand_in: subprocess.Popen[bytes]) -> None:
    found = psutil.Process(stand_in.pid)
    assert not await process.ended(found, 0.05)
    assert not await process.ended(found, 0.05, stand_in)
    process.kill(found)
    # Not reaped yet: a zombie has ended.
    assert await process.ended(found, 5)
    assert await process.ended(found, 5, stand_in)
    process.kill(found)


def test_spawning_appends_to_the_log(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "qemu.log"
    for _ in range(2):
        with process.spawn([sys.executable, "-c", "print('hello')"], log) as popen:
            popen.wait()
    assert process.last_words(log).splitlines() == ["hello", "hello"]
    assert process.last_words(log, log.stat().st_size) == ""
    assert process.last_words(tmp_path / "none") == ""


def test_a_program_that_cannot_be_started(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="cannot be started"):
        process.spawn([str(tmp_path / "none")], tmp_path / "log")


QCOW = "-blockdev driver=qcow2,node-name=disk1: Image is not in qcow2 format"
LIBVIRT = "internal error: QEMU unexpectedly closed the monitor (vm='linnet-b'): 2026-11-21T07:36:07.233430Z "
INCOMING = "Not a migration stream\nqemu-system-x86_64: load of migration failed: Invalid argument"
LOCKED = '-device virtio-blk-pci,drive=d: Failed to get "write" lock\nIs another process using the image [/d]?'


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (f"qemu-system-x86_64: {QCOW}", "Image is not in qcow2 format"),
        (f"{LIBVIRT}qemu-system-x86_64: {QCOW}", "Image is not in qcow2 format"),
        (f"qemu-system-x86_64: {INCOMING}", "load of migration failed: Invalid argument"),
        (f"qemu-system-x86_64: {LOCKED}", 'Failed to get "write" lock'),
        ("", "it ended without a word"),
    ],
)
def test_the_reason_is_the_last_thing_qemu_said(words: str, reason: str) -> None:
    error = process.ended_error("b", words)
    assert error.message == f"QEMU could not run the machine 'b': {reason}"
    assert error.detail == (words or None)


def test_detached_is_data() -> None:
    assert process.detached("linux") == {"start_new_session": True, "umask": 0o077}
    assert process.detached("win32") == {"creationflags": 0x08000208}
