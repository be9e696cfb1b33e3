"""VTIMEZONE against zoneinfo: the same offset at every moment of the years it is made for."""

from __future__ import annotations

import bisect
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil.rrule import rrulestr

from ircal.feeds import make_feed, render
from ircal.feeds.vtimezone import vtimezone
from tests.feeds.making import EVERYTHING, conference, program, schedule, sessions
from tests.feeds.reading import entries, read_back, strictly

FIRST, LAST = 2020, 2040
SATURDAYS = "24,25,26,27,28,29,30"
"""The days of March on which the last Saturday before the last Sunday can be."""


def one_name_each() -> list[str]:
    """All zones, those that are the same under several names once."""
    found: dict[bytes, str] = {}
    for key in sorted(zoneinfo.available_timezones()):
        file = files("tzdata").joinpath("zoneinfo", *key.split("/"))
        found.setdefault(file.read_bytes() if file.is_file() else key.encode(), key)
    return sorted(found.values())


def reparsed(key: str, first: int = FIRST, last: int = LAST) -> Any:
    found: Any = icalendar.Timezone.from_ical(vtimezone(key, first, last).to_ical())
    assert [part.errors for part in found.walk()] == [[]] * len(found.walk())
    return found


def onsets(component: Any, last: int) -> list[tuple[datetime, timedelta]]:
    """RFC 5545 section 3.6.5, by an evaluator of our own: every onset in UTC, and the offset from then on."""
    found = []
    for part in component.subcomponents:
        start, before, offset = part["DTSTART"].dt, part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td
        rule = part["RRULE"].to_ical().decode() if "RRULE" in part else "FREQ=YEARLY;COUNT=1"
        moments = rrulestr(rule, dtstart=start).between(start, datetime(last + 2, 1, 1), inc=True)  # noqa: DTZ001
        assert moments[0] == start
        found += [((moment - before).replace(tzinfo=UTC), offset) for moment in moments]
    return sorted(found)


def offset_at(found: list[tuple[datetime, timedelta]], moment: datetime) -> timedelta:
    return found[bisect.bisect_right(found, moment, key=lambda onset: onset[0]) - 1][1]


def turns(key: str) -> tuple[datetime, ...]:
    """The hours in which zoneinfo changes its offset (never twice in four days)."""
    zone, hour = ZoneInfo(key), timedelta(hours=1)
    step, found = 96, []
    days = [datetime(FIRST, 1, 1, tzinfo=UTC) + number * step * hour for number in range((LAST + 1 - FIRST) * 92)]
    offsets = [day.astimezone(zone).utcoffset() for day in days]
    for day, before, after in zip(days, offsets, offsets[1:], strict=False):
        if before != after:
            hours = [(day + number * hour).astimezone(zone).utcoffset() for number in range(step + 1)]
            found += [day + number * hour for number in range(step) if hours[number] != hours[number + 1]]
    return tuple(found)


@pytest.mark.parametrize("key", one_name_each())
def test_it_has_the_offsets_of_zoneinfo_in_every_zone(key: str) -> None:
    zone, found = ZoneInfo(key), onsets(reparsed(key), LAST)
    changes = turns(key)
    close = (turn + timedelta(seconds=seconds) for turn in changes for seconds in range(0, 3601, 300))
    around = (turn + timedelta(seconds=seconds) for turn in changes for seconds in (1799, 1801, 3599, 3601))
    anywhere = (datetime(year, month, 1, 12, tzinfo=UTC) for year in range(FIRST, LAST + 1) for month in range(1, 13))
    for moment in (*close, *around, *anywhere):
        assert (moment, offset_at(found, moment)) == (moment, moment.astimezone(zone).utcoffset())


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (
            "America/New_York",
            [
                "STANDARD 1970-11-01T02:00:00 -0400 -0500 EST FREQ=YEARLY;BYDAY=1SU;BYMONTH=11",
                "DAYLIGHT 1970-03-08T02:00:00 -0500 -0400 EDT FREQ=YEARLY;BYDAY=2SU;BYMONTH=3",
            ],
        ),
        ("America/Phoenix", ["STANDARD 1970-01-01T00:00:00 -0700 -0700 MST"]),
        (
            "Europe/Dublin",
            [
                "DAYLIGHT 1970-03-29T01:00:00 +0000 +0100 IST FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
                "STANDARD 1970-10-25T02:00:00 +0100 +0000 GMT FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
            ],
        ),
        (
            "Australia/Lord_Howe",
            [
                "STANDARD 1970-04-05T02:00:00 +1100 +1030 +1030 FREQ=YEARLY;BYDAY=1SU;BYMONTH=4",
                "DAYLIGHT 1970-10-04T02:00:00 +1030 +1100 +11 FREQ=YEARLY;BYDAY=1SU;BYMONTH=10",
            ],
        ),
        (
            "America/Nuuk",
            [
                "STANDARD 1970-10-25T00:00:00 -0100 -0200 -02 FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
                f"DAYLIGHT 1970-03-28T23:00:00 -0200 -0100 -01 FREQ=YEARLY;BYDAY=SA;BYMONTHDAY={SATURDAYS};BYMONTH=3",
            ],
        ),
        (
            "America/Santiago",
            [
                "STANDARD 1970-04-05T00:00:00 -0300 -0400 -04 FREQ=YEARLY;BYDAY=SU;BYMONTHDAY=2,3,4,5,6,7,8;BYMONTH=4",
                "DAYLIGHT 1970-09-06T00:00:00 -0400 -0300 -03 FREQ=YEARLY;BYDAY=SU;BYMONTHDAY=2,3,4,5,6,7,8;BYMONTH=9",
            ],
        ),
        (  # no rule: summer time is suspended for Ramadan
            "Africa/Casablanca",
            [
                "STANDARD 1970-01-01T00:00:00 +0100 +0100 +01",
                "STANDARD 2026-02-15T03:00:00 +0100 +0000 +00",
                "DAYLIGHT 2026-03-22T02:00:00 +0000 +0100 +01",
            ],
        ),
        (  # a rule that no RRULE by month can say: the day after the last Thursday of October
            "Africa/Cairo",
            [
                "STANDARD 1970-01-01T00:00:00 +0200 +0200 EET",
                "DAYLIGHT 2026-04-24T00:00:00 +0200 +0300 EEST",
                "STANDARD 2026-10-30T00:00:00 +0300 +0200 EET",
            ],
        ),
    ],
)
def test_what_it_says_for_a_year(key: str, expected: list[str]) -> None:
    assert [told(part) for part in reparsed(key, 2026, 2026).subcomponents] == expected


def told(part: Any) -> str:
    before, offset = part["TZOFFSETFROM"].to_ical(), part["TZOFFSETTO"].to_ical()
    rule = " " + part["RRULE"].to_ical().decode() if "RRULE" in part else ""
    return f"{part.name} {part['DTSTART'].dt.isoformat()} {before} {offset} {part['TZNAME']}{rule}"


ZONES = ("America/New_York", "Europe/Dublin", "Australia/Lord_Howe", "Africa/Casablanca", "Africa/Cairo", "Asia/Gaza")


@pytest.mark.parametrize("key", ZONES)
def test_a_reader_that_trusts_it_alone_finds_the_sessions(key: str) -> None:
    """The zone renamed, so that the reader cannot know it from anywhere else."""
    made = program(conference("Mo-Su 09:00-10:00"), zone=key)
    feed = make_feed(schedule(made, sessions(made, "mm", date(2026, 1, 1), date(2027, 12, 31))), EVERYTHING)
    data = render(feed, made.settings, {})
    for mark in ("TZID:", "TZID="):
        data = data.replace(f"{mark}{key}".encode(), f"{mark}Mine/{key.lower()}".encode())
    assert [part["TZID"] for part in strictly(data).walk("VTIMEZONE")] == [f"Mine/{key.lower()}"]
    assert read_back(data) == entries(feed)
