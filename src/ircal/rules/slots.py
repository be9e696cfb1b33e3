"""Slots: the sessions of one conference while the rules work on them.

A slot begins as the nominal date of a rule, or a line of a list, and is handed from rule to rule; each returns a
changed copy with one more step of provenance. The nominal moment never changes: it is the session's identity.
Order, low to high precedence: the rule and holidays, which are here; overrides of the session, closures of its site,
`restore`, which are in `ircal.rules.exceptions`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from ircal.model.place import NOWHERE, Place
from ircal.model.schedule import Step
from ircal.model.values import ClockRange
from ircal.rules.clock import at, span
from ircal.rules.days_off import shifted
from ircal.rules.recurrence import days_of
from ircal.rules.texts import day_text, rule_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from ircal.model.conferences import Conference, Session
    from ircal.model.program import Program
    from ircal.model.values import MonthDay
    from ircal.rules.days_off import DaysOff

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """One session: its identity (`nominal`), its day and clock time (None: all day, to `last`), and what it says.

    `presenter_place` is where the presenter was named, for one that was not chosen by turn.
    """

    nominal: date | datetime
    nominal_day: date
    day: date
    clock: ClockRange | None
    last: date | None = None
    name: str = ""
    topic: str = ""
    speaker: str = ""
    presenter: str = ""
    presenter_place: Place = NOWHERE
    site: str = ""
    room: str = ""
    link: str = ""
    description: str = ""
    cancelled: bool = False
    replaced: bool = False
    excused: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    timed_at: Place = NOWHERE
    """Where its day and clock time are written."""

    def span(self, zone: ZoneInfo) -> tuple[date | datetime, date | datetime]:
        """Start and (exclusive) end: zone-aware moments, or dates when it takes whole days."""
        if self.clock is None:
            return self.day, (self.last or self.day) + timedelta(days=1)
        return span(self.day, self.clock, zone)


def planned(conference: Conference, program: Program, first: date, last: date, off: DaysOff) -> list[Slot]:
    """The sessions that the rule gives and no holiday takes away, with nominal dates from `first` to `last`.

    Those of later dates that are moved to that time come too.
    """
    nominal = [*_nominal(conference, program, first, last), *_from_later(conference, program, last, off)]
    return [slot for slot in (after_holidays(slot, conference, off) for slot in nominal) if slot]


def _nominal(conference: Conference, program: Program, first: date, last: date) -> Iterator[Slot]:
    if conference.sessions is not None:
        for session in program.sessions[conference.sessions]:
            if first <= session.date <= last:
                yield _listed(session, conference, program)
    elif conference.when is not None:
        begin, end = max(first, conference.start or first), min(last, conference.until or last)
        for day in days_of(conference.when, begin, end):
            if in_season(conference, day):
                yield by_rule(conference, day, program.settings.zone)


_AHEAD = 30
"""In how many days after the last a session may be that holidays move back to it."""


def _from_later(conference: Conference, program: Program, last: date, off: DaysOff) -> Iterator[Slot]:
    """The sessions of later days that are held on the last day or before, so that no year lacks what comes into it."""
    moves = [item for item in program.overrides if item.move and item.conference == conference.id]
    days = {item.date for item in moves if item.date and item.move and item.move.to <= last < item.date}
    if conference.holiday == "previous_workday":
        later = (last + _DAY * number for number in range(1, _AHEAD))
        days |= {day for day in later if day in off and (shifted(day, conference.holiday, off) or day) <= last}
    for day in sorted(days):
        yield from _nominal(conference, program, day, day)


def by_rule(conference: Conference, day: date, zone: ZoneInfo) -> Slot:
    """The session that the rule gives for a day."""
    why = rule_in_words(conference.when.rrule) if conference.when else ""
    return regular(conference, day, Step(_rule_text(conference), conference.place, why), zone)


def _rule_text(conference: Conference) -> str:
    return f"{conference.name}: {conference.when.rrule} {conference.when.at}" if conference.when else conference.name


def in_season(conference: Conference, day: date) -> bool:
    """Whether the day lies in the conference's season, which may run over the end of the calendar year."""
    return conference.season is None or within_season(conference.season, day)


def within_season(season: tuple[MonthDay, MonthDay], day: date) -> bool:
    """Whether the day lies in a season, its first and last day included."""
    opens, closes = (edge.in_year(day.year) for edge in season)
    return opens <= day <= closes if opens <= closes else day >= opens or day <= closes


def regular(conference: Conference, day: date, step: Step, zone: ZoneInfo) -> Slot:
    """A session of that day as the conference is in general, at its usual time."""
    clock = conference.when.at if conference.when else None
    nominal = at(day, clock.start, zone) if clock else day
    return Slot(
        nominal=nominal,
        nominal_day=day,
        day=day,
        clock=clock,
        name=conference.name,
        site=conference.site or "",
        room=conference.room,
        link=conference.link,
        description=conference.description,
        steps=(step,),
        timed_at=step.place,
    )


def _listed(session: Session, conference: Conference, program: Program) -> Slot:
    clock = ClockRange(start=session.start, end=session.end) if session.start and session.end else None
    nominal = at(session.date, session.start, program.settings.zone) if session.start else session.date
    elsewhere = session.site is not None and session.site != conference.site
    return Slot(
        nominal=nominal,
        nominal_day=session.date,
        day=session.date,
        clock=clock,
        last=session.last,
        name=session.name or conference.name,
        topic=session.topic,
        speaker=session.speaker,
        site=session.site or conference.site or "",
        room=session.room or ("" if elsewhere else conference.room),
        link=session.link or conference.link,
        description=conference.description,
        steps=(Step(f"{conference.name}: listed for {session.date}", session.place, "on the list of its dates"),),
        timed_at=session.place,
    )


def after_holidays(slot: Slot, conference: Conference, off: DaysOff) -> Slot | None:
    """Where the session is after the holidays of its site: as it is, moved, or left out (None)."""
    if slot.day not in off or conference.sessions is not None:
        return slot
    day = shifted(slot.day, conference.holiday, off)
    if day is None:
        return None
    holiday = off[slot.day]
    if day == slot.day:
        text, why = f"held although {slot.day} is {holiday}", f"held although it is {holiday}"
    else:
        text = f"{slot.day} is {holiday}: moved to {day}"
        why = f"{day_text(slot.day)} is {holiday}: moved to {day_text(day)}"
    return replace(slot, day=day, steps=(*slot.steps, Step(text, conference.place, why)))
