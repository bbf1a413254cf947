"""The words of the window, in the user's language.

English stands in the code; the other languages are Qt Linguist files in `resources/translations`, see
`app.gui.translations`. Whoever shows text calls `tr` or `count` while building a widget, so that a new language shows
after the pages are built again.
"""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from vm.errors import LinnetError

CONTEXT = "linnet"
"""The one context of all messages in the Linguist files."""

SOURCE_LANGUAGE = "en"
"""The language of the code: needs no file."""

LANGUAGES = {"en": "English", "ko": "한국어"}
"""The languages of the window, each by its own name."""

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "translations"
"""`<language>/<area>.ts` in here becomes `linnet_<language>.qm`."""

_OURS = "linnet-translator"

_log = logging.getLogger(__name__)


def tr(text: str, /, **values: object) -> str:
    """Return `text` in the language in use, with `{name}` replaced by the value of that name."""
    translated = QCoreApplication.translate(CONTEXT, text)
    return translated.format(**values) if values else translated


def count(one: str, many: str, n: int, **values: object) -> str:
    """Return `one` when `n` is 1, else `many`, as `tr` does; `{n}` is the number."""
    return tr(one if n == 1 else many, n=n, **values)


def explained(error: LinnetError) -> str:
    """Return what failed and what helps, in one or two sentences."""
    return f"{error.message} {error.hint or ''}".strip()


def mark(text: str) -> str:
    """Return `text` as it is: for text in a table that is handed to `tr` later, so that it gets translated."""
    return text


def compiled(language: str) -> Path:
    """Return where the compiled file of `language` is, or would be."""
    return FOLDER / f"linnet_{language}.qm"


def choose(wanted: str, preferred: list[str]) -> str:
    """Return the language to use.

    Args:
        wanted: a key of `LANGUAGES`; empty or unknown means the system's.
        preferred: the system's languages as BCP 47 tags such as "ko-KR", best first.
    """
    if wanted in LANGUAGES:
        return wanted
    codes = (tag.replace("_", "-").partition("-")[0] for tag in preferred)
    return next((code for code in codes if code in LANGUAGES), SOURCE_LANGUAGE)


def install(app: QCoreApplication, language: str) -> str:
    """Make `app` speak `language` ("" is the system's); return the language in use, a key of `LANGUAGES`.

    Can be called again: Qt then sends LanguageChange to every window.
    """
    system = QLocale.system()
    chosen = choose(language, system.uiLanguages())
    for old in app.findChildren(QTranslator, _OURS):
        app.removeTranslator(old)
        # Deleted later, when the event that the removal has posted is done with.
        old.deleteLater()
    # Numbers and dates follow the language, but a system in that language knows them better (its region, its user).
    own = system if choose("", [system.name()]) == chosen else QLocale(chosen)
    QLocale.setDefault(own)
    if chosen == SOURCE_LANGUAGE:
        return chosen
    if _is_outdated(chosen):
        _compile(chosen)
    qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    _add(app, Path(qt_folder, f"qtbase_{chosen}.qm"))
    return chosen if _add(app, compiled(chosen)) else SOURCE_LANGUAGE


def _add(app: QCoreApplication, path: Path) -> bool:
    translator = QTranslator(app)
    translator.setObjectName(_OURS)
    if translator.load(str(path)) and app.installTranslator(translator):
        return True
    _log.warning("The translation %s cannot be loaded.", path)
    _discard(translator)
    return False


def _discard(thing: QObject) -> None:
    thing.setParent(None)
    thing.deleteLater()


def _is_outdated(language: str) -> bool:
    """Tell whether the compiled file is missing, or older than a source that a checkout has."""
    try:
        made = compiled(language).stat().st_mtime_ns
    except OSError:
        return True
    return any(source.stat().st_mtime_ns > made for source in (FOLDER / language).glob("*.ts"))


def _compile(language: str) -> None:
    # Imported here: only a checkout that was not built needs it.
    from app.gui import translations

    try:
        translations.build(language, FOLDER)
    except translations.TranslationError as error:
        _log.warning("The translation cannot be compiled: %s", error)
