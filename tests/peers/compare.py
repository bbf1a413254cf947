"""Case by case: what passes over the bare engine's socket must pass over Linnet's."""

from __future__ import annotations

import enum
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


class Outcome(enum.StrEnum):
    """How a case ended."""

    passed = "passed"
    failed = "failed"
    skipped = "skipped"


Results = dict[str, Outcome]
"""Case to outcome; a case is `group: name`."""

BEGIN, END = "<!-- peers: begin -->", "<!-- peers: end -->"

_VARYING = (
    (re.compile(r"\('.*'\) ~"), "(VALUE) ~"),
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "UUID"),
    (re.compile(r"\b(?:sha256:)?[0-9a-f]{12,64}\b"), "ID"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?"), "TIME"),
    (re.compile(r"\b(?:localhost|127\.0\.0\.1):\d{4,5}"), "HOST:PORT"),
    (re.compile(r"(/tmp|tmp)[./][\w./-]+"), "TMP"),
    (re.compile(r"\b\d{5,}\b"), "N"),
    (re.compile(r"(?<=_|-)[A-Za-z0-9]{10,15}\b|(?<=\bspecgen)[A-Za-z0-9]{10}\b"), "RANDOM"),
    (re.compile(r'(?<="username":")u\w{7}(?=")|(?<="password":")p\w{7}(?=")'), "RANDOM"),
    (re.compile(r"(?<=\bArchiveTestingCtr)[A-Za-z0-9]{5}\b|(?<=Hello_)[A-Za-z0-9]{8}\b"), "RANDOM"),
)


def plain(name: str) -> str:
    """Return a case's name without what differs from run to run."""
    for pattern, replacement in _VARYING:
        name = pattern.sub(replacement, name)
    return " ".join(name.split())


def numbered(group: str, cases: Iterable[tuple[str, Outcome]]) -> Results:
    """Return the cases of a group under names that are unique: the third of the same name ends in `#3`."""
    seen: Counter[str] = Counter()
    results: Results = {}
    for name, outcome in cases:
        key = plain(name)
        seen[key] += 1
        results[f"{group}: {key}" + (f" #{seen[key]}" if seen[key] > 1 else "")] = outcome
    return results


def worse(bare: Results, linnet: Results) -> list[str]:
    """Return the cases that pass over the bare socket and not over Linnet's."""
    return [
        case
        for case, outcome in bare.items()
        if outcome is Outcome.passed and linnet.get(case, Outcome.failed) is not Outcome.passed
    ]


@dataclass(frozen=True)
class Comparison:
    """One suite, run over both sockets.

    Attributes:
        suite: its name.
        version: of its source.
        bare: what came of it over the engine's own socket.
        linnet: and over Linnet's.
        left_out: groups that were not run.
    """

    suite: str
    version: str
    bare: Results
    linnet: Results
    left_out: tuple[str, ...] = ()

    @property
    def worse(self) -> list[str]:
        """Cases that Linnet breaks."""
        return worse(self.bare, self.linnet)

    def groups(self) -> list[str]:
        """Return the names of the groups, in the order of the suite."""
        return list(dict.fromkeys(case.partition(":")[0] for case in (*self.bare, *self.linnet)))

    def rows(self) -> list[tuple[str, int, int, int, int]]:
        """Return for each group: name, cases, passed bare, passed over Linnet, worse."""
        return [
            (
                group,
                len({case for results in (self.bare, self.linnet) for case in _of(results, group)}),
                _passed(_of(self.bare, group)),
                _passed(_of(self.linnet, group)),
                len(worse(_of(self.bare, group), self.linnet)),
            )
            for group in self.groups()
        ]


def _of(results: Results, group: str) -> Results:
    return {case: outcome for case, outcome in results.items() if case.partition(":")[0] == group}


def _passed(results: Mapping[str, Outcome]) -> int:
    return sum(outcome is Outcome.passed for outcome in results.values())


def table(comparisons: Iterable[Comparison], machine: str) -> str:
    """Return the result as Markdown."""
    lines = [machine, ""]
    for comparison in comparisons:
        rows = comparison.rows()
        total = ("**all**", *(sum(numbers) for numbers in zip(*(row[1:] for row in rows), strict=True)))
        lines += [f"### {comparison.suite} ({comparison.version})", ""]
        lines += ["| group | cases | pass, bare socket | pass, Linnet's socket | worse |", "|---|---|---|---|---|"]
        lines += ["| " + " | ".join(map(str, row)) + " |" for row in (*rows, total)]
        lines.append("")
        if comparison.left_out:
            lines += [f"Not run this time: {', '.join(comparison.left_out)}.", ""]
        if comparison.worse:
            lines += ["Worse over Linnet's socket:", "", *(f"- `{case}`" for case in comparison.worse), ""]
    return "\n".join(lines).rstrip() + "\n"


def write_page(page: Path, text: str) -> None:
    """Put the result between the marks in `docs/compatibility.md`."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")
