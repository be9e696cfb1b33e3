"""What a Series stands for, by RFC 5545."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ircal.feeds import Instance, expand_series
from ircal.model.schedule import Details
from ircal.model.series import Override, Series
from tests.feeds.making import moment

PLAIN, OTHER = Details("Plain"), Details("Other")


def weekly(rrule: str, start: str = "2026-10-26 12:00", end: str = "2026-10-26 13:00") -> Series:
    return Series("u", moment(start), moment(end), PLAIN, rrule)


def told(series: Series) -> list[str]:
    return [f"{item.start:%m-%d %H:%M %z}-{item.end:%H:%M %z} {item.details.summary}" for item in expand_series(series)]


def test_a_single_event_stands_for_itself() -> None:
    series = Series("u", date(2026, 10, 5), date(2026, 10, 12), PLAIN)
    assert expand_series(series) == (Instance("u", date(2026, 10, 5), date(2026, 10, 12), PLAIN),)


def test_the_wall_clock_stays_when_the_clocks_change() -> None:
    assert told(weekly("FREQ=WEEKLY;UNTIL=20261109T170000Z;BYDAY=MO")) == [
        "10-26 12:00 -0400-13:00 -0400 Plain",
        "11-02 12:00 -0500-13:00 -0500 Plain",
        "11-09 12:00 -0500-13:00 -0500 Plain",
    ]


def test_until_is_a_moment_and_belongs_to_the_series() -> None:
    assert [len(told(weekly(f"FREQ=WEEKLY;UNTIL=20261109T{time}Z;BYDAY=MO"))) for time in ("170000", "165959")] == [
        3,
        2,
    ]


def test_exdates_leave_out_and_overrides_replace() -> None:
    series = replace(
        weekly("FREQ=WEEKLY;UNTIL=20261116T170000Z;BYDAY=MO"),
        exdates=(moment("2026-11-02 12:00"),),
        overrides=(
            Override(
                moment("2026-10-26 12:00"), moment("2026-11-12 08:00"), moment("2026-11-12 09:30"), replace(OTHER)
            ),
        ),
    )
    assert told(series) == [
        "11-09 12:00 -0500-13:00 -0500 Plain",
        "11-12 08:00 -0500-09:30 -0500 Other",
        "11-16 12:00 -0500-13:00 -0500 Plain",
    ]


def test_a_time_that_the_clock_skips_is_no_instance() -> None:
    nights = weekly("FREQ=DAILY;UNTIL=20270315T063000Z", "2027-03-13 02:30", "2027-03-13 03:00")
    assert told(nights) == ["03-13 02:30 -0500-03:00 -0500 Plain", "03-15 02:30 -0400-03:00 -0400 Plain"]


def test_a_time_that_the_clock_shows_twice_is_the_first() -> None:
    nights = weekly("FREQ=DAILY;UNTIL=20261101T053000Z", "2026-10-31 01:30", "2026-10-31 01:45")
    assert told(nights) == ["10-31 01:30 -0400-01:45 -0400 Plain", "11-01 01:30 -0400-01:45 -0400 Plain"]


def test_until_may_be_in_the_hour_that_is_shown_again() -> None:
    """The session at 01:45 is before the second 01:30."""
    nights = weekly("FREQ=DAILY;UNTIL=20261101T063000Z", "2026-10-31 01:45", "2026-10-31 01:50")
    assert told(nights) == ["10-31 01:45 -0400-01:50 -0400 Plain", "11-01 01:45 -0400-01:50 -0400 Plain"]


def test_every_instance_lasts_exactly_as_long_as_the_first() -> None:
    """RFC 5545 section 3.8.5.3, and why nights are never sent as a series: they end at 06:00 that once."""
    nights = weekly("FREQ=DAILY;UNTIL=20261031T230000Z", "2026-10-30 19:00", "2026-10-31 07:00")
    assert told(nights) == ["10-30 19:00 -0400-07:00 -0400 Plain", "10-31 19:00 -0400-06:00 -0500 Plain"]


def test_whole_days_repeat_too() -> None:
    series = Series("u", date(2026, 10, 30), date(2026, 11, 1), PLAIN, "FREQ=WEEKLY;UNTIL=20261113;BYDAY=FR")
    excepted = replace(series, exdates=(date(2026, 11, 6),))
    assert [(item.start, item.end) for item in expand_series(excepted)] == [
        (date(2026, 10, 30), date(2026, 11, 1)),
        (date(2026, 11, 13), date(2026, 11, 15)),
    ]


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;COUNT=3"])
def test_a_rule_without_an_end_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match="has no UNTIL, and so no end"):
        expand_series(weekly(rule))
