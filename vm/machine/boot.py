"""From a machine's description to everything that QEMU and the guest's initrd need for one cold start."""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from agent.digest import digest
from vm import ports
from vm.accel import CONSOLES, find_accelerator
from vm.config.description import MachineConfig
from vm.config.settings import MACHINE_SETTINGS
from vm.drivers.base import Accelerator, Disk, Driver, ShareDevice, VmSpec
from vm.errors import ConflictError
from vm.guest import keys, seed
from vm.image.model import GuestImage
from vm.layout import Layout, MachineFiles
from vm.machine.record import RunRecord
from vm.progress import Progress, Reporter
from vm.shares.base import Owner

COMMAND_LINE = "console={console} quiet panic=1 net.ifnames=0 systemd.show_status=false lsm=landlock,yama"
"""Without `lsm=`, systemd finds the BPF security module and spends a second on loading programs into it."""


@dataclass(frozen=True)
class Ingredients:
    """What a cold start is made of, found beforehand."""

    layout: Layout
    files: MachineFiles
    config: MachineConfig
    image: GuestImage
    driver: Driver
    agent_source: Path
    check_data: bool = False
    """Whether the guest checks the file system of the data disk before it uses it."""


async def prepare(ingredients: Ingredients, shares: tuple[ShareDevice, ...], report: Reporter) -> RunRecord:
    """Choose the accelerator, write the seed and return how the VM is to be started.

    Raises:
        LinnetError: no accelerator, no room, keys that cannot be written.
    """
    image, config, files = ingredients.image, ingredients.config, ingredients.files
    report(Progress("Finding the accelerator"))
    arch = image.qemu_arch
    accel = await find_accelerator(ingredients.layout, image.kernel, image.initrd, arch, wanted=config.accelerator)
    machine_keys = keys.ensure(files)
    port = ssh_port(files, config)
    owner = Owner.current()
    seed.write(files.seed, _seed_facts(ingredients, machine_keys, owner))
    spec = VmSpec(
        name=files.name,
        uuid=str(uuid.uuid5(uuid.NAMESPACE_URL, f"linnet:{files.folder}")),
        cpus=config.cpus,
        memory=config.memory,
        accelerator=Accelerator(accel.accelerator),
        kernel=image.kernel,
        initrd=image.initrd,
        command_line=COMMAND_LINE.format(console=CONSOLES[arch]),
        disks=(
            Disk(image.system, "linnet-system", read_only=True),
            Disk(files.data_disk, "linnet-data", format="qcow2"),
            Disk(files.seed, "linnet-seed", read_only=True),
        ),
        serial_log=files.serial_log,
        vmm_log=files.vmm_log,
        shares=shares,
        arch=arch,
    )
    return RunRecord(
        driver=ingredients.driver.name,
        spec=spec,
        image=image.version,
        accelerator_reason=accel.reason,
        user_id=owner.guest_uid,
        ssh_port=port,
        started_at=time.time(),
        settings=settings_digests(config),
    )


def _seed_facts(ingredients: Ingredients, machine_keys: keys.MachineKeys, owner: Owner) -> seed.SeedFacts:
    config, files = ingredients.config, ingredients.files
    return seed.SeedFacts(
        machine=files.name,
        hostname=f"linnet-{files.name}" if files.name != "default" else "linnet",
        uid=owner.guest_uid,
        gid=owner.guest_gid,
        engine=config.engine,
        time=time.time(),
        agent_folder=ingredients.agent_source,
        agent_digest=digest(ingredients.agent_source),
        host_key=machine_keys.host_key,
        host_key_public=machine_keys.host_key_public,
        authorized_keys=(machine_keys.public,),
        mirrors=dict(config.registries_mirrors),
        insecure=tuple(config.registries_insecure),
        certificates=tuple(Path(path) for path in config.registries_certificates),
        proxy_http=config.proxy_http,
        proxy_https=config.proxy_https,
        no_proxy=tuple(config.proxy_no_proxy),
        check_data=ingredients.check_data,
    )


def ssh_port(files: MachineFiles, config: MachineConfig, former: int | None = None) -> int:
    """Choose the port that shall lead to the guest's sshd, and write `known_hosts` for it.

    Args:
        files: of the machine, whose keys are there.
        config: may name a port.
        former: the one that the machine had when it was suspended; kept while it is free.

    Raises:
        ConflictError: the fixed port of the machine is taken.
    """
    chosen = config.ssh_port or former
    if chosen is None or (not config.ssh_port and not ports.is_free(chosen)):
        chosen = ports.free_port()
    elif not ports.is_free(chosen):
        raise ConflictError(
            f"Port {chosen} on 127.0.0.1, set as ssh_port, is in use.",
            hint="Choose another one, or 0 for any free port: `linnet config set ssh_port 0`.",
        )
    keys.write_known_hosts(files.known_hosts, chosen, keys.read_public(files.host_key))
    return chosen


def settings_digests(config: MachineConfig) -> dict[str, str]:
    """Return a digest of each setting that a running machine would have to be restarted for."""
    return {
        setting.name: hashlib.sha256(
            json.dumps(setting.type.plain(getattr(config, setting.attribute)), sort_keys=True, default=str).encode()
        ).hexdigest()[:16]
        for setting in MACHINE_SETTINGS
        if setting.restart
    }


def changed_settings(record: RunRecord, config: MachineConfig) -> list[str]:
    """Return the names of settings that differ from those that the VM was started with and need a restart."""
    now = settings_digests(config)
    return sorted(name for name, value in now.items() if record.settings.get(name, value) != value)
