"""Which accelerator really works: the guest's kernel is booted under each, once, and the outcome remembered.

That a device node or a feature flag is there proves nothing: nested hypervisors offer a KVM that dies in the guest's
first instructions, or hangs.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import platform as python_platform
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

from vm.drivers import command, platforms, tools
from vm.drivers.base import Accelerator
from vm.drivers.process import detached, plain
from vm.errors import LinnetError, UnavailableError, UsageError
from vm.files import write_atomic
from vm.layout import Layout

MARKER = b"linnet-probe-ok"
"""What the initrd prints when the kernel runs; the kernel's command line has the word `linnet.probe`."""

LIMITS: dict[Accelerator, float] = {
    Accelerator.kvm: 6.0,
    Accelerator.hvf: 8.0,
    Accelerator.whpx: 8.0,
    Accelerator.tcg: 60.0,
}
"""Seconds until the marker must have come. Real hardware needs less than one."""

MEMORY = "256M"

CONSOLES = {"x86_64": "ttyS0", "aarch64": "ttyAMA0"}

CACHE_VERSION = 1


@dataclass(frozen=True)
class AccelResult:
    """The accelerator to use.

    Attributes:
        accelerator: it has booted the kernel; or it is tcg, and nothing else did.
        reason: why it is this one, for the status: a sentence without a full stop.
        probed_at: when that was found out, seconds since the epoch.
        from_cache: whether it was found out earlier.
    """

    accelerator: Accelerator
    reason: str
    probed_at: float
    from_cache: bool = False


@dataclass(frozen=True)
class Proof:
    """Outcome of one boot: `error` is None when the marker came."""

    error: str | None
    detail: str = ""


Prober = Callable[[tools.Qemu, Accelerator, str, Path, Path], Awaitable[Proof]]


async def find_accelerator(
    layout: Layout,
    kernel: Path,
    initrd: Path,
    arch: str,
    wanted: str = "auto",
    *,
    qemu_path: str | None = None,
    host: platforms.HostPlatform | None = None,
    probe: Prober | None = None,
) -> AccelResult:
    """Return the best accelerator that boots `kernel`; quick when that is known from before.

    Args:
        layout: where the result is remembered.
        kernel: the guest's kernel.
        initrd: one that prints the marker when the command line says `linnet.probe`.
        arch: QEMU's name of the guest's architecture.
        wanted: auto, or an accelerator that must be used without asking whether it works.
        qemu_path: the QEMU that the settings name, if any.
        host: this computer, unless a test has another.
        probe: boots the kernel, unless a test does something else.

    Raises:
        UnavailableError: no usable QEMU.
        UsageError: `wanted` does not exist on this host.
    """
    host = host or platforms.this_host()
    if wanted != "auto":
        return AccelResult(_named(wanted, host), "chosen in the settings", time.time())
    qemu = await tools.find_qemu(arch, qemu_path)
    key = await asyncio.to_thread(_key, qemu, kernel, initrd, arch)
    cached = _read(layout.accel_cache, key)
    if cached:
        return cached
    found = await _search(qemu, kernel, initrd, arch, host, probe or boot)
    _write(layout.accel_cache, key, found)
    return found


def forget(layout: Layout) -> None:
    """Have the next `find_accelerator` probe again."""
    layout.accel_cache.unlink(missing_ok=True)


def _named(wanted: str, host: platforms.HostPlatform) -> Accelerator:
    try:
        accelerator = Accelerator(wanted)
    except ValueError:
        accelerator = None
    if accelerator not in host.accelerators:
        raise UsageError(
            f"There is no accelerator '{wanted}' on this computer.",
            hint=f"Use auto, {' or '.join(host.accelerators)}.",
        )
    return accelerator


async def _search(
    qemu: tools.Qemu, kernel: Path, initrd: Path, arch: str, host: platforms.HostPlatform, probe: Prober
) -> AccelResult:
    failures: list[str] = []
    native = python_platform.machine().lower() in _NATIVE.get(arch, ())
    for accelerator in host.accelerators:
        if accelerator is Accelerator.tcg:
            break
        if not native:
            failures.append(f"{accelerator} cannot run {arch} guests on this processor")
            continue
        proof = await probe(qemu, accelerator, arch, kernel, initrd)
        if proof.error is None:
            return AccelResult(accelerator, "it booted the guest's kernel", time.time())
        failures.append(f"{accelerator} does not work: {proof.error}")
    # Emulation needs no proof: there is nothing to fall back to, and it depends on no hardware.
    return AccelResult(Accelerator.tcg, "; ".join(failures) or "nothing faster exists here", time.time())


_NATIVE = {"x86_64": ("x86_64", "amd64"), "aarch64": ("aarch64", "arm64")}
"""What Python calls the processor that runs an architecture natively."""


async def boot(qemu: tools.Qemu, accelerator: Accelerator, arch: str, kernel: Path, initrd: Path) -> Proof:
    """Boot `kernel` once and tell whether it ran. QEMU is gone afterwards, whatever happens."""
    limit = LIMITS[accelerator]
    argv = [
        *command.base_arguments(qemu, arch, accelerator),
        *("-m", MEMORY, "-no-reboot", "-serial", "stdio"),
        *("-kernel", str(kernel), "-initrd", str(initrd)),
        *("-append", f"console={CONSOLES[arch]} panic=-1 linnet.probe"),
    ]
    try:
        process = await asyncio.create_subprocess_exec(
            *argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            **detached(),
        )
    except OSError as error:
        raise UnavailableError(f"{qemu.path} cannot be started: {error.strerror}.") from error
    words = asyncio.create_task(_read_all(process.stderr))
    try:
        async with asyncio.timeout(limit):
            marked = await _await_marker(process.stdout)
            ending = None if marked else await process.wait()
    except TimeoutError:
        marked, ending = False, None
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        text = (await words).decode(errors="replace").strip()
    if marked:
        return Proof(None)
    return Proof(_failure(text, ending, limit), text)


async def _await_marker(stream: asyncio.StreamReader | None) -> bool:
    seen = b""
    while stream and (data := await stream.read(4096)):
        seen = (seen + data)[-8192:]
        if MARKER in seen:
            return True
    return False


async def _read_all(stream: asyncio.StreamReader | None) -> bytes:
    return await stream.read() if stream else b""


def _failure(text: str, ending: int | None, limit: float) -> str:
    """Say in one line what went wrong: QEMU's first word on it is the cause, what follows is its registers."""
    lines = (plain(line) for line in text.splitlines())
    first = next((line for line in lines if line.strip() and not line.startswith("warning:")), "")
    if ending is not None:
        return first or f"QEMU ended with code {ending}"
    return f"{first or 'the guest hung'} (no sign of life in {limit:.0f} s)"


def _key(qemu: tools.Qemu, kernel: Path, initrd: Path, arch: str) -> dict[str, Any]:
    """Return all that the outcome depends on."""
    try:
        return {
            "version": CACHE_VERSION,
            "host": f"{python_platform.node()} {python_platform.release()} {python_platform.machine()}",
            "qemu": [str(qemu.path), qemu.version_text, qemu.path.stat().st_mtime],
            "kernel": _digest(kernel),
            "initrd": _digest(initrd),
            "arch": arch,
        }
    except OSError as error:
        raise UnavailableError(
            f"The guest's kernel cannot be read: {error.strerror} ({error.filename}).",
            hint="`linnet image verify` tells whether the image is damaged.",
        ) from error


def _digest(path: Path) -> str:
    # Piece by piece: a block as large as the kernel would teach the C library to keep blocks of that size for later.
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _read(path: Path, key: dict[str, Any]) -> AccelResult | None:
    """Return what is remembered for `key`; a file that makes no sense counts as none."""
    try:
        data = json.loads(path.read_bytes())
        if data["key"] != key:
            return None
        result = data["result"]
        return AccelResult(
            Accelerator(result["accelerator"]), str(result["reason"]), float(result["probed_at"]), from_cache=True
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, key: dict[str, Any], result: AccelResult) -> None:
    # Not being able to remember costs seconds at the next start, no more.
    with contextlib.suppress(LinnetError):
        write_atomic(path, json.dumps({"key": key, "result": asdict(result)}, indent=2).encode())
