"""What carries out a request; and methods whose code is loaded with the first call: most guests never need it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

Method = Callable[[dict[str, Any]], Awaitable[Any]]
"""Takes the parameters of a request; returns its result, or raises `agent.errors.AgentError`."""


def late(names: Iterable[str], load: Callable[[str], Method]) -> dict[str, Method]:
    """Return the methods `names`; `load` gives one by its name when it is called."""

    def method(name: str) -> Method:
        return lambda params: load(name)(params)

    return {name: method(name) for name in names}
