"""A real OpenSSH server on loopback, started by the tests with keys of their own."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from vm.guest.keys import ensure_key
from vm.ssh.link import SshLink

SSHD = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


@dataclass
class Server:
    """A running sshd."""

    process: subprocess.Popen[bytes]
    port: int
    user: str
    key: Path
    host_key: str
    log: Path

    async def connect(self, **changes: object) -> SshLink:
        values: dict[str, object] = {
            "port": self.port,
            "user": self.user,
            "key": self.key,
            "host_key": self.host_key,
            "timeout": 10.0,
        }
        return await SshLink.connect(**(values | changes))  # type: ignore[arg-type]


def start_sshd(folder: Path, port: int = 0) -> Server:
    if SSHD is None:
        pytest.skip("sshd (Debian: openssh-server) is not installed")
    folder.chmod(0o700)
    host_key = ensure_key(folder / "host_key")
    public = ensure_key(folder / "id")
    keys = folder / "authorized_keys"
    keys.write_text(public + "\n")
    if port == 0:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    config = folder / "sshd_config"
    config.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder / 'host_key'}\nAuthorizedKeysFile {keys}\n"
        "PasswordAuthentication no\nKbdInteractiveAuthentication no\nUsePAM no\nStrictModes no\nPidFile none\n"
        "PermitRootLogin prohibit-password\nMaxSessions 100\nMaxStartups 100\nAllowStreamLocalForwarding yes\n"
        "AllowTcpForwarding yes\nPrintMotd no\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    log = folder / "sshd.log"
    process = subprocess.Popen([SSHD, "-D", "-f", str(config), "-E", str(log)], stdin=subprocess.DEVNULL)
    deadline = time.monotonic() + 10
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, "sshd does not listen"
        time.sleep(0.02)
    return Server(process, port, getpass.getuser(), folder / "id", host_key, log)


def stop_sshd(server: Server) -> None:
    server.process.terminate()
    server.process.wait(5)


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = start_sshd(tmp_path_factory.mktemp("sshd"))
    yield server
    stop_sshd(server)


@pytest.fixture
async def link(sshd: Server) -> AsyncIterator[SshLink]:
    link = await sshd.connect()
    yield link
    await link.close()
