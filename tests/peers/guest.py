"""The machine that the suites run against, made for this and deleted afterwards, and the bare way to its engine."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.peers.registry import Registry
from vm.errors import GuestError, UnavailableError
from vm.layout import Layout, MachineFiles

LINNET = Path(sys.executable).parent / "linnet"

HOST_FROM_GUEST = "10.0.2.2"
"""The host's loopback, as QEMU's user network shows it to the guest."""

CLEAN = (
    "podman rm -af -t 0; podman pod rm -af; podman rmi -af; podman volume prune -f; podman network prune -f; "
    "podman secret ls -q | xargs -r podman secret rm"
)


def linnet(*arguments: str, timeout: float = 900) -> str:
    """Run a command of `linnet` and return its standard output.

    Raises:
        GuestError: it failed.
    """
    done = subprocess.run(
        [LINNET, *arguments], capture_output=True, text=True, timeout=timeout, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise GuestError(f"'linnet {' '.join(arguments)}' failed.", detail=done.stdout + done.stderr)
    return done.stdout


class Guest:
    """A running machine."""

    def __init__(self, files: MachineFiles, status: dict[str, Any], control: Path) -> None:
        self.files = files
        self.status = status
        self._control = control

    @property
    def ssh(self) -> tuple[str, ...]:
        """Words that run a shell command in the guest as the engine's user, with OpenSSH, over one connection."""
        return self._ssh(self._control)

    def _ssh(self, control: Path | None) -> tuple[str, ...]:
        options = {
            "IdentityFile": self.files.ssh_key,
            "IdentitiesOnly": "yes",
            "UserKnownHostsFile": self.files.known_hosts,
            "StrictHostKeyChecking": "yes",
            "BatchMode": "yes",
            "LogLevel": "ERROR",
            "ControlPath": control or "none",
        }
        words = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
        return ("ssh", "-F", "none", *words, "-p", str(self.status["ssh_port"]), "linnet@127.0.0.1")

    @property
    def socket(self) -> Path:
        """Linnet's socket for the machine's engine."""
        return self.files.docker_socket

    def run(self, command: str) -> str:
        """Run a shell command in the guest and return what it printed; how it ended does not matter."""
        done = subprocess.run(
            [*self.ssh, command], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=600
        )
        return done.stdout

    def clean(self) -> None:
        """Remove everything from the engine's store."""
        self.run(CLEAN)

    @contextlib.contextmanager
    def bare_socket(self, path: Path) -> Iterator[Path]:
        """Lead `path` to the engine's socket in the guest by plain OpenSSH, with nothing of Linnet between.

        Raises:
            UnavailableError: it cannot be made.
        """
        user = self.run("id -u").strip()
        forward = f"{path}:/run/user/{user}/podman/podman.sock"
        with self._kept_open(path, None, "-o", "ExitOnForwardFailure=yes", "-L", forward):
            yield path

    @contextlib.contextmanager
    def connected(self) -> Iterator[None]:
        """Keep open the connection that `ssh` uses: logging in anew takes seconds in an emulated guest.

        Raises:
            UnavailableError: it cannot be made.
        """
        with self._kept_open(self._control, self._control, "-M"):
            yield

    @contextlib.contextmanager
    def _kept_open(self, socket: Path, control: Path | None, *options: str) -> Iterator[None]:
        """Run an ssh that makes `socket`, until the end of the block."""
        words = self._ssh(control)
        socket.unlink(missing_ok=True)
        process = subprocess.Popen([*words[:-1], "-N", *options, words[-1]], stdin=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 60
            while not socket.exists():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise UnavailableError("ssh does not reach the machine.")
                time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.wait()
            socket.unlink(missing_ok=True)


@contextlib.contextmanager
def machine(name: str, registry: Registry, registries: frozenset[str], scratch: Path) -> Iterator[Guest]:
    """Make and start a machine whose engine takes the images of `registries` from the loopback; it sees `scratch`.

    Raises:
        LinnetError: it does not start.
    """
    layout = Layout.default()
    files = layout.machine(name)
    mirror = f"https://{HOST_FROM_GUEST}:{registry.port}"
    settings = {
        "home_share": "off",
        "shares": [{"path": str(scratch), "watch": False}],
        "registries": {
            "mirrors": dict.fromkeys(sorted({"docker.io", *registries}), mirror),
            "certificates": [str(registry.certificate)],
        },
    }
    with contextlib.suppress(GuestError):
        linnet("machine", "delete", "--force", name)
    files.config.parent.mkdir(parents=True, exist_ok=True)
    files.config.write_text(json.dumps(settings, indent=1), encoding="utf-8")
    try:
        linnet("machine", "start", name)
        guest = Guest(files, json.loads(linnet("machine", "status", name, "--json")), scratch / "ssh.sock")
        with guest.connected():
            yield guest
    finally:
        linnet("machine", "delete", "--force", name)
