"""Making a removed container again: what the engine's `create` wants, from what its inspect answer was.

Moby takes its own words back as they are. Podman answers in words of which it does not take all (`RLIMIT_NOFILE`,
`oci`, a CPU limit said twice), so of its answer only what is known to go both ways is used. No input or output here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

Inspected = dict[str, Any]

_CONFIG = (
    "Cmd",
    "Domainname",
    "Entrypoint",
    "Env",
    "ExposedPorts",
    "Healthcheck",
    "Hostname",
    "Labels",
    "OpenStdin",
    "StdinOnce",
    "StopSignal",
    "StopTimeout",
    "Tty",
    "User",
    "WorkingDir",
)

_PODMANS_HOST_CONFIG = (
    "Binds",
    "BlkioWeight",
    "CapAdd",
    "CapDrop",
    "CgroupnsMode",
    "CpuPeriod",
    "CpuQuota",
    "CpuShares",
    "CpusetCpus",
    "CpusetMems",
    "Devices",
    "Dns",
    "DnsOptions",
    "DnsSearch",
    "ExtraHosts",
    "GroupAdd",
    "Init",
    "IpcMode",
    "Memory",
    "MemoryReservation",
    "MemorySwap",
    "NanoCpus",
    "NetworkMode",
    "OomScoreAdj",
    "PidMode",
    "PidsLimit",
    "PortBindings",
    "Privileged",
    "PublishAllPorts",
    "ReadonlyRootfs",
    "RestartPolicy",
    "SecurityOpt",
    "ShmSize",
    "Sysctls",
    "Tmpfs",
    "UTSMode",
    "Ulimits",
    "UsernsMode",
)

_NO_NETWORKS = ("host", "none", "container:", "pasta", "slirp4netns", "ns:")
"""Network modes, or what they begin with, that join no network of the engine."""

_OTHERS = ("NetworkMode", "IpcMode", "PidMode")
"""Modes that may name another container: `container:ID`."""


class Needs(NamedTuple):
    """What must be there before a container can be made again.

    Attributes:
        image: its name, and its identifier.
        networks: names.
        volumes: names of volumes that are not kept with it.
        folders: paths in the guest that it has as bind mounts.
        containers: those whose namespaces it joins.
    """

    image: tuple[str, str]
    networks: tuple[str, ...]
    volumes: tuple[str, ...]
    folders: tuple[str, ...]
    containers: tuple[str, ...]


def needs(inspected: Inspected, kept: Mapping[str, str], pod: bool = False) -> Needs:
    """Return what a container needs; `kept` are the volumes that come back with it, by where they are mounted.

    A member of a pod is made outside of it, and needs nothing of that.
    """
    host = inspected.get("HostConfig") or {}
    mounts = inspected.get("Mounts") or []
    containers = [] if pod else [
        str(host[mode]).partition(":")[2] for mode in _OTHERS if str(host.get(mode) or "").startswith("container:")
    ]  # fmt: skip
    return Needs(
        (str((inspected.get("Config") or {}).get("Image") or ""), str(inspected.get("Image") or "")),
        () if pod else tuple(sorted(_networks(inspected))),
        tuple(
            str(mount["Name"])
            for mount in mounts
            if mount.get("Type") == "volume" and mount.get("Name") and mount.get("Destination") not in kept
        ),
        tuple(str(mount["Source"]) for mount in mounts if mount.get("Type") == "bind" and mount.get("Source")),
        tuple(containers),
    )


def body(inspected: Inspected, image: str, kept: Mapping[str, str], *, podman: bool, pod: bool = False) -> Inspected:
    """Return the body of the request that makes the container.

    Args:
        inspected: what the engine said of it.
        image: what it is made from.
        kept: volumes without a name that come back with it, by where they are mounted; new ones are made there.
        podman: whose words these are.
        pod: whether it was in a pod; it is made outside of it.
    """
    config = _config(inspected, podman=podman)
    if kept:
        config["Volumes"] = {destination: {} for destination in kept}
    host = _podmans_host(inspected) if podman else _mobys_host(inspected)
    host["Binds"] = _binds(inspected, kept)
    if not podman:
        host["Mounts"] = [one for one in host.get("Mounts") or [] if one.get("Target") not in kept] or None
    if pod:
        for mode in (*_OTHERS, "UTSMode", "UsernsMode"):
            host.pop(mode, None)
    result = {**config, "Image": image, "HostConfig": host}
    networks = {} if pod else _networks(inspected)
    if networks:
        result["NetworkingConfig"] = {"EndpointsConfig": networks}
    return result


def _config(inspected: Inspected, *, podman: bool) -> Inspected:
    given = inspected.get("Config") or {}
    config = {key: given[key] for key in _CONFIG if given.get(key) not in (None, "", [], {})}
    short = str(inspected.get("Id") or "")[:12]
    if config.get("Hostname") == short:  # it was made up from the identifier, and will be again
        del config["Hostname"]
    environment = [one for one in config.get("Env") or [] if one != f"HOSTNAME={short}"]
    if podman:
        environment = [one for one in environment if one != "container=podman"]
    config["Env"] = environment
    return config


def _mobys_host(inspected: Inspected) -> Inspected:
    host = dict(inspected.get("HostConfig") or {})
    host.pop("ContainerIDFile", None)
    return host


def _podmans_host(inspected: Inspected) -> Inspected:
    given = inspected.get("HostConfig") or {}
    host = {key: given[key] for key in _PODMANS_HOST_CONFIG if given.get(key) not in (None, "", [], {}, 0)}
    if host.get("NanoCpus"):
        host.pop("CpuPeriod", None)
        host.pop("CpuQuota", None)
    if "Ulimits" in host:
        host["Ulimits"] = [
            {**one, "Name": str(one["Name"]).removeprefix("RLIMIT_").lower()}
            for one in host["Ulimits"]
            if _asked_for(inspected, "--ulimit")
        ]
    for mode in ("IpcMode", "PidMode", "UTSMode", "CgroupnsMode", "UsernsMode"):
        if host.get(mode) in ("private", "shareable", "default"):  # the defaults, which depend on the user
            del host[mode]
    policy = host.get("RestartPolicy") or {}
    if policy.get("Name") in (None, "", "no"):
        host.pop("RestartPolicy", None)
    return host


def _asked_for(inspected: Inspected, option: str) -> bool:
    """Return whether a Podman container was made with an option; what was made over the API may have been."""
    command = inspected.get("CreateCommand") or (inspected.get("Config") or {}).get("CreateCommand")
    return not command or any(str(word).partition("=")[0] == option for word in command)


def _binds(inspected: Inspected, kept: Mapping[str, str]) -> list[str]:
    """Return folders and volumes with where they are mounted; without the volumes that are made anew."""
    host = inspected.get("HostConfig") or {}
    binds = [str(one) for one in host.get("Binds") or [] if _target(str(one)) not in kept]
    there = {_target(one) for one in binds} | {str(one.get("Target")) for one in host.get("Mounts") or []}
    for mount in inspected.get("Mounts") or []:
        destination = str(mount.get("Destination") or "")
        if mount.get("Type") == "volume" and destination not in there and destination not in kept:
            # A volume that the image wants, or that came from another container.
            binds.append(f"{mount['Name']}:{destination}" + ("" if mount.get("RW", True) else ":ro"))
    return binds


def _target(bind: str) -> str:
    """Return the path in the container of `SOURCE:TARGET[:OPTIONS]`; sources here have no colon but Windows' own."""
    parts = bind.split(":")
    return parts[1] if len(parts) > 1 else parts[0]


def _networks(inspected: Inspected) -> Inspected:
    """Return the networks that a container joins, with what the user chose in them."""
    host = inspected.get("HostConfig") or {}
    mode = str(host.get("NetworkMode") or "")
    if mode.startswith(_NO_NETWORKS):
        return {}
    short = str(inspected.get("Id") or "")[:12]
    found = {}
    for name, endpoint in ((inspected.get("NetworkSettings") or {}).get("Networks") or {}).items():
        if str(name).startswith(_NO_NETWORKS):
            continue
        chosen: Inspected = {}
        aliases = [one for one in (endpoint or {}).get("Aliases") or [] if one != short]
        if aliases and name not in ("bridge", "podman"):
            chosen["Aliases"] = aliases
        for key in ("IPAMConfig", "Links", "DriverOpts"):
            if (endpoint or {}).get(key):
                chosen[key] = endpoint[key]
        found[str(name)] = chosen
    return found
