"""Ending linnetd and starting it again, also one that does not listen any more."""

from __future__ import annotations

import threading

import psutil

from app.core.client import Client
from app.core.endpoint import NotListeningError
from app.core.lock import FileLock
from app.gui.text import tr
from app.gui.work.jobs import Control
from vm.errors import LinnetError, UnavailableError
from vm.layout import Layout

PATIENCE = 30.0
"""Seconds that linnetd may take to end by itself; ending what it does and all connections takes some."""

_LOOK_EVERY = 0.2

_NAMES = ("linnetd", "app.service.main")
"""What is in the command line of a linnetd."""


def restart_service(layout: Layout, control: Control, *, start: bool, patience: float = PATIENCE) -> None:
    """End linnetd and start it; in the calling thread.

    Args:
        layout: whose.
        control: of the job; cancelling it while linnetd ends leaves it ending, and starts nothing.
        start: whether to start it, or to leave that to somebody else.
        patience: seconds after which a linnetd that does not end by itself is ended.

    Raises:
        LinnetError: it could not be ended, or not be started.
    """
    control.progress(tr("Ending Linnet's service …"))
    ended = threading.Event()
    errors: list[LinnetError] = []

    def end() -> None:
        try:
            Client(layout, start=False).quit()
        except NotListeningError:
            pass  # it has ended already
        except LinnetError as error:
            errors.append(error)
        ended.set()

    threading.Thread(target=end, name="quit", daemon=True).start()
    waited = 0.0
    while not ended.wait(_LOOK_EVERY):
        control.check()
        waited += _LOOK_EVERY
        if waited >= patience:
            _kill(layout, control)
            break
    if errors:
        raise errors[0]
    if start:
        control.progress(tr("Starting Linnet's service …"))
        with Client(layout) as client:
            client.ensure_running()


def _kill(layout: Layout, control: Control) -> None:
    """End a linnetd that does not answer; machines are processes of their own and go on."""
    number = FileLock(layout.service_lock).holder()
    if number is None:
        raise UnavailableError(
            tr("Linnet's service does not end, and its process is not known."),
            hint=tr("Log out and in again, or end the process 'linnetd' by hand."),
        )
    control.progress(tr("It does not answer; ending process {number} …", number=number))
    try:
        process = psutil.Process(number)
        if not any(name in word for word in process.cmdline() for name in _NAMES):
            raise UnavailableError(tr("Process {number} is not Linnet's service; nothing was ended.", number=number))
        process.kill()
        process.wait(5)
    except psutil.NoSuchProcess:
        return
    except psutil.Error as error:
        raise UnavailableError(
            tr("Process {number} cannot be ended.", number=number), detail=str(error) or type(error).__name__
        ) from error
