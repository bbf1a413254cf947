"""A program with Testcontainers for Python, as a user's tests would have it. Prints `ok` when all was as it should be.

Arguments: the image (a busybox) and a folder with a Dockerfile.
"""

from __future__ import annotations

import sys
import tarfile
import urllib.request
from io import BytesIO
from pathlib import Path

from testcontainers.core.container import DockerContainer
from testcontainers.core.image import DockerImage
from testcontainers.core.network import Network
from testcontainers.core.wait_strategies import HttpWaitStrategy, LogMessageWaitStrategy


def main(image: str, folder: str) -> None:
    web_server(image)
    build(folder)


def web_server(image: str) -> None:
    """A published port, exec, copying both ways and another container on the same network."""
    with Network() as network:
        server = (
            DockerContainer(image)
            .with_command("httpd -f -p 80 -h /tmp")
            .with_exposed_ports(80)
            .with_network(network)
            .with_network_aliases("server")
            .with_copy_into_container(b"copied in\n", "/tmp/before")
            .waiting_for(HttpWaitStrategy(80, "/before"))
        )
        with server:
            address = f"http://{server.get_container_host_ip()}:{server.get_exposed_port(80)}"
            assert get(f"{address}/before") == b"copied in\n"

            done = server.exec(["sh", "-c", "echo out > /tmp/made; echo err >&2; exit 3"])
            assert (done.exit_code, done.output) == (3, b"err\n"), done

            wrapped = server.get_wrapped_container()
            put = wrapped.put_archive("/tmp", archive("after", b"later\n"))
            assert put
            assert get(f"{address}/after") == b"later\n"
            stream, _ = wrapped.get_archive("/tmp/made")
            with tarfile.open(fileobj=BytesIO(b"".join(stream))) as got:
                member = got.extractfile("made")
                assert member is not None
                assert member.read() == b"out\n"

            client = (
                DockerContainer(image)
                # It stays: what has ended already is an error to testcontainers, whatever it had to say.
                .with_command(["sh", "-c", "wget -q -O - http://server/before; exec sleep 1000"])
                .with_network(network)
                .waiting_for(LogMessageWaitStrategy("copied in"))
            )
            with client:
                assert client.get_logs()[0] == b"copied in\n", client.get_logs()


def build(folder: str) -> None:
    """An image that is built for one container and goes with it."""
    with (
        DockerImage(path=folder, tag="of-testcontainers") as image,
        DockerContainer(str(image)).waiting_for(LogMessageWaitStrategy("built")) as container,
    ):
        assert container.get_logs()[0] == b"built\n"


def archive(name: str, data: bytes) -> bytes:
    """Return a tar with one file."""
    out = BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        tar.addfile(info, BytesIO(data))
    return out.getvalue()


def get(url: str) -> bytes:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=60) as answer:
        data: bytes = answer.read()
        return data


if __name__ == "__main__":
    main(sys.argv[1], str(Path(sys.argv[2])))
    print("ok")
