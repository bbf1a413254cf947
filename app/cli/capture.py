"""The output of an engine's command, for what Linnet wants to know itself."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path
from typing import BinaryIO

from app.cli.session import Session
from app.core.frames import CHUNK, Decoder, FrameType, encode
from vm.errors import ConflictError, GuestError, LinnetError, UnavailableError, UsageError, from_dict


def lines(session: Session, argv: list[str], cwd: str | None = None, env: dict[str, str] | None = None) -> list[str]:
    """Return what the engine's command prints, by lines that are not empty.

    Raises:
        GuestError: it failed; its own words.
        LinnetError: it could not be run.
    """
    import io

    output = io.BytesIO()
    capture(session, argv, output, cwd=cwd, env=env)
    return [line.strip() for line in output.getvalue().decode(errors="replace").splitlines() if line.strip()]


def capture(
    session: Session, argv: list[str], output: BinaryIO, *, cwd: str | None = None, env: dict[str, str] | None = None
) -> None:
    """Write what the engine's command prints to `output`; raises as `lines`."""
    body = {
        "argv": argv,
        "engine": True,
        "cwd": cwd,
        "env": env or {},
        "tty": False,
        "rows": 24,
        "cols": 80,
        "wake": True,
    }
    complaints = bytearray()
    decoder = Decoder()
    with contextlib.closing(session.client.upgrade(session.path("/exec"), body)) as connection:
        connection.send(encode(FrameType.end_of_stdin))
        while data := connection.recv(CHUNK):
            for kind, payload in decoder.feed(data):
                if kind is FrameType.stdout:
                    output.write(payload)
                elif kind is FrameType.stderr:
                    complaints += payload
                elif kind is FrameType.error:
                    raise from_dict(json.loads(payload))
                elif kind is FrameType.exit:
                    if json.loads(payload).get("code") or json.loads(payload).get("signal"):
                        raise _refused(argv, complaints.decode(errors="replace"))
                    return
    raise UnavailableError("The connection to the machine was lost while the command ran.")


def to_file(session: Session, argv: list[str], path: Path) -> int:
    """Write what the engine's command prints to a new file; it is there whole or not at all. Returns its size.

    Raises:
        ConflictError: there is such a file already.
        UsageError: it cannot be written there.
        LinnetError: as `lines`.
    """
    if path.exists():
        raise ConflictError(f"{path} exists already.", hint="Choose another file; nothing was removed.")
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            capture(session, argv, file)
        size = part.stat().st_size
        shutil.move(part, path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.", hint="Nothing was removed.") from error
    finally:
        part.unlink(missing_ok=True)
    return size


def _refused(argv: list[str], complaints: str) -> LinnetError:
    said = ["it failed", *filter(str.strip, complaints.splitlines())][-1]
    reason = said.removeprefix("Error: ").removeprefix("Error response from daemon: ").rstrip(".")
    return GuestError(f"The engine refused `{' '.join(argv[:2])}`: {reason}.", detail=complaints)
