"""Things of the engine removed one by one, as a job: what it refuses stays, and everybody hears why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.core.docker import DockerClient, part
from app.gui.text import tr
from app.gui.work.jobs import Control, Work
from vm.errors import LinnetError, NotFoundError


def remove(docker: DockerClient, targets: Mapping[str, Sequence[str]], kind: str) -> Work:
    """Return the work of removing things one by one; what the engine refuses stays, and is told of in the log.

    Args:
        docker: the engine's.
        targets: what each thing is called for people → the names that go, the thing itself with the last of them.
        kind: what stands in the API's path: images, volumes.

    The result is a dictionary of what stays: name → why.
    """

    def work(control: Control) -> dict[str, str]:
        kept: dict[str, str] = {}
        for number, (title, names) in enumerate(targets.items()):
            control.progress(title, number, len(targets))
            try:
                for name in names:
                    docker.delete(f"/{kind}/{part(name)}")
            except NotFoundError:
                # Somebody else was quicker: what was wanted is so.
                control.log(tr("{name} is gone already.", name=title))
            except LinnetError as error:
                kept[title] = error.message
                control.log(f"{title}: {error.message}")
            else:
                control.log(tr("{name} is removed.", name=title))
        return kept

    return work
