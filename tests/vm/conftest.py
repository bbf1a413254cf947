"""One machine per driver, started once, shared by the tests of that driver.

Tests leave the machine as they found it: running, the engine `podman`, no containers of theirs.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vm import supplies
from tests.vm.product import Product
from vm.errors import ImageError
from vm.image.store import ImageStore
from vm.layout import Layout

SETTINGS = {
    "cpus": "2",
    "memory": "2GiB",
    "disk": "10GiB",
    "registries.insecure": supplies.REGISTRY,
    "registries.mirrors.docker.io": f"http://{supplies.REGISTRY}",
}


ONE_DRIVER_IS_ENOUGH = ("test_limits", "test_machine", "test_service", "test_shares", "test_snapshots", "test_trash")
"""What runs with the first driver every time, and with the other one in longer runs only."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a machine; tests are grouped by driver, so that only one machine runs at a time."""
    here = Path(__file__).parent
    mine = [item for item in items if here in item.path.parents]
    for item in mine:
        item.add_marker("vm")
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(600))
        driver = getattr(item, "callspec", None) and item.callspec.params.get("product")  # type: ignore[attr-defined]
        if driver == "qemu" and item.path.stem in ONE_DRIVER_IS_ENOUGH:
            item.add_marker("extended")


@pytest.fixture(scope="session")
def image_folder() -> Path:
    """The folder of guest images of the user who runs the tests."""
    folder = Layout.default().images
    try:
        ImageStore(folder).find("latest")
    except ImageError as error:
        pytest.exit(f"{error.message} {error.hint}", 3)
    return folder


def make_product(image_folder: Path, machine: str, settings: dict[str, str]) -> Product:
    """Return a Linnet in a new short folder that has the guest images of the user; nothing is started."""
    base = Path(tempfile.mkdtemp(prefix="ln", dir=os.environ.get("LINNET_TEST_FOLDER")))
    home = base / "Zuhause für Möwen"
    home.mkdir()
    product = Product(base, home, machine, {**SETTINGS, **settings})
    product.layout.make_private()
    product.layout.images.symlink_to(image_folder)
    return product


@pytest.fixture(scope="session", params=["libvirt", "qemu"])
def product(request: pytest.FixtureRequest, image_folder: Path) -> Iterator[Product]:
    """A running machine under each driver."""
    made = make_product(image_folder, f"m-{request.param}", {"driver": request.param})
    try:
        made.create()
        yield made
    finally:
        if request.session.testsfailed:
            _show_logs(made)
        made.remove()


@pytest.fixture
def fresh(image_folder: Path) -> Iterator[Product]:
    """A Linnet without a machine."""
    made = make_product(image_folder, "default", {})
    try:
        yield made
    finally:
        made.remove()


@pytest.fixture
def folder(product: Product) -> Iterator[Path]:
    """An empty folder in the user's home, which is shared with the guest."""
    made = Path(tempfile.mkdtemp(prefix="work ", dir=product.home))
    yield made
    shutil.rmtree(made, ignore_errors=True)


def _show_logs(product: Product) -> None:
    for path in (product.layout.service_log, product.files.serial_log, product.files.vmm_log):
        if path.exists():
            print(f"\n--- end of {path.name}")
            print("\n".join(path.read_text(errors="replace").splitlines()[-60:]))
