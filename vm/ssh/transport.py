"""paramiko's Transport and Channel, fed to an event loop instead of to blocking readers.

paramiko's own thread reads and decrypts. Here its hooks put what arrives into per-channel queues and wake the loop
once per batch; messages are sent from the loop itself, because `FlowSocket` never makes a sender wait. No thread per
channel, no polling. paramiko has no `direct-streamlocal@openssh.com`; `open` can open a channel of any kind.

The hooks are private parts of paramiko (the reason why its version is pinned); tests/unit/vm/ssh covers each.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import struct
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, ClassVar

import paramiko
from paramiko.common import (
    cMSG_CHANNEL_CLOSE,
    cMSG_CHANNEL_DATA,
    cMSG_CHANNEL_EOF,
    cMSG_CHANNEL_FAILURE,
    cMSG_CHANNEL_OPEN,
    cMSG_CHANNEL_REQUEST,
    cMSG_CHANNEL_WINDOW_ADJUST,
    cMSG_GLOBAL_REQUEST,
)

from vm.errors import UnavailableError
from vm.ssh.errors import translate
from vm.ssh.flow import HIGH_WATER, FlowSocket

WINDOW = 4 * 1024 * 1024
"""How much a channel may receive ahead of its reader, bytes."""

PACKET = 256 * 1024
"""Largest packet that the guest may send, bytes; fewer packets cost less on both sides."""

_log = logging.getLogger(__name__)

_Message = Any
_Queue = deque[bytes | memoryview]
# The type stubs leave out the private parts that are overridden below.
_Transport: Any = paramiko.Transport
_Channel: Any = paramiko.Channel


def string(value: str | bytes) -> bytes:
    """Encode an SSH string."""
    data = value.encode() if isinstance(value, str) else value
    return struct.pack(">I", len(data)) + data


def _message(kind: bytes, number: int, *parts: bytes | memoryview) -> paramiko.Message:
    message = paramiko.Message()
    message.add_bytes(kind)
    message.add_int(number)
    for part in parts:
        message.add_bytes(part)
    return message


class LinkChannel(_Channel):  # type: ignore[misc]
    """One SSH channel. Its coroutines and its `send_…` methods belong to the loop, its hooks to paramiko's thread."""

    def __init__(self, number: int, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.outputs: tuple[_Queue, _Queue] = (deque(), deque())
        """What arrived and was not read: stdout, stderr."""
        self.exit: tuple[int | None, str | None] | None = None
        """Exit code or signal name, when the guest has sent one."""
        self.request_refused = False
        self.refusal: paramiko.ChannelException | None = None
        self.sink: Callable[[bytes], None] | None = None
        """Takes the main stream in paramiko's thread instead of the queue; b"" at its end."""
        self._waiters: list[asyncio.Future[None]] = []
        self._woken = False
        self._consumed = 0
        self._consumed_lock = threading.Lock()
        self.eof_sent: int | bool = False
        super().__init__(number)

    def _log(self, level: int, msg: str, *args: Any) -> None:
        """Say nothing: a line per channel and packet size helps nobody."""

    # In paramiko's thread.

    def _feed(self, m: _Message) -> None:
        self._arrived(0, m.get_binary())

    def _feed_extended(self, m: _Message) -> None:
        m.get_int()
        self._arrived(1, m.get_binary())

    def _arrived(self, stream: int, data: bytes) -> None:
        if self.closed or not data:
            return
        if stream == 0 and self.sink is not None:
            self.sink(data)
            return
        self.outputs[stream].append(data)
        self.wake()

    def _window_adjust(self, m: _Message) -> None:
        super()._window_adjust(m)
        self.wake()

    def _handle_request(self, m: _Message) -> None:
        kind = m.get_text()
        wants_reply = m.get_boolean()
        if kind == "exit-status":
            self.exit = (m.get_int(), None)
            self.wake()
        elif kind == "exit-signal":
            self.exit = (None, m.get_text())
            self.wake()
        elif wants_reply:
            self.transport._send_user_message(_message(cMSG_CHANNEL_FAILURE, self.remote_chanid))  # noqa: SLF001

    def _request_success(self, m: _Message) -> None:
        """Do nothing: no request's success is waited for."""

    def _request_failed(self, m: _Message) -> None:  # noqa: ARG002
        self.request_refused = True
        self.wake()

    def _handle_eof(self, m: _Message) -> None:
        super()._handle_eof(m)
        self._ended()

    def _set_remote_channel(self, number: int, window: int, packet: int) -> None:
        super()._set_remote_channel(number, window, packet)
        self.wake()

    def _set_closed(self) -> None:
        super()._set_closed()
        self._ended()

    def _ended(self) -> None:
        if self.sink is not None:
            self.sink(b"")
        self.wake()

    def refuse(self, error: paramiko.ChannelException) -> None:
        """Note that the guest did not open this channel."""
        self.refusal = error
        self.wake()

    def wake(self) -> None:
        """Make the loop look at this channel; from any thread."""
        if not self._woken:
            self._woken = True
            with contextlib.suppress(RuntimeError):  # the loop is gone, and nobody waits
                self.loop.call_soon_threadsafe(self._wake_waiters)

    # In the loop.

    def _wake_waiters(self) -> None:
        self._woken = False
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def changed(self) -> None:
        """Wait until something happens to this channel."""
        waiter = self.loop.create_future()
        self._waiters.append(waiter)
        await waiter

    async def opened(self) -> None:
        """Wait until the guest has opened the channel.

        Raises:
            UnavailableError: it refused (`__cause__` is paramiko's ChannelException), or the connection ended.
        """
        while not self.active:
            if self.refusal is not None:
                raise translate(self.refusal) from self.refusal
            if self.closed:
                raise lost()
            await self.changed()

    async def read(self, stream: int, limit: int) -> bytes:
        """Return between 1 and `limit` bytes of stream 0 (stdout) or 1 (stderr); b"" at its end."""
        queue = self.outputs[stream]
        while True:
            ended = self.eof_received or self.closed  # asked first: what came before the end is then in the queue
            if queue:
                data = _take(queue, limit)
                self.consumed(len(data))
                return data
            if ended:
                return b""
            await self.changed()

    def consumed(self, count: int) -> None:
        """Give the guest window for `count` bytes that were read; from any thread."""
        with self._consumed_lock:
            self._consumed += count
            if self._consumed < self.in_window_threshold:
                return
            count, self._consumed = self._consumed, 0
        if not (self.closed or self.eof_received):
            self.transport._send_user_message(  # noqa: SLF001
                _message(cMSG_CHANNEL_WINDOW_ADJUST, self.remote_chanid, struct.pack(">I", count))
            )

    async def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send all of `data`, at the pace of the guest.

        Raises:
            UnavailableError: the channel or the connection is closed.
        """
        rest = memoryview(data)
        while rest:
            with self.lock:
                if self.closed or self.eof_sent:
                    raise lost()
                size = min(self.out_window_size, self.out_max_packet_size, len(rest))
                self.out_window_size -= size
            if size == 0:
                await self.changed()
                continue
            self.transport._send_user_message(  # noqa: SLF001
                _message(cMSG_CHANNEL_DATA, self.remote_chanid, struct.pack(">I", size), rest[:size])
            )
            rest = rest[size:]
            await self.transport.room()

    def send_request(self, kind: str, payload: bytes, *, reply: bool = False) -> None:
        """Send a channel request; a refusal shows in `request_refused`."""
        self.transport._send_user_message(  # noqa: SLF001
            _message(cMSG_CHANNEL_REQUEST, self.remote_chanid, string(kind), bytes([reply]), payload)
        )

    def send_end(self) -> None:
        """Tell the guest that no more data comes; reading goes on."""
        with self.lock:
            if self.closed or self.eof_sent:
                return
            self.eof_sent = True
        self.transport._send_user_message(_message(cMSG_CHANNEL_EOF, self.remote_chanid))  # noqa: SLF001

    def _close_internal(self) -> tuple[paramiko.Message | None, ...]:
        # paramiko sends EOF before each CLOSE, which a process would take for the regular end of its input.
        if not self.active or self.closed:
            return (None, None)
        self._set_closed()
        return (_message(cMSG_CHANNEL_CLOSE, self.remote_chanid),)


class LinkTransport(_Transport):  # type: ignore[misc]
    """One SSH connection, client side."""

    # Hardware AES on both sides where there is any; an emulated guest has none, see docs/architecture.md.
    _preferred_ciphers = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr")
    _preferred_macs = ("hmac-sha2-256-etm@openssh.com", "hmac-sha2-256")
    _preferred_kex = ("curve25519-sha256@libssh.org", "ecdh-sha2-nistp256")
    _preferred_keys = ("ssh-ed25519",)

    # paramiko calls Channel's own functions by this table, so overriding them in LinkChannel alone changes nothing.
    _channel_handler_table: ClassVar[dict[int, Callable[[LinkChannel, _Message], None]]] = {
        kind: getattr(LinkChannel, handler.__name__)
        for kind, handler in _Transport._channel_handler_table.items()  # noqa: SLF001
    }

    def __init__(self, sock: FlowSocket, loop: asyncio.AbstractEventLoop, on_closed: Callable[[], None]) -> None:
        self.loop = loop
        self.flow = sock
        self.dead = False
        self._on_closed = on_closed
        self._held: list[paramiko.Message] = []
        self._strong: dict[int, LinkChannel] = {}
        self._room_waiters: list[asyncio.Future[None]] = []
        super().__init__(sock)
        self.name = "linnet-ssh-reader"
        sock.on_room = self._has_room

    def _log(self, level: int, msg: Any, *args: Any) -> None:  # noqa: ARG002
        # Failures reach the caller as exceptions; paramiko's own words are for debugging only.
        if _log.isEnabledFor(logging.DEBUG):
            for line in msg if isinstance(msg, list) else [msg]:
                _log.debug("%s", line % args if args else line)

    # In paramiko's thread.

    def run(self) -> None:
        """Read until the connection ends; then close every channel and tell the owner."""
        try:
            super().run()
        finally:
            with self.lock:
                self.dead = True
                left = list(self._strong.values())
            for channel in left:
                channel._unlink()  # noqa: SLF001
            self.flow.dispose()
            with contextlib.suppress(RuntimeError):
                self.loop.call_soon_threadsafe(self._closed)

    def _parse_newkeys(self, m: _Message) -> None:
        super()._parse_newkeys(m)
        with self.clear_to_send_lock:
            held, self._held = self._held, []
            for message in held:
                self._send_message(message)

    def _parse_channel_open_failure(self, m: _Message) -> None:
        number, reason, text = m.get_int(), m.get_int(), m.get_text()
        channel = self._strong.get(number)
        self._unlink_channel(number)
        if channel is not None:
            channel.refuse(paramiko.ChannelException(reason, text))

    def _unlink_channel(self, number: int) -> None:
        super()._unlink_channel(number)
        self._strong.pop(number, None)
        # The guest has closed it too, so nothing more can come for this number; paramiko would remember it for ever.
        self.channels_seen.pop(number, None)

    # From any thread.

    def _send_user_message(self, data: _Message) -> None:
        with self.clear_to_send_lock:
            if not self.active:
                return
            if self._held or not self.clear_to_send.is_set():
                self._held.append(data)  # while keys are exchanged; sent by _parse_newkeys
                return
            try:
                self._send_message(data)
            except (EOFError, OSError):
                self.flow.close()  # the reading thread ends, and with it every channel

    def _has_room(self) -> None:
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self._wake_senders)

    # In the loop.

    def _wake_senders(self) -> None:
        waiters, self._room_waiters = self._room_waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def _closed(self) -> None:
        self._wake_senders()
        self._on_closed()

    async def room(self) -> None:
        """Wait while too much that was sent has not left this machine."""
        while self.flow.pending > HIGH_WATER and not self.dead:
            waiter = self.loop.create_future()
            self._room_waiters.append(waiter)
            await waiter

    def open(self, kind: str, payload: bytes = b"", *, window: int = WINDOW, packet: int = PACKET) -> LinkChannel:
        """Ask for a channel of `kind`; await its `opened`."""
        with self.lock:
            if self.dead or not self.active:
                raise lost()
            number = self._next_channel()
            channel = LinkChannel(number, self.loop)
            self._channels.put(number, channel)
            self._strong[number] = channel
            self.channels_seen[number] = True
            channel._set_transport(self)  # noqa: SLF001
            channel._set_window(window, packet)  # noqa: SLF001
        message = paramiko.Message()
        message.add_bytes(cMSG_CHANNEL_OPEN)
        message.add_string(kind)
        for value in (number, window, packet):
            message.add_int(value)
        message.add_bytes(payload)
        self._send_user_message(message)
        return channel

    def send_keepalive(self) -> None:
        """Ask for a sign of life; any answer moves `FlowSocket.last_received`."""
        message = paramiko.Message()
        message.add_bytes(cMSG_GLOBAL_REQUEST)
        message.add_string("keepalive@openssh.com")
        message.add_boolean(True)
        self._send_user_message(message)


def lost() -> UnavailableError:
    """Return the error of a connection that is no more."""
    return UnavailableError("The connection to the guest was closed.")


def _take(queue: _Queue, limit: int) -> bytes:
    first = queue.popleft()
    if len(first) > limit:
        view = memoryview(first)
        queue.appendleft(view[limit:])
        return bytes(view[:limit])
    parts, size = [first], len(first)
    while queue and size + len(queue[0]) <= limit:
        parts.append(queue.popleft())
        size += len(parts[-1])
    return b"".join(parts)
