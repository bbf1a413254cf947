"""The images on this host: one folder each, `<version>-<arch>`, complete or not there at all."""

from __future__ import annotations

import contextlib
import platform
import shutil
import tempfile
import time
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path

from vm.errors import ImageError
from vm.files import translated
from vm.image.model import FILES, MANIFEST_NAME, GuestImage, Manifest, file_info
from vm.progress import Progress, Reporter, ignore

LATEST = "latest"
"""Stands for the newest version."""

UNFINISHED = ".new-"
"""Prefix of folders in which an image is being made."""

ABANDONED_AFTER = 24 * 3600
"""Seconds after which an unfinished folder is nobody's any more."""

MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
"""Debian's architecture for what the operating system calls the machine."""


def host_arch() -> str:
    """Return Debian's name of this host's architecture.

    Raises:
        ImageError: there are no images for it.
    """
    machine = platform.machine().lower()
    try:
        return MACHINES[machine]
    except KeyError:
        raise ImageError(f"There is no guest image for the processor architecture {machine}.") from None


@dataclass(frozen=True)
class ImageStore:
    """The folder that holds the images.

    Attributes:
        folder: see `vm.layout.Layout.images`; made when the first image comes.
    """

    folder: Path

    def images(self, arch: str | None = None) -> list[GuestImage]:
        """Return the images for `arch` (default: this host's), newest first; without a good manifest it is none."""
        wanted = arch or host_arch()
        found: list[tuple[str, float, GuestImage]] = []
        for path in self._folders():
            with contextlib.suppress(ImageError, OSError):
                manifest = read_manifest(path)
                if manifest.arch == wanted and path.name == folder_name(manifest):
                    stamp = (path / MANIFEST_NAME).stat().st_mtime
                    found.append((manifest.version.rpartition("-")[0], stamp, GuestImage(path, manifest)))
        return [image for _, _, image in sorted(found, key=lambda item: item[:2], reverse=True)]

    def find(self, version: str = LATEST, arch: str | None = None) -> GuestImage:
        """Return the image of that version; its files are there, but not verified.

        Raises:
            ImageError: there is none, or a file of it is missing or has the wrong size.
        """
        images = self.images(arch)
        chosen = next((image for image in images if version in (LATEST, image.version)), None)
        if chosen is None:
            what = "no guest image" if version == LATEST else f"no guest image {version}"
            raise ImageError(
                f"There is {what} on this host.",
                hint="Get one with `linnet image fetch`, or make one with `linnet image build` (Linux).",
            )
        for name, info in chosen.manifest.files.items():
            path = chosen.folder / name
            if not path.is_file() or path.stat().st_size != info.size:
                raise _damaged(chosen, name)
        return chosen

    def verify(self, image: GuestImage, report: Reporter = ignore) -> None:
        """Compare all files of an image with its manifest.

        Raises:
            ImageError: one is missing or differs.
        """
        for number, (name, info) in enumerate(sorted(image.manifest.files.items())):
            report(Progress(f"Verifying {name} of {image.version}", number, len(FILES)))
            path = image.folder / name
            if not path.is_file() or path.stat().st_size != info.size or file_info(path) != info:
                raise _damaged(image, name)

    def remove(self, image: GuestImage) -> int:
        """Delete an image and return the freed bytes."""
        # The manifest goes first: without it the rest is no image, whatever happens now.
        (image.folder / MANIFEST_NAME).unlink(missing_ok=True)
        return _delete(image.folder)

    def prune(self, in_use: Container[str] = ()) -> tuple[list[str], int]:
        """Delete all images but the newest and those whose version is `in_use`, and what unfinished work left.

        Returns:
            The deleted versions and the freed bytes.
        """
        removed: list[str] = []
        freed = 0
        for image in self.images()[1:]:
            if image.version not in in_use:
                freed += self.remove(image)
                removed.append(image.version)
        for path in self._folders():
            left = path.name.startswith(UNFINISHED) and path.stat().st_mtime < time.time() - ABANDONED_AFTER
            if left or not (path.name.startswith(UNFINISHED) or (path / MANIFEST_NAME).exists()):
                freed += _delete(path)
        return removed, freed

    @contextlib.contextmanager
    def adding(self) -> Iterator[Path]:
        """Lend a new folder below the store's to make an image in; it is gone afterwards unless `adopt` took it.

        Raises:
            DiskFullError: the disk became full in the block.
        """
        with translated(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder = Path(tempfile.mkdtemp(dir=self.folder, prefix=UNFINISHED))
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def adopt(self, folder: Path, report: Reporter = ignore) -> GuestImage:
        """Verify the image in `folder` (made by `adding`) and give it its name; replaces a damaged one of that name.

        Raises:
            ImageError: its files are not what its manifest says.
        """
        image = GuestImage(folder, read_manifest(folder))
        self.verify(image, report)
        final = GuestImage(self.folder / folder_name(image.manifest), image.manifest)
        if final.folder.exists():
            try:
                if read_manifest(final.folder) == image.manifest:
                    self.verify(final)
                    return final
            except ImageError:
                pass
            self.remove(final)
        folder.rename(final.folder)
        return final

    def _folders(self) -> list[Path]:
        try:
            return sorted(path for path in self.folder.iterdir() if path.is_dir())
        except FileNotFoundError:
            return []


def folder_name(manifest: Manifest) -> str:
    """Return the name of the folder that an image with this manifest has."""
    return f"{manifest.version}-{manifest.arch}"


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest in `folder`.

    Raises:
        ImageError: there is none, or it cannot be used.
    """
    path = folder / MANIFEST_NAME
    try:
        return Manifest.decode(path.read_bytes(), path)
    except OSError as error:
        raise ImageError(f"{path} cannot be read: {error.strerror}.") from error


def _damaged(image: GuestImage, name: str) -> ImageError:
    return ImageError(
        f"The guest image {image.version} is damaged: {name} is missing or not what its manifest says.",
        hint="Fetch or build it again: `linnet image fetch` or `linnet image build` replaces it.",
    )


def _delete(folder: Path) -> int:
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    shutil.rmtree(folder, ignore_errors=True)
    return size
