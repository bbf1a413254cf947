"""`linnet help` and `linnet version`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

from app.cli import command as registry
from app.cli import output
from app.cli.command import Argument, Command, command
from app.cli.session import Session

HEAD = """\
Linnet runs containers in a light Linux machine.

  linnet [-m MACHINE] [--verbose] COMMAND …

Container commands are the engine's own and work as you know them: run, ps, pull, build, exec, logs, compose,
volume, network, kube play … The first one creates and starts the machine.
"""

FOOT = """\
`linnet help COMMAND` explains one. `linnet -- COMMAND …` passes anything to the engine, such as
`linnet -- image prune`, where Linnet has a command by the same name.
"""

GLOBAL_OPTIONS = (
    ("-m, --machine MACHINE", "The machine that is meant; also LINNET_MACHINE."),
    ("--verbose", "Show errors with all their detail."),
    ("--version", "Print Linnet's version."),
)


@command("help")
def help_(
    session: Session,
    words: Annotated[list[str] | None, Argument("The command to explain.", name="COMMAND")] = None,
) -> int:
    """Explain Linnet's commands, or one of them."""
    from app.cli.main import OWN, is_own
    from app.cli.run import load_all, unknown

    load_all()
    if not words:
        overview()
        return 0
    found = registry.find(words)
    if found is not None and not found[1]:
        explain(found[0])
        return 0
    members = registry.below(words)
    if members:
        explain_group(" ".join(words), members)
        return 0
    if found is not None:
        from vm.errors import UsageError

        path = found[0].path
        raise UsageError(
            f"There is no command 'linnet {' '.join(words)}'.", hint=f"`linnet help {path}` explains what there is."
        )
    if is_own(words):
        raise unknown(words)
    from app.cli import passthrough
    from app.cli.verbs import check_verb

    check_verb(words, OWN)
    return passthrough.run_engine(session, [*words, "--help"])


@command("version")
def version(session: Session) -> None:  # noqa: ARG001 - every command has the session
    """Print Linnet's version."""
    from app import __version__

    output.data(f"linnet {__version__}")


def overview() -> None:
    """Print the list of commands."""
    from app.cli.run import sections

    print(HEAD)
    print("Linnet's own commands:\n")
    for heading, members in sections():
        print(output.styled(heading, output.BOLD, sys.stdout))
        _list([(entry.path, entry.summary) for entry in members], 22)
        print()
    print(output.styled("Options before the command", output.BOLD, sys.stdout))
    _list(GLOBAL_OPTIONS, 22)
    print()
    print(FOOT, end="")


def explain_group(group: str, members: Sequence[Command]) -> None:
    """Print the commands that begin with one word."""
    print(f"linnet {group} …\n")
    _list([(entry.path, entry.summary) for entry in members])
    from app.cli.main import OWN

    if OWN.get(group) is not None:
        print(f"\nEverything else under `{group}` is the engine's; `linnet -- {group} …` reaches all of it.")


def explain(chosen: Command) -> None:
    """Print one command's help."""
    print(f"{chosen.usage}\n\n{chosen.text}")
    rows = parameter_rows(chosen)
    if rows:
        print()
        _list(rows)
    if chosen.aliases:
        print(f"\nAlso: {', '.join(chosen.aliases)}.")


def parameter_rows(chosen: Command) -> list[tuple[str, str]]:
    """Return how each parameter is written, and what it means."""
    rows = []
    for parameter in chosen.parameters:
        argument = parameter.argument
        spelling = parameter.spelling
        if argument.short:
            spelling = f"-{argument.short}, {spelling}"
        if parameter.option and parameter.value_name:
            spelling += f" {parameter.value_name}"
        text = argument.help
        if argument.choices and not parameter.option:
            text += f" One of {', '.join(argument.choices)}."
        if parameter.option and argument.choices and isinstance(parameter.default, str):
            text += f" Default: {parameter.default}."
        rows.append((spelling, text))
    return rows


def _list(rows: Sequence[tuple[str, str]], least: int = 0) -> None:
    """Print names and texts in two columns, the first of them at least `least` wide."""
    import shutil
    import textwrap

    width = min(max(least, *(len(name) for name, _ in rows)), 30)
    columns = max(60, min(shutil.get_terminal_size().columns, 120))
    for name, text in rows:
        lines = textwrap.wrap(text, columns - width - 4) or [""]
        if len(name) > width:
            print(f"  {name}")
            name = ""
        for line in lines:
            print(f"  {name:{width}}  {line}".rstrip())
            name = ""
