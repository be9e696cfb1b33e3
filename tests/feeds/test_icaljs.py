"""A feed read by ical.js, the reader inside Thunderbird and Nextcloud: a recurrence engine that is not Python's."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ircal.feeds import make_feed
from tests.feeds.making import (
    EVERYTHING,
    added,
    cancelled,
    conference,
    moved,
    personal,
    program,
    reworded,
    schedule,
    sessions,
)
from tests.feeds.reading import by_icaljs, entries, ics, without_icaljs

if TYPE_CHECKING:
    from pathlib import Path

    from ircal.model.program import Program
    from ircal.model.schedule import Occurrence

pytestmark = [pytest.mark.icaljs, without_icaljs]

RULES = (
    "We 12:00-13:00",
    "Mo-Su 07:00-07:30",
    "Tu/2 from 2026-07-07 16:00-17:00",
    "We[3] 17:00-18:00",
    "Fr[-1] 00:00-00:30",
    "Su 01:15-01:45",
    "Su 02:15-02:45",
    "Fr 19:00-07:00",
    "Su 00:30-03:30",
)
ZONES = ("America/New_York", "Europe/Dublin", "Australia/Lord_Howe", "Africa/Casablanca", "Africa/Cairo", "UTC")


def disturbed(made: Program, name: str) -> list[Occurrence]:
    found = sessions(made, name, date(2026, 9, 1), date(2028, 5, 31))
    found[0] = moved(found[0], days=1)
    found[2] = cancelled(found[2])
    found[4] = reworded(found[4], "Journal club; at 5, bring \\books and lunch \N{HOT BEVERAGE}")
    found[6] = moved(found[6], hours=-1, longer=2)
    del found[8], found[-3]
    return [*found, added(made, name, "2026-10-09 20:00", "2026-10-09 21:00")]


@pytest.mark.parametrize("zone", ZONES)
def test_icaljs_finds_the_same_sessions(zone: str, tmp_path: Path) -> None:
    made = program(*(conference(when, f"c{number}") for number, when in enumerate(RULES)), zone=zone)
    found = [item for name in made.conferences for item in disturbed(made, name)]
    banner = personal(("rotation", "west"), "ash", date(2026, 10, 5), date(2026, 11, 2), "IR West")
    feed = make_feed(schedule(made, [*found, banner]), EVERYTHING)
    path = tmp_path / "feed.ics"
    path.write_bytes(ics(feed, made))
    assert by_icaljs(path) == entries(feed)
