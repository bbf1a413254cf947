"""What the suites get as their `podman` program: the engine's own command line, in the guest.

`system service ADDRESS` starts nothing: it makes ADDRESS lead to the socket under test, until it is ended. `run` of a
registry returns when the registry answers: the suite asks whether its port is open, and on this side of the emulated
network it is open before anybody listens in the guest.

Set in the environment: LINNET_PEERS_SSH, the words (JSON) that run a command in the guest; LINNET_PEERS_SOCKET, the
socket.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

from tests.peers.relay import relayed

SSH = "LINNET_PEERS_SSH"
SOCKET = "LINNET_PEERS_SOCKET"

DROPPED = ("--root", "--runroot", "--storage-driver")
"""Options that would give the suite a store of its own; in the guest there is the engine's."""


def main(arguments: list[str]) -> int:
    """Do as podman would; return its exit code."""
    words = without_store(arguments)
    if "service" in words and "system" in words:
        return _serve(words[-1])
    code = subprocess.run([*json.loads(os.environ[SSH]), in_guest(words)], check=False).returncode
    port = registry_port(words)
    if code == 0 and port is not None:
        await_tls(port)
    return code


def registry_port(words: list[str]) -> int | None:
    """Return the port of the host on which `words` publish a registry; None when they start something else."""
    if words[:1] != ["run"] or "registry" not in words or "-p" not in words:
        return None
    return int(words[words.index("-p") + 1].partition(":")[0])


def await_tls(port: int, limit: float = 60) -> bool:
    """Wait until a TLS server answers on 127.0.0.1, `limit` seconds at most; return whether one does."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            context.wrap_socket(connection).close()
            return True
        time.sleep(0.2)
    return False


def without_store(arguments: list[str]) -> list[str]:
    """Return the arguments without the options that choose a store."""
    words: list[str] = []
    rest = iter(arguments)
    for word in rest:
        if word in DROPPED:
            next(rest, None)
        elif not word.startswith(tuple(f"{name}=" for name in DROPPED)):
            words.append(word)
    return words


def in_guest(words: list[str]) -> str:
    """Return the shell command for the guest: in the same folder, when it is there."""
    return f"cd {shlex.quote(str(Path.cwd()))} 2>/dev/null; exec podman {shlex.join(words)}"


def _serve(address: str) -> int:
    kind, _, rest = address.partition(":")
    ended = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ended)
    target = Path(os.environ[SOCKET])
    if kind == "unix":
        path = Path(rest.removeprefix("//"))
        path.symlink_to(target)
        signal.sigwait(ended)
        path.unlink(missing_ok=True)
        return 0
    port = int(rest.rpartition(":")[2])
    with relayed(target, port):
        signal.sigwait(ended)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
