"""Which of the engine's commands remove containers or volumes, and what their words mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from vm.errors import UsageError

if TYPE_CHECKING:
    from app.cli.session import Session


class Keeping(NamedTuple):
    """What the user wants to be kept of what goes: Linnet's own options of these commands.

    Attributes:
        commit: the image that the container becomes.
        export: the file that its files are written to.
        volumes: `[PATH=]NAME`: what becomes volumes.
        yes: do not ask.
        trash: keep it in the trash.
    """

    commit: str | None = None
    export: str | None = None
    volumes: tuple[str, ...] = ()
    yes: bool = False
    trash: bool = True

    @property
    def anything(self) -> bool:
        """Whether something is to be kept outside of the trash."""
        return bool(self.commit or self.export or self.volumes)


class Removal(NamedTuple):
    """A command that removes.

    Attributes:
        kind: rm, prune, volume-rm, volume-prune, system-prune, pod-rm, down or compose-rm.
        argv: the words for the engine, without Linnet's own options.
        head: the words before the verb (`compose -f x.yaml`).
        names: what is named.
        flags: long names of what is said about it, without dashes; for short ones the letter.
        values: flags with their values.
        keeping: Linnet's own options.
    """

    kind: str
    argv: tuple[str, ...]
    head: tuple[str, ...]
    names: tuple[str, ...]
    flags: frozenset[str]
    values: tuple[tuple[str, str], ...]
    keeping: Keeping

    def has(self, *flags: str) -> bool:
        """Return whether one of the flags is given."""
        return not self.flags.isdisjoint(flags)

    def value(self, *flags: str) -> str | None:
        """Return the last value of one of the flags."""
        return next((value for flag, value in reversed(self.values) if flag in flags), None)

    @property
    def forced(self) -> bool:
        """Whether the engine does it without asking."""
        return self.has("force", "f") or self.kind == "down"

    @property
    def takes_running(self) -> bool:
        """Whether what runs is stopped and removed as well."""
        return self.has("stop", "s") if self.kind == "compose-rm" else self.forced

    @property
    def takes_volumes(self) -> bool:
        """Whether volumes without a name go together with their containers."""
        return self.kind == "pod-rm" or (self.kind in ("rm", "down", "compose-rm") and self.has("volumes", "v"))


KINDS = {
    ("rm",): "rm",
    ("container", "rm"): "rm",
    ("container", "remove"): "rm",
    ("container", "prune"): "prune",
    ("volume", "rm"): "volume-rm",
    ("volume", "remove"): "volume-rm",
    ("volume", "prune"): "volume-prune",
    ("system", "prune"): "system-prune",
    ("pod", "rm"): "pod-rm",
}
"""The engines' commands that are looked at."""

OWN_OPTIONS = {
    "--commit": "Keep the container as this image.",
    "--export": "Keep its files in this new file, a tar.",
    "--keep-as-volume": "Keep a folder of it, or its volume without a name, as a volume: [PATH=]NAME.",
    "--yes": "Do not ask; what is removed is kept in the trash.",
    "--no-trash": "Do not keep it in the trash.",
}
"""Linnet's own options of these commands."""

_COMPOSE = {"down": "down", "rm": "compose-rm"}

_VALUED = {
    "rm": {"--time", "-t", "--cidfile", "--filter"},
    "prune": {"--filter"},
    "volume-rm": {"--time", "-t"},
    "volume-prune": {"--filter"},
    "system-prune": {"--filter"},
    "pod-rm": {"--time", "-t", "--pod-id-file"},
    "down": {"--rmi", "--timeout", "-t"},
    "compose-rm": set(),
}
"""Flags with a value, by kind; all others have none."""

_COMPOSE_SWITCHES = {"--all-resources", "--compatibility", "--dry-run", "--verbose", "--help", "-h"}
_OWN_SWITCHES = {"--yes": "yes", "-y": "yes", "--no-trash": "no_trash"}
_OWN_VALUED = {"--commit": "commit", "--export": "export", "--keep-as-volume": "volumes"}


def run(session: Session, words: Sequence[str]) -> int:
    """Run an engine's command that may remove something, and return its exit code. Raises LinnetError."""
    removal = read(words)
    if removal is None:
        from app.cli import passthrough

        return explain(words, passthrough.run_engine(session, list(words)))
    from app.cli.commands.remove import remove

    return remove(session, removal)


def is_removal(words: Sequence[str]) -> bool:
    """Return whether a command removes containers or volumes, or is a `compose` that may."""
    if words[0] == "compose":
        start = _compose_verb(words)
        return start < len(words) and words[start] in _COMPOSE
    return tuple(words[:2]) in KINDS or tuple(words[:1]) in KINDS


def explain(words: Sequence[str], code: int) -> int:
    """Print Linnet's own options after the engine's help on a command that removes; return `code`."""
    if code == 0 and is_removal(words) and not {"--help", "-h"}.isdisjoint(words):
        print("\nLinnet's own options:")
        for name, text in OWN_OPTIONS.items():
            print(f"  {name:18} {text}")
    return code


def read(words: Sequence[str]) -> Removal | None:
    """Return what a command removes, None when it removes nothing (or only explains itself).

    Raises:
        UsageError: one of Linnet's own options lacks its value.
    """
    if words[0] == "compose":
        start = _compose_verb(words)
        kind = _COMPOSE.get(words[start]) if start < len(words) else None
    else:
        start = 0 if tuple(words[:1]) in KINDS else 1
        kind = KINDS.get(tuple(words[: start + 1]))
    if kind is None:
        return None
    keeping, rest = _own_options(words[start + 1 :])
    names, flags, values = _split(rest, _VALUED[kind])
    if "help" in flags or "h" in flags or "dry-run" in flags or "--dry-run" in words[:start]:
        return None
    argv = (*words[: start + 1], *rest)
    return Removal(kind, argv, tuple(words[:start]), tuple(names), frozenset(flags), tuple(values), keeping)


def _compose_verb(words: Sequence[str]) -> int:
    at = 1
    while at < len(words) and words[at].startswith("-"):
        at += 1 if "=" in words[at] or words[at] in _COMPOSE_SWITCHES else 2
    return at


def _own_options(words: Sequence[str]) -> tuple[Keeping, list[str]]:
    """Return Linnet's own options and all other words."""
    found: dict[str, list[str]] = {}
    rest: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        name, sign, value = word.partition("=")
        if word == "--":
            rest += [word, *words[at:]]
            break
        if word in _OWN_SWITCHES:
            found[_OWN_SWITCHES[word]] = [""]
        elif name in _OWN_VALUED:
            if not sign:
                if at == len(words):
                    raise UsageError(f"{name} needs a value.", hint="docs/removal.md tells what the options do.")
                value = words[at]
                at += 1
            found.setdefault(_OWN_VALUED[name], []).append(value)
        else:
            rest.append(word)
    for name in ("commit", "export"):
        if len(found.get(name, [])) > 1:
            raise UsageError(f"--{name} can be given only once.")
    keeping = Keeping(
        next(iter(found.get("commit", [])), None),
        next(iter(found.get("export", [])), None),
        tuple(found.get("volumes", [])),
        "yes" in found,
        "no_trash" not in found,
    )
    return keeping, rest


def _split(words: Sequence[str], valued: set[str]) -> tuple[list[str], set[str], list[tuple[str, str]]]:
    names: list[str] = []
    flags: set[str] = set()
    values: list[tuple[str, str]] = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word == "--":
            names += words[at:]
            break
        if not word.startswith("-") or word == "-":
            names.append(word)
            continue
        name, sign, value = word.partition("=")
        if name.startswith("--"):
            flag, known = name[2:], name in valued
            if sign and value.lower() in ("false", "0"):
                continue
        else:
            flag, known, value, sign = _short(word[1:], valued, flags)
        if known:
            if not sign and at < len(words):
                value = words[at]
                at += 1
            values.append((flag, value))
        flags.add(flag)
    return names, flags, values


def _short(letters: str, valued: set[str], flags: set[str]) -> tuple[str, bool, str, str]:
    """Return the last flag of `-fvt3`, whether it has a value, that value, and a sign that it stood there."""
    for place, letter in enumerate(letters):
        if f"-{letter}" in valued:
            value = letters[place + 1 :].removeprefix("=")
            return letter, True, value, value
        flags.add(letter)
    return letters[-1], False, "", ""
