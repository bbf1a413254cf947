"""`linnet service`: the host service, linnetd. It starts by itself when a command needs it."""

from __future__ import annotations

from typing import Annotated

from app.cli import output
from app.cli.command import Argument, command
from app.cli.session import Session
from app.core.client import Client
from app.core.endpoint import NotListeningError


@command("service status")
def status(session: Session, *, json: Annotated[bool, Argument("Print JSON.")] = False) -> int:
    """Tell whether linnetd runs, and which version. The exit code is 6 when it does not."""
    try:
        with Client(session.layout, start=False) as client:
            found = client.version()
    except NotListeningError:
        output.as_json(None) if json else output.say(
            "linnetd is not running; the next command that needs it starts it."
        )
        return 6
    if json:
        output.as_json(found)
    else:
        output.pairs([(name.replace("_", " ").capitalize(), value) for name, value in found.items()])
    return 0


@command("service start")
def start(session: Session) -> None:
    """Start linnetd."""
    session.client.ensure_running()
    output.say("linnetd is running.")


@command("service stop")
def stop(session: Session) -> None:
    """End linnetd. Machines go on running and are found again; forwards and the Docker API stop until it is back."""
    try:
        Client(session.layout, start=False).quit()
    except NotListeningError:
        output.say("linnetd was not running.")
        return
    output.say("linnetd has ended; machines go on running.")


@command("service restart")
def restart(session: Session) -> None:
    """End linnetd and start it again. Machines go on running."""
    stop(session)
    start(session)
