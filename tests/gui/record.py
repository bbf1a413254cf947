"""Records what a real linnetd and engine answer: ``python -m tests.gui.record`` beside a machine that runs.

The answers are written as they are, but for paths of the user who records, which become those of the tests.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from app.core.client import Client
from app.core.docker import DockerClient
from vm.errors import LinnetError

FOLDER = Path(__file__).parent / "recorded"

SERVICE = (
    "/v1/version",
    "/v1/machines",
    "/v1/machines/default",
    "/v1/machines/default/settings",
    "/v1/machines/default/shares",
    "/v1/machines/default/ports",
    "/v1/machines/default/engines",
    "/v1/machines/default/stats",
    "/v1/machines/default/limits",
    "/v1/machines/default/prune",
    "/v1/machines/default/snapshots",
    "/v1/machines/default/trash",
    "/v1/settings",
    "/v1/images",
    "/v1/doctor",
    "/v1/operations",
)

DOCKER = (
    "/containers/json?all=1",
    "/images/json",
    "/volumes",
    "/networks",
    "/info",
    "/version",
    "/system/df",
)


def main() -> int:
    """Record everything; return the exit code."""
    FOLDER.mkdir(exist_ok=True)
    with Client(start=False) as client:
        layout = client.layout
        base = str(layout.config.parent)

        def save(name: str, data: Any) -> None:
            text = json.dumps(data, indent=1, ensure_ascii=False).replace(base, "/home/mia/linnet")
            text = text.replace(str(Path.home()), "/home/mia")
            (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")

        for path in SERVICE:
            save("service" + path.replace("/", "_"), client.get(path))
        docker = DockerClient(client.get("/v1/machines/default")["docker_socket"])
        for path in DOCKER:
            save("docker" + path.partition("?")[0].replace("/", "_"), docker.get(path))
        inspected: dict[str, Any] = {}
        for row in docker.get("/containers/json", all=True):
            inspected[row["Id"]] = one = {"inspect": docker.get(f"/containers/{row['Id']}/json")}
            for part in ("top", "changes"):
                try:
                    one[part] = docker.get(f"/containers/{row['Id']}/{part}")
                except LinnetError as error:
                    one[part] = {"message": error.message}
        save("docker_container", inspected)
        images = {}
        for row in docker.get("/images/json"):
            images[row["Id"]] = {
                "inspect": docker.get(f"/images/{row['Id']}/json"),
                "history": docker.get(f"/images/{row['Id']}/history"),
            }
        save("docker_image", images)
        save("docker_network", {row["Id"]: docker.get(f"/networks/{row['Id']}") for row in docker.get("/networks")})
        volumes = docker.get("/volumes")["Volumes"] or []
        save("docker_volume", {row["Name"]: docker.get(f"/volumes/{row['Name']}") for row in volumes})
    return 0


if __name__ == "__main__":
    sys.exit(main())
