"""Working in a share against working on the guest's own disk, per kind."""

from __future__ import annotations

import io
import json
import random
import shlex
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import BenchError, Result, pairs, ratio
from tests.bench.product import MACHINE, Product

KINDS = ("virtiofs", "9p", "sftp")

TREE_FILES, TREE_FOLDERS = 20_000, 200

SMALL_FILES = 5_000

COUNT = 3

TARGET = {"virtiofs": 3.0}


def shares(product: Product) -> Iterator[Result]:
    """`git status` in a tree of 20,000 files and untar of 5,000 small files: share ÷ guest disk, per share kind."""
    folders = _prepare(product)
    for kind, folder in folders.items():
        if folder.error is not None:
            for what in ("git status", "untar"):
                yield Result(f"{what}, {kind} ÷ guest disk", target=TARGET.get(kind), error=folder.error)
            continue
        share = shlex.quote(str(folder.path))
        git = _git(f"{share}/tree"), _git("$HOME/tree")
        product.guest(f"{git[0]}; {git[1]}")
        ours, baseline = pairs(lambda: _inside(product, git[0]), lambda: _inside(product, git[1]), COUNT)  # noqa: B023
        yield ratio(f"git status, {kind} ÷ guest disk", ours, baseline, TARGET.get(kind), (kind, "guest disk"))
        ours, baseline = pairs(lambda: _untar(product, share), lambda: _untar(product, '"$HOME"'), COUNT)  # noqa: B023
        yield ratio(f"untar, {kind} ÷ guest disk", ours, baseline, TARGET.get(kind), (kind, "guest disk"))


class _Folder:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.error: str | None = None


def _prepare(product: Product) -> dict[str, _Folder]:
    tree = _tree(product.base / "tree")
    product.ensure_running()
    product.linnet("machine", "stop", MACHINE)
    folders = {kind: _Folder(product.base / "s" / kind) for kind in KINDS}
    for kind, folder in folders.items():
        shutil.copytree(tree, folder.path / "tree", symlinks=True)
        product.linnet("share", "add", str(folder.path), "--kind", kind, "--no-watch")
    product.ensure_running()
    for status in json.loads(product.linnet("share", "list", "--json")):
        found = next((folder for folder in folders.values() if str(folder.path) == status["path"]), None)
        wanted = Path(status["path"]).name
        if found is not None and (status["kind"] != wanted or not status["mounted"]):
            found.error = status.get("error") or status.get("note") or f"{wanted} is not available"
    product.guest("rm -rf tree git && mkdir tree git && tar -x -C tree", input=_packed(tree))
    product.guest("tar -x -C git", input=_git_program())
    product.guest("cat > small.tar", input=_small_files())
    return folders


def _git(tree: str) -> str:
    return f"./git/ld.so --library-path ./git ./git/git -c safe.directory='*' -C {tree} status --porcelain"


def _untar(product: Product, folder: str) -> float:
    product.guest(f"mkdir {folder}/out")
    seconds = _inside(product, f"tar -x -f small.tar -C {folder}/out")
    product.guest(f"rm -rf {folder}/out")
    return seconds


def _inside(product: Product, command: str) -> float:
    """Return how long a command takes, by the guest's clock."""
    output = product.guest(f"s=$(date +%s%N); {command} >&2 || exit 1; e=$(date +%s%N); echo $((e - s))", timeout=900)
    return int(output.split()[-1]) / 1e9


def _tree(path: Path) -> Path:
    """Make a git work tree with one commit."""
    numbers = random.Random(1)
    for folder in range(TREE_FOLDERS):
        place = path / f"d{folder % 20}" / f"d{folder}"
        place.mkdir(parents=True)
        for number in range(TREE_FILES // TREE_FOLDERS):
            (place / f"file{number}.txt").write_bytes(numbers.randbytes(numbers.randint(100, 2000)))
    git = shutil.which("git")
    if git is None:
        raise BenchError("git is needed")
    # Without gc.auto=0 the commit would start a gc of its own behind our back.
    identity = ["-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "gc.auto=0"]
    for arguments in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-q", "-m", "tree"], ["gc", "-q"]):
        subprocess.run([git, *arguments], cwd=path, check=True)
    return path


def _packed(folder: Path) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        tar.add(folder, ".")
    return out.getvalue()


def _small_files() -> bytes:
    numbers = random.Random(2)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for number in range(SMALL_FILES):
            info = tarfile.TarInfo(f"d{number % 50}/file{number}")
            info.size = numbers.randint(100, 4000)
            tar.addfile(info, io.BytesIO(numbers.randbytes(info.size)))
    return out.getvalue()


def _git_program() -> bytes:
    """Pack the host's git with its loader and libraries: the guest has none, and both sides shall run the same."""
    git = shutil.which("git")
    if git is None:
        raise BenchError("git is needed")
    listed = subprocess.run(["ldd", git], capture_output=True, text=True, check=True).stdout
    files = {"git": Path(git)}
    for line in listed.splitlines():
        place = next((word for word in line.split() if word.startswith("/")), None)
        if place is not None:
            files["ld.so" if "ld-linux" in place else Path(place).name] = Path(place)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", dereference=True) as tar:
        for name, path in files.items():
            tar.add(path, name)
    return out.getvalue()
