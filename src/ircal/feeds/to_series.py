"""From occurrences to Series: say a rule's sessions as one RRULE with exceptions, where that is shorter.

The rule is never guessed from dates. The configuration holds it (`when` of a conference or duty), and we translate it:

    DTSTART         the first nominal slot that has an occurrence
    RRULE           the configured rule, UNTIL the last such slot (in UTC, RFC 5545 section 3.3.10)
    EXDATE          a slot of the rule without an occurrence (holiday, out of season, excused)
    RECURRENCE-ID   an occurrence that was moved, cancelled or worded unlike the rest
    single event    an occurrence off the rule (an added session), or one that takes whole days

One Series per rule, person and academic year; of a rule that alternates from week to week, one for each of its weeks.
It is read back by RFC 5545 (`expansion`) before it is used; if that does not give the same occurrences, or the
exceptions outweigh the gain, each becomes an event of its own. So do the sessions of a rule that no RRULE can say,
those that run past midnight or across a clock change, whose length calendars disagree on, and a session in the hour
that the clock shows twice.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from ircal.feeds.expansion import expand_series, instant
from ircal.feeds.identity import event_uid, scope_of, series_uid
from ircal.model.recurrence import rrule_parts
from ircal.model.series import Override, Series

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from ircal.feeds.groups import Group, Member, Slot
    from ircal.model.program import Calendar
    from ircal.model.recurrence import Recurrence
    from ircal.model.schedule import Details, Occurrence

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
    """Series, the occurrences (with their UIDs) that they carry, and what did not go as it should have."""

    series: tuple[Series, ...]
    occurrences: tuple[Occurrence, ...]
    warnings: tuple[str, ...] = ()


class Where(NamedTuple):
    """Where series are made for: a calendar of a programme (by its id), and the window that it is cut to."""

    program: str
    calendar: Calendar
    inside: Callable[[Occurrence], bool]


class _Session(NamedTuple):
    """An occurrence on a slot of its rule."""

    item: Occurrence
    slot: Slot

    @property
    def unmoved(self) -> bool:
        return (self.item.start, self.item.end) == self.slot


def to_series(members: Sequence[Member], group: Group, where: Where) -> Carried:
    """The Series that say exactly those members of a group that are inside the window. They come as in the group.

    How they are said is decided by all of them, so that a window never changes what something is called.
    """
    kept = [member.item for member in members if where.inside(member.item)]
    whole = [_Session(item, slot) for item, slot in members if slot is not None]
    regular = [session for session in whole if where.inside(session.item)]
    when = group.when
    if when is None or not regular or not _suits(whole, when):
        return _singles(kept, where)
    uid = series_uid(where.program, scope_of(whole[0].item, where.calendar), group.rule, group.year, group.strand)
    said = _series(whole, group, "", uid)
    if _cost(said) >= _VEVENT * len(whole):
        return _singles(kept, where)
    rrule = _rrule(when, regular[-1].slot.start)
    if not rrule:
        return _singles(kept, where, _warning(group, "is not one that calendars can read"))
    said = replace(said if len(regular) == len(whole) else _series(regular, group, "", uid), rrule=rrule)
    carried = [session.item for session in regular]
    if not _says(said, carried):
        return _singles(kept, where, _warning(group, "gives other dates when calendars read it"))
    alone = set(map(id, kept)) - set(map(id, carried))
    rest = _singles([item for item in kept if id(item) in alone], where)
    return Carried((said, *rest.series), (*(item.named(uid) for item in carried), *rest.occurrences))


def _suits(regular: Sequence[_Session], when: Recurrence) -> bool:
    """Whether a series is worth trying: enough sessions, none past midnight, none across a clock change."""
    if len(regular) < FEWEST or when.at.overnight:
        return False
    return all(session.slot.start.utcoffset() == session.slot.end.utcoffset() for session in regular)


def _rrule(when: Recurrence, last: datetime) -> str:
    """The configured rule up to the last slot; empty when it is written as only our library understands."""
    parts = {name: value for name, value in rrule_parts(when.rrule).items() if name != "UNTIL"}
    known = parts.keys() <= set(_PARTS) and all(_PLAIN.fullmatch(value) for value in parts.values())
    if not known or any(parts["FREQ"] not in allowed for name, allowed in _FREQUENCIES.items() if name in parts):
        return ""
    texts = [f"{name}={parts[name]}" for name in _PARTS if name in parts]
    return ";".join((texts[0], f"UNTIL={instant(last):%Y%m%dT%H%M%SZ}", *texts[1:]))


def _series(regular: Sequence[_Session], group: Group, rrule: str, uid: str) -> Series:
    first, last = regular[0].slot, regular[-1].slot
    details = _commonest(regular)
    held = {session.slot for session in regular}
    return Series(
        uid=uid,
        start=first.start,
        end=first.end,
        details=details,
        rrule=rrule,
        exdates=tuple(slot.start for slot in group.slots_between(first.start, last.start) if slot not in held),
        overrides=tuple(
            Override(session.slot.start, session.item.start, session.item.end, session.item.details)
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
    """Whether a calendar that reads the series shows exactly these."""
    said = Counter((instant(item.start), instant(item.end), item.details) for item in expand_series(series))
    return said == Counter((instant(item.start), instant(item.end), item.details) for item in regular)


def _singles(items: Iterable[Occurrence], where: Where, *warnings: str) -> Carried:
    named = tuple(
        item.named(event_uid(where.program, scope_of(item, where.calendar), item.rule, item.nominal)) for item in items
    )
    return Carried(tuple(Series(item.uid, item.start, item.end, item.details) for item in named), named, warnings)


def _warning(group: Group, fault: str) -> str:
    whose = f" of {group.person}" if group.person else ""
    year = f"{group.year}-{(group.year + 1) % 100:02}"
    return f"{group.rule}{whose}, {year}: the rule {fault}; its sessions are single events"
