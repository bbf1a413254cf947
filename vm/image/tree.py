"""The second half of a build: from the tar of Debian's packages to the files of an image.

Runs as a process of its own (`python -m vm.image.tree job.json`), as root or as root of a user namespace, because the
tree holds files of many users. Says each step on standard output, one line each; `build` reads them.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from fnmatch import translate
from pathlib import Path

import msgspec

from agent.digest import digest as agent_digest
from vm.errors import ImageError, LinnetError
from vm.files import translated
from vm.image.hello import hello_archive
from vm.image.initrd import make_initrd
from vm.image.model import MANIFEST_FORMAT, MANIFEST_NAME, Manifest, file_info
from vm.image.modules import ModuleTree, module_name, plain, read_module
from vm.image.recipe import RecipeFolder, load

LOADERS = {
    "amd64": ("usr/lib64/ld-linux-x86-64.so.2", "usr/lib/x86_64-linux-gnu"),
    "arm64": ("usr/lib/ld-linux-aarch64.so.1", "usr/lib/aarch64-linux-gnu"),
}
"""Per architecture: the tree's own program loader and its libraries, to run the tree's programs outside of it."""

FS_UUID = "11ce0000-0000-4000-8000-000000000001"
"""Identity and directory hash seed of the system disk: always the same, the version is in the manifest."""

BLOCK = 4096

LIBRARY = "usr/lib/linnet"
"""Linnet's own folder in the guest."""


class Job(msgspec.Struct):
    """What this process has to do: all paths absolute."""

    arch: str
    recipe: str
    agent: str
    base: str
    work: str
    out: str


class Tree:
    """The unpacked system and the steps that turn it into an image."""

    def __init__(self, job: Job, recipe: RecipeFolder) -> None:
        self.job = job
        self.source = recipe
        self.recipe = recipe.recipe
        self.root = Path(job.work) / "tree"
        self.out = Path(job.out)
        self.kernel_release = ""
        self.busybox = b""
        self.hello = b""
        self.agent_hash = agent_digest(Path(job.agent))
        self.packages: dict[str, str] = {}
        self.early_modules: list[tuple[str, bytes]] = []

    def unpack(self) -> None:
        """Unpack the packages' tar."""
        self.root.mkdir()
        _run("tar", "-x", "-f", self.job.base, "-C", str(self.root), "--numeric-owner", "--exclude=./dev/*")
        self.packages = read_packages((self.root / "var/lib/dpkg/status").read_text(encoding="utf-8"))
        self.busybox = (self.root / "usr/bin/busybox").read_bytes()
        kernels = sorted((self.root / "boot").glob("vmlinuz-*"))
        if len(kernels) != 1:
            raise ImageError(f"There must be one kernel in the tree, and there are {len(kernels)}.")
        self.kernel_release = kernels[0].name.removeprefix("vmlinuz-")
        self.out.mkdir(exist_ok=True)
        shutil.copyfile(kernels[0], self.out / "kernel")

    def select_modules(self) -> None:
        """Keep the recipe's kernel modules, take the initrd's aside, note which ones to load at boot."""
        wanted = self.recipe.modules
        tree = ModuleTree.read(self.root / "usr/lib/modules" / self.kernel_release)
        early = tree.load_order(wanted.initrd)
        boot = [path for path in tree.load_order(wanted.boot) if path not in early]
        self.early_modules = [(module_name(path), read_module(tree.folder / path)) for path in early]
        tree.prune(tree.select(wanted.keep) | set(early) | set(boot))
        base = Path("usr/lib/modules") / self.kernel_release
        self._write(f"{LIBRARY}/modules", "".join(f"{base / plain(Path(path))}\n" for path in boot).encode())
        _run("chroot", str(self.root), "depmod", self.kernel_release)

    def remove(self) -> None:
        """Remove what the recipe names."""
        drop = re.compile("|".join(map(translate, self.recipe.remove)))
        keep = re.compile("|".join(map(translate, self.recipe.keep)) or r"(?!)")
        for folder, subfolders, files in os.walk(self.root, topdown=False):
            for name in files:
                path = Path(folder, name)
                relative = path.relative_to(self.root).as_posix()
                if drop.match(relative) and not keep.match(relative):
                    path.unlink()
            for name in subfolders:
                path = Path(folder, name)
                if drop.match(path.relative_to(self.root).as_posix()):
                    if path.is_symlink():
                        path.unlink()
                    elif not any(path.iterdir()):
                        path.rmdir()

    def lay(self) -> None:
        """Lay the recipe's files, folders, links, wants and accounts over the tree, and what is made here."""
        for name in self.recipe.folders:
            (self.root / name).mkdir(parents=True, exist_ok=True)
        for name in self.source.files:
            data = self.source.rootfs_file(name).read_bytes()
            self._write(name, data, executable=name in self.recipe.executables)
        for name, target in self.recipe.links.items():
            self._link(name, target)
        for manager, targets in self.recipe.wants.items():
            for target, units in targets.items():
                for unit in units:
                    self._link(f"etc/systemd/{manager}/{target}.wants/{unit}", f"/usr/lib/systemd/{manager}/{unit}")
        for name in self.recipe.users:
            self._add_user(name)
        self.hello = hello_archive(self.busybox, arch=self.job.arch, time=self.recipe.epoch)
        self._write("usr/share/linnet/hello.tar", self.hello)
        agent = Path(self.job.agent)
        for path in agent.rglob("*.py"):
            self._write(f"{LIBRARY}/lib/agent/{path.relative_to(agent).as_posix()}", path.read_bytes())
        self._write(f"{LIBRARY}/agent.hash", f"{self.agent_hash}\n".encode())
        compiler = ("python3", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash")
        _run("chroot", str(self.root), *compiler, f"/{LIBRARY}/lib")

    def settle_times(self) -> None:
        """Give everything the recipe's time."""
        for folder, subfolders, files in os.walk(self.root):
            for name in (*subfolders, *files):
                os.utime(Path(folder, name), (self.recipe.epoch, self.recipe.epoch), follow_symlinks=False)
        os.utime(self.root, (self.recipe.epoch, self.recipe.epoch))

    def write_images(self) -> None:
        """Write initrd and system disk."""
        init = self.source.init.read_bytes()
        initrd = make_initrd(self.busybox, init, self.early_modules, time=self.recipe.epoch)
        (self.out / "initrd").write_bytes(initrd)
        blocks, inodes = measure(self.root)
        image = self.out / "system.img"
        loader, libraries = LOADERS[self.job.arch]
        _run(
            str(self.root / loader),
            "--library-path",
            str(self.root / libraries),
            str(self.root / "usr/sbin/mke2fs"),
            *("-q", "-t", "ext4", "-b", str(BLOCK), "-I", "256", "-N", str(inodes + 64), "-m", "0"),
            *("-O", "^has_journal,^metadata_csum,^resize_inode,^orphan_file", "-L", "linnet-system"),
            *("-U", FS_UUID, "-E", f"hash_seed={FS_UUID},root_owner=0:0", "-d", str(self.root)),
            str(image),
            str(blocks + blocks // 16 + 4096),
            env={"SOURCE_DATE_EPOCH": str(self.recipe.epoch), "MKE2FS_CONFIG": str(self.root / "etc/mke2fs.conf")},
        )

    def write_manifest(self) -> None:
        """Describe the files, in the folder itself."""
        total = hashlib.sha256(self.source.digest().encode())
        total.update(self.agent_hash.encode() + hashlib.sha256(self.hello).digest())
        total.update(msgspec.json.encode(self.packages, order="sorted"))
        manifest = Manifest(
            format=MANIFEST_FORMAT,
            version=f"{self.recipe.release}-{total.hexdigest()[:10]}",
            arch=self.job.arch,
            created=self.recipe.epoch,
            kernel=self.kernel_release,
            agent=self.agent_hash,
            packages=self.packages,
            files={name: file_info(self.out / name) for name in ("system.img", "kernel", "initrd")},
        )
        (self.out / MANIFEST_NAME).write_bytes(manifest.encode())

    def _add_user(self, name: str) -> None:
        user = self.recipe.users[name]
        etc = self.root / "etc"
        _append(etc / "passwd", f"{name}:x:{user.uid}:{user.gid}::{user.home}:{user.shell}")
        # `*` rather than `!`: no password, but not locked, or sshd would refuse keys as well.
        _append(etc / "shadow", f"{name}:*:20000:0:99999:7:::")
        group = etc / "group"
        lines = group.read_text().splitlines()
        for number, line in enumerate(lines):
            if line.split(":")[0] in user.groups:
                lines[number] = line + ("" if line.endswith(":") else ",") + name
        group.write_text("\n".join([*lines, f"{name}:x:{user.gid}:\n"]))
        _append(etc / "gshadow", f"{name}:*::")
        for file in ("subuid", "subgid"):
            _append(etc / file, f"{name}:{user.subordinate}")

    def _write(self, name: str, data: bytes, *, executable: bool = False) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_bytes(data)
        path.chmod(0o755 if executable else 0o644)

    def _link(self, name: str, target: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.symlink_to(target)


def read_packages(status: str) -> dict[str, str]:
    """Return name and version of each installed package in dpkg's `status` file."""
    packages: dict[str, str] = {}
    for paragraph in status.split("\n\n"):
        fields = dict(re.findall(r"^(Package|Version|Status): (.*)$", paragraph, re.MULTILINE))
        if fields.get("Status", "").endswith(" installed"):
            packages[fields["Package"]] = fields["Version"]
    return packages


def measure(root: Path) -> tuple[int, int]:
    """Return how many blocks and inodes the tree needs on the system disk."""
    blocks = inodes = 0
    for folder, subfolders, files in os.walk(root):
        inodes += len(subfolders) + len(files)
        blocks += len(subfolders)
        blocks += sum(-(-Path(folder, name).lstat().st_size // BLOCK) for name in files)
    return blocks + inodes * 256 // BLOCK, inodes


def _append(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def _run(*command: str, env: dict[str, str] | None = None) -> None:
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    environment = {"PATH": path, "LC_ALL": "C", **(env or {})}
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ImageError(f"{Path(command[0]).name} failed.", detail=f"{' '.join(command)}\n{done.stderr}")


def _translate(error: LinnetError | OSError) -> LinnetError:
    """Return the error as one of Linnet's, by the rules of `vm.files`."""
    try:
        with translated(Path(str(getattr(error, "filename", None) or "the image"))):
            raise error
    except LinnetError as known:
        return known


def finish(job: Job) -> None:
    """Do all steps."""
    tree = Tree(job, load(Path(job.recipe)))
    os.umask(0o022)
    for text, step in (
        ("Unpacking the packages", tree.unpack),
        ("Choosing kernel modules", tree.select_modules),
        ("Removing what is not needed", tree.remove),
        ("Adding Linnet's own files", tree.lay),
        ("Setting all times", tree.settle_times),
        ("Writing initrd and system disk", tree.write_images),
        ("Computing digests", tree.write_manifest),
    ):
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
        step()


def main() -> int:
    """Do the job whose description the first argument names; errors go to standard error as JSON."""
    job = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Job)
    try:
        finish(job)
    except (LinnetError, OSError) as error:
        sys.stderr.write(msgspec.json.encode(_translate(error).to_dict()).decode())
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
