"""Makes a guest image out of Debian packages: `mmdebstrap` for the packages, `vm.image.tree` for the rest.

Works as root and, with subordinate ids, as anybody else. Linux only. The same recipe, agent and packages give the same
bytes. The package mirror is mmdebstrap's own default unless the caller names one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from vm.errors import DiskFullError, ImageError, LinnetError, UnavailableError, from_dict
from vm.image.model import GuestImage
from vm.image.recipe import ARCHITECTURES, DEFAULT_FOLDER, RecipeFolder, load
from vm.image.store import ImageStore, host_arch
from vm.image.tree import Job
from vm.progress import Progress, Reporter, ignore

CHECKOUT = Path(__file__).resolve().parents[2]
"""Where the packages `vm` and `agent` lie."""

ROOM = 4 << 30
"""Bytes that the temporary folder must have free: the packages as a tar and unpacked."""

STORE_ROOM = 1 << 30
"""Bytes that the store must have free: one image."""

STEPS = 14
"""Lines of progress that a build gives, about."""

TAIL = 30
"""Lines of a failed program's output that are kept."""


@dataclass(frozen=True)
class BuildOptions:
    """What to build.

    Attributes:
        arch: Debian's name of the architecture; another one than the host's needs qemu-user.
        recipe: folder of the recipe.
        agent: folder of the agent package that the image carries.
        mirror: where the packages come from, or None for mmdebstrap's default.
        base: tar of the packages from an earlier build, instead of getting them anew, or None.
        keep_base: where to put that tar for a later build, or None.
    """

    arch: str = field(default_factory=host_arch)
    recipe: Path = DEFAULT_FOLDER
    agent: Path = CHECKOUT / "agent"
    mirror: str | None = None
    base: Path | None = None
    keep_base: Path | None = None


def build(store: ImageStore, options: BuildOptions | None = None, report: Reporter = ignore) -> GuestImage:
    """Build an image and put it into the store. Blocks for a minute or two; nothing half stays behind.

    Args:
        store: where the image goes.
        options: what to build.
        report: told each step; what it raises ends the build.

    Raises:
        UnavailableError: a program or a right is missing.
        DiskFullError: the temporary folder or the store has no room.
        ImageError: the recipe is wrong, or the packages cannot be had or installed.
    """
    options = options or BuildOptions()
    recipe = load(options.recipe)
    prefix = check_host(options)
    check_room(Path(tempfile.gettempdir()), ROOM)
    steps = _Steps(report)
    work = Path(tempfile.mkdtemp(prefix="linnet-image-"))
    try:
        base = options.base or _bootstrap(recipe, options, work, steps)
        with store.adding() as out:
            check_room(out, STORE_ROOM)
            job = Job(options.arch, str(options.recipe), str(options.agent), str(base), str(work), str(out))
            job_file = work / "job.json"
            job_file.write_bytes(msgspec.json.encode(job))
            command = [*prefix, sys.executable, "-m", "vm.image.tree", str(job_file)]
            paths = [str(CHECKOUT), *filter(None, [os.environ.get("PYTHONPATH")])]
            _run(command, steps, env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)})
            return store.adopt(out)
    finally:
        # As the same root that made the tree: it holds files of other users.
        subprocess.run([*prefix, "rm", "-rf", "--", str(work)], stdin=subprocess.DEVNULL, check=False)


def check_host(options: BuildOptions) -> list[str]:
    """Return what stands before a command that has to be root of its own files: nothing for root.

    Raises:
        UnavailableError: this host cannot build images.
        ImageError: there are no images for that architecture.
    """
    if options.arch not in ARCHITECTURES:
        raise ImageError(f"There is no guest image for the architecture {options.arch}.")
    if sys.platform != "linux":
        raise UnavailableError(
            "Guest images can be built on Linux only.", hint="Use `linnet image fetch` to get a published one."
        )
    is_root = os.geteuid() == 0
    for program, package in (("mmdebstrap", "mmdebstrap"), ("tar", "tar"), ("newuidmap", "uidmap")):
        if shutil.which(program) is None and not (is_root and program == "newuidmap"):
            raise UnavailableError(
                f"The program {program} is not installed.", hint=f"Install it: `sudo apt install {package}`."
            )
    if is_root:
        return []
    return ["unshare", "--user", "--map-auto", "--map-root-user", "--setuid", "0", "--setgid", "0", "--"]


def check_room(folder: Path, room: int) -> None:
    """Raise DiskFullError if `folder`'s disk has fewer than `room` bytes free."""
    free = shutil.disk_usage(folder).free
    if free < room:
        raise DiskFullError(
            f"There is not enough room in {folder}: {free >> 20} MiB are free, and building an image takes"
            f" {room >> 20} MiB.",
            hint="Free some space, or set TMPDIR to a folder on a larger disk.",
        )


def bootstrap_command(recipe: RecipeFolder, options: BuildOptions, target: Path) -> list[str]:
    """Return the mmdebstrap command that writes the packages' tree into the tar `target`."""
    return [
        "mmdebstrap",
        f"--mode={'root' if os.geteuid() == 0 else 'unshare'}",
        "--variant=minbase",
        f"--architectures={options.arch}",
        f"--include={','.join(recipe.recipe.packages_for(options.arch))}",
        "--format=tar",
        recipe.recipe.suite,
        str(target),
        *([options.mirror] if options.mirror else []),
    ]


def _bootstrap(recipe: RecipeFolder, options: BuildOptions, work: Path, steps: _Steps) -> Path:
    base = work / "base.tar"
    # INITRD=No: the kernel's package would make an initrd that nobody uses, which takes half a minute.
    env = {**os.environ, "SOURCE_DATE_EPOCH": str(recipe.recipe.epoch), "INITRD": "No", "LC_ALL": "C"}
    try:
        _run(bootstrap_command(recipe, options, base), steps, env=env)
    except ImageError as error:
        error.hint = "Check the network and the package mirror; the detail has mmdebstrap's own words."
        raise
    if options.keep_base:
        shutil.copyfile(base, options.keep_base)
    return base


class _Steps:
    """Turns lines of programs into progress."""

    def __init__(self, report: Reporter) -> None:
        self._report = report
        self._done = 0

    def say(self, text: str) -> None:
        self._report(Progress(text, min(self._done, STEPS - 1), STEPS))
        self._done += 1


def _run(command: Sequence[str], steps: _Steps, *, env: Mapping[str, str]) -> None:
    """Run a program that says its steps on either output; a JSON line on standard error is its error."""
    process = subprocess.Popen(
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    tail: list[str] = []
    assert process.stdout is not None
    try:
        for line in process.stdout:
            text = line.strip().removeprefix("I: ")
            tail = [*tail[1 - TAIL :], text]
            if text and not text.startswith("{") and (line.startswith("I: ") or "vm.image.tree" in command):
                steps.say(text[:1].upper() + text[1:].removesuffix("..."))
    except BaseException:
        process.terminate()
        raise
    finally:
        process.stdout.close()
        code = process.wait()
    if code:
        raise _failure(Path(command[0]).name, code, tail)


def _failure(name: str, code: int, tail: list[str]) -> LinnetError:
    if tail and tail[-1].startswith("{"):
        try:
            return from_dict(msgspec.json.decode(tail[-1].encode()))
        except msgspec.DecodeError:
            pass
    detail = "\n".join(tail)
    if os.strerror(28) in detail:
        return DiskFullError(
            "The disk became full while the image was built.",
            hint="Free some space, or set TMPDIR to a folder on a larger disk.",
            detail=detail,
        )
    return ImageError(f"The image could not be built: {name} failed (exit code {code}).", detail=detail)
