"""Rules that never happen: a 31 February, a season without the weekday, an end before the first session."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from ircal.config.sections import subject
from ircal.errors import Problem
from ircal.model.recurrence import Recurrence, rrule_parts
from ircal.model.when import Nth, Relative
from ircal.rules.dates import Frame, days_named
from ircal.rules.nominal import in_season

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ircal.config.draft import Draft
    from ircal.model.conferences import Conference
    from ircal.model.program import Program
    from ircal.model.rotations import Rotation
    from ircal.model.when import When
    from ircal.recall import Recall

_YEARS = 5
_MONTHS = 12


def check(draft: Draft, recall: Recall) -> Iterator[Problem]:
    """Conferences and duties without a single day in the programme's first five academic years."""
    program = draft.program
    first, end = (program.year_start(program.settings.first_year + years) for years in (0, _YEARS))
    last = end - timedelta(days=1)
    ground = (program.settings, *program.grids.values())
    for conference in program.conferences.values():
        looked = partial(_happens, conference, first, last, program)
        if not recall.kept(("happens", conference.id), (conference, *ground), looked):
            yield _never(draft, "conferences", conference.id, "when")
    for rotation in program.rotations.values():
        idle = partial(_idle, rotation, first, last, program)
        for duty in recall.kept(("idle", rotation.id), (rotation, *ground), idle):
            yield _never(draft, "rotations", rotation.id, "duties", duty, "when")


def _idle(rotation: Rotation, first: date, last: date, program: Program) -> list[str]:
    """The duties of a rotation that have no day."""
    known = [duty for duty in rotation.duties.values() if _is_known(duty.when, program)]
    return [duty.id for duty in known if next(_days_of(duty.when, first, last, program), None) is None]


def _happens(conference: Conference, first: date, last: date, program: Program) -> bool:
    """Whether the conference has a day, as far as its rule alone can tell."""
    rule = conference.when
    begin, end = max(first, conference.start or first), min(last, conference.until or last)
    if rule is None or not _is_known(rule, program):
        return True
    return any(in_season(conference, day) for day in _days_of(rule, begin, end, program))


def _is_known(rule: When, program: Program) -> bool:
    """Whether the days are the same for everyone, and in a grid that could be read."""
    match rule:
        case Nth(of="block") | Relative(edge="block start" | "block end"):
            return (rule.grid or program.settings.grid) in program.grids
        case Nth(of="rotation") | Relative():
            return False
        case _:
            return True


def _days_of(rule: When, first: date, last: date, program: Program) -> Iterator[date]:
    """The days of the rule, without asking for them where no day can fit: that search ends in the year 9999."""
    if isinstance(rule, Recurrence):
        parts = rrule_parts(rule.rrule)
        stretch = range((last - first).days + 1)
        if not any(_fits(parts, first + timedelta(days=number)) for number in stretch):
            return
    if first <= last:
        yield from days_named(rule, first, last, Frame(program, {}))


def _fits(parts: Mapping[str, str], day: date) -> bool:
    """Whether month, day of the month and day of the year (also counted from the end) are among those of the rule."""
    first_of_next = date(day.year + day.month // _MONTHS, day.month % _MONTHS + 1, 1)
    from_month_end = (day - first_of_next).days
    from_year_end = (day - date(day.year + 1, 1, 1)).days
    numbers = {
        "BYMONTH": {day.month},
        "BYMONTHDAY": {day.day, from_month_end},
        "BYYEARDAY": {day.timetuple().tm_yday, from_year_end},
    }
    return all(
        found & {int(text) for text in parts[name].split(",")} for name, found in numbers.items() if name in parts
    )


def _never(draft: Draft, section: str, name: str, *path: str) -> Problem:
    inside = f"`{'.'.join(path[:-1])}` of " if len(path) > 1 else ""
    first = draft.program.settings.first_year
    message = f"{inside}{subject(section, name)} never takes place in the {_YEARS} years from {first}"
    hint = "look at the rule, and at `season`, `from` and `until`"
    return Problem("never-happens", message, draft.written.place(section, name, *path), hint)
