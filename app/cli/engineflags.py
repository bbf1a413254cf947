"""Which arguments of the engines' commands are paths on this computer: a table, for Podman and Docker together.

A flag that is in neither column of its verb is taken to have a value: both engines have far more of those, and only
`switches` must be known to tell a flag's value from a positional argument.
"""

from __future__ import annotations

from typing import NamedTuple

PATH = "path"
"""A file or folder; `-` is the standard stream."""
VOLUME = "volume"
"""`source:target[:options]`; a source without a slash names a volume."""
MOUNT = "mount"
"""`type=bind,src=PATH,…`."""
SECRET = "secret"  # noqa: S105 - the kind of an argument
"""`id=…,src=PATH` or `id=…,env=NAME`."""
LOCATION = "location"
"""A path, a URL, or `-`."""
NAMED = "named"
"""`name=LOCATION`."""
OUTPUT = "output"
"""`type=local,dest=PATH`, or a path."""
CACHE = "cache"
"""`type=local,src=PATH` or `dest=PATH`; anything else is a reference."""
COPY = "copy"
"""A path on this computer or `container:path`."""
DOCKERFILE = "dockerfile"
"""As PATH; Podman takes one that is not in the working directory from the build context."""
SECCOMP = "seccomp"
"""`seccomp=PATH`; other security options are left alone."""
VARIABLE = "variable"
"""`NAME` alone takes the value from the environment."""
PLAIN = ""
"""Not a path."""


class Verb(NamedTuple):
    """The arguments of one command of the engine.

    Attributes:
        flags: flags whose values mean something here, with the kind of the value.
        switches: flags without a value: long ones, and a letter each for short ones.
        positionals: kinds of the positional arguments; the last one repeats.
        ends: number of positional arguments after which all the rest is the container's own command; None: never.
        here: whether the command looks into the working directory even if no argument says so.
    """

    flags: dict[str, str]
    switches: frozenset[str]
    positionals: tuple[str, ...] = (PLAIN,)
    ends: int | None = None
    here: bool = False


def _switches(text: str) -> frozenset[str]:
    words = text.split()
    return frozenset(
        [word if len(word) > 2 else word[1:] for word in words if word.startswith("-")] + ["--help", "h"],
    )


_AUTH = {"--authfile": PATH, "--cert-dir": PATH}

_RUN = Verb(
    {
        **_AUTH,
        "-v": VOLUME,
        "--volume": VOLUME,
        "--mount": MOUNT,
        "--env-file": PATH,
        "--label-file": PATH,
        "--cidfile": PATH,
        "--pidfile": PATH,
        "--pod-id-file": PATH,
        "--security-opt": SECCOMP,
        "-e": VARIABLE,
        "--env": VARIABLE,
    },
    _switches(
        "-d --detach --disable-content-trust --env-host --http-proxy --init -i --interactive --no-healthcheck "
        "--no-hosts --no-hostname --oom-kill-disable --passwd --privileged -P --publish-all -q --quiet --read-only "
        "--read-only-tmpfs --replace --rm --rmi --rootfs --sig-proxy --tls-verify -t --tty --unsetenv-all "
        "--use-api-socket"
    ),
    ends=1,
)

_BUILD = Verb(
    {
        **_AUTH,
        "-f": DOCKERFILE,
        "--file": DOCKERFILE,
        "--iidfile": PATH,
        "--metadata-file": PATH,
        "--ignorefile": PATH,
        "--logfile": PATH,
        "--sbom-output": PATH,
        "--secret": SECRET,
        "--build-context": NAMED,
        "--build-arg": VARIABLE,
        "--build-arg-file": PATH,
        "--env": VARIABLE,
        "-o": OUTPUT,
        "--output": OUTPUT,
        "--cache-from": CACHE,
        "--cache-to": CACHE,
        "-v": VOLUME,
        "--volume": VOLUME,
    },
    _switches(
        "--all-platforms --compress -D --debug --disable-compression --disable-content-trust --force-rm --http-proxy "
        "--identity-label --layers --load --no-cache --no-hosts --no-hostname --omit-history --pull --pull-always "
        "--pull-never --push -q --quiet --rm --skip-unused-stages --squash --squash-all --stdin --tls-verify --check "
        "--inherit-annotations --inherit-labels"
    ),
    (LOCATION,),
)

_KUBE_PLAY = Verb(
    {**_AUTH, "--configmap": PATH, "--context-dir": PATH, "--seccomp-profile-root": PATH},
    _switches(
        "--build --down --force --no-hosts --no-hostname --publish-all -q --quiet --replace --start --tls-verify "
        "-w --wait --no-trunc"
    ),
    (LOCATION,),
)

_COPY = Verb({}, _switches("-a --archive -L --follow-link -q --quiet --overwrite --all"), (COPY,))

VERBS: dict[str, Verb] = {
    "run": _RUN,
    "create": _RUN,
    "exec": Verb(
        {"--env-file": PATH, "-e": VARIABLE, "--env": VARIABLE},
        _switches("-d --detach -i --interactive -l --latest --privileged -t --tty --no-session"),
        ends=1,
    ),
    "build": _BUILD,
    "buildx build": _BUILD,
    "buildx b": _BUILD,
    "builder build": _BUILD,
    "buildx bake": Verb(
        {"-f": PATH, "--file": PATH, "--metadata-file": PATH},
        _switches("--check --load --no-cache --print --pull --push -D --debug"),
        here=True,
    ),
    "cp": _COPY,
    "save": Verb(
        {"-o": PATH, "--output": PATH},
        _switches("--compress -m --multi-image-archive -q --quiet --uncompressed"),
    ),
    "load": Verb({"-i": PATH, "--input": PATH}, _switches("-q --quiet")),
    "import": Verb({}, _switches("-q --quiet"), (LOCATION, PLAIN)),
    "export": Verb({"-o": PATH, "--output": PATH}, _switches("")),
    "commit": Verb({"--iidfile": PATH}, _switches("--include-volumes -p --pause -q --quiet -s --squash")),
    "checkpoint": Verb({"-e": PATH, "--export": PATH}, _switches("-a --all --file-locks --ignore-rootfs "
        "--ignore-volumes -k --keep -l --latest -R --leave-running -P --pre-checkpoint --print-stats "
        "--tcp-established --with-previous")),
    "restore": Verb({"-i": PATH, "--import": PATH, "--import-previous": PATH}, _switches("-a --all --file-locks "
        "--ignore-rootfs --ignore-static-ip --ignore-static-mac --ignore-volumes -k --keep -l --latest --print-stats "
        "--tcp-established")),
    "kube play": _KUBE_PLAY,
    "play kube": _KUBE_PLAY,
    "kube apply": Verb({"-f": LOCATION, "--file": LOCATION, "--ca-cert-file": PATH, "-k": PATH, "--kubeconfig": PATH},
        _switches("-s --service")),
    "kube down": Verb({}, _switches("--force"), (LOCATION,)),
    "kube generate": Verb({"-f": PATH, "--filename": PATH}, _switches("-s --service --no-trunc --podman-only")),
    "generate kube": Verb({"-f": PATH, "--filename": PATH}, _switches("-s --service --no-trunc --podman-only")),
    "secret create": Verb({}, _switches("--env --replace"), (PLAIN, PATH)),
    "volume import": Verb({}, _switches(""), (PLAIN, PATH)),
    "volume export": Verb({"-o": PATH, "--output": PATH}, _switches("")),
    "pod create": Verb(
        {"-v": VOLUME, "--volume": VOLUME, "--pod-id-file": PATH, "--infra-conmon-pidfile": PATH, "--label-file": PATH,
         "--security-opt": SECCOMP},
        _switches("--infra --no-hosts --no-hostname --replace --share-parent"),
    ),
    "pull": Verb({**_AUTH, "--decryption-key": PATH}, _switches("-a --all-tags --disable-content-trust -q --quiet "
        "--tls-verify")),
    "push": Verb({**_AUTH, "--digestfile": PATH}, _switches("-a --all-tags --disable-content-trust -q --quiet "
        "--tls-verify --compress --remove-signatures")),
    "stack deploy": Verb({"-c": PATH, "--compose-file": PATH}, _switches("-d --detach --prune -q --quiet "
        "--with-registry-auth")),
}  # fmt: skip

GROUPS = frozenset({"container", "image"})
"""Words that may stand before a verb without changing what it does."""

COMPOSE = Verb(
    {"-f": PATH, "--file": PATH, "--project-directory": PATH, "--env-file": PATH},
    _switches("--all-resources --compatibility --dry-run --verbose --version -v --no-ansi"),
    ends=1,
)
"""What may stand before compose's own verb, which is its one positional argument."""

COMPOSE_VERBS: dict[str, Verb] = {
    "run": Verb(
        {"-v": VOLUME, "--volume": VOLUME, "--env-from-file": PATH},
        _switches("--build -d --detach -i --interactive --no-deps -T --no-TTY -P --service-ports -q --quiet "
        "--quiet-build --quiet-pull --remove-orphans --rm --use-aliases -t --tty"),
        ends=1,
    ),
    "cp": _COPY,
    "config": Verb({"-o": PATH, "--output": PATH, "--lock-image-digests": PLAIN}, _switches("--environment --hash "
        "--images --no-consistency --no-interpolate --no-normalize --no-path-resolution --profiles -q --quiet "
        "--resolve-image-digests --services --variables --volumes")),
    "export": Verb({"-o": PATH, "--output": PATH}, _switches("")),
}  # fmt: skip

COMPOSE_WITHOUT_PROJECT = frozenset({"ls", "version", "help"})
"""Verbs of compose that look at no project."""

GUEST_PATHS = (
    *("/dev", "/proc", "/run", "/sys", "/var/run", "/cgroup", "/lib/modules", "/usr/lib/modules", "/usr/src"),
    *("/etc/localtime", "/etc/timezone", "/etc/machine-id", "/etc/hostname", "/etc/hosts", "/etc/resolv.conf"),
    *("/var/lib/docker", "/var/lib/containers", "/var/log/journal"),
)
"""Sources of `-v` by which tools look at the system that runs the containers: that is the guest's, always."""
