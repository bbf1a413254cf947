"""Tests of vm.guest.seed."""

from __future__ import annotations

import dataclasses
import io
import json
import shlex
import stat
import subprocess
import tarfile
import tomllib
from pathlib import Path

import pytest

from tests.unit.vm.guest.certificate import CERTIFICATE
from vm.errors import UnavailableError
from vm.guest import seed
from vm.guest.seed import SeedFacts


@pytest.fixture
def facts(tmp_path: Path) -> SeedFacts:
    package = tmp_path / "agent"
    (package / "engines" / "__pycache__").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "engines" / "podman.py").write_text("x = 1\n")
    (package / "engines" / "__pycache__" / "podman.pyc").write_text("no")
    return SeedFacts(
        machine="default",
        hostname="linnet",
        uid=1001,
        gid=1002,
        engine="podman",
        time=1_800_000_000.7,
        agent_folder=package,
        agent_digest="abc123",
        host_key="-----BEGIN PRIVATE\n",
        host_key_public="ssh-ed25519 HOST\n",
        authorized_keys=("ssh-ed25519 ME",),
    )


def unpack(data: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {one.name: archive.extractfile(one).read() for one in archive if one.isfile()}  # type: ignore[union-attr]


def test_the_same_facts_give_the_same_bytes(facts: SeedFacts) -> None:
    data = seed.build(facts)
    assert data == seed.build(facts)
    assert len(data) % 512 == 0
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        members = archive.getmembers()
    names = [one.name for one in members]
    assert names == sorted(names)
    assert {(one.uid, one.gid, one.mtime) for one in members} == {(0, 0, 1_800_000_000)}
    assert "root/etc/ssh" in names, "folders stand before what is in them"


def test_what_is_in_it(facts: SeedFacts) -> None:
    files = unpack(seed.build(facts))
    assert set(files) == {
        "linnet.env",
        "agent/__init__.py",
        "agent/engines/podman.py",
        "root/etc/ssh/ssh_host_ed25519_key",
        "root/etc/ssh/ssh_host_ed25519_key.pub",
        "root/etc/ssh/authorized_keys.d/root",
        "root/etc/ssh/authorized_keys.d/linnet",
    }
    assert files["root/etc/ssh/authorized_keys.d/linnet"] == b"ssh-ed25519 ME\n"
    assert files["root/etc/ssh/ssh_host_ed25519_key.pub"] == b"ssh-ed25519 HOST\n"
    with tarfile.open(fileobj=io.BytesIO(seed.build(facts))) as archive:
        assert archive.getmember("root/etc/ssh/ssh_host_ed25519_key").mode == 0o600


def test_a_shell_reads_the_facts(facts: SeedFacts) -> None:
    text = seed.environment(dataclasses.replace(facts, hostname="it's; $(reboot)"))
    script = text + 'printf "%s|%s|%s|%s" "$LINNET_HOSTNAME" "$LINNET_UID" "$LINNET_TIME" "$LINNET_AGENT_HASH"'
    shown = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert shown.stdout == "it's; $(reboot)|1001|1800000000|abc123"


def test_the_file_is_private_and_replaced_whole(facts: SeedFacts, tmp_path: Path) -> None:
    path = tmp_path / "seed.tar"
    path.write_bytes(b"old")
    path.chmod(0o644)
    seed.write(path, facts)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes() == seed.build(facts)
    with pytest.raises(UnavailableError):
        seed.write(path, dataclasses.replace(facts, certificates=(tmp_path / "missing.pem",)))
    assert path.read_bytes() == seed.build(facts)
    assert not list(tmp_path.glob(".seed*"))
    with pytest.raises(UnavailableError, match="cannot be written"):
        seed.write(tmp_path / "missing" / "seed.tar", facts)


def test_secrets_do_not_show_in_logs(facts: SeedFacts) -> None:
    shown = repr(dataclasses.replace(facts, proxy_http="http://me:pass@proxy"))
    assert "pass" not in shown
    assert "PRIVATE" not in shown


def test_registries(facts: SeedFacts) -> None:
    files = unpack(
        seed.build(
            dataclasses.replace(
                facts,
                mirrors={"docker.io": "http://10.0.2.2:5000", "registry.example": "https://mirror.example/quay/"},
                insecure=("registry.local:5000",),
            )
        )
    )
    podman = tomllib.loads(files["root/etc/containers/registries.conf.d/50-linnet.conf"].decode())
    assert podman == {
        "registry": [
            {"location": "docker.io", "mirror": [{"location": "10.0.2.2:5000", "insecure": True}]},
            {"location": "registry.example", "mirror": [{"location": "mirror.example/quay"}]},
            {"location": "registry.local:5000", "insecure": True},
        ]
    }
    assert json.loads(files["root/etc/docker/daemon.json"]) == {
        "registry-mirrors": ["http://10.0.2.2:5000"],
        "insecure-registries": ["10.0.2.2:5000", "registry.local:5000"],
    }


def test_certificates(facts: SeedFacts, tmp_path: Path) -> None:
    good = tmp_path / "ca.pem"
    good.write_bytes(CERTIFICATE)
    files = unpack(seed.build(dataclasses.replace(facts, certificates=(good,))))
    assert files["root/etc/ssl/certs/linnet-0.pem"] == CERTIFICATE
    for content, why in ((b"not a certificate", "no certificate"), (None, "No such file")):
        bad = tmp_path / "bad.pem"
        bad.unlink(missing_ok=True)
        if content is not None:
            bad.write_bytes(content)
        with pytest.raises(UnavailableError, match=why):
            seed.build(dataclasses.replace(facts, certificates=(good, bad)))


def test_proxy(facts: SeedFacts) -> None:
    proxy = "http://user:p%40ss'\"@proxy.example:3128"
    files = unpack(seed.build(dataclasses.replace(facts, proxy_http=proxy, no_proxy=("corp.example",))))
    engine = tomllib.loads(files["root/etc/containers/containers.conf.d/50-linnet-proxy.conf"].decode())
    variables = dict(pair.split("=", 1) for pair in engine["engine"]["env"])
    assert variables["http_proxy"] == variables["HTTP_PROXY"] == proxy
    assert "https_proxy" not in variables
    assert variables["NO_PROXY"].endswith(",corp.example")
    assert "10.0.2.0/24" in variables["no_proxy"]
    manager = files["root/etc/systemd/system.conf.d/50-linnet-proxy.conf"].decode()
    assert manager.startswith("[Manager]\nDefaultEnvironment=")
    assert "p%%40ss" in manager
    for line in files["root/etc/environment"].decode().splitlines():
        name, value = shlex.split(line)[0].split("=", 1)
        assert variables[name] == value
    assert not [name for name in unpack(seed.build(facts)) if "proxy" in name]


def test_check_of_the_data_disk_is_ordered_for_one_start(facts: SeedFacts, tmp_path: Path) -> None:
    assert not [name for name in unpack(seed.build(facts)) if "check" in name]
    files = unpack(seed.build(dataclasses.replace(facts, check_data=True)))
    assert b"ExecStartPre=-/etc/linnet/check-data" in files["root/etc/systemd/system/linnet-data.service.d/check.conf"]
    script = tmp_path / "check-data"
    script.write_bytes(files["root/etc/linnet/check-data"])
    assert b"xfs_repair -n" in script.read_bytes()
    subprocess.run(["sh", "-n", script], check=True)
