"""The Linguist files: what is kept, what is dropped, what is complained about, and that ours are complete."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.gui import translations
from app.gui.sources import SourceTexts
from app.gui.text import FOLDER


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with one page and no settings."""
    monkeypatch.setattr(translations, "MACHINE_SETTINGS", ())
    monkeypatch.setattr(translations, "APP_SETTINGS", ())
    for name in ("images", "volumes"):
        (tmp_path / "app" / "gui" / "pages" / name).mkdir(parents=True)
    (tmp_path / "app" / "tray").mkdir()
    return tmp_path


def page(root: Path, *texts: str, name: str = "images") -> None:
    lines = ["from app.gui.text import tr", *(f"tr({text!r})" for text in texts)]
    (root / "app" / "gui" / "pages" / name / "list.py").write_text("\n".join(lines), encoding="utf-8")


def translate(path: Path, text: str, translation: str) -> None:
    old = f'<source>{text}</source>\n        <translation type="unfinished"></translation>'
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, f"<source>{text}</source><translation>{translation}</translation>"), "utf-8")


def test_translations_survive_an_update(code: Path) -> None:
    folder = code / "ts"
    images, common = folder / "ko" / "images.ts", folder / "ko" / "common.ts"
    page(code, "Pull", "Layers & <size>")
    assert translations.update(code, folder) == [images]
    assert translations.update(code, folder) == []
    translate(images, "Pull", "받기")
    page(code, "Pull", "Push")
    translations.update(code, folder)
    assert translations.read(folder / "ko") == {"images": {"Pull": "받기", "Push": ""}}
    # The same text on a second page: it moves, with its translation, and an area without texts has no file.
    page(code, "Pull", "Push", name="volumes")
    assert translations.update(code, folder) == [common, images]
    assert translations.read(folder / "ko") == {"common": {"Pull": "받기", "Push": ""}}
    assert not images.exists()


def test_files_do_not_depend_on_the_order_in_the_code(code: Path) -> None:
    page(code, "b", "a", "Z")
    translations.update(code, code / "one")
    page(code, "Z", "a", "b")
    translations.update(code, code / "two")
    assert (code / "one/ko/images.ts").read_text() == (code / "two/ko/images.ts").read_text()


def test_what_is_missing_is_found(code: Path) -> None:
    folder = code / "ts"
    page(code, "Pull", "{name} is gone")
    assert [line.rpartition("; ")[2] for line in translations.check(code, folder)] == [
        "run 'python -m app.gui.translations update'"
    ] * 2
    translations.update(code, folder)
    assert [line.rpartition(": ")[2] for line in translations.check(code, folder)] == [
        "'Pull' is not translated",
        "'{name} is gone' is not translated",
    ]
    translate(folder / "ko" / "images.ts", "Pull", "받기")
    translate(folder / "ko" / "images.ts", "{name} is gone", "{nmae} 없음")
    assert [line.rpartition(": ")[2] for line in translations.check(code, folder)] == ["other values in braces"]
    assert translations.check(code, folder, area="volumes") == []
    page(code, "Pull")
    assert [line.rpartition(": ")[2] for line in translations.check(code, folder)] == [
        "'{name} is gone' is not in the code any more; run update"
    ]


@pytest.mark.parametrize(
    ("text", "translation", "fine"),
    [
        ("{n} of {total}", "{total} 중 {n}", True),
        ("{size:.1f} MB", "{size} MB", False),
        ("{name!r}", "{name}", False),
        ("a {name}", "{name} {name}", True),
        ("{{.Names}}", "{{.Names}}", True),
        ("&Quit", "종료(&Q)", True),
        ("&Quit", "종료", False),
        ("Save && close", "저장 && 닫기", True),
        ("R & D", "연구", True),
        ("Run…", "실행…", True),
        ("Run…", "실행", False),
        ("Name: ", "이름:", False),
        ("{name", "{이름", True),
    ],
)
def test_translations_keep_values_shortcuts_and_spaces(text: str, translation: str, fine: bool) -> None:
    assert (translations.compare(text, translation) == "") is fine


def test_a_broken_file_is_not_overwritten(code: Path) -> None:
    page(code, "Pull")
    path = code / "ts" / "ko" / "images.ts"
    path.parent.mkdir(parents=True)
    path.write_text("<TS>")
    with pytest.raises(translations.TranslationError, match=r"images\.ts"):
        translations.update(code, code / "ts")
    assert path.read_text() == "<TS>"


@pytest.fixture(scope="module")
def ours() -> SourceTexts:
    return translations.collect()


def test_the_settings_table_is_translated_too(ours: SourceTexts) -> None:
    assert ours.areas["Processors of the machine."] == translations.SETTINGS_AREA


def test_moving_texts_prefer_the_words_of_their_new_area() -> None:
    existing = {"images": {"Remove": "삭제"}, "common": {"Remove": "제거"}}
    for area, translation in (("images", "삭제"), ("common", "제거")):
        assert translations.merged(SourceTexts({"Remove": area}), existing) == {area: {"Remove": translation}}


def test_ours_are_complete() -> None:
    assert translations.check() == []


def test_our_files_are_those_of_areas(ours: SourceTexts) -> None:
    assert {path.stem for path in (FOLDER / "ko").glob("*.ts")} <= set(ours.areas.values())


def test_build_without_files_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(translations.TranslationError, match="no files"):
        translations.build("ko", tmp_path)


def test_build_says_what_the_compiler_says(tmp_path: Path) -> None:
    (tmp_path / "ko").mkdir()
    (tmp_path / "ko" / "a.ts").write_text("<TS")
    with pytest.raises(translations.TranslationError, match=r"lrelease failed: .*a\.ts"):
        translations.build("ko", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["ko"]
