"""The words that the engines' CLIs know, so that a slip of the pen in one of Linnet's own is told apart from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

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


ENGINE_IMAGE_VERBS = frozenset(
    """
        build diff exists history import inspect list load ls mount prune pull push rm save scp search sign tag tree
        trust umount unmount untag
    """.split()  # noqa: SIM905 - a table to read
)
"""What the engines know after `image`, a group that both have and Linnet as well."""

ENGINE_VOLUME_VERBS = frozenset(
    """
        create exists export import inspect list ls mount prune reload remove rm unmount update
    """.split()  # noqa: SIM905 - a table to read
)
"""What the engines know after `volume`, another one."""

_GROUPS = {"image": ENGINE_IMAGE_VERBS, "volume": ENGINE_VOLUME_VERBS}


def check_verb(words: Sequence[str], own: Mapping[str, Iterable[str] | None]) -> None:
    """Raise UsageError when the engine does not know the command and it is close to one of Linnet's own.

    Plug-ins of the engines have names that are in no table, so what is close to nothing is passed on.

    Args:
        words: the command.
        own: Linnet's own first words, with the second ones where the rest of the group is the engine's.
    """
    verb = words[0]
    if verb not in ENGINE_VERBS:
        _check(verb, [name for name in own if not name.startswith("_")], ENGINE_VERBS - set(own), "")
    elif verb in _GROUPS and len(words) > 1 and words[1] not in _GROUPS[verb]:
        known = set(own.get(verb) or ())
        _check(words[1], sorted(known), _GROUPS[verb] - known, f"{verb} ")


def _check(word: str, own: Sequence[str], engines: Iterable[str], group: str) -> None:
    import difflib

    near = difflib.get_close_matches(word, own, 1, 0.75)
    if near and not difflib.get_close_matches(word, engines, 1, 0.85):
        from vm.errors import UsageError

        raise UsageError(
            f"There is no command 'linnet {group}{word}'.",
            hint=f"Did you mean 'linnet {group}{near[0]}'? `linnet -- {group}{word} …` asks the engine.",
        )
