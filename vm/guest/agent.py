"""The host's end of the link to linnet-agent: requests, events, and bringing the guest the agent that belongs to us."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent import wire
from agent.digest import digest
from vm import tasks
from vm.errors import GuestError, LinnetError, TimeoutExceededError, UnavailableError, from_dict
from vm.image.archive import Entry, tar
from vm.ssh.channel import ByteStream
from vm.ssh.link import SshLink

log = logging.getLogger(__name__)

REQUEST_LIMIT = 30.0
"""Seconds that a request may take unless told otherwise."""

START_LIMIT = 30.0
"""Seconds that a (re)started agent may take to answer."""

PATIENCE = 10.0
"""Seconds after which an agent that does not answer is replaced by ours."""

RETRY_EVERY = 0.1

READ_SIZE = 64 * 1024

# Unpacked beside the present one and moved in place, so that a cut leaves the old agent whole.
_INSTALL = (
    "set -e; cd /run/linnet; rm -rf lib.new lib.old; mkdir lib.new; tar -x -C lib.new -f -; "
    "if [ -d lib ]; then mv lib lib.old; fi; mv lib.new lib; rm -rf lib.old; ln -sfn /run/linnet/lib agent-lib; "
    "systemctl restart linnet-agent.service"
)

EventCallback = Callable[[str, dict[str, Any]], None]
"""Called with topic and data, in the event loop; must not block."""


class AgentLink:
    """A connection to the agent of one guest.

    Attributes:
        hello: what the agent said of itself.
        closed: set when the connection has ended, whoever ended it.
    """

    def __init__(self, stream: ByteStream, hello: wire.Hello, rest: bytes) -> None:
        self.hello = hello
        self.closed = asyncio.Event()
        self._stream = stream
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._callbacks: dict[str, list[EventCallback]] = {}
        self._jobs = tasks.Group()
        self._reader = asyncio.get_running_loop().create_task(self._read(rest), name="agent-link")

    @classmethod
    async def open(cls, link: SshLink, source: Path) -> AgentLink:
        """Connect to the agent; one that differs from the package in the folder `source` is replaced by it first.

        Raises:
            GuestError: the agent cannot be installed, or does not come up.
            UnavailableError: the SSH link was lost.
        """
        wanted = await asyncio.to_thread(digest, source)
        try:
            found = await cls.attach(link, PATIENCE)
            if (found.hello.protocol, found.hello.digest) == (wire.PROTOCOL, wanted):
                return found
            log.info("the guest's agent is another version (%s), replacing it", found.hello.digest[:12])
            await found.close()
        except GuestError as error:
            log.warning("the guest's agent does not answer (%s), replacing it", error.detail)
        await install(link, source)
        found = await cls.attach(link, START_LIMIT, wanted)
        if found.hello.protocol != wire.PROTOCOL:
            await found.close()
            raise GuestError(
                "The guest's agent speaks another protocol, even after it was replaced.",
                hint="Install Linnet again.",
                detail=f"protocol {found.hello.protocol}, digest {found.hello.digest}",
            )
        return found

    @classmethod
    async def attach(cls, link: SshLink, limit: float, wanted: str | None = None) -> AgentLink:
        """Connect to the agent that runs, waiting up to `limit` seconds for it to come up.

        With `wanted`, an agent of another digest counts as not there: it is the old one, about to go.

        Raises:
            GuestError: nothing sensible answered in time.
            UnavailableError: the SSH link was lost.
        """
        deadline = time.monotonic() + limit
        while True:
            try:
                async with asyncio.timeout(max(deadline - time.monotonic(), 1)):
                    found = await cls._greet(link)
                if wanted in (None, found.hello.digest):
                    return found
                await found.close()
                why = f"digest {found.hello.digest} instead of {wanted}"
            except (UnavailableError, TimeoutError, wire.WireError) as error:
                if link.closed.is_set():
                    raise UnavailableError("The connection to the guest was closed.") from error
                why = str(error) or "no greeting"
            if time.monotonic() > deadline:
                raise GuestError(
                    f"The agent in the guest did not answer within {limit:.0f} seconds.",
                    hint="`linnet machine logs --source agent` shows what it says.",
                    detail=why,
                )
            await asyncio.sleep(RETRY_EVERY)

    @classmethod
    async def _greet(cls, link: SshLink) -> AgentLink:
        stream = await link.open_socket(wire.SOCKET)
        try:
            line, rest = await _line(stream)
            hello = _greeting(line)
        except BaseException:
            await stream.close()
            raise
        return cls(stream, hello, rest)

    async def request(self, method: str, params: dict[str, Any] | None = None, timeout: float = REQUEST_LIMIT) -> Any:
        """Return the result of an agent method, see docs/architecture.md.

        Raises:
            LinnetError: the class that the agent's error code stands for.
            TimeoutExceededError: no answer within `timeout` seconds.
            UnavailableError: the link is or was lost.
        """
        if self.closed.is_set():
            raise _lost()
        number = next(self._ids)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(timeout):
                await self._stream.write(wire.encode(wire.Request(number, method, params or {})))
                return await answer
        except TimeoutError:
            raise TimeoutExceededError(
                f"The agent in the guest did not answer within {timeout:.0f} seconds.", detail=f"method {method}"
            ) from None
        finally:
            del self._waiting[number]

    async def subscribe(
        self, topics: list[str], callback: EventCallback, interval: float | None = None
    ) -> Callable[[], None]:
        """Have `callback` called for every event of `topics`; return what ends that.

        Args:
            topics: see docs/architecture.md; the first `ports`, `engine` and `mounts` event carries everything.
            callback: takes topic and data.
            interval: seconds between two `stats` events.

        Raises:
            LinnetError: as `request`.
        """
        for topic in topics:
            self._callbacks.setdefault(topic, []).append(callback)

        def unsubscribe() -> None:
            for topic in topics:
                if callback in self._callbacks[topic]:
                    self._callbacks[topic].remove(callback)
            idle = [topic for topic in topics if not self._callbacks[topic]]
            if idle and not self.closed.is_set():
                self._jobs.start(self._unsubscribe(idle), name="agent-unsubscribe")

        params: dict[str, Any] = {"topics": topics}
        if interval is not None:
            params["interval"] = interval
        try:
            await self.request("subscribe", params)
        except LinnetError:
            unsubscribe()
            raise
        return unsubscribe

    async def _unsubscribe(self, topics: list[str]) -> None:
        idle = [topic for topic in topics if not self._callbacks[topic]]  # somebody may have come meanwhile
        if idle:
            with contextlib.suppress(LinnetError):
                await self.request("unsubscribe", {"topics": idle})

    async def close(self) -> None:
        """End the connection; requests that wait fail."""
        await self._jobs.cancel()
        self._reader.cancel()
        await self._stream.close()
        await asyncio.wait([self._reader])

    async def _read(self, rest: bytes) -> None:
        try:
            while True:
                line, rest = await _line(self._stream, rest)
                self._dispatch(wire.decode(line))
        except (LinnetError, wire.WireError) as error:
            log.info("the link to the agent has ended: %s", error)
        finally:
            self.closed.set()
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(_lost())
            await self._stream.close()

    def _dispatch(self, message: wire.Message) -> None:
        match message:
            case wire.Result(number, result):
                self._answer(number, lambda answer: answer.set_result(result))
            case wire.Failure(number, code, text, detail, hint):
                error = from_dict({"code": code, "message": text, "detail": detail, "hint": hint})
                self._answer(number, lambda answer: answer.set_exception(error))
            case wire.Event(topic, data):
                for callback in tuple(self._callbacks.get(topic, ())):
                    try:
                        callback(topic, data)
                    except Exception:
                        log.exception("an event of the agent could not be handled: %s", topic)
            case _:
                raise wire.WireError(f"unexpected {type(message).__name__}")

    def _answer(self, number: int, settle: Callable[[asyncio.Future[Any]], None]) -> None:
        answer = self._waiting.get(number)
        if answer is not None and not answer.done():  # otherwise whoever asked has given up
            settle(answer)


async def install(link: SshLink, source: Path) -> None:
    """Put the agent in the folder `source` in the place of the guest's and restart it.

    Raises:
        GuestError: the guest could not do it.
        UnavailableError: the SSH link was lost.
    """
    data = await asyncio.to_thread(_archive, source)
    (await link.run(_INSTALL, data, timeout=60)).check("Replacing the agent")


def _archive(source: Path) -> bytes:
    files = [
        Entry.file(f"agent/{path.relative_to(source).as_posix()}", path.read_bytes())
        for path in sorted(source.rglob("*.py"))
    ]
    folders = sorted({parent for entry in files for parent in _parents(entry.name)})
    return tar([*(Entry.folder(name) for name in folders), *files])


def _parents(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


async def _line(stream: ByteStream, rest: bytes = b"") -> tuple[bytes, bytes]:
    """Return the next line and what came after it. Raises UnavailableError at the end of the stream."""
    parts = [rest]
    size = len(rest)
    while b"\n" not in parts[-1]:
        if size > wire.LINE_LIMIT:
            raise wire.WireError("a line that does not end")
        piece = await stream.read(READ_SIZE)
        if not piece:
            raise _lost()
        parts.append(piece)
        size += len(piece)
    line, _, rest = b"".join(parts).partition(b"\n")
    return line, rest


def _greeting(line: bytes) -> wire.Hello:
    hello = wire.decode(line)
    if not isinstance(hello, wire.Hello):
        raise wire.WireError(f"no greeting: {line[:200]!r}")
    return hello


def _lost() -> UnavailableError:
    return UnavailableError("The connection to the guest's agent was closed.")
