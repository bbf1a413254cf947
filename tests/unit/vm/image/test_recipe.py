"""The recipe is checked as a whole before anything is built."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from vm.errors import ImageError
from vm.image.recipe import ARCHITECTURES, DEFAULT_FOLDER, load


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT_FOLDER, tmp_path / "guest"))


def change(folder: Path, old: str, new: str) -> None:
    path = folder / "recipe.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_own_recipe_is_good_and_names_no_mirror() -> None:
    recipe = load()
    assert recipe.recipe.suite == "trixie"
    assert "usr/lib/linnet/setup" in recipe.files
    for arch in ARCHITECTURES:
        assert f"linux-image-{arch}" in recipe.recipe.packages_for(arch)
    assert "://" not in (DEFAULT_FOLDER / "recipe.yaml").read_text()


def test_units_that_start_are_ours_or_debians() -> None:
    recipe = load()
    targets = [name for name in recipe.files if name.endswith(".target")]
    assert {f"etc/systemd/system/linnet-engine-{kind}.target" for kind in ("podman", "podman-rootful", "docker")} < set(
        targets
    )
    assert recipe.recipe.links["etc/systemd/system/default.target"] == "linnet.target"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("format: 1", "format: 2", "format is 2"),
        ("epoch: 1760000000", "epoch: -1", "epoch"),
        ("- podman\n", "- Podman;rm\n", "'Podman;rm' is no package name"),
        ("  - usr/lib/linnet/data\n", "  - usr/lib/linnet/date\n", "rootfs/usr/lib/linnet/date does not exist"),
        ("  - mnt\n", "  - ../mnt\n", "'../mnt' must be a path inside the tree"),
        ("  system:\n", "  sistem:\n", "sistem"),
        ("suite: trixie", "suit: trixie", "suit"),
        ("epoch: 1760000000", "epoch: soon", "epoch"),
    ],
)
def test_wrong_value_is_named(folder: Path, old: str, new: str, words: str) -> None:
    change(folder, old, new)
    with pytest.raises(ImageError, match=r"recipe\.yaml is wrong") as caught:
        load(folder)
    assert words in caught.value.message


def test_all_problems_are_told(folder: Path) -> None:
    change(folder, "format: 1", "format: 7")
    change(folder, "epoch: 1760000000", "epoch: 0")
    (folder / "init").unlink()
    with pytest.raises(ImageError) as caught:
        load(folder)
    assert len((caught.value.detail or "").splitlines()) == 3


def test_broken_yaml_and_no_recipe(folder: Path) -> None:
    (folder / "recipe.yaml").write_text("packages: [")
    with pytest.raises(ImageError, match="is not YAML"):
        load(folder)
    (folder / "recipe.yaml").unlink()
    with pytest.raises(ImageError, match="cannot be read"):
        load(folder)


def test_digest_follows_every_file(folder: Path) -> None:
    before = load(folder).digest()
    assert before == load(DEFAULT_FOLDER).digest()
    (folder / "rootfs" / "etc" / "fuse.conf").write_text("other\n")
    assert load(folder).digest() != before
