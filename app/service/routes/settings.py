"""Routes of settings: a machine's and the app's."""

from __future__ import annotations

from app.core import api
from app.core.settings import app_config, open_settings
from app.service.operations import Operation
from app.service.routing import Call, Kind, Route
from vm.config.description import MachineDescription
from vm.config.layers import Description
from vm.config.settings import Host
from vm.progress import Reporter

PATH = "/v1/machines/{machine}/settings"


async def get_machine(call: Call) -> api.Settings:
    """Return a machine's settings; also when some are wrong."""
    machine = call.service.machine(call.machine)
    return _view(MachineDescription.open(machine.files.config, Host.current(call.service.layout)))


async def change_machine(call: Call) -> Operation:
    """Change a machine's settings."""
    request: api.ChangeSettings = call.body
    machine = call.service.machine(call.machine)

    async def work(report: Reporter) -> api.SettingsChanged:
        waiting = await machine.configure(request.settings, request.restart, report)
        return api.SettingsChanged(list(request.settings), list(waiting))

    return call.service.operations.run(f"configure {call.machine}", work, machine=call.machine)


async def get_app(call: Call) -> api.Settings:
    """Return the app's settings."""
    return _view(open_settings(call.service.layout))


async def change_app(call: Call) -> api.SettingsChanged:
    """Change the app's settings."""
    request: api.ChangeAppSettings = call.body
    description = open_settings(call.service.layout)
    changed = description.change(request.settings)
    description.save()
    call.service.set_log_level(app_config(call.service.layout).log_level)
    return api.SettingsChanged(changed)


def _view(description: Description) -> api.Settings:
    values = [
        api.SettingValue(
            name=value.setting.name,
            value=value.plain,
            origin=value.origin.value,
            default=value.setting.type.plain(value.setting.default_for(description.host)),
            help=value.setting.help,
            restart=value.setting.restart,
            line=value.line,
        )
        for value in description.values()
    ]
    problems = [
        api.SettingProblem(problem.field, problem.message, problem.line, problem.warning)
        for problem in description.validate()
    ]
    return api.Settings(str(description.path), values, problems)


ROUTES = [
    Route("GET", PATH, "Tell a machine's settings", get_machine, result=api.Settings),
    Route(
        "PATCH",
        PATH,
        "Change a machine's settings",
        change_machine,
        Kind.long,
        body=api.ChangeSettings,
        result=api.SettingsChanged,
    ),
    Route("GET", "/v1/settings", "Tell the app's settings", get_app, result=api.Settings),
    Route(
        "PATCH",
        "/v1/settings",
        "Change the app's settings",
        change_app,
        body=api.ChangeAppSettings,
        result=api.SettingsChanged,
    ),
]
