"""The recipe of the guest image: `resources/guest/recipe.yaml` and the files beside it.

`load` reads and checks it. The folder holds, besides the recipe, `init` (first program of the initrd) and `rootfs/`
(files laid over the tree that Debian's packages make).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from vm.errors import ImageError

FORMAT = 1
"""The recipe format that this module reads."""

ARCHITECTURES = ("amd64", "arm64")
"""Debian's names of the architectures that images exist for."""

MANAGERS = ("system", "user")
"""The two kinds of systemd managers."""

PACKAGE = re.compile(r"[a-z0-9][a-z0-9+.-]+")

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "guest"
"""Where Linnet's own recipe lies."""


class Modules(msgspec.Struct, forbid_unknown_fields=True):
    """Kernel modules: what the initrd loads itself, what it loads from the system disk, what else stays."""

    initrd: list[str]
    boot: list[str]
    keep: list[str]


class User(msgspec.Struct, forbid_unknown_fields=True):
    """An account in the guest."""

    uid: int
    gid: int
    home: str
    shell: str
    groups: list[str]
    subordinate: str
    """First and number of its subordinate ids, `first:count`."""


class Packages(msgspec.Struct, forbid_unknown_fields=True):
    """Debian packages for every architecture and for one."""

    all: list[str]
    amd64: list[str] = []
    arm64: list[str] = []


class Recipe(msgspec.Struct, forbid_unknown_fields=True):
    """A recipe as it is written; see the comments in recipe.yaml."""

    format: int
    release: str
    suite: str
    epoch: int
    packages: Packages
    remove: list[str]
    keep: list[str]
    executables: list[str]
    folders: list[str]
    links: dict[str, str]
    wants: dict[str, dict[str, list[str]]]
    modules: Modules
    users: dict[str, User]

    def packages_for(self, arch: str) -> list[str]:
        """Return the packages to ask for on `arch`, sorted."""
        own: list[str] = getattr(self.packages, arch)
        return sorted({*self.packages.all, *own})


@dataclass(frozen=True)
class RecipeFolder:
    """A recipe with its files.

    Attributes:
        folder: where it lies.
        recipe: what recipe.yaml says.
        files: paths below rootfs/, POSIX style, sorted.
    """

    folder: Path
    recipe: Recipe
    files: tuple[str, ...] = field(default=())

    @property
    def init(self) -> Path:
        """The initrd's first program."""
        return self.folder / "init"

    def rootfs_file(self, name: str) -> Path:
        """Return the file on the host that becomes `/name` in the guest."""
        return self.folder / "rootfs" / name

    def digest(self) -> str:
        """Return the SHA-256 of the recipe and all its files, hexadecimal."""
        total = hashlib.sha256()
        for path in (self.folder / "recipe.yaml", self.init, *map(self.rootfs_file, self.files)):
            total.update(path.relative_to(self.folder).as_posix().encode() + b"\0")
            total.update(hashlib.sha256(path.read_bytes()).digest())
        return total.hexdigest()


def load(folder: Path = DEFAULT_FOLDER) -> RecipeFolder:
    """Read and check the recipe in `folder`.

    Raises:
        ImageError: it is missing, not YAML, or wrong; every problem found is in the detail.
    """
    path = folder / "recipe.yaml"
    try:
        data: Any = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        recipe = msgspec.convert(data, Recipe)
    except OSError as error:
        raise ImageError(f"The image recipe {path} cannot be read: {error.strerror}.") from error
    except YAMLError as error:
        raise ImageError(f"The image recipe {path} is not YAML.", detail=str(error)) from error
    except msgspec.ValidationError as error:
        raise ImageError(f"The image recipe {path} is wrong: {error}.") from error
    rootfs = folder / "rootfs"
    files = tuple(sorted(item.relative_to(rootfs).as_posix() for item in rootfs.rglob("*") if item.is_file()))
    problems = list(_problems(recipe, folder, files))
    if problems:
        raise ImageError(f"The image recipe {path} is wrong: {problems[0]}.", detail="\n".join(problems))
    return RecipeFolder(folder=folder, recipe=recipe, files=files)


def _problems(recipe: Recipe, folder: Path, files: tuple[str, ...]) -> Iterator[str]:
    if recipe.format != FORMAT:
        yield f"format is {recipe.format}, and this Linnet reads {FORMAT}"
    if not re.fullmatch(r"[A-Za-z0-9.]+", recipe.release):
        yield "release must be letters, digits and dots"
    if recipe.epoch <= 0:
        yield "epoch must be seconds since 1970"
    names = (*recipe.packages.all, *recipe.packages.amd64, *recipe.packages.arm64)
    yield from (f"packages: '{name}' is no package name" for name in names if not re.fullmatch(PACKAGE, name))
    yield from (f"executables: rootfs/{name} does not exist" for name in recipe.executables if name not in files)
    for name in (*recipe.folders, *recipe.links, *recipe.remove):
        if name.startswith("/") or ".." in name.split("/"):
            yield f"'{name}' must be a path inside the tree"
    yield from (f"wants: '{name}' is neither system nor user" for name in recipe.wants if name not in MANAGERS)
    if not (folder / "init").is_file():
        yield "the file init is missing"
