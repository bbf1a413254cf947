"""The files of a container or a volume through the Docker API. Synchronous: called in threads."""

from __future__ import annotations

import contextlib
import posixpath
import tarfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from app.core.docker import STDOUT, DockerClient, demultiplex, part
from app.gui.model.hub import HELPER_LABEL
from app.gui.text import tr
from app.gui.widgets.fileentry import LISTING, REMOVAL, STATUS, Entry, Listing, entry_of, parse_listing, parse_status
from app.gui.widgets.filetransfer import Reader, Tell, archive_from_disk, archive_of, archive_of_folder, unpack
from vm.errors import ConflictError, GuestError, LinnetError, NotFoundError, UsageError

VIEW_LIMIT = 512 * 1024
"""Bytes of a file that are shown; a longer one can be downloaded."""

_ARCHIVE_LIMIT = 128 * 1024 * 1024
_ARCHIVE_TIME = 20.0
"""Bytes and seconds after which a folder that can only be listed by reading all below it is left half listed."""

_LINKS = 8

_VOLUME = "/volume"
_HELPER_LIFE = "3600"
"""Seconds after which a helper ends that was left behind."""


class FileContent:
    """What was read of a file.

    Attributes:
        data: its bytes, or the first of them.
        entry: what it is.
        path: where it is after all links.
        whole: whether `data` is all of it.
        owner_known: whether the owner in `entry` is right.
    """

    def __init__(self, data: bytes, entry: Entry, path: str, *, whole: bool, owner_known: bool = True) -> None:
        self.owner_known = owner_known
        self.data = data
        self.entry = entry
        self.path = path
        self.whole = whole


class FileStore:
    """Files of one container.

    Attributes:
        root: what is above it cannot be seen.
    """

    root = "/"

    def __init__(self, docker: DockerClient, container: str) -> None:
        self.docker = docker
        self._container = container

    @property
    def path(self) -> str:
        """The API's path of the container."""
        return f"/containers/{part(self._container)}"

    def open(self) -> None:
        """Get ready; called before anything else."""

    def close(self) -> None:
        """Let go of what `open` made."""

    def running(self) -> bool:
        """Return whether commands can be run in the container."""
        state = self.docker.get(f"{self.path}/json")["State"]
        return bool(state.get("Running")) and not state.get("Paused")

    def list(self, folder: str) -> Listing:
        """Return a folder. Raises NotFoundError when there is none, LinnetError when it cannot be read."""
        if self.running():
            try:
                code, output = self._run(["sh", "-c", LISTING, "sh", folder])
            except LinnetError:
                code, output = 127, b""  # no shell in there
            found = parse_listing(output.decode(errors="surrogateescape")) if code == 0 else None
            if found is not None:
                return found
        return self._list_by_archive(folder)

    def read(self, path: str, limit: int = VIEW_LIMIT) -> FileContent:
        """Return the beginning of a file, following links."""
        for _ in range(_LINKS):
            with self._archive(path) as flow, tarfile.open(fileobj=Reader(flow), mode="r|") as archive:
                member = archive.next()
                if member is None:
                    raise NotFoundError(tr("There is nothing at {path}.", path=path))
                if member.issym():
                    path = posixpath.normpath(posixpath.join(posixpath.dirname(path), member.linkname))
                    continue
                content = archive.extractfile(member) if member.isreg() else None
                if content is None:
                    raise UsageError(tr("{path} is not a file that can be read.", path=path))
                data = content.read(limit)
                break
        else:
            raise UsageError(tr("{path} is a link that leads to links without end.", path=path))
        # Podman's archives have the container's user as the owner of everything, whoever it is.
        found = self._status(path)
        entry = found or entry_of(member, posixpath.basename(path))
        known = found is not None or not self._is_podman()
        return FileContent(data, entry, path, whole=member.size <= len(data), owner_known=known)

    def write(self, path: str, data: bytes, like: Entry) -> None:
        """Replace a file's content; mode and owner are those of `like`."""
        folder, name = posixpath.split(path)
        self._put(folder, archive_of(data, name, like))

    def make_folder(self, folder: str, name: str, like: Entry) -> None:
        """Make a folder, owned as `like` is."""
        self._put(folder, archive_of_folder(name, like))

    def upload(self, folder: str, paths: Sequence[Path], like: Entry, tell: Tell) -> None:
        """Copy files and folders of this computer into a folder."""
        self._put(folder, archive_from_disk(paths, like, tell))

    def download(self, path: str, target: Path, tell: Tell, left_out: Callable[[str], None]) -> Path:
        """Copy a file or folder into a folder of this computer; return where it is now."""
        with self._archive(path) as flow:
            return unpack(flow, target, tell, left_out)

    def remove(self, paths: Sequence[str]) -> None:
        """Remove files and folders with all that is in them. Raises ConflictError when nothing can be run in there."""
        if not self.running():
            raise ConflictError(
                tr("Files can be removed only while the container runs."), hint=tr("Start the container first.")
            )
        code, output = self._run(["sh", "-c", REMOVAL, "sh", *paths], errors=True)
        if code:
            raise GuestError(
                tr("Not everything could be removed."), detail=output.decode(errors="replace").strip() or None
            )

    def _status(self, path: str) -> Entry | None:
        """Return a file as the container itself sees it; None when it cannot be asked."""
        if not self.running():
            return None
        try:
            code, output = self._run(["sh", "-c", STATUS, "sh", path])
        except LinnetError:
            return None
        return parse_status(output.decode(errors="surrogateescape"), posixpath.basename(path)) if code == 0 else None

    def _is_podman(self) -> bool:
        components = self.docker.get("/version").get("Components") or []
        return any("podman" in str(one.get("Name")).lower() for one in components)

    def _put(self, folder: str, pieces: Any) -> None:
        query = urlencode({"path": folder, "noOverwriteDirNonDir": 1})
        with self.docker.upload("PUT", f"{self.path}/archive?{query}", pieces) as flow:
            for _ in flow:
                pass

    def _archive(self, path: str) -> Any:
        return self.docker.chunks("GET", f"{self.path}/archive?{urlencode({'path': path})}")

    def _run(self, argv: Sequence[str], *, errors: bool = False) -> tuple[int, bytes]:
        """Run a command to its end; return its exit code and output."""
        body = {"AttachStdout": True, "AttachStderr": True, "Tty": False, "Cmd": list(argv), "User": "0"}
        name = self.docker.post(f"{self.path}/exec", body)["Id"]
        with self.docker.chunks("POST", f"/exec/{name}/start", {"Detach": False, "Tty": False}) as flow:
            output = b"".join(frame.data for frame in demultiplex(flow) if errors or frame.stream == STDOUT)
        code = self.docker.get(f"/exec/{name}/json").get("ExitCode")
        return (1 if code is None else int(code)), output

    def _list_by_archive(self, folder: str) -> Listing:
        end = time.monotonic() + _ARCHIVE_TIME
        found: dict[str, Entry] = {}
        itself: Entry | None = None
        partial = False
        # With the slash a link to a folder is followed, and the folder stands first in the archive, before its
        # content; only the root may be left out.
        with self._archive(folder.rstrip("/") + "/") as flow:
            reader = Reader(flow)
            with tarfile.open(fileobj=reader, mode="r|") as archive:
                prefix: str | None = None
                for member in archive:
                    name = posixpath.normpath(member.name).strip("/")
                    name = "" if name == "." else name
                    if prefix is None:
                        prefix = "" if folder == "/" else name
                        if name == prefix:
                            itself = entry_of(member, ".")
                            continue
                    inner = name.removeprefix(prefix).strip("/").split("/")
                    if inner[0] and (len(inner) == 1 or inner[0] not in found):
                        # A folder may come after what is in it, or not at all.
                        made = entry_of(member, inner[0])
                        found[inner[0]] = made if len(inner) == 1 else Entry(inner[0], 0o040755)
                    if reader.done > _ARCHIVE_LIMIT or time.monotonic() > end:
                        partial = True
                        break
        if itself is not None and not itself.is_folder:
            raise UsageError(tr("{path} is not a folder.", path=folder))
        return Listing(itself or Entry(".", 0o040755), list(found.values()), partial)


class VolumeStore(FileStore):
    """Files of a volume, through a container of Linnet's own that does nothing but have it."""

    root = _VOLUME

    def __init__(self, docker: DockerClient, volume: str) -> None:
        super().__init__(docker, "")
        self._volume = volume
        self._closed = False

    def open(self) -> None:
        """Make the container. Raises LinnetError when it cannot be made."""
        self._remove_left_behind()
        # Not with AutoRemove: Podman would remove an anonymous volume together with the container.
        body = {
            "Image": "hello",
            "Cmd": ["sleep", _HELPER_LIFE],
            "Labels": {HELPER_LABEL: "files"},
            "HostConfig": {"Binds": [f"{self._volume}:{_VOLUME}"], "NetworkMode": "none"},
        }
        try:
            self._container = self.docker.post("/containers/create", body)["Id"]
        except NotFoundError as error:
            raise NotFoundError(
                tr("The files of a volume are read by a container of the image 'hello', which is not there."),
                hint=tr("Any container that has the volume shows them too."),
                detail=error.message,
            ) from error
        if self._closed:  # while it was being made
            self.close()
            return
        self.docker.post(f"{self.path}/start")

    def close(self) -> None:
        """Remove the container, never the volume."""
        self._closed = True
        if self._container:
            with contextlib.suppress(LinnetError):  # it has ended by itself
                # Podman would wait ten seconds for it to end.
                self.docker.post(f"{self.path}/kill")
            self.docker.delete(self.path, force=True, v=False)
            self._container = ""

    def _remove_left_behind(self) -> None:
        filters = {"label": [f"{HELPER_LABEL}=files"], "status": ["exited", "created"]}
        for row in self.docker.get("/containers/json", all=True, filters=filters):
            self.docker.delete(f"/containers/{row['Id']}", force=True, v=False)
