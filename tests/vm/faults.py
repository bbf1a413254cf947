"""Ways to harm a running Linnet: processes killed at chosen moments, tests that need to be root."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable

import psutil

from app.core.client import Client
from tests.vm.product import Product
from vm.errors import LinnetError

Step = Callable[[str], bool]


def service_process(product: Product) -> int:
    """Return the process id of linnetd."""
    return int(product.layout.service_lock.read_text())


def kill_service(product: Product) -> None:
    """Kill linnetd as a crash would."""
    process = psutil.Process(service_process(product))
    process.send_signal(signal.SIGKILL)
    process.wait(20)


def qemu_processes(product: Product) -> list[int]:
    """Return the process ids of QEMU for the product's machine, whoever started them."""
    folder = str(product.files.folder)
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.name().startswith("qemu-system") and any(folder in word for word in process.cmdline()):
                found.append(process.pid)
    return found


def kill_qemu(product: Product) -> None:
    """Kill the machine's QEMU."""
    (process_id,) = qemu_processes(product)
    os.kill(process_id, signal.SIGKILL)


def at_step(product: Product, operation: str, step: str, harm: Callable[[Product], None]) -> LinnetError | None:
    """Do `harm` in the moment in which an operation of the machine says that it does `step`.

    Args:
        product: whose machine.
        operation: start, stop, suspend or restart.
        step: part of the text of its progress.
        harm: called once.

    Returns:
        How the operation failed; None when it succeeded all the same.
    """
    harmed = False

    def report(text: str, _done: int | None, _total: int | None) -> None:
        nonlocal harmed
        if step in text and not harmed:
            harmed = True
            harm(product)

    failure: LinnetError | None = None
    try:
        with Client(product.layout, start=False) as client:
            client.operate("POST", f"/v1/machines/{product.machine}/{operation}", {}, report)
    except LinnetError as error:
        failure = error
    assert harmed, f"{operation} never said '{step}': {failure}"
    return failure


def wait_for(product: Product, state: str, limit: float = 120) -> dict[str, object]:
    """Wait until the machine is in `state`, as probed; return its status."""
    end = time.monotonic() + limit
    while True:
        status = product.status()
        if status["state"] == state:
            return status
        assert time.monotonic() < end, f"the machine is {status['state']}: {status['errors']}"
        time.sleep(0.2)


def wait_for_problem(product: Product, text: str, limit: float = 30) -> None:
    """Wait until the machine's status tells of a problem with `text` in it: it comes a moment after the state."""
    end = time.monotonic() + limit
    while text not in (errors := "\n".join(product.status()["errors"])):
        assert time.monotonic() < end, f"nothing of '{text}' in {errors}"
        time.sleep(0.2)
