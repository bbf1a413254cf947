"""Commands as typed functions: the annotations make the parser, the help and docs/cli.md.

::

    @command("machine start")
    def start(session: Session, name: Annotated[str | None, Argument("The machine.")] = None) -> None:
        '''Start a machine.'''

Positional parameters are arguments, keyword-only parameters are options (`dry_run` is `--dry-run`), `bool` is a
switch, `list[str]` takes several. A function returns nothing, or its exit code.
"""

from __future__ import annotations

import argparse
import inspect
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from vm.errors import UsageError


@dataclass(frozen=True)
class Argument:
    """What the user is told of a parameter.

    Attributes:
        help: a sentence.
        short: one-letter spelling of an option.
        name: how the value is written in the help.
        choices: the only values.
        complete: what the shell may complete: machine, container, volume, volume-snapshot, snapshot,
            trash, image, setting, share or file.
        rest: takes all the remaining words, options too.
    """

    help: str
    short: str = ""
    name: str = ""
    choices: tuple[str, ...] = ()
    complete: str = ""
    rest: bool = False


@dataclass(frozen=True)
class Parameter:
    """One parameter of a command."""

    name: str
    type: type
    argument: Argument
    default: Any
    option: bool
    many: bool

    @property
    def required(self) -> bool:
        """Whether it has no default."""
        return self.default is inspect.Parameter.empty

    @property
    def spelling(self) -> str:
        """How the command line has it: `--dry-run` or `NAME`."""
        if self.option:
            return "--" + self.name.strip("_").replace("_", "-")
        return self.argument.name or self.name.strip("_").upper()

    @property
    def value_name(self) -> str:
        """How the value of an option is written; empty for a switch."""
        if self.type is bool:
            return ""
        return self.argument.name or ("|".join(self.argument.choices) or self.name.strip("_").upper())


@dataclass(frozen=True)
class Command:
    """A command of Linnet's own."""

    path: str
    function: Callable[..., int | None]
    parameters: tuple[Parameter, ...]
    aliases: tuple[str, ...] = ()
    hidden: bool = False
    summary: str = field(default="")
    text: str = field(default="")

    @property
    def usage(self) -> str:
        """The command line in one line."""
        words = [f"linnet {self.path}"]
        for parameter in self.parameters:
            if parameter.option:
                value = f" {parameter.value_name}" if parameter.value_name else ""
                words.append(f"[{parameter.spelling}{value}]")
            else:
                name = f"{parameter.spelling}…" if parameter.many else parameter.spelling
                words.append(name if parameter.required else f"[{name}]")
        return " ".join(words)


_COMMANDS: dict[str, Command] = {}


def command(
    path: str, *aliases: str, hidden: bool = False
) -> Callable[[Callable[..., int | None]], Callable[..., int | None]]:
    """Register the decorated function as the command `path` ("machine start"); `aliases` are other last words."""

    def register(function: Callable[..., int | None]) -> Callable[..., int | None]:
        text = inspect.cleandoc(function.__doc__ or "")
        summary = text.partition("\n")[0]
        _COMMANDS[path] = Command(path, function, _parameters(function), aliases, hidden, summary, text)
        return function

    return register


def commands() -> list[Command]:
    """Return all commands that are registered, by path."""
    return [_COMMANDS[path] for path in sorted(_COMMANDS)]


def find(words: list[str]) -> tuple[Command, list[str]] | None:
    """Return the command that `words` begin with, and the words after it."""
    for length in (3, 2, 1):
        if len(words) < length:
            continue
        *group, last = words[:length]
        for candidate in _COMMANDS.values():
            *path, name = candidate.path.split()
            if path == group and last in (name, *candidate.aliases):
                return candidate, words[length:]
    return None


def below(words: list[str]) -> list[Command]:
    """Return the commands that begin with `words` and go on, without those that are hidden."""
    found = [entry for entry in commands() if entry.path.split()[: len(words)] == words and not entry.hidden]
    return [entry for entry in found if entry.path.split() != words]


def parse(chosen: Command, words: list[str]) -> dict[str, Any]:
    """Return the values of the command's parameters.

    Raises:
        UsageError: the words do not fit.
        HelpRequestedError: the user asked for help.
    """
    if _asks_help(words):
        raise HelpRequestedError
    rest = next((parameter for parameter in chosen.parameters if parameter.argument.rest), None)
    tail: list[str] = []
    if rest is not None and "--" in words:
        at = words.index("--")
        words, tail = words[:at], words[at + 1 :]
    values = vars(_parser(chosen).parse_args(words))
    if rest is not None:
        values[rest.name] = [*(values[rest.name] or []), *tail]
    return values


class HelpRequestedError(Exception):
    """The user asked for help with the command."""


class _Parser(argparse.ArgumentParser):
    """argparse that raises."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{self.prog}: {message}.", hint=f"`{self.prog} --help` explains it.")


def _asks_help(words: list[str]) -> bool:
    stop = words.index("--") if "--" in words else len(words)
    return any(word in ("-h", "--help") for word in words[:stop])


def _parser(chosen: Command) -> argparse.ArgumentParser:
    parser = _Parser(prog=f"linnet {chosen.path}", add_help=False, allow_abbrev=False)
    for parameter in chosen.parameters:
        argument = parameter.argument
        common: dict[str, Any] = {} if parameter.required else {"default": parameter.default}
        if parameter.type is not bool:
            common["type"] = parameter.type
            if argument.choices:
                common["choices"] = argument.choices
        if not parameter.option:
            nargs = "*" if parameter.many else (None if parameter.required else "?")
            if parameter.many and parameter.required:
                nargs, common["default"] = "+", []
            parser.add_argument(parameter.name, nargs=nargs, metavar=parameter.spelling, **common)
            continue
        spellings = [parameter.spelling, *([f"-{argument.short}"] if argument.short else [])]
        if parameter.type is bool:
            parser.add_argument(*spellings, dest=parameter.name, action="store_true", **common)
        elif parameter.many:
            parser.add_argument(*spellings, dest=parameter.name, action="append", **common)
        else:
            parser.add_argument(*spellings, dest=parameter.name, **common)
    return parser


def _parameters(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    hints = typing.get_type_hints(function, include_extras=True)
    result = []
    for name, parameter in list(inspect.signature(function).parameters.items())[1:]:
        annotation, *extras = typing.get_args(hints[name])
        kind, many = _plain_type(annotation)
        option = parameter.kind is inspect.Parameter.KEYWORD_ONLY
        result.append(Parameter(name, kind, extras[0], parameter.default, option, many))
    return tuple(result)


def _plain_type(annotation: Any) -> tuple[type, bool]:
    origin = typing.get_origin(annotation)
    if origin is list:
        return typing.get_args(annotation)[0], True
    if origin in (types.UnionType, typing.Union):
        return _plain_type(next(part for part in typing.get_args(annotation) if part is not type(None)))
    return annotation, False
