"""A registry on loopback that stands in for the public ones.

Every image that a suite names is a small busybox, except the registry image, which really is one.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import re
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.peers import certificate
from vm.errors import UnavailableError
from vm.image.archive import Entry, tar

IMAGE_NAME = re.compile(r"\b((?:[a-z0-9-]+\.)+[a-z]+)/(libpod/[a-z0-9_]+)(?::([\w.]+))?\b")
"""Images of the suites' own project, with the registry they come from."""

LABELLED = "libpod/alpine_labels"
"""The image that has labels."""

PLAIN_NAMES = (("library/alpine", "latest"), ("library/busybox", "latest"))
"""Images that the suites name without a registry."""

COMPOSED_NAMES = {(LABELLED, "latest"), ("libpod/registry", "2.7")}
"""Images whose names Podman's tests put together from parts."""

LIBRARY = re.compile(r"(/\S+) \(0x")

LABELS = {"PODMAN": "/usr/bin/podman run", "RUN": "/usr/bin/podman run", "license": "Apache-2.0"}

TYPES = "application/vnd.docker.distribution.manifest.v2+json"


@dataclass(frozen=True)
class Images:
    """What a suite pulls.

    Attributes:
        registries: the hosts that have to be mirrored.
        names: repository and tag of each image.
    """

    registries: frozenset[str]
    names: frozenset[tuple[str, str]]


def images_of(*folders: Path) -> Images:
    """Return the images that the tests below the folders name."""
    registries: set[str] = set()
    names: set[tuple[str, str]] = set(PLAIN_NAMES)
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in {".at", ".py", ""}:
                for host, name, tag in IMAGE_NAME.findall(path.read_text(encoding="utf-8", errors="replace")):
                    registries.add(host)
                    names.add((name, tag or "latest"))
    names |= COMPOSED_NAMES
    return Images(frozenset(registries), frozenset(names))


@dataclass(frozen=True)
class Registry:
    """A registry that runs.

    Attributes:
        port: on the loopback of this computer.
        certificate: PEM file with what vouches for it.
    """

    port: int
    certificate: Path

    def send(self, path: str, method: str, data: bytes, kind: str = "application/octet-stream") -> str:
        """Send a request to `path`, or to an address that the registry gave; return the answer's Location.

        Raises:
            UnavailableError: the registry refused.
        """
        url = path if path.startswith("https:") else f"https://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(url, data=data, method=method, headers={"Content-Type": kind})
        trust = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=str(self.certificate)))
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), trust)
        try:
            with opener.open(request, timeout=60) as answer:
                return str(answer.headers.get("Location", ""))
        except urllib.error.HTTPError as error:
            raise UnavailableError(f"The registry refused {method} {url}: {error.code}.") from error


@contextlib.contextmanager
def serving(program: Path, folder: Path, guest_address: str) -> Iterator[Registry]:
    """Run the registry `program` on loopback, which is `guest_address` for guests, with its data below `folder`.

    Raises:
        UnavailableError: it does not answer.
    """
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    folder.mkdir(parents=True, exist_ok=True)
    pem, key = folder / "registry.pem", folder / "registry.key"
    certificate.write(pem, key, ("127.0.0.1", guest_address))
    config = folder / "config.json"
    config.write_text(
        json.dumps(
            {
                "version": 0.1,
                "log": {"level": "error"},
                "storage": {"filesystem": {"rootdirectory": str(folder / "data")}, "delete": {"enabled": True}},
                "http": {"addr": f"127.0.0.1:{port}", "tls": {"certificate": str(pem), "key": str(key)}},
            }
        ),
        encoding="utf-8",
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "serve", config], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        _wait(port, process, folder / "log")
        yield Registry(port, pem)
    finally:
        process.terminate()
        process.wait()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise UnavailableError("The registry does not start.", detail=log.read_text(errors="replace"))


def fill(registry: Registry, images: Images, busybox: Path, program: Path, arch: str) -> None:
    """Push an image under every name: a busybox, and for those called `registry` the registry `program` too."""
    applets = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True).stdout.split()
    for number, (name, tag) in enumerate(sorted(images.names)):
        is_registry = name.endswith("/registry")
        content = [*_system(busybox, applets, f"{name}:{tag}\n"), *(registry_files(program) if is_registry else ())]
        push(
            registry,
            name,
            tag,
            tar(content),
            arch,
            1_600_000_000 + number,
            ("/bin/registry", "serve", "/etc/registry.json") if is_registry else ("/bin/sh",),
        )


def registry_files(program: Path) -> Iterable[Entry]:
    """Return the registry with the libraries that the linker of this machine gives it."""
    linked = subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout
    libraries = sorted({Path(path) for path in LIBRARY.findall(linked)})
    folders = {parent for path in libraries for parent in path.parents} - {Path("/")}
    yield from (Entry.folder(str(path).lstrip("/")) for path in sorted(folders))
    yield from (Entry.file(str(path).lstrip("/"), path.read_bytes(), executable=True) for path in libraries)
    yield Entry.file("bin/registry", program.read_bytes(), executable=True)
    config = {
        "version": 0.1,
        "storage": {"filesystem": {"rootdirectory": "/var"}, "delete": {"enabled": True}},
        "http": {"addr": ":5000"},
    }
    yield Entry.file("etc/registry.json", json.dumps(config).encode())


def _system(busybox: Path, applets: list[str], text: str) -> list[Entry]:
    return [
        Entry.folder("bin"),
        Entry.file("bin/busybox", busybox.read_bytes(), executable=True),
        *(Entry.link(f"bin/{name}", "busybox") for name in applets if name != "busybox"),
        Entry.folder("etc"),
        Entry.file("etc/image", text.encode()),
        Entry.file("etc/passwd", b"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n"),
        Entry.file("etc/group", b"root:x:0:\nnobody:x:65534:\n"),
        Entry.folder("root", 0o700),
        Entry.folder("tmp", 0o1777),
        Entry.folder("usr"),
        Entry.link("usr/bin", "../bin"),
        Entry.folder("var"),
    ]


def push(
    registry: Registry, name: str, tag: str, layer: bytes, arch: str, created: int, command: Sequence[str]
) -> None:
    """Push an image of one layer to the registry."""
    packed = gzip.compress(layer, compresslevel=1, mtime=0)
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(created))
    config = json.dumps(
        {
            "architecture": arch,
            "os": "linux",
            "created": when,
            "config": {
                "Cmd": list(command),
                "Env": ["PATH=/bin:/usr/bin"],
                "Labels": LABELS if name == LABELLED else {},
            },
            "rootfs": {"type": "layers", "diff_ids": [_digest(layer)]},
            "history": [{"created": when, "created_by": "busybox"}],
        }
    ).encode()
    for blob in (packed, config):
        _push_blob(registry, name, blob)
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": TYPES,
            "config": {
                "mediaType": "application/vnd.docker.container.image.v1+json",
                "size": len(config),
                "digest": _digest(config),
            },
            "layers": [
                {
                    "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",
                    "size": len(packed),
                    "digest": _digest(packed),
                }
            ],
        }
    ).encode()
    registry.send(f"/v2/{name}/manifests/{tag}", "PUT", manifest, TYPES)


def _push_blob(registry: Registry, name: str, blob: bytes) -> None:
    location = registry.send(f"/v2/{name}/blobs/uploads/", "POST", b"")
    joint = "&" if "?" in location else "?"
    registry.send(f"{location}{joint}digest={_digest(blob)}", "PUT", blob)


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
