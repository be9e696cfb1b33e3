"""The Schedule: the dated occurrences that follow from a Program.

An Occurrence is one dated event, fully resolved, with the chain of rules that made it. Its identity comes from the
rule and the nominal date (what the rule says before anything moved it), never from its time or its text, so that a
session that moves or is renamed stays the same session. Timed occurrences carry zone-aware datetimes in the
programme's zone; all-day ones carry dates, with an exclusive end, as RFC 5545 does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ircal.errors import Problem
    from ircal.model.place import Place
    from ircal.model.program import Program, Window

Kind = Literal["rotation", "duty", "conference", "milestone", "deadline", "leave"]
Level = Literal["required", "optional", "excused"]
Status = Literal["CONFIRMED", "CANCELLED", "TENTATIVE"]


class Rule(NamedTuple):
    """What made an occurrence: its kind, and the id of the rotation, conference ... (`external/vein` for a duty)."""

    kind: Kind
    id: str

    def __str__(self) -> str:
        """`conference:mm`."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Step:
    """One link of provenance: what was decided, and where it is written.

    `why` is what of that may stand on a calendar, for its readers: names instead of ids, and no line, count or turn
    that would be another one after an edit of something else. Much says nothing there.
    """

    text: str
    place: Place
    why: str = ""

    def __str__(self) -> str:
        """`every We 12:00-13:00 (conferences.yaml:40)`."""
        return f"{self.text} ({self.place})" if self.place.file else self.text


class Attendance(NamedTuple):
    """How a session concerns one person; `reason` says why someone is excused, or what is special ("presenting")."""

    person: str
    level: Level
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """What a calendar entry says besides when: the fields that a phone shows.

    `color` is a CSS colour name; `reminders` are minutes before the start (of the day, for whole days).
    """

    summary: str
    description: str = ""
    location: str = ""
    geo: tuple[float, float] | None = None
    link: str = ""
    categories: tuple[str, ...] = ()
    color: str = ""
    transparent: bool = False
    status: Status = "CONFIRMED"
    reminders: tuple[int, ...] = ()


class Occurrence(NamedTuple):
    """One dated event.

    `nominal` is the start that the rule gave (date or zone-aware datetime, of the same type as `start` unless a
    session became an all-day one), and `person` whose copy it is: rotations, duties, leave and deadlines belong to
    one person, sessions and milestones to their `attendance`. `uid` is empty until a calendar gives it one. `bare` is
    what may be said of it to anybody: the name of its rule and its site. Two are equal that say the same, in whatever
    way they came about (`provenance`).
    """

    rule: Rule
    nominal: date | datetime
    start: date | datetime
    end: date | datetime
    details: Details
    person: str = ""
    attendance: tuple[Attendance, ...] = ()
    site: str = ""
    rotation: str = ""
    uid: str = ""
    bare: Details | None = None
    provenance: tuple[Step, ...] = ()

    def __eq__(self, other: object) -> bool:
        """Whether it says the same."""
        return isinstance(other, Occurrence) and self[:-1] == other[:-1]

    def __ne__(self, other: object) -> bool:
        """Whether it says something else."""
        return not (self == other)

    def __hash__(self) -> int:
        """The same for two that say the same."""
        return hash(self[:-1])

    @property
    def all_day(self) -> bool:
        """Whether it takes whole days (dates) rather than a time span (datetimes)."""
        return not isinstance(self.start, datetime)

    @property
    def first_day(self) -> date:
        """The wall-clock day on which it starts."""
        return self.start.date() if isinstance(self.start, datetime) else self.start

    @property
    def cancelled(self) -> bool:
        """Whether it will not take place."""
        return self.details.status == "CANCELLED"

    def named(self, uid: str) -> Occurrence:
        """The same with a UID."""
        return Occurrence(*self[:9], uid, *self[10:])

    def worded(self, details: Details) -> Occurrence:
        """The same, saying something else."""
        return self._replace(details=details)

    def concerns(self, person: str) -> bool:
        """Whether it belongs on that person's own calendar: theirs, required or optional, not excused."""
        if self.person:
            return self.person == person
        for somebody, level, _ in self.attendance:
            if somebody == person:
                return level != "excused"
        return False


Order = tuple[int, int, Rule, str, int, int]


def order_of(occurrence: Occurrence) -> Order:
    """Sorting by day, whole days first, then by time, rule and person: the same for the same programme."""
    start, nominal = occurrence.start, occurrence.nominal
    in_time = order_in_time(start)
    return *in_time, occurrence.rule, occurrence.person, *(in_time if nominal is start else order_in_time(nominal))


def order_in_time(moment: date | datetime) -> tuple[int, int]:
    """Sorting by day, whole days first, then by the minute of the day on the wall clock."""
    return moment.toordinal(), moment.hour * 60 + moment.minute if isinstance(moment, datetime) else -1


@dataclass(frozen=True, slots=True)
class Schedule:
    """All occurrences of a window, with the problems that only show once dates are worked out.

    They come in parts, each in order of time: one for every conference (`conference:mm`), person (`person:ash`) and
    milestone. Nothing in one part shares its identity with anything in another, and an edit of the programme leaves
    most of them as they are.
    """

    program: Program
    window: Window
    parts: Mapping[str, tuple[Occurrence, ...]]
    problems: tuple[Problem, ...] = ()

    @property
    def occurrences(self) -> tuple[Occurrence, ...]:
        """All of them in order of time, put in order when asked for."""
        return tuple(sorted(chain.from_iterable(self.parts.values()), key=order_of))
