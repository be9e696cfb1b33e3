"""Exceptions: from the sessions that a conference's rule gives to those that take place, and in which way.

Each override hands the slot on, changed, with one more step of provenance. Two overrides of one session say nothing
that disagrees (the configuration is refused otherwise), so that their order does not matter. What an override says of a
session on a date on which there is none would change nothing: that is a problem, told at its line.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from ircal.errors import Problem
from ircal.rules.clock import at
from ircal.rules.deeds import closing, deed_of
from ircal.rules.nominal import FARTHEST, Source, regular
from ircal.rules.slots import planned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from zoneinfo import ZoneInfo

    from ircal.model.conferences import Conference
    from ircal.model.overrides import Change, Override
    from ircal.model.program import Program
    from ircal.rules.days_off import DaysOff
    from ircal.rules.horizon import Horizon
    from ircal.rules.slot import Slot


def slots_of(conference: Conference, program: Program, horizon: Horizon) -> tuple[list[Slot], list[Problem]]:
    """All sessions of a conference with nominal dates in the horizon, after every rule, in order of time.

    Those of later dates that are moved to that time come too.
    """
    source = source_of(conference, program, horizon)
    off, first, last = source.off, horizon.first, horizon.last
    overrides = [item for item in program.overrides if item.conference == conference.id]
    held = planned(conference, first, last, source)
    added = [_added(item, conference, program) for item in overrides if item.add and item.date]
    problems = [*_without_session(overrides, held, added, first, last), *_of_several(overrides, held)]
    of_all = [item for item in overrides if item.action in _OF_EVERY_SESSION]
    held = [_overridden(slot, overrides, program) for slot in held]
    held += [_overridden(slot, of_all, program) for slot in added]
    flagged = off if conference.holiday == "flag" else {}
    problems += _nothing_to_restore(overrides, held, program, flagged)
    held = [_closed(slot, program, overrides) for slot in held]
    return sorted(held, key=lambda slot: (slot.day, str(slot.nominal))), problems


def source_of(conference: Conference, program: Program, horizon: Horizon) -> Source:
    """What the sessions of a conference are made of; those that another one has next year may be preceded in this."""
    wide = horizon.longer(FARTHEST)
    known: dict[str, list[Slot]] = {}

    def sessions_of(other: Conference) -> list[Slot]:
        if other.id not in known:
            known[other.id] = slots_of(other, program, wide)[0]
        return known[other.id]

    return Source(program, horizon.days_off(program, conference.site, conference.holidays), sessions_of)


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


def _of_several(overrides: Iterable[Override], slots: Iterable[Slot]) -> Iterator[Problem]:
    """An override that alters a session of a day on which the list has several: which is meant, it does not say."""
    numbers = Counter(slot.nominal_day for slot in slots)
    for item in overrides:
        if item.date and item.action in _ORDER and numbers[item.date] > 1:
            sessions = f"{item.conference} has {numbers[item.date]} sessions on {item.date:%a %Y-%m-%d}"
            message = f"{sessions}, and `{item.id}` does not say which it changes"
            hint = "change it in the list of sessions, or give each time of day a conference of its own"
            yield Problem("override-of-several", message, item.place, hint)


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
    blank = regular(conference, day, deed_of(override, day, program), program.settings.zone)
    return _changed(replace(blank, nominal=nominal, clock=clock), extra)


_OF_EVERY_SESSION = ("excuse", "require", "restore")
"""What is said of a date holds for all its sessions; the rest is of the session of the rule, an added one is new."""

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
