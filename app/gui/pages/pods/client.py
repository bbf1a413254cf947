"""Podman's own API of pods and Kubernetes files. Free of Qt; every function waits, so it runs in a thread."""

from __future__ import annotations

import contextlib
from typing import Any

from app.core.docker import DockerClient, part
from app.gui.work.jobs import Control
from vm.errors import GuestError, sentence

PODMAN = ("podman", "podman-rootful")
"""Engines that have pods."""


def list_pods(docker: DockerClient) -> list[dict[str, Any]]:
    """Return all pods."""
    return list(docker.get("/pods/json") or [])


def act(docker: DockerClient, verb: str, pod: str) -> None:
    """Start, stop, restart, pause or unpause a pod. Raises GuestError with what failed for some of its containers."""
    check_errors(docker.post(f"/pods/{part(pod)}/{verb}"))


def remove(docker: DockerClient, pod: str) -> None:
    """Remove a pod with its containers, running or not."""
    check_errors(docker.delete(f"/pods/{part(pod)}", force=True))


def generate(docker: DockerClient, names: list[str], *, service: bool) -> str:
    """Return the Kubernetes YAML of pods or containers; `service`: with one that publishes their ports."""
    # Podman wants the parameter once for each name.
    query = "&".join(f"names={part(name)}" for name in names)
    return str(docker.request("GET", f"/generate/kube?{query}{'&service=true' if service else ''}") or "")


def play(docker: DockerClient, text: str, control: Control, *, replace: bool, start: bool = True) -> list[str]:
    """Make what a Kubernetes YAML describes; return the ids of its pods.

    Raises:
        GuestError: Podman refuses it, or a container of it did not start.
    """
    with control.watch(
        docker.upload(
            "POST",
            "/play/kube",
            [text.encode()],
            headers={"Content-Type": "text/plain"},
            start=str(start).lower(),
            replace=str(replace).lower(),
        )
    ) as answer:
        report: dict[str, Any] = next(iter(answer), {})
    return _played(report, control)


def take_down(docker: DockerClient, text: str, control: Control) -> None:
    """Remove the pods that a Kubernetes YAML describes."""
    with control.watch(
        docker.upload("DELETE", "/play/kube", [text.encode()], headers={"Content-Type": "text/plain"})
    ) as answer:
        report: dict[str, Any] = next(iter(answer), {})
    for one in report.get("RmReport") or []:
        control.log(str(one.get("Id") or ""))
        check_errors(one)


def check_errors(report: Any) -> None:
    """Raise GuestError when an answer tells of errors."""
    if not isinstance(report, dict):
        return
    errors = [str(one) for one in report.get("Errs") or [] if one]
    with contextlib.suppress(AttributeError):
        errors += [str(one) for one in (report.get("RemovedCtrs") or {}).values() if one]
    if report.get("Err"):
        errors.append(str(report["Err"]))
    if errors:
        raise GuestError(sentence(errors[0]), detail="\n".join(errors))


def _played(report: dict[str, Any], control: Control) -> list[str]:
    pods = report.get("Pods") or []
    for pod in pods:
        for line in pod.get("Logs") or []:
            control.log(str(line).rstrip())
    problems = [str(text) for pod in pods for text in pod.get("ContainerErrors") or []]
    if problems:
        raise GuestError(sentence(problems[0]), detail="\n".join(problems))
    return [str(pod.get("ID") or "") for pod in pods]
