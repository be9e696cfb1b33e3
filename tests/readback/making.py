"""Feeds as somebody else might have written them."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from ircal.model.program import Window
from ircal.readback import Entry, read_feed

ZONE = ZoneInfo("America/New_York")
WINDOW = Window(date(2026, 7, 1), date(2027, 7, 1))


def ics(*events: str) -> bytes:
    """`ics("UID:a|DTSTART:...")`: a calendar with these events, their lines parted by bars."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//EN", "X-WR-CALNAME:Rounds"]
    for event in events:
        lines += ["BEGIN:VEVENT", "DTSTAMP:20260501T000000Z", *event.split("|"), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def timed(uid: str, start: str, end: str, *more: str) -> str:
    """An event of the programme's zone; `20261102T070000`."""
    zone = f"TZID={ZONE.key}"
    return "|".join((f"UID:{uid}", f"DTSTART;{zone}:{start}", f"DTEND;{zone}:{end}", "SUMMARY:Rounds", *more))


def entries(*events: str, window: Window = WINDOW) -> tuple[Entry, ...]:
    """What is found in such a feed."""
    return read_feed(ics(*events)).between(window, ZONE)


ROUNDS = timed("r", "20261102T070000", "20261102T073000", "RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20261130T120000Z")
