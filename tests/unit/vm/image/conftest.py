"""A small image that has all that a real one has, and a catalogue entry for it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from vm.image.model import FILES, MANIFEST_FORMAT, MANIFEST_NAME, CatalogueEntry, GuestImage, Manifest, file_info
from vm.image.publish import publish
from vm.image.store import ImageStore

VERSION = "2026.11-0123456789"


def make_image(store: ImageStore, version: str = VERSION, *, arch: str = "amd64", mtime: int = 0) -> GuestImage:
    """Put an image of three small files into the store."""
    with store.adding() as folder:
        (folder / "system.img").write_bytes(bytes(300_000) + os.urandom(700_000) + bytes(200_000))
        (folder / "kernel").write_bytes(b"kernel " + version.encode())
        (folder / "initrd").write_bytes(b"initrd")
        manifest = Manifest(
            format=MANIFEST_FORMAT,
            version=version,
            arch=arch,
            created=1760000000,
            kernel="6.12.1-amd64",
            agent="0" * 64,
            packages={"podman": "5.4.2"},
            files={name: file_info(folder / name) for name in FILES},
        )
        (folder / MANIFEST_NAME).write_bytes(manifest.encode())
        if mtime:
            os.utime(folder / MANIFEST_NAME, (mtime, mtime))
        return store.adopt(folder)


@dataclass(frozen=True)
class Published:
    """An image as it lies on a server: the folder, its archive and its entry (URL file://)."""

    folder: Path
    archive: Path
    entry: CatalogueEntry
    image: GuestImage


@pytest.fixture
def published(tmp_path: Path) -> Published:
    image = make_image(ImageStore(tmp_path / "origin"))
    folder = tmp_path / "server"
    entry = publish(image, folder, level=1)
    archive = folder / entry.url
    return Published(folder, archive, msgspec.structs.replace(entry, url=archive.as_uri()), image)
