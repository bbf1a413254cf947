"""What the service must find again after its own crash: one small JSON file per running or suspended machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from vm.drivers.base import VmSpec
from vm.files import write_atomic


@dataclass(frozen=True)
class RunRecord:
    """How a VM was started.

    Attributes:
        driver: name of the driver that runs it.
        spec: exactly what it was started with; a resume needs the same.
        image: version of its guest image.
        accelerator_reason: why this accelerator, a sentence for the status.
        user_id: uid of the user `linnet` in the guest.
        ssh_port: port on the host that leads to the guest's sshd.
        started_at: seconds since the epoch.
        settings: digest of each setting that needs a restart, to tell which have changed since.
    """

    driver: str
    spec: VmSpec
    image: str
    accelerator_reason: str
    user_id: int
    ssh_port: int
    started_at: float
    settings: dict[str, str]


@dataclass(frozen=True)
class SuspendRecord:
    """What a suspend image belongs to.

    Attributes:
        run: how the VM was started.
        qemu_version: the version that wrote the image; no other may read it.
        complete: False while it is being written.
        used: True from the moment that a resume begins; such an image is never resumed again, because the guest
            may have written to its data disk since.
    """

    run: RunRecord
    qemu_version: str
    complete: bool = False
    used: bool = False


_Record = TypeVar("_Record", RunRecord, SuspendRecord)


def save(path: Path, record: RunRecord | SuspendRecord) -> None:
    """Write `record` to `path`, whole or not at all. Raises as `vm.files.write_atomic` does."""
    write_atomic(path, msgspec.json.format(msgspec.json.encode(record, enc_hook=_to_json)))


def load_run(path: Path) -> RunRecord | None:
    """Return the record in `path`; None when there is none that can be read."""
    return _load(path, RunRecord)


def load_suspend(path: Path) -> SuspendRecord | None:
    """Return the record in `path`; None when there is none that can be read."""
    return _load(path, SuspendRecord)


def _load(path: Path, kind: type[_Record]) -> _Record | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind, dec_hook=_from_json)
    except (OSError, msgspec.MsgspecError):
        return None


def _to_json(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    raise NotImplementedError(type(value))


def _from_json(kind: type, value: Any) -> Any:
    if issubclass(kind, Path):
        return Path(value)
    raise NotImplementedError(kind)
