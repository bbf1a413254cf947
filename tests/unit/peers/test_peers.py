"""Reading the suites' reports and comparing them, without suites or a machine."""

from __future__ import annotations

import socket
import ssl
import stat
import sys
import threading
from pathlib import Path

import bcrypt
import pytest

from tests.peers import certificate, compare, htpasswd, podman, registry, suites
from tests.peers.compare import Comparison, Outcome, numbered
from tests.peers.record import Record
from tests.peers.relay import relayed

TAP = """\
============================= test session starts ==============================
collected 1 items

ok 1 [20-containers] GET libpod/containers/json : status=200
ok 2 [20-containers] GET libpod/containers/0123456789ab/json : .Id=0123456789ab
not ok 3 [20-containers] POST containers/create : .Warnings
#  expected: []
ok 4 [20-containers] DELETE x: .Id # skip - wrong return code
ok 5 [20-containers] GET libpod/containers/json : status=200
"""

JUNIT = """\
<testsuites><testsuite name="pytest" errors="1" failures="1" skipped="1" tests="4">
<testcase classname="a.B" name="test_good" time="0.1"/>
<testcase classname="a.B" name="test_bad"><failure message="x">y</failure></testcase>
<testcase classname="a.B" name="test_broken"><error message="x">y</error></testcase>
<testcase classname="a.B" name="test_left"><skipped message="x"/></testcase>
</testsuite></testsuites>
"""


def test_tap_is_read() -> None:
    assert numbered("c", suites.read_tap(TAP)) == {
        "c: GET libpod/containers/json : status=200": Outcome.passed,
        "c: GET libpod/containers/ID/json : .Id=ID": Outcome.passed,
        "c: POST containers/create : .Warnings": Outcome.failed,
        "c: DELETE x: .Id # skip - wrong return code": Outcome.skipped,
        "c: GET libpod/containers/json : status=200 #2": Outcome.passed,
    }


def test_junit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "report.xml"
    path.write_text(JUNIT)
    outcomes = dict(suites.read_junit(path))
    assert [outcomes[f"test_{name}"].value for name in ("good", "bad", "broken", "left")] == [
        "passed",
        "failed",
        "failed",
        "skipped",
    ]


def test_names_lose_what_varies() -> None:
    first = compare.plain(
        "GET http://localhost:5123/x/sha256:" + "a1" * 32 + " at 2026-11-21T07:00:01.5Z in /tmp/x.Ab1/y"
    )
    second = compare.plain(
        "GET http://localhost:5999/x/sha256:" + "b2" * 32 + " at 2025-01-02T03:04:05Z in /tmp/x.Zz9/y"
    )
    assert first == second


def test_names_lose_values_that_only_have_to_match_a_pattern() -> None:
    first = compare.plain("GET x/specgenjaoGMFO1sR : .State.Pid ('5113') ~ [0-9]*")
    assert first == compare.plain("GET x/specgentfksRCw162 : .State.Pid ('12') ~ [0-9]*")
    assert first != compare.plain("GET x/specgentfksRCw162 : .State.Pid ('12') ~ [a-z]*")
    first = compare.plain('POST auth [-d {"username":"u3mb6hiV","password":"p5Dksm7K","serveraddress":"x:1234/"}]')
    assert first == compare.plain(
        'POST auth [-d {"username":"uBc34njr","password":"p2lrvM45","serveraddress":"x:1234/"}]'
    )
    assert "WrOnGPassWord" in compare.plain('POST auth [-d {"username":"u3mb6hiV","password":"WrOnGPassWord"}]')
    assert compare.plain("output=^A^OHello_bKECjB1l") == compare.plain("output=^A^OHello_W6MNxC7Y")


def test_worse_is_what_passes_bare_and_not_here() -> None:
    bare = {"a: 1": Outcome.passed, "a: 2": Outcome.failed, "b: 3": Outcome.passed, "b: 4": Outcome.passed}
    linnet = {"a: 1": Outcome.passed, "a: 2": Outcome.passed, "b: 3": Outcome.failed}
    comparison = Comparison("Suite", "1.0", bare, linnet)
    assert comparison.worse == ["b: 3", "b: 4"]
    assert comparison.rows() == [("a", 2, 1, 2, 0), ("b", 2, 2, 0, 2)]
    text = compare.table([comparison], "On a machine.")
    assert "| **all** | 4 | 3 | 2 | 2 |" in text
    assert "- `b: 4`" in text
    assert "Not run" not in text


def test_groups_that_were_left_out_are_named() -> None:
    comparison = Comparison("Suite", "1.0", {"a: 1": Outcome.passed}, {"a: 1": Outcome.passed}, ("b", "c"))
    assert "Not run this time: b, c." in compare.table([comparison], "On a machine.")


def test_the_page_keeps_what_is_around_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{compare.BEGIN}\nold\n{compare.END}\nafter\n")
    for text in ("new\n", "newer\n"):
        compare.write_page(page, text)
    assert page.read_text() == f"before\n{compare.BEGIN}\nnewer\n{compare.END}\nafter\n"


def test_store_options_are_dropped() -> None:
    words = ["--root", "/x", "--runroot=/y", "run", "--rm", "a b", "sh", "-c", "echo $HOME"]
    assert podman.without_store(words) == ["run", "--rm", "a b", "sh", "-c", "echo $HOME"]
    assert podman.in_guest(["run", "a b"]).endswith("exec podman run 'a b'")


def test_only_a_registry_that_is_published_is_waited_for() -> None:
    run = [
        "run",
        "-d",
        "-p",
        "5143:5000",
        "--name",
        "registry",
        "-v",
        "/a:/auth:Z",
        "registry.example/libpod/registry:2.7",
    ]
    assert podman.registry_port(run) == 5143
    assert podman.registry_port(["stop", "-i", "-t", "0", "registry"]) is None
    assert podman.registry_port(["run", "-d", "-p", "5143:5000", "alpine", "top"]) is None


def test_images_are_found_in_the_suites(tmp_path: Path) -> None:
    (tmp_path / "10-x.at").write_text("t POST images/create?fromImage=hub.test/libpod/testimage:20210610 200\n")
    images = registry.images_of(tmp_path)
    assert images.registries == {"hub.test"}
    assert {("libpod/testimage", "20210610"), ("library/alpine", "latest")} <= images.names


def test_relay_keeps_half_closed_connections(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                received = b""
                while data := connection.recv(4096):
                    received += data
                connection.sendall(received.upper())

        thread = threading.Thread(target=answer)
        thread.start()
        with relayed(path) as port, socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"half")
            client.shutdown(socket.SHUT_WR)
            assert client.recv(100) == b"HALF"
        thread.join(5)


def test_registry_speaks_tls_that_its_certificate_vouches_for(tmp_path: Path) -> None:
    pem, key = tmp_path / "c.pem", tmp_path / "c.key"
    certificate.write(pem, key, ("127.0.0.1", "10.0.2.2"))
    assert key.stat().st_mode & 0o077 == 0
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(pem, key)
    client = ssl.create_default_context(cafile=str(pem))
    there, here = socket.socketpair()
    with there, here:
        thread = threading.Thread(target=lambda: server.wrap_socket(there, server_side=True).close())
        thread.start()
        with client.wrap_socket(here, server_hostname="10.0.2.2") as secure:
            names = (secure.getpeercert() or {})["subjectAltName"]
        thread.join(5)
    assert ("IP Address", "127.0.0.1") in names


def test_a_registry_that_answers_is_found(tmp_path: Path) -> None:
    pem, key = tmp_path / "c.pem", tmp_path / "c.key"
    certificate.write(pem, key, ("127.0.0.1",))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = threading.Thread(target=lambda: context.wrap_socket(listening.accept()[0], server_side=True).close())
        server.start()
        assert podman.await_tls(listening.getsockname()[1], limit=5)
        server.join(5)


def test_a_port_that_is_open_without_tls_is_no_registry() -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:
        threading.Thread(target=lambda: plain.accept()[0].close(), daemon=True).start()
        assert not podman.await_tls(plain.getsockname()[1], limit=0.1)


def test_htpasswd_makes_what_a_registry_checks(capsys: pytest.CaptureFixture[str]) -> None:
    assert htpasswd.main(["-Bbn", "me", "secret"]) == 0
    user, _, hashed = capsys.readouterr().out.strip().partition(":")
    assert user == "me"
    assert bcrypt.checkpw(b"secret", hashed.encode())
    assert htpasswd.main(["-c", "file", "me"]) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="asks the linker of Linux")
def test_registry_image_brings_its_libraries(tmp_path: Path) -> None:
    program = Path("/bin/sh")
    content = {entry.name: entry for entry in registry.registry_files(program)}
    assert content["bin/registry"].data == program.read_bytes()
    assert b":5000" in content["etc/registry.json"].data
    assert any("/libc.so" in f"/{name}" for name in content)
    folders = [name for name, entry in content.items() if stat.S_ISDIR(entry.mode)]
    assert all(name == "lib" or str(Path(name).parent) in {*folders, "."} for name in folders)


def test_results_of_earlier_runs_are_kept_when_wanted(tmp_path: Path) -> None:
    bare, linnet = {"a: 1": Outcome.passed}, {"a: 1": Outcome.failed}
    Record(tmp_path / "r.json", keep=False).put("Suite, 1.0", "a", bare, linnet)
    kept = Record(tmp_path / "r.json", keep=True)
    assert kept.get("Suite, 1.0", "a") == (bare, linnet)
    assert kept.get("Suite, 1.1", "a") is None
    assert Record(tmp_path / "r.json", keep=False).get("Suite, 1.0", "a") is None
