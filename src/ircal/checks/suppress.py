"""What somebody has looked at and accepts: the entries of `checks.suppress`, and those that accept nothing any more.

An entry that suppresses nothing is told, so that none outlives its reason and hides something else one day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ircal.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ircal.checks.finding import Finding
    from ircal.model.checks import Suppression
    from ircal.model.program import Window


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left of the findings and of the warnings of the rules, and the entries that took something away."""

    findings: tuple[Finding, ...]
    warnings: tuple[Problem, ...]
    used: tuple[Suppression, ...]


def suppressed(findings: Iterable[Finding], problems: Sequence[Problem], entries: Sequence[Suppression]) -> Kept:
    """Take away what the entries accept. No error has a code that an entry can name."""
    kept: list[Finding] = []
    warnings: list[Problem] = []
    used: list[Suppression] = []
    for finding in findings:
        by = [entry for entry in entries if accepts(entry, finding)]
        used += by
        kept += [] if by else [finding]
    for problem in problems:
        by = [entry for entry in entries if _accepts_all(entry, problem.code)]
        used += by
        warnings += [] if by else [problem]
    return Kept(tuple(kept), tuple(warnings), tuple(used))


def accepts(entry: Suppression, finding: Finding) -> bool:
    """Whether the entry is about this finding: everything that it says must hold."""
    return (
        entry.code == finding.code
        and (not entry.person or finding.person in entry.person)
        and set(entry.of) <= set(finding.of)
        and _on_its_days(entry, finding)
    )


def _on_its_days(entry: Suppression, finding: Finding) -> bool:
    if entry.start is None and entry.until is None:
        return True
    return finding.days is not None and all(map(entry.holds_on, finding.days))


def _accepts_all(entry: Suppression, code: str) -> bool:
    """Whether the entry is about everything of that code: what the rules tell does not say whom it is about."""
    return entry.code == code and not (entry.person or entry.of or entry.start or entry.until)


def unused(entries: Iterable[Suppression], used: Iterable[Suppression], window: Window) -> Iterator[Problem]:
    """The entries that accept nothing; those for days to come after the window may do so yet."""
    taken = {id(entry) for entry in used}
    for entry in entries:
        if id(entry) not in taken and not (entry.start and entry.start >= window.end):
            message = f"nothing is found that this entry for {entry.code} suppresses ({entry.reason})"
            hint = "take it out, or correct whom, what and which days it is for"
            yield Problem("suppress-unused", message, entry.place, hint, "warning")
