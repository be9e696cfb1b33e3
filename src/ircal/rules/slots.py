"""Slots: the sessions of one conference while the rules work on them.

A slot begins as the nominal date of a rule, or a line of a list, and is handed from rule to rule; each returns a
changed copy with one more step of provenance. The nominal moment never changes: it is the session's identity.
Order, low to high precedence: the rule, holidays, overrides of the session, closures of its site, `restore`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from ircal.errors import Problem
from ircal.model.place import NOWHERE, Place
from ircal.model.schedule import Step
from ircal.model.values import ClockRange
from ircal.rules.clock import at, span
from ircal.rules.days_off import shifted
from ircal.rules.deeds import closing, deed_of
from ircal.rules.recurrence import days_of
from ircal.rules.texts import day_text, rule_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from zoneinfo import ZoneInfo

    from ircal.model.conferences import Conference, Session
    from ircal.model.overrides import Change, Override
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


def slots_of(
    conference: Conference, program: Program, first: date, last: date, off: DaysOff
) -> tuple[list[Slot], list[Problem]]:
    """All sessions of a conference with nominal dates from `first` to `last`, after every rule, in order of time."""
    overrides = [item for item in program.overrides if item.conference == conference.id]
    nominal = [*_nominal(conference, program, first, last), *_from_later(conference, program, last, off)]
    held = [slot for slot in (after_holidays(slot, conference, off) for slot in nominal) if slot]
    added = [_added(item, conference, program) for item in overrides if item.add and item.date]
    problems = _without_session(overrides, held, added, first, last)
    of_all = [item for item in overrides if item.action in _OF_EVERY_SESSION]
    held = [_overridden(slot, overrides, program) for slot in held]
    held += [_overridden(slot, of_all, program) for slot in added]
    flagged = off if conference.holiday == "flag" else {}
    problems += _nothing_to_restore(overrides, held, program, flagged)
    held = [_closed(slot, program, overrides) for slot in held]
    return sorted(held, key=lambda slot: (slot.day, str(slot.nominal))), problems


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
    return _regular(conference, day, Step(_rule_text(conference), conference.place, why), zone)


def _rule_text(conference: Conference) -> str:
    return f"{conference.name}: {conference.when.rrule} {conference.when.at}" if conference.when else conference.name


def in_season(conference: Conference, day: date) -> bool:
    """Whether the day lies in the conference's season, which may run over the end of the calendar year."""
    return conference.season is None or within_season(conference.season, day)


def within_season(season: tuple[MonthDay, MonthDay], day: date) -> bool:
    """Whether the day lies in a season, its first and last day included."""
    opens, closes = (edge.in_year(day.year) for edge in season)
    return opens <= day <= closes if opens <= closes else day >= opens or day <= closes


def _regular(conference: Conference, day: date, step: Step, zone: ZoneInfo) -> Slot:
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


def _without_session(
    overrides: Iterable[Override], slots: Sequence[Slot], added: Sequence[Slot], first: date, last: date
) -> list[Problem]:
    """An override of a date on which the conference has no session would do nothing: say so."""
    by_rule = sorted({slot.nominal_day for slot in slots})
    every = sorted({slot.nominal_day for slot in added}.union(by_rule))
    return [
        _no_session(item, item.date, dates)
        for item in overrides
        for dates in [every if item.action in _OF_EVERY_SESSION else by_rule]
        if item.date and not item.add and first <= item.date <= last and item.date not in dates
    ]


def _no_session(override: Override, day: date, dates: Sequence[date]) -> Problem:
    nearest = min(dates, key=lambda other: abs(other - day), default=None)
    return Problem(
        "override-without-session",
        f"{override.conference} has no session on {day:%a %Y-%m-%d}, so `{override.id}` changes nothing",
        override.place,
        f"the nearest session is on {nearest:%a %Y-%m-%d}" if nearest else "the conference has no sessions",
    )


def _added(override: Override, conference: Conference, program: Program) -> Slot:
    day, extra = override.date, override.add
    if day is None or extra is None:
        raise AssertionError  # the Override model demands both
    clock = extra.at or (conference.when.at if conference.when else None)
    nominal = at(day, clock.start, program.settings.zone) if clock else day
    blank = _regular(conference, day, deed_of(override, day, program), program.settings.zone)
    return _changed(replace(blank, nominal=nominal, clock=clock), extra)


_OF_EVERY_SESSION = ("excuse", "require", "restore")
"""What is said of a date holds for all its sessions; the rest for the one of the rule, since an added one says it all."""

_ORDER = ("move", "replace", "change")
"""Where two say something of one session, this is the order in which they are applied; the others may come after."""


def _overridden(slot: Slot, overrides: Sequence[Override], program: Program) -> Slot:
    """The slot after every override of its nominal date; a room that one of them names is that of the site it is at."""
    mine = [item for item in overrides if item.date == slot.nominal_day and not item.add]
    for override in sorted(mine, key=lambda item: (*(item.action != action for action in _ORDER), item.id)):
        slot = _apply(slot, override, program)
    told = [altered.room for item in mine if (altered := item.move or item.replace or item.change)]
    rooms = [room for room in told if room is not None]
    return replace(slot, room=rooms[-1]) if rooms else slot


def _apply(slot: Slot, override: Override, program: Program) -> Slot:
    steps = (*slot.steps, deed_of(override, slot.day, program))
    if override.cancel:
        return replace(slot, cancelled=True, steps=steps)
    if override.move:
        return replace(_moved(slot, override), steps=steps)
    if override.replace:
        emptied = replace(slot, topic="", speaker="", presenter="", replaced=True)
        return replace(_changed(emptied, override.replace), steps=steps)
    if override.change:
        return replace(_changed(slot, override.change), steps=steps)
    excused, required = slot.excused + override.excuse, slot.required + override.require
    return replace(slot, excused=excused, required=required, steps=steps)


def _moved(slot: Slot, override: Override) -> Slot:
    move = override.move
    if move is None:
        raise AssertionError  # only called for moves
    moved_site = move.site is not None and move.site != slot.site
    room = move.room if move.room is not None else ("" if moved_site else slot.room)
    last = slot.last + (move.to - slot.day) if slot.last else None
    site, clock = move.site or slot.site, move.at or slot.clock
    return replace(slot, day=move.to, clock=clock, last=last, site=site, room=room, timed_at=move.place)


def _changed(slot: Slot, change: Change) -> Slot:
    """The slot with what the change names; a new site without a room has no known room."""
    given = change.model_dump(exclude={"at"}, exclude_none=True)
    if change.presenter is not None:
        given["presenter_place"] = change.place
    if change.site is not None and change.site != slot.site:
        given = {"room": "", **given}
    timed_at = change.place if change.at else slot.timed_at
    return replace(slot, clock=change.at or slot.clock, timed_at=timed_at, **given)


def _nothing_to_restore(
    overrides: Iterable[Override], slots: Sequence[Slot], program: Program, flagged: DaysOff
) -> list[Problem]:
    """A restored session that no closure cancels and no holiday puts in question: another one is meant, most likely."""
    zone = program.settings.zone
    closed = {slot.nominal_day for slot in slots if closure_of(slot.site, *slot.span(zone), program.overrides, zone)}
    days = {slot.nominal_day for slot in slots}
    return [
        Problem(
            "restore-without-closure",
            f"no closure cancels {item.conference} on {item.date:%a %Y-%m-%d}, so `{item.id}` changes nothing",
            item.place,
            "correct the date, or take it out",
        )
        for item in overrides
        if item.restore and item.date in days - closed and item.date not in flagged
    ]


def _closed(slot: Slot, program: Program, own: Iterable[Override]) -> Slot:
    if slot.cancelled or any(item.restore and item.date == slot.nominal_day for item in own):
        return slot
    zone = program.settings.zone
    start, end = slot.span(zone)
    closure = closure_of(slot.site, start, end, program.overrides, zone)
    if closure is None:
        return slot
    return replace(slot, cancelled=True, steps=(*slot.steps, closing(slot.site, closure, program)))


def closure_of(
    site: str, start: date | datetime, end: date | datetime, overrides: Iterable[Override], zone: ZoneInfo
) -> Override | None:
    """The closure of the site that overlaps `[start, end)`, if there is one. All-day entries are not touched."""
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return None
    for override in overrides:
        closed = override.close
        if closed and site in closed.sites:
            closes, opens = closed.start.replace(tzinfo=zone), closed.end.replace(tzinfo=zone)
            if start < opens and closes < end:
                return override
    return None
