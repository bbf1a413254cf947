"""The form that runs a container: what it checks, what it asks of the engine, what it does when that fails."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from app.gui.pages.containers import runcheck
from app.gui.pages.containers.runform import RunForm
from app.gui.pages.containers.runrequest import (
    FOLDER,
    TEMPORARY,
    VOLUME,
    HealthWish,
    MountWish,
    PortWish,
    RunRequest,
    docker_body,
    libpod_body,
    shell_line,
)
from app.gui.pages.containers.runsections import Environment, Health, Ports, Resources, Security, Storage
from app.gui.pages.containers.runwork import Pulled
from app.gui.window import MainWindow
from app.gui.work.jobs import JobState
from tests.gui.acts import Go, open_containers
from tests.gui.fake import FakeLinnet, Reply
from vm.units import MIB

FULL = RunRequest(
    "nginx:1.27",
    name="web",
    command=("nginx", "-g", "daemon off;"),
    env=(("A", "1 2"),),
    ports=(PortWish(8080, 80), PortWish(0, 53, "udp", "0.0.0.0")),
    mounts=(
        MountWish(VOLUME, "data", "/data"),
        MountWish(FOLDER, "/home/mia/src", "/src", True),
        MountWish(TEMPORARY, "", "/tmp/x"),
    ),
    network="back",
    policy="always",
    cpus=1.5,
    memory=256 * MIB,
    user="1000",
    read_only=True,
    cap_add=("NET_ADMIN",),
    cap_drop=("ALL",),
    runtime="runsc",
    health=HealthWish("true", 10, 2),
)


@pytest.fixture
def form(go: Go, window: MainWindow, qtbot: QtBot) -> RunForm:
    """The form, opened from the page, with the engine's images and networks."""
    page = open_containers(go, qtbot)
    page.run()
    found = window.findChild(RunForm)
    assert isinstance(found, RunForm)
    hub = page.services.hub
    qtbot.waitUntil(lambda: bool(hub.images.rows) and bool(hub.networks.rows))
    return found


def find(path: str) -> str | None:
    """Say where the machine has a folder."""
    return "/mnt" + path if path.startswith("/home/") else None


def test_request_of_the_docker_api() -> None:
    assert docker_body(FULL, find) == {
        "Image": "nginx:1.27",
        "Cmd": ["nginx", "-g", "daemon off;"],
        "Env": ["A=1 2"],
        "User": "1000",
        "ExposedPorts": {"80/tcp": {}, "53/udp": {}},
        "Healthcheck": {"Test": ["CMD-SHELL", "true"], "Interval": 10_000_000_000, "Retries": 2},
        "HostConfig": {
            "AutoRemove": False,
            "ReadonlyRootfs": True,
            "PortBindings": {
                "80/tcp": [{"HostIp": "", "HostPort": "8080"}],
                "53/udp": [{"HostIp": "0.0.0.0", "HostPort": ""}],
            },
            "Mounts": [
                {"Type": "volume", "Source": "data", "Target": "/data"},
                {"Type": "bind", "Source": "/mnt/home/mia/src", "Target": "/src", "ReadOnly": True},
                {"Type": "tmpfs", "Target": "/tmp/x"},
            ],
            "NetworkMode": "back",
            "RestartPolicy": {"Name": "always"},
            "NanoCpus": 1_500_000_000,
            "Memory": 256 * MIB,
            "CapAdd": ["NET_ADMIN"],
            "CapDrop": ["ALL"],
            "Runtime": "runsc",
        },
    }
    assert docker_body(RunRequest("a"), find) == {
        "Image": "a",
        "HostConfig": {"AutoRemove": False, "ReadonlyRootfs": False},
    }


def test_request_of_podmans_own_api() -> None:
    body = libpod_body(FULL, find)
    assert body["oci_runtime"] == "runsc"
    assert body["portmappings"][0] == {"host_ip": "", "host_port": 8080, "container_port": 80, "protocol": "tcp"}
    assert body["volumes"] == [{"Name": "data", "Dest": "/data", "Options": []}]
    assert body["mounts"][0]["source"] == "/mnt/home/mia/src"
    assert body["mounts"][0]["options"] == ["rbind", "ro"]
    assert body["resource_limits"] == {
        "cpu": {"period": 100_000, "quota": 150_000},
        "memory": {"limit": 256 * MIB},
    }
    assert body["networks"] == {"back": {}}
    assert libpod_body(RunRequest("a", network="none"), find) == {"image": "a", "netns": {"nsmode": "none"}}


def test_limits_in_each_request() -> None:
    wish = RunRequest("a", memory=64 * MIB, swap=16 * MIB, pids=50, io_weight=300)
    host = docker_body(wish, find)["HostConfig"]
    assert {name: host[name] for name in ("Memory", "MemorySwap", "PidsLimit", "BlkioWeight")} == {
        "Memory": 64 * MIB, "MemorySwap": 80 * MIB, "PidsLimit": 50, "BlkioWeight": 300,
    }  # fmt: skip
    assert libpod_body(wish, find)["resource_limits"] == {
        "memory": {"limit": 64 * MIB, "swap": 80 * MIB}, "pids": {"limit": 50}, "blockIO": {"weight": 300},
    }  # fmt: skip
    assert shell_line(wish) == "linnet run -d --memory 64m --memory-swap 80m --pids-limit 50 --blkio-weight 300 a"
    none = RunRequest("a", memory=64 * MIB, swap=0)
    assert docker_body(none, find)["HostConfig"]["MemorySwap"] == 64 * MIB
    assert "MemorySwap" not in docker_body(RunRequest("a", swap=0), find)["HostConfig"]


def test_line_for_a_shell() -> None:
    assert shell_line(FULL) == (
        "linnet run -d --name web --network back --user 1000 --runtime runsc -e 'A=1 2' -p 8080:80 "
        "-p 0.0.0.0::53/udp -v data:/data -v /home/mia/src:/src:ro --tmpfs /tmp/x --restart always --cpus 1.5 "
        "--memory 256m --read-only --cap-add NET_ADMIN --cap-drop ALL --health-cmd true --health-interval 10s "
        "--health-retries 2 nginx:1.27 nginx -g 'daemon off;'"
    )
    assert shell_line(RunRequest("a", terminal=True, remove=True), "work") == "linnet --machine work run -it --rm a"


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (
            runcheck.image,
            ["nginx", "docker.io/library/nginx:1.27", "localhost:5000/a/b", "a" * 64],
            ["", "Nginx", "a b"],
        ),
        (runcheck.name, ["", "web-1"], ["-x", "ü", "a b"]),
        (runcheck.command, ["", "sh -c 'a b'"], ["'"]),
        (runcheck.variable, ["PATH", "a.b"], ["", "a b", "a=b"]),
        (runcheck.port, ["1", "65535"], ["", "0", "65536", "x", "²"]),
        (runcheck.target, ["/data"], ["", "/", "data"]),
        (runcheck.user, ["", "1000:1000", "www-data"], ["a b", ":"]),
        (runcheck.capabilities, ["", "NET_ADMIN, ALL"], ["NET-ADMIN"]),
    ],
)
def test_checks(check: Callable[[str], str], good: list[str], bad: list[str]) -> None:
    assert [text for text in good if check(text)] == []
    assert [text for text in bad if not check(text)] == []


def test_progress_of_a_pull() -> None:
    pulled = Pulled()
    assert pulled.take({"status": "Pulling from library/x"}) == ("Pulling from library/x", None, None)
    pulled.take({"id": "a", "status": "Downloading", "progressDetail": {"current": 10, "total": 100}})
    line = {"id": "b", "status": "Downloading", "progressDetail": {"current": 50, "total": 50}}
    assert pulled.take(line) == ("b Downloading", 60, 150)


def answers(fake: FakeLinnet) -> None:
    """Have the engine make and start containers."""
    fake.docker.on("POST", "/containers/create", lambda _request: Reply({"Id": "c" * 64, "Warnings": []}, 201))
    details = next(iter(fake.image_details.values()))["inspect"]
    fake.docker.on("GET", "/images/localhost/hello:latest/json", lambda _request: details)


def test_run(form: RunForm, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    answers(fake)
    form.basics.image.field.setText("localhost/hello:latest")
    form.basics.name.field.setText("mine")
    form.basics.command.field.setText("sh -c 'sleep 5'")
    ports = form.section(Ports)
    assert isinstance(ports, Ports)
    ports.lines.add(("8080", "80", "tcp", ""))
    ports.lines.add()
    qtbot.wait(10)
    environment = form.section(Environment)
    assert isinstance(environment, Environment)
    environment.lines.add(("A", "b"))
    qtbot.wait(10)
    resources = form.section(Resources)
    assert isinstance(resources, Resources)
    assert resources.network.findData("shop_default") > 0
    resources.network.setCurrentIndex(resources.network.findData("shop_default"))
    assert not resources.swap.isEnabled()
    resources.memory.setValue(64)
    resources.swap.setValue(0)
    resources.pids.setValue(50)
    resources.io_weight.setValue(300)
    qtbot.wait(10)
    health = form.section(Health)
    assert isinstance(health, Health)
    health.command.field.setText("true")
    with qtbot.waitSignal(form.made) as made:
        form.run_button.click()
    assert made.args == ["c" * 64]
    asked = fake.docker.asked("POST", "/containers/create")[0]
    assert asked.query == {"name": "mine"}
    assert asked.body["Cmd"] == ["sh", "-c", "sleep 5"]
    assert asked.body["Env"] == ["A=b"]
    assert asked.body["HostConfig"]["NetworkMode"] == "shop_default"
    limits = ("Memory", "MemorySwap", "PidsLimit", "BlkioWeight")
    assert [asked.body["HostConfig"][name] for name in limits] == [64 * MIB, 64 * MIB, 50, 300]
    assert list(asked.body["HostConfig"]["PortBindings"]) == ["80/tcp"]
    assert asked.body["Healthcheck"]["Test"] == ["CMD-SHELL", "true"]
    assert fake.docker.asked("POST", f"/containers/{'c' * 64}/start")
    assert not fake.docker.asked("POST", "/images/create")


def test_gvisor_on_podman_needs_its_own_api(form: RunForm, fake: FakeLinnet, qtbot: QtBot) -> None:
    answers(fake)
    fake.docker.on("POST", r"/v5\.0\.0/libpod/containers/create", lambda _request: Reply({"Id": "c" * 64}, 201))
    form.basics.image.field.setText("localhost/hello:latest")
    security = form.section(Security)
    assert isinstance(security, Security)
    security.runtime.setCurrentIndex(1)
    with qtbot.waitSignal(form.made):
        form.run()
    assert fake.docker.asked("POST", ".*/libpod/containers/create")[0].body["oci_runtime"] == "runsc"


def test_nothing_is_asked_while_something_is_wrong(form: RunForm, fake: FakeLinnet) -> None:
    form.run_button.click()
    assert "Name an image" in form.problem
    assert "Name an image" in form.basics.image.problem.text()
    form.basics.image.field.setText("nginx")
    assert form.basics.image.problem.text() == ""
    ports = form.section(Ports)
    assert isinstance(ports, Ports)
    line = ports.lines.add(("99999", "80", "tcp", ""))
    form.run_button.click()
    assert form.places.currentRow() == 2
    assert "1 to 65535" in line.problem.text()
    line.gone.emit()
    assert ports.judge() == ""
    assert not fake.docker.asked("POST", ".*")


def test_a_missing_image_is_pulled(form: RunForm, fake: FakeLinnet, qtbot: QtBot) -> None:
    answers(fake)
    fake.docker.on(
        "POST",
        "/images/create",
        lambda _request: iter([{"status": "Pulling from library/nginx"}, {"status": "Download complete"}]),
    )
    form.basics.image.field.setText("nginx")
    with qtbot.waitSignal(form.made):
        form.run()
    assert fake.docker.asked("POST", "/images/create")[0].query == {"fromImage": "nginx:latest"}


def test_a_failed_pull_is_said_and_the_form_stays(form: RunForm, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.docker.on("POST", "/images/create", lambda _request: iter([{"error": "manifest unknown"}]))
    form.basics.image.field.setText("nginx:nonsense")
    form.run()
    assert not form.run_button.isEnabled()
    qtbot.waitUntil(lambda: form.problem == "Manifest unknown.")
    assert form.run_button.isEnabled()
    assert form.basics.image.text == "nginx:nonsense"
    assert not fake.docker.asked("POST", "/containers/create")


def test_what_could_not_start_is_removed_again(form: RunForm, fake: FakeLinnet, qtbot: QtBot) -> None:
    answers(fake)
    fake.docker.on("POST", "/containers/c+/start", lambda _request: Reply({"message": "port is in use"}, 500))
    form.basics.image.field.setText("localhost/hello:latest")
    form.run()
    qtbot.waitUntil(lambda: form.problem == "Port is in use.")
    assert fake.docker.asked("DELETE", "/containers/c+")[0].query == {"force": "1", "v": "1"}


def test_cancel_ends_the_pull(form: RunForm, fake: FakeLinnet, qtbot: QtBot) -> None:
    more = threading.Event()

    def slowly() -> object:
        yield {"id": "a", "status": "Downloading", "progressDetail": {"current": 1, "total": 4}}
        more.wait(10)
        yield {"status": "Downloading"}

    fake.docker.on("POST", "/images/create", lambda _request: slowly())
    form.basics.image.field.setText("nginx")
    form.run()
    qtbot.waitUntil(lambda: form._progress.value() == 25)
    form.reject()
    qtbot.waitUntil(lambda: form._services.jobs.all[-1].state is JobState.cancelled)
    more.set()
    assert form.isVisible()
    assert form.run_button.isEnabled()


def test_closing_leaves_the_work_to_the_tasks(
    form: RunForm, fake: FakeLinnet, window: MainWindow, qtbot: QtBot
) -> None:
    more = threading.Event()

    def slowly() -> object:
        yield {"status": "Downloading"}
        more.wait(10)
        yield {"error": "connection reset"}

    fake.docker.on("POST", "/images/create", lambda _request: slowly())
    form.basics.image.field.setText("nginx")
    form.run()
    jobs = form._services.jobs
    form.close()
    qtbot.wait(50)
    more.set()
    qtbot.waitUntil(lambda: jobs.all[-1].state is JobState.failed)
    assert window.toasts == ["Connection reset."]


def test_a_closed_form_hears_nothing_more(form: RunForm, fake: FakeLinnet, qtbot: QtBot) -> None:
    form.section(Resources)
    hub = form._services.hub
    with qtbot.waitSignal(form.destroyed):
        form.reject()
    with qtbot.captureExceptions() as exceptions:
        hub.networks.reset.emit()
        hub.images.changed.emit([])
    assert exceptions == []


def test_copy_as_linnet_run(form: RunForm) -> None:
    form.basics.image.field.setText("nginx")
    form.basics.remove.setChecked(True)
    form.copy_button.click()
    assert QGuiApplication.clipboard().text() == "linnet run -d --rm nginx"


def test_folders_must_be_shared(form: RunForm, fake: FakeLinnet, tmp_path: Path) -> None:
    storage = form.section(Storage)
    assert isinstance(storage, Storage)
    line = storage.lines.add((FOLDER, str(tmp_path), "/data", ""))
    assert "does not share" in line.judge(show=True)
    share = fake.machine["shares"][0]["path"]
    line.set_values((FOLDER, f"{share}/src", "/data", ""))
    assert line.judge() == ""
    kind = line.fields[0]
    assert isinstance(kind, QComboBox)
    kind.setCurrentIndex(kind.findData(TEMPORARY))
    assert not line.fields[1].isEnabled()
    assert line.judge() == ""


def test_images_are_offered(form: RunForm) -> None:
    completer = form.basics.image.field.completer()
    model = completer.model()
    offered = [model.index(place, 0).data() for place in range(model.rowCount())]
    assert "localhost/hello:latest" in offered
