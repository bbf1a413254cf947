"""The frames that an exec connection carries after its upgrade, both ways.

Type (1 byte), length (4 bytes, big-endian), payload. See docs/architecture.md, "Local API".
"""

from __future__ import annotations

import enum
import json
import struct
from collections.abc import Iterator
from typing import Any

from vm.errors import UsageError

_HEADER = struct.Struct(">BI")

PAYLOAD_LIMIT = 1024 * 1024
"""Bytes that one frame may carry; longer data is sent in pieces."""

CHUNK = 64 * 1024
"""Bytes of output that are sent in one frame at most."""


class FrameType(enum.IntEnum):
    """What a frame is."""

    stdin = 0
    stdout = 1
    stderr = 2
    resize = 3
    """JSON: rows, cols."""
    signal = 4
    """Name without SIG, ASCII."""
    end_of_stdin = 5
    exit = 6
    """JSON: code, signal (name or null). The last frame."""
    error = 7
    """JSON: an error dictionary. The last frame."""


def encode(kind: FrameType, payload: bytes | memoryview = b"") -> bytes:
    """Return one frame as bytes."""
    return _HEADER.pack(kind, len(payload)) + payload


def encode_json(kind: FrameType, content: dict[str, Any]) -> bytes:
    """Return one frame whose payload is JSON."""
    return encode(kind, json.dumps(content).encode())


class Decoder:
    """Finds frames in what arrives, however it is cut."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[FrameType, bytes]]:
        """Take what arrived and yield the frames that are complete now.

        Raises:
            UsageError: the other side does not speak in frames.
        """
        self._buffer += data
        while len(self._buffer) >= _HEADER.size:
            number, length = _HEADER.unpack_from(self._buffer)
            if number not in FrameType.__members__.values() or length > PAYLOAD_LIMIT:
                raise UsageError(f"A frame of type {number} and {length} bytes is not part of the exec protocol.")
            end = _HEADER.size + length
            if len(self._buffer) < end:
                return
            payload = bytes(self._buffer[_HEADER.size : end])
            del self._buffer[:end]
            yield FrameType(number), payload
