"""The file of an export: tar.zst, a manifest first, the digest of all entries last. All of this blocks."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import zstandard

from vm.errors import ConflictError, NotFoundError, UnavailableError, UsageError
from vm.files import replacing
from vm.volumes.tarstream import CHECKSUM, END, MANIFEST, SUFFIX, Owners, TarStream, member, plain

FORMAT = 1
"""Of exports; a file of a higher one is refused."""

LEVEL = 3
"""Of zstandard: as fast as the link to the guest on a slow computer."""

_PIECE = 256 * 1024

_HINT = "An export of the engine itself is imported by `linnet -- volume import VOLUME FILE`."
_AGAIN = "Copy the file here again, or export the volume anew."


class Writer:
    """Writes one export. `replacing` gives it its name when the block ends well."""

    def __init__(self, file: BinaryIO, manifest: Mapping[str, Any], owners: Owners | None) -> None:
        self._file = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).stream_writer(file, closefd=False)
        self._stream = TarStream(owners, importing=False)
        self._time = time.time()
        content = {"format": FORMAT, **manifest, "exported": self._time}
        self._file.write(member(MANIFEST, _encoded(content), self._time))

    def write(self, piece: bytes) -> None:
        """Take a piece of the guest's tar."""
        self._file.write(self._stream.feed(piece))

    def finish(self) -> dict[str, Any]:
        """Write the end; returns what the last member says. UsageError when the tar was cut short."""
        if not self._stream.ended:
            raise UnavailableError("The guest's stream of files ended too early.")
        summary = {"format": FORMAT, "sha256": self._stream.sha256, "files": self._stream.files}
        self._file.write(member(CHECKSUM, _encoded(summary), self._time) + END)
        self._file.flush(zstandard.FLUSH_FRAME)
        return summary


class Reader:
    """Reads one export.

    Attributes:
        manifest: what the first member says.
        size: of the file, bytes.
    """

    def __init__(self, path: Path) -> None:
        """Open `path`; see `opened`."""
        self.size = path.stat().st_size
        self._raw = path.open("rb")
        self._file = zstandard.ZstdDecompressor().stream_reader(self._raw, read_across_frames=True, closefd=False)
        self._stream = TarStream(importing=True)
        self._begun = False
        self.manifest: dict[str, Any] = {}

    def begin(self) -> None:
        """Read the manifest. UsageError when there is none, or a newer Linnet wrote it."""
        while self._stream.manifest is None and not self._stream.files:
            piece = self._read()
            if not piece:
                break
            self._stream.feed(piece)
        self.manifest = plain(self._stream.manifest, "its manifest")
        number = self.manifest.get("format")
        if not isinstance(number, int) or not isinstance(self.manifest.get("name"), str):
            raise UsageError("This is no whole export of a volume: its manifest is damaged.", hint=_HINT)
        if number > FORMAT:
            raise UsageError(
                f"This export was made by a newer Linnet (format {number}; this one knows {FORMAT}).",
                hint="Update Linnet, then import it.",
            )

    def translate(self, owners: Owners | None) -> None:
        """Have what is read from now on belong to these owners' numbers on the disk; right after `begin`."""
        self._stream.use(owners)

    @property
    def position(self) -> int:
        """Bytes of the file that have been read."""
        return self._raw.tell()

    def read(self) -> bytes | None:
        """Return the next piece of the tar for the guest, None at the end."""
        if not self._begun:
            self._begun = True
            return self._stream.feed(b"")  # what was read together with the manifest
        piece = self._read()
        return self._stream.feed(piece) if piece else None

    def check(self) -> dict[str, Any]:
        """Compare what came with what the last member says; returns that. UsageError when the file is damaged."""
        if not self._stream.ended:
            raise UsageError("This is no whole export of a volume: it is cut short.", hint=_AGAIN)
        summary = plain(self._stream.checksum, "its end")
        if summary.get("sha256") != self._stream.sha256 or summary.get("files") != self._stream.files:
            raise UsageError("The export is damaged: its content is not what its checksum says.", hint=_AGAIN)
        return summary

    def close(self) -> None:
        """Close the file."""
        self._raw.close()

    def _read(self) -> bytes:
        try:
            return self._file.read(_PIECE)
        except zstandard.ZstdError as error:
            raise UsageError(
                "This is no whole export of a volume: it cannot be unpacked.", hint=_HINT, detail=str(error)
            ) from error


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """Open an export for reading; its manifest is read.

    Raises:
        NotFoundError: there is no such file.
        UsageError: it is no export, or a newer Linnet made it.
        UnavailableError: it cannot be read.
    """
    try:
        reader = Reader(path)
    except FileNotFoundError:
        raise NotFoundError(f"There is no file {path}.", hint=_HINT) from None
    except OSError as error:
        raise UnavailableError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        reader.begin()
        yield reader
    except OSError as error:
        raise UnavailableError(f"{path} cannot be read: {error.strerror}.") from error
    finally:
        reader.close()


@contextlib.contextmanager
def created(path: Path, manifest: Mapping[str, Any], owners: Owners | None, *, overwrite: bool) -> Iterator[Writer]:
    """Write an export, which gets its name when the block ends well.

    Raises:
        ConflictError: there is a file of that name, and it is not to be overwritten.
        DiskFullError: the disk has no room; nothing stays behind.
    """
    check_target(path, overwrite=overwrite)
    with replacing(path) as file:
        yield Writer(file, manifest, owners)


def check_target(path: Path, *, overwrite: bool) -> None:
    """Raise ConflictError or NotFoundError when an export cannot be written there."""
    if path.exists() and not overwrite:
        raise ConflictError(f"{path} exists already.", hint="Choose another name, or overwrite it (`--force`).")
    if not path.parent.is_dir():
        raise NotFoundError(f"There is no folder {path.parent}.", hint="Make it first.")


def place(path: Path, volume: str) -> Path:
    """Return the file that is meant: in a folder, one named after the volume."""
    return path / f"{volume}{SUFFIX}" if path.is_dir() else path


def _encoded(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, indent=1, ensure_ascii=False).encode() + b"\n"
