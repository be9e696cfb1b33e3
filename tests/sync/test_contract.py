"""What every Remote promises, held against the one in memory and against Google's client over the sandbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings

from ircal.errors import Conflict
from ircal.model.schedule import Details
from ircal.model.series import Series
from ircal.plan import Create, Delete, Guard, Update, make_plan
from ircal.sync import sync
from tests.plan.making import (
    CALENDAR,
    WINDOW,
    at,
    block,
    cancelling,
    differing,
    programmes,
    single,
    skipping,
    weekly,
)
from tests.sync.harness import Harness, Notebook, OnMemory, seen_in, target

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sync.harness import OnSandbox

ALLOW = Guard(allow=True)

NOTES: dict[str, Any] = {"location": "Hall", "description": "Bring a case.", "link": "https://meet.example.org/1"}
RICH = differing(skipping(weekly("m", **NOTES), 1), 2, summary="Visiting professor", location="Library")
EVERYTHING = (
    RICH,
    single("s", **NOTES),
    block("b", date(2026, 9, 1)),
    Series(
        "d", date(2026, 9, 1), date(2026, 9, 2), Details("Clinic"), "FREQ=DAILY;UNTIL=20260910", (date(2026, 9, 5),)
    ),
)


def converge(harness: Harness, *desired: Series) -> None:
    """Sync, and see that the calendar says just that; a second run has nothing to do."""
    assert sync(target(harness, *desired), ALLOW, Notebook()).failed == ()
    assert harness.seen() == seen_in(desired)
    assert sync(target(harness, *desired), ALLOW, Notebook()).plan.changes == ()


def test_an_empty_calendar_has_nothing_of_ours(harness: Harness) -> None:
    assert harness.remote.owned() == ()


def test_what_is_written_is_read_back(harness: Harness) -> None:
    converge(harness, *EVERYTHING)
    known = {owned.uid: owned for owned in harness.remote.owned()}
    assert {uid: owned.digest for uid, owned in known.items()} == {each.uid: each.digest for each in EVERYTHING}
    assert (known["m"].first, known["m"].last) == (date(2026, 10, 14), date(2026, 11, 18))
    assert len(known["m"].exceptions) == 1


def test_outcomes_name_their_changes_in_order(harness: Harness) -> None:
    sync(target(harness, single("kept"), single("gone")), ALLOW, Notebook())
    plan = make_plan(CALENDAR, [single("kept", summary="B"), single("new")], harness.remote.owned(), WINDOW)
    outcomes = list(harness.remote.apply(plan.changes))
    assert [(outcome.change, outcome.error) for outcome in outcomes] == [(change, None) for change in plan.changes]
    assert [type(change) for change in plan.changes] == [Create, Update, Delete]


def test_a_new_title_reaches_every_occurrence(harness: Harness) -> None:
    converge(harness, RICH)
    converge(harness, replace(RICH, details=replace(RICH.details, summary="M&M and QI")))


def test_a_new_time_reaches_every_occurrence(harness: Harness) -> None:
    converge(harness, RICH)
    later = weekly("m", at(10, 14, 13), **NOTES)
    converge(harness, differing(skipping(later, 1), 2, summary="Visiting professor"))


def test_one_session_is_moved_and_moved_back(harness: Harness) -> None:
    converge(harness, weekly("m"))
    converge(harness, differing(weekly("m"), 2, later=timedelta(days=1)))
    converge(harness, weekly("m"))
    converge(harness, weekly("m", summary="Renamed after all"))


def test_one_session_is_cancelled_and_restored(harness: Harness) -> None:
    converge(harness, weekly("m"))
    converge(harness, cancelling(weekly("m"), 2))
    converge(harness, weekly("m"))


def test_a_session_with_a_guest_is_cancelled_and_restored(harness: Harness) -> None:
    converge(harness, RICH)
    converge(harness, cancelling(weekly("m", **NOTES), 2))
    converge(harness, RICH)


def test_a_single_event_is_cancelled_and_restored(harness: Harness) -> None:
    converge(harness, single("a"), single("b"))
    converge(harness, single("a", status="CANCELLED"), single("b"))
    converge(harness, single("a"), single("b"))


def test_a_timed_event_becomes_one_of_whole_days_and_back(harness: Harness) -> None:
    converge(harness, single("a", **NOTES))
    converge(harness, block("a", date(2026, 9, 9), 2))
    converge(harness, single("a"))


def test_a_rule_becomes_a_single_event_and_back(harness: Harness) -> None:
    converge(harness, RICH)
    converge(harness, single("m"))
    converge(harness, RICH)


def test_what_was_removed_comes_back(harness: Harness) -> None:
    converge(harness, *EVERYTHING)
    converge(harness, EVERYTHING[1])
    converge(harness, *EVERYTHING)


def test_what_somebody_deleted_is_restored(harness: Harness) -> None:
    converge(harness, *EVERYTHING)
    for uid in ("m", "s"):
        harness.delete_by_hand(uid)
    converge(harness, *EVERYTHING)


def test_a_duplicate_is_removed(harness: Harness) -> None:
    converge(harness, *EVERYTHING)
    harness.copy_by_hand("s")
    converge(harness, *EVERYTHING)


def test_a_copy_never_stands_in_for_the_event_that_was_copied(harness: Harness) -> None:
    converge(harness, *EVERYTHING)
    harness.copy_by_hand("s")
    harness.delete_by_hand("s")
    converge(harness, *EVERYTHING)


def test_a_change_under_the_plan_is_a_conflict_and_the_others_are_carried_out(harness: Harness) -> None:
    converge(harness, single("a"), single("b"), single("c"), single("d"))
    desired = [single("a", summary="A"), single("b", summary="B")]
    plan = make_plan(CALENDAR, desired, harness.remote.owned(), WINDOW)
    harness.touch_by_hand("a")
    harness.touch_by_hand("c")
    outcomes = {outcome.change.uid: outcome.error for outcome in harness.remote.apply(plan.changes)}
    assert {uid: type(error) for uid, error in outcomes.items() if error} == {"a": Conflict, "c": Conflict}
    assert {owned.uid for owned in harness.remote.owned()} == {"a", "b", "c"}


def test_what_is_gone_cannot_be_updated_and_need_not_be_deleted(harness: Harness) -> None:
    converge(harness, single("a"), single("b"))
    plan = make_plan(CALENDAR, [single("a", summary="A")], harness.remote.owned(), WINDOW)
    harness.delete_by_hand("a")
    harness.delete_by_hand("b")
    updated, deleted = harness.remote.apply(plan.changes)
    assert isinstance(updated.error, Conflict)
    assert isinstance(deleted.error, Conflict | None)  # Google keeps deleted events for a while, with another etag
    converge(harness, single("a", summary="A"))


def test_a_run_that_was_cut_short_is_finished_by_the_next(harness: Harness) -> None:
    converge(harness, single("old"), single("kept"), RICH)
    desired = (*EVERYTHING[2:], single("kept", summary="B"), cancelling(RICH, 4))
    changes = make_plan(CALENDAR, desired, harness.remote.owned(), WINDOW).changes
    for done in range(1, len(changes)):
        assert len(list(islice(harness.remote.apply(changes[:done]), done))) == done
    converge(harness, *desired)


@given(programmes(), programmes())
def test_any_programme_after_any_other(first: tuple[Series, ...], second: tuple[Series, ...]) -> None:
    """Law: whatever was there, the calendar says what is wanted, and a third run has nothing to do."""
    harness = OnMemory()
    converge(harness, *first)
    converge(harness, *second)


@settings(max_examples=8)
@given(programmes(), programmes())
def test_any_programme_after_any_other_on_google(
    fresh_on_sandbox: Callable[[], OnSandbox], first: tuple[Series, ...], second: tuple[Series, ...]
) -> None:
    harness = fresh_on_sandbox()
    converge(harness, *first)
    converge(harness, *second)
