"""Packs an image into the one file that others download, and writes its catalogue entry."""

from __future__ import annotations

import tarfile
from pathlib import Path

import msgspec
import zstandard

from vm.files import replacing, write_atomic
from vm.image.model import FILES, MANIFEST_NAME, CatalogueEntry, GuestImage, file_info
from vm.progress import Progress, Reporter, ignore

LEVEL = 19
"""Of zstandard: packing takes minutes, and every download is shorter for it."""

WINDOW_LOG = 27
"""128 MiB, the most that every decoder accepts unasked."""


def publish(
    image: GuestImage, folder: Path, base_url: str = "", report: Reporter = ignore, *, level: int = LEVEL
) -> CatalogueEntry:
    """Write `linnet-guest-<version>-<arch>.tar.zst` and the entry beside it (`.json`) into `folder`.

    Args:
        image: what to pack.
        folder: where the two files go.
        base_url: put before the file's name in the entry; empty means "beside the catalogue".
        report: told each file.
        level: of zstandard.

    Raises:
        DiskFullError: the disk has no room; nothing stays behind.
    """
    archive = folder / f"linnet-guest-{image.version}-{image.arch}.tar.zst"
    parameters = zstandard.ZstdCompressionParameters.from_level(level, window_log=WINDOW_LOG, threads=-1)
    with (
        replacing(archive, 0o644) as out,
        zstandard.ZstdCompressor(compression_params=parameters).stream_writer(out, closefd=False) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name in (MANIFEST_NAME, *FILES):
            report(Progress(f"Packing {name}"))
            info = tarfile.TarInfo(name)
            info.size = (image.folder / name).stat().st_size
            info.mtime = image.manifest.created
            with (image.folder / name).open("rb") as file:
                tar.addfile(info, file)
    packed_info = file_info(archive)
    url = f"{base_url.rstrip('/')}/{archive.name}" if base_url else archive.name
    entry = CatalogueEntry(
        url=url, sha512=packed_info.sha512, size=packed_info.size, version=image.version, arch=image.arch
    )
    data = msgspec.json.format(msgspec.json.encode(entry), indent=1) + b"\n"
    write_atomic(archive.with_suffix("").with_suffix(".json"), data, 0o644)
    return entry
