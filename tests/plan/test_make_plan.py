"""The plan: what is created, changed, removed and left alone, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ircal.plan import Create, Delete, OwnedException, Plan, Update, checksum_of, make_plan
from tests.plan.making import (
    CALENDAR,
    WINDOW,
    at,
    block,
    cancelling,
    differing,
    exception_of,
    owned,
    single,
    skipping,
    slot,
    weekly,
)


def changes(desired: object, actual: object) -> tuple[object, ...]:
    return make_plan(CALENDAR, desired, actual, WINDOW).changes  # type: ignore[arg-type]


def test_everything_is_new_on_an_empty_calendar_by_date_and_then_by_uid() -> None:
    late, early, twin = single("a", at(10, 1)), single("c", at(9, 1)), single("b", at(9, 1))
    plan = make_plan(CALENDAR, [late, early, twin], [], WINDOW)
    assert plan == Plan("conferences", "Conferences", (Create(twin), Create(early), Create(late)), 0, 0)


def test_creates_come_first_and_deletes_last() -> None:
    new, old, gone = single("new", at(12, 1)), single("kept"), single("gone", at(8, 1))
    renamed = single("kept", summary="Renamed")
    plan = make_plan(CALENDAR, [renamed, new], [owned(gone), owned(old)], WINDOW)
    assert plan.changes == (Create(new), Update(owned(old), renamed), Delete(owned(gone)))
    assert (plan.creates, plan.updates, plan.deletes) == (plan.changes[:1], plan.changes[1:2], plan.changes[2:])
    assert (plan.existing, plan.unchanged) == (2, 0)


def test_what_is_as_it_should_be_is_counted_and_left_alone() -> None:
    series = differing(weekly("m"), 2, summary="Visiting professor")
    assert make_plan(CALENDAR, [series], [owned(series)], WINDOW) == Plan("conferences", "Conferences", (), 1, 1)


def test_only_the_digest_decides_and_not_what_the_calendar_shows() -> None:
    series = single("a")
    echoed = owned(series, shown=single("a", summary="rewritten by the calendar"), etag="another")
    assert changes([series], [echoed]) == ()


@pytest.mark.parametrize(
    "series",
    [single("a", at(6, 30)), block("a", date(2026, 6, 3), 28), single("a", datetime(2027, 7, 1, 12, tzinfo=UTC))],
    ids=["ended the day before", "ends with the window's first day", "begins after the window"],
)
def test_events_wholly_outside_the_window_are_left_alone(series: object) -> None:
    assert make_plan(CALENDAR, [], [owned(series)], WINDOW) == Plan("conferences", "Conferences", (), 0, 0)  # type: ignore[arg-type]


@pytest.mark.parametrize("first", [date(2026, 6, 4), date(2027, 6, 30)])
def test_events_with_one_day_in_the_window_are_not_history(first: date) -> None:
    gone = owned(block("a", first))
    assert changes([], [gone]) == (Delete(gone),)


def test_an_event_that_moves_into_the_window_is_updated_and_not_made_anew() -> None:
    before, after = owned(single("a", at(6, 30))), single("a", at(7, 2))
    assert changes([after], [before]) == (Update(before, after),)


def test_a_copy_of_our_event_is_deleted_however_right_it_looks() -> None:
    series = single("a")
    stale, copy = owned(series, digest="stale"), owned(series, id="zz", sequence=7, copied=True)
    assert changes([series], [copy, stale]) == (Update(stale, series), Delete(copy))
    assert changes([series], [owned(series), copy]) == (Delete(copy),)


def test_a_copy_alone_is_replaced_by_our_own_event() -> None:
    copy = owned(single("a"), id="zz", copied=True)
    assert changes([single("a")], [copy]) == (Create(single("a")), Delete(copy))


def test_all_events_of_an_unwanted_uid_are_deleted() -> None:
    one, other = owned(single("a"), id="1"), owned(single("a"), id="2")
    assert changes([], [other, one]) == (Delete(one), Delete(other))


def test_two_series_with_one_uid_are_refused() -> None:
    with pytest.raises(ValueError, match="two series have the UID a"):
        changes([single("a"), single("a", at(9, 10))], [])


def test_what_does_not_take_place_is_not_wanted() -> None:
    nothing_left = skipping(cancelling(weekly("w", weeks=2), 0), 1)
    assert changes([single("a", status="CANCELLED"), nothing_left], [owned(single("a"))]) == (
        Delete(owned(single("a")), cancelled=True),
    )


# ------------------------------------------------------------------------------------------------------- exceptions


MOVED = differing(weekly("m"), 2, later=timedelta(hours=1))


def test_a_missing_exception_is_an_unfinished_write() -> None:
    unfinished = owned(MOVED, exceptions=())
    assert changes([MOVED], [unfinished]) == (Update(unfinished, MOVED),)


def test_a_cancelled_exception_of_a_date_that_is_left_out_is_as_it_should_be() -> None:
    series = skipping(MOVED, 0)
    gone = OwnedException("x", slot(MOVED, 0).astimezone(UTC), cancelled=True)
    assert changes([series], [owned(series, exceptions=(*owned(series).exceptions, gone))]) == ()


def test_an_exception_of_ours_that_is_no_longer_wanted_is_put_right() -> None:
    plain = weekly("m")
    known = owned(plain, exceptions=(exception_of(MOVED.overrides[0]),))
    assert changes([plain], [known]) == (Update(known, plain),)


def test_an_exception_that_says_what_the_rule_says_is_as_it_should_be() -> None:
    plain = weekly("m")
    told = differing(plain, 2).overrides[0]
    assert changes([plain], [owned(plain, exceptions=(exception_of(told),))]) == ()


def test_exceptions_of_what_no_longer_repeats_are_unwanted() -> None:
    now = single("m")
    known = owned(now, exceptions=(exception_of(MOVED.overrides[0]),))
    assert changes([now], [known]) == (Update(known, now),)


# --------------------------------------------------------------------------------------------------------- checksum


def test_the_checksum_is_of_what_would_be_done() -> None:
    series = single("a")
    plan = make_plan(CALENDAR, [series], [], WINDOW)
    assert plan.checksum == make_plan(CALENDAR, [series], [], WINDOW).checksum
    assert plan.checksum != make_plan(CALENDAR, [single("a", summary="Other")], [], WINDOW).checksum
    assert plan.checksum != replace(plan, calendar="other").checksum


def test_the_checksum_does_not_see_how_often_an_event_was_touched() -> None:
    before, after = owned(single("a")), single("a", summary="Other")
    touched = replace(before, etag="e2")
    plans = [make_plan(CALENDAR, [after], [each], WINDOW) for each in (before, touched)]
    assert plans[0].checksum == plans[1].checksum


def test_the_checksum_of_several_plans_does_not_depend_on_their_order() -> None:
    one = make_plan(CALENDAR, [single("a")], [], WINDOW)
    other = replace(one, calendar="other")
    assert checksum_of([one, other]) == checksum_of([other, one]) != checksum_of([one])
