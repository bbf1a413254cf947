"""Which driver, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from vm.drivers.choose import choose_driver
from vm.errors import UnavailableError, UsageError
from vm.layout import Layout


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(config=tmp_path, data=tmp_path, run=tmp_path, cache=tmp_path)


@pytest.mark.parametrize(
    ("setting", "platform", "present", "driver", "reason"),
    [
        ("auto", "linux", True, "libvirt", "the best one"),
        ("auto", "linux", False, "qemu", "module libvirt is not installed"),
        ("auto", "darwin", True, "qemu", "only when it is chosen"),
        ("auto", "win32", False, "qemu", "does not exist"),
        ("qemu", "linux", True, "qemu", "chosen"),
        ("libvirt", "darwin", True, "libvirt", "chosen"),
    ],
)
def test_choice(layout: Layout, setting: str, platform: str, present: bool, driver: str, reason: str) -> None:
    choice = choose_driver(setting, layout, platform=platform, present=lambda: present)
    assert choice.driver.name == driver
    assert reason in choice.reason


def test_libvirt_that_cannot_be_had(layout: Layout) -> None:
    with pytest.raises(UnavailableError, match="not installed"):
        choose_driver("libvirt", layout, platform="linux", present=lambda: False)


def test_unknown(layout: Layout) -> None:
    with pytest.raises(UsageError, match="vmware"):
        choose_driver("vmware", layout)
