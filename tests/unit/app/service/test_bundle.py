"""The support bundle: what is in it, what is not, and how big it may get."""

from __future__ import annotations

import json
import random
import tarfile
from pathlib import Path

import pytest

from app.service import bundle
from app.service.bundle import Redactor, write_bundle
from tests.unit.app.service.doctor.fakes import HEALTHY, FakeContext, scratch_layout
from vm.errors import UnavailableError

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAE\n-----END OPENSSH PRIVATE KEY-----"


@pytest.fixture
def redactor() -> Redactor:
    return Redactor(home=Path("/home/ada"), user="ada", host="engine-7")


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("http_proxy=http://ada:hunter2@proxy.test:3128", "hunter2"),
        ("proxy: https://token42@proxy.test", "token42"),
        ("password: hunter2", "hunter2"),
        ('{"auths": {"registry.test": {"auth": "aHVudGVyMg=="}}}', "aHVudGVyMg"),
        ('{"identitytoken":"abc.def"}', "abc.def"),
        ('"registry_password": "hun\\"ter2"', "ter2"),
        ("Authorization: Bearer abcdefgh12345678", "abcdefgh"),
        ("X-Registry-Auth: eyJ1c2VybmFtZSI6ImFkYSJ9", "eyJ1c2"),
        ("curl -H 'authorization=Basic aHVudGVyMg=='", "aHVudGVyMg"),
        ("MYSQL_ROOT_PASSWORD=hunter2 mysqld", "hunter2"),
        ("run -e GITHUB_TOKEN='hunter 2' image", "hunter 2"),
        ("login --password hunter2 --username x", "hunter2"),
        ("api-key = hunter2", "hunter2"),
        (f"before\n{KEY}\nafter", "b3BlbnNzaC1rZXktdjE"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIEcut", "MIIEcut"),
        ("pushed with ghp_0123456789abcdefghij0123", "0123456789abcdefghij"),
        ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0abc.c2ln", "eyJzdWIiOiIxIn0"),
        ("file /home/ada/project/x", "/home/ada"),
        ("user ada on engine-7", "ada"),
        ("host engine-7.test", "engine-7"),
    ],
)
def test_secrets_are_removed(redactor: Redactor, text: str, secret: str) -> None:
    assert secret not in redactor.redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "GET /v1.41/containers/json HTTP/1.1 200",
        "2026-11-21 07:00:00 INFO vm.machine: machine default: the engine answers after 12.5 s",
        "pulled registry.test/library/nginx@sha256:0123456789abcdef0123456789abcdef",
        "cpus: 4\nmemory: 4GiB\nshares:\n  - path: /srv/adapter",
        "/home/adam/file",
        "root logged in",
    ],
)
def test_the_rest_stays(redactor: Redactor, text: str) -> None:
    assert redactor.redact(text) == text


def test_home_becomes_a_tilde(redactor: Redactor) -> None:
    assert redactor.redact("share /home/ada/src mounted") == "share ~/src mounted"


def test_unhelpful_names_are_left_alone() -> None:
    assert Redactor(home=Path("/"), user="root", host="localhost").redact("root@localhost /") == "root@localhost /"


def unpack(path: Path) -> dict[str, str]:
    with tarfile.open(path) as archive:
        found = {member.name: archive.extractfile(member) for member in archive.getmembers()}
        return {name: stream.read().decode() for name, stream in found.items() if stream is not None}


async def test_bundle_holds_logs_settings_and_checks(tmp_path: Path, redactor: Redactor) -> None:
    layout = scratch_layout(tmp_path)
    context = FakeContext(layout, {"default": HEALTHY}, images={"1": None})
    machine = layout.machine("default")
    machine.folder.mkdir(parents=True)
    machine.config.parent.mkdir()
    machine.config.write_text("cpus: 4\nproxy:\n  https: http://ada:hunter2@proxy.test\n")
    machine.serial_log.write_text("linnet login: \n")
    machine.ssh_key.write_text(KEY)
    machine.seed.write_text(KEY)
    layout.service_log.parent.mkdir()
    layout.service_log.write_text("07:00 started in /home/ada/x\n")
    path = await write_bundle(context, tmp_path, redactor)
    assert path.name.startswith("linnet-support-")
    files = unpack(path)
    assert {name.removeprefix("linnet-support/") for name in files} == {
        "doctor.json",
        "versions.json",
        "machines.json",
        "config/default.yaml",
        "log/linnetd.log",
        "log/default/serial.log",
    }
    assert json.loads(files["linnet-support/machines.json"])[0]["engine"]["kind"] == "podman"
    assert {"id", "title", "verdict", "text", "fix"} == set(json.loads(files["linnet-support/doctor.json"])[0])
    assert "cpus: 4" in files["linnet-support/config/default.yaml"]
    everything = "".join(files.values())
    for secret in ("hunter2", "b3BlbnNza", "/home/ada"):
        assert secret not in everything


async def test_bundle_is_bounded(tmp_path: Path, redactor: Redactor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "MOST", 400_000)
    monkeypatch.setattr(bundle, "TAIL", 100_000)
    layout = scratch_layout(tmp_path)
    names = [f"m{number}" for number in range(8)]
    noise = random.Random(1)
    for name in names:
        machine = layout.machine(name)
        machine.folder.mkdir(parents=True)
        lines = (f"{noise.getrandbits(256):064x}\n" for _ in range(4000))
        machine.serial_log.write_text("".join(lines) + "the last line\n")
    context = FakeContext(layout, dict.fromkeys(names, HEALTHY))
    files = unpack(await write_bundle(context, tmp_path / "b.tar.gz", redactor))
    assert sum(map(len, files.values())) <= 400_000
    first = files["linnet-support/log/m0/serial.log"]
    assert len(first) <= 100_000
    assert first.endswith("the last line\n")
    assert len(first.splitlines()[0]) == 64


async def test_bundle_is_written_when_nothing_works(tmp_path: Path, redactor: Redactor) -> None:
    context = FakeContext(scratch_layout(tmp_path), info=UnavailableError("QEMU is not installed."))
    files = unpack(await write_bundle(context, tmp_path / "b.tar.gz", redactor))
    assert "QEMU is not installed." in files["linnet-support/doctor.json"]


async def test_a_folder_that_does_not_take_it_is_an_error(tmp_path: Path, redactor: Redactor) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnavailableError):
        await write_bundle(FakeContext(scratch_layout(tmp_path)), tmp_path / "file" / "b.tar.gz", redactor)
