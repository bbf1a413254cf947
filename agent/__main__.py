"""linnet-agent: `python3 -m agent` in the guest, as root."""

from __future__ import annotations

import os
import signal

from agent import freeze, wire
from agent.digest import digest
from agent.loop import Future, Loop, log
from agent.shell import Shell
from agent.system import boot_id


def main() -> None:
    """Serve until SIGTERM."""
    path = os.environ.get("LINNET_AGENT_SOCKET", wire.SOCKET)
    hello = wire.Hello(wire.PROTOCOL, digest(os.path.dirname(os.path.abspath(__file__))), boot_id())
    freeze.let_go()  # a former agent may have died while it held the disk
    loop = Loop()
    uid, engine = int(os.environ.get("LINNET_UID", "1000")), os.environ.get("LINNET_ENGINE", "podman")
    Shell(loop, hello=hello, path=path, uid=uid, engine=engine)
    log(f"listening at {path}, version {hello.digest[:12]}")
    stopped = Future()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: loop.finish_from_outside(stopped))
    loop.run(stopped.outcome())


if __name__ == "__main__":
    main()
