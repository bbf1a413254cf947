"""What tells one version of the agent from another: a digest of its own source files.

The host computes it for the copy that it carries, the guest for the copy that runs: a pure function of a folder.
"""

from __future__ import annotations

import os

try:  # Python 3.12 and later; hashlib would load OpenSSL, 5 MB that the agent needs for nothing else
    from _sha2 import sha256  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    from hashlib import sha256


def digest(folder: str | os.PathLike[str]) -> str:
    """Return the SHA-256 (hexadecimal) over all `*.py` below `folder`: sorted relative names, each with its content.

    Names count with `/` on every platform, content as it is on disk.
    """
    files = _sources(os.fspath(folder), "")
    total = sha256()
    for name in sorted(files):
        with open(files[name], "rb") as file:
            content = file.read()
        total.update(f"{name}\0{len(content)}\0".encode() + content)
    return str(total.hexdigest())


def _sources(folder: str, prefix: str) -> dict[str, str]:
    found: dict[str, str] = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                found |= _sources(entry.path, f"{prefix}{entry.name}/")
            elif entry.name.endswith(".py"):
                found[prefix + entry.name] = entry.path
    return found
