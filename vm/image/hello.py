"""The `hello` container image: busybox and a text, as a docker-archive, so that the first run needs no registry."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from vm.image.archive import Entry, tar

TAGS = ("hello:latest", "localhost/hello:latest")
"""Docker finds the first under the name `hello`, Podman and its Docker API find the second."""

TEXT = """\
Hello from Linnet.

This text comes out of a container, in your own Linux machine, without root rights
and without a registry. Three things to try next:

    linnet run --rm -it hello sh      look around inside
    linnet ps -a                      what is running and what has run
    linnet machine status             how your machine is doing
"""

APPLETS = ("cat", "date", "echo", "env", "hostname", "id", "ls", "ps", "sh", "sleep", "uname")


def hello_archive(busybox: bytes, *, arch: str, time: int) -> bytes:
    """Return the image as a tar for `docker load` and `podman load`.

    Args:
        busybox: the statically linked program for `arch`.
        arch: Debian's name of the architecture, which is also the container world's.
        time: creation time, seconds since 1970.
    """
    layer = tar(
        [
            Entry.folder("bin"),
            Entry.file("bin/busybox", busybox, executable=True),
            *(Entry.link(f"bin/{name}", "busybox") for name in APPLETS),
            Entry.folder("etc"),
            Entry.file("etc/hello", TEXT.encode()),
            Entry.file("etc/passwd", b"root:x:0:0:root:/:/bin/sh\n"),
            Entry.folder("tmp", 0o1777),
        ],
        time=time,
    )
    # Podman's Docker API fails on a history without times.
    created = datetime.fromtimestamp(time, UTC).isoformat().replace("+00:00", "Z")
    layer_id = hashlib.sha256(layer).hexdigest()
    config = _json(
        {
            "architecture": arch,
            "config": {"Cmd": ["/bin/cat", "/etc/hello"], "Env": ["PATH=/bin"], "WorkingDir": "/"},
            "created": created,
            "history": [{"created": created, "created_by": "linnet image build"}],
            "os": "linux",
            "rootfs": {"diff_ids": [f"sha256:{layer_id}"], "type": "layers"},
        }
    )
    config_name = f"{hashlib.sha256(config).hexdigest()}.json"
    manifest = [{"Config": config_name, "Layers": [f"{layer_id}/layer.tar"], "RepoTags": list(TAGS)}]
    return tar(
        [
            Entry.folder(layer_id),
            Entry.file(f"{layer_id}/layer.tar", layer),
            Entry.file(config_name, config),
            Entry.file("manifest.json", _json(manifest)),
        ],
        time=time,
    )


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
