"""A feed's bytes as the dated entries that a phone shows, worked out by icalendar and recurring-ical-events.

A feed is read strictly: one property that cannot be read makes it unreadable, since phones differ on what they do
then. A rule that repeats without end is followed as far as the window. What no feed of ours holds, and would take a
reader very long, is refused by name: rules that repeat within a day, several rules of one event, dates by the list.
"""

from __future__ import annotations

import time as clock
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import icalendar
import recurring_ical_events

from ircal.errors import FeedUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from zoneinfo import ZoneInfo

    from ircal.model.program import Window

MOST = 200_000
"""Entries; the calendar of a whole programme has some thousands a year."""
_AT_MOST = 120.0
"""Seconds for following all rules."""

_FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_WITHIN_A_DAY = {"BYHOUR", "BYMINUTE", "BYSECOND"}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated event on a calendar: dates with an exclusive end, or moments in the programme's zone.

    `slot` is the start that its rule gives it (RECURRENCE-ID), which tells apart the entries of one UID. Its text, and
    whether it leaves the time `free` or makes it `busy`, are empty where they are not looked at, as in feeds.
    """

    uid: str
    slot: date | datetime
    start: date | datetime
    end: date | datetime
    summary: str
    location: str
    status: str
    description: str = ""
    availability: str = ""


@dataclass(frozen=True, slots=True)
class FeedText:
    """A feed that could be read as iCalendar: its own name, and its events."""

    name: str
    events: tuple[Any, ...]

    def between(self, window: Window, zone: ZoneInfo) -> tuple[Entry, ...]:
        """The entries that touch a window, whose days begin at midnight in the zone. Raises FeedUnreadable."""
        try:
            return tuple(_within(_entries(self.events, window, zone), window, zone))
        except FeedUnreadable:
            raise
        except Exception as error:  # noqa: BLE001 whatever a feed breaks in its readers is a fault of the feed
            raise FeedUnreadable(f"The feed has dates that cannot be read ({type(error).__name__}).") from None


def read_feed(data: bytes) -> FeedText:
    """The feed in these bytes. Raises FeedUnreadable, with what they are instead."""
    calendar = _parsed(data)
    faults = [name for part in calendar.walk() for name, _ in part.errors]
    if faults:
        raise FeedUnreadable(f"The feed has a property that cannot be read: {printable(faults[0] or 'a line')}.")
    events = tuple(calendar.walk("VEVENT"))
    for event in events:
        _refuse_often(event)
    return FeedText(str(calendar.get("X-WR-CALNAME", "")), events)


def printable(text: str, most: int = 100) -> str:
    """A text of somebody else's as it may be shown on a terminal."""
    short = text if len(text) <= most else text[: most - 3] + "..."
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in short)


def _parsed(data: bytes) -> Any:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise FeedUnreadable(f"The feed is not in UTF-8 (byte {error.start}).") from None
    if text.lstrip().startswith("<"):
        raise FeedUnreadable("What is there is a web page, not a feed.", "A page to sign in on, perhaps?")
    if not text.startswith("BEGIN:VCALENDAR"):
        raise FeedUnreadable("What is there is not iCalendar: it does not begin with BEGIN:VCALENDAR.")
    if not text.rstrip().endswith("END:VCALENDAR"):
        raise FeedUnreadable("The feed breaks off: it does not end with END:VCALENDAR.")
    try:
        return icalendar.Calendar.from_ical(text)
    except Exception as error:  # noqa: BLE001 whatever a feed breaks in its readers is a fault of the feed
        raise FeedUnreadable(f"What is there is not iCalendar ({type(error).__name__}).") from None


def _refuse_often(event: Any) -> None:
    rule, uid = event.get("RRULE", {}), printable(str(event.get("UID", "")))
    if isinstance(rule, list) or "RDATE" in event or "EXRULE" in event:
        raise FeedUnreadable(f"The event {uid} has several rules, or dates by the list, as none of ours has.")
    often = set(map(str, rule.get("FREQ", []))) - _FREQUENCIES or _WITHIN_A_DAY & set(map(str, rule))
    if often or any(int(interval) < 1 for interval in rule.get("INTERVAL", [])):
        raise FeedUnreadable(f"The event {uid} repeats more than once a day, as none of ours does.")


def _refuse_turned(event: Any) -> None:
    """The reader would turn such an event round, and phones do as they like."""
    if "DTEND" in event and event["DTEND"].dt < event["DTSTART"].dt:
        raise FeedUnreadable(f"The event {printable(str(event.get('UID', '')))} ends before it starts.")


def _entries(events: Sequence[Any], window: Window, zone: ZoneInfo) -> Iterator[Entry]:
    opens, closes = (datetime.combine(day, time.min, zone) for day in (window.start - _DAY, window.end + _DAY))
    began, count = clock.monotonic(), 0
    for event in events:
        _refuse_turned(event)
    for part in _parts(events):
        found = recurring_ical_events.of(part).between(opens, closes)
        count += len(found)
        if count > MOST or clock.monotonic() - began > _AT_MOST:
            raise FeedUnreadable(f"The feed has more than {MOST:,} entries, or rules that take too long to follow.")
        yield from (_entry(event, zone) for event in found)


def _parts(events: Sequence[Any]) -> Iterator[Any]:
    """Each UID by itself. A second event of one UID and slot is another part: a phone may show both."""
    parts: dict[tuple[str, int], list[Any]] = defaultdict(list)
    copies: dict[tuple[str, str], int] = defaultdict(int)
    for event in events:
        uid, slot = str(event.get("UID", "")), event.get("RECURRENCE-ID")
        key = uid, str(slot.dt) if slot is not None else ""
        parts[uid, copies[key]].append(event)
        copies[key] += 1
    for together in parts.values():
        calendar = icalendar.Calendar()
        calendar.subcomponents = together
        yield calendar


def _entry(event: Any, zone: ZoneInfo) -> Entry:
    start, end = _moment(event["DTSTART"].dt, zone), _moment(event["DTEND"].dt, zone)
    slot = _moment(event["RECURRENCE-ID"].dt, zone) if "RECURRENCE-ID" in event else start
    summary, location, status = (str(event.get(name, "")) for name in ("SUMMARY", "LOCATION", "STATUS"))
    return Entry(str(event.get("UID", "")), slot, start, end, summary, location, status)


def _moment(value: date, zone: ZoneInfo) -> date:
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise FeedUnreadable("The feed has a time without a zone, which is another moment on every phone.")
    return value.astimezone(zone)


def _within(entries: Iterator[Entry], window: Window, zone: ZoneInfo) -> Iterator[Entry]:
    opens, closes = (datetime.combine(day, time.min, zone) for day in (window.start, window.end))
    for entry in entries:
        if isinstance(entry.start, datetime) and isinstance(entry.end, datetime):
            if entry.start < closes and entry.end > opens:
                yield entry
        elif window.overlaps(entry.start, entry.end):
            yield entry
