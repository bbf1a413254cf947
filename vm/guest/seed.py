"""The seed: what makes one machine out of the common guest image, as a tar that the guest's initrd reads.

`linnet.env` holds the facts as shell variables, `root/` a tree that is laid over the guest's `/`, `agent/` the agent's
source. The file is written anew at each cold start and holds the guest's SSH host key: mode 0600.
"""

from __future__ import annotations

import os
import stat
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from vm.errors import DiskFullError, UnavailableError
from vm.guest import registries
from vm.image.archive import Entry, tar

NO_SPACE = {28, 112}
"""errno of a full disk: ENOSPC, and Windows' ERROR_DISK_FULL."""

CHECK_LIMIT = 300
"""Seconds after which the check of a data disk is given up: it reads all that there is to know of files."""

CHECK = f"""#!/usr/bin/busybox sh
# Written by Linnet for this one start: is the file system of the data disk whole?
for block in /sys/block/vd*; do
    [ "$(cat "$block/serial")" = linnet-data ] && disk=/dev/${{block##*/}}
done
mkdir -p /run/linnet/check
# Mounted first, so that what a machine that was switched off left in the journal is in its place.
mount -t xfs -o noatime "$disk" /data && umount /data
timeout {CHECK_LIMIT} /usr/sbin/xfs_repair -n "$disk" > /run/linnet/check/text 2>&1
echo $? > /run/linnet/check/code
"""
"""Leaves what `agent.diskcheck` reads."""

CHECK_UNIT = """[Service]
ExecStartPre=-/etc/linnet/check-data
TimeoutStartSec=infinity
"""


@dataclass(frozen=True)
class SeedFacts:
    """Everything that the guest is told at a cold start.

    Attributes:
        machine: its name.
        hostname: the guest's host name.
        uid: user id of the guest's user `linnet`.
        gid: its group id.
        engine: podman, podman-rootful or docker.
        time: seconds since the epoch, host clock.
        agent_folder: the agent's Python package, carried along.
        agent_digest: its digest, see `agent.digest`.
        host_key: private SSH host key, OpenSSH format.
        host_key_public: its public half.
        authorized_keys: public keys that may log in.
        mirrors: registry name to the URL that its images are pulled from instead.
        insecure: registries that may speak plain HTTP or show an unknown certificate.
        certificates: PEM files with authorities to trust as well.
        proxy_http: URL of the proxy, or "".
        proxy_https: URL of the proxy for HTTPS, or "".
        no_proxy: hosts that are reached without it.
        check_data: whether the file system of the data disk is checked before it is mounted, see `CHECK`.
    """

    machine: str
    hostname: str
    uid: int
    gid: int
    engine: str
    time: float
    agent_folder: Path
    agent_digest: str
    host_key: str = field(repr=False)
    host_key_public: str
    authorized_keys: tuple[str, ...]
    mirrors: dict[str, str] = field(default_factory=dict)
    insecure: tuple[str, ...] = ()
    certificates: tuple[Path, ...] = ()
    proxy_http: str = field(default="", repr=False)
    proxy_https: str = field(default="", repr=False)
    no_proxy: tuple[str, ...] = ()
    check_data: bool = False


def write(path: Path, facts: SeedFacts) -> None:
    """Write the seed of `facts` to `path`, mode 0600, whole or not at all.

    Raises:
        UnavailableError: a certificate or the agent cannot be read, or the file cannot be written.
        DiskFullError: there is no room for it.
    """
    data = build(facts)
    try:
        handle, name = tempfile.mkstemp(prefix=".seed.", dir=path.parent)  # mkstemp makes files of mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        if error.errno in NO_SPACE:
            raise DiskFullError(f"There is no room for {path}.", hint="Free some space on that disk.") from error
        raise UnavailableError(f"{path} cannot be written: {error.strerror}.") from error


def build(facts: SeedFacts) -> bytes:
    """Return the seed's bytes: the same facts give the same bytes.

    Raises:
        UnavailableError: a certificate or the agent cannot be read.
    """
    files = {"linnet.env": Entry.file("linnet.env", environment(facts).encode())}
    for entry in _root_files(facts):
        files[f"root/{entry.name}"] = Entry(f"root/{entry.name}", entry.mode, entry.data)
    for entry in _agent_files(facts.agent_folder):
        files[entry.name] = entry
    folders = {str(parent) for name in files for parent in Path(name).parents if str(parent) != "."}
    entries = {folder.replace(os.sep, "/"): Entry.folder(folder.replace(os.sep, "/")) for folder in folders} | files
    return tar((entries[name] for name in sorted(entries)), time=int(facts.time))


def environment(facts: SeedFacts) -> str:
    """Return `linnet.env`: shell assignments, which systemd reads as well."""
    values = {
        "LINNET_MACHINE": facts.machine,
        "LINNET_HOSTNAME": facts.hostname,
        "LINNET_UID": str(facts.uid),
        "LINNET_GID": str(facts.gid),
        "LINNET_ENGINE": facts.engine,
        "LINNET_TIME": str(int(facts.time)),
        "LINNET_AGENT_HASH": facts.agent_digest,
    }
    return "".join(f"{name}={_quote(value)}\n" for name, value in values.items())


def _quote(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"


def _root_files(facts: SeedFacts) -> list[Entry]:
    keys = "".join(key.strip() + "\n" for key in facts.authorized_keys).encode()
    return [
        _private("etc/ssh/ssh_host_ed25519_key", facts.host_key.encode()),
        Entry.file("etc/ssh/ssh_host_ed25519_key.pub", facts.host_key_public.strip().encode() + b"\n"),
        Entry.file("etc/ssh/authorized_keys.d/root", keys),
        Entry.file("etc/ssh/authorized_keys.d/linnet", keys),
        *(_check_files() if facts.check_data else ()),
        *registries.files(facts.mirrors, facts.insecure, facts.certificates),
        *registries.proxy_files(facts.proxy_http, facts.proxy_https, facts.no_proxy),
    ]


def _check_files() -> list[Entry]:
    return [
        Entry("etc/linnet/check-data", stat.S_IFREG | 0o755, CHECK.encode()),
        Entry.file("etc/systemd/system/linnet-data.service.d/check.conf", CHECK_UNIT.encode()),
    ]


def _private(name: str, data: bytes) -> Entry:
    return Entry(name, stat.S_IFREG | 0o600, data)


def _agent_files(folder: Path) -> list[Entry]:
    try:
        return [
            Entry.file(f"agent/{path.relative_to(folder).as_posix()}", path.read_bytes())
            for path in sorted(folder.rglob("*.py"))
        ]
    except OSError as error:
        raise UnavailableError(
            f"Linnet's own file {error.filename} cannot be read: {error.strerror}.", hint="Install Linnet again."
        ) from error
