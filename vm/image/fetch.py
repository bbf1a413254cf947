"""Getting a published image: resumable download, verified, unpacked, put into the store.

A download goes into a `.part` file that outlives a cut, a crash and a full disk; only the verified whole is unpacked,
and only a verified image gets a name in the store. Everything that is read from elsewhere is bounded.
"""

from __future__ import annotations

import hashlib
import http.client
import shutil
import tarfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Protocol, cast

import msgspec
import zstandard

from vm.errors import DiskFullError, ImageError, UnavailableError
from vm.files import translated
from vm.image.model import FILES, MANIFEST_NAME, CatalogueEntry, GuestImage, Manifest
from vm.image.store import ImageStore
from vm.progress import Progress, Reporter, ignore

CHUNK = 1 << 20
"""Bytes read at a time."""

TIMEOUT = 30.0
"""Seconds that a server may say nothing."""

ATTEMPTS = 5
"""Connections in a row that may bring nothing before the download is given up."""

CATALOGUE_LIMIT = 1 << 20
"""Bytes that a catalogue may have."""

MANIFEST_LIMIT = 4 << 20
"""Bytes that a manifest may have."""

UNPACKED_LIMIT = 16 << 30
"""Bytes that one file of an image may have."""

SCHEMES = ("http", "https", "file")


class Body(Protocol):
    """Something that is downloaded: reads, and closes."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, none at the end."""

    def close(self) -> None:
        """Let go of it."""


@dataclass(frozen=True)
class Source:
    """An open download.

    Attributes:
        body: the bytes.
        start: the position of the first of them in the file.
        total: size of the whole file, or None if the server does not say.
    """

    body: Body
    start: int
    total: int | None


def read_catalogue(url: str) -> list[CatalogueEntry]:
    """Return the entries of the catalogue (a JSON list, or one entry) at `url`; relative URLs in it start from there.

    Raises:
        UnavailableError: it cannot be had.
        ImageError: it is no catalogue.
    """
    try:
        source = open_source(url, 0)
        try:
            data = source.body.read(CATALOGUE_LIMIT + 1)
        finally:
            source.body.close()
    except (OSError, http.client.HTTPException) as error:
        raise _unreachable(url, error) from error
    try:
        raw = msgspec.json.decode(data if len(data) <= CATALOGUE_LIMIT else b"")
    except msgspec.DecodeError as error:
        raise ImageError(f"{url} is not an image catalogue.", detail=str(error)) from error
    entries = [CatalogueEntry.decode(msgspec.json.encode(item), url) for item in (raw if type(raw) is list else [raw])]
    return [msgspec.structs.replace(entry, url=urllib.parse.urljoin(url, entry.url)) for entry in entries]


def fetch(
    store: ImageStore,
    entry: CatalogueEntry,
    downloads: Path,
    report: Reporter = ignore,
    *,
    pause: Callable[[float], None] = time.sleep,
) -> GuestImage:
    """Download, verify and unpack an image. What `report` raises ends it; the next call goes on where this one stopped.

    Args:
        store: where the image goes.
        entry: which image, and where it is.
        downloads: folder of unfinished downloads.
        report: told the progress in bytes.
        pause: waits that many seconds between connections.

    Raises:
        ImageError: what came is not what the entry says, or not an image.
        UnavailableError: it cannot be had.
        DiskFullError: the disk has no room.
    """
    part = download(entry, downloads, report, pause=pause)
    image = unpack(store, entry, part, report)
    part.unlink(missing_ok=True)
    return image


def download(
    entry: CatalogueEntry,
    downloads: Path,
    report: Reporter = ignore,
    *,
    pause: Callable[[float], None] = time.sleep,
) -> Path:
    """Return the verified file that `entry` names, in `downloads`; see `fetch`."""
    part = downloads / f"{entry.version}-{entry.arch}-{entry.sha512[:16]}.part"
    with translated(part):
        downloads.mkdir(parents=True, exist_ok=True, mode=0o700)
        with part.open("ab") as out:
            if out.tell() > entry.size:
                _empty(out)
            _check_room(downloads, entry.size - out.tell())
            _fill(out, entry, report, pause)
        report(Progress("Verifying the download", entry.size, entry.size))
        with part.open("rb") as file:
            digest = hashlib.file_digest(file, "sha512").hexdigest()
        if digest != entry.sha512:
            part.unlink()
            raise ImageError(
                f"What {entry.url} sent is not the image {entry.version}: its SHA-512 is wrong.",
                hint="Try again; if it happens again, the catalogue or the server is wrong, or somebody meddles.",
                detail=f"expected {entry.sha512}\ngot      {digest}",
            )
    return part


def _fill(out: BinaryIO, entry: CatalogueEntry, report: Reporter, pause: Callable[[float], None]) -> None:
    fruitless = 0
    while (have := out.tell()) < entry.size:
        try:
            _receive(out, entry, report)
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
            failure: Exception = error
            if isinstance(error, urllib.error.HTTPError):
                error.close()
        else:
            failure = ConnectionError("the connection ended early")
        if out.tell() >= entry.size:
            break
        fruitless = 0 if out.tell() > have else fruitless + 1
        if fruitless >= ATTEMPTS or (isinstance(failure, urllib.error.HTTPError) and failure.code in range(400, 500)):
            raise _unreachable(entry.url, failure)
        pause(float(fruitless))


def _receive(out: BinaryIO, entry: CatalogueEntry, report: Reporter) -> None:
    """Append to `out` what one connection brings."""
    source = open_source(entry.url, out.tell())
    try:
        if source.start != out.tell():
            _empty(out)
        if source.total not in (None, entry.size):
            _empty(out)
            raise _wrong_size(entry, f"{source.total} bytes")
        report(Progress("Downloading the guest image", out.tell(), entry.size))
        while data := source.body.read(CHUNK):
            if out.tell() + len(data) > entry.size:
                _empty(out)
                raise _wrong_size(entry, "more")
            out.write(data)
            out.flush()
            report(Progress("Downloading the guest image", out.tell(), entry.size))
    finally:
        source.body.close()


def _empty(out: BinaryIO) -> None:
    out.seek(0)
    out.truncate()


def _wrong_size(entry: CatalogueEntry, got: str) -> ImageError:
    return ImageError(
        f"{entry.url} is not the image {entry.version}: that has {entry.size} bytes, and the server has {got}.",
        hint="The catalogue or the server is wrong.",
    )


def open_source(url: str, start: int) -> Source:
    """Open `url`, from the byte `start` on if the server can do that, else from the beginning.

    Raises:
        UnavailableError: a scheme that we do not speak, or a local file that is not there.
        urllib.error.URLError: the server cannot be reached or refuses.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise UnavailableError(f"{url} cannot be fetched: only {', '.join(SCHEMES)} can.")
    if parts.scheme == "file":
        path = Path(urllib.request.url2pathname(parts.path))
        try:
            file = path.open("rb")
        except OSError as error:
            raise UnavailableError(f"{path} cannot be read: {error.strerror}.") from error
        file.seek(start)
        return Source(file, start, path.stat().st_size)
    headers = {"User-Agent": "linnet", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    request = urllib.request.Request(url, headers=headers)  # noqa: S310  # the scheme was checked above
    try:
        response = cast("http.client.HTTPResponse", urllib.request.urlopen(request, timeout=TIMEOUT))  # noqa: S310
    except urllib.error.HTTPError as error:
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and start:
            error.close()
            return open_source(url, 0)
        raise
    begin = start if response.status == http.HTTPStatus.PARTIAL_CONTENT else 0
    if begin and not response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
        response.close()
        return open_source(url, 0)
    return Source(response, begin, None if response.length is None else begin + response.length)


def unpack(store: ImageStore, entry: CatalogueEntry, archive: Path, report: Reporter = ignore) -> GuestImage:
    """Unpack a downloaded archive into the store.

    Raises:
        ImageError: it is no image, or another one than `entry` says.
    """
    with store.adding() as folder, archive.open("rb") as packed:
        try:
            with zstandard.ZstdDecompressor().stream_reader(packed) as plain, _tar(plain) as tar:
                manifest = _unpack_all(tar, entry, folder, report)
        except (tarfile.TarError, zstandard.ZstdError, EOFError) as error:
            raise ImageError(f"{entry.url} is not a guest image.", detail=str(error)) from error
        missing = {*FILES, MANIFEST_NAME} - {path.name for path in folder.iterdir()}
        if manifest is None or missing:
            raise ImageError(f"{entry.url} is not a guest image: {', '.join(sorted(missing))} is missing.")
        return store.adopt(folder, report)


def _tar(stream: IO[bytes]) -> tarfile.TarFile:
    return tarfile.open(fileobj=stream, mode="r|")


def _unpack_all(tar: tarfile.TarFile, entry: CatalogueEntry, folder: Path, report: Reporter) -> Manifest | None:
    """Unpack the manifest, which comes first, and the files that it names, no others."""
    manifest: Manifest | None = None
    for member in tar:
        stream = tar.extractfile(member)
        if stream is None or member.name not in (*FILES, MANIFEST_NAME):
            raise ImageError(f"{entry.url} holds something that does not belong there: {member.name!r}.")
        if manifest is None:
            if member.name != MANIFEST_NAME or member.size > MANIFEST_LIMIT:
                raise ImageError(f"{entry.url} is not a guest image: it does not begin with a manifest.")
            data = stream.read()
            manifest = Manifest.decode(data, entry.url)
            if (manifest.version, manifest.arch) != (entry.version, entry.arch):
                raise ImageError(
                    f"{entry.url} holds the image {manifest.version} for {manifest.arch},"
                    f" not {entry.version} for {entry.arch}."
                )
            (folder / MANIFEST_NAME).write_bytes(data)
            _check_room(folder, min(sum(info.size for info in manifest.files.values()), UNPACKED_LIMIT))
            continue
        if member.size != manifest.files[member.name].size or member.size > UNPACKED_LIMIT:
            raise ImageError(f"{entry.url} is damaged: {member.name} has not the size that the manifest says.")
        report(Progress(f"Unpacking {member.name}"))
        write_sparse(folder / member.name, _chunks(stream), member.size)
    return manifest


def write_sparse(path: Path, chunks: Iterator[bytes], size: int) -> None:
    """Write a file of `size` bytes; blocks of zeros take no room."""
    zeros = bytes(CHUNK)
    with path.open("wb") as out:
        for data in chunks:
            if data == zeros[: len(data)]:
                out.seek(len(data), 1)
            else:
                out.write(data)
        out.truncate(size)


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while data := stream.read(64 << 10):
        yield data


def _check_room(folder: Path, room: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < room:
        raise DiskFullError(
            f"There is not enough room in {folder} for the guest image: {free >> 20} MiB are free and"
            f" {room >> 20} MiB are needed.",
            hint="Free some space and try again; the download goes on where it stopped.",
        )


def _unreachable(url: str, error: Exception) -> UnavailableError:
    reason = getattr(error, "reason", None) or error
    if isinstance(error, urllib.error.HTTPError):
        error.close()
    return UnavailableError(
        f"{url} cannot be fetched: {reason}.",
        hint="Check the network and the catalogue's address, then try again; the download goes on where it stopped.",
    )
