"""Tests of vm.errors."""

from __future__ import annotations

import pytest

from vm.errors import ConflictError, LinnetError, from_dict, sentence


def test_an_error_survives_the_local_api() -> None:
    back = from_dict(ConflictError("It is busy.", hint="Wait.", detail="pid 1").to_dict())
    assert isinstance(back, ConflictError)
    assert (back.message, back.hint, back.detail) == ("It is busy.", "Wait.", "pid 1")
    assert type(from_dict({"code": "of a later version", "message": "What?"})) is LinnetError


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (" no such image\n", "No such image."),
        ("Really?", "Really?"),
        ("is it done.", "Is it done."),
        ("éa", "Éa."),
        ("", ""),
    ],
)
def test_what_a_program_said_becomes_a_sentence(said: str, told: str) -> None:
    assert sentence(said) == told
