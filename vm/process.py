"""Running the programs that Linnet needs on the host, one way, with one kind of error."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path

from vm.errors import LinnetError, TimeoutExceededError, UnavailableError


class ProcessFailedError(LinnetError):
    """A program ended with an error; `detail` holds what it printed.

    Attributes:
        code: its exit code, negative for a signal.
    """

    def __init__(self, message: str, returncode: int, *, detail: str) -> None:
        super().__init__(message, detail=detail)
        self.returncode = returncode


async def run(argv: Sequence[str | Path], *, timeout: float = 60) -> str:
    """Run a program to its end and return its standard output.

    Raises:
        UnavailableError: the program is not there.
        TimeoutExceededError: it was still running after `timeout` seconds and was killed.
        ProcessFailedError: it failed.
    """
    name = Path(argv[0]).name
    try:
        process = await asyncio.create_subprocess_exec(
            *(str(part) for part in argv),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except FileNotFoundError as error:
        raise UnavailableError(f"The program {name} is not installed.", hint="Install it and try again.") from error
    except OSError as error:
        raise UnavailableError(f"The program {argv[0]} cannot be started: {error.strerror}.") from error
    try:
        async with asyncio.timeout(timeout):
            output, errors = await process.communicate()
    except TimeoutError as error:
        raise TimeoutExceededError(f"{name} did not finish within {timeout:.0f} seconds.") from error
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode != 0:
        text = errors.decode(errors="replace").strip()
        last = text.splitlines()[-1] if text else f"exit code {process.returncode}"
        raise ProcessFailedError(f"{name} failed: {last}", process.returncode or 0, detail=text)
    return output.decode(errors="replace")
