"""Linnet in the menu of a Linux desktop: ``python -m app.gui.launcher`` puts it there, ``… remove`` takes it out."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.gui.autostart import program
from app.gui.desktopfile import DESKTOP_NAME, ICON_NAME, desktop_entry, replace_file

ICON = Path(__file__).resolve().parents[2] / "resources" / "icons" / f"{ICON_NAME}.svg"

ENTRY = {
    "GenericName": "Container manager",
    "GenericName[ko]": "컨테이너 관리자",
    "Categories": "Development;",
    "Keywords": "container;docker;podman;image;compose;virtual machine;",
    "Keywords[ko]": "컨테이너;도커;포드맨;이미지;가상 머신;",
    "StartupNotify": "true",
    # What X11 windows carry: the name of the program.
    "StartupWMClass": "linnet-desktop",
    "SingleMainWindow": "true",
}


def files(
    command: Sequence[str], home: Path | None = None, environ: Mapping[str, str] = os.environ
) -> dict[Path, bytes]:
    """Return what the launcher consists of, in the user's own data folder; `command` starts the desktop app."""
    named = Path(environ.get("XDG_DATA_HOME", ""))
    data = named if named.is_absolute() else (home or Path.home()) / ".local" / "share"
    return {
        data / "applications" / f"{DESKTOP_NAME}.desktop": desktop_entry(command, ENTRY).encode(),
        data / "icons" / "hicolor" / "scalable" / "apps" / f"{ICON_NAME}.svg": ICON.read_bytes(),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Write the launcher's files, or remove them; return the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words not in ([], ["remove"]):
        sys.stderr.write("usage: python -m app.gui.launcher [remove]\n")
        return 2
    try:
        for path, content in files(program()).items():
            if words:
                path.unlink(missing_ok=True)
            else:
                replace_file(path, content)
                sys.stdout.write(f"{path}\n")
    except OSError as error:
        sys.stderr.write(f"The launcher cannot be changed: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
