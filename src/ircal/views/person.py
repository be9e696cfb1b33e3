"""A person: where they are and go next, what they present, how far they are, and when their calendar last changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from ircal.rules.levels import class_of
from ircal.views.agenda import Entry, coming, entries_of

if TYPE_CHECKING:
    from ircal.checks.report import Line
    from ircal.model.people import Person
    from ircal.model.program import Calendar
    from ircal.model.rotations import Rotation, Site
    from ircal.model.schedule import Occurrence
    from ircal.views.ground import Ground

_DAY = timedelta(days=1)
_PRESENTATIONS = 6


@dataclass(frozen=True, slots=True)
class Stay:
    """Some days at a rotation; `last` is the last of them."""

    rotation: Rotation
    site: Site
    start: date
    last: date


@dataclass(frozen=True, slots=True)
class Away:
    """Some days of leave."""

    kind: str
    last: date


@dataclass(frozen=True, slots=True)
class PersonView:
    """What is told of somebody.

    `level` is as they say it (`PGY-6, class of 2027`), or their title; `now` and `after` are rotations, `coming` is the
    next thing at an hour. `line` has the progress of residents. `changed` is since when their calendar says what it
    says, in the programme's zone.
    """

    person: Person
    level: str
    away: Away | None
    now: Stay | None
    after: Stay | None
    coming: Entry | None
    presentations: tuple[Occurrence, ...]
    line: Line | None
    calendar: Calendar | None
    changed: datetime | None


def person_view(name: str, now: datetime, ground: Ground) -> PersonView:
    """The view of a person by id, who must be in the programme's `people`."""
    person, today = ground.program.people[name], now.astimezone(ground.zone).date()
    stays = [_stay(each.start, each.end, each.rotation, ground) for each in ground.roster.stretches(name)]
    calendar = ground.calendar_of(name)
    published = ground.published.get(calendar.id) if calendar else None
    return PersonView(
        person,
        level_of(person, today, ground),
        next(
            (Away(each.kind, each.end - _DAY) for each in ground.roster.leave(name) if each.start <= today < each.end),
            None,
        ),
        next((each for each in stays if each.start <= today <= each.last), None),
        next((each for each in stays if each.start > today), None),
        coming(entries_of(name, ground), now),
        _presentations(name, now, ground),
        next((each for each in ground.report.lines if each.person.id == name), None),
        calendar if published else None,
        published.changed.astimezone(ground.zone) if published else None,
    )


def level_of(person: Person, today: date, ground: Ground) -> str:
    """`PGY-6, class of 2027` for residents, else the title."""
    if person.role != "resident":
        return person.title
    levels = ground.facts.levels[person.id]
    pgy = levels.pgy_on(today)
    here = f"PGY-{pgy}" if pgy else ("not here yet" if levels.entered and today < levels.entered else "has left")
    title = f", {person.title}" if person.title else ""
    return f"{here}, class of {class_of(person, ground.program)}{title}"


def _stay(start: date, end: date, rotation: str, ground: Ground) -> Stay:
    known = ground.program.rotations[rotation]
    return Stay(known, ground.program.sites[known.site], start, end - _DAY)


def _presentations(name: str, now: datetime, ground: Ground) -> tuple[Occurrence, ...]:
    """The next sessions that somebody presents."""
    found = [
        each
        for part, occurrences in ground.schedule.parts.items()
        if part.startswith("conference:")
        for each in occurrences
        if not each.cancelled and isinstance(each.start, datetime) and each.start > now and _presents(name, each)
    ]
    return tuple(sorted(found, key=lambda each: (each.first_day, str(each.start), str(each.rule)))[:_PRESENTATIONS])


def _presents(name: str, occurrence: Occurrence) -> bool:
    return any(each.person == name and each.reason == "presenting" for each in occurrence.attendance)
