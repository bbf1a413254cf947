"""Tests of vm.config.description."""

from __future__ import annotations

from pathlib import Path

import pytest

from vm.config.description import MachineDescription, machine_config, restart_names
from vm.config.layers import Origin
from vm.config.settings import MACHINE_SETTINGS, Host
from vm.errors import ConfigError, UsageError
from vm.units import GIB, MIB


@pytest.fixture
def host(tmp_path: Path) -> Host:
    home = tmp_path / "home"
    (home / "src").mkdir(parents=True)
    own = home / ".local" / "share" / "linnet"
    own.mkdir(parents=True)
    return Host(cpus=8, memory=16 * GIB, home=home, own=(own,))


def describe(host: Host, text: str, disk_size: int | None = None) -> MachineDescription:
    path = host.home.parent / "work.yaml"
    path.write_text(text)
    return MachineDescription.open(path, host, disk_size=disk_size)


def problems(host: Host, text: str, disk_size: int | None = None) -> list[str]:
    return [str(problem) for problem in describe(host, text, disk_size).validate()]


def test_defaults_fit_the_host(host: Host) -> None:
    config = machine_config(host.home / "none.yaml", host)
    assert (config.cpus, config.memory, config.disk) == (4, 4 * GIB, 60 * GIB)
    assert config.engine == "podman"
    assert [(share.path, share.mode) for share in config.all_shares] == [(host.home, "read-write")]


@pytest.mark.parametrize(
    ("memory", "default"),
    [(1 * GIB, 512 * MIB), (3 * GIB, 1536 * MIB), (6 * GIB, 2 * GIB), (24 * GIB, 6 * GIB), (256 * GIB, 8 * GIB)],
)
def test_default_memory(host: Host, memory: int, default: int) -> None:
    small = Host(cpus=1, memory=memory, home=host.home)
    config = machine_config(host.home / "none.yaml", small)
    assert (config.memory, config.cpus) == (default, 1)


def test_all_problems_are_reported_by_line_and_field(host: Host) -> None:
    found = problems(
        host,
        "cpus: 10000\nmemroy: 3GiB\nmemory: 900GiB\nports:\n  adress: x\ndisk: 1GiB\nengine: dokcer\n"
        "autostart: perhaps\n",
    )
    assert found == [
        "line 1: cpus: 10000 is too much; this computer has 8.",
        "line 2: memroy: Unknown setting; it is ignored. Did you mean 'memory'?",
        "line 3: memory: 900GiB is too much; this computer has 16GiB.",
        "line 5: ports.adress: Unknown setting; it is ignored. Did you mean 'ports.address'?",
        "line 6: disk: 1GiB is too little; the least is 2GiB.",
        "line 7: engine: 'dokcer' is not one of podman, podman-rootful, docker. Did you mean 'docker'?",
        "line 8: autostart: 'perhaps' is neither true nor false.",
    ]
    with pytest.raises(ConfigError, match="5 problems") as caught:
        describe(host, "cpus: 0\nmemory: 1\ndisk: x\nengine: y\nssh_port: 70000\n").config()
    assert "line 5: ssh_port" in caught.value.message


def test_zero_cpus(host: Host) -> None:
    assert problems(host, "cpus: 0\n") == ["line 1: cpus: 0 is too little; the least is 1."]


def test_warnings_do_not_stop_a_machine(host: Host) -> None:
    assert describe(host, "whatever: 1\ncpus: 2\n").config().cpus == 2


def test_a_disk_cannot_shrink(host: Host) -> None:
    assert problems(host, "disk: 50GiB\n", disk_size=60 * GIB) == [
        "line 1: disk: 50GiB is less than the data disk has, 60GiB; it can only grow."
    ]
    assert problems(host, "", disk_size=100 * GIB) == []
    assert describe(host, "", disk_size=100 * GIB).config().disk == 100 * GIB


def test_shares_that_make_no_sense(host: Host, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "deep").mkdir(parents=True)
    (outside / "file").write_text("")
    text = "shares:\n" + "".join(
        f"  - {entry}\n"
        for entry in (
            tmp_path / "missing",
            outside / "file",
            host.own[0].parent,
            host.own[0] / "machines",
            host.home / "src",
            outside,
            outside,
            outside / "deep",
            f"{{path: {tmp_path}, guest_path: {outside}}}",
        )
    )
    (host.own[0] / "machines").mkdir()
    found = problems(host, text)
    assert [line.split(": ")[:2] for line in found] == [
        [f"line {n + 2}", f"shares[{n}]"] for n in (0, 1, 2, 3, 4, 6, 7, 8)
    ]
    assert "does not exist" in found[0]
    assert "is not a folder" in found[1]
    assert "contains or lies in" in found[2]
    assert "contains or lies in" in found[3]
    assert "overlaps the home share" in found[4]
    assert "is shared already" in found[5]
    assert "overlaps the share of" in found[6]
    assert "contains or lies in" in found[7]


def test_a_share_through_a_link_into_linnets_own_files_is_refused(host: Host, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(host.own[0])
    assert "own files" in problems(host, f"home_share: off\nshares: [{tmp_path / 'link'}]\n")[0]


@pytest.mark.parametrize("path", ["/etc", "/usr/src", "/", "/home", "/data", "/proc/1", "/var/lib/x"])
def test_shares_do_not_cover_the_guests_own_folders(host: Host, path: str) -> None:
    assert "The guest needs its own" in problems(host, f"shares:\n  - path: {host.home}\n    guest_path: {path}\n")[0]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("relative/path", "must be absolute"),
        ("{guest_path: /x}", "needs a 'path'"),
        ("{path: /opt, mode: rw}", "one of read-write, read-only"),
        ("{path: /opt, kind: nfs}", "one of auto, virtiofs, 9p, sftp"),
        ("{path: /opt, readonly: true}", "has no 'readonly'"),
        ("{path: /opt, guest_path: x}", "must be absolute"),
        ("5", "A share is a folder"),
    ],
)
def test_a_wrong_share_is_named_with_its_line(host: Host, entry: str, message: str) -> None:
    found = problems(host, f"shares:\n  - {host.home}\n  - {entry}\n")
    assert found[0].startswith("line 3: shares[1]: ")
    assert message in found[0]


def test_missing_certificates_are_a_problem(host: Host) -> None:
    assert "does not exist" in problems(host, "registries:\n  certificates: [/nowhere.pem]\n")[0]


def test_old_names_are_read_and_written_anew(host: Host) -> None:
    description = describe(host, "ports:\n  loopback: false\n")
    assert description.validate()[0].warning
    assert description.get("ports.services").value is False
    description.change({"ports.services": "on"})
    assert "loopback" not in description.document.text()
    assert description.config().ports_services is True


def test_changes_are_typed_and_saved_with_comments(host: Host) -> None:
    description = describe(host, "# mine\ncpus: 2 # two\n")
    assert description.change(
        {"cpus": "3", "memory": "4G", "shares": [str(host.home / "src")], "home_share": "off"}
    ) == [
        "cpus",
        "shares",
        "home_share",
    ]
    description.save()
    again = MachineDescription.open(description.path, host)
    assert again.get("cpus").origin is Origin.file
    assert again.config().shares[0].path == host.home / "src"
    assert "# mine" in description.path.read_text()
    assert "memory: 4GiB" in description.path.read_text()


def test_entries_of_a_mapping_are_set_and_unset_alone(host: Host) -> None:
    description = describe(host, "")
    description.change(
        {"registries.mirrors.docker.io": "http://localhost:5000", "registries.mirrors.registry.example": "http://q"}
    )
    assert description.get("registries.mirrors").value == {
        "docker.io": "http://localhost:5000",
        "registry.example": "http://q",
    }
    description.change({"registries.mirrors.docker.io": None})
    assert description.document.text() == "registries:\n  mirrors:\n    registry.example: http://q\n"
    description.change({"registries.mirrors": None})
    assert description.document.text() == ""


def test_a_wrong_change_changes_nothing(host: Host) -> None:
    description = describe(host, "cpus: 2\n", disk_size=60 * GIB)
    for changes in (
        {"cpus": "9", "memory": "1GiB"},
        {"memory": "1GiB", "nonsense": 1},
        {"memory": "1GiB", "shares": ["/nonexistent"]},
        {"disk": "10GiB"},
    ):
        with pytest.raises(UsageError):
            description.change(changes)
        assert description.document.text() == "cpus: 2\n"
        assert description.config().cpus == 2


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"cpus": "10000"}, "Leave some to this computer itself: 4 is the default here."),
        ({"memory": "900TiB"}, "Leave some to this computer itself: 4GiB is the default here."),
        ({"cpus": "0"}, "4 is the default."),
        ({"ssh_port": "70000"}, "0 is the default."),
    ],
)
def test_too_much_and_too_little_come_with_what_is_usual(host: Host, changes: dict[str, str], hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        describe(host, "").change(changes)
    assert caught.value.hint == hint


def test_an_unknown_setting_is_refused_with_the_nearest_name(host: Host) -> None:
    with pytest.raises(UsageError) as caught:
        describe(host, "").change({"memorry": "1GiB"})
    assert caught.value.hint == "Did you mean 'memory'?"


def test_an_old_problem_does_not_forbid_other_changes(host: Host) -> None:
    description = describe(host, "cpus: 99\n")
    assert description.change({"memory": "1GiB"}) == ["memory"]


def test_overrides_beat_the_file(host: Host) -> None:
    path = host.home / "m.yaml"
    path.write_text("cpus: 2\n")
    description = MachineDescription.open(path, host, overrides={"cpus": 1})
    assert description.config().cpus == 1
    assert description.get("cpus").origin is Origin.override


def test_which_changes_wait_for_a_restart_is_in_the_table() -> None:
    assert restart_names(["engine", "memory", "autostart", "cpus"]) == ["cpus", "memory"]


def test_every_setting_is_explained_and_its_default_is_valid(host: Host) -> None:
    for setting in MACHINE_SETTINGS:
        assert setting.help.endswith((".", ")."))
        default = setting.default_for(host)
        assert setting.check(setting.type.plain(default), host) == default
