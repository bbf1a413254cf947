"""What the tests here share."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from app.cli.main import main
from tests.unit.app.cli.fakes import FakeService, fake_service


class Ended(NamedTuple):
    """How a run of `linnet` ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeService]:
    monkeypatch.delenv("LINNET_MACHINE", raising=False)
    # pytest's own temporary folders are too deep for a socket's path.
    with tempfile.TemporaryDirectory(prefix="lnt") as folder, fake_service(Path(folder)) as running:
        yield running


@pytest.fixture
def linnet(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Runs `linnet` in this process."""

    def run(*words: str) -> Ended:
        capfd.readouterr()
        code = main(list(words))
        out, err = capfd.readouterr()
        return Ended(code, out, err)

    return run
