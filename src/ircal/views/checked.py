"""What `ircal check` says of a programme: whether it is right, every problem with its place, and the plan at a glance.

The terminal, the page and the JSON API say the same of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from ircal.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ircal.checks import Report
    from ircal.errors import Problem


@dataclass(frozen=True, slots=True)
class OfFile:
    """What is wrong in one file, in the order of its lines."""

    file: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """Every problem, and a report of the plan unless the programme cannot be worked out at all."""

    problems: tuple[Problem, ...]
    report: Report | None = None

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps it from being published."""
        return tuple(each for each in self.problems if each.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What there is to look at; it is published all the same."""
        return tuple(each for each in self.problems if each.severity != "error")

    @property
    def verdict(self) -> str:
        """One sentence."""
        if not self.problems:
            return "The programme is right."
        noun = count(len(self.problems), "problem")
        if self.errors:
            return f"{noun}; the programme cannot be published."
        return f"The programme is right, with {noun} to look at."


def by_file(problems: Iterable[Problem]) -> tuple[OfFile, ...]:
    """Problems by the file that has to be opened."""
    ordered = sorted(problems, key=lambda each: (each.place, each.code, each.message))
    return tuple(OfFile(file, tuple(found)) for file, found in groupby(ordered, key=lambda each: each.place.file))
