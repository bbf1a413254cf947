"""What an image is, in data: the manifest beside it, the entry in a catalogue, the folder in the store."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import msgspec

from vm.errors import ImageError

MANIFEST_FORMAT = 1
"""The manifest format that this module reads and writes."""

MANIFEST_NAME = "manifest.json"

FILES = ("system.img", "kernel", "initrd")
"""What a machine boots from; all of them are in the manifest."""

QEMU_ARCH = {"amd64": "x86_64", "arm64": "aarch64"}
"""Debian's names of architectures to QEMU's."""

VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}")


class FileInfo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Size in bytes and SHA-512 (hexadecimal) of one file."""

    size: int
    sha512: str


class Manifest(msgspec.Struct, frozen=True):
    """What an image consists of.

    Attributes:
        format: of the manifest itself.
        version: `<release>-<digest>`, a digest of the recipe, the agent, the hello image and the packages.
        arch: Debian's name of the architecture.
        created: seconds since 1970; the recipe's epoch, not the clock.
        kernel: release of the kernel, as `uname -r` says in the guest.
        agent: digest of the agent that it carries, see `agent.digest`.
        packages: Debian packages and versions.
        files: by name, see FILES.
    """

    format: int
    version: str
    arch: str
    created: int
    kernel: str
    agent: str
    packages: dict[str, str]
    files: dict[str, FileInfo]

    def encode(self) -> bytes:
        """Return it as JSON, the same bytes for the same content."""
        return msgspec.json.format(msgspec.json.encode(self, order="sorted"), indent=1) + b"\n"

    @classmethod
    def decode(cls, data: bytes, source: object) -> Manifest:
        """Read a manifest that came from `source`.

        Raises:
            ImageError: it is not one, or of a newer format.
        """
        try:
            manifest = msgspec.json.decode(data, type=cls)
        except msgspec.DecodeError as error:
            raise ImageError(f"{source} is not an image manifest.", detail=str(error)) from error
        if manifest.format != MANIFEST_FORMAT:
            raise ImageError(
                f"{source} has manifest format {manifest.format}; this Linnet reads {MANIFEST_FORMAT}.",
                hint="Update Linnet, or fetch an image that fits it.",
            )
        if not VERSION.fullmatch(manifest.version) or set(manifest.files) != set(FILES):
            raise ImageError(f"{source} names no usable version or other files than {', '.join(FILES)}.")
        return manifest


class CatalogueEntry(msgspec.Struct, frozen=True):
    """Where a published image can be had, and how to know that it is the right one.

    Attributes:
        url: http, https or file.
        sha512: of the downloaded file, hexadecimal.
        size: of the downloaded file, bytes.
        version: of the image in it.
        arch: of the image in it.
    """

    url: str
    sha512: str
    size: int
    version: str
    arch: str

    @classmethod
    def decode(cls, data: bytes, source: object) -> CatalogueEntry:
        """Read an entry that came from `source`.

        Raises:
            ImageError: it is not one.
        """
        try:
            entry = msgspec.json.decode(data, type=cls)
        except msgspec.DecodeError as error:
            raise ImageError(f"{source} is not a catalogue entry.", detail=str(error)) from error
        if not re.fullmatch(r"[0-9a-f]{128}", entry.sha512) or entry.size <= 0 or not VERSION.fullmatch(entry.version):
            raise ImageError(f"{source} is not a usable catalogue entry: digest, size or version is wrong.")
        return entry


class GuestImage(msgspec.Struct, frozen=True):
    """An image in the store: its folder and its manifest."""

    folder: Path
    manifest: Manifest

    @property
    def version(self) -> str:
        """Version, as in the folder's name."""
        return self.manifest.version

    @property
    def arch(self) -> str:
        """Debian's name of the architecture."""
        return self.manifest.arch

    @property
    def qemu_arch(self) -> str:
        """QEMU's name of the architecture."""
        return QEMU_ARCH.get(self.arch, self.arch)

    @property
    def system(self) -> Path:
        """The system disk, raw, never written to."""
        return self.folder / "system.img"

    @property
    def kernel(self) -> Path:
        """The kernel, for direct boot."""
        return self.folder / "kernel"

    @property
    def initrd(self) -> Path:
        """The initrd."""
        return self.folder / "initrd"


def file_info(path: Path) -> FileInfo:
    """Return size and digest of a file."""
    with path.open("rb") as file:
        return FileInfo(size=path.stat().st_size, sha512=hashlib.file_digest(file, "sha512").hexdigest())
