"""Runs Linnet's own commands: finds the function, parses its words, calls it."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from app.cli import command as registry
from app.cli.session import Session
from app.cli.verbs import ENGINE_VERBS
from vm.errors import UsageError

if TYPE_CHECKING:
    from app.cli.main import Options

MODULES = {
    "machine": "machine",
    "engine": "engine",
    "share": "share",
    "limits": "limits",
    "trash": "trash",
    "prune": "prune",
    "snapshot": "snapshot",
    "port": "port",
    "volume": "volume",
    "image": "image",
    "config": "config",
    "service": "service",
    "doctor": "support",
    "support-bundle": "support",
    "socket": "docker",
    "context": "docker",
    "completion": "completion",
    "help": "help",
    "version": "help",
}
"""Module below app.cli.commands that holds the commands beginning with a word."""

SECTIONS = (
    ("Machines", ("machine", "snapshot", "image", "engine")),
    ("What containers use and reach", ("limits", "port", "share", "socket", "context")),
    ("Data", ("volume", "trash", "prune")),
    ("Settings and the service", ("config", "service")),
    ("Help", ("help", "doctor", "support-bundle", "completion", "version")),
)
"""How the overviews group the commands: a heading, and first words."""


def load_all() -> list[registry.Command]:
    """Return all of Linnet's own commands."""
    for name in sorted(set(MODULES.values())):
        importlib.import_module(f"app.cli.commands.{name}")
    return registry.commands()


def sections() -> list[tuple[str, list[registry.Command]]]:
    """Return each heading of SECTIONS with its commands, without those that are hidden."""
    own = [entry for entry in load_all() if not entry.hidden]
    return [
        (heading, [entry for word in words for entry in own if entry.path.split()[0] == word])
        for heading, words in SECTIONS
    ]


def run_own(options: Options) -> int:
    """Run a command of Linnet's own and return its exit code. Raises LinnetError."""
    words = options.words
    if options.help or not words:
        from app.cli.commands.help import overview

        overview()
        return 0
    if words[0] == "__complete":
        from app.cli.complete import print_candidates

        return print_candidates(words[1:])
    importlib.import_module(f"app.cli.commands.{MODULES[words[0]]}")
    found = registry.find(words)
    if found is None:
        return _no_command(words)
    chosen, rest = found
    try:
        values = registry.parse(chosen, rest)
    except registry.HelpRequestedError:
        from app.cli.commands.help import explain

        explain(chosen)
        return 0
    with Session(options.machine, verbose=options.verbose) as session:
        return chosen.function(session, **values) or 0


def _no_command(words: list[str]) -> int:
    asked = next((at for at, word in enumerate(words) if word in ("-h", "--help")), len(words))
    members = registry.below(words[:asked])
    if members:
        from app.cli.commands.help import explain_group

        explain_group(" ".join(words[:asked]), members)
        return 0 if asked < len(words) else 2
    raise unknown(words)


def unknown(words: list[str]) -> UsageError:
    """Return the error about a word that is no command of the group before it, with what may be meant."""
    import difflib

    depth = next((length for length in range(len(words) - 1, 1, -1) if registry.below(words[:length])), 1)
    group = " ".join(words[:depth])
    names = list(dict.fromkeys(entry.path.split()[depth] for entry in registry.below(words[:depth])))
    near = difflib.get_close_matches(words[depth], names, 1)
    hint = f"Did you mean 'linnet {group} {near[0]}'?" if near else f"There are: {', '.join(names)}."
    if depth == 1 and group in ENGINE_VERBS:
        hint += f" `linnet -- {' '.join(words[:2])} …` asks the engine."
    return UsageError(f"There is no command 'linnet {group} {words[depth]}'.", hint=hint)
