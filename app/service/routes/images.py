"""Routes of guest images: list, build, fetch, verify, prune."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
from urllib.parse import urljoin, urlsplit

import msgspec

from app.core import api
from app.core.settings import AppConfig, app_config
from app.service.operations import Operation
from app.service.routing import Call, Kind, Route
from app.service.service import Service
from app.service.threads import run_blocking
from vm.config.description import MachineDescription
from vm.config.settings import Host
from vm.errors import ImageError, LinnetError
from vm.image.model import CatalogueEntry, GuestImage
from vm.image.store import LATEST, ImageStore, host_arch
from vm.layout import Layout
from vm.machine.keeper import needed_images
from vm.progress import Reporter


async def list_images(call: Call) -> list[api.Image]:
    """List guest images."""
    return await asyncio.to_thread(_list, call.service.layout)


async def build(call: Call) -> Operation:
    """Build an image from its recipe."""
    service = call.service

    def work(report: Reporter) -> api.Image:
        # Loaded when it is needed: hardly anybody builds images.
        from vm.image import build as builder

        return _describe(builder.build(_store(service), report=report), {})

    return _operate(service, "build image", work)


async def fetch(call: Call) -> Operation:
    """Download an image."""
    request: api.FetchImage = call.body
    service = call.service
    config = app_config(service.layout)

    def work(report: Reporter) -> api.Image:
        from vm.image import fetch as fetcher

        catalogues = [request.catalogue] if request.catalogue else list(config.image_catalogue)
        entries = [entry for url in catalogues for entry in fetcher.read_catalogue(url)]
        entry = _mirrored(choose(entries, request.version, catalogues), config)
        return _describe(fetcher.fetch(_store(service), entry, service.layout.downloads, report), {})

    return _operate(service, "fetch image", work)


async def verify(call: Call) -> Operation:
    """Compare an image with its manifest."""
    request: api.VerifyImage = call.body
    service = call.service

    def work(report: Reporter) -> api.Image:
        store = _store(service)
        image = store.find(request.version)
        store.verify(image, report)
        return _describe(image, users(service.layout))

    return _operate(service, f"verify image {request.version}", work)


async def prune(call: Call) -> Operation:
    """Delete images that no machine needs."""
    service = call.service

    def work(_report: Reporter) -> api.Pruned:
        removed, freed = _store(service).prune(users(service.layout))
        return api.Pruned(removed, freed)

    return _operate(service, "prune images", work)


def choose(entries: list[CatalogueEntry], version: str | None, catalogues: list[str]) -> CatalogueEntry:
    """Return the entry for this host: of that version, or the newest. Raises ImageError when there is none."""
    fitting = [entry for entry in entries if entry.arch == host_arch() and version in (None, LATEST, entry.version)]
    if fitting:
        return max(fitting, key=lambda entry: entry.version.rpartition("-")[0])
    if not catalogues:
        raise ImageError(
            "No catalogue of guest images is set.",
            hint="`linnet config set image_catalogue URL` sets one; on Linux, `linnet image build` makes an image.",
        )
    raise ImageError(
        f"The catalogue has no guest image {version or ''} for {host_arch()}.".replace("  ", " "),
        hint=f"Asked: {', '.join(catalogues)}.",
    )


def users(layout: Layout) -> dict[str, list[str]]:
    """Return who needs each image: by version, the names of machines. Machines with broken settings use the newest.

    That is what a machine would boot, what it runs with or is suspended with, and what its snapshots belong to.
    """
    found: dict[str, list[str]] = {}
    host = Host.current(layout)
    store = ImageStore(layout.images)
    for name in layout.machine_names():
        wanted = LATEST
        with contextlib.suppress(LinnetError):
            wanted = MachineDescription.open(layout.machine(name).config, host).get("image").value
        with contextlib.suppress(LinnetError):
            found.setdefault(store.find(wanted).version, []).append(name)
        for version in needed_images(layout.machine(name)):
            if name not in found.setdefault(version, []):
                found[version].append(name)
    return found


def _operate(service: Service, title: str, work: object) -> Operation:
    async def run(report: Reporter) -> object:
        return await run_blocking(work, report)  # type: ignore[arg-type]

    return service.operations.run(title, run, key=(title,))


def _store(service: Service) -> ImageStore:
    return ImageStore(service.layout.images)


def _list(layout: Layout) -> list[api.Image]:
    used = users(layout)
    return [_describe(image, used) for image in ImageStore(layout.images).images()]


def _describe(image: GuestImage, used: dict[str, list[str]]) -> api.Image:
    size = 0
    for path in image.folder.iterdir():
        info = path.stat()
        # System disks are sparse; Windows does not tell, and has them whole.
        size += getattr(info, "st_blocks", info.st_size // 512) * 512
    created = datetime.datetime.fromtimestamp(image.manifest.created, datetime.UTC)
    return api.Image(
        version=image.version,
        arch=image.arch,
        folder=str(image.folder),
        size=size,
        created=created.date().isoformat(),
        in_use=used.get(image.version, []),
    )


def _mirrored(entry: CatalogueEntry, config: AppConfig) -> CatalogueEntry:
    if not config.image_mirror:
        return entry
    name = urlsplit(entry.url).path.rpartition("/")[2]
    return msgspec.structs.replace(entry, url=urljoin(config.image_mirror.rstrip("/") + "/", name))


PATH = "/v1/images"

ROUTES = [
    Route("GET", PATH, "List guest images", list_images, result=list[api.Image]),
    Route("POST", f"{PATH}/build", "Build a guest image (Linux)", build, Kind.long, result=api.Image),
    Route("POST", f"{PATH}/fetch", "Download a guest image", fetch, Kind.long, body=api.FetchImage, result=api.Image),
    Route("POST", f"{PATH}/verify", "Verify a guest image", verify, Kind.long, body=api.VerifyImage, result=api.Image),
    Route("POST", f"{PATH}/prune", "Delete guest images that nobody needs", prune, Kind.long, result=api.Pruned),
]
