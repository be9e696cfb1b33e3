"""The rules of time zones as POSIX writes them: what day they mean, and the RRULE that says so."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from ircal.feeds.posix_tz import ChangeDay, PosixZone, parse_footer

HOUR = timedelta(hours=1)
MIDNIGHT = timedelta(0)


def test_a_zone_that_changes() -> None:
    assert parse_footer("EST5EDT,M3.2.0,M11.1.0") == PosixZone(
        "EST", -5 * HOUR, "EDT", -4 * HOUR, ChangeDay("M3.2.0", 2 * HOUR), ChangeDay("M11.1.0", 2 * HOUR)
    )


def test_a_zone_that_never_changes_and_has_no_letters_for_a_name() -> None:
    assert parse_footer("<+0545>-5:45") == PosixZone("+0545", 5 * HOUR + timedelta(minutes=45))


def test_offsets_and_times_of_every_form() -> None:
    assert parse_footer("<-02>2<-01>+1:00:30,J60/-1,364/26:30:15") == PosixZone(
        "-02",
        -2 * HOUR,
        "-01",
        -HOUR - timedelta(seconds=30),
        ChangeDay("J60", -HOUR),
        ChangeDay("364", 26 * HOUR + timedelta(minutes=30, seconds=15)),
    )


@pytest.mark.parametrize("text", ["", "EST", "EST5EDT", "EST5EDT,M3.2.0", "5EST", "EST5 ", "EST5EDT,M3.2,M11.1.0"])
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a POSIX time zone rule"):
        parse_footer(text)


@pytest.mark.parametrize(
    ("day", "hours", "year", "expected"),
    [
        ("M3.2.0", 2, 2027, "2027-03-14 02:00"),
        ("M10.5.0", 3, 2026, "2026-10-25 03:00"),
        ("M2.5.0", 0, 2028, "2028-02-27 00:00"),
        ("M3.5.0", -1, 2026, "2026-03-28 23:00"),
        ("M3.4.4", 50, 2026, "2026-03-28 02:00"),
        ("M10.5.4", 24, 2025, "2025-10-31 00:00"),
        ("J59", 0, 2028, "2028-02-28 00:00"),
        ("J60", 0, 2027, "2027-03-01 00:00"),
        ("J60", 0, 2028, "2028-03-01 00:00"),
        ("J365", 23, 2028, "2028-12-31 23:00"),
        ("0", 0, 2026, "2026-01-01 00:00"),
        ("59", 0, 2027, "2027-03-01 00:00"),
        ("59", 0, 2028, "2028-02-29 00:00"),
    ],
)
def test_the_day_that_is_meant(day: str, hours: int, year: int, expected: str) -> None:
    assert ChangeDay(day, hours * HOUR).onset(year) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("day", "hours", "expected"),
    [
        ("M11.1.0", 2, "FREQ=YEARLY;BYDAY=1SU;BYMONTH=11"),
        ("M2.5.6", 2, "FREQ=YEARLY;BYDAY=-1SA;BYMONTH=2"),
        ("M3.4.4", 26, "FREQ=YEARLY;BYDAY=FR;BYMONTHDAY=23,24,25,26,27,28,29;BYMONTH=3"),
        ("M9.1.6", 24, "FREQ=YEARLY;BYDAY=SU;BYMONTHDAY=2,3,4,5,6,7,8;BYMONTH=9"),
        ("M10.5.4", 24, ""),  # may be 1 November
        ("M9.1.0", -1, ""),  # may be 31 August
        ("M2.5.0", 25, ""),  # the last week of February is not always the same
        ("J60", 1, "FREQ=YEARLY;BYMONTHDAY=1;BYMONTH=3"),
        ("J59", 24, ""),  # 29 February or 1 March
        ("58", 0, "FREQ=YEARLY;BYMONTHDAY=28;BYMONTH=2"),
        ("59", 0, ""),
        ("0", -1, ""),  # the year before
    ],
)
def test_the_rrule_that_says_it(day: str, hours: int, expected: str) -> None:
    assert ChangeDay(day, hours * HOUR).rrule() == expected


change_days = st.one_of(
    st.builds("M{}.{}.{}".format, st.integers(1, 12), st.integers(1, 5), st.integers(0, 6)),
    st.builds("J{}".format, st.integers(1, 365)),
    st.builds("{}".format, st.integers(0, 365)),
)


@given(change_days, st.integers(-167, 167))
def test_the_rrule_gives_the_onsets_of_every_year(day: str, hours: int) -> None:
    change = ChangeDay(day, hours * HOUR)
    if not change.rrule():
        return
    first = change.onset(1970)
    found = rrulestr(change.rrule(), dtstart=first).between(first, datetime(2040, 12, 31, 23), inc=True)  # noqa: DTZ001
    assert found == [change.onset(year) for year in range(1970, 2041)]


def test_the_changes_of_a_year_come_in_order() -> None:
    southern = parse_footer("NZST-12NZDT,M9.5.0,M4.1.0/3")
    assert [(moment.isoformat(), offset) for moment, offset in southern.changes(2026)] == [
        ("2026-04-04T14:00:00+00:00", 12 * HOUR),
        ("2026-09-26T14:00:00+00:00", 13 * HOUR),
    ]
    assert parse_footer("UTC0").changes(date.max.year) == []
