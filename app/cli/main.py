"""`linnet`: decides whether a command is Linnet's own or the engine's. Imports as little as it can, see the tests."""

from __future__ import annotations

import sys

OWN: dict[str, tuple[str, ...] | None] = {
    "machine": None,
    "prune": None,
    "engine": None,
    "share": None,
    "snapshot": None,
    "limits": None,
    "trash": None,
    "config": None,
    "service": None,
    "doctor": None,
    "support-bundle": None,
    "socket": None,
    "context": None,
    "completion": None,
    "help": None,
    "version": None,
    "__complete": None,
    # Groups that the engines have as well: only these words after them are Linnet's.
    "image": ("list", "build", "fetch", "verify", "prune"),
    "port": ("list", "ls"),
    "volume": ("clone", "snapshot", "snapshots", "rollback", "export", "import", "backup", "browse"),
}
"""Linnet's own commands, by first word."""

REMOVING = ("rm", "container", "volume", "system", "pod", "compose")
"""First words of the engine's commands that may remove containers or volumes: those are looked at before."""


class Options:
    """The options before the command."""

    def __init__(self) -> None:
        self.machine: str | None = None
        self.verbose = False
        self.help = False
        self.version = False
        self.engine = False
        self.words: list[str] = []


def main(arguments: list[str] | None = None) -> int:
    """Run `linnet` and return its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    if words in (["--version"], ["version"]):
        return _print_version()
    try:
        return _guarded(words)
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return 130
    except BrokenPipeError:
        return _nobody_reads()


def _print_version() -> int:
    from app import __version__

    print(f"linnet {__version__}")
    return 0


def _guarded(words: list[str]) -> int:
    from vm.errors import LinnetError

    verbose = "--verbose" in words
    try:
        options = split(words)
        verbose = options.verbose
        if options.version:
            return _print_version()
        if options.engine or (options.words and not is_own(options.words)):
            return _pass(options)
        from app.cli.run import run_own

        return run_own(options)
    except LinnetError as error:
        from app.cli import output
        from app.cli.exits import exit_code

        output.error(error, verbose=verbose)
        return int(exit_code(error.code))


def _pass(options: Options) -> int:
    from vm.errors import LinnetError

    if not options.engine:
        from app.cli.verbs import check_verb

        check_verb(options.words, OWN)
    from app.cli import passthrough
    from app.cli.session import Session

    try:
        with Session(options.machine, verbose=options.verbose) as session:
            if not options.engine and options.words[0] in REMOVING:
                from app.cli import removals

                return removals.run(session, options.words)
            return passthrough.run_engine(session, options.words)
    except LinnetError as error:
        return passthrough.failed(error, verbose=options.verbose)


def is_own(words: list[str]) -> bool:
    """Return whether the command is Linnet's own."""
    first = words[0]
    if first not in OWN:
        return False
    second = OWN[first]
    return second is None or len(words) < 2 or words[1] in (*second, "--help", "-h")


def split(words: list[str]) -> Options:
    """Return the options before the command, and the command.

    Raises:
        UsageError: an option before the command is unknown or lacks its value.
    """
    options = Options()
    at = 0
    while at < len(words) and words[at].startswith("-"):
        word = words[at]
        at += 1
        if word == "--":
            options.engine = at < len(words)
            break
        if word in ("-m", "--machine"):
            if at == len(words):
                raise _usage(f"{word} needs the name of a machine.")
            options.machine = words[at]
            at += 1
        elif word.startswith("--machine="):
            options.machine = word.partition("=")[2]
        elif word == "--verbose":
            options.verbose = True
        elif word == "--version":
            options.version = True
        elif word in ("-h", "--help"):
            options.help = True
        else:
            raise _usage(f"There is no option {word} before the command.")
    options.words = words[at:]
    return options


def _usage(message: str) -> Exception:
    from vm.errors import UsageError

    return UsageError(message, hint="`linnet help` lists commands and options; `linnet -- …` passes all to the engine.")


def _nobody_reads() -> int:
    import os

    # The interpreter flushes stdout once more at its end; that must not fail again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 141


if __name__ == "__main__":
    sys.exit(main())
