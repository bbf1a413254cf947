"""`linnet prune`: what nobody uses in a machine, how much room it takes, and removing it."""

from __future__ import annotations

import sys
from typing import Annotated, Any

from app.cli import output
from app.cli.command import Argument, command
from app.cli.session import Session
from vm.errors import CancelledByUserError, UsageError
from vm.units import human_size

TITLES = {
    "containers": "container",
    "dangling": "image without a name",
    "images": "image",
    "volumes": "volume",
    "build-cache": "build cache",
}
"""What things of each kind are called, in the order in which they go."""

USUAL = ("containers", "dangling", "build-cache")
"""What goes when nothing is chosen: what can be had again, or was ended."""

_NO_QUESTION = Annotated[bool, Argument("Do not ask.", short="y")]


@command("prune")
def prune(
    session: Session,
    *,
    containers: Annotated[bool, Argument("Containers that do not run.")] = False,
    images: Annotated[bool, Argument("All images that no container uses, with a name or without.")] = False,
    volumes: Annotated[bool, Argument("Volumes that no container uses, with their data.")] = False,
    build_cache: Annotated[bool, Argument("What builds have left.")] = False,
    dry_run: Annotated[bool, Argument("Only show what would go.")] = False,
    no_trash: Annotated[bool, Argument("Keep nothing in the trash: the room is free at once.")] = False,
    yes: _NO_QUESTION = False,
    json: Annotated[bool, Argument("Print JSON; with --yes what was done, otherwise what would go.")] = False,
) -> int:
    """Show what nobody uses in the machine and how much room it takes, and remove it after asking.

    Without options: containers that do not run, images without a name, and what builds have left. Volumes go only
    with `--volumes`. Exactly what is listed goes; what is taken into use meanwhile stays. What containers and volumes
    held is kept in the trash, as when they are removed one by one. The engine's own
    `linnet system prune`, `linnet container prune` … are as they were. The exit code is 1 when something that was to
    go is still there.
    """
    kinds = _kinds(containers=containers, images=images, volumes=volumes, build_cache=build_cache)
    found = _by_kind(session.client.get(session.path("/prune")))
    chosen = [(kind, item) for kind in TITLES if kind in kinds for item in found[kind]]
    if json and not yes:
        output.as_json({kind: found[kind] for kind in TITLES if kind in kinds})
        return 0
    if not json:
        _show(chosen)
        _tell_of_volumes(found["volumes"], chosen="volumes" in kinds)
    if dry_run or not chosen:
        return 0
    if not yes and not _confirmed(len(chosen)):
        raise CancelledByUserError("Nothing was removed.")
    body = {"kinds": sorted(kinds), "ids": [item["id"] for _kind, item in chosen], "trash": not no_trash}
    done = session.operate("POST", session.path("/prune"), body)
    if json:
        output.as_json(done)
    else:
        _tell_done(done)
    return 1 if done["kept"] else 0


def _kinds(*, containers: bool, images: bool, volumes: bool, build_cache: bool) -> set[str]:
    kinds = {
        *(("containers",) if containers else ()),
        *(("dangling", "images") if images else ()),
        *(("volumes",) if volumes else ()),
        *(("build-cache",) if build_cache else ()),
    }
    return kinds or set(USUAL)


def _by_kind(preview: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return {name.replace("_", "-"): items for name, items in preview.items()}


def _show(chosen: list[tuple[str, dict[str, Any]]]) -> None:
    if not chosen:
        output.say("There is nothing to remove.")
        return
    rows = [
        (TITLES[kind], item["title"], "?" if item["size"] is None else human_size(item["size"]))
        for kind, item in chosen
    ]
    output.table(("what", "name", "size"), rows)
    known = sum(item["size"] or 0 for _kind, item in chosen)
    more = " and what is not known" if any(item["size"] is None for _kind, item in chosen) else ""
    output.say(f"{len(chosen)} in all, up to {human_size(known)}{more}.")


def _tell_of_volumes(volumes: list[dict[str, Any]], *, chosen: bool) -> None:
    if volumes and not chosen:
        known = sum(item["size"] or 0 for item in volumes)
        size = human_size(known) if known else "data"
        one = len(volumes) == 1
        output.say(
            f"{'A volume' if one else f'{len(volumes)} volumes'} that no container uses {'holds' if one else 'hold'} "
            f"{size}; `--volumes` removes {'it' if one else 'them'}."
        )


def _confirmed(count: int) -> bool:
    question = "Remove it?" if count == 1 else f"Remove all {count}?"
    if not sys.stdin.isatty():
        raise UsageError(
            "There is no terminal to ask on; nothing was removed.",
            hint="`--yes` removes without asking, `--dry-run` only shows.",
        )
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _tell_done(done: dict[str, Any]) -> None:
    output.say(f"{len(done['removed'])} removed, {human_size(done['freed'])} freed on the data disk.")
    if done["trashed"]:
        names = ", ".join(done["trashed"])
        output.say(
            f"Kept in the trash: {names}. `linnet trash restore` brings it back, `linnet trash empty` frees its room."
        )
    for title, reason in done["kept"].items():
        output.say(f"{title} stays: {reason}")
