"""The support bundle: one archive with what an engineer needs, without what is nobody's business, of bounded size.

Contents: `doctor.json`, `versions.json`, `machines.json`, the settings files, and the ends of all logs. Everything goes
through `Redactor`: passwords, tokens, keys, credentials in URLs and registry logins are replaced, and so are the user's
name, home and host name. Disks, suspend images, private keys and the seed are never read.
"""

from __future__ import annotations

import asyncio
import getpass
import io
import json
import os
import platform
import re
import socket
import sys
import tarfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, is_dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from app.service.doctor import DoctorContext, run_checks
from vm.errors import LinnetError
from vm.files import last_lines, replacing
from vm.layout import Layout, MachineFiles

MOST = 10 * 1024 * 1024
"""Bytes that all files of a bundle have together at most, before compression."""

TAIL = 512 * 1024
"""Bytes of each log, from its end."""

DISTRIBUTIONS = (
    "linnet",
    "paramiko",
    "libvirt-python",
    "qemu.qmp",
    "h11",
    "msgspec",
    "psutil",
    "watchfiles",
    "PySide6-Essentials",
)

HIDDEN = "(removed)"

_SAYING = r"[\w.-]*(?:passw(?:or)?d|passphrase|secret|token|(?:api|access|private)[_-]?key|credentials?|auth)"
"""Names of values that must not be shown."""

_RULES = (
    # PEM and OpenSSH private keys, whole.
    (
        re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\Z)", re.DOTALL),
        HIDDEN,
    ),
    # The log may begin in the middle of a key.
    (
        re.compile(r"\A(?:[A-Za-z0-9+/=]{40,}\n)+(?=.{0,80}-----END [A-Z0-9 ]*PRIVATE KEY-----)", re.DOTALL),
        HIDDEN + "\n",
    ),
    # user:password@ in any URL, a proxy's for one.
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^/\s@'\"]+@"), rf"\1{HIDDEN}@"),
    # Authorization and registry headers, cookies.
    (
        re.compile(
            r"(?i)\b((?:proxy-)?authorization|x-registry-(?:auth|config)|(?:set-)?cookie)(\"?\s*[:=]\s*)[^\r\n]+"
        ),
        rf"\1\2{HIDDEN}",
    ),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"), rf"\1 {HIDDEN}"),
    # name: value, name=value, "name": "value" and --name value, where the name speaks of a secret.
    (re.compile(rf"(?i)(\"{_SAYING}\"\s*:\s*)\"(?:[^\"\\]|\\.)*\""), rf'\1"{HIDDEN}"'),
    (re.compile(rf"(?i)('{_SAYING}'\s*:\s*)'(?:[^'\\]|\\.)*'"), rf"\1'{HIDDEN}'"),
    (re.compile(rf"(?i)\b({_SAYING}[ \t]*[=:][ \t]*)(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s,;}}\]]+)"), rf"\1{HIDDEN}"),
    (re.compile(rf"(?i)(--{_SAYING}[ \t]+)(?:\"[^\"\n]*\"|'[^'\n]*'|\S+)"), rf"\1{HIDDEN}"),
    # Tokens that are known by their shape.
    (
        re.compile(
            r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|glpat-[A-Za-z0-9_-]{16,}|dckr_pat_[A-Za-z0-9_-]{16,}|AKIA[A-Z0-9]{16}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*)"
        ),
        HIDDEN,
    ),
)


class Redactor:
    """Takes out of a text what must not leave this machine."""

    def __init__(self, *, home: Path, user: str, host: str) -> None:
        self._home = re.compile(rf"{re.escape(str(home))}(?![\w.-])") if len(home.parts) > 1 else None
        self._names = [(_word(name), shown) for name, shown in ((user, "(user)"), (host, "(host)")) if _telling(name)]

    @classmethod
    def of_this_user(cls) -> Redactor:
        """Return the redactor for the user and host of this process."""
        try:
            user = getpass.getuser()
        except (KeyError, OSError):
            user = ""
        return cls(home=Path.home(), user=user, host=socket.gethostname())

    def redact(self, text: str) -> str:
        """Return `text` without secrets and names."""
        for pattern, replacement in _RULES:
            text = pattern.sub(replacement, text)
        if self._home is not None:
            text = self._home.sub("~", text)
        for pattern, shown in self._names:
            text = pattern.sub(shown, text)
        return text


def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w]){re.escape(name)}(?![\w])", re.IGNORECASE)


def _telling(name: str) -> bool:
    """Whether a name says who or where it is; replacing "root" would only garble the text."""
    return len(name) > 2 and name.lower() not in {"root", "user", "admin", "linnet", "localhost", "administrator"}


@dataclass(frozen=True)
class _Entry:
    name: str
    text: str


async def write_bundle(context: DoctorContext, path: Path, redactor: Redactor | None = None) -> Path:
    """Write the bundle as a `.tar.gz`; return where it is.

    Args:
        context: the service.
        path: the archive, or a folder that it is put into under a name with the time.
        redactor: for tests; this user's otherwise.

    Raises:
        DiskFullError: no room for it.
        UnavailableError: it cannot be written.
    """
    cleaner = redactor or Redactor.of_this_user()
    if path.is_dir():
        path = path / f"linnet-support-{time.strftime('%Y%m%d-%H%M%S')}.tar.gz"
    entries = [
        _json("doctor.json", await run_checks(context)),
        _json("versions.json", await _versions(context)),
        _json("machines.json", await _machines(context)),
    ]
    await asyncio.to_thread(_write, path, entries, context.layout, context.machine_names(), cleaner)
    return path


def _write(path: Path, entries: list[_Entry], layout: Layout, names: list[str], cleaner: Redactor) -> None:
    left = MOST
    with replacing(path) as stream, tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for entry in (*entries, *_files(layout, names)):
            data = cleaner.redact(entry.text).encode()
            if len(data) > left:
                data = _cut(data, left)
            left -= len(data)
            if data:
                _add(archive, entry.name, data)


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(f"linnet-support/{name}")
    info.size = len(data)
    info.mtime = int(time.time())
    archive.addfile(info, io.BytesIO(data))


def _cut(data: bytes, limit: int) -> bytes:
    """Return the last `limit` bytes, from the start of a line on."""
    end = data[-limit:] if limit else b""
    return end[end.find(b"\n") + 1 :]


async def _versions(context: DoctorContext) -> dict[str, Any]:
    try:
        host: Any = await context.host_info()
    except LinnetError as error:
        host = error.to_dict()
    return {
        "python": sys.version,
        "system": platform.platform(),
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
        "vmm": host,
        "libraries": {name: _version(name) for name in DISTRIBUTIONS},
    }


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


async def _machines(context: DoctorContext) -> list[Any]:
    found: list[Any] = []
    for name in context.machine_names():
        try:
            async with asyncio.timeout(30):
                found.append(await context.status(name))
        except LinnetError as error:
            found.append({"name": name, "error": error.to_dict()})
        except TimeoutError:
            found.append({"name": name, "error": "no answer in time"})
    return found


def _json(name: str, value: Any) -> _Entry:
    def plain(item: Any) -> Any:
        return asdict(item) if is_dataclass(item) and not isinstance(item, type) else str(item)

    return _Entry(name, json.dumps(value, indent=1, default=plain, ensure_ascii=False))


def _files(layout: Layout, names: list[str]) -> Iterator[_Entry]:
    """Yield the settings and the ends of the logs; the most telling first, because what comes last may be cut."""
    yield from _tail("config/linnet.yaml", layout.app_config)
    machines = [(name, layout.machine(name)) for name in names]
    for name, machine in machines:
        yield from _tail(f"config/{name}.yaml", machine.config)
    yield from _tail("log/linnetd.log", layout.service_log)
    for name, machine in machines:
        for log in _logs(machine):
            yield from _tail(f"log/{name}/{log.name}", log)
    for log in sorted(layout.service_log.parent.glob("*.log.*")):
        yield from _tail(f"log/{log.name}", log)


def _logs(machine: MachineFiles) -> Iterator[Path]:
    yield machine.vmm_log
    yield machine.serial_log
    yield from sorted(
        {*machine.folder.glob("*.log"), *machine.folder.glob("*.old")} - {machine.vmm_log, machine.serial_log}
    )


def _tail(name: str, path: Path) -> Iterator[_Entry]:
    try:
        text = last_lines(path, TAIL)
    except OSError:
        return
    yield _Entry(name, text)
