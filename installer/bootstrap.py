#!/usr/bin/env python3
"""Set Linnet up from a checkout, run it, test it: ``python3 installer/bootstrap.py run``.

Standard library only. This file stays readable for old Pythons, so that they can be told what is wrong; the work is in
the modules beside it.
"""

from __future__ import annotations

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - said here in a sentence, because nothing else checks it this early
        sys.exit("Linnet needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")
    sys.path.insert(0, str(ROOT))
    from installer import steps

    sys.exit(steps.main(ROOT))
