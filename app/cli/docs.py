"""Writes docs/cli.md and docs/config.md from the commands and the settings: `python -m app.cli.docs [FOLDER]`."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

from app.cli.commands.help import GLOBAL_OPTIONS, parameter_rows
from app.cli.engineflags import VERBS
from app.cli.exits import Exit
from app.cli.removals import OWN_OPTIONS
from app.cli.run import sections
from app.core.settings import APP_SETTINGS
from vm.config.settings import MACHINE_SETTINGS, Setting
from vm.config.types import Size
from vm.units import format_size

_CLI_HEAD = """\
# The command line

    linnet [-m MACHINE] [--verbose] COMMAND …

*Written by `python -m app.cli.docs` from the commands themselves; change them there.*

## Container commands

Every command that is not in the list below goes to the engine's own CLI (Podman's or Docker's) in the machine, with
your terminal, standard streams, signals, exit code and working directory: `linnet run`, `ps`, `pull`, `build`,
`exec -it`, `logs -f`, `compose up`, `kube play` … The first one creates and starts the machine; a suspended or stopped
one is woken.

Where Linnet has a command by the engine's name, the engine's is reached like this:

| wanted | type |
|---|---|
| the engine's `image ls`, `rm` … | as it is; only `image list`, `build`, `fetch`, `verify`, `prune` are Linnet's |
| the engine's `image list` | `linnet images`, `linnet image ls` |
| the engine's `image build` | `linnet build` |
| the engine's `image prune` | `linnet -- image prune` |
| the engine's `volume ls`, `create`, `rm`, `prune` … | as it is |
| the engine's `volume export` and `import` (a tar without a manifest) | `linnet -- volume export` … |
| the engine's `port CONTAINER` | as it is; only `port list` (`ls`) is Linnet's |
| swarm's `config` and `service`, the engine's `machine` and `context` | `linnet -- config ls` … |
| anything else | `linnet -- COMMAND …` |

Paths on this computer are found in the arguments of these commands, and given to the engine as the machine has them:
{verbs}.
A path that is in no shared folder is an error that names the `linnet share add` to type. Sources of `-v` by which
tools look at the system that runs the containers (`/var/run/docker.sock`, `/proc`, `/`, …) are the machine's.

Commands that remove containers or volumes (`rm`, `container rm` and `prune`, `volume rm` and `prune`, `pod rm`,
`system prune`, `compose down` and `rm`) are looked at before: what would be lost is told, and kept in the trash.
[removal.md](removal.md) tells how; {options} are Linnet's own options of them. `linnet -- rm …` is the engine's alone.

The command gets a terminal when standard input, output and error are one, or when it asks for one (`run -it`);
otherwise its standard output and error stay apart, and binary data passes unchanged.
"""


_CONFIG_HEAD = """\
One YAML file per machine, one for Linnet itself. `linnet config get` shows all values and where they come from,
`linnet config set NAME VALUE` changes one and keeps your comments, `linnet config edit` opens the file, and
`linnet config validate` reports everything that is wrong, by line and field.

A dot in a name is a level in the file: `ports.address` is the key `address` below `ports`. Sizes are powers of 1024 in
every spelling (`4GiB`, `4G`, `4096M`). An unknown key is a warning, and kept.
"""


def cli_page() -> str:
    """Return docs/cli.md."""
    verbs = "\n".join(textwrap.wrap(", ".join(f"`{name}`" for name in sorted([*VERBS, "compose"])), 118))
    options = ", ".join(f"`{name}`" for name in OWN_OPTIONS)
    parts = [
        _CLI_HEAD.format(verbs=verbs, options=options),
        "## Options before the command\n",
        _rows("option", GLOBAL_OPTIONS),
    ]
    parts.append("## Linnet's own commands\n")
    for heading, members in sections():
        parts.append(f"### {heading}\n")
        for entry in members:
            parts.append(f"#### linnet {entry.path}\n\n    {entry.usage}\n\n{entry.text}\n")
            rows = parameter_rows(entry)
            if rows:
                parts.append(_rows("argument", rows))
            if entry.aliases:
                parts.append(f"Also: {', '.join(f'`{alias}`' for alias in entry.aliases)}.\n")
    parts.append("## Exit codes\n")
    parts.append(_rows("code", [(str(int(code)), code.meaning) for code in Exit]))
    parts.append("A command that was passed to the engine has the engine's exit code.\n")
    return "\n".join(parts)


def config_page() -> str:
    """Return docs/config.md."""
    return "\n".join(
        [
            "# Settings\n",
            "*Written by `python -m app.cli.docs` from the table of settings; change it there.*\n",
            _CONFIG_HEAD,
            "## A machine: `machines/NAME.yaml`\n",
            *map(_setting, MACHINE_SETTINGS),
            "## Linnet itself: `linnet.yaml`\n",
            *map(_setting, APP_SETTINGS),
        ]
    )


def _setting(setting: Setting) -> str:
    kind = " | ".join(f"`{choice}`" for choice in setting.choices) or setting.type.syntax
    lines = [f"### {setting.name}\n", f"{setting.help}\n", f"- Value: {kind}", f"- Default: {_default(setting)}"]
    limits = [
        f"{word} {_show(setting, limit)}"
        for word, limit in (("at least", setting.minimum), ("at most", setting.maximum))
        if isinstance(limit, int)
    ]
    if callable(setting.maximum):
        limits.append("at most what this computer has")
    if limits:
        lines.append(f"- Limits: {', '.join(limits)}")
    if setting.restart:
        lines.append("- A running machine takes a change at its next start.")
    if setting.renamed_from:
        lines.append(f"- Formerly: {', '.join(f'`{name}`' for name in setting.renamed_from)}")
    return "\n".join(lines) + "\n"


def _default(setting: Setting) -> str:
    if setting.default_text:
        return setting.default_text
    if setting.default in ((), {}, ""):
        return "none"
    return f"`{_show(setting, setting.default)}`"


def _show(setting: Setting, value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return format_size(value) if isinstance(setting.type, Size) and isinstance(value, int) else str(value)


def _rows(name: str, rows: Sequence[tuple[str, str]]) -> str:
    lines = [f"| {name} | |", "|---|---|"]
    bar = "\\|"
    lines += [f"| `{left.replace('|', bar)}` | {right} |" for left, right in rows]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write both pages into the folder that is given, or docs."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    (folder / "cli.md").write_text(cli_page(), encoding="utf-8")
    (folder / "config.md").write_text(config_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
