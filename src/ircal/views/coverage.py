"""Who is where, week by week: what a page of coverage shows.

Two things are laid over the same weeks: who is on which rotation, by site, and how the entries of `checks.coverage` are
kept. A person's week counts by its weekdays; where somebody is in two places in one week, the days are told with the
name. Nothing is judged here that `ircal.checks` does not judge.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from ircal.checks.coverage import counts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ircal.checks.coverage import Count
    from ircal.checks.ground import Ground
    from ircal.model.checks import Coverage
    from ircal.model.people import Standing
    from ircal.model.program import Program, Window

AHEAD = 12
"""How many weeks are shown besides the present one."""

_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
_WEEKDAYS = 5

Kept = Literal["kept", "low", "high", "both", "open"]
"""How an entry is kept in a week: with too few, too many, or both on some day; `open` is not planned yet, or no day."""


@dataclass(frozen=True, slots=True)
class Stay:
    """One person somewhere in a week: by id and name; `days` are the weekdays in words, empty for all of them.

    `short` is the last word of the name, where nobody else's is the same.
    """

    person: str
    name: str
    short: str
    days: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A rotation (or what it is not: leave, nothing) with those who are on it, a tuple for each week."""

    id: str
    name: str
    color: str
    weeks: tuple[tuple[Stay, ...], ...]


@dataclass(frozen=True, slots=True)
class SiteRows:
    """The rotations at a site on which somebody is, by name."""

    id: str
    name: str
    rows: tuple[Row, ...]

    @property
    def size(self) -> int:
        """How much there is to tell of it: the larger sites are looked at first."""
        return sum(len(stays) for row in self.rows for stays in row.weeks)

    def week(self, number: int) -> tuple[tuple[Row, tuple[Stay, ...]], ...]:
        """Who is there in a week, counted from 0, by rotation."""
        return tuple((row, row.weeks[number]) for row in self.rows if row.weeks[number])


@dataclass(frozen=True, slots=True)
class Counted:
    """How an entry is kept in one week: the fewest and the most who are there on a working day of it."""

    kept: Kept
    least: int = 0
    most: int = 0

    @property
    def in_words(self) -> str:
        """`nobody`, `1`, `0 to 1`."""
        if self.least == self.most:
            return str(self.most or "nobody")
        return f"{self.least} to {self.most}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An entry of `checks.coverage`, with at least how many and at most how many (None: any number), week by week.

    `site` is the name of the one site that it is about, empty where it is about several or none.
    """

    id: str
    name: str
    site: str
    least: int
    most: int | None
    weeks: tuple[Counted, ...]

    @property
    def in_words(self) -> str:
        """`2 or more`, `1 to 2`, `at most 1`."""
        if self.most is None:
            return f"{self.least} or more"
        return f"{self.least} to {self.most}" if self.least else f"at most {self.most}"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Everybody's place in some weeks. `weeks` are their first days, the first of them the present one's Monday."""

    today: date
    weeks: tuple[date, ...]
    sites: tuple[SiteRows, ...]
    leave: tuple[Row, ...]
    unassigned: Row
    wanted: tuple[Wanted, ...]

    def away(self, number: int) -> tuple[tuple[Row, tuple[Stay, ...]], ...]:
        """Who is on leave in a week, counted from 0, by its kind."""
        return tuple((row, row.weeks[number]) for row in self.leave if row.weeks[number])

    @property
    def is_anybody_unassigned(self) -> bool:
        """Whether somebody has no assignment in one of the weeks."""
        return any(self.unassigned.weeks)

    @property
    def holes(self) -> tuple[tuple[Wanted, date, Counted], ...]:
        """Every week in which an entry is not kept, in order of time."""
        found = [
            (each, week, counted)
            for each in self.wanted
            for week, counted in zip(self.weeks, each.weeks, strict=True)
            if counted.kept in {"low", "high", "both"}
        ]
        return tuple(sorted(found, key=lambda one: (one[1], one[0].name)))


def whereabouts_of(ground: Ground, today: date) -> Whereabouts:
    """Who is where in the week of `today` (in the programme's time zone) and the next twelve.

    Weeks outside the schedule's window have nobody in them.
    """
    monday = today - _DAY * today.weekday()
    weeks = tuple(monday + _WEEK * number for number in range(AHEAD + 1))
    found = [_of_week(ground, week) for week in weeks]
    people = _People(ground.program)
    return Whereabouts(
        today,
        weeks,
        sites=tuple(sorted(_sites(found, people), key=lambda site: (-site.size, site.name))),
        leave=_leave(found, people),
        unassigned=Row("", "No assignment", "", tuple(people.stays(each["", ""]) for each in found)),
        wanted=tuple(_wanted(entry, ground, weeks) for entry in ground.program.checks.coverage.values()),
    )


Presence = dict[tuple[str, str], dict[str, list[int]]]
"""Of one week: by rotation and kind of leave (one of them, or neither), the weekdays (0 to 4) of each person."""


def _of_week(ground: Ground, monday: date) -> Presence:
    found: Presence = defaultdict(lambda: defaultdict(list))
    for number in range(_WEEKDAYS):
        day = monday + _DAY * number
        standings = ground.roster.musters.on(day).standings if _is_inside(day, ground.window) else ()
        for each in filter(_has_work, standings):
            key = ("", each.away) if each.away else (each.rotation, "")
            found[key][each.person].append(number)
    return found


def _is_inside(day: date, window: Window) -> bool:
    return window.start <= day < window.end


def _has_work(standing: Standing) -> bool:
    """Whether it is told where somebody is: residents always, others while they are on a rotation or on leave."""
    return standing.role == "resident" or bool(standing.rotation or standing.away)


class _People:
    """Those of a programme, as the weeks name them."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._last_words = Counter(_last_word(each.name) for each in program.people.values())

    def stays(self, days_of: Mapping[str, Sequence[int]]) -> tuple[Stay, ...]:
        """Those of one week in one place, by name."""
        stays = (self._stay(person, days) for person, days in days_of.items())
        return tuple(sorted(stays, key=lambda stay: (stay.name.casefold(), stay.person)))

    def _stay(self, person: str, days: Sequence[int]) -> Stay:
        name = self.program.people[person].name
        last = _last_word(name)
        return Stay(person, name, last if self._last_words[last] == 1 else name, _in_words(days))


def _last_word(name: str) -> str:
    return name.rpartition(" ")[2]


def _in_words(days: Sequence[int]) -> str:
    """`Mon to Wed`, `Mon, Fri`; nothing for the whole week."""
    if len(days) == _WEEKDAYS:
        return ""
    names = [f"{date.min + _DAY * day:%a}" for day in days]  # the first day there is was a Monday
    in_a_row = days[-1] - days[0] == len(days) - 1
    return f"{names[0]} to {names[-1]}" if in_a_row and len(days) > 1 else ", ".join(names)


def _sites(found: Sequence[Presence], people: _People) -> Iterator[SiteRows]:
    """A site where nobody is in all these weeks is left out."""
    program = people.program
    used = {rotation for presence in found for rotation, _ in presence if rotation}
    for site in program.sites.values():
        rotations = [each for each in program.rotations.values() if each.site == site.id and each.id in used]
        rows = [
            Row(each.id, each.name, each.color, tuple(people.stays(of.get((each.id, ""), {})) for of in found))
            for each in sorted(rotations, key=lambda each: each.name.casefold())
        ]
        if rows:
            yield SiteRows(site.id, site.name, tuple(rows))


def _leave(found: Sequence[Presence], people: _People) -> tuple[Row, ...]:
    """A row for each kind of leave."""
    kinds = sorted({kind for presence in found for _, kind in presence if kind})
    return tuple(Row(kind, kind, "", tuple(people.stays(of.get(("", kind), {})) for of in found)) for kind in kinds)


def _wanted(entry: Coverage, ground: Ground, weeks: Sequence[date]) -> Wanted:
    by_week: dict[date, list[Count]] = defaultdict(list)
    for count in counts(entry, ground):
        by_week[count.day - _DAY * count.day.weekday()].append(count)
    counted = tuple(_counted(entry, by_week[week]) for week in weeks)
    return Wanted(entry.id, entry.label, _site(entry, ground.program), entry.min, entry.max, counted)


def _site(entry: Coverage, program: Program) -> str:
    """The site of the rotations that it counts, or the site itself."""
    sites = {program.rotations[each].site for each in entry.count.rotation} or set(entry.count.site)
    return program.sites[sites.pop()].name if len(sites) == 1 else ""


def _counted(entry: Coverage, counted: Sequence[Count]) -> Counted:
    if not counted:
        return Counted("open")
    there = [each.there for each in counted]
    least, most = min(there), max(there)
    low, high = least < entry.min, entry.max is not None and most > entry.max
    kept: Kept = "both" if low and high else "low" if low else "high" if high else "kept"
    return Counted(kept, least, most)
