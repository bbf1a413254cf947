"""The words that the engines' CLIs know, so that a slip of the pen in one of Linnet's own is told apart from them."""

from __future__ import annotations

from collections.abc import Iterable

ENGINE_VERBS = frozenset(
    """
        artifact attach auto-update build builder buildx checkpoint commit compose config container context cp
        create diff events exec export farm generate healthcheck history image images import info init inspect kill
        kube load login logout logs machine manifest mount network node pause play plugin pod port prune ps pull
        push quadlet rename restart restore rm rmi run save search secret service stack start stats stop swarm
        system tag top trust umount unmount unpause unshare untag update version volume wait
    """.split()  # noqa: SIM905 - a table to read
)
"""First words of Podman's and Docker's commands."""

CONTAINER_VERBS = frozenset(
    """
        attach checkpoint commit cp diff exec export inspect kill logs mount pause port rename restart restore rm
        start stats stop top unpause update wait
    """.split()  # noqa: SIM905 - a table to read
)
"""Verbs whose arguments are containers."""

IMAGE_VERBS = frozenset(
    """
        create history push rmi run save tag untag
    """.split()  # noqa: SIM905 - a table to read
)
"""Verbs whose arguments are images."""


def check_verb(verb: str, own: Iterable[str]) -> None:
    """Raise UsageError when `verb` is no engine's and close to one of Linnet's own; plug-ins have other names."""
    if verb in ENGINE_VERBS:
        return
    import difflib

    near = difflib.get_close_matches(verb, [name for name in own if not name.startswith("_")], 1, 0.75)
    if near and not difflib.get_close_matches(verb, ENGINE_VERBS - set(own), 1, 0.85):
        from vm.errors import UsageError

        raise UsageError(
            f"There is no command '{verb}'.", hint=f"Did you mean '{near[0]}'? `linnet -- {verb} …` asks the engine."
        )
