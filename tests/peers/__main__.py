"""Run the peers' suites over the bare engine's socket and over Linnet's, and compare: `python -m tests.peers`."""

from __future__ import annotations

import argparse
import math
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from tests.peers import compare, guest, registry
from tests.peers.compare import Comparison, Outcome, Results
from tests.peers.record import Record
from tests.peers.sources import LIBPOD, PODMAN_PY, SourceFetcher
from tests.peers.suites import ROOT, SUITES, Suite, Target
from vm.errors import LinnetError, UnavailableError
from vm.image.store import host_arch

PAGE = ROOT / "docs" / "compatibility.md"

SOURCES = {"apiv2": LIBPOD, "podman-py": PODMAN_PY}


def main(argv: Sequence[str] | None = None) -> int:
    """Fetch, run, compare, print and write the table; 1 when a case is worse over Linnet's socket."""
    parser = argparse.ArgumentParser(prog="python -m tests.peers", description=__doc__)
    parser.add_argument("--suite", action="append", choices=sorted(SUITES), help="only this one; may be repeated")
    parser.add_argument("--group", action="append", default=[], help="only this part of the suites; may be repeated")
    parser.add_argument(
        "--continue", action="store_true", dest="keep", help="keep results of earlier runs, do the rest"
    )
    parser.add_argument("--minutes", type=float, default=math.inf, help="begin no group later than this")
    parser.add_argument("--machine", default="peers", help="name of the machine that is made and deleted")
    parser.add_argument(
        "--scratch",
        type=Path,
        default=platformdirs.user_cache_path("linnet-peers", appauthor=False),
        help="where sources and reports are kept; the only folder that the machine shares",
    )
    parser.add_argument("--no-page", action="store_true", help="leave docs/compatibility.md alone")
    options = parser.parse_args(argv)
    # The machine and the registry are to go even when this is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        comparisons, machine = run(options)
    except LinnetError as error:
        print("\n".join(filter(None, (error.message, error.hint, error.detail))), file=sys.stderr)
        return 2
    text = compare.table(comparisons, machine)
    print(text)
    if not options.no_page and (options.keep or not options.group):
        compare.write_page(PAGE, text)
    return int(any(comparison.worse for comparison in comparisons))


def run(options: argparse.Namespace) -> tuple[list[Comparison], str]:
    """Run the chosen suites; return the comparisons and a line on what they ran on."""
    scratch: Path = options.scratch
    deadline = time.monotonic() + options.minutes * 60
    record = Record(scratch / "results.json", keep=options.keep)
    scratch.mkdir(parents=True, exist_ok=True)
    fetcher = SourceFetcher(scratch)
    suites = {name: SUITES[name](fetcher.fetch(SOURCES[name]), scratch) for name in options.suite or sorted(SUITES)}
    images = registry.images_of(*(suite.tree for suite in suites.values()))
    program = fetcher.fetch_program("docker-registry", "usr/bin/docker-registry")
    busybox = fetcher.fetch_program("busybox-static", "bin/busybox")
    with registry.serving(program, scratch / "registry", guest.HOST_FROM_GUEST) as images_from:
        registry.fill(images_from, images, busybox, program, host_arch())
        with (
            guest.machine(options.machine, images_from, images.registries, scratch) as machine,
            machine.bare_socket(scratch / "bare.sock") as bare,
        ):
            targets = (Target("bare", bare, machine.ssh), Target("Linnet", machine.socket, machine.ssh))
            comparisons = [
                _compare(suite, _Plan(options.group, deadline, record), targets, machine) for suite in suites.values()
            ]
            return comparisons, _describe(machine)


@dataclass(frozen=True)
class _Plan:
    wanted: Sequence[str]
    deadline: float
    record: Record

    def leaves_out(self, group: str) -> bool:
        return (bool(self.wanted) and group not in self.wanted) or time.monotonic() > self.deadline


def _compare(suite: Suite, plan: _Plan, targets: tuple[Target, Target], machine: guest.Guest) -> Comparison:
    bare: Results = {}
    linnet: Results = {}
    left_out: list[str] = []
    source = f"{suite.name}, {suite.version()}"
    for group in suite.groups():
        found = plan.record.get(source, group)
        if found is None:
            if plan.leaves_out(group):
                left_out.append(group)
                continue
            found = _both(suite, group, targets, machine)
            plan.record.put(source, group, *found)
        bare |= found[0]
        linnet |= found[1]
    return Comparison(suite.name, suite.version(), bare, linnet, tuple(left_out))


def _both(suite: Suite, group: str, targets: tuple[Target, Target], machine: guest.Guest) -> tuple[Results, Results]:
    bare, linnet = (_run(suite, group, target, machine) for target in targets)
    if compare.worse(bare, linnet):
        print(f"    {group} is worse over Linnet's socket; once more, on both", flush=True)
        bare, linnet = (_run(suite, group, target, machine) for target in targets)
    return bare, linnet


def _run(suite: Suite, group: str, target: Target, machine: guest.Guest) -> Results:
    machine.clean()
    began = time.monotonic()
    try:
        results = suite.run(group, target)
    except UnavailableError as error:
        print(f"{suite.name}: {group} over {target.name}: {error.message}", flush=True)
        results = {}
    if not results:
        return {f"{group}: gets as far as a case": Outcome.failed}
    passed = sum(outcome is Outcome.passed for outcome in results.values())
    took = time.monotonic() - began
    print(f"{suite.name}: {group} over {target.name}: {passed} of {len(results)} pass, {took:.0f} s", flush=True)
    return results


def _describe(machine: guest.Guest) -> str:
    version = machine.run("podman version --format '{{.Server.Version}}'").strip()
    status = machine.status
    return (
        f"Podman {version}, rootless, in guest image {status['image']}; {status['driver']} driver, "
        f"accelerator {status['accelerator']}."
    )


if __name__ == "__main__":
    sys.exit(main())
