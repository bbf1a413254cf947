"""The product as a user has it, in a home of its own: the `linnet` command, its socket, the docker CLI on that."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vm.layout import HOME_VARIABLE, Layout, MachineFiles

LINNET = str(Path(sys.executable).parent / "linnet")

LIMIT = 300.0
"""Seconds that any one command may take under emulation."""


@dataclass
class Product:
    """One Linnet with one machine.

    Attributes:
        base: a short folder; `l` in it is LINNET_HOME (sockets need short paths).
        home: the user's home, whose name has a space and letters beyond ASCII.
        machine: name of the machine that commands mean.
    """

    base: Path
    home: Path
    machine: str
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def layout(self) -> Layout:
        """Where this Linnet keeps its files."""
        home = self.base / "l"
        return Layout(home / "config", home / "data", home / "run", home / "cache")

    @property
    def files(self) -> MachineFiles:
        """The machine's files."""
        return self.layout.machine(self.machine)

    @property
    def environment(self) -> dict[str, str]:
        """Environment of all commands of this user."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DOCKER_", "LINNET_"))}
        return {
            **kept,
            "HOME": str(self.home),
            "LINNET_MACHINE": self.machine,
            HOME_VARIABLE: str(self.base / "l"),
            "NO_COLOR": "1",
        }

    @property
    def docker_host(self) -> str:
        """The machine's Docker API, as DOCKER_HOST has it."""
        return f"unix://{self.files.docker_socket}"

    def linnet(
        self,
        *arguments: str,
        input: str | bytes | None = None,  # noqa: A002  named as in subprocess
        cwd: Path | None = None,
        timeout: float = LIMIT,
        env: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run `linnet` to its end, whatever it is."""
        return self.command([LINNET, *arguments], input=input, cwd=cwd, timeout=timeout, env=env)

    def ok(self, *arguments: str, **options: Any) -> str:
        """Run `linnet`, which must succeed; return its standard output."""
        done = self.linnet(*arguments, **options)
        assert done.returncode == 0, f"linnet {' '.join(arguments)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def json(self, *arguments: str) -> Any:
        """Run a `linnet` command that prints JSON; return what it printed."""
        return json.loads(self.ok(*arguments, "--json"))

    def status(self) -> dict[str, Any]:
        """Return the machine's status."""
        found = self.json("machine", "status", self.machine)
        result: dict[str, Any] = found[0] if isinstance(found, list) else found
        return result

    def docker(self, *arguments: str, **options: Any) -> str:
        """Run the host's docker CLI over the machine's socket; it must succeed; return its standard output."""
        done = self.command(
            ["docker", *arguments], env={"DOCKER_HOST": self.docker_host, "DOCKER_BUILDKIT": "0"}, **options
        )
        assert done.returncode == 0, f"docker {' '.join(arguments)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def command(
        self,
        argv: list[str],
        *,
        input: str | bytes | None = None,  # noqa: A002
        cwd: Path | None = None,
        timeout: float = LIMIT,
        env: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this user; binary output is replaced where it is no text."""
        data = input.encode() if isinstance(input, str) else input
        done = subprocess.run(
            argv,
            input=data,
            stdin=subprocess.DEVNULL if data is None else None,
            capture_output=True,
            cwd=cwd or self.home,
            env={**self.environment, **(env or {})},
            timeout=timeout,
        )
        return subprocess.CompletedProcess(
            argv, done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        )

    def root(self, script: str, timeout: float = LIMIT) -> str:
        """Run a shell script in the guest as root, through the machine's own SSH key."""
        files, port = self.files, self.status()["ssh_port"]
        argv = ["ssh", "-F", "none", "-p", str(port), "-i", str(files.ssh_key), "-o", "IdentitiesOnly=yes"]
        argv += ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"]
        done = self.command([*argv, "root@127.0.0.1", script], timeout=timeout)
        assert done.returncode == 0, f"{script}: {done.stdout}{done.stderr}"
        return done.stdout

    def create(self) -> None:
        """Make the machine with the settings of this product, and start it."""
        changes = [f"--set={name}={value}" for name, value in self.settings.items()]
        self.ok("machine", "create", self.machine, *changes)
        self.ok("machine", "start", self.machine)

    def remove(self) -> None:
        """End everything and delete all files."""
        self.linnet("machine", "delete", self.machine, "--force")
        self.linnet("service", "stop")
        shutil.rmtree(self.base, ignore_errors=True)
