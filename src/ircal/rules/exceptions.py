"""Exceptions: from the sessions that a conference's rule gives to those that take place, and in which way.

Each override hands the slot on, changed, with one more step of provenance. Two overrides of one session say nothing
that disagrees (the configuration is refused otherwise), so that their order does not matter. What an override says of a
session on a date on which there is none would change nothing: that is a problem, told at its line.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from ircal.errors import Problem
from ircal.model.schedule import order_in_time
from ircal.rules.clock import at
from ircal.rules.closures import Closures
from ircal.rules.deeds import closing, deed_of
from ircal.rules.nominal import FARTHEST, Source, regular
from ircal.rules.slots import planned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
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
    of_all = _by_date(item for item in overrides if item.action in _OF_EVERY_SESSION)
    of_rule = _by_date(item for item in overrides if not item.add)
    held = [_overridden(slot, of_rule, program) for slot in held]
    held += [_overridden(slot, of_all, program) for slot in added]
    flagged, closures = (off if conference.holiday == "flag" else {}), Closures.of(program)
    problems += _nothing_to_restore(overrides, held, closures, program.settings.zone, flagged)
    restored = {item.date for item in overrides if item.restore}
    held = [slot if slot.nominal_day in restored else _closed(slot, closures, program) for slot in held]
    return sorted(held, key=lambda slot: (slot.day, order_in_time(slot.nominal))), problems


_ByDate = dict["date | None", "list[Override]"]


def _by_date(overrides: Iterable[Override]) -> _ByDate:
    found: _ByDate = defaultdict(list)
    for item in overrides:
        found[item.date].append(item)
    return found


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
    return _changed(blank._replace(nominal=nominal, clock=clock), extra)


_OF_EVERY_SESSION = ("excuse", "require", "restore")
"""What is said of a date holds for all its sessions; the rest is of the session of the rule, an added one is new."""

_ORDER = ("move", "replace", "change")
"""Where two say something of one session, this is the order in which they are applied; the others may come after."""


def _overridden(slot: Slot, overrides: _ByDate, program: Program) -> Slot:
    """The slot after every override of its nominal date; a room that one of them names is that of the site it is at."""
    if slot.nominal_day not in overrides:
        return slot
    mine = overrides[slot.nominal_day]
    for override in sorted(mine, key=lambda item: (*(item.action != action for action in _ORDER), item.id)):
        slot = _apply(slot, override, program)
    told = [altered.room for item in mine if (altered := item.move or item.replace or item.change)]
    rooms = [room for room in told if room is not None]
    return slot._replace(room=rooms[-1]) if rooms else slot


def _apply(slot: Slot, override: Override, program: Program) -> Slot:
    steps = (*slot.steps, deed_of(override, slot.day, program))
    if override.cancel:
        return slot._replace(cancelled=True, steps=steps)
    if override.move:
        return _moved(slot, override)._replace(steps=steps)
    if override.replace:
        emptied = slot._replace(topic="", speaker="", presenter="", replaced=True)
        return _changed(emptied, override.replace)._replace(steps=steps)
    if override.change:
        return _changed(slot, override.change)._replace(steps=steps)
    excused, required = slot.excused + override.excuse, slot.required + override.require
    return slot._replace(excused=excused, required=required, steps=steps)


def _moved(slot: Slot, override: Override) -> Slot:
    move = override.move
    if move is None:
        raise AssertionError  # only called for moves
    moved_site = move.site is not None and move.site != slot.site
    room = move.room if move.room is not None else ("" if moved_site else slot.room)
    last = slot.last + (move.to - slot.day) if slot.last else None
    site, clock = move.site or slot.site, move.at or slot.clock
    return slot._replace(day=move.to, clock=clock, last=last, site=site, room=room, timed_at=move.place)


def _changed(slot: Slot, change: Change) -> Slot:
    """The slot with what the change names; a new site without a room has no known room."""
    given = change.model_dump(exclude={"at"}, exclude_none=True)
    if change.presenter is not None:
        given["presenter_place"] = change.place
    if change.site is not None and change.site != slot.site:
        given = {"room": "", **given}
    timed_at = change.place if change.at else slot.timed_at
    return slot._replace(clock=change.at or slot.clock, timed_at=timed_at, **given)


def _nothing_to_restore(
    overrides: Iterable[Override], slots: Sequence[Slot], closures: Closures, zone: ZoneInfo, flagged: DaysOff
) -> list[Problem]:
    """A restored session that no closure cancels and no holiday puts in question: another one is meant, most likely."""
    restoring = [item for item in overrides if item.restore]
    meant = {item.date for item in restoring}
    named = [slot for slot in slots if slot.nominal_day in meant]
    closed = {slot.nominal_day for slot in named if closures.over(slot.site, *slot.span(zone))}
    idle = {slot.nominal_day for slot in named} - closed
    return [
        Problem(
            "restore-without-closure",
            f"no closure cancels {item.conference} on {item.date:%a %Y-%m-%d}, so `{item.id}` changes nothing",
            item.place,
            "correct the date, or take it out",
        )
        for item in restoring
        if item.date in idle and item.date not in flagged
    ]


def _closed(slot: Slot, closures: Closures, program: Program) -> Slot:
    if slot.cancelled or not closures.near(slot.site, slot.day):
        return slot
    closure = closures.over(slot.site, *slot.span(program.settings.zone))
    if closure is None:
        return slot
    return slot._replace(cancelled=True, steps=(*slot.steps, closing(slot.site, closure, program)))
