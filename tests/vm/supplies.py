"""What the tests put into machines and run beside them: images, programs out of Debian packages, npm packages.

All of it is got once, kept below the user's cache folder and used again.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from installer.apt import base_source, os_release, read_sources
from installer.needs import find_program
from tests.peers.sources import SourceFetcher
from tests.vm.product import Product
from vm.errors import UnavailableError
from vm.image.archive import Entry, tar
from vm.ports import free_port

SUITE = "trixie"
"""The Debian release of the base image, and of the compose plug-in."""

BUSYBOX = "busybox"
"""Name of the image that `need_busybox` makes."""

DEBIAN = f"debian:{SUITE}"
"""Name of the image that `need_debian` makes."""

REGISTRY_PORT = free_port()
"""Where on this computer's loopback tests run a registry, when they do."""

REGISTRY = f"10.0.2.2:{REGISTRY_PORT}"
"""The same as the guest sees it. Machines of the tests take it for an insecure registry, and as Docker Hub's mirror."""

DEVCONTAINERS, TESTCONTAINERS = "0.89.0", "11.14.0"
"""Versions of the npm packages."""

COMPOSE_PLUGIN = "usr/libexec/docker/cli-plugins/docker-compose"

CLIENTS = Path(__file__).parent / "clients"
"""Programs that use containers as users' programs do."""


def cache() -> Path:
    """Return the folder in which supplies are kept."""
    folder = platformdirs.user_cache_path("linnet-tests", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@functools.cache
def debian_program(package: str, inside: str, suite: str = "") -> Path:
    """Return a program out of a Debian package that is not installed; from this computer's release if none is named."""
    return SourceFetcher(cache()).fetch_program(package, inside, suite)


def give_compose_plugin(product: Product) -> None:
    """Give the user Debian's compose plug-in for the docker CLI."""
    plugin = product.home / ".docker" / "cli-plugins" / "docker-compose"
    plugin.parent.mkdir(parents=True, exist_ok=True)
    if not plugin.exists():
        plugin.symlink_to(debian_program("docker-compose", COMPOSE_PLUGIN, SUITE))


def node_modules() -> Path:
    """Return the `node_modules` with the Dev Containers CLI and Testcontainers."""
    folder = cache() / f"npm-{DEVCONTAINERS}-{TESTCONTAINERS}"
    if not folder.is_dir():
        new = _blank(folder.with_suffix(".new"))
        # Their native parts are optional, and would need a compiler.
        packages = [f"@devcontainers/cli@{DEVCONTAINERS}", f"testcontainers@{TESTCONTAINERS}"]
        _run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(new), *packages])
        new.rename(folder)
    return folder / "node_modules"


def need_busybox(product: Product) -> str:
    """Have an image with all of busybox in the engine that is in use; return its name."""
    return _need(product, BUSYBOX, busybox_tar())


@functools.cache
def busybox_tar() -> bytes:
    """Return a root file system of nothing but busybox."""
    program = find_program("busybox")
    assert program, "busybox is not installed"
    applets = subprocess.run([program, "--list"], capture_output=True, text=True, check=True).stdout.split()
    return tar(
        [
            Entry.folder("bin"),
            Entry.file("bin/busybox", Path(program).read_bytes(), executable=True),
            *(Entry.link(f"bin/{name}", "busybox") for name in applets if name != "busybox"),
            Entry.folder("etc"),
            Entry.file("etc/group", b"root:x:0:\n"),
            Entry.file("etc/os-release", b"ID=busybox\n"),
            Entry.file("etc/passwd", b"root:x:0:0:root:/root:/bin/sh\n"),
            Entry.folder("root", 0o700),
            Entry.folder("tmp", 0o1777),
            Entry.folder("usr"),
            Entry.link("usr/bin", "../bin"),
        ]
    )


def need_debian(product: Product) -> str:
    """Have a minimal Debian in the engine that is in use; return its name."""
    return _need(product, DEBIAN, debian_image().read_bytes())


def debian_image() -> Path:
    """Return a tar of a minimal Debian whose apt has the mirror that this computer has."""
    path = cache() / f"debian-{SUITE}.tar"
    if not path.exists():
        release = os_release()
        source = base_source(read_sources(), release.get("VERSION_CODENAME", ""))
        mirror = source.uris.split()[:1] if source and release.get("ID") == "debian" else []
        new = path.with_suffix(".new")
        mode = "root" if os.geteuid() == 0 else "unshare"
        _run(["mmdebstrap", f"--mode={mode}", "--variant=minbase", "--format=tar", SUITE, str(new), *mirror])
        new.rename(path)
    return path


@contextlib.contextmanager
def running_registry(folder: Path) -> Iterator[None]:
    """Run Debian's registry at REGISTRY, with plain HTTP and its data below `folder`."""
    config = folder / "registry.json"
    settings = {
        "version": 0.1,
        "log": {"level": "error"},
        "storage": {"filesystem": {"rootdirectory": str(folder / "data")}},
        "http": {"addr": f"127.0.0.1:{REGISTRY_PORT}"},
    }
    config.write_text(json.dumps(settings))
    log = folder / "log"
    program = debian_program("docker-registry", "usr/bin/docker-registry")
    with log.open("wb") as output:
        process = subprocess.Popen([program, "serve", config], stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + 20
        while not _listens(REGISTRY_PORT):
            # It cannot be given a socket that listens already, nor does it say when it is ready.
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, "the registry does not listen"
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait()


def fetch(url: str) -> str:
    """Return what a web server on this computer says; no proxy is used."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=60) as answer:
        text: str = answer.read().decode()
        return text


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _need(product: Product, name: str, archive: bytes) -> str:
    if product.linnet("image", "inspect", name).returncode:
        product.ok("import", "-", name, input=archive)
    return name


def _blank(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def _run(argv: list[str]) -> None:
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
    if done.returncode:
        raise UnavailableError(f"{argv[0]} failed.", hint="Is the network there?", detail=done.stdout + done.stderr)
