"""Which kernel modules stay in the image, and in which order some of them load.

Debian ships modules compressed by xz, signed and with type information (BTF). Unpacking, checking and parsing all that
is slow on an emulated CPU, the download is compressed as a whole, and the system disk is verified as a whole: so the
image holds them plain, without signature, and with the type information out of the kernel's sight.
"""

from __future__ import annotations

import lzma
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from vm.errors import ImageError


def module_name(path: str) -> str:
    """Return the name of the module in the file `path`: `kernel/x/virtio-rng.ko.xz` → `virtio_rng`."""
    return PurePosixPath(path).name.split(".ko")[0].replace("-", "_")


SIGNATURE_MARK = b"~Module signature appended~\n"
"""Ends a signed module."""

SIGNATURE_INFO = struct.Struct(">5B3xI")
"""Stands before the mark: algorithm, hash, kind, signer's length, key id's length, signature's length."""

BTF_SECTION = b"\0.BTF\0"
"""The name of the section, as it stands in the table of names."""


@dataclass(frozen=True)
class ModuleTree:
    """The modules of one kernel.

    Attributes:
        folder: `/usr/lib/modules/<release>` in the tree.
        needs: for each module's path below `folder`, the paths that it needs, nearest first (as in modules.dep).
        builtin: names of the modules that are part of the kernel itself.
    """

    folder: Path
    needs: dict[str, tuple[str, ...]]
    builtin: frozenset[str]

    @classmethod
    def read(cls, folder: Path) -> ModuleTree:
        """Read the indexes that depmod made.

        Raises:
            ImageError: they are not there.
        """
        try:
            lines = (folder / "modules.dep").read_text().splitlines()
            builtin = (folder / "modules.builtin").read_text().split()
        except OSError as error:
            raise ImageError(f"The kernel's module index in {folder} cannot be read: {error.strerror}.") from error
        needs = {path: tuple(rest.split()) for path, _, rest in (line.partition(":") for line in lines)}
        return cls(folder, needs, frozenset(map(module_name, builtin)))

    def find(self, name: str) -> str | None:
        """Return the path of the module `name`, or None if the kernel has it built in.

        Raises:
            ImageError: the kernel has no such module.
        """
        wanted = name.replace("-", "_")
        for path in self.needs:
            if module_name(path) == wanted:
                return path
        if wanted in self.builtin:
            return None
        raise ImageError(f"The kernel in {self.folder} has no module {name}.", hint="Correct the recipe's modules.")

    def load_order(self, names: Iterable[str]) -> list[str]:
        """Return the paths to load, in order, so that each module follows what it needs."""
        order: list[str] = []
        for path in filter(None, map(self.find, names)):
            order += [item for item in (*reversed(self.needs[path]), path) if item not in order]
        return order

    def select(self, patterns: Iterable[str]) -> set[str]:
        """Return the paths of the modules that `patterns` name (see the recipe), with all that they need."""
        found: set[str] = set()
        for pattern in patterns:
            for path in self.needs:
                if path.startswith(f"kernel/{pattern}") if "/" in pattern else _matches(path, pattern):
                    found |= {path, *self.needs[path]}
        return found

    def prune(self, keep: set[str]) -> None:
        """Delete all modules but `keep`, and store those uncompressed. The indexes must be made anew after this."""
        for path in self.needs:
            file = self.folder / path
            if path not in keep:
                file.unlink()
            else:
                data = read_module(file)
                file.unlink()
                plain(file).write_bytes(data)


def plain(path: Path) -> Path:
    """Return the name that the module in `path` has uncompressed."""
    return path.with_suffix("") if path.suffix == ".xz" else path


def read_module(path: Path) -> bytes:
    """Return a module's content as the image holds it, see above."""
    data = path.read_bytes()
    return slim(lzma.decompress(data) if path.suffix == ".xz" else data)


def slim(data: bytes) -> bytes:
    """Return the module without its signature, its type information renamed so that the kernel does not parse it."""
    if data.endswith(SIGNATURE_MARK):
        end = len(data) - len(SIGNATURE_MARK) - SIGNATURE_INFO.size
        *_, signer, key, signature = SIGNATURE_INFO.unpack_from(data, end)
        data = data[: end - signer - key - signature]
    return data.replace(BTF_SECTION, b"\0.xTF\0", 1)


def _matches(path: str, pattern: str) -> bool:
    return fnmatchcase(module_name(path), pattern.replace("-", "_"))
