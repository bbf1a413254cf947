"""Tests of app.core.frames."""

from __future__ import annotations

import pytest

from app.core.frames import Decoder, FrameType, encode, encode_json
from vm.errors import UsageError


def test_frames_survive_any_cut() -> None:
    sent = [(FrameType.stdin, b"abc"), (FrameType.end_of_stdin, b""), (FrameType.stdout, bytes(range(256)))]
    data = b"".join(encode(kind, payload) for kind, payload in sent)
    for size in (1, 2, 7, len(data)):
        decoder = Decoder()
        found = [frame for at in range(0, len(data), size) for frame in decoder.feed(data[at : at + size])]
        assert found == sent


def test_json_frame() -> None:
    assert encode_json(FrameType.resize, {"rows": 2}) == b'\x03\x00\x00\x00\x0b{"rows": 2}'


@pytest.mark.parametrize("data", [b"\x08\0\0\0\0", b"\x00\xff\xff\xff\xff", b"HTTP/1.1 400"])
def test_what_is_no_frame_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError):
        list(Decoder().feed(data))
