"""From occurrences to Series: say a rule's sessions as one RRULE with exceptions, where that is shorter.

The rule is never guessed from dates. The configuration holds it (`when` of a conference or duty), and we translate it:

    DTSTART         the first nominal slot that has an occurrence
    RRULE           the configured rule, UNTIL the last such slot (in UTC, RFC 5545 section 3.3.10)
    EXDATE          a slot of the rule without an occurrence (holiday, out of season, excused)
    RECURRENCE-ID   an occurrence that was moved, cancelled or worded unlike the rest
    single event    an occurrence off the rule (an added session), or one that takes whole days

One Series per rule, person and academic year. It is read back by RFC 5545 (`expansion`) before it is used; if that
does not give the same occurrences, or the exceptions outweigh the gain, each becomes an event of its own. So do
sessions that run past midnight or across a clock change, whose length calendars disagree on, and a session in the hour
that the clock shows twice. Sessions with a topic or a presenter of their own are single events whatever they say, so
that naming one never gives the others another UID.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from ircal.feeds.expansion import expand_series, instant, shown_once
from ircal.feeds.identity import event_uid, refuse_twins, scope_of, series_uid
from ircal.feeds.select import nominal_day, order_of
from ircal.model.recurrence import rrule_parts
from ircal.model.series import Override, Series
from ircal.rules.expand import touches
from ircal.rules.recurrence import days_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, time
    from zoneinfo import ZoneInfo

    from ircal.model.program import Calendar, Program, Window
    from ircal.model.recurrence import Recurrence
    from ircal.model.schedule import Details, Occurrence, Rule

FEWEST = 3
"""Fewer sessions than this in a year are single events."""

_VEVENT = 10
_EXDATE = 1
"""What is weighed, in tenths of an event: a VEVENT (single, master or override), and an EXDATE line."""

_PARTS = ("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS", "WKST")
_FREQUENCIES = {"BYMONTHDAY": ("DAILY", "MONTHLY", "YEARLY"), "BYYEARDAY": ("YEARLY",), "BYWEEKNO": ("YEARLY",)}
"""The parts that RFC 5545 knows, in the order in which calendars expect them, and which it forbids where."""

_PLAIN = re.compile(r"[A-Z0-9,+-]+")


@dataclass(frozen=True, slots=True)
class Carried:
    """Series by UID, the occurrences (with UIDs, by time) that they carry, and what did not go as it should have."""

    series: tuple[Series, ...]
    occurrences: tuple[Occurrence, ...]
    warnings: tuple[str, ...] = ()


def to_series(
    occurrences: Iterable[Occurrence], program: Program, calendar: Calendar, window: Window | None = None
) -> Carried:
    """The Series that say exactly these occurrences, or those of them in a window, whatever order they come in.

    Raises ProgramError when two occurrences have one identity.
    """
    zone = program.settings.zone
    ordered = sorted(occurrences, key=lambda item: (instant(item.nominal), order_of(item, zone)))
    refuse_twins(ordered)
    groups: dict[tuple[Rule, str, int], list[Occurrence]] = defaultdict(list)
    for item in ordered:
        groups[item.rule, item.person, program.academic_year(nominal_day(item, zone))].append(item)
    parts = [_carry(group, year, program, calendar, window) for (_, _, year), group in groups.items()]
    return Carried(
        series=tuple(sorted((series for part in parts for series in part.series), key=lambda series: series.uid)),
        occurrences=tuple(
            sorted((item for part in parts for item in part.occurrences), key=lambda item: order_of(item, zone))
        ),
        warnings=tuple(sorted(warning for part in parts for warning in part.warnings)),
    )


class _Session(NamedTuple):
    """An occurrence on a slot of its rule, and the start and end that the slot has."""

    item: Occurrence
    start: datetime
    end: datetime

    @property
    def unmoved(self) -> bool:
        return (self.item.start, self.item.end) == (self.start, self.end)


def _carry(
    group: Sequence[Occurrence], year: int, program: Program, calendar: Calendar, window: Window | None
) -> Carried:
    """The sessions of one rule, person and academic year, in order of their nominal times.

    How they are said is decided by the whole year, so that a window never changes what something is called.
    """
    first, zone = group[0], program.settings.zone
    kept = [item for item in group if window is None or touches(item, window, program)]
    when = None if _told_apart(first.rule, program) else rule_of(first.rule, program)
    whole = _on_slots(group, when, zone) if when else ()
    regular = [session for session in whole if window is None or touches(session.item, window, program)]
    if when is None or not regular or not _suits(whole, when):
        return _singles(kept, program, calendar)
    uid = series_uid(program.settings.id, scope_of(first, calendar), first.rule, year)
    if _cost(_series(whole, when, "", uid, zone)) >= _VEVENT * len(whole):
        return _singles(kept, program, calendar)
    rrule = _rrule(when, regular[-1].start)
    if not rrule:
        return _singles(kept, program, calendar, _warning(first, year, "is not one that calendars can read"))
    series = _series(regular, when, rrule, uid, zone)
    carried = [session.item for session in regular]
    if not _says(series, carried):
        return _singles(kept, program, calendar, _warning(first, year, "gives other dates when calendars read it"))
    alone = set(kept) - set(carried)
    rest = _singles([item for item in kept if item in alone], program, calendar)
    return Carried((series, *rest.series), (*(replace(item, uid=uid) for item in carried), *rest.occurrences))


def _told_apart(rule: Rule, program: Program) -> bool:
    """Whether each session of a conference says something of its own: a topic from a list, a presenter by turn."""
    conference = program.conferences.get(rule.id) if rule.kind == "conference" else None
    return conference is not None and (conference.topics is not None or conference.presenter is not None)


def rule_of(rule: Rule, program: Program) -> Recurrence | None:
    """The recurrence that the configuration holds for a conference or duty (`external/vein`); None for the rest."""
    if rule.kind == "conference" and rule.id in program.conferences:
        return program.conferences[rule.id].when
    rotation, _, duty = rule.id.partition("/")
    if rule.kind == "duty" and rotation in program.rotations:
        known = program.rotations[rotation].duties.get(duty)
        return known.when if known else None
    return None


def _on_slots(group: Sequence[Occurrence], when: Recurrence, zone: ZoneInfo) -> tuple[_Session, ...]:
    """Those that the rule itself gave, at times that the clock shows once, and that are still at a time of day."""
    nominal_days = [nominal_day(item, zone) for item in group]
    slots = {_at(day, when.at.start, zone) for day in days_of(when, min(nominal_days), max(nominal_days))}
    sessions = (
        _Session(item, _at(day, when.at.start, zone), _at(day, when.at.end, zone))
        for item, day in zip(group, nominal_days, strict=True)
        if not item.all_day and item.nominal in slots
    )
    return tuple(session for session in sessions if shown_once(session.start) and shown_once(session.end))


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone)


def _suits(regular: Sequence[_Session], when: Recurrence) -> bool:
    """Whether a series is worth trying: enough sessions, none past midnight, none across a clock change."""
    if len(regular) < FEWEST or when.at.overnight:
        return False
    return all(session.start.utcoffset() == session.end.utcoffset() for session in regular)


def _rrule(when: Recurrence, last: datetime) -> str:
    """The configured rule up to the last slot; empty when it is written as only our library understands."""
    parts = {name: value for name, value in rrule_parts(when.rrule).items() if name != "UNTIL"}
    known = parts.keys() <= set(_PARTS) and all(_PLAIN.fullmatch(value) for value in parts.values())
    if not known or any(parts["FREQ"] not in allowed for name, allowed in _FREQUENCIES.items() if name in parts):
        return ""
    texts = [f"{name}={parts[name]}" for name in _PARTS if name in parts]
    return ";".join((texts[0], f"UNTIL={instant(last):%Y%m%dT%H%M%SZ}", *texts[1:]))


def _series(regular: Sequence[_Session], when: Recurrence, rrule: str, uid: str, zone: ZoneInfo) -> Series:
    first, last = regular[0], regular[-1]
    details = _commonest(regular)
    held = {session.start for session in regular}
    slots = (_at(day, when.at.start, zone) for day in days_of(when, first.start.date(), last.start.date()))
    return Series(
        uid=uid,
        start=first.start,
        end=first.end,
        details=details,
        rrule=rrule,
        exdates=tuple(slot for slot in slots if slot not in held),
        overrides=tuple(
            Override(session.start, session.item.start, session.item.end, session.item.details)
            for session in regular
            if not session.unmoved or session.item.details != details
        ),
    )


def _commonest(regular: Sequence[_Session]) -> Details:
    """What most sessions say that take place when the rule says; of equals the earliest.

    A cancelled master would cancel them all, so that one is taken only when every session is cancelled.
    """
    held = [session for session in regular if not session.item.cancelled] or regular
    unmoved = [session for session in held if session.unmoved] or held
    return Counter(session.item.details for session in unmoved).most_common(1)[0][0]


def _cost(series: Series) -> int:
    return _VEVENT * (1 + len(series.overrides)) + _EXDATE * len(series.exdates)


def _says(series: Series, regular: Sequence[Occurrence]) -> bool:
    said = Counter((instant(item.start), instant(item.end), item.details) for item in expand_series(series))
    return said == Counter((instant(item.start), instant(item.end), item.details) for item in regular)


def _singles(group: Sequence[Occurrence], program: Program, calendar: Calendar, *warnings: str) -> Carried:
    named = tuple(
        replace(item, uid=event_uid(program.settings.id, scope_of(item, calendar), item.rule, item.nominal))
        for item in group
    )
    return Carried(tuple(Series(item.uid, item.start, item.end, item.details) for item in named), named, warnings)


def _warning(first: Occurrence, year: int, fault: str) -> str:
    whose = f" of {first.person}" if first.person else ""
    return f"{first.rule}{whose}, {year}-{(year + 1) % 100:02}: the rule {fault}; its sessions are single events"
