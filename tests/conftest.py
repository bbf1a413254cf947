"""What all tests share."""

from __future__ import annotations

import signal

# Who starts the tests in the background (`nohup pytest &`) has them ignore these, and every program that they start
# as well; tests of signals would wait for ever.
for _name in ("SIGINT", "SIGHUP", "SIGQUIT"):
    _number = getattr(signal, _name, None)
    if _number is not None and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, signal.default_int_handler if _name == "SIGINT" else signal.SIG_DFL)
