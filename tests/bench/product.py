"""The real product, in a home of its own: every figure goes through `linnet` and linnetd as a user's command would."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.measure import BenchError
from vm.image.model import GuestImage
from vm.image.store import ImageStore
from vm.layout import HOME_VARIABLE, Layout

LINNET = Path(sys.executable).parent / "linnet"

MACHINE = "bench"


@dataclass
class Product:
    """Linnet in a scratch home, and what the figures have in common.

    Attributes:
        base: scratch folder; `h` in it is LINNET_HOME.
        keep: things that end with the run.
        cache: results that several figures use.
    """

    base: Path
    keep: contextlib.ExitStack
    cache: dict[str, Any] = field(default_factory=dict)

    @property
    def layout(self) -> Layout:
        """Where this Linnet keeps its files."""
        home = self.base / "h"
        return Layout(home / "config", home / "data", home / "run", home / "cache")

    @property
    def environment(self) -> dict[str, str]:
        """Environment of all commands."""
        return {**os.environ, HOME_VARIABLE: str(self.base / "h"), "LINNET_MACHINE": MACHINE}

    def linnet(self, *arguments: str, input: bytes | None = None, timeout: float = 600) -> str:  # noqa: A002
        """Run `linnet` and return its standard output. BenchError when it fails."""
        return self.run([str(LINNET), *arguments], input=input, timeout=timeout)

    def run(self, argv: list[str], *, input: bytes | None = None, timeout: float = 600) -> str:  # noqa: A002
        """Run a program in the environment of this Linnet. BenchError when it fails."""
        try:
            done = subprocess.run(argv, input=input, capture_output=True, env=self.environment, timeout=timeout)
        except subprocess.TimeoutExpired as error:
            raise BenchError(f"{' '.join(argv[:3])} … took longer than {timeout:.0f} s") from error
        if done.returncode:
            words = (done.stderr or done.stdout).decode(errors="replace").strip()
            raise BenchError(f"{' '.join(argv[:4])} … failed ({done.returncode}): {words[-400:]}")
        return done.stdout.decode(errors="replace")

    def status(self, machine: str = MACHINE) -> dict[str, Any]:
        """Return the machine's status."""
        found = json.loads(self.linnet("machine", "status", machine, "--json"))
        return found[0] if isinstance(found, list) else found  # type: ignore[no-any-return]

    def guest(self, command: str, *, input: bytes | None = None, timeout: float = 600) -> str:  # noqa: A002
        """Run a shell command as the guest's user."""
        return self.linnet("machine", "shell", "--", "sh", "-c", command, input=input, timeout=timeout)

    def ensure_running(self) -> dict[str, Any]:
        """Return the status of the machine, which is made and started if need be."""
        if MACHINE not in self.layout.machine_names():
            settings = [f"--set={name}={value}" for name, value in self.cache.get("settings", {}).items()]
            self.linnet("machine", "create", MACHINE, "--memory", "2GiB", "--cpus", "2", *settings)
        self.linnet("machine", "start", MACHINE)
        return self.status()

    def image(self) -> GuestImage:
        """Return the guest image that machines use."""
        return ImageStore(self.layout.images).find("latest")

    def ssh_options(self, machine: str = MACHINE) -> list[str]:
        """Return OpenSSH's options for the guest, with the machine's own key and pinned host key."""
        files = self.layout.machine(machine)
        known = self.base / "known_hosts"
        port = self.status(machine)["ssh_port"]
        key = files.host_key.with_suffix(".pub").read_text(encoding="ascii").split()
        known.write_text(f"[127.0.0.1]:{port} {key[0]} {key[1]}\n", encoding="ascii")
        options = {
            "IdentityFile": files.ssh_key, "IdentitiesOnly": "yes", "UserKnownHostsFile": known, "BatchMode": "yes",
            "StrictHostKeyChecking": "yes", "LogLevel": "ERROR",
        }  # fmt: skip
        return ["-F", "none", "-p", str(port), *(f"-o{name}={value}" for name, value in options.items())]

    def ping(self) -> None:
        """Ask the engine once, through the machine's socket. BenchError when it does not answer."""
        path = self.layout.machine(MACHINE).docker_socket
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(30)
            client.connect(str(path))
            client.sendall(b"GET /_ping HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n")
            if b" 200 " not in client.recv(65536):
                raise BenchError("the engine does not answer")

    def forwarded_socket(self) -> Path:
        """Return a socket on which OpenSSH (`ssh -L`) forwards the engine's API."""
        path = self.base / "forwarded.sock"
        if "forward" in self.cache and self.cache["forward"].poll() is None:
            return path
        path.unlink(missing_ok=True)
        uid = self.guest("id -u").strip()
        target = f"/run/user/{uid}/podman/podman.sock"
        process = subprocess.Popen(
            [
                "ssh",
                *self.ssh_options(),
                "-N",
                "-oExitOnForwardFailure=yes",
                "-L",
                f"{path}:{target}",
                "linnet@127.0.0.1",
            ],
            stdin=subprocess.DEVNULL,
        )
        self.cache["forward"] = process
        self.keep.callback(_end, process)
        wait_for(path.is_socket, "ssh -L", lambda: process.poll() is None)
        return path


def wait_for(condition: Any, what: str, alive: Any = lambda: True, limit: float = 60) -> None:
    """Look until `condition` is true. BenchError when it does not become so."""
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end or not alive():
            raise BenchError(f"{what} did not come up")
        time.sleep(0.02)


@contextlib.contextmanager
def product(settings: dict[str, str], images: Path) -> Iterator[Product]:
    """Give a Linnet in a scratch home; machines, service and files go at the end. Its images are those in `images`."""
    base = Path(tempfile.mkdtemp(prefix="lb"))
    with contextlib.ExitStack() as keep:
        keep.callback(shutil.rmtree, base, ignore_errors=True)
        found = Product(base, keep, {"settings": settings})
        found.layout.images.parent.mkdir(parents=True)
        found.layout.images.symlink_to(images.absolute())
        keep.callback(_clean_up, found)
        yield found


def _clean_up(found: Product) -> None:
    for name in found.layout.machine_names():
        with contextlib.suppress(BenchError):
            found.linnet("machine", "delete", name, "--force")
    with contextlib.suppress(BenchError):
        found.linnet("service", "stop")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait()
