"""Which pages there are, in the order of the sidebar. Modules are loaded when a page is first shown."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

from app.gui.pages.base import Page
from app.gui.text import mark


@dataclass(frozen=True)
class PageEntry:
    """One entry.

    Attributes:
        name: what the window calls it.
        title: English; translated where it is shown.
        icon: its picture.
        where: module and class.
        section: entries of one section stand together; "" is not in the sidebar.
    """

    name: str
    title: str
    icon: str
    where: str
    section: str

    def load(self) -> type[Page]:
        """Return the class."""
        module, _, name = self.where.rpartition(".")
        found: type[Page] = getattr(importlib.import_module(module), name)
        return found


_HERE = "app.gui.pages"

PAGES = (
    PageEntry("dashboard", mark("Dashboard"), "dashboard", f"{_HERE}.dashboard.page.DashboardPage", "top"),
    PageEntry("containers", mark("Containers"), "container", f"{_HERE}.containers.page.ContainersPage", "engine"),
    PageEntry("logs", mark("Logs"), "logs", f"{_HERE}.logs.page.LogsPage", "engine"),
    PageEntry("images", mark("Images"), "image", f"{_HERE}.images.page.ImagesPage", "engine"),
    PageEntry("volumes", mark("Volumes"), "volume", f"{_HERE}.volumes.page.VolumesPage", "engine"),
    PageEntry("networks", mark("Networks"), "network", f"{_HERE}.networks.page.NetworksPage", "engine"),
    PageEntry("ports", mark("Ports"), "port", f"{_HERE}.ports.page.PortsPage", "engine"),
    PageEntry("projects", mark("Projects"), "project", f"{_HERE}.projects.page.ProjectsPage", "work"),
    PageEntry("pods", mark("Pods"), "pod", f"{_HERE}.pods.page.PodsPage", "work"),
    PageEntry("machines", mark("Machines"), "machine", f"{_HERE}.machines.page.MachinesPage", "host"),
    PageEntry("registries", mark("Registries"), "registry", f"{_HERE}.registries.page.RegistriesPage", "host"),
    PageEntry("tasks", mark("Tasks"), "tasks", f"{_HERE}.tasks.page.TasksPage", "bottom"),
    PageEntry("trash", mark("Trash"), "remove", f"{_HERE}.trash.page.TrashPage", "bottom"),
    PageEntry(
        "troubleshoot", mark("Troubleshoot"), "troubleshoot", f"{_HERE}.troubleshoot.page.TroubleshootPage", "bottom"
    ),
    PageEntry("settings", mark("Settings"), "settings", f"{_HERE}.settings.page.SettingsPage", "bottom"),
    PageEntry("setup", mark("Set up Linnet"), "machine", f"{_HERE}.setup.page.SetupPage", ""),
)
