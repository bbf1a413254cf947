"""Initrd, hello image and their archives: read back by independent programs, and the same bytes each time."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from vm.image.archive import Entry, cpio, tar
from vm.image.hello import TEXT, hello_archive
from vm.image.initrd import make_initrd

BUSYBOX = b"\x7fELF busybox" * 100


def test_initrd_is_what_cpio_reads(tmp_path: Path) -> None:
    if shutil.which("cpio") is None:
        pytest.skip("cpio is not installed")
    data = make_initrd(BUSYBOX, b"#!/bin/sh\n", [("virtio_blk", b"one"), ("ext4", b"two")], time=1760000000)
    listed = subprocess.run(["cpio", "-itv", "--quiet"], input=data, capture_output=True, check=True).stdout.decode()
    names = [line.split()[8] for line in listed.splitlines()]
    assert names.index("modules/01-virtio_blk.ko") < names.index("modules/02-ext4.ko")
    assert "bin/sh -> busybox" in listed
    assert next(line for line in listed.splitlines() if line.endswith("dev/console")).startswith("crw-------")
    content = subprocess.run(
        ["cpio", "-i", "--to-stdout", "--quiet", "init"], input=data, capture_output=True, check=True
    ).stdout
    assert content == b"#!/bin/sh\n"


def test_same_input_same_bytes() -> None:
    entries = [Entry.folder("a"), Entry.file("a/b", b"x" * 1000, executable=True), Entry.link("c", "a/b")]
    assert cpio(entries, time=7) == cpio(entries, time=7)
    assert tar(entries, time=7) == tar(entries, time=7)
    assert tar(entries, time=7) != tar(entries, time=8)
    assert len(cpio(entries)) % 512 == len(tar(entries)) % 512 == 0
    assert hello_archive(BUSYBOX, arch="amd64", time=7) == hello_archive(BUSYBOX, arch="amd64", time=7)


def test_hello_is_a_docker_archive_whose_digests_agree() -> None:
    with tarfile.open(fileobj=io.BytesIO(hello_archive(BUSYBOX, arch="arm64", time=1760000000))) as archive:

        def read(name: str) -> bytes:
            stream = archive.extractfile(name)
            assert stream is not None
            return stream.read()

        (manifest,) = json.loads(read("manifest.json"))
        config = json.loads(read(manifest["Config"]))
        layer = read(manifest["Layers"][0])
    assert manifest["RepoTags"] == ["hello:latest", "localhost/hello:latest"]
    assert config["rootfs"]["diff_ids"] == ["sha256:" + manifest["Layers"][0].split("/")[0]]
    assert (config["architecture"], config["created"]) == ("arm64", "2025-10-09T08:53:20Z")
    with tarfile.open(fileobj=io.BytesIO(layer)) as files:
        text = files.extractfile("etc/hello")
        assert text is not None
        assert text.read().decode() == TEXT
        assert files.getmember("bin/busybox").mode == 0o755
        assert files.getmember("bin/cat").linkname == "busybox"
        assert {(member.uid, member.gid) for member in files} == {(0, 0)}
