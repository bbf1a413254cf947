"""Tests of vm.shares.virtiofsd."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from tests.unit.vm.shares.fakes import ROOT, USER
from vm.errors import UnavailableError
from vm.shares import virtiofsd
from vm.shares.base import Owner, Share
from vm.shares.virtiofsd import Files, Program

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="virtiofsd runs on Linux only")

READY = "[2026-11-21T07:15:35Z INFO  virtiofsd] Waiting for vhost-user socket connection..."


def program(folder: Path, body: str, version: str = "virtiofsd 1.13.2") -> Path:
    path = folder / "virtiofsd"
    path.write_text(f'#!/bin/sh\nif [ "$1" = --version ]; then echo "{version}"; exit; fi\n{body}\n')
    path.chmod(0o755)
    return path


def share(path: Path) -> Share:
    return Share(path, "/srv/x", tag="abcd1234")


async def test_a_program_is_found_by_setting(tmp_path: Path) -> None:
    path = program(tmp_path, "true")
    assert (await virtiofsd.find(f"'{path}'")).command == (str(path),)
    assert (await virtiofsd.find(f"env A=1 {path}")).command == ("env", "A=1", str(path))


async def test_an_old_program_is_refused(tmp_path: Path) -> None:
    path = program(tmp_path, "true", "virtiofsd 1.10.1")
    with pytest.raises(UnavailableError, match="too old"):
        await virtiofsd.find(str(path))


async def test_a_missing_program_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(virtiofsd, "PLACES", ())
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UnavailableError, match="not installed"):
        await virtiofsd.find(None)


def test_options_translate_owners(tmp_path: Path) -> None:
    user = virtiofsd.options(share(tmp_path), Owner(501, 20, 1000, 1000), 7, sandbox=False)
    assert "--fd=7" in user
    assert "--sandbox=none" in user
    assert "--inode-file-handles=never" in user
    assert "--translate-uid=squash-guest:0:501:4294967295" in user
    assert "--translate-gid=squash-host:0:1000:4294967295" in user
    assert "--readonly" not in user
    root = virtiofsd.options(Share(tmp_path, "/x", read_only=True), ROOT, 7, sandbox=True)
    assert "--inode-file-handles=prefer" in root
    assert "--sandbox=namespace" in root
    assert "--readonly" in root


async def test_it_starts_with_a_bound_socket_and_is_found_again(tmp_path: Path) -> None:
    command = program(tmp_path, f'echo "{READY}" >&2; exec sleep 60')
    files = Files(tmp_path / "fs.sock")
    ends: list[str] = []
    process = await virtiofsd.start(Program((str(command),)), share(tmp_path), USER, files, lambda: ends.append("own"))
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(files.socket))
    assert files.socket.stat().st_mode & 0o777 == 0o600
    found = virtiofsd.find_again(files, lambda: ends.append("found"))
    assert found is not None
    assert found.pid == process.pid
    await process.end()
    await asyncio.wait_for(found.ended.wait(), 5)
    assert sorted(ends) == ["found", "own"]
    assert virtiofsd.find_again(files, lambda: None) is None


async def test_another_process_of_the_same_number_is_not_taken(tmp_path: Path) -> None:
    files = Files(tmp_path / "fs.sock")
    files.record.write_text(json.dumps({"pid": os.getpid(), "started": 1.0}))
    assert virtiofsd.find_again(files, lambda: None) is None
    files.record.write_text("{")
    assert virtiofsd.find_again(files, lambda: None) is None


async def test_a_death_is_noticed(tmp_path: Path) -> None:
    command = program(tmp_path, f'echo "{READY}" >&2; exec sleep 60')
    files = Files(tmp_path / "fs.sock")
    process = await virtiofsd.start(Program((str(command),)), share(tmp_path), USER, files, lambda: None)
    os.kill(process.pid, signal.SIGKILL)
    await asyncio.wait_for(process.ended.wait(), 5)


async def test_without_a_namespace_root_goes_without(tmp_path: Path) -> None:
    command = program(
        tmp_path,
        f'case "$*" in *--sandbox=namespace*) echo denied >&2; exit 1;; esac; echo "{READY}" >&2; exec sleep 60',
    )
    files = Files(tmp_path / "fs.sock")
    process = await virtiofsd.start(Program((str(command),)), share(tmp_path), ROOT, files, lambda: None)
    assert not process.ended.is_set()
    await process.end()


async def test_a_start_that_fails_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    command = program(tmp_path, "echo 'shared directory is on fire' >&2; exit 1")
    files = Files(tmp_path / "fs.sock")
    with pytest.raises(UnavailableError) as caught:
        await virtiofsd.start(Program((str(command),)), share(tmp_path), USER, files, lambda: None)
    assert caught.value.detail == "shared directory is on fire"
    assert not files.socket.exists()
    assert not files.record.exists()


def test_the_log_stays_bounded(tmp_path: Path) -> None:
    files = Files(tmp_path / "fs.sock")
    files.log.write_bytes(b"x" * virtiofsd.LOG_LIMIT + b"the end")
    assert files.last_words().endswith("the end")
    assert files.log.stat().st_size == 0
