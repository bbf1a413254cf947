"""Files of a container as its engine would show them, for tests of the file browser."""

from __future__ import annotations

import io
import tarfile

from app.gui.widgets.fileentry import LISTING, STATUS
from tests.gui.fake import FakeLinnet, Reply, Request
from tests.gui.test_logs_parts import frame

Files = dict[str, bytes | None]
"""Files by path without the first slash; None is a folder."""


class Disk:
    """A container's files, as its engine shows them."""

    def __init__(self, fake: FakeLinnet, files: Files, container: str = "") -> None:
        self.fake = fake
        self.files = files
        self.id = container or fake.containers[0]["Id"]
        self.commands: list[list[str]] = []
        self.put: list[tuple[str, list[tarfile.TarInfo], dict[str, bytes]]] = []
        self.code = 0
        on = fake.docker.on
        on("POST", f"/containers/{self.id}/exec", self._create)
        on("POST", "/exec/f1/start", self._start)
        on("GET", "/exec/f1/json", lambda _request: {"ExitCode": self.code, "Running": False})
        on("GET", f"/containers/{self.id}/archive", self._get)
        on("PUT", f"/containers/{self.id}/archive", self._take)

    def _create(self, request: Request) -> Reply:
        self.commands.append(request.body["Cmd"])
        return Reply({"Id": "f1"}, 201)

    def _start(self, _request: Request) -> Reply:
        command = self.commands[-1]
        if command[2] == LISTING:
            return Reply(iter([frame(self.listing(command[4]).encode())]))
        if command[2] == STATUS:
            self.code = 0
            return Reply(iter([frame(f"81a0 1 1763730000 12 34 {command[4]}\n".encode())]))
        for path in command[4:]:
            for known in [known for known in self.files if f"/{known}/".startswith(f"{path}/")]:
                del self.files[known]
        return Reply(iter([frame(b"rm: cannot remove\n", 2)] if self.code else []))

    def listing(self, folder: str) -> str:
        """What the listing script writes."""
        self.code = 0 if folder == "/" or folder.strip("/") in self.files else 9
        lines = ["41ed 4096 1763730000 1000 1000 .", "41ed 4096 1763730000 0 0 .."]
        for path, content in self.files.items():
            above, _, name = f"/{path}".rpartition("/")
            if (above or "/") == folder:
                kind = "41ed" if content is None else "81a4"
                lines.append(f"{kind} {len(content or b'')} 1763730000 0 0 {name}")
        return "\n".join([*lines, "///", ""])

    def _get(self, request: Request) -> Reply:
        wanted = request.query["path"].removesuffix("/.").strip("/")
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as archive:
            found = False
            for path, content in self.files.items():
                if path != wanted and not path.startswith(f"{wanted}/".lstrip("/")):
                    continue
                found = True
                rest = path.removeprefix(wanted).strip("/")
                info = tarfile.TarInfo("/".join(filter(None, [wanted.rpartition("/")[2] or ".", rest])))
                info.mode, info.uid, info.gid = 0o640, 0, 0  # Podman's owner of everything
                info.type = tarfile.DIRTYPE if content is None else tarfile.REGTYPE
                info.size = len(content or b"")
                archive.addfile(info, io.BytesIO(content or b""))
        if not found:
            return Reply({"message": f"no such file: {wanted}"}, 404)
        return Reply(buffer.getvalue(), headers={"Content-Type": "application/x-tar"})

    def _take(self, request: Request) -> Reply:
        with tarfile.open(fileobj=io.BytesIO(request.body)) as archive:
            members = archive.getmembers()
            contents = {one.name: archive.extractfile(one).read() for one in members if one.isreg()}  # type: ignore[union-attr]
        folder = request.query["path"]
        self.put.append((folder, members, contents))
        for one in members:
            self.files[f"{folder}/{one.name}".strip("/")] = contents.get(one.name)
        return Reply({}, 200)
