"""What a changed schedule would change, for people to read: by person, then by calendar.

People for whom the same things change are told together, as `ircal diff` does. How an edit is worded is
`ircal.difference`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ircal.difference import counts, lines
from ircal.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.difference import Difference
    from ircal.errors import Problem
    from ircal.model.program import Program


@dataclass(frozen=True, slots=True)
class Who:
    """A person, by id and name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """What changes alike for some people, a line for each thing in order of time."""

    people: tuple[Who, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Touched:
    """A calendar on which something changes: its id, its name (with a word where it is new or gone), and how much."""

    id: str
    name: str
    counts: str


@dataclass(frozen=True, slots=True)
class Changes:
    """All that would be different."""

    people: tuple[Change, ...] = ()
    calendars: tuple[Touched, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether everything stays as it is."""
        return not (self.people or self.calendars)

    @property
    def verdict(self) -> str:
        """For how many people and calendars something changes, as a sentence."""
        if self.nothing:
            return "nothing would change."
        people, calendars = sum(len(each.people) for each in self.people), len(self.calendars)
        return f"{people} {'person' if people == 1 else 'people'}, {count(calendars, 'calendar')}."


def changes_of(found: Difference, before: Program, after: Program) -> Changes:
    """What is different between two programmes, in words."""
    return Changes(tuple(_by_person(found, before, after)), tuple(_by_calendar(found, before, after)))


def _by_person(found: Difference, before: Program, after: Program) -> Iterator[Change]:
    alike: dict[tuple[str, ...], list[Who]] = {}
    for person, edits in found.people.items():
        alike.setdefault(tuple(lines(edits)), []).append(Who(person, person_called(person, before, after)))
    for told, people in alike.items():
        yield Change(tuple(people), told)


def _by_calendar(found: Difference, before: Program, after: Program) -> Iterator[Touched]:
    for name, edits in found.calendars.items():
        yield Touched(name, _calendar(name, before, after), counts(edits))


def person_called(name: str, before: Program, after: Program) -> str:
    """The name of a person by id, in whichever of the two programmes they are."""
    known = after.people.get(name) or before.people.get(name)
    return known.name if known else name


def _calendar(name: str, before: Program, after: Program) -> str:
    if name not in before.calendars:
        return f"{after.calendars[name].name}, new"
    return after.calendars[name].name if name in after.calendars else f"{before.calendars[name].name}, no longer there"


@dataclass(frozen=True, slots=True)
class Tried:
    """What a sheet would change: the file, what its sheet is, the stretches that change by person, and what follows.

    `notes` are what an eye on the sheet might not expect, `warnings` what there would be to look at besides.
    """

    file: str
    heading: str
    stretches: tuple[tuple[Who, tuple[str, ...]], ...] = ()
    changes: Changes = field(default_factory=Changes)
    warnings: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether the programme says the same already."""
        return not self.stretches
