"""What is true of everyone on a day: the ground on which audiences are judged.

Nothing about a person changes from one day to the next, except on the days when a level, a phase, a rotation or an
absence begins or ends. So a Course holds a person's Standings from each such day on, and a Muster everybody's, for the
days between two of all those; sessions on such days are judged alike.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING

from ircal.model.people import Standing
from ircal.rules.stretches import stretch_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ircal.model.people import Person
    from ircal.model.program import Program
    from ircal.model.rotations import Leave
    from ircal.recall import Recall
    from ircal.rules.levels import Levels
    from ircal.rules.stretches import Stretch


@dataclass(frozen=True, slots=True)
class Course:
    """A person's standings in order of time, each from its day in `starts` on; None while they are no member."""

    starts: tuple[date, ...]
    standings: tuple[Standing | None, ...]

    def on(self, day: date) -> Standing | None:
        """What is true of the person on that day."""
        return self.standings[bisect_right(self.starts, day) - 1]


@dataclass(frozen=True, slots=True, eq=False)
class Muster:
    """The standings of all who are in the programme, by person id, on days on which nobody's changes.

    It is one object for all those days: what was judged of it once holds on each of them.
    """

    standings: tuple[Standing, ...]

    def index(self, person: str) -> int | None:
        """Where in the standings that of a person is; None when they are not in the programme."""
        index = bisect_left(self.standings, person, key=attrgetter("person"))
        found = index < len(self.standings) and self.standings[index].person == person
        return index if found else None


@dataclass(frozen=True, slots=True, eq=False)
class Musters:
    """The muster of each day: of those before the first start, and of those from each start on."""

    courses: Mapping[str, Course]
    _starts: tuple[date, ...]
    _musters: tuple[Muster, ...]

    @classmethod
    def of(cls, courses: Mapping[str, Course], recall: Recall) -> Musters:
        """Those of some people's courses, by person id. A muster of the same standings is the former one."""
        in_order = dict(sorted(courses.items()))
        starts = tuple(sorted({start for course in in_order.values() for start in course.starts}))
        each = _musters(in_order, (date.min, *starts))
        return cls(in_order, starts, recall.settled("musters", each, by=_named, same=_same))

    def on(self, day: date) -> Muster:
        """The muster of a day: the same object for all days between two changes."""
        return self._musters[bisect_right(self._starts, day)]


def _musters(courses: Mapping[str, Course], days: Iterable[date]) -> Iterator[Muster]:
    """The musters of some days, in their order."""
    changes: dict[date, dict[str, Standing | None]] = defaultdict(dict)
    for person, course in courses.items():
        for day, standing in zip(course.starts, course.standings, strict=True):
            changes[day][person] = standing
    now: dict[str, Standing | None] = dict.fromkeys(courses)
    for day in days:
        now.update(changes[day])
        yield Muster(tuple(filter(None, now.values())))


def _named(muster: Muster) -> tuple[int, ...]:
    """What two musters of the very same standings have in common, as long as both are there."""
    return tuple(map(id, muster.standings))


def _same(one: Muster, other: Muster) -> bool:
    return _named(one) == _named(other)


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides a person's standings: levels, and stretches and absences in order of time."""

    person: Person
    levels: Levels
    row: tuple[Stretch, ...]
    leave: tuple[Leave, ...]


def course_of(facts: Facts, program: Program, recall: Recall) -> Course:
    """A person's course, worked out from the facts."""
    days = sorted({date.min, *_turning_days(facts)})
    found = [_standing(facts, day, program) for day in days]
    # What is the same as it was is the same object, so that what was judged of it need not be judged again.
    settled = recall.settled("standings", dict.fromkeys(standing for standing in found if standing is not None))
    same = {standing: standing for standing in settled}
    return Course(tuple(days), tuple(standing and same[standing] for standing in found))


def _turning_days(facts: Facts) -> Iterator[date]:
    levels = facts.levels
    yield from (day for day in (levels.entered, levels.end) if day is not None)
    yield from (day for day, _ in (*levels.pgy, *levels.phases))
    for stretch in facts.row:
        yield from (stretch.start, stretch.end)
    for leave in facts.leave:
        yield from (leave.start, leave.end)


def _standing(facts: Facts, day: date, program: Program) -> Standing | None:
    person, levels = facts.person, facts.levels
    if not levels.is_member(day):
        return None
    stretch = stretch_on(facts.row, day)
    rotation = program.rotations[stretch.rotation] if stretch else None
    site = program.sites[rotation.site] if rotation else None
    away = leave_on(facts.leave, day)
    return Standing(
        person=person.id,
        role=person.role,
        pgy=levels.pgy_on(day),
        class_of=levels.class_of,
        phase=levels.phase_on(day),
        rotation=rotation.id if rotation else "",
        tags=rotation.tags if rotation else (),
        site=site.id if site else "",
        off_site=site.off_site if site else False,
        away=away.kind if away else "",
    )


def leave_on(leave: Iterable[Leave], day: date) -> Leave | None:
    """The first of the absences that covers the day."""
    return next((item for item in leave if item.start <= day < item.end), None)
