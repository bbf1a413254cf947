"""The language of the window: what is chosen, what is shown, and switching while it is open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.gui import text, translations
from app.gui.text import choose, count, install, mark, tr

SETTING = "Processors of the machine."


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Iterator[Path]:
    """Linguist files of our own: a few words in Korean."""
    monkeypatch.setattr(text, "FOLDER", tmp_path)
    messages = {
        "Quit {name}": "{name} 종료",
        "{n} container": "컨테이너 {n}개",
        "{n} containers": "컨테이너 {n}개",
        "{x": "x{",
    }
    (tmp_path / "ko").mkdir()
    (tmp_path / "ko" / "common.ts").write_text(translations.render("ko", messages), encoding="utf-8")
    before = QLocale()
    yield tmp_path
    install(qapp, "en")
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("wanted", "preferred", "language"),
    [
        ("", ["ko-KR", "en-US"], "ko"),
        ("", ["fr-FR", "ko", "en"], "ko"),
        ("", ["en-GB", "ko-KR"], "en"),
        ("", ["fr-FR"], "en"),
        ("", [], "en"),
        ("en", ["ko-KR"], "en"),
        ("ko", ["en-US"], "ko"),
        ("tlh", ["ko_KR"], "ko"),
    ],
)
def test_the_language_is_the_users_then_the_systems_then_english(
    wanted: str, preferred: list[str], language: str
) -> None:
    assert choose(wanted, preferred) == language


def test_english_needs_no_file(qapp: QApplication, words: Path) -> None:
    assert install(qapp, "en") == "en"
    assert tr("Quit {name}", name="Linnet") == "Quit Linnet"
    assert [count("{n} container", "{n} containers", n) for n in (0, 1, 2)] == [
        "0 containers",
        "1 container",
        "2 containers",
    ]
    assert tr("{x") == "{x"
    assert mark("Quit {name}") == "Quit {name}"
    assert not qapp.findChildren(QTranslator)


def test_korean_is_compiled_when_it_is_first_wanted(qapp: QApplication, words: Path) -> None:
    assert install(qapp, "ko") == "ko"
    assert (words / "linnet_ko.qm").is_file()
    assert tr("Quit {name}", name="Linnet") == "Linnet 종료"
    assert [count("{n} container", "{n} containers", n) for n in (1, 2)] == ["컨테이너 1개", "컨테이너 2개"]
    assert tr("{x") == "x{"
    assert tr("no such text") == "no such text"
    assert QLocale().language() == QLocale.Language.Korean


def test_a_compiled_file_is_made_again_when_a_source_is_newer(qapp: QApplication, words: Path) -> None:
    install(qapp, "ko")
    made = (words / "linnet_ko.qm").stat().st_mtime_ns
    install(qapp, "ko")
    assert (words / "linnet_ko.qm").stat().st_mtime_ns == made
    (words / "ko" / "more.ts").write_text(translations.render("ko", {"Pull": "받기"}), encoding="utf-8")
    install(qapp, "ko")
    assert tr("Pull") == "받기"


def test_qt_speaks_the_language_too(qapp: QApplication, qtbot: QtBot, words: Path) -> None:
    install(qapp, "ko")
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    assert [button.text() for button in box.findChildren(QPushButton)] == ["취소"]


class Page(QWidget):
    """Notes the times when it is told of another language."""

    def __init__(self) -> None:
        super().__init__()
        self.label = QLabel(tr("Quit {name}", name="x"), self)
        self.told = 0

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() == QEvent.Type.LanguageChange:
            self.told += 1
            self.label.setText(tr("Quit {name}", name="x"))
        super().changeEvent(event)


def test_windows_are_told_once_when_the_language_changes(qapp: QApplication, qtbot: QtBot, words: Path) -> None:
    page = Page()
    qtbot.addWidget(page)
    for language, shown in (("ko", "x 종료"), ("en", "Quit x"), ("ko", "x 종료"), ("ko", "x 종료")):
        page.told = 0
        install(qapp, language)
        qtbot.waitUntil(lambda: page.told > 0)
        qapp.processEvents()
        assert page.told == 1
        assert page.label.text() == shown


def test_a_translation_that_cannot_be_read_leaves_english(
    qapp: QApplication, words: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (words / "ko" / "common.ts").write_text("<TS", encoding="utf-8")
    assert install(qapp, "ko") == "en"
    assert tr("Quit {name}", name="x") == "Quit x"
    assert "cannot be compiled" in caplog.text


def test_ours_compile_and_load(qapp: QApplication) -> None:
    before = QLocale()
    try:
        assert install(qapp, "ko") == "ko"
        assert tr(SETTING) == "머신의 프로세서 수입니다."
    finally:
        install(qapp, "en")
        QLocale.setDefault(before)
