"""Kernel modules: what stays, and the order of loading."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest

from vm.errors import ImageError
from vm.image.modules import SIGNATURE_INFO, SIGNATURE_MARK, ModuleTree, module_name, slim

NEEDS = {
    "kernel/fs/ext4/ext4.ko.xz": ("kernel/lib/crc16.ko.xz", "kernel/fs/mbcache.ko.xz", "kernel/fs/jbd2/jbd2.ko.xz"),
    "kernel/lib/crc16.ko.xz": (),
    "kernel/fs/mbcache.ko.xz": (),
    "kernel/fs/jbd2/jbd2.ko.xz": ("kernel/lib/crc16.ko.xz",),
    "kernel/net/netfilter/nf_tables.ko.xz": ("kernel/lib/crc16.ko.xz",),
    "kernel/drivers/char/hw_random/virtio-rng.ko.xz": (),
    "kernel/sound/snd.ko.xz": (),
}


@pytest.fixture
def tree(tmp_path: Path) -> ModuleTree:
    for path in NEEDS:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(lzma.compress(path.encode()))
    (tmp_path / "modules.dep").write_text("".join(f"{path}: {' '.join(needs)}\n" for path, needs in NEEDS.items()))
    (tmp_path / "modules.builtin").write_text("kernel/fs/fuse/fuse.ko\n")
    return ModuleTree.read(tmp_path)


def test_needs_load_first(tree: ModuleTree) -> None:
    order = [module_name(path) for path in tree.load_order(["virtio_rng", "fuse", "ext4"])]
    assert order[0] == "virtio_rng"
    assert order[-1] == "ext4"
    assert order.index("crc16") > order.index("jbd2") or order.index("crc16") < order.index("ext4")
    assert len(order) == len(set(order)) == 5


def test_unknown_module_is_an_error(tree: ModuleTree) -> None:
    with pytest.raises(ImageError, match="no module wlan9"):
        tree.load_order(["wlan9"])


def test_prune_keeps_what_is_named_and_what_it_needs(tree: ModuleTree) -> None:
    tree.prune(tree.select(["net/netfilter/", "virtio-*"]))
    left = {path.relative_to(tree.folder).as_posix() for path in tree.folder.rglob("*.ko*")}
    assert left == {
        "kernel/lib/crc16.ko",
        "kernel/net/netfilter/nf_tables.ko",
        "kernel/drivers/char/hw_random/virtio-rng.ko",
    }
    assert (tree.folder / "kernel/lib/crc16.ko").read_bytes() == b"kernel/lib/crc16.ko.xz"


def test_signature_goes_and_type_information_hides() -> None:
    body = b"\x7fELF" + b"\0.text\0.BTF\0" + b"rest"
    signed = body + b"S" * 300 + SIGNATURE_INFO.pack(0, 0, 2, 0, 0, 300) + SIGNATURE_MARK
    assert slim(signed) == body.replace(b".BTF", b".xTF")
    assert slim(b"plain") == b"plain"
