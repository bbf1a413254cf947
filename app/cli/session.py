"""What every command works with: the client of linnetd, the machine that is meant, progress on stderr."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from app.core.client import Client
from vm.errors import NotFoundError
from vm.layout import Layout

if TYPE_CHECKING:
    from typing import Self

MACHINE_VARIABLE = "LINNET_MACHINE"


class Session:
    """One run of `linnet`.

    Attributes:
        layout: the user's folders.
        client: of linnetd.
        verbose: whether errors are shown with all detail.
    """

    def __init__(self, machine: str | None = None, *, verbose: bool = False, client: Client | None = None) -> None:
        self.verbose = verbose
        self.client = client or Client(Layout.default())
        self.layout = self.client.layout
        self._machine = machine or os.environ.get(MACHINE_VARIABLE) or None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.client.close()

    @property
    def machine_is_given(self) -> bool:
        """Whether the user named a machine, by -m or LINNET_MACHINE."""
        return self._machine is not None

    def machine(self, name: str | None = None) -> str:
        """Return the machine that is meant: `name`, or the one of -m or LINNET_MACHINE, or the default one.

        Raises:
            UsageError: no machine can have this name.
        """
        if name is None and self._machine is None:
            self._machine = self._default()
        chosen = name or self._machine
        assert chosen is not None
        return self.layout.machine(chosen).name

    def path(self, rest: str = "", name: str | None = None) -> str:
        """Return the local API's path of the machine that is meant."""
        return f"/v1/machines/{self.machine(name)}{rest}"

    def operate(self, method: str, path: str, body: object = None) -> Any:
        """Have linnetd do something long, with its progress on stderr, and return the result."""
        from app.cli.output import ProgressLine

        line = ProgressLine()
        try:
            return self.client.operate(method, path, body, line.show)
        finally:
            line.clear()

    def ensure_started(self) -> None:
        """Have the machine that is meant running: make it if it is the default one and missing, start or resume it."""
        name = self.machine()
        try:
            self.operate("POST", self.path("/start"))
        except NotFoundError as error:
            if self.machine_is_given and name != self._default():
                raise self._no_machine(name) from error
            self.operate("POST", "/v1/machines", {"name": name, "settings": {}})
            self.operate("POST", self.path("/start"))

    def _default(self) -> str:
        settings = self.client.get("/v1/settings")
        values = {entry["name"]: entry["value"] for entry in settings["values"]}
        return str(values["default_machine"])

    def _no_machine(self, name: str) -> NotFoundError:
        import difflib

        names = self.layout.machine_names()
        near = difflib.get_close_matches(name, names, 1)
        hint = f"Did you mean '{near[0]}'?" if near else f"`linnet machine create {name}` makes it."
        return NotFoundError(f"There is no machine '{name}'.", hint=hint)
