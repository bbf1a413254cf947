"""What the suites get as `htpasswd`: `htpasswd -Bbn USER PASSWORD` prints a line for a registry, and that is all."""

from __future__ import annotations

import sys

import bcrypt


def main(arguments: list[str]) -> int:
    """Print the line; 2 when the arguments are others."""
    if len(arguments) != 3 or arguments[0] != "-Bbn":
        print("htpasswd: only -Bbn USER PASSWORD is known here", file=sys.stderr)
        return 2
    user, password = arguments[1:]
    print(f"{user}:{bcrypt.hashpw(password.encode(), bcrypt.gensalt(5)).decode()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
