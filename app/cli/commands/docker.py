"""`linnet socket` and `linnet context`: how the docker CLI and other tools reach the machine's engine."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

from app.cli import output
from app.cli.command import Argument, command
from app.cli.session import Session
from vm.errors import ConfigError, ConflictError
from vm.files import write_atomic

MARK = "Linnet"
"""Key in a context's metadata by which Linnet knows its own; docker keeps keys that it does not know."""


@command("socket")
def socket(session: Session, *, url: Annotated[bool, Argument("Print it as DOCKER_HOST wants it.")] = False) -> None:
    """Print the path of the machine's Docker API socket; a request to it wakes the machine.

    `export DOCKER_HOST=$(linnet socket --url)` is enough for most tools.
    """
    path = _socket(session)
    output.data(_url(path) if url else path)


@command("context")
def context(
    session: Session,
    *,
    use: Annotated[bool, Argument("Make it docker's current context as well.")] = False,
    remove: Annotated[bool, Argument("Remove it instead.")] = False,
) -> None:
    """Write a docker context for the machine, called `linnet` or `linnet-NAME`; the current one stays as it is.

    Honours DOCKER_CONFIG. A context of that name that is not Linnet's is left alone.
    """
    machine = session.machine()
    name = context_name(machine)
    folder = docker_folder()
    if remove:
        remove_context(folder, name)
        output.say(f"The docker context '{name}' is removed.")
        return
    write_context(folder, name, machine, _url(_socket(session)))
    if use:
        set_current(folder, name)
    output.say(f"The docker context '{name}' is written.")
    output.say("It is docker's current one now." if use else f"Use it with `docker --context {name} …`.")


def docker_folder() -> Path:
    """Return where the docker CLI keeps its settings."""
    given = os.environ.get("DOCKER_CONFIG")
    return Path(given) if given else Path.home() / ".docker"


def context_name(machine: str) -> str:
    """Return the name of the docker context for a machine."""
    return "linnet" if machine == "default" else f"linnet-{machine}"


def context_file(folder: Path, name: str) -> Path:
    """Return the file that describes the docker context `name`."""
    return folder / "contexts" / "meta" / hashlib.sha256(name.encode()).hexdigest() / "meta.json"


def write_context(folder: Path, name: str, machine: str, host: str) -> None:
    """Write the docker context `name`.

    Raises:
        ConflictError: there is one by that name that Linnet did not write.
        DiskFullError, UnavailableError: it cannot be written.
    """
    path = context_file(folder, name)
    _require_own(path, name)
    meta = {
        "Name": name,
        "Metadata": {"Description": f"Linnet machine '{machine}'", MARK: machine},
        "Endpoints": {"docker": {"Host": host, "SkipTLSVerify": False}},
    }
    write_atomic(path, json.dumps(meta).encode(), 0o644)


def remove_context(folder: Path, name: str) -> None:
    """Remove the docker context `name` if it is Linnet's. Raises as write_context does."""
    path = context_file(folder, name)
    _require_own(path, name)
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        path.parent.rmdir()
    settings = _settings(folder)
    if settings.get("currentContext") == name:
        del settings["currentContext"]
        _write_settings(folder, settings)


def set_current(folder: Path, name: str) -> None:
    """Make `name` docker's current context, leaving its other settings as they are. Raises ConfigError."""
    settings = _settings(folder)
    settings["currentContext"] = name
    _write_settings(folder, settings)


def _require_own(path: Path, name: str) -> None:
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return
    except (OSError, ValueError):
        found = {}
    if MARK not in (found.get("Metadata") or {}):
        raise ConflictError(
            f"There is a docker context '{name}' that Linnet did not write.",
            hint=f"Remove it with `docker context rm {name}`, or rename it.",
        )


def _settings(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"docker's settings in {path} cannot be read: {error}.", hint="Mend or remove the file."
        ) from error
    if not isinstance(found, dict):
        raise ConfigError(f"docker's settings in {path} are not an object.", hint="Mend or remove the file.")
    return found


def _write_settings(folder: Path, settings: dict[str, Any]) -> None:
    path = folder / "config.json"
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
    write_atomic(path.resolve(), json.dumps(settings, indent="\t").encode(), mode)


def _socket(session: Session) -> str:
    return str(session.client.get(session.path())["docker_socket"])


def _url(path: str) -> str:
    return "npipe://" + path.replace("\\", "/") if sys.platform == "win32" else f"unix://{path}"
