"""A virtiofsd for hosts whose distribution has none: Debian 13's, run by its own loader on its own libraries."""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
from pathlib import Path

from vm.errors import LinnetError
from vm.process import run
from vm.shares import virtiofsd

PACKAGES = "virtiofsd,libc6,libcap-ng0,libseccomp2,libgcc-s1"

SUITE = "trixie"


async def command(cache: Path) -> str | None:
    """Return the command of a usable virtiofsd: the installed one, or Debian 13's, unpacked into `cache` once.

    None when neither can be had; virtiofs is not measured then.
    """
    try:
        return shlex.join((await virtiofsd.find(None)).command)
    except LinnetError:
        pass
    root = cache / "virtiofsd"
    if not (root / "usr/libexec/virtiofsd").exists() and not await _unpack(root):
        return None
    triple = f"{platform.machine()}-linux-gnu"
    loader = next((path for path in root.glob("usr/lib*/ld-linux-*") if path.exists()), None)
    loader = loader or next(root.glob(f"usr/lib/{triple}/ld-linux-*"), None)
    if loader is None:
        return None
    return shlex.join(
        [str(loader), "--library-path", str(root / "usr/lib" / triple), str(root / "usr/libexec/virtiofsd")]
    )


async def _unpack(root: Path) -> bool:
    if shutil.which("mmdebstrap") is None:
        return False
    shutil.rmtree(root, ignore_errors=True)
    root.parent.mkdir(parents=True, exist_ok=True)
    mode = "root" if os.geteuid() == 0 else "fakechroot"
    try:
        await run(
            ["mmdebstrap", f"--mode={mode}", "--variant=extract", f"--include={PACKAGES}", SUITE, root], timeout=300
        )
    except (LinnetError, subprocess.SubprocessError):
        shutil.rmtree(root, ignore_errors=True)
        return False
    return True
