"""The app's own settings: one file beside the machines' files, the same kind of table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vm.config.document import Document
from vm.config.layers import Description
from vm.config.settings import Host, Scope, Setting
from vm.config.types import Choice, ListOf, Text, Url
from vm.layout import Layout

APP_SETTINGS: tuple[Setting, ...] = (
    Setting(
        "default_machine",
        Text(syntax="machine"),
        "default",
        "The machine that commands mean when none is named with -m or LINNET_MACHINE.",
        scope=Scope.app,
    ),
    Setting(
        "image_catalogue",
        ListOf(Url(optional=False, schemes=("https", "http", "file"))),
        (),
        "Catalogues of published guest images, asked in this order.",
        scope=Scope.app,
    ),
    Setting(
        "image_mirror",
        Url(schemes=("https", "http", "file")),
        "",
        "Where the files of guest images are downloaded from instead of where the catalogue says.",
        scope=Scope.app,
    ),
    Setting(
        "log_level",
        Choice(),
        "info",
        "How much linnetd writes into its log.",
        choices=("debug", "info", "warning", "error"),
        scope=Scope.app,
    ),
)

_HEADER = "# Linnet's own settings; docs/config.md explains them.\n"


@dataclass(frozen=True)
class AppConfig:
    """The checked settings of the app."""

    default_machine: str
    image_catalogue: tuple[str, ...]
    image_mirror: str
    log_level: str


def open_settings(layout: Layout, overrides: Mapping[str, Any] | None = None) -> Description:
    """Read the app's file, which may be missing. Raises ConfigError when it is broken."""
    return Description(Document.load(layout.app_config), APP_SETTINGS, Host.current(layout), overrides, _HEADER)


def app_config(layout: Layout) -> AppConfig:
    """Return the checked settings. Raises ConfigError that names everything wrong."""
    description = open_settings(layout)
    description.check()
    return AppConfig(**{value.setting.attribute: value.value for value in description.values()})
