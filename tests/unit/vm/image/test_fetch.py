"""Downloads: resumed after a cut, verified, bounded; nothing half under a real name."""

from __future__ import annotations

import contextlib
import errno
import http.server
import io
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import zstandard

from tests.unit.vm.image.conftest import Published
from vm.errors import CancelledByUserError, DiskFullError, ImageError, UnavailableError
from vm.image import fetch as module
from vm.image.fetch import download, fetch, read_catalogue
from vm.image.model import CatalogueEntry, file_info
from vm.image.store import ImageStore
from vm.progress import Progress


class Server(http.server.ThreadingHTTPServer):
    """Serves one file, honours Range, and cuts each connection after `cut` bytes while that is set."""

    def __init__(self, content: bytes) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = content
        self.cut: int | None = None
        self.ranges = True
        self.status = 0
        self.asked: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/image.tar.zst"


class Handler(http.server.BaseHTTPRequestHandler):
    """See Server."""

    server: Server

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        self.server.asked.append(asked)
        if self.server.status:
            self.send_error(self.server.status)
            return
        content, start = self.server.content, 0
        if asked and self.server.ranges:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            if start >= len(content):
                self.send_error(416)
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        end = None if self.server.cut is None else start + self.server.cut
        with contextlib.suppress(ConnectionError):
            self.wfile.write(content[start:end])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def server(published: Published) -> Iterator[Server]:
    with Server(published.archive.read_bytes()) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def store(tmp_path: Path) -> ImageStore:
    return ImageStore(tmp_path / "images")


@pytest.fixture
def entry(published: Published, server: Server) -> CatalogueEntry:
    return msgspec.structs.replace(published.entry, url=server.url)


def no_pause(_seconds: float) -> None:
    pass


def nothing_named(store: ImageStore) -> bool:
    return not store.folder.exists() or list(store.folder.iterdir()) == []


def test_http_comes_whole_with_progress(
    store: ImageStore, entry: CatalogueEntry, published: Published, tmp_path: Path
) -> None:
    seen: list[Progress] = []
    image = fetch(store, entry, tmp_path / "parts", seen.append, pause=no_pause)
    store.verify(image)
    assert image.manifest == published.image.manifest
    assert image.system.read_bytes() == published.image.system.read_bytes()
    assert list((tmp_path / "parts").iterdir()) == []
    done = [item.done for item in seen if item.text.startswith("Downloading") and item.done is not None]
    assert done == sorted(done)
    assert done[-1] == entry.size


def test_cut_connections_are_resumed(store: ImageStore, entry: CatalogueEntry, server: Server, tmp_path: Path) -> None:
    server.cut = entry.size // 4 + 1
    fetch(store, entry, tmp_path / "parts", pause=no_pause)
    assert server.asked[0] is None
    assert len(server.asked) == 4
    assert all(asked and asked.startswith("bytes=") for asked in server.asked[1:])


def test_stopped_download_goes_on_next_time(
    store: ImageStore, entry: CatalogueEntry, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 64 << 10)

    def stop(progress: Progress) -> None:
        if (progress.done or 0) > entry.size // 2:
            raise CancelledByUserError("stopped")

    with pytest.raises(CancelledByUserError):
        fetch(store, entry, tmp_path / "parts", stop, pause=no_pause)
    (part,) = (tmp_path / "parts").iterdir()
    have = part.stat().st_size
    assert entry.size // 2 < have < entry.size
    assert nothing_named(store)
    fetch(store, entry, tmp_path / "parts", pause=no_pause)
    assert server.asked == [None, f"bytes={have}-"]


def test_server_without_ranges_starts_again(
    store: ImageStore, entry: CatalogueEntry, server: Server, tmp_path: Path
) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    part = parts / f"{entry.version}-{entry.arch}-{entry.sha512[:16]}.part"
    part.write_bytes(server.content[:1000])
    server.ranges = False
    store.verify(fetch(store, entry, parts, pause=no_pause))


def test_server_that_brings_nothing_is_given_up(entry: CatalogueEntry, server: Server, tmp_path: Path) -> None:
    server.cut = 0
    pauses: list[float] = []
    with pytest.raises(UnavailableError, match="cannot be fetched"):
        download(entry, tmp_path, pause=pauses.append)
    assert len(server.asked) == module.ATTEMPTS
    assert len(pauses) == module.ATTEMPTS - 1


def test_missing_file_is_told_at_once(entry: CatalogueEntry, server: Server, tmp_path: Path) -> None:
    server.status = 404
    with pytest.raises(UnavailableError, match="Not Found"):
        download(entry, tmp_path, pause=no_pause)
    assert len(server.asked) == 1


def test_nobody_listens(entry: CatalogueEntry, tmp_path: Path) -> None:
    closed = msgspec.structs.replace(entry, url="http://127.0.0.1:1/x")
    with pytest.raises(UnavailableError, match="refused"):
        download(closed, tmp_path, pause=no_pause)


def test_wrong_digest_is_refused_and_not_kept(store: ImageStore, entry: CatalogueEntry, tmp_path: Path) -> None:
    wrong = msgspec.structs.replace(entry, sha512="0" * 128)
    with pytest.raises(ImageError, match="SHA-512 is wrong"):
        fetch(store, wrong, tmp_path / "parts", pause=no_pause)
    assert list((tmp_path / "parts").iterdir()) == []
    assert nothing_named(store)


def test_larger_than_announced_is_refused(store: ImageStore, entry: CatalogueEntry, tmp_path: Path) -> None:
    small = msgspec.structs.replace(entry, size=entry.size - 10)
    with pytest.raises(ImageError, match="the server has"):
        fetch(store, small, tmp_path / "parts", pause=no_pause)
    assert nothing_named(store)


def test_smaller_than_announced_is_refused(entry: CatalogueEntry, server: Server, tmp_path: Path) -> None:
    large = msgspec.structs.replace(entry, size=entry.size + 10)
    with pytest.raises(ImageError, match="the server has"):
        download(large, tmp_path / "parts", pause=no_pause)
    assert len(server.asked) == 1


def test_server_that_has_less_than_we_do(entry: CatalogueEntry, server: Server, tmp_path: Path) -> None:
    part = tmp_path / f"{entry.version}-{entry.arch}-{entry.sha512[:16]}.part"
    part.write_bytes(server.content[:1000])
    server.content = b"short"
    with pytest.raises(ImageError, match="the server has 5 bytes"):
        download(entry, tmp_path, pause=no_pause)
    assert part.stat().st_size == 0


def test_file_url_resumes_too(store: ImageStore, published: Published, tmp_path: Path) -> None:
    entry = published.entry
    parts = tmp_path / "parts"
    parts.mkdir()
    part = parts / f"{entry.version}-{entry.arch}-{entry.sha512[:16]}.part"
    part.write_bytes(published.archive.read_bytes()[:5000])
    store.verify(fetch(store, entry, parts, pause=no_pause))


def test_catalogue_beside_the_image(published: Published) -> None:
    (catalogue,) = published.folder.glob("*.json")
    (entry,) = read_catalogue(catalogue.as_uri())
    assert entry == published.entry
    with pytest.raises(ImageError, match="not an image catalogue"):
        read_catalogue(published.archive.as_uri())
    with pytest.raises(UnavailableError, match="cannot be read"):
        read_catalogue((published.folder / "none.json").as_uri())
    with pytest.raises(UnavailableError, match="only http, https, file can"):
        read_catalogue("ftp://127.0.0.1/x")


def test_full_disk_keeps_the_part_and_names_nothing(
    store: ImageStore, entry: CatalogueEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "write_sparse", full)
    with pytest.raises(DiskFullError):
        fetch(store, entry, tmp_path / "parts", pause=no_pause)
    assert nothing_named(store)
    (part,) = (tmp_path / "parts").iterdir()
    assert part.stat().st_size == entry.size


def repacked(published: Published, members: dict[str, bytes]) -> CatalogueEntry:
    """Publish an archive of just these members; return its entry."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    path = published.folder / "evil.tar.zst"
    path.write_bytes(zstandard.compress(plain.getvalue()))
    packed = file_info(path)
    return msgspec.structs.replace(published.entry, url=path.as_uri(), sha512=packed.sha512, size=packed.size)


def read_all(published: Published) -> dict[str, bytes]:
    names = ("manifest.json", "system.img", "kernel", "initrd")
    return {name: (published.image.folder / name).read_bytes() for name in names}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"../evil": b"x"}, "does not belong there"),
        ({"kernel": b"short"}, "has not the size"),
        ({"kernel": b"KERNEL 2026.11-0123456789"}, "kernel is missing or not what"),
        ({"manifest.json": b"{}"}, "is not an image manifest"),
        ({"initrd": None}, "initrd is missing"),
    ],
)
def test_verified_archive_with_wrong_content_is_refused(
    store: ImageStore, published: Published, tmp_path: Path, change: dict[str, bytes | None], words: str
) -> None:
    members = {name: data for name, data in {**read_all(published), **change}.items() if data is not None}
    with pytest.raises(ImageError, match=words):
        fetch(store, repacked(published, members), tmp_path / "parts", pause=no_pause)
    assert nothing_named(store)
    assert not (tmp_path / "evil").exists()


def test_other_version_inside_is_refused(store: ImageStore, published: Published, tmp_path: Path) -> None:
    other = msgspec.structs.replace(repacked(published, read_all(published)), version="2026.12-0000000000")
    with pytest.raises(ImageError, match=r"holds the image 2026\.11"):
        fetch(store, other, tmp_path / "parts", pause=no_pause)
