"""The entry point of `linnet-desktop`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from PySide6.QtWidgets import QApplication

from app import __version__
from vm.errors import LinnetError
from vm.layout import Layout


def main(argv: Sequence[str] | None = None) -> int:
    """Show the window, or have the one that runs show itself; return the exit code."""
    options = _parser().parse_args(argv)
    layout = Layout.default()
    app = QApplication(["linnet-desktop"])
    app.setApplicationName("Linnet")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("linnet")
    app.setQuitOnLastWindowClosed(False)
    from app.desktop.application import Application

    try:
        layout.make_private()
        linnet = Application(app, layout)
        if not linnet.claim():
            return 0
    except LinnetError as error:
        print(f"Error: {error.message}", file=sys.stderr)  # noqa: T201 - there is no window yet
        return 1
    linnet.start(hidden=options.hidden, page=options.page)
    signal.signal(signal.SIGINT, lambda *_: linnet.quit())
    if os.environ.get("LINNET_DEBUG_GUARD"):
        from app.gui.guard import MainThreadGuard

        MainThreadGuard(app).start()
    return app.exec()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="linnet-desktop", description="Linnet's window and status item.")
    parser.add_argument("--hidden", action="store_true", help="show only the status item")
    parser.add_argument("--page", default="", metavar="NAME", help="show this page first")
    parser.add_argument("--version", action="version", version=f"Linnet {__version__}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
