"""Whether people get rest: between two shifts, in any four weeks, and on single days. An estimate (see `workload`)."""

from __future__ import annotations

from bisect import bisect_left
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, TypedDict

from ircal.checks.finding import Finding
from ircal.checks.workload import Shift, shifts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from ircal.checks.finding import Days
    from ircal.checks.ground import Ground
    from ircal.model.checks import Hours
    from ircal.model.place import Place

_DAY = timedelta(days=1)
_WEEK = 7
_FOUR_WEEKS = 4 * _WEEK
_ESTIMATE = "an estimate from duties, rotation hours and required sessions; exchange or shorten one of them"


def rest(ground: Ground) -> Iterator[Finding]:
    """Shifts that are too long, or follow one another too soon."""
    limits = ground.program.checks.hours
    if limits.rest is None and limits.shift is None:
        return
    for person in ground.program.residents:
        found = shifts(ground, person.id)
        for shift in found:
            if limits.shift is not None and shift.hours > limits.shift:
                what = f"more than {limits.shift:g} hours of work at a stretch"
                detail = f"{shift.start:%H:%M}-{shift.end:%H:%M}"
                yield Finding("shift-long", what, detail=detail, **_on(shift.start.date(), person.id, ground))
        for one, other in pairwise(found):
            gap = (other.start.timestamp() - one.end.timestamp()) / 3600
            split = one.start.date() == other.start.date()  # a lecture in the morning, work in the afternoon
            if limits.rest is not None and gap < limits.rest and not split:
                what = f"less than {limits.rest:g} hours of rest"
                detail = f"{one.end:%H:%M} to {other.start:%H:%M}"
                yield Finding("rest-short", what, detail=detail, **_on(other.start.date(), person.id, ground))


class _Where(TypedDict):
    """What a finding about one working day says besides what it is."""

    place: Place
    hint: str
    person: str
    days: Days
    of: tuple[str, ...]


def _on(day: date, person: str, ground: Ground) -> _Where:
    stretch = ground.roster.stretch_on(person, day)
    of = (stretch.rotation,) if stretch else ()
    return {"place": ground.place_of(person, day), "hint": _ESTIMATE, "person": person, "days": (day, day), "of": of}


def four_weeks(ground: Ground) -> Iterator[Finding]:
    """Four weeks with too many hours or too few free days. Leave is no work, and takes no part in the average."""
    limits = ground.program.checks.hours
    if limits.week is None and limits.free_days is None:
        return
    for person in ground.program.residents:
        found = shifts(ground, person.id)
        away = {day for spell in ground.spells(person.id) if spell.standing.away for day in spell.each_day()}
        yield from _windows(person.id, found, away, limits, ground)


def _windows(person: str, found: Sequence[Shift], away: set[date], limits: Hours, ground: Ground) -> Iterator[Finding]:
    """Every four weeks from a Monday on; after some that are told, the next that do not overlap them."""
    starts = [shift.start.date() for shift in found]
    busy = {day for shift in found for day in shift.days()}
    told = {"hours-over": ground.window.start, "no-free-day": ground.window.start}
    monday = ground.window.start + timedelta(days=-ground.window.start.weekday() % _WEEK)
    while monday + timedelta(days=_FOUR_WEEKS) <= ground.window.end:
        days = [monday + _DAY * number for number in range(_FOUR_WEEKS)]
        worked = sum(
            shift.worked for shift in found[bisect_left(starts, days[0]) : bisect_left(starts, days[-1] + _DAY)]
        )
        at_work = _FOUR_WEEKS - len(away.intersection(days))
        average = worked / at_work * _WEEK if at_work >= _WEEK else 0
        free = sum(day not in busy for day in days)
        for code, what, detail in _over(limits, average, free):
            if told[code] <= monday:
                told[code] = days[-1] + _DAY
                place = ground.place_of(person, monday)
                yield Finding(code, what, place, _ESTIMATE, person, (monday, days[-1]), detail=detail)
        monday += timedelta(days=_WEEK)


def _over(limits: Hours, average: float, free: int) -> Iterator[tuple[str, str, str]]:
    if limits.week is not None and average > limits.week:
        yield (
            "hours-over",
            f"more than {limits.week:g} hours a week on the average of four weeks",
            f"{average:.0f} hours",
        )
    if limits.free_days is not None and free < limits.free_days:
        yield "no-free-day", f"fewer than {limits.free_days} free days in four weeks", f"{free} of them"
