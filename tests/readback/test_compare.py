"""Entries against entries: what is missing, too many, different."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from ircal.readback import Comparison, Difference, Entry, compare
from tests.readback.making import ZONE

SEVEN = datetime(2026, 11, 2, 7, tzinfo=ZONE)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def entry(uid: str = "r", days: int = 0, **changes: object) -> Entry:
    start = SEVEN + days * DAY
    made = Entry(uid, start, start, start + timedelta(minutes=30), "Rounds", "West", "CONFIRMED")
    return replace(made, **changes)  # type: ignore[arg-type] # a test's own words


def compared(expected: list[Entry], found: list[Entry]) -> Comparison:
    return compare(expected, found, ZONE)


def test_the_same_in_any_order_and_any_zone() -> None:
    week = [entry(days=day) for day in range(5)]
    in_utc = [
        replace(each, slot=each.slot.astimezone(UTC), start=each.start.astimezone(UTC), end=each.end.astimezone(UTC))
        for each in week
        if isinstance(each.slot, datetime) and isinstance(each.start, datetime) and isinstance(each.end, datetime)
    ]
    assert compared(week, in_utc[::-1]) == Comparison(5, (), (), ())


def test_what_is_missing_and_what_is_too_many_in_order_of_time() -> None:
    week = [entry(days=day) for day in range(5)]
    found = compared(week, [*week[2:4], entry("x", 9), entry("x", 8), week[3]])
    assert found == Comparison(2, (week[0], week[1], week[4]), (week[3], entry("x", 8), entry("x", 9)), ())
    assert not found.equal


def test_what_was_taken_off_and_is_told_as_cancelled_is_not_too_many() -> None:
    assert compared([entry()], [entry(), entry("x", status="CANCELLED")]).equal
    assert not compared([entry()], [entry(status="CANCELLED")]).equal


def test_a_moved_entry_is_different_and_not_gone() -> None:
    week = [entry(days=day) for day in range(3)]
    moved = replace(week[1], start=SEVEN + 5 * DAY, end=SEVEN + 6 * DAY)
    found = compared(week, [week[0], moved, week[2]])
    assert (found.alike, found.different) == (2, (Difference(week[1], moved),))
    assert found.different[0].fields == ("start", "end")


def test_another_time_of_day_is_different_and_not_another_entry() -> None:
    week = [entry(days=day) for day in range(3)]
    later = [entry(days=day, slot=SEVEN + day * DAY + HOUR, start=SEVEN + day * DAY + HOUR) for day in range(3)]
    found = compared(week, later)
    assert (found.missing, found.extra) == ((), ())
    assert [difference.fields for difference in found.different] == [("start",)] * 3


def test_one_entry_of_a_uid_needs_no_slot() -> None:
    assert compared([entry(slot=SEVEN - DAY)], [entry()]).equal


def test_every_field_counts() -> None:
    changed = entry(summary="M&M", location="East", status="CANCELLED")
    (difference,) = compared([entry()], [changed]).different
    assert difference.fields == ("summary", "location", "status")


def test_a_whole_day_is_not_its_midnight() -> None:
    day, midnight = date(2026, 11, 2), datetime(2026, 11, 2, tzinfo=ZONE)
    (difference,) = compared([entry(start=day)], [entry(start=midnight)]).different
    assert difference.fields == ("start",)
