"""`linnet doctor` and `linnet support-bundle`."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated, Any

from app.cli import output
from app.cli.command import Argument, command
from app.cli.session import Session
from vm.units import human_size

_SIGNS = {
    "ok": ("ok", output.GREEN),
    "warning": ("warning", output.YELLOW),
    "failed": ("failed", output.RED),
    "skipped": ("skipped", output.DIM),
}


@command("doctor")
def doctor(
    session: Session,
    *,
    fix: Annotated[bool, Argument("Mend what can be mended automatically.")] = False,
    json: Annotated[bool, Argument("Print JSON.")] = False,
) -> int:
    """Check whether everything that Linnet needs is there and works, and say what to do where it does not.

    The exit code is 1 when a check failed.
    """
    checks = session.operate("POST", "/v1/doctor/fix", {}) if fix else session.client.get("/v1/doctor")
    if json:
        output.as_json(checks)
    else:
        for check in checks:
            _print(check)
    failed = [check for check in checks if check["verdict"] == "failed"]
    if not json and any((check.get("fix") or {}).get("automatic") for check in checks if check["verdict"] != "ok"):
        output.say("`linnet doctor --fix` mends what is marked with *.")
    return 1 if failed else 0


@command("support-bundle")
def bundle(
    session: Session,
    file: Annotated[
        str | None, Argument("Where to write it; default: linnet-support-DATE.tar.gz in this folder.", complete="file")
    ] = None,
) -> None:
    """Write an archive with logs, settings and checks, for a bug report; names and secrets are taken out."""
    default = time.strftime("linnet-support-%Y%m%d-%H%M%S.tar.gz")
    path = Path(file or default).expanduser().absolute()
    result = session.operate("POST", "/v1/support-bundle", {"path": str(path)})
    size = f" ({human_size(result['size'])})" if result.get("size") else ""
    output.data(str(result["path"]))
    output.say(f"Look into it before you send it{size}.")


def _print(check: dict[str, Any]) -> None:
    sign, style = _SIGNS[check["verdict"]]
    print(f"{output.styled(f'{sign:8}', style, sys.stdout)} {check['title']}: {check['text']}")
    fix = check.get("fix")
    if fix and check["verdict"] in ("warning", "failed"):
        print(f"         {'*' if fix.get('automatic') else '→'} {fix['text']}")
