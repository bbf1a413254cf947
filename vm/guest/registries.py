"""Files of the guest that tell both engines about mirrors, insecure registries, certificates and the proxy."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from vm.errors import UnavailableError
from vm.image.archive import Entry

ALWAYS_DIRECT = ("localhost", "127.0.0.0/8", "::1", "10.0.2.0/24")
"""Never through the proxy: the guest itself and QEMU's user network."""

DOCKER_HUB = "docker.io"


def files(mirrors: Mapping[str, str], insecure: Iterable[str], certificates: Iterable[Path]) -> list[Entry]:
    """Return the files about registries; paths without a leading slash.

    Raises:
        UnavailableError: a certificate cannot be read.
    """
    found = [entry for number, path in enumerate(certificates) for entry in _certificate(number, path)]
    names = sorted(set(insecure))
    if mirrors or names:
        found.append(Entry.file("etc/containers/registries.conf.d/50-linnet.conf", _podman(mirrors, names).encode()))
    return found + _docker(mirrors, names)


def proxy_files(http: str, https: str, no_proxy: Iterable[str]) -> list[Entry]:
    """Return the files that hand the proxy to the engines and to shells; none when there is no proxy."""
    variables = proxy_variables(http, https, no_proxy)
    if not variables:
        return []
    pairs = [f"{name}={value}" for name, value in variables.items()]
    manager = "[Manager]\nDefaultEnvironment=" + " ".join(_systemd(pair) for pair in pairs) + "\n"
    engine = "[engine]\nenv = " + json.dumps(pairs) + "\n"
    shell = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
    plain = "".join(f"{name}={shlex.quote(value)}\n" for name, value in variables.items())
    return [
        Entry.file("etc/systemd/system.conf.d/50-linnet-proxy.conf", manager.encode()),
        Entry.file("etc/systemd/user.conf.d/50-linnet-proxy.conf", manager.encode()),
        Entry.file("etc/containers/containers.conf.d/50-linnet-proxy.conf", engine.encode()),
        Entry.file("etc/profile.d/linnet-proxy.sh", shell.encode()),
        Entry.file("etc/environment", plain.encode()),
    ]


def proxy_variables(http: str, https: str, no_proxy: Iterable[str]) -> dict[str, str]:
    """Return the environment variables of the proxy, in the spellings that programs look for."""
    if not http and not https:
        return {}
    values = {"http_proxy": http, "https_proxy": https, "no_proxy": ",".join((*ALWAYS_DIRECT, *no_proxy))}
    used = {name: value for name, value in values.items() if value}
    return used | {name.upper(): value for name, value in used.items()}


def _podman(mirrors: Mapping[str, str], insecure: list[str]) -> str:
    lines = []
    for registry in sorted({*mirrors, *insecure}):
        lines += ["[[registry]]", f"location = {json.dumps(registry)}"]
        if registry in insecure:
            lines.append("insecure = true")
        if registry in mirrors:
            url = urlsplit(mirrors[registry])
            place = url.netloc + url.path.rstrip("/")
            lines += ["[[registry.mirror]]", f"location = {json.dumps(place)}"]
            if url.scheme == "http" or url.netloc in insecure:
                lines.append("insecure = true")
    return "\n".join(lines) + "\n"


def _docker(mirrors: Mapping[str, str], insecure: list[str]) -> list[Entry]:
    # Moby can mirror Docker Hub only.
    hub = [mirrors[DOCKER_HUB]] if DOCKER_HUB in mirrors else []
    plain = [urlsplit(url).netloc for url in hub if urlsplit(url).scheme == "http"]
    settings = {"registry-mirrors": hub, "insecure-registries": sorted({*insecure, *plain})}
    used = {name: value for name, value in settings.items() if value}
    return [Entry.file("etc/docker/daemon.json", json.dumps(used, indent=2).encode() + b"\n")] if used else []


def _certificate(number: int, path: Path) -> list[Entry]:
    # Here, because it costs linnetd 1.6 MB that hardly anybody needs.
    from cryptography.x509 import load_pem_x509_certificates

    try:
        data = path.read_bytes()
        load_pem_x509_certificates(data)
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from error
    except ValueError as error:
        raise _unusable(path, "it holds no certificate in PEM format") from error
    name = f"linnet-{number}"
    return [
        # Go programs, which both engines are, trust every file in this folder; update-ca-certificates reads the other.
        Entry.file(f"etc/ssl/certs/{name}.pem", data),
        Entry.file(f"usr/local/share/ca-certificates/{name}.crt", data),
    ]


def _unusable(path: Path, why: str) -> UnavailableError:
    return UnavailableError(
        f"The certificate file {path} cannot be used: {why}.",
        hint="Correct the setting registries.certificates, or bring the file back.",
    )


def _systemd(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'
