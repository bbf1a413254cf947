"""Tests of app.cli.hostpaths."""

from __future__ import annotations

import ntpath
import posixpath
from collections.abc import Mapping, Sequence

import pytest

from app.cli.hostpaths import PathMap, SharedFolder, translate, wants_terminal
from vm.errors import UsageError

HOME = SharedFolder("/home/me", "/home/me")
DATA = SharedFolder("/srv/data", "/mnt/data")


def posix(
    cwd: str = "/home/me/proj", shares: Sequence[SharedFolder] = (HOME, DATA), links: Mapping[str, str] | None = None
) -> PathMap:
    def real(path: str) -> str:
        for link, target in (links or {}).items():
            if path == link or path.startswith(link + "/"):
                return target + path[len(link) :]
        return path

    return PathMap(shares, cwd, flavour=posixpath, realpath=real)


def windows(cwd: str = "C:\\Users\\Me\\proj") -> PathMap:
    return PathMap([SharedFolder("C:\\Users\\Me", "/mnt/c/Users/Me")], cwd, flavour=ntpath, realpath=lambda path: path)


def mapped(command: str, paths: PathMap | None = None, environ: Mapping[str, str] | None = None) -> str:
    return " ".join(translate(command.split(" "), paths or posix(), environ or {}).argv)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        # Where the guest has the same paths, everything stays as it is.
        ("run --rm -it -v /home/me/x:/x img sh -v /etc:/y", None),
        ("run -v ./x:/x img", None),
        ("run -v cache:/x img", None),
        ("run -v /x img", None),
        ("ps -a --filter name=/etc", None),
        ("build -t a:b .", None),
        ("build -t a -f docker/Dockerfile ../other", None),
        ("build https://example.org/r.git", None),
        ("build git@example.org:r.git", None),
        ("build -", None),
        ("compose up -d", None),
        # Where it has another path, only paths change.
        ("run -v /srv/data/a:/x:ro img", "run -v /mnt/data/a:/x:ro img"),
        ("run -v/srv/data:/x img", "run -v/mnt/data:/x img"),
        ("run -itv /srv/data:/x img", "run -itv /mnt/data:/x img"),
        ("run --volume=/srv/data:/x img /srv/data", "run --volume=/mnt/data:/x img /srv/data"),
        ("run --name /srv/data img", None),
        ("run --env-file /srv/data/env img", "run --env-file /mnt/data/env img"),
        ("run --cidfile=/srv/data/cid img", "run --cidfile=/mnt/data/cid img"),
        ("create -v /srv/data:/x img", "create -v /mnt/data:/x img"),
        ("container run -v /srv/data:/x img", "container run -v /mnt/data:/x img"),
        ("run --security-opt seccomp=/srv/data/s.json i", "run --security-opt seccomp=/mnt/data/s.json i"),
        ("run --security-opt seccomp=unconfined i", None),
        (
            "run --mount type=bind,src=/srv/data,dst=/srv/data,readonly img",
            "run --mount type=bind,src=/mnt/data,dst=/srv/data,readonly img",
        ),
        ("run --mount source=vol,target=/srv/data,type=volume img", None),
        ("run --mount type=tmpfs,dst=/srv/data img", None),
        ("exec -it --env-file /srv/data/e c cat /srv/data/f", "exec -it --env-file /mnt/data/e c cat /srv/data/f"),
        ("build -t x /srv/data", "build -t x /mnt/data"),
        ("buildx build --load /srv/data", "buildx build --load /mnt/data"),
        ("build --secret id=a,src=/srv/data/s .", "build --secret id=a,src=/mnt/data/s ."),
        ("build --iidfile /srv/data/i .", "build --iidfile /mnt/data/i ."),
        ("build --build-context a=/srv/data .", "build --build-context a=/mnt/data ."),
        ("build --build-context a=docker-image://x .", None),
        ("build -o type=local,dest=/srv/data/o .", "build -o type=local,dest=/mnt/data/o ."),
        ("build -o /srv/data/o .", "build -o /mnt/data/o ."),
        ("build -o - .", None),
        ("build --cache-from type=local,src=/srv/data .", "build --cache-from type=local,src=/mnt/data ."),
        ("build --cache-from reg/x:y .", None),
        ("cp /srv/data/f c:/srv/data/f", "cp /mnt/data/f c:/srv/data/f"),
        ("cp -a c:/x /srv/data", "cp -a c:/x /mnt/data"),
        ("cp - c:/x", None),
        ("save -o /srv/data/i.tar a b", "save -o /mnt/data/i.tar a b"),
        ("image save a --output=/srv/data/i.tar", "image save a --output=/mnt/data/i.tar"),
        ("load -i /srv/data/i.tar", "load -i /mnt/data/i.tar"),
        ("load --input /srv/data/i.tar", "load --input /mnt/data/i.tar"),
        ("export c -o /srv/data/c.tar", "export c -o /mnt/data/c.tar"),
        ("import /srv/data/c.tar name:tag", "import /mnt/data/c.tar name:tag"),
        ("import http://h/c.tar name", None),
        ("kube play /srv/data/p.yaml", "kube play /mnt/data/p.yaml"),
        ("play kube --configmap /srv/data/c.yaml -", "play kube --configmap /mnt/data/c.yaml -"),
        ("kube generate c -f /srv/data/p.yaml", "kube generate c -f /mnt/data/p.yaml"),
        ("secret create s /srv/data/s", "secret create s /mnt/data/s"),
        ("volume import v /srv/data/v.tar", "volume import v /mnt/data/v.tar"),
        ("pod create -v /srv/data:/x p", "pod create -v /mnt/data:/x p"),
        ("compose -f /srv/data/c.yaml up", "compose -f /mnt/data/c.yaml up"),
        ("compose --project-directory /srv/data ps", "compose --project-directory /mnt/data ps"),
        ("compose -p n cp /srv/data/f web:/f", "compose -p n cp /mnt/data/f web:/f"),
        ("compose run -v /srv/data:/x web ls /srv/data", "compose run -v /mnt/data:/x web ls /srv/data"),
        ("compose exec web ls /srv/data", None),
        # Sources that mean the system that runs the containers.
        ("run -v /var/run/docker.sock:/var/run/docker.sock img", None),
        ("run -v /:/rootfs:ro -v /proc:/p -v /etc/localtime:/etc/localtime img", None),
        ("run --mount type=bind,src=/sys/fs/cgroup,dst=/c img", None),
    ],
)
def test_paths_become_the_guests(command: str, expected: str | None) -> None:
    assert mapped(command) == (expected or command)


@pytest.mark.parametrize(
    ("command", "path", "folder"),
    [
        ("run -v /opt/x:/x img", "/opt/x", "/opt"),
        ("run --mount type=bind,source=/opt/x,target=/x img", "/opt/x", "/opt"),
        ("run --env-file ../../../opt/env img", "/opt/env", "/opt"),
        ("build /opt/ctx", "/opt/ctx", "/opt"),
        ("build -f /etc/passwd .", "/etc/passwd", "/etc"),
        ("cp c:/x /opt/y", "/opt/y", "/opt"),
        ("save -o /opt/i.tar a", "/opt/i.tar", "/opt"),
        ("compose -f /opt/c.yaml up", "/opt/c.yaml", "/opt"),
        ("kube play /opt/p.yaml", "/opt/p.yaml", "/opt"),
    ],
)
def test_a_path_in_no_share_is_named_with_its_cure(command: str, path: str, folder: str) -> None:
    with pytest.raises(UsageError) as caught:
        mapped(command)
    assert path in caught.value.message
    assert (caught.value.hint or "").startswith(f"Share it: linnet share add {folder} (")


def test_the_cure_can_be_pasted_into_a_shell() -> None:
    with pytest.raises(UsageError) as caught:
        mapped("run -v /opt/it's;here/x:/x img".replace(";", ";"))
    assert "linnet share add '/opt/it'\"'\"'s;here' (" in (caught.value.hint or "")


def test_outside_of_all_shares_only_commands_that_look_there_fail() -> None:
    outside = posix(cwd="/opt/work")
    assert mapped("ps", outside) == "ps"
    assert mapped("run -v /home/me:/x img", outside) == "run -v /home/me:/x img"
    assert mapped("compose ls", outside) == "compose ls"
    assert mapped("compose -f /home/me/c.yaml up", outside) == "compose -f /home/me/c.yaml up"
    assert translate(["ps"], outside, {}).cwd is None
    for command in ("build .", "compose up", "run -v ./x:/x img", "compose -p name ps"):
        with pytest.raises(UsageError, match="/opt/work"):
            mapped(command, outside)


def test_relative_paths_follow_a_moved_working_directory() -> None:
    here = posix(cwd="/srv/data/proj")
    assert here.guest_cwd == "/mnt/data/proj"
    assert mapped("build -f D sub", here) == "build -f D sub"
    assert mapped("build ../../../srv/data/x") == "build /mnt/data/x"


def test_a_similar_name_is_not_inside() -> None:
    assert posix().find("/home/me2/x") is None
    assert posix(shares=[SharedFolder("/", "/mnt/host")]).find("/etc/x") == "/mnt/host/etc/x"


def test_the_innermost_share_counts() -> None:
    inner = SharedFolder("/home/me/big", "/mnt/big")
    assert posix(shares=[HOME, inner]).find("/home/me/big/x") == "/mnt/big/x"
    assert posix(shares=[HOME, inner]).find("/home/me/bigger") == "/home/me/bigger"


def test_links() -> None:
    links = {
        "/home/me/out": "/opt/x",
        "/home/me/in": "/home/me/real",
        "/home/me/moved": "/srv/data/d",
        "/tmp": "/srv/data/t",
    }
    paths = posix(links=links)
    assert paths.find("/home/me/out/f") is None
    assert paths.find("/home/me/in/f") == "/home/me/in/f"
    assert paths.find("/home/me/moved/f") == "/mnt/data/d/f"
    assert paths.find("/tmp/f") == "/mnt/data/t/f"


def test_windows_paths() -> None:
    assert mapped("run -v C:\\Users\\Me\\x:/x:ro img", windows()) == "run -v /mnt/c/Users/Me/x:/x:ro img"
    assert mapped("run -v c:/users/me/x:/x img", windows()) == "run -v /mnt/c/Users/Me/x:/x img"
    assert mapped("run -v vol:/x img", windows()) == "run -v vol:/x img"
    assert mapped("build .", windows()) == "build /mnt/c/Users/Me/proj"
    assert mapped("build -f docker\\D .", windows()) == "build -f docker\\D /mnt/c/Users/Me/proj"
    assert mapped("cp C:\\Users\\Me\\f web:/f", windows()) == "cp /mnt/c/Users/Me/f web:/f"
    assert mapped("save -o ..\\i.tar a", windows()) == "save -o /mnt/c/Users/Me/i.tar a"
    with pytest.raises(UsageError) as caught:
        mapped("run -v D:\\x\\y:/x img", windows())
    assert 'linnet share add "D:\\x" (' in (caught.value.hint or "")


def test_mount_options_with_quotes_stay_one_field() -> None:
    argv = ["run", "--mount", 'type=bind,"src=/srv/data/a,b",dst=/x', "img"]
    assert translate(argv, posix(), {}).argv[2] == 'type=bind,"src=/mnt/data/a,b",dst=/x'


def test_variables_that_a_command_takes_from_here() -> None:
    environ = {
        "TOKEN": "t",
        "OTHER": "o",
        "PATH": "/bin",
        "DOCKER_BUILDKIT": "1",
        "DOCKER_HOST": "unix:///x",
        "HOME": "/h",
    }
    assert translate(["run", "-e", "TOKEN", "-e", "A=1", "-e", "MISSING", "img"], posix(), environ).env == {
        "TOKEN": "t",
        "DOCKER_BUILDKIT": "1",
    }
    assert translate(["build", "--secret", "id=x,env=TOKEN", "."], posix(), environ).env["TOKEN"] == "t"
    assert "OTHER" not in translate(["ps"], posix(), environ).env
    compose = translate(["compose", "up"], posix(), environ).env
    assert (compose["TOKEN"], compose["OTHER"]) == ("t", "o")
    assert not {"PATH", "HOME", "DOCKER_HOST"} & set(compose)


def test_compose_files_from_the_environment() -> None:
    command = translate(["compose", "up"], posix(cwd="/opt"), {"COMPOSE_FILE": "/srv/data/a.yaml:/home/me/b.yaml"})
    assert command.env["COMPOSE_FILE"] == "/mnt/data/a.yaml:/home/me/b.yaml"


@pytest.mark.parametrize(
    ("command", "wants"),
    [
        ("run -it img", True),
        ("run --rm -t img", True),
        ("run --tty img", True),
        ("run --tty=false img", False),
        ("run img -t", False),
        ("run -e t img", False),
        ("exec -ti c sh", True),
        ("container exec -t c sh", True),
        ("build -t name .", False),
        ("ps", False),
    ],
)
def test_which_commands_ask_for_a_terminal(command: str, wants: bool) -> None:
    assert wants_terminal(command.split()) is wants
