"""What a screen reader does: finds the window, presses a button by its name, sees the effect. Runs on Debian's Python.

Prints one line for each thing that it saw; exit code 1 when it did not come about.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import Any

import pyatspi

ROLES = ("button", "push button", "toggle button", "check box", "radio button")

ACTIONS = ("press", "toggle", "check")


def walk(node: Any, depth: int = 0) -> Iterator[Any]:
    """Yield a part of the tree and all below it."""
    yield node
    if depth < 30:
        for place in range(node.childCount):
            child = node.getChildAtIndex(place)
            if child is not None:
                yield from walk(child, depth + 1)


def window() -> Any:
    """Return Linnet's window, or None."""
    desktop = pyatspi.Registry.getDesktop(0)
    for place in range(desktop.childCount):
        program = desktop.getChildAtIndex(place)
        if program is not None:
            for inner in range(program.childCount):
                found = program.getChildAtIndex(inner)
                if found is not None and found.name == "Linnet":
                    return found
    return None


def find(name: str, seconds: float = 20) -> Any:
    """Return the button of a name; ends the program when there is none."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        top = window()
        if top is not None:
            for node in walk(top):
                showing = node.getState().contains(pyatspi.STATE_SHOWING)
                if node.name == name and showing and node.getRoleName() in ROLES:
                    return node
        time.sleep(0.2)
    print(f"not found: {name}", flush=True)
    sys.exit(1)


def press(name: str) -> None:
    """Press the button of a name."""
    action = find(name).queryAction()
    for place in range(action.nActions):
        if action.getName(place).lower() in ACTIONS:
            action.doAction(place)
            print(f"pressed {name}", flush=True)
            return
    print(f"cannot be pressed: {name}", flush=True)
    sys.exit(1)


for wanted in sys.argv[1:]:
    press(wanted)
