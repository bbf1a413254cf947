"""Scripts for the agent's core: a dialogue of events (`>>`) and the commands they bring about (`<<`).

::

    (
        Playbook()
        >> Connected(1)
        << Send(1, HELLO)
        >> request(1, 7, "ports.list")
        << Run(1, "ports.list", {})
    ).play()

`play` feeds the events to a new core and fails with a diff of the two dialogues if the core said anything else.
"""

from __future__ import annotations

import difflib
import json
from typing import Any

from agent import wire
from agent.core import Core, Line

HELLO = wire.Hello(wire.PROTOCOL, "d1ge57", "b007")


def request(connection: int, number: int, method: str, **params: Any) -> Line:
    """The line of a host that asks for something."""
    return Line(connection, json.dumps({"id": number, "method": method, "params": params}).encode())


class Playbook:
    def __init__(self) -> None:
        self._script: list[tuple[str, Any]] = []

    def __rshift__(self, event: Any) -> Playbook:
        self._script.append((">>", event))
        return self

    def __lshift__(self, command: Any) -> Playbook:
        self._script.append(("<<", command))
        return self

    def then(self, other: Playbook) -> Playbook:
        """Continue with another script."""
        self._script += other._script
        return self

    def play(self) -> None:
        core = Core(HELLO)
        expected = [f"{sign} {what}" for sign, what in self._script]
        real: list[str] = []
        for sign, what in self._script:
            if sign == ">>":
                real.append(f">> {what}")
                real += [f"<< {command}" for command in core.handle(what)]
        if real != expected:
            diff = difflib.unified_diff(expected, real, "the script", "the core", n=3, lineterm="")
            raise AssertionError("the core did not follow the script:\n" + "\n".join(diff))
