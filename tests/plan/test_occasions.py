"""When a Series takes place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given

from ircal.feeds.expansion import expand_series
from ircal.model.schedule import Details
from ircal.model.series import Series
from ircal.plan import Repair, make_plan, moment, repairs, span, taking_place
from tests.plan.making import (
    CALENDAR,
    WINDOW,
    ZONE,
    at,
    block,
    cancelling,
    differing,
    exception_of,
    owned,
    programmes,
    series,
    single,
    skipping,
    slot,
    weekly,
)

DAILY = Series("d", date(2026, 9, 1), date(2026, 9, 2), Details("Clinic"), "FREQ=DAILY;UNTIL=20260910")


def test_a_moment_is_in_utc_and_a_date_stays_a_date() -> None:
    assert moment(at(9, 9)) == datetime(2026, 9, 9, 16, tzinfo=UTC)
    assert str(moment(at(9, 9))) == "2026-09-09 16:00:00+00:00"
    assert moment(date(2026, 9, 9)) == date(2026, 9, 9)


@pytest.mark.parametrize(
    ("given_series", "expected"),
    [
        (single("a"), (date(2026, 9, 9), date(2026, 9, 9))),
        (block("a", date(2026, 9, 1)), (date(2026, 9, 1), date(2026, 9, 28))),
        (weekly("a"), (date(2026, 10, 14), date(2026, 11, 18))),
        (skipping(weekly("a"), 0, 5), (date(2026, 10, 21), date(2026, 11, 11))),
        (differing(weekly("a"), 0, later=timedelta(days=90)), (date(2026, 10, 21), date(2027, 1, 12))),
        (DAILY, (date(2026, 9, 1), date(2026, 9, 10))),
        (replace(weekly("a"), rrule="freq=weekly"), (date(2026, 10, 14), date.max)),
        (replace(weekly("a"), rrule="FREQ=WEEKLY;COUNT=2"), (date(2026, 10, 14), date(2026, 10, 21))),
        (single("a", status="CANCELLED"), (date(2026, 9, 9), date(2026, 9, 9))),
    ],
    ids=["single", "block", "weekly", "ends left out", "moved out", "all day", "endless", "counted", "cancelled"],
)
def test_span(given_series: Series, expected: tuple[date, date]) -> None:
    assert span(given_series) == expected


def test_what_takes_place() -> None:
    held, gone = weekly("a", weeks=2), single("b", status="CANCELLED")
    nothing_left = cancelling(skipping(weekly("c", weeks=2), 0), 1)
    only_moved = differing(skipping(weekly("d", weeks=2), 0), 1, later=timedelta(days=1))
    assert taking_place([held, gone, nothing_left, only_moved, DAILY]) == (held, only_moved, DAILY)


def test_an_occurrence_lasts_as_long_as_the_first_across_a_clock_change() -> None:
    night = Series("n", at(10, 30, 22), at(10, 31, 6), Details("Night"), "FREQ=DAILY;UNTIL=20261102T030000Z")
    known = exception_of(replace(differing(weekly("x"), 0).overrides[0], recurrence_id=at(10, 31, 22)))
    (repair,) = repairs(night, [known])
    assert repair.override is not None
    assert (repair.override.start, repair.override.end) == (at(10, 31, 22), at(11, 1, 5))


def test_a_repair_says_what_is_wanted_and_what_is_known() -> None:
    plain, moved = weekly("m"), differing(weekly("m"), 2, later=timedelta(hours=1))
    override, known = moved.overrides[0], exception_of(moved.overrides[0])
    as_the_rule = differing(plain, 2).overrides[0]
    assert repairs(moved, []) == (Repair(moment(slot(plain, 2)), override, None),)
    assert repairs(moved, [known]) == ()
    assert repairs(plain, [known]) == (Repair(moment(slot(plain, 2)), as_the_rule, known),)
    assert repairs(skipping(plain, 2), [known]) == (Repair(moment(slot(plain, 2)), None, known),)
    assert repairs(skipping(plain, 2), [replace(known, cancelled=True)]) == ()
    assert repairs(moved, [replace(known, cancelled=True)]) == (
        Repair(moment(slot(plain, 2)), override, replace(known, cancelled=True)),
    )


def test_an_exception_after_the_rule_has_ended_is_taken_away() -> None:
    known = exception_of(differing(weekly("m"), 5).overrides[0])
    assert repairs(weekly("m", weeks=3), [known]) == (Repair(moment(slot(weekly("m"), 5)), None, known),)


def test_an_exception_of_an_endless_rule_is_found() -> None:
    endless = replace(weekly("m"), rrule="FREQ=WEEKLY;BYDAY=WE")
    known = exception_of(differing(weekly("m"), 2, later=timedelta(hours=1)).overrides[0])
    (repair,) = repairs(endless, [known])
    assert repair.override == differing(weekly("m"), 2).overrides[0]
    astray = replace(known, original=known.original + timedelta(minutes=1))
    assert repairs(endless, [astray]) == (Repair(astray.original, None, astray),)


@given(series("any"))
def test_what_takes_place_is_what_the_reader_of_feeds_finds(found: Series) -> None:
    """Two expansions, written apart, agree."""
    instances = [each for each in expand_series(found) if each.details.status != "CANCELLED"]
    assert bool(instances) == bool(taking_place([found]))
    if instances:
        days = [
            each.start.astimezone(ZONE).date() if isinstance(each.start, datetime) else each.start for each in instances
        ]
        assert span(found)[0] == min(days)


@given(programmes(), programmes())
def test_the_plan_does_not_depend_on_order(desired: tuple[Series, ...], before: tuple[Series, ...]) -> None:
    actual = [owned(each) for each in taking_place(before)]
    plan = make_plan(CALENDAR, desired, actual, WINDOW)
    assert make_plan(CALENDAR, desired[::-1], actual[::-1], WINDOW) == plan
    assert str(plan).count("\n") >= len(plan.changes)


@given(programmes())
def test_what_is_written_is_as_it_should_be(desired: tuple[Series, ...]) -> None:
    actual = [owned(each) for each in taking_place(desired)]
    assert make_plan(CALENDAR, desired, actual, WINDOW).changes == ()
