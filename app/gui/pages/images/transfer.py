"""Images on their way: pulled, pushed, saved to a file, loaded from one. The work of jobs, in threads."""

from __future__ import annotations

import errno
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from app.core.docker import DockerClient, part
from app.core.flow import Flow
from app.core.registries import Credentials, registry_of
from app.gui.pages.images.names import split
from app.gui.text import count, tr
from app.gui.work.jobs import Control, Work
from vm.errors import DiskFullError, LinnetError, UnavailableError

PIECE = 256 * 1024
"""Bytes that are read from a file at once."""

_NO_LOGIN = {"X-Registry-Auth": "e30="}
"""Moby refuses to push without the header, even where nobody has to log in; this is an empty object."""

_OVER = ("complete", "already exists", "pushed", "mounted")
"""How the status of a layer ends, or begins, that needs no more."""

_LOADED = re.compile(r"Loaded image(?: ID|\(s\)|s)?:\s*(.+)")


@dataclass(frozen=True)
class Layer:
    """One layer on its way: the engine's words about it, and bytes; `total` is 0 while it is not known."""

    id: str
    status: str
    done: int = 0
    total: int = 0

    @property
    def over(self) -> bool:
        """Whether nothing is left to do."""
        status = self.status.lower()
        return status.endswith(_OVER[0]) or status.startswith(_OVER[1:])


class Layers:
    """All layers of one image on its way; written by the job's thread, read by the window's."""

    def __init__(self) -> None:
        self._layers: dict[str, Layer] = {}
        self._lock = threading.Lock()

    def take(self, item: Mapping[str, Any]) -> None:
        """Take in a line of the engine's answer."""
        name, status = str(item.get("id") or ""), str(item.get("status") or "")
        if not name or not status:
            return
        detail = item.get("progressDetail") or {}
        with self._lock:
            layer = replace(self._layers.get(name, Layer(name, status)), status=status)
            if status.lower() != "extracting" and detail.get("total"):
                layer = replace(layer, done=int(detail.get("current") or 0), total=int(detail["total"]))
            if layer.over:
                layer = replace(layer, done=layer.total)
            self._layers[name] = layer

    def all(self) -> list[Layer]:
        """Return the layers as they are now, in the order in which the engine named them."""
        with self._lock:
            # The tag and the image itself are told of like layers, with identifiers of other kinds.
            return [layer for layer in self._layers.values() if re.fullmatch(r"[0-9a-f]{12}", layer.id)]

    def sums(self) -> tuple[int, int]:
        """Return the bytes done and the bytes in all, of layers whose size is known."""
        layers = self.all()
        return sum(layer.done for layer in layers), sum(layer.total for layer in layers)


_NOT_LET_IN = re.compile(r"authentication required|unauthori[sz]ed|denied|no basic auth", re.IGNORECASE)
"""What engines say when a registry wants a log-in, or another one."""


def cuttable(docker: DockerClient, control: Control) -> DockerClient:
    """Return a client whose requests end when the job is cancelled, also those that wait for an answer."""
    return docker.watched(lambda connection: control.on_cancel(connection.abort))


def pull(docker: DockerClient, credentials: Credentials, reference: str, layers: Layers) -> Work:
    """Return the work of pulling an image; its result is the reference."""

    def work(control: Control) -> str:
        control.progress(tr("Asking the registry"))
        name, tag = split(reference)
        client = cuttable(docker, control)
        headers = credentials.header(reference)
        with (
            _hinting(reference),
            client.lines("POST", "/images/create", headers=headers, fromImage=name, tag=tag) as flow,
        ):
            _follow(flow, layers, control)
        return reference

    return work


def push(docker: DockerClient, credentials: Credentials, reference: str, layers: Layers) -> Work:
    """Return the work of pushing an image; its result is the reference."""

    def work(control: Control) -> str:
        control.progress(tr("Asking the registry"))
        name, tag = split(reference)
        headers = credentials.header(reference) or _NO_LOGIN
        client = cuttable(docker, control)
        with (
            _hinting(reference),
            client.lines("POST", f"/images/{part(name)}/push", headers=headers, tag=tag) as flow,
        ):
            _follow(flow, layers, control)
        return reference

    return work


def save(docker: DockerClient, references: Sequence[str], file: Path, estimate: int) -> Work:
    """Return the work of writing images into a tar file; `estimate`: bytes that it may become."""
    names = "&".join(f"names={quote(reference, safe='')}" for reference in references)

    def work(control: Control) -> Path:
        scratch = file.with_name(f"{file.name}.part")
        text = tr("Writing {file}", file=file.name)
        control.progress(tr("Waiting for the engine"))
        try:
            with cuttable(docker, control).chunks("GET", f"/images/get?{names}") as flow, scratch.open("wb") as out:
                done = 0
                for piece in flow:
                    done += out.write(piece)
                    control.progress(text, done, max(estimate, done))
            control.check()
            scratch.replace(file)
        except OSError as error:
            raise _unwritable(file, error) from error
        finally:
            scratch.unlink(missing_ok=True)
        return file

    return work


def load(docker: DockerClient, file: Path) -> Work:
    """Return the work of reading images from a tar file; its result is a list of their names."""

    def work(control: Control) -> list[str]:
        found: list[str] = []
        with cuttable(docker, control).upload("POST", "/images/load", _pieces(file, control), quiet=True) as flow:
            control.progress(tr("The engine unpacks the images"))
            for item in flow:
                for line in str(item.get("stream") or item.get("status") or "").splitlines():
                    control.log(line)
                    if match := _LOADED.match(line):
                        found += [name.strip() for name in match[1].split(",")]
        control.check()
        return list(dict.fromkeys(found))

    return work


@contextmanager
def _hinting(reference: str) -> Iterator[None]:
    """Say what to do when the registry lets nobody in."""
    try:
        yield
    except LinnetError as error:
        if _NOT_LET_IN.search(error.message) and not error.hint:
            error.hint = tr("Log in to {registry} on the page Registries.", registry=registry_of(reference))
        raise


def _follow(flow: Flow[dict[str, Any]], layers: Layers, control: Control) -> None:
    said: dict[str, str] = {}
    for item in flow:
        layers.take(item)
        name, status = str(item.get("id") or ""), str(item.get("status") or item.get("stream") or "").strip()
        if status and said.get(name) != status:
            said[name] = status
            control.log(f"{name}: {status}" if name else status)
        known = layers.all()
        over = sum(layer.over for layer in known)
        text = count("{done} of {n} layer", "{done} of {n} layers", len(known), done=over) if known else status
        done, whole = layers.sums()
        control.progress(text, done if whole else None, whole or None)
    control.check()


def _pieces(file: Path, control: Control) -> Iterator[bytes]:
    text = tr("Sending {file}", file=file.name)
    try:
        size, done = file.stat().st_size, 0
        with file.open("rb") as source:
            while piece := source.read(PIECE):
                yield piece
                done += len(piece)
                control.progress(text, done, size)
    except OSError as error:
        raise UnavailableError(f"{file} cannot be read: {error.strerror or error}.") from error


def _unwritable(file: Path, error: OSError) -> LinnetError:
    if error.errno == errno.ENOSPC:
        return DiskFullError(f"There is no room for {file}.", hint="Choose another disk or make room.")
    return UnavailableError(f"{file} cannot be written: {error.strerror or error}.")
