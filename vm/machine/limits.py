"""What the containers of a machine may use, and which of them ran out of memory."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vm.errors import ConflictError, NotFoundError
from vm.units import human_size

if TYPE_CHECKING:
    from vm.machine.machine import Machine

REQUEST_LIMIT = 180.0
"""Seconds that a change may take: the engine is asked three times."""

KEPT = 20
"""Containers whose lack of memory is remembered."""

KEPT_PROGRAMS = 5
"""Programs that are named for each of them."""


class MachineLimits:
    """The limits of the containers of one machine."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    async def list(self) -> Sequence[Mapping[str, Any]]:
        """Return all containers that run, each with its limits and what it uses."""
        agent = self._machine.live().agent
        found: Sequence[Mapping[str, Any]] = await agent.request("limits.show", {}, timeout=REQUEST_LIMIT)
        return found

    async def get(self, container: str) -> Mapping[str, Any]:
        """Return one container, by name or id, running or not. Raises NotFoundError."""
        agent = self._machine.live().agent
        try:
            found = await agent.request("limits.show", {"container": container}, timeout=REQUEST_LIMIT)
        except NotFoundError as error:
            raise _unknown(error) from error
        one: Mapping[str, Any] = found[0]
        return one

    async def change(self, container: str, changes: Mapping[str, Any], *, force: bool = False) -> Mapping[str, Any]:
        """Change limits of one container, all or none, and return it as it is then.

        Args:
            container: name or id.
            changes: cpus, memory, swap, pids, io_weight, as the agent has them.
            force: also when the container uses more now than it shall be allowed to.

        Raises:
            LinnetError: it was not done; nothing has changed.
        """
        agent = self._machine.live().agent
        params = {"container": container, "force": force, **changes}
        try:
            one: Mapping[str, Any] = await agent.request("limits.set", params, timeout=REQUEST_LIMIT)
        except NotFoundError as error:
            raise _unknown(error) from error
        except ConflictError as error:
            error.hint = error.hint or "Nothing was changed. --force sets the limit all the same."
            raise
        return one


class OutOfMemory:
    """Which containers ran out of memory since the machine is linked, in sentences."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[int, list[str], str]] = {}

    def note(self, event: Mapping[str, Any]) -> str:
        """Take an `oom` event of the agent in; return what it says."""
        name = str(event["name"] or event["id"][:12])
        count, programs, _text = self._told.pop(name, (0, [], ""))
        programs = [*(one for one in programs if one != event.get("program")), event.get("program") or ""]
        programs = list(filter(None, programs))[-KEPT_PROGRAMS:]
        when = f"({_times(count + 1)}{time.strftime('%H:%M:%S')})"
        self._told[name] = (count + 1, programs, f"{sentence(event, programs)} {when}")
        while len(self._told) > KEPT:
            del self._told[next(iter(self._told))]
        return sentence(event)

    def all(self) -> Sequence[str]:
        """Return a sentence for each container, the latest last."""
        return [text for _count, _programs, text in self._told.values()]


def sentence(event: Mapping[str, Any], programs: Sequence[str] = ()) -> str:
    """Say what an `oom` event of the agent tells: whose memory was full, and which limit that was.

    `programs`: all that were ended, if it was more than the event's.
    """
    name = str(event["name"] or event["id"][:12])
    ended = [f"'{one}'" for one in programs or [event.get("program", "")] if one]
    program = f"ended {', '.join(ended)}" if ended else "ended a process"
    if event.get("guest"):
        return f"The machine had no memory left, and the kernel {program} in container '{name}'."
    limit = f" of {human_size(event['limit'])}" if event.get("limit") else ""
    where = f"a limit{limit} above it ({event['limited']})" if event.get("limited") else f"its memory limit{limit}"
    return f"Container '{name}' reached {where}, and the kernel {program} in it."


def _unknown(error: NotFoundError) -> NotFoundError:
    return NotFoundError(error.message, hint="`linnet ps -a` lists all containers.", detail=error.detail)


def _times(count: int) -> str:
    return f"{count} times, last at " if count > 1 else "at "
