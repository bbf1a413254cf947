"""Host paths in the arguments of the engine's commands: found, checked against the shares, turned into guest paths.

Pure functions of the arguments, the shares and the working directory; the disk is only asked where links lead.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from app.cli.engineflags import COMPOSE, COMPOSE_VERBS, COMPOSE_WITHOUT_PROJECT, GROUPS, GUEST_PATHS, VERBS, Verb
from app.core.sharedpaths import PathMap, SharedFolder

__all__ = ["PathMap", "SharedFolder", "Translation", "translate", "wants_terminal"]

_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*://|git@|github\.com/|target:", re.IGNORECASE)

_OWN_VARIABLES = frozenset(
    {"PATH", "HOME", "USER", "LOGNAME", "SHELL", "PWD", "OLDPWD", "MAIL", "TERM", "DISPLAY", "XAUTHORITY", "TMPDIR",
     "TMP", "TEMP", "HOSTNAME", "SHLVL", "_", "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_CERT_PATH",
     "DOCKER_TLS_VERIFY", "CONTAINER_HOST", "CONTAINERS_CONF", "COMPOSE_FILE", "VIRTUAL_ENV", "WINDIR", "SYSTEMROOT",
     "PATHEXT", "COMSPEC", "APPDATA", "LOCALAPPDATA", "USERPROFILE"}
)  # fmt: skip
_OWN_PREFIXES = ("XDG_", "SSH_", "DBUS_", "LD_", "DYLD_", "PYTHON", "LINNET_", "LC_", "GPG_", "WAYLAND_", "BASH_")
_PASSED = re.compile(r"(DOCKER_|BUILDKIT_|BUILDX_|COMPOSE_|PODMAN_|NO_COLOR$|CLICOLOR|SOURCE_DATE_EPOCH$|LANG$)")


class Translation(NamedTuple):
    """An engine command, as the guest understands it.

    Attributes:
        argv: the arguments of the engine's CLI.
        env: variables of this computer that the command takes.
        cwd: the working directory in the guest; None when this computer's is in no share.
    """

    argv: list[str]
    env: dict[str, str]
    cwd: str | None


def translate(argv: Sequence[str], paths: PathMap, environ: Mapping[str, str]) -> Translation:
    """Return the engine command `argv` with this computer's paths turned into the guest's.

    Raises:
        UsageError: a path is in no share.
    """
    scan = _Scan(paths, environ)
    result = scan.compose(argv) if argv and argv[0] == "compose" else scan.engine(argv)
    env = {name: value for name, value in environ.items() if _PASSED.match(name) and not _is_own(name)}
    env.update(scan.env)
    return Translation(result, env, paths.guest_cwd)


def wants_terminal(argv: Sequence[str]) -> bool:
    """Return whether the command itself asks for a terminal (`run -it`)."""
    verb, start, _ = _lookup(argv)
    if verb is None or "--tty" not in verb.switches:
        return False
    found = False

    def see(flag: str) -> None:
        nonlocal found
        found = found or flag in ("--tty", "t")

    list(_walk(argv[start:], verb, see))
    return found


class _Scan:
    """One pass over a command."""

    def __init__(self, paths: PathMap, environ: Mapping[str, str]) -> None:
        self._paths = paths
        self._environ = environ
        self.env: dict[str, str] = {}

    def engine(self, argv: Sequence[str]) -> list[str]:
        verb, start, here = _lookup(argv)
        if verb is None:
            return list(argv)
        if here:
            self._paths.require_cwd()
        return [*argv[:start], *self._arguments(argv[start:], verb)]

    def compose(self, argv: Sequence[str]) -> list[str]:
        words = list(_walk(argv[1:], COMPOSE))
        at = next((i for i, word in enumerate(words) if word.positional == 0), len(words))
        head = [text for word in words[:at] for text in self._word(word)]
        if at == len(words):
            return ["compose", *head]
        name = words[at].value
        rest = [text for word in words[at + 1 :] for text in word.raw]
        located = any(word.flag in ("-f", "--file", "--project-directory") for word in words[:at])
        files = self._environ.get("COMPOSE_FILE")
        if name not in COMPOSE_WITHOUT_PROJECT:
            if files and not located:
                separator = self._environ.get("COMPOSE_PATH_SEPARATOR") or os.pathsep
                self.env["COMPOSE_FILE"] = ":".join(self._paths.translate(part) for part in files.split(separator))
            elif not located:
                self._paths.require_cwd()
            self.env.update({key: text for key, text in self._environ.items() if not _is_own(key)})
            self.env.pop("COMPOSE_PATH_SEPARATOR", None)
        verb = COMPOSE_VERBS.get(name)
        return ["compose", *head, name, *(self._arguments(rest, verb) if verb else rest)]

    def _arguments(self, args: Sequence[str], verb: Verb) -> list[str]:
        return [text for word in _walk(args, verb) for text in self._word(word)]

    def _word(self, word: _Word) -> list[str]:
        if not word.kind:
            return list(word.raw)
        value = getattr(self, f"_{word.kind}")(word.value)
        return [word.prefix + value] if len(word.raw) == 1 else [word.raw[0], value]

    def _path(self, text: str) -> str:
        return text if text in ("", "-") else self._paths.translate(text)

    def _location(self, text: str) -> str:
        return text if _REMOTE.match(text) else self._path(text)

    def _dockerfile(self, text: str) -> str:
        return text if _REMOTE.match(text) or not self._paths.exists_here(text) else self._path(text)

    def _volume(self, text: str) -> str:
        source, sign, rest = self._paths.split(text)
        if not sign or not self._paths.is_path(source) or _is_guests(source):
            return text
        return f"{self._paths.translate(source)}:{rest}"

    def _mount(self, text: str) -> str:
        parts = _fields(text)
        if ("type", "bind") not in parts:
            return text
        return _joined(
            (key, self._paths.translate(value) if key in ("src", "source") and not _is_guests(value) else value)
            for key, value in parts
        )

    def _secret(self, text: str) -> str:
        parts = _fields(text)
        for key, value in parts:
            if key == "env":
                self._variable(value)
        return _joined((key, self._path(value) if key in ("src", "source") else value) for key, value in parts)

    def _output(self, text: str) -> str:
        parts = _fields(text)
        if len(parts) == 1 and not parts[0][1]:
            return self._path(text)
        return _joined((key, self._path(value) if key == "dest" else value) for key, value in parts)

    def _cache(self, text: str) -> str:
        parts = _fields(text)
        if ("type", "local") not in parts:
            return text
        return _joined((key, self._path(value) if key in ("src", "dest") else value) for key, value in parts)

    def _named(self, text: str) -> str:
        name, sign, value = text.partition("=")
        return f"{name}={self._location(value)}" if sign else text

    def _copy(self, text: str) -> str:
        source, sign, _ = self._paths.split(text)
        if sign and not source.startswith((".", "/")):
            return text
        return self._path(text)

    def _seccomp(self, text: str) -> str:
        name, sign, value = text.partition("=")
        if name != "seccomp" or not sign or value in ("unconfined", "builtin") or value.startswith("{"):
            return text
        return f"{name}={self._path(value)}"

    def _variable(self, text: str) -> str:
        if "=" not in text and text in self._environ:
            self.env[text] = self._environ[text]
        return text


class _Word(NamedTuple):
    """An argument, or a flag with its value.

    Attributes:
        raw: the arguments as given.
        flag: the flag it is or follows; empty for a positional argument.
        kind: of the value, see engineflags.
        prefix: what stands before the value in the same argument (`--file=`, `-v`).
        value: the value, or the positional argument.
        positional: number of the positional argument, from 0.
    """

    raw: tuple[str, ...]
    flag: str = ""
    kind: str = ""
    prefix: str = ""
    value: str = ""
    positional: int | None = None


def _walk(args: Sequence[str], verb: Verb, seen: Callable[[str], None] | None = None) -> Iterator[_Word]:
    count, at, literal = 0, 0, False
    while at < len(args):
        arg = args[at]
        if verb.ends is not None and count >= verb.ends:
            yield _Word((arg,))
            at += 1
            continue
        if literal or not arg.startswith("-") or arg == "-":
            kind = verb.positionals[min(count, len(verb.positionals) - 1)]
            yield _Word((arg,), kind=kind, value=arg, positional=count)
            count += 1
            at += 1
            continue
        if arg == "--":
            literal = True
            yield _Word((arg,))
            at += 1
            continue
        word = _flag(args, at, verb, seen)
        yield word
        at += len(word.raw)


def _flag(args: Sequence[str], at: int, verb: Verb, seen: Callable[[str], None] | None) -> _Word:
    arg = args[at]
    following = args[at + 1] if at + 1 < len(args) else None
    if arg.startswith("--"):
        name, sign, value = arg.partition("=")
        if seen and not (sign and value == "false"):
            seen(name)
        if sign:
            return _Word((arg,), name, verb.flags.get(name, ""), f"{name}=", value)
        if name in verb.switches or following is None:
            return _Word((arg,), name)
        return _Word((arg, following), name, verb.flags.get(name, ""), "", following)
    for index, letter in enumerate(arg[1:], 1):
        if seen:
            seen(letter)
        if letter in verb.switches:
            continue
        name, rest = f"-{letter}", arg[index + 1 :]
        if rest:
            sign = "=" if rest.startswith("=") else ""
            return _Word((arg,), name, verb.flags.get(name, ""), arg[: index + 1] + sign, rest[len(sign) :])
        if following is None:
            break
        return _Word((arg, following), name, verb.flags.get(name, ""), "", following)
    return _Word((arg,), arg)


def _lookup(argv: Sequence[str]) -> tuple[Verb | None, int, bool]:
    start = 1 if len(argv) > 1 and argv[0] in GROUPS else 0
    for length in (2, 1):
        name = " ".join(argv[start : start + length])
        if len(argv) >= start + length and name in VERBS:
            verb = VERBS[name]
            return verb, start + length, verb.here
    return None, 0, False


def _is_guests(path: str) -> bool:
    return path == "/" or any(path == own or path.startswith(f"{own}/") for own in GUEST_PATHS)


def _is_own(name: str) -> bool:
    return name in _OWN_VARIABLES or name.startswith(_OWN_PREFIXES)


def _fields(text: str) -> list[tuple[str, str]]:
    if '"' in text:
        import csv

        parts = next(csv.reader([text]))
    else:
        parts = text.split(",")
    return [(key, value) for key, _, value in (part.partition("=") for part in parts)]


def _joined(fields: Iterator[tuple[str, str]]) -> str:
    parts = [f"{key}={value}" if value else key for key, value in fields]
    return ",".join('"' + part.replace('"', '""') + '"' if "," in part or '"' in part else part for part in parts)
