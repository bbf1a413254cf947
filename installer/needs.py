"""What Linnet needs of the system, and what each package manager calls it.

A need is probed by what it gives (a program, a header, a version), not by package names, so that what was installed
another way counts too.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from installer.console import output

Version = tuple[int, ...]

OLDEST_QEMU: Version = (8, 2)
"""Older ones corrupt guests under emulation (7.2) or are untested."""

OLDEST_LIBVIRT: Version = (10, 0)

TOOLS = Path(__file__).resolve().parent.parent / "build" / "tools"
"""Programs that were taken out of packages for the tests."""

SYSTEM_FOLDERS = ("/usr/sbin", "/sbin")
"""Programs for administrators, often not on a user's PATH."""


@dataclass(frozen=True)
class Need:
    """Something that must be on the machine.

    Attributes:
        title: what it is, for the plan that is printed.
        present: tells whether it is there.
        packages: package names by package manager (apt, brew, winget); a manager that is absent cannot or need not
            install it.
        tests_only: only the tests need it.
        newest: take the newest the distribution offers (backports), because the stable version is too old.
        lone_program: path inside the package of the one program that is taken out of it; the package itself is not
            installed, because it would bring a daemon.
    """

    title: str
    present: Callable[[], bool]
    packages: dict[str, tuple[str, ...]]
    tests_only: bool = False
    newest: bool = False
    lone_program: str = ""

    def packages_for(self, manager: str) -> tuple[str, ...]:
        """Return the packages that give it, as `manager` names them."""
        return self.packages.get(manager, ())


def find_program(name: str) -> str | None:
    """Return the path of a program, looking into the checkout's tools and the administrators' folders too."""
    return shutil.which(name, path=search_path())


def search_path() -> str:
    """Return PATH, with the checkout's tools and the administrators' folders at its end."""
    return os.pathsep.join([os.environ.get("PATH", os.defpath), str(TOOLS), *SYSTEM_FOLDERS])


def version_of(text: str) -> Version:
    """Return the first dotted number in a program's output, `()` when there is none."""
    match = re.search(r"(\d+(?:\.\d+)+)", text)
    return tuple(int(part) for part in match[1].split(".")) if match else ()


def _programs(*names: str) -> Callable[[], bool]:
    return lambda: all(find_program(name) for name in names)


def _qemu(name: str) -> Callable[[], bool]:
    def present() -> bool:
        program = find_program(name)
        return program is not None and version_of(output([program, "--version"])) >= OLDEST_QEMU

    return present


def _header(package: str, oldest: Version = ()) -> Callable[[], bool]:
    def present() -> bool:
        found = version_of(output(["pkg-config", "--modversion", package]))
        return bool(found) and found >= oldest

    return present


def _libvirt_driver() -> bool:
    found = any(
        list(Path(folder).glob("**/libvirt_driver_qemu.so"))
        for folder in ("/usr/lib/libvirt", "/usr/lib64/libvirt", *_multiarch_folders())
    )
    return found and version_of(output(["pkg-config", "--modversion", "libvirt"])) >= OLDEST_LIBVIRT


def _multiarch_folders() -> list[str]:
    triplet = sysconfig.get_config_var("MULTIARCH")
    folders = [str(path) for path in Path("/usr/lib").glob("*-linux-gnu/libvirt")]
    return [f"/usr/lib/{triplet}/libvirt", *folders] if triplet else folders


def _python_headers() -> bool:
    return (Path(sysconfig.get_path("include")) / "Python.h").is_file()


def _venv_module() -> bool:
    return importlib.util.find_spec("ensurepip") is not None and importlib.util.find_spec("venv") is not None


def _debian_keyring() -> bool:
    return any(Path("/usr/share/keyrings").glob("debian-archive-keyring.*"))


def needs(machine: str) -> list[Need]:
    """Return everything Linnet needs on a host of the processor type `machine` (as `platform.machine()` says)."""
    arm = machine.lower() in {"arm64", "aarch64"}
    emulator = "qemu-system-aarch64" if arm else "qemu-system-x86_64"
    python = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return [
        Need(
            "QEMU, the virtual machine monitor",
            _qemu(emulator),
            {
                "apt": ("qemu-system-arm" if arm else "qemu-system-x86",),
                "brew": ("qemu",),
                "winget": ("SoftwareFreedomConservancy.QEMU",),
            },
            newest=True,
        ),
        Need("qemu-img, for disks", _qemu("qemu-img"), {"apt": ("qemu-utils",), "brew": ("qemu",)}, newest=True),
        *_linux_needs(python),
        *_window_needs(),
        *_test_needs(),
    ]


def _linux_needs(python: str) -> list[Need]:
    if not sys.platform.startswith("linux"):
        return []
    return [
        # Not libvirt-daemon: Linnet has the driver in its own process, and no system service is wanted.
        Need(
            "libvirt, which looks after QEMU",
            _libvirt_driver,
            {"apt": ("libvirt-daemon-driver-qemu", "libvirt-dev", "pkg-config")},
            newest=True,
        ),
        Need(
            "libvirt's headers", _header("libvirt", OLDEST_LIBVIRT), {"apt": ("libvirt-dev", "pkg-config")}, newest=True
        ),
        Need("a C compiler, for the libvirt binding", _programs("gcc"), {"apt": ("gcc", "libc6-dev")}),
        Need("Python's headers, for the libvirt binding", _python_headers, {"apt": (f"{python}-dev",)}),
        Need("Python's venv module", _venv_module, {"apt": (f"{python}-venv",)}),
        Need("mmdebstrap, which builds the guest image", _programs("mmdebstrap"), {"apt": ("mmdebstrap",)}),
        Need("the keys of Debian's archive", _debian_keyring, {"apt": ("debian-archive-keyring",)}),
        Need("newuidmap, for building without root", _programs("newuidmap"), {"apt": ("uidmap",)}),
        Need("xz and zstd, for packed images", _programs("xz", "zstd"), {"apt": ("xz-utils", "zstd")}),
    ]


LIBRARIES = {
    "the libraries that Qt itself needs": {
        "libglib-2.0.so.0": "libglib2.0-0",
        "libdbus-1.so.3": "libdbus-1-3",
        "libgssapi_krb5.so.2": "libgssapi-krb5-2",
        "libbrotlidec.so.1": "libbrotli1",
    },
    "the libraries that Qt draws with": {
        "libEGL.so.1": "libegl1",
        "libGL.so.1": "libgl1",
        "libfontconfig.so.1": "libfontconfig1",
        "libX11.so.6": "libx11-6",
        "libxkbcommon.so.0": "libxkbcommon0",
    },
    "Qt's libraries for windows on X11": {
        "libX11-xcb.so.1": "libx11-xcb1",
        "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
        "libxcb-cursor.so.0": "libxcb-cursor0",
        "libxcb-glx.so.0": "libxcb-glx0",
        "libxcb-icccm.so.4": "libxcb-icccm4",
        "libxcb-keysyms.so.1": "libxcb-keysyms1",
        "libxcb-randr.so.0": "libxcb-randr0",
        "libxcb-shape.so.0": "libxcb-shape0",
        "libxcb-sync.so.1": "libxcb-sync1",
        "libxcb-xfixes.so.0": "libxcb-xfixes0",
    },
    "Qt's libraries for windows on Wayland": {
        "libwayland-client.so.0": "libwayland-client0",
        "libwayland-cursor.so.0": "libwayland-cursor0",
        "libwayland-egl.so.1": "libwayland-egl1",
    },
}
"""What the wheels of PySide6 expect of the system: libraries, and what Debian and Ubuntu call their packages."""


def _libraries(*names: str) -> Callable[[], bool]:
    # In a process of its own: it must see what was installed meanwhile, and drags nothing into this one.
    code = f"import ctypes\nfor name in {names!r}: ctypes.CDLL(name)\nprint('there')"
    return lambda: bool(output([sys.executable, "-c", code]))


def _window_needs() -> list[Need]:
    if not sys.platform.startswith("linux"):
        return []
    return [
        Need(title, _libraries(*libraries), {"apt": tuple(libraries.values())})
        for title, libraries in LIBRARIES.items()
    ]


def _fonts(pattern: str) -> Callable[[], bool]:
    return lambda: bool(output(["fc-list", pattern]).strip())


def _accessibility() -> bool:
    launchers = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
    # The system's own Python, because the binding is in its package.
    return any(Path(path).is_file() for path in launchers) and bool(
        output(["/usr/bin/python3", "-c", "import pyatspi; print('there')"])
    )


def _window_test_needs() -> list[Need]:
    return [
        Need("Xvfb, an X server without a screen", _programs("Xvfb"), {"apt": ("xvfb",)}, tests_only=True),
        Need("dbus-run-session, for a session bus", _programs("dbus-run-session"), {"apt": ("dbus",)}, tests_only=True),
        Need(
            "the assistive technology interface AT-SPI",
            _accessibility,
            {"apt": ("at-spi2-core", "python3-pyatspi")},
            tests_only=True,
        ),
        Need("a Latin font", _fonts(":lang=en"), {"apt": ("fontconfig", "fonts-dejavu-core")}, tests_only=True),
        # There are smaller ones, but none with the widths of what people have on their desktops.
        Need("a Korean font", _fonts(":lang=ko"), {"apt": ("fontconfig", "fonts-nanum")}, tests_only=True),
    ]


def _test_needs() -> list[Need]:
    # Not here: docker-compose and docker-registry, which tests/vm takes out of their packages by itself.
    if not sys.platform.startswith("linux"):
        return []
    return [
        Need("busybox, static, for test images", _programs("busybox"), {"apt": ("busybox-static",)}, tests_only=True),
        Need("the OpenSSH client", _programs("ssh", "ssh-keygen"), {"apt": ("openssh-client",)}, tests_only=True),
        Need("the OpenSSH server", _programs("sshd"), {"apt": ("openssh-server",)}, tests_only=True),
        Need(
            "the docker command line",
            _programs("docker"),
            {"apt": ("docker-cli", "docker.io")},
            tests_only=True,
            lone_program="usr/bin/docker",
        ),
        Need("git", _programs("git"), {"apt": ("git",)}, tests_only=True),
        Need(
            "Node.js and npm, for the clients written for it",
            _programs("node", "npm"),
            {"apt": ("nodejs", "npm")},
            tests_only=True,
        ),
        *_window_test_needs(),
    ]
