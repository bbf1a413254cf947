"""The Qt Linguist files of the window's words: ``python -m app.gui.translations update|build|check [AREA]``.

`update` reads the texts out of the code and writes them into `resources/translations/<language>/<area>.ts`, keeping
what is translated. `build` compiles these to one `linnet_<language>.qm`. `check` says what is missing.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import os
import string
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from app.core.settings import APP_SETTINGS
from app.gui.sources import SourceTexts, read_sources
from app.gui.text import CONTEXT, FOLDER, LANGUAGES, SOURCE_LANGUAGE, compiled
from vm.config.settings import MACHINE_SETTINGS

ROOT = Path(__file__).resolve().parents[2]

SETTINGS_AREA = "settings"
"""Where the help texts of the settings table go."""

LRELEASE_LIMIT = 60.0
"""Seconds; it takes a fraction of one."""

Catalogue = dict[str, dict[str, str]]
"""Area → text → its translation, empty while there is none."""


class TranslationError(Exception):
    """A file cannot be read, written or compiled; the text is a sentence."""


def targets() -> list[str]:
    """Return the languages that need files."""
    return [language for language in LANGUAGES if language != SOURCE_LANGUAGE]


def collect(root: Path = ROOT) -> SourceTexts:
    """Return all texts of the window: those in its code and those of the settings table.

    Raises:
        TranslationError: a module cannot be parsed.
    """
    try:
        found = read_sources(root, [root / "app" / part for part in ("desktop", "gui", "tray")])
    except SyntaxError as error:
        raise TranslationError(f"{error.filename}:{error.lineno} cannot be parsed: {error.msg}.") from error
    for setting in (*MACHINE_SETTINGS, *APP_SETTINGS):
        for text in filter(None, (setting.help, setting.default_text)):
            found.add(text, SETTINGS_AREA)
    return found


def read(folder: Path) -> Catalogue:
    """Return what stands in the files of one language.

    Raises:
        TranslationError: a file is not a Linguist file.
    """
    result: Catalogue = {}
    for path in sorted(folder.glob("*.ts")):
        try:
            tree = ET.parse(path)  # noqa: S314 - a file of this project
        except (OSError, ET.ParseError) as error:
            raise TranslationError(f"{path.name} cannot be read: {error}.") from error
        area = result.setdefault(path.stem, {})
        for message in tree.iter("message"):
            translation = message.find("translation")
            finished = translation is not None and translation.get("type") is None
            area[message.findtext("source", "")] = (
                (translation.text or "") if finished and translation is not None else ""
            )
    return result


def merged(texts: SourceTexts, existing: Catalogue) -> Catalogue:
    """Return the catalogue for `texts`, with the translations that `existing` has in whatever area."""
    known: dict[str, str] = {}
    for area in existing.values():
        known.update({text: translation for text, translation in area.items() if translation})
    result: Catalogue = {}
    for text, area_name in texts.areas.items():
        # The area's own file first: two areas may have had different words while a text moves from one to the other.
        own = existing.get(area_name, {}).get(text)
        result.setdefault(area_name, {})[text] = own or known.get(text, "")
    return result


def render(language: str, messages: dict[str, str]) -> str:
    """Return a Linguist file (TS 2.1), its messages sorted by text."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        "<!DOCTYPE TS>",
        f'<TS version="2.1" language="{language}" sourcelanguage="{SOURCE_LANGUAGE}">',
        "<context>",
        f"    <name>{CONTEXT}</name>",
    ]
    for text, translation in sorted(messages.items()):
        state = "" if translation else ' type="unfinished"'
        lines += [
            "    <message>",
            f"        <source>{escape(text)}</source>",
            f"        <translation{state}>{escape(translation)}</translation>",
            "    </message>",
        ]
    return "\n".join([*lines, "</context>", "</TS>", ""])


def update(root: Path = ROOT, folder: Path = FOLDER) -> list[Path]:
    """Bring the files of all languages up to date with the code; return those that changed.

    Raises:
        TranslationError: the code or a file cannot be read.
    """
    texts = collect(root)
    changed: list[Path] = []
    for language in targets():
        own = folder / language
        own.mkdir(parents=True, exist_ok=True)
        existing = read(own)
        wanted = merged(texts, existing)
        for area, messages in wanted.items():
            if _write(own / f"{area}.ts", render(language, messages)):
                changed.append(own / f"{area}.ts")
        for area in existing.keys() - wanted.keys():
            (own / f"{area}.ts").unlink()
            changed.append(own / f"{area}.ts")
    return sorted(changed)


def check(root: Path = ROOT, folder: Path = FOLDER, area: str = "") -> list[str]:
    """Return what is wrong with the texts and their translations, a line each; with `area` only those of that area.

    Raises:
        TranslationError: the code or a file cannot be read.
    """
    texts = collect(root)
    problems = [] if area else list(texts.problems)
    for language in targets():
        found = _differences(language, texts, read(folder / language))
        problems.extend(line for line in found if line.startswith(f"{language}/{area}.ts:" if area else ""))
    return problems


def _differences(language: str, texts: SourceTexts, catalogue: Catalogue) -> Iterator[str]:
    for text, area in sorted(texts.areas.items()):
        place = f"{language}/{area}.ts"
        if text not in catalogue.get(area, {}):
            yield f"{place}: {text!r} is not there; run 'python -m app.gui.translations update'"
        elif not catalogue[area][text]:
            yield f"{place}: {text!r} is not translated"
        elif mistake := compare(text, catalogue[area][text]):
            yield f"{place}: {text!r} → {catalogue[area][text]!r}: {mistake}"
    for area, messages in sorted(catalogue.items()):
        for text in sorted(messages):
            if texts.areas.get(text) != area:
                yield f"{language}/{area}.ts: {text!r} is not in the code any more; run update"


def compare(text: str, translation: str) -> str:
    """Return what a translation has lost of its text (values, shortcut letter, spaces around), "" when nothing."""
    if placeholders(text) != placeholders(translation):
        return "other values in braces"
    if shortcuts(text) != shortcuts(translation):
        return "another number of shortcut letters (&)"
    if (text[:1].isspace(), text[-1:].isspace()) != (translation[:1].isspace(), translation[-1:].isspace()):
        return "other spaces around it"
    if text.endswith("…") != translation.endswith("…"):
        return "an ellipsis more or less"
    return ""


def placeholders(text: str) -> list[tuple[str, str, str]] | None:
    """Return the replacement fields of `text` (name, format, conversion), sorted; None when it is no format string."""
    try:
        fields = [
            (name, spec or "", conversion or "")
            for _, name, spec, conversion in string.Formatter().parse(text)
            if name is not None
        ]
    except ValueError:
        return None
    return sorted(set(fields))


def shortcuts(text: str) -> int:
    """Return how many `&` in `text` mark the letter behind them as a shortcut."""
    plain = text.replace("&&", "")
    return sum(1 for sign, letter in itertools.pairwise(plain) if sign == "&" and not letter.isspace())


def build(language: str, folder: Path = FOLDER) -> Path:
    """Compile the files of `language`; return the compiled file.

    Raises:
        TranslationError: there is no compiler, or it fails.
    """
    sources = sorted((folder / language).glob("*.ts"))
    if not sources:
        raise TranslationError(f"There are no files in {folder / language}.")
    target = folder / compiled(language).name
    try:
        with tempfile.TemporaryDirectory(prefix=f"{language}-", dir=folder) as scratch:
            made = Path(scratch, target.name)
            done = subprocess.run(
                [lrelease(), "-silent", *sources, "-qm", made],
                capture_output=True,
                text=True,
                errors="replace",
                timeout=LRELEASE_LIMIT,
                check=False,
            )
            if done.returncode != 0 or not made.is_file():
                raise TranslationError(f"lrelease failed: {(done.stderr or done.stdout).strip()}")
            # Moved into place whole: another window may be starting.
            made.replace(target)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TranslationError(f"{target.name} cannot be made: {error}.") from error
    return target


def lrelease() -> Path:
    """Return the compiler that comes with PySide6.

    Raises:
        TranslationError: this PySide6 has none.
    """
    spec = importlib.util.find_spec("PySide6")
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    program = folder / ("lrelease.exe" if os.name == "nt" else "lrelease")
    if not program.is_file():
        raise TranslationError("PySide6 is not installed, or came without lrelease.")
    return program


def _write(path: Path, text: str) -> bool:
    """Write `text` in one step unless it stands there already; return whether it was written."""
    try:
        if path.read_text(encoding="utf-8") == text:
            return False
    except OSError:
        pass
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(path)
    return True


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return the exit code: 1 when something is missing or fails."""
    parser = argparse.ArgumentParser(prog="python -m app.gui.translations", description=__doc__)
    parser.add_argument("command", choices=("update", "build", "check"))
    parser.add_argument("area", nargs="?", default="", help="what to check; everything unless given")
    options = parser.parse_args(argv)
    command = options.command
    try:
        if command == "update":
            lines = [f"{path.parent.name}/{path.name}" for path in update()]
            failed = False
        elif command == "build":
            lines = [str(build(language)) for language in targets()]
            failed = False
        else:
            lines = check(area=options.area)
            failed = bool(lines)
    except TranslationError as error:
        lines, failed = [str(error)], True
    (sys.stderr if failed else sys.stdout).write("".join(f"{line}\n" for line in lines))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
