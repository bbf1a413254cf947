"""What is looked at and kept before containers and volumes are removed, and what is done with it afterwards.

The engine removes; here is only copied. So a copy is `pending` until the host says that the removing is over: what is
still there then (the engine refused, or somebody answered no) is dropped from the trash again.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from agent import jsonfile, losses, trash
from agent.engines.api import ApiError, Connection, ask, look_up
from agent.engines.base import Engine
from agent.engines.switch import Engines
from agent.errors import AgentError
from agent.jobs import Job, Jobs
from agent.loop import Loop, log
from agent.losses import Measure
from agent.methods import Method
from agent.trash import HALF, Manifest, Trash
from agent.trash_look import Found, look_at_container, look_at_volume, told

FORGOTTEN_AFTER = 600.0
"""Seconds after which a pending entry is settled by the agent: nobody else will."""

_POLICY = "policy.json"
_LEAVING = "restored or removed for good"
_KEEP_DAYS, _KEEP_BYTES = 7.0, 5 << 30
"""Until the host has said how long and how much."""

_STOP_LIMIT = 120.0

_LOOK_LIMIT = 45.0
"""Seconds in which all that a request names is looked at."""


class Keeper:
    """Looks, keeps, settles and expires.

    Attributes:
        methods: the agent's methods, by name.
    """

    def __init__(self, loop: Loop, engines: Engines, jobs: Jobs, root: str) -> None:
        self._loop = loop
        self._engines = engines
        self._jobs = jobs
        self._trash = Trash(root)
        self.methods: dict[str, Method] = {
            "losses": self._losses,
            "trash.keep": self._keep,
            "trash.settle": self._settle,
            "trash.policy": self._set_policy,
            "trash.list": self._list,
            "trash.show": self._show,
            "trash.remove": self._remove,
            "trash.restore": self._restore,
            "trash.save_volume": self._save_volume,
        }

    async def clear(self, leftovers: list[str]) -> None:
        """Remove what a crash left half made or half removed."""
        await self._loop.in_thread(self._trash.clear, leftovers)
        if leftovers:
            log(f"removed {len(leftovers)} unfinished entries of the trash")

    async def tend(self) -> None:
        """Let what is too old go, and settle what somebody left in the middle. Does not raise."""
        try:
            await self._settle_forgotten()
            await self._expire()
        except (OSError, ApiError, AgentError, TimeoutError) as error:
            log(f"the trash could not be tended: {error}")

    # looking

    async def _losses(self, params: dict[str, Any]) -> Found:
        """Return what would go with `containers` and `volumes` (names or identifiers)."""
        engine = self._engines.current
        containers: list[Found] = []
        volumes: list[Found] = []
        number = len(params.get("containers") or []) + len(params.get("volumes") or [])
        seconds = min(losses.SECONDS, _LOOK_LIMIT / max(number, 1))
        connection = engine.connect(self._loop)
        try:
            for name in map(str, params.get("containers") or []):
                container = await look_at_container(self._loop, engine, connection, name, seconds)
                containers += [] if container is None else [told(container)]
            for name in map(str, params.get("volumes") or []):
                volume = await look_at_volume(self._loop, connection, name, seconds)
                volumes += [] if volume is None else [told(volume)]
        finally:
            connection.close()
        return {"engine": engine.kind, "containers": containers, "volumes": volumes}

    # keeping

    async def _keep(self, params: dict[str, Any]) -> Found:
        """Keep what `containers` and `volumes` hold, because they are about to be removed.

        `stop` (gently or force) stops those that run first, and starts them again when they cannot be kept; without it
        they are left out. Nothing is kept when one of them cannot be, or the `job` is given up.
        """
        days, limit = self._policy()
        if days <= 0:
            return {"kept": [], "days": 0}
        kept = await self._jobs.run(params.get("job"), lambda job: self._copy_all(job, params, limit))
        return {"kept": [trash.summary(one) for one in kept], "days": days}

    async def _copy_all(self, job: Job, params: dict[str, Any], limit: int) -> list[Manifest]:
        """Return the new entries."""
        stop, timeout = str(params.get("stop") or ""), params.get("timeout")
        kept: list[Manifest] = []
        stopped: list[str] = []
        engine = self._engines.current
        connection = engine.connect(self._loop)
        try:
            for name in params.get("containers") or []:
                found = await look_at_container(self._loop, engine, connection, str(name))
                if found is None or found["auto_remove"] or (found["running"] and not stop):
                    continue
                _take(job, found["id"], found["name"], "removed")
                if found["running"] and not found["paused"]:  # what is paused writes nothing
                    await _stop(self._loop, engine, connection, found["id"], stop, timeout)
                    stopped.append(found["id"])
                    found = await look_at_container(self._loop, engine, connection, found["id"]) or found
                kept += await self._copy(engine, found, job, limit)
            for name in params.get("volumes") or []:
                found = await look_at_volume(self._loop, connection, str(name))
                if found is not None:
                    _take(job, found["id"], found["name"], "removed")
                    kept += await self._copy(engine, found, job, limit)
            await self._loop.in_thread(self._trash.put, kept)
        except BaseException:
            await _start_again(connection, stopped)
            raise
        finally:
            connection.close()
        return kept

    async def _copy(self, engine: Engine, found: Found, job: Job, limit: int) -> list[Manifest]:
        """Return the new entry, or nothing when there is nothing to lose."""
        measured: Measure = found["measure"]
        volumes = [one for one in found.get("volumes") or [] if one["upper"] is not None and one["measure"].bytes]
        total = measured.bytes + sum(one["measure"].bytes for one in volumes)
        if not total or (found["kind"] == "volume" and found["upper"] is None):
            return []
        if total > limit:
            raise AgentError(
                "conflict",
                f"{found['name']} holds {_size(total)}, and the trash takes no more than {_size(limit)}.",
            )
        sources = {"layer" if found["kind"] == "container" else "data": found["upper"]}
        sources.update({f"volumes/{place}": one["upper"] for place, one in enumerate(volumes)})
        shown = told({**found, "volumes": volumes})
        manifest = {
            **shown,
            "engine": engine.kind,
            "pending": True,
            "of": found["id"],
            "inspect": found.get("inspect"),
            "options": found.get("options"),
            "volumes": [{**one, "place": f"volumes/{place}"} for place, one in enumerate(shown.get("volumes") or [])],
        }
        job.say(f"Keeping {found['name']}")
        return [await self._trash.copy(self._loop, job, manifest, sources)]

    # settling

    async def _settle(self, params: dict[str, Any]) -> Found:
        """Say that the removing of the entries `ids` is over; return those that are in the trash now."""
        kept = []
        for identifier in params["ids"]:
            try:
                manifest: Manifest | None = await self._loop.in_thread(self._trash.find, str(identifier))
            except AgentError:
                continue
            if manifest is not None and manifest["pending"] and manifest["engine"] == self._engines.current.kind:
                manifest = await self._settled(manifest)
            if manifest is not None:
                kept.append(trash.summary(manifest))
        await self._expire(busy=[one["id"] for one in kept])
        return {"kept": kept}

    async def _settled(self, manifest: Manifest) -> Manifest | None:
        """Return the entry without what is still there; None if nothing was removed."""
        connection = self._engines.current.connect(self._loop)
        try:
            there = (
                f"/{'containers' if manifest['kind'] == 'container' else 'volumes'}/{quote(manifest['of'], safe='')}"
            )
            if await look_up(connection, there + ("/json" if manifest["kind"] == "container" else "")) is not None:
                await self._loop.in_thread(self._trash.drop, manifest)
                return None
            volumes = []
            for volume in manifest.get("volumes") or []:
                if await look_up(connection, f"/volumes/{quote(volume['name'], safe='')}") is not None:
                    await self._loop.in_thread(self._trash.drop, manifest, volume["place"])
                else:
                    volumes.append(volume)
        finally:
            connection.close()
        lost = manifest["bytes"] + sum(one["bytes"] for one in volumes)
        if not lost:
            await self._loop.in_thread(self._trash.drop, manifest)
            return None
        manifest = {**manifest, "volumes": volumes, "pending": False}
        await self._loop.in_thread(self._trash.update, manifest)
        return manifest

    async def _settle_forgotten(self) -> None:
        """Settle what a host left pending that went away in the middle."""
        for manifest in await self._loop.in_thread(self._trash.entries):
            old = time.time() - float(manifest.get("removed_at") or 0) > FORGOTTEN_AFTER
            if manifest.get("pending") and old and manifest.get("engine") == self._engines.current.kind:
                await self._settled(manifest)

    # what is kept for how long

    def _policy(self) -> tuple[float, int]:
        policy = jsonfile.read(os.path.join(self._trash.root, _POLICY))
        return float(policy.get("days", _KEEP_DAYS)), int(policy.get("bytes", _KEEP_BYTES))

    async def _set_policy(self, params: dict[str, Any]) -> Found:
        """Take how many `days` (0: nothing is kept) and how many `bytes` the trash may hold."""
        policy = {"days": float(params["days"]), "bytes": int(params["bytes"])}

        def write() -> None:
            os.makedirs(self._trash.root, mode=0o700, exist_ok=True)
            jsonfile.write(os.path.join(self._trash.root, _POLICY), policy)

        if self._policy() != (policy["days"], policy["bytes"]):
            await self._loop.in_thread(write)
        await self._expire()
        return {}

    async def _expire(self, busy: Iterable[str] = ()) -> None:
        days, limit = self._policy()
        spared = {*busy, *self._jobs.busy}
        for identifier in await self._loop.in_thread(self._trash.expire, days, limit, spared):
            log(f"the trash let {identifier} go")

    # the entries

    async def _list(self, _params: dict[str, Any]) -> list[Found]:
        days, _limit = self._policy()
        await self.tend()
        entries = await self._loop.in_thread(self._trash.entries)
        return [{**trash.summary(one), "until": _until(one, days)} for one in entries if not one.get("pending")]

    async def _show(self, params: dict[str, Any]) -> Found:
        manifest = await self._loop.in_thread(self._trash.find, str(params["id"]))
        return {**manifest, "until": _until(manifest, self._policy()[0])}

    async def _remove(self, params: dict[str, Any]) -> Found:
        """Remove the entries `ids` (or names) for good, or all of them."""
        wanted = params.get("ids")
        if wanted is None:
            chosen = [one for one in await self._loop.in_thread(self._trash.entries) if not one.get("pending")]
        else:
            chosen = [await self._loop.in_thread(self._trash.find, str(one)) for one in wanted]

        async def drop(job: Job) -> None:
            for manifest in chosen:
                _take(job, manifest["id"], manifest["name"], _LEAVING)
                await self._loop.in_thread(self._trash.drop, manifest)

        await self._jobs.run(params.get("job"), drop)
        return {"removed": [one["id"] for one in chosen], "freed": sum(int(one["size"]) for one in chosen)}

    async def _restore(self, params: dict[str, Any]) -> Found:
        """Bring the entry `id` back, under its name or another `name`."""
        from agent.trash_restore import Restoring

        manifest = await self._loop.in_thread(self._trash.find, str(params["id"]))

        async def restore(job: Job) -> Found:
            _take(job, manifest["id"], manifest["name"], _LEAVING)
            job.say(f"Restoring {manifest['name']}")
            restoring = Restoring(self._loop, self._engines, self._trash, manifest, job)
            result = await restoring.run(str(params.get("name") or manifest["name"]))
            await self._loop.in_thread(self._trash.drop, manifest)
            return result

        result: Found = await self._jobs.run(params.get("job"), restore)
        return result

    async def _save_volume(self, params: Found) -> Found:
        """Make a named volume of what a container holds, see `agent.trash_save`."""
        from agent.trash_save import save_volume

        async def save(job: Job) -> Found:
            return await save_volume(self._loop, self._engines.current, job, job.stage(self._trash.root, HALF), params)

        result: Found = await self._jobs.run(params.get("job"), save)
        return result


def _take(job: Job, key: str, name: str, doing: str) -> None:
    job.take(key, f"{name} is just being {doing}.")


async def _stop(loop: Loop, engine: Engine, connection: Connection, key: str, how: str, timeout: object) -> None:
    """Stop a container as the engine does before it removes it by force: Moby kills, Podman asks first."""
    if how == "force" and engine.kind == "docker":
        path = f"/containers/{key}/kill"
    else:
        seconds = 10 if timeout is None else int(str(timeout))
        path = f"/containers/{key}/stop?t={seconds}"
    try:
        await loop.timeout(_STOP_LIMIT, ask(connection, "POST", path))
    except ApiError as error:
        if error.status not in (304, 409):  # it has just ended by itself
            raise


async def _start_again(connection: Connection, containers: list[str]) -> None:
    for container in containers:
        try:
            await ask(connection, "POST", f"/containers/{container}/start")
        except (ApiError, OSError) as error:
            log(f"{container[:12]} was stopped to be removed and could not be started again: {error}")


def _until(manifest: Manifest, days: float) -> float | None:
    return float(manifest["removed_at"]) + days * trash.DAY if days > 0 else None


def _size(count: int) -> str:
    return f"{count / (1 << 30):.1f} GiB" if count >= 1 << 30 else f"{count / (1 << 20):.1f} MiB"
