"""Snapshots, clones, rollbacks, exports and imports of volumes: one at a time on each volume, all of it or nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Coroutine
from typing import Any

from agent import folders, jsonfile, volume_store
from agent.engines.api import ApiError
from agent.engines.switch import Engines
from agent.errors import ROOM, AgentError
from agent.jobs import Job, Jobs
from agent.loop import Loop, log
from agent.volume_engine import EngineVolumes, Holder, Volume, subordinate_ids
from agent.volume_pause import Holds, told
from agent.volume_store import Store, checked_name, taken

_SETTLED = 5.0
"""Seconds that an engine may take until its list says that a container has stopped."""

_PLACING = "placing.json"
"""In a folder of work: the volume that is being made of it."""

_ANONYMOUS = "com.docker.volume.anonymous"


class VolumeWork:
    """What the methods do, for the engine in use."""

    def __init__(
        self,
        loop: Loop,
        engines: Engines,
        jobs: Jobs,
        *,
        store: Store | None = None,
        holds: Holds | None = None,
    ) -> None:
        self._loop = loop
        self._engines = engines
        self._jobs = jobs
        self._store = store or Store()
        self._holds = holds or Holds(loop, engines)

    async def recover(self) -> None:
        """Put right what a former agent left half done."""
        await self._holds.recover()
        for folder in await self._loop.in_thread(self._store.leftovers):
            await self._unmake(folder)
            await self._loop.in_thread(folders.remove, folder)
            log(f"removed what was left half done: {folder}")

    # methods

    async def snapshots(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        """`{volume?}` → all snapshots, of a volume or of all."""
        volume = params.get("volume")
        if volume is not None:
            checked_name(str(volume), "volume")
        found: list[dict[str, Any]] = await self._loop.in_thread(self._store.manifests, self._engine().kind, volume)
        if volume is not None and not found:
            await self._engine().find(str(volume))
        return found

    async def snapshot(self, params: dict[str, Any]) -> dict[str, Any]:
        """`{volume, name, job?}` → the snapshot, with what was paused for it."""
        engine, name = self._engine(), str(params["volume"])
        snapshot = checked_name(str(params["name"]), "snapshot")
        volume = await engine.find(checked_name(name, "volume"))

        async def act(job: Job) -> dict[str, Any]:
            if self._store.exists(engine.kind, name, snapshot):
                raise taken(name, snapshot)
            stage, manifest = await self._copied(engine, volume, snapshot, job)
            self._store.keep(stage, engine.kind, name, manifest)
            return {**manifest, "volume": name, "engine": engine.kind}

        return await self._do(params, [(engine.kind, name)], "a snapshot of it is being taken", act)

    async def remove_snapshot(self, params: dict[str, Any]) -> dict[str, Any]:
        """`{volume, name}` → `{}`."""
        engine, volume = self._engine(), checked_name(str(params["volume"]), "volume")

        async def act(job: Job) -> dict[str, Any]:
            self._store.take_out(engine.kind, volume, str(params["name"]), job.stage(self._store.work))
            return {}

        return await self._do(params, [(engine.kind, volume)], "a snapshot of it is being deleted", act)

    async def rollback(self, params: dict[str, Any]) -> dict[str, Any]:
        """`{volume, snapshot, before, stop?, job?}` → `{stopped, before}`; `before` names a snapshot of what was."""
        engine, name = self._engine(), checked_name(str(params["volume"]), "volume")
        snapshot, before = str(params["snapshot"]), checked_name(str(params["before"]), "snapshot")
        self._store.find(engine.kind, name, snapshot)
        volume = await engine.find(name)

        async def act(job: Job) -> dict[str, Any]:
            holders = await self._stoppable(engine, volume, stop=bool(params.get("stop")))
            stage = job.stage(self._store.work)
            job.say("Copying the snapshot")
            source = f"{self._store.folder(engine.kind, name, snapshot)}/data"
            await folders.copy(self._loop, source, f"{stage}/data", job.count)

            async def swap() -> None:
                await self._check_free(engine, volume)
                kept, manifest = await self._copied(engine, volume, before, job, pause=False)
                manifest["note"] = f"before the rollback to {snapshot}"
                self._store.keep(kept, engine.kind, name, manifest)
                volume_store.exchange(volume.path, f"{stage}/data")

            await self._holds.stopped(engine, holders, swap, job.say)
            return {"before": before, "stopped": [holder.name for holder in holders]}

        return await self._do(params, [(engine.kind, name)], "it is being rolled back", act)

    async def clone(self, params: dict[str, Any]) -> dict[str, Any]:
        """`{volume, name, snapshot?, job?}` → the new volume, with what was paused for it."""
        engine, source = self._engine(), checked_name(str(params["volume"]), "volume")
        name, snapshot = checked_name(str(params["name"]), "volume"), params.get("snapshot")
        if snapshot is not None:
            manifest = self._store.find(engine.kind, source, str(snapshot))
            volume = None
        else:
            volume = await engine.find(source)
        await self._check_new(engine, name)

        async def act(job: Job) -> dict[str, Any]:
            if volume is not None:
                stage, made = await self._copied(engine, volume, "clone", job)
            else:
                stage = job.stage(self._store.work)
                made = {**manifest, "paused": [], "paused_for": 0.0, "not_paused": []}
                place = f"{self._store.folder(engine.kind, source, str(snapshot))}/data"
                job.say("Copying")
                await folders.copy(self._loop, place, f"{stage}/data", job.count)
            await self._place(engine, name, made["labels"], made["options"], stage)
            return {**made, "name": name, "engine": engine.kind}

        keys = [(engine.kind, source), (engine.kind, name)]
        return await self._do(params, keys, f"it is being cloned to '{name}'", act)

    async def browse(self, params: dict[str, Any]) -> dict[str, Any]:
        """`{volume, path, snapshot?}` → see `volume_store.browse`."""
        engine, name = self._engine(), checked_name(str(params["volume"]), "volume")
        if params.get("snapshot") is not None:
            snapshot = str(params["snapshot"])
            self._store.find(engine.kind, name, snapshot)
            root = f"{self._store.folder(engine.kind, name, snapshot)}/data"
        else:
            root = (await engine.find(name)).path
        found: dict[str, Any] = await self._loop.in_thread(volume_store.browse, root, str(params.get("path") or "/"))
        return found

    async def open_export(self, params: dict[str, Any]) -> dict[str, Any]:
        """`{volume, snapshot?, job}` → `{folder, ids, manifest}`: a copy in `folder/data` that stays until the job
        is cancelled, or the host does not ask about it any more."""
        engine, name, job = self._engine(), checked_name(str(params["volume"]), "volume"), str(params["job"])
        snapshot = params.get("snapshot")

        async def act(job: Job) -> dict[str, Any]:
            if snapshot is None:
                folder, manifest = await self._copied(engine, await engine.find(name), "export", job)
            else:
                manifest = self._store.find(engine.kind, name, str(snapshot))
                folder = self._store.folder(engine.kind, name, str(snapshot))
            ids = await self._loop.in_thread(subordinate_ids, engine.kind)
            manifest = {**manifest, "volume": name, "engine": engine.kind}
            return {"folder": folder, "ids": ids, "manifest": manifest}

        return await self._do({"job": job}, [(engine.kind, name)], "it is being exported", act, stays=True)

    async def open_import(self, params: dict[str, Any]) -> dict[str, Any]:
        """`{name, size, job}` → `{folder, ids}`: the host unpacks there what becomes `folder/data`."""
        engine, name = self._engine(), checked_name(str(params["name"]), "volume")
        await self._check_new(engine, name)

        async def act(job: Job) -> dict[str, Any]:
            stage = job.stage(self._store.work)
            room = os.statvfs(stage)
            if int(params.get("size") or 0) > room.f_bavail * room.f_frsize:
                raise AgentError("disk-full", "The data disk of the machine has no room for this volume.", hint=ROOM)
            ids = await self._loop.in_thread(subordinate_ids, engine.kind)
            return {"folder": stage, "ids": ids}

        return await self._do(
            {"job": str(params["job"])}, [(engine.kind, name)], "it is being imported", act, stays=True
        )

    async def finish_import(self, params: dict[str, Any]) -> dict[str, Any]:
        """`{job, labels}` → the new volume; what was unpacked is its content now."""
        name_of_job = str(params["job"])
        job = self._jobs.find(name_of_job)
        if job is None or not job.folders:
            raise AgentError(
                "not-found", "This import was given up: nothing was heard of it for too long.", hint="Import it again."
            )
        kind, name = job.taken[0]
        stage = job.folders[0]
        if sorted(os.listdir(stage)) != ["data"] or not os.path.isdir(f"{stage}/data"):
            raise AgentError("usage", "What was unpacked is no export of a volume.")
        await self._loop.in_thread(os.sync)
        labels = {str(key): str(value) for key, value in dict(params.get("labels") or {}).items()}
        await self._place(EngineVolumes(self._loop, self._engines.named(kind)), name, labels, {}, stage)
        await self._jobs.close(name_of_job)
        return {"name": name, "engine": kind}

    # how it is done

    def _engine(self) -> EngineVolumes:
        return EngineVolumes(self._loop, self._engines.current)

    async def _do(
        self,
        params: dict[str, Any],
        keys: list[tuple[str, str]],
        what: str,
        act: Callable[[Job], Coroutine[Any, Any, dict[str, Any]]],
        *,
        stays: bool = False,
    ) -> dict[str, Any]:
        """Do `act` while nobody else works on the volumes `keys`: with `stays`, until the host ends the job."""

        async def begin(job: Job) -> Any:
            for key in keys:
                job.take(key, f"Volume '{key[1]}' is busy: {what}.")
            return await job.interruptible(act(job))

        with folders.disk_full("The data disk of the machine has no room for this; nothing was changed."):
            result: dict[str, Any] = await self._jobs.run(params.get("job"), begin, stays=stays)
            return result

    async def _copied(
        self, engine: EngineVolumes, volume: Volume, name: str, job: Job, *, pause: bool = True
    ) -> tuple[str, dict[str, Any]]:
        """Copy a volume's files to a new folder of work; return that and the manifest."""
        stage = job.stage(self._store.work)
        created = time.time()

        async def carry() -> None:
            job.say("Copying")
            await folders.copy(self._loop, volume.path, f"{stage}/data", job.count)

        if pause:
            held = told(await self._holds.paused(engine, volume.name, carry, job.say))
        else:
            await carry()
            held = {}
        job.say("Counting files")
        found = await self._loop.in_thread(folders.measure, f"{stage}/data", lambda: job.stopped)
        labels = {key: value for key, value in volume.labels.items() if key != _ANONYMOUS}
        manifest = {
            "name": name, "created": created, "size": found.length, "files": found.entries, "driver": "local",
            "labels": labels, "options": volume.options, **held,
        }  # fmt: skip
        return stage, manifest

    async def _stoppable(self, engine: EngineVolumes, volume: Volume, *, stop: bool) -> list[Holder]:
        """Return the containers to stop; AgentError when they may not or cannot be."""
        holders = await engine.holders(volume.name)
        if holders and not stop:
            names = ", ".join(holder.name for holder in holders)
            raise AgentError(
                "conflict",
                f"Volume '{volume.name}' is in use by {names}.",
                hint="Stop what uses it, or have it stopped and started again (`--stop`).",
            )
        for holder in holders:
            if holder.state == "paused":
                raise AgentError("conflict", f"Container {holder.name} is paused: unpause or stop it first.")
            if await engine.vanishes(holder.id):
                raise AgentError(
                    "conflict", f"Container {holder.name} was started with --rm and would be gone: stop it yourself."
                )
        return holders

    async def _check_free(self, engine: EngineVolumes, volume: Volume) -> None:
        end = time.monotonic() + _SETTLED
        # Moby's list may name a container as running for a moment after its stop was reported.
        while (holders := await engine.holders(volume.name)) and time.monotonic() < end:
            await self._loop.sleep(0.2)
        if holders:
            names = ", ".join(holder.name for holder in holders)
            raise AgentError("conflict", f"Volume '{volume.name}' is in use again, by {names}; nothing was changed.")

    async def _check_new(self, engine: EngineVolumes, name: str) -> None:
        if await engine.exists(name):
            raise AgentError("conflict", f"There is a volume '{name}' already.", hint="Choose another name.")

    async def _place(
        self, engine: EngineVolumes, name: str, labels: dict[str, str], options: dict[str, str], stage: str
    ) -> None:
        """Make a new volume of what lies in `stage/data`."""
        inode = os.stat(f"{stage}/data").st_ino
        jsonfile.write(f"{stage}/{_PLACING}", {"engine": engine.kind, "name": name, "inode": inode})
        try:
            volume = await engine.create(name, labels, options)
            _check_empty(volume)
            volume_store.exchange(volume.path, f"{stage}/data")
        except BaseException:
            await self._unmake(stage)
            raise

    async def _unmake(self, stage: str) -> None:
        """Remove the volume that was to be made of a folder of work, if it is there and still empty."""
        placing = jsonfile.read(f"{stage}/{_PLACING}")
        if not placing:
            return
        try:
            engine = EngineVolumes(self._loop, self._engines.named(placing["engine"]))
            volume = await engine.find(placing["name"])
            if os.stat(volume.path).st_ino != placing["inode"] and not os.listdir(volume.path):
                await engine.remove(volume.name)
        except FileNotFoundError:
            return
        except (AgentError, ApiError, OSError, KeyError) as error:
            log(f"{stage}: the volume that was being made is not removed: {error}")


def _check_empty(volume: Volume) -> None:
    """Somebody else may have made a volume of the name at the same moment, and the engine takes that for success."""
    if os.listdir(volume.path):
        raise AgentError("conflict", f"There is a volume '{volume.name}' already.")
