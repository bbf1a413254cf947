"""`linnet config`: settings of a machine and of Linnet itself."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

from app.cli import output
from app.cli.command import Argument, command
from app.cli.commands.machine import tell_changed
from app.cli.session import Session
from app.core.settings import APP_SETTINGS
from vm.config.description import MachineDescription
from vm.config.document import Document
from vm.config.layers import Description, Problem
from vm.config.settings import Host, find
from vm.errors import ConfigError, UnavailableError, UsageError
from vm.files import write_atomic

App = Annotated[bool, Argument("Linnet's own settings instead of a machine's.")]
Json = Annotated[bool, Argument("Print JSON.")]
Restart = Annotated[bool, Argument("Restart the machine if the change needs it.")]
Setting = Annotated[
    str | None, Argument("The setting, such as memory or ports.address; default: all.", complete="setting")
]


@command("config get")
def get(session: Session, setting: Setting = None, *, app: App = False, json: Json = False) -> None:
    """Print a setting's value, or all settings with where each value comes from."""
    if setting is not None:
        app = app or find(APP_SETTINGS, setting) is not None
    description = _open(session, app=app)
    if setting is None:
        _print_all(description, json=json)
        return
    value = description.get(setting)
    if json:
        output.as_json(value.plain)
    else:
        output.data(_text(value.plain))


@command("config list", "ls")
def list_(session: Session, *, app: App = False, json: Json = False) -> None:
    """Print all settings with where each value comes from, as `linnet config get` does."""
    _print_all(_open(session, app=app), json=json)


@command("config set")
def set_(
    session: Session,
    setting: Annotated[
        str, Argument("The setting; an entry of a mapping too: registries.mirrors.docker.io.", complete="setting")
    ],
    value: Annotated[
        str | None, Argument("Its new value; a list between commas or as JSON. None: back to the default.")
    ] = None,
    *,
    app: App = False,
    restart: Restart = False,
) -> None:
    """Change a setting; says whether the machine must be restarted for it."""
    if app or find(APP_SETTINGS, setting) is not None:
        result = session.client.patch("/v1/settings", {"settings": {setting: value}})
        tell_changed("", {"changed": (result or {}).get("changed")})
        return
    body = {"settings": {setting: value}, "restart": restart}
    tell_changed(session.machine(), session.operate("PATCH", session.path("/settings"), body))


@command("config edit")
def edit(session: Session, *, app: App = False, restart: Restart = False) -> None:
    """Open the settings file in an editor ($VISUAL, $EDITOR); it is put in place only when nothing in it is wrong."""
    if app:
        _edit(session, session.layout.app_config, None)
        return
    edit_file(session, session.machine(), restart=restart)


@command("config validate")
def validate(
    session: Session,
    file: Annotated[str | None, Argument("Another file with a machine's settings.", complete="file")] = None,
    *,
    app: App = False,
    json: Json = False,
) -> int:
    """Check a settings file as a whole and print everything that is wrong, by line and field."""
    try:
        description = _open(session, app=app, path=Path(file) if file else None)
        problems = description.validate()
        name = description.path
    except ConfigError as error:
        if not json:
            raise
        output.as_json([{"field": "", "message": error.message, "line": None, "warning": False}])
        return 3
    if json:
        output.as_json([_problem(problem) for problem in problems])
    else:
        _tell(problems)
    wrong = [problem for problem in problems if not problem.warning]
    if not json and not wrong:
        output.say(f"{name} is fine.")
    return 3 if wrong else 0


def edit_file(session: Session, machine: str, *, restart: bool) -> None:
    """Have the user edit the file of `machine` and give it to linnetd. Raises LinnetError."""
    path = session.layout.machine(machine).config
    if _edit(session, path, machine):
        result = session.operate("PATCH", session.path("/settings", machine), {"settings": {}, "restart": restart})
        waiting = (result or {}).get("restart_needed") or []
        if waiting:
            again = f"`linnet machine restart {machine}` does it now."
            output.say(f"At the next start: {', '.join(waiting)}. {again}")


def _edit(session: Session, path: Path, machine: str | None) -> bool:
    if machine is not None:
        session.client.get(session.path("", machine))
    before = path.read_bytes() if path.exists() else b""
    with tempfile.TemporaryDirectory(prefix="linnet-") as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(before or b"# Settings; `linnet config get` lists them, docs/config.md explains them.\n")
        while True:
            _run_editor(copy)
            after = copy.read_bytes()
            if after == before:
                output.say("Nothing changed.")
                return False
            try:
                document = Document.parse(path, after)
                description = _description(session, document, app=machine is None)
                _tell([problem for problem in description.validate() if problem.warning])
                description.check()
            except ConfigError as error:
                output.error(error)
                if not _again():
                    raise
                continue
            write_atomic(path, after)
            output.say(f"{path} is changed.")
            return True


def _run_editor(path: Path) -> None:
    fallback = "notepad" if sys.platform == "win32" else "vi"
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or fallback
    words = shlex.split(editor, posix=sys.platform != "win32")
    try:
        code = subprocess.run([*words, str(path)], check=False).returncode
    except OSError as error:
        raise UnavailableError(
            f"The editor '{editor}' cannot be started: {error.strerror}.", hint="Set EDITOR to one that is installed."
        ) from error
    if code:
        raise UsageError(f"The editor ended with code {code}; nothing is changed.")


def _again() -> bool:
    if not sys.stdin.isatty():
        return False
    sys.stderr.write("Edit it again? [Y/n] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("", "y", "yes")


def _open(session: Session, *, app: bool, path: Path | None = None) -> Description:
    if path is not None:
        if not path.exists():
            raise UsageError(f"{path} does not exist.")
        return _description(session, Document.load(path), app=app)
    if app:
        return _description(session, Document.load(session.layout.app_config), app=True)
    name = session.machine()
    if name not in session.layout.machine_names():
        # Says that there is no such machine, with the nearest name.
        session.client.get(session.path())
    return _description(session, Document.load(session.layout.machine(name).config), app=False)


def _description(session: Session, document: Document, *, app: bool) -> Description:
    host = Host.current(session.layout)
    return Description(document, APP_SETTINGS, host) if app else MachineDescription(document, host)


def _print_all(description: Description, *, json: bool) -> None:
    values = description.values()
    if json:
        output.as_json({value.setting.name: {"value": value.plain, "origin": value.origin} for value in values})
        return
    output.table(
        ("setting", "value", "from"), [(value.setting.name, _text(value.plain), value.origin) for value in values]
    )
    _tell(description.validate())


def _tell(problems: list[Problem]) -> None:
    for problem in problems:
        kind = "Warning" if problem.warning else "Error"
        output.say(
            f"{output.styled(kind + ':', output.YELLOW if problem.warning else output.RED, sys.stderr)} {problem}"
        )


def _problem(problem: Problem) -> dict[str, Any]:
    return {"field": problem.field, "message": problem.message, "line": problem.line, "warning": problem.warning}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        import json

        return json.dumps(value, ensure_ascii=False)
    return str(value)
