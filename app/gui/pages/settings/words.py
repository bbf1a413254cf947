"""What settings and their choices are called."""

from __future__ import annotations

from app.gui.text import mark, tr

TITLES = {
    "default_machine": mark("Default machine"),
    "image_catalogue": mark("Image catalogues"),
    "image_mirror": mark("Mirror of guest images"),
    "log_level": mark("Detail of the log"),
    "cpus": mark("Processors"),
    "memory": mark("Memory"),
    "disk": mark("Disk"),
    "engine": mark("Engine"),
    "driver": mark("Driver"),
    "accelerator": mark("Accelerator"),
    "image": mark("Guest image"),
    "snapshots.keep": mark("Automatic snapshots"),
    "home_share": mark("Home folder"),
    "shares": mark("Shared folders"),
    "ports.address": mark("Address of published ports"),
    "ports.services": mark("Ports of plain services"),
    "registries.mirrors": mark("Registry mirrors"),
    "registries.insecure": mark("Insecure registries"),
    "registries.certificates": mark("Certificates"),
    "proxy.http": mark("HTTP proxy"),
    "proxy.https": mark("HTTPS proxy"),
    "proxy.no_proxy": mark("Without proxy"),
    "trash.keep": mark("Days in the trash"),
    "trash.size": mark("Size of the trash"),
    "idle.suspend": mark("Suspend when idle"),
    "idle.containers": mark("Idle with containers"),
    "autostart": mark("Start with Linnet's service"),
    "virtiofsd": mark("Program of virtiofs"),
    "ssh_port": mark("SSH port"),
}
"""Of the settings of Linnet and of machines, by name."""

CHOICES = {
    ("log_level", "debug"): mark("Everything"),
    ("log_level", "info"): mark("What happens"),
    ("log_level", "warning"): mark("Warnings and errors"),
    ("log_level", "error"): mark("Errors alone"),
    ("engine", "podman"): mark("Podman without root"),
    ("engine", "podman-rootful"): mark("Podman as root"),
    ("engine", "docker"): mark("Docker (Moby)"),
    ("driver", "auto"): mark("Automatic"),
    ("accelerator", "auto"): mark("Automatic"),
    ("accelerator", "tcg"): mark("tcg (emulation)"),
    ("home_share", "off"): mark("Not shared"),
    ("home_share", "read-only"): mark("Shared to read"),
    ("home_share", "read-write"): mark("Shared to read and write"),
}
"""By setting and value; a value that is a name already (kvm, qemu) is shown as it is."""


def title_of(name: str) -> str:
    """Return what a setting is called in the user's language; one that is not known by a name made from its own."""
    known = TITLES.get(name)
    return tr(known) if known is not None else name.replace(".", " ").replace("_", " ").capitalize()


def choice_text(name: str, value: str) -> str:
    """Return what a choice of a setting is called."""
    known = CHOICES.get((name, value))
    return tr(known) if known is not None else value


def value_text(name: str, value: object) -> str:
    """Return a value in a few words, in one line."""
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    if isinstance(value, dict):
        return ", ".join(f"{key} = {part}" for key, part in value.items()) or tr("none")
    if isinstance(value, list | tuple):
        return ", ".join(str(part.get("path", part) if isinstance(part, dict) else part) for part in value) or tr(
            "none"
        )
    return choice_text(name, str(value)) or tr("none")
