"""Reminders: when a phone rings before what, as a calendar asks for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import vDuration
from pydantic import ValidationError

from ircal.feeds import make_feed, render
from ircal.feeds.alarms import trigger
from ircal.model.program import Calendar
from ircal.model.reminders import Reminders
from tests.feeds.making import cancelled, conference, moved, personal, program, reworded, schedule, sessions
from tests.feeds.reading import lines, strictly

if TYPE_CHECKING:
    from ircal.model.schedule import Occurrence

PROGRAM = program(conference("We 12:00-13:00"))


def alarms(reminders: Any, *found: Occurrence) -> list[tuple[str, list[timedelta]]]:
    """The title of each VEVENT with how long before it its reminders ring."""
    asked = Calendar.model_validate({"id": "c", "name": "C", "kind": "programme", "reminders": reminders})
    data = render(make_feed(schedule(PROGRAM, found), asked), PROGRAM.settings, {})
    return [
        (str(event["SUMMARY"]), [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")])
        for event in strictly(data).walk("VEVENT")
    ]


def wednesdays() -> list[Occurrence]:
    return sessions(PROGRAM, "mm", date(2026, 10, 7), date(2026, 11, 11))


def minutes(*before: int) -> list[timedelta]:
    return [timedelta(minutes=-each) for each in before]


@pytest.mark.parametrize(
    ("reminders", "expected"),
    [
        ((), minutes()),
        ("15m", minutes(15)),
        (["15m", "2h", "1d", "1w"], minutes(10080, 1440, 120, 15)),
        (["0m"], minutes(0)),
        (["60m", "1h"], minutes(60)),
        ({"conferences": "15m", "duties": "30m"}, minutes(15)),
        ({"duties": "30m"}, minutes()),
    ],
)
def test_a_session_rings_so_long_before_it_begins(reminders: Any, expected: list[timedelta]) -> None:
    assert alarms(reminders, wednesdays()[0]) == [("MM", expected)]


@pytest.mark.parametrize(
    ("reminders", "expected"),
    [
        ("1d", timedelta(hours=-6)),
        ("7d", timedelta(days=-6, hours=-6)),
        ("1w", timedelta(days=-6, hours=-6)),
        ({"rotations": ["1d"]}, timedelta(hours=-6)),
    ],
)
def test_whole_days_ring_at_six_in_the_evening_so_many_days_before(reminders: Any, expected: timedelta) -> None:
    banner = personal(("rotation", "icu"), "ash", date(2026, 10, 5), date(2026, 11, 2), "ICU")
    assert alarms(reminders, banner) == [("Robin Ash: ICU", [expected])]


def test_minutes_and_hours_say_nothing_for_whole_days() -> None:
    banner = personal(("rotation", "icu"), "ash", date(2026, 10, 5), date(2026, 11, 2), "ICU")
    assert alarms(["15m", "2h"], banner) == [("Robin Ash: ICU", [])]


def test_every_part_of_a_series_rings_but_what_is_cancelled() -> None:
    first, second, third, *rest = wednesdays()
    told = alarms("15m", first, moved(second, hours=2), cancelled(third), *rest)
    assert told == [("MM", minutes(15)), ("MM", minutes(15)), ("Cancelled: MM", [])]


def test_an_alarm_says_what_it_is_for_and_is_known_again() -> None:
    asked = Calendar.model_validate({"id": "c", "name": "C", "kind": "programme", "reminders": ["15m", "1h"]})
    found = [moved(item, hours=1) if not number else item for number, item in enumerate(wednesdays())]
    texts = [
        lines(render(make_feed(schedule(PROGRAM, [reworded(it, title) for it in found]), asked), PROGRAM.settings, {}))
        for title in ("M&M; with lunch, \\n", "Other")
    ]
    uids = [[line for number, line in enumerate(text) if text[number - 1] == "BEGIN:VALARM"] for text in texts]
    assert uids[0] == uids[1]
    assert len(set(uids[0])) == len(uids[0]) == 4
    assert texts[0].count("DESCRIPTION:M&M\\; with lunch\\, \\\\n") == 4


@given(st.integers(0, 40320))
def test_a_trigger_is_a_duration_of_rfc_5545(before: int) -> None:
    reader: Any = vDuration
    assert reader.from_ical(trigger(before)) == timedelta(minutes=-before)


@pytest.mark.parametrize(
    ("reminders", "told"),
    [
        (15, "'15' is not a time before an entry"),
        ("15 m", "'15 m' is not a time before an entry"),
        (["5w"], "'5w' is more than four weeks before the entry"),
        ({"conferences": "0d"}, "'0d' is no day before"),
        ({"milestones": ["2h"]}, "`milestones` take whole days"),
        ({"conferences": ["1m", "2m", "3m", "4m", "5m", "6m"]}, "at most 5"),
    ],
)
def test_what_is_no_reminder_is_refused(reminders: Any, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Reminders.model_validate(reminders)
