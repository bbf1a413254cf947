"""Compose commands: what is run in the guest for each thing that the page can do. Free of Qt."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.gui.model.collection import Row
from app.gui.text import mark, tr
from app.gui.work.command import Command, Ended
from vm.errors import GuestError, sentence

_WRAPPER = re.compile(r"^Error: executing .*: exit status \d+\.?$")
"""What Podman adds to compose's own words."""

_WARNING = re.compile(r"^(time=|WARN)")


@dataclass(frozen=True)
class Verb:
    """One thing to do with a project.

    Attributes:
        name: what it is told apart by.
        title: with {name}; translated where it is shown.
        argv: behind the project's own arguments.
        needs_files: whether it can be done without the compose file.
    """

    name: str
    title: str
    argv: tuple[str, ...]
    needs_files: bool = True


VERBS = {
    verb.name: verb
    for verb in (
        Verb("up", mark("Start project '{name}'"), ("up", "--detach")),
        Verb("build", mark("Build and start project '{name}'"), ("up", "--detach", "--build")),
        Verb("pull", mark("Pull the images of project '{name}'"), ("pull",)),
        Verb("restart", mark("Restart project '{name}'"), ("restart",), needs_files=False),
        Verb("stop", mark("Stop project '{name}'"), ("stop",), needs_files=False),
        Verb("down", mark("Take project '{name}' down"), ("down",), needs_files=False),
        Verb("config", mark("Check project '{name}'"), ("config",)),
    )
}


def command(project: Row, verb: Verb, *more: str) -> Command:
    """Return what is run."""
    argv = ["compose", "--ansi", "never", "--progress", "plain"]
    if project["Containers"]:
        # What runs has this name, whatever the file says now.
        argv += ["--project-name", project["Name"]]
    if project["Files"]:
        argv += ["--project-directory", project["Folder"]] if project["Folder"] else []
        argv += [part for file in project["Files"] for part in ("--file", file)]
    return Command((*argv, *verb.argv, *more), project["Folder"] or None)


def without_files(project: Row, verb: Verb, *more: str) -> Command:
    """Return what is run for a project whose files are gone; only for verbs that do not need them."""
    return Command(
        ("compose", "--ansi", "never", "--progress", "plain", "--project-name", project["Name"], *verb.argv, *more)
    )


def complaint(ended: Ended) -> str:
    """Return what compose said was wrong, "" when nothing was."""
    if ended.code == 0:
        return ""
    lines = [line.strip() for line in ended.errors if line.strip()]
    telling = [line for line in lines if not _WRAPPER.match(line) and not _WARNING.match(line)]
    return (telling or lines or [tr("Compose ended with exit code {code}.", code=ended.code)])[-1]


def check(ended: Ended) -> Ended:
    """Return what it was given. Raises GuestError with what compose said when it failed."""
    wrong = complaint(ended)
    if wrong:
        said = wrong.removeprefix("Error: ").removeprefix("Error response from daemon: ")
        raise GuestError(sentence(said), detail="\n".join(ended.errors))
    return ended
