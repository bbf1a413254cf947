"""What people read when the guest fails: sentences, each with its code and, where there is one, a way out."""

from __future__ import annotations

import ast
import errno
from collections.abc import Iterator

import pytest

from agent import wire
from agent.engines.api import ApiError
from agent.errors import closing
from agent.shell import unforeseen
from tests.unit.test_layers import ROOT, tracked

OWN_SENTENCE = {"rest"}
"""Names of what is a sentence of its own behind another one."""


def messages(tree: ast.AST) -> Iterator[ast.Constant | ast.JoinedStr]:
    """Yield the messages that a module writes out itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            place = {"AgentError": 1, "_refuse": 2}.get(name)
            message = node if place is None else node.args[place]
            if isinstance(message, ast.Constant | ast.JoinedStr):
                yield message


def ends_well(part: ast.expr) -> bool:
    if isinstance(part, ast.Constant):
        return str(part.value).endswith(".")
    assert isinstance(part, ast.FormattedValue)
    value = part.value
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Name) and value.func.id == "closing"
    return isinstance(value, ast.Name) and value.id in OWN_SENTENCE


@pytest.mark.parametrize("path", tracked("agent/*.py"))
def test_the_agent_speaks_in_sentences(path: str) -> None:
    wrong = []
    for message in messages(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        parts: list[ast.expr] = list(message.values) if isinstance(message, ast.JoinedStr) else [message]
        first = parts[0].value if isinstance(parts[0], ast.Constant) else ""
        if str(first)[:1].islower() or not ends_well(parts[-1]):
            wrong.append(f"{path}:{message.lineno}: {ast.unparse(message)}")
    assert not wrong


@pytest.mark.parametrize(
    ("said", "expected"),
    [("no such volume", "no such volume."), (" Gone.\n", "Gone."), (OSError(errno.EIO, "bad"), "[Errno 5] bad.")],
)
def test_what_others_say_closes_a_sentence(said: object, expected: str) -> None:
    assert closing(said) == expected


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (KeyError("volume"), "usage", "The request volumes.browse needs the parameter 'volume'."),
        (ApiError(500, "layer not known."), "guest", "The engine refused: layer not known."),
        (TimeoutError("no answer in 5 s"), "timeout", "The request volumes.browse took too long: no answer in 5 s."),
        (OSError(errno.ENOSPC, "No space left"), "disk-full", "There is no room left on the disk of the machine."),
        (
            ConnectionResetError("the engine closed the connection"),
            "guest",
            "The request volumes.browse failed in the guest: the engine closed the connection.",
        ),
        (ValueError("no number"), "usage", "The request volumes.browse cannot use its parameters: no number."),
    ],
)
def test_what_no_method_foresaw_is_a_sentence_too(error: Exception, code: str, message: str) -> None:
    failed = unforeseen("volumes.browse", error)
    assert (failed.code, failed.message) == (code, message)
    assert bool(failed.hint) == (code == "disk-full")


def test_hints_go_over_the_wire_and_an_agent_without_them_is_understood() -> None:
    failure = wire.Failure(7, "conflict", "It is busy.", None, "Try again later.")
    assert wire.decode(wire.encode(failure)) == failure
    assert wire.decode(b'{"id": 7, "error": {"code": "guest", "message": "No."}}') == wire.Failure(7, "guest", "No.")
