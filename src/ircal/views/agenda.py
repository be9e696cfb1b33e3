"""Somebody's days: what is on their calendar, day by day as a list, or a month as a sheet.

Entries are those that their phone has, in its words; who has no calendar of their own sees what concerns them in the
words of the programme. What takes several days stands on the first of them that is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from ircal.views.rows import Held, held_on

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ircal.model.schedule import Occurrence
    from ircal.views.ground import Ground

_DAY = timedelta(days=1)
_WEEK = 7
_ELSEWHERE = ("Why: ", "You: ")
"""How the lines of a description begin that are told in another way here."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on somebody's calendar; `presenting` and `optional` are what it is for them."""

    occurrence: Occurrence
    presenting: bool
    optional: bool

    @property
    def last_day(self) -> date:
        """The last day on which it takes place."""
        end = self.occurrence.end
        return end.date() if isinstance(end, datetime) else end - _DAY

    @property
    def lines(self) -> tuple[str, ...]:
        """What its description says beside the link and the rule, which have places of their own."""
        told = self.occurrence.details
        lines = told.description.splitlines()
        return tuple(line for line in lines if line and not line.startswith(_ELSEWHERE) and not _holds(line, told.link))


def _holds(line: str, link: str) -> bool:
    return bool(link) and link in line


@dataclass(frozen=True, slots=True)
class Day:
    """A day with what is done on it, and what begins on it or, on the first day that is shown, goes on."""

    date: date
    is_today: bool
    held: Held
    entries: tuple[Entry, ...]


def entries_of(person: str, ground: Ground) -> tuple[Entry, ...]:
    """Everything on somebody's calendar, in order of time."""
    calendar = ground.calendar_of(person)
    if calendar and calendar.id in ground.published:
        found: Iterable[Occurrence] = ground.published[calendar.id].feed.occurrences
    else:
        found = ground.concerning(person)
    return tuple(_entry(each, person) for each in found)


def _entry(occurrence: Occurrence, person: str) -> Entry:
    own = next((each for each in occurrence.attendance if each.person == person), None)
    presenting = own is not None and own.reason == "presenting"
    return Entry(occurrence, presenting, own is not None and own.level == "optional")


def days_of(person: str, first: date, count: int, today: date, ground: Ground) -> tuple[Day, ...]:
    """So many days from the first on."""
    last = first + timedelta(days=count)
    by_day: dict[date, list[Entry]] = {}
    for entry in entries_of(person, ground):
        if entry.occurrence.first_day < last and entry.last_day >= first:
            by_day.setdefault(max(entry.occurrence.first_day, first), []).append(entry)
    return tuple(
        Day(day, day == today, held_on(person, day, ground), tuple(by_day.get(day, ())))
        for day in (first + _DAY * number for number in range(count))
    )


def month_of(person: str, at: date, today: date, ground: Ground) -> tuple[tuple[Day, ...], ...]:
    """The month that holds a day, in whole weeks from Monday on."""
    first = at.replace(day=1)
    monday = first - timedelta(days=first.weekday())
    after = (first + timedelta(days=31)).replace(day=1)
    count = -(-(after - monday).days // _WEEK) * _WEEK
    days = days_of(person, monday, count, today, ground)
    return tuple(days[start : start + _WEEK] for start in range(0, count, _WEEK))


def coming(entries: Iterable[Entry], now: datetime) -> Entry | None:
    """What is going on, or comes next, of what has an hour and takes place."""
    timed = (each for each in entries if not each.occurrence.all_day and not each.occurrence.cancelled)
    return next((each for each in timed if _end(each) > now), None)


def _end(entry: Entry) -> datetime:
    end = entry.occurrence.end
    return end if isinstance(end, datetime) else datetime.combine(end, time.min)
