"""The sessions that a conference has by its rule or list alone, before anything changes them.

A session that follows those of another conference is counted from the day that the other is on by its own rule; that is
its identity. It goes where the other goes, and is cancelled with it.
"""

from __future__ import annotations

from datetime import date, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from ircal.model.schedule import Step
from ircal.model.values import ClockRange
from ircal.model.when import Relative
from ircal.rules.clock import at
from ircal.rules.dates import Frame, away, days_named, entrants
from ircal.rules.rule_words import rule_in_words
from ircal.rules.slot import Slot
from ircal.rules.texts import day_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from zoneinfo import ZoneInfo

    from ircal.model.conferences import Conference, Session
    from ircal.model.program import Program
    from ircal.model.values import MonthDay
    from ircal.model.when import When
    from ircal.rules.days_off import DaysOff


FARTHEST = timedelta(days=200)
"""From a session to one that follows it, at most."""


class Source(NamedTuple):
    """What sessions are made of besides their conference; `sessions_of` gives those of another, after every rule."""

    program: Program
    off: DaysOff
    sessions_of: Callable[[Conference], Sequence[Slot]]


def nominal_slots(conference: Conference, first: date, last: date, source: Source) -> Iterator[Slot]:
    """Those from `first` to `last` (both included), within the conference's season and its own first and last day."""
    if conference.sessions is not None:
        return named_slots(conference, first, last, source)
    begin, end = max(first, conference.start or first), min(last, conference.until or last)
    if conference.season is None:
        return named_slots(conference, begin, end, source)
    seasons = _seasons(conference.season, begin, end)
    return (slot for opens, closes in seasons for slot in named_slots(conference, opens, closes, source))


def _seasons(season: tuple[MonthDay, MonthDay], first: date, last: date) -> Iterator[tuple[date, date]]:
    """The days from `first` to `last` that lie in a season, as first and last days of stretches within a year."""
    for year in range(first.year, last.year + 1):
        opens, closes = (edge.in_year(year) for edge in season)
        whole_year = date(year, 1, 1), date(year, 12, 31)
        parts = [(opens, closes)] if opens <= closes else [(whole_year[0], closes), (opens, whole_year[1])]
        yield from ((max(start, first), min(end, last)) for start, end in parts if start <= last and first <= end)


def named_slots(conference: Conference, first: date, last: date, source: Source) -> Iterator[Slot]:
    """All that the rule or list names from `first` to `last`, in whatever season."""
    program, when = source.program, conference.when
    found: Iterator[Slot]
    if conference.sessions is not None:
        found = (_listed(session, conference, program) for session in program.sessions[conference.sessions])
    elif when is None:
        found = iter(())
    elif isinstance(when, Relative) and when.conference:
        found = _followers(conference, when, source)
    else:
        found = _by_rule(conference, when, first, last, source)
    return (slot for slot in found if first <= slot.nominal_day <= last)


def _by_rule(conference: Conference, when: When, first: date, last: date, source: Source) -> Iterator[Slot]:
    zone, frame = source.program.settings.zone, Frame(source.program, source.off)
    usual = regular(conference, first, _rule_step(conference, when, source.program), zone)
    slots = (usual.on(day, zone) for day in days_named(when, first, last, frame))
    if isinstance(when, Relative) and when.edge == "entry":
        return (slot._replace(entrants=entrants(when, slot.nominal_day, frame)) for slot in slots)
    return slots


def _rule_step(conference: Conference, when: When, program: Program) -> Step:
    """That the rule gives a session."""
    return Step(f"{conference.name}: {when}", conference.place, rule_in_words(when, program))


def _followers(conference: Conference, when: Relative, source: Source) -> Iterator[Slot]:
    """One for each day that is counted from a session of the other; of two for one day, from one that is held."""
    other = source.program.conferences[when.conference or ""]
    by_day: dict[date, Slot] = {}
    for session in source.sessions_of(other):
        day = away(when, session.nominal_day + _length(session, when), source.off)
        if day not in by_day or _not_held(by_day[day]):
            by_day[day] = session
    step, zone = _rule_step(conference, when, source.program), source.program.settings.zone
    for day, session in sorted(by_day.items(), key=itemgetter(0)):
        yield _follower(regular(conference, day, step, zone), session, when, other, source.off)


def _length(session: Slot, when: Relative) -> timedelta:
    """How long after the first day of the session it is counted from: what is after it is after its last day."""
    return session.last - session.day if session.last and when.amount > 0 else timedelta(0)


def _follower(slot: Slot, session: Slot, when: Relative, other: Conference, off: DaysOff) -> Slot:
    """The slot after what became of the session that it follows, told at the line that did it."""
    day, place = away(when, session.day + _length(session, when), off), session.steps[-1].place
    if day != slot.day:
        text = f"{other.name} of {session.nominal_day} is on {session.day}: moved from {slot.day} to {day}"
        why = f"moved with {other.name} from {day_text(slot.day)} to {day_text(day)}"
        slot = slot._replace(day=day, steps=(*slot.steps, Step(text, place, why)))
    if _not_held(session):
        fate = "is cancelled" if session.cancelled else "gives way to another session"
        step = Step(f"cancelled: {other.name} of {session.day} {fate}", place, f"{other.name} is not held")
        slot = slot._replace(cancelled=True, steps=(*slot.steps, step))
    return slot


def _not_held(session: Slot) -> bool:
    return session.cancelled or session.replaced


def in_season(conference: Conference, day: date) -> bool:
    """Whether the day lies in the conference's season, which may run over the end of the calendar year."""
    return conference.season is None or within_season(conference.season, day)


def within_season(season: tuple[MonthDay, MonthDay], day: date) -> bool:
    """Whether the day lies in a season, its first and last day included."""
    opens, closes = (edge.in_year(day.year) for edge in season)
    return opens <= day <= closes if opens <= closes else day >= opens or day <= closes


def regular(conference: Conference, day: date, step: Step, zone: ZoneInfo) -> Slot:
    """A session as the conference says that its sessions are, on a day."""
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
