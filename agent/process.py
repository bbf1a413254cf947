"""Running a program and waiting for it; without subprocess, which costs memory and start-up time."""

from __future__ import annotations

import os
import select
import signal
import time

from agent.errors import AgentError, closing

_OUTPUT_LIMIT = 1 << 20


def run(*argv: str, timeout: float = 60.0) -> tuple[int, str]:
    """Run a program found on PATH and return its exit code and its output (both streams). Blocks.

    Raises:
        AgentError: it is missing, or took longer than `timeout` seconds (it is killed then).
    """
    reader, writer = os.pipe2(os.O_CLOEXEC)
    try:
        null = (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0)
        streams = [null, (os.POSIX_SPAWN_DUP2, writer, 1), (os.POSIX_SPAWN_DUP2, writer, 2)]
        pid = os.posix_spawnp(argv[0], argv, dict(os.environ, LC_ALL="C"), file_actions=streams, setpgroup=0)
    except FileNotFoundError as error:
        os.close(reader)
        raise AgentError(
            "unavailable",
            f"The guest image has no program {argv[0]}.",
            hint="`linnet image verify` tells whether the image is damaged.",
        ) from error
    finally:
        os.close(writer)
    output = bytearray()
    handle = os.pidfd_open(pid)
    try:
        if not _wait(handle, reader, output, time.monotonic() + timeout):
            os.killpg(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            said = output.decode(errors="replace")
            raise AgentError("timeout", f"The program {argv[0]} did not end within {timeout:g} s.", said)
        _pid, status = os.waitpid(pid, 0)
    finally:
        os.close(handle)
        os.close(reader)
    return os.waitstatus_to_exitcode(status), output.decode(errors="replace")


def check(*argv: str, timeout: float = 60.0) -> str:
    """Run a program and return its output; AgentError if it fails as well."""
    code, output = run(*argv, timeout=timeout)
    if code:
        why = last_line(output) or f"exit code {code}"
        raise AgentError("guest", f"The program {argv[0]} failed: {closing(why)}", output.strip() or None)
    return output


def last_line(text: str) -> str:
    """Return the last line that is not empty: where programs say what went wrong."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")


def _wait(handle: int, reader: int, output: bytearray, end: float) -> bool:
    """Collect output until the process ends (not until the pipe does: daemons keep it open); False if time is up."""
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    poll.register(reader, select.POLLIN)
    while True:
        left = end - time.monotonic()
        if left <= 0:
            return False
        ready = dict(poll.poll(left * 1000))
        if reader in ready:
            piece = os.read(reader, 65536)
            if not piece:
                poll.unregister(reader)
            output += piece[: max(0, _OUTPUT_LIMIT - len(output))]
        elif handle in ready:
            return True
