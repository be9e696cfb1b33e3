"""A Google calendar as a Remote: how many calls it takes, what it never touches, and how it gets over faults."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ircal.errors import Conflict, Denied, QuotaExhausted, Refused, RemoteError, ServerFault, Throttled
from ircal.google.sandbox.calls import Answer
from ircal.google.sending import ATTEMPTS
from ircal.plan import Create, Delete, Guard, OwnedException, Update, make_plan, moment
from ircal.sync import Outcome, sync
from tests.plan.making import CALENDAR, WINDOW, at, block, cancelling, differing, owned, single, skipping, slot, weekly
from tests.sync.harness import Notebook, OnSandbox, seen_in, target

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.google.sandbox.calls import Call, Handler
    from ircal.google.sandbox.gateway import Wrap
    from ircal.model.series import Series
    from ircal.sync import Synced

ALLOW = Guard(allow=True)
LIST, INSERT, GET, PATCH, DELETE = "GET events", "POST events", "GET event", "PATCH event", "DELETE event"


def run(harness: OnSandbox, *desired: Series) -> Synced:
    return sync(target(harness, *desired), ALLOW, Notebook())


def calls_of(harness: OnSandbox, *desired: Series) -> list[str]:
    """The calls of a run, after which the calendar says what it should."""
    harness.calls()
    assert run(harness, *desired).failed == ()
    found = harness.calls()
    assert harness.seen() == seen_in(desired)
    return found


def answering(status: int, reason: str, *, when: Callable[[Call], bool]) -> Wrap:
    """A wrap that refuses some calls."""
    error = {"errors": [{"domain": "global", "reason": reason, "message": "Hm"}], "code": status, "message": "Hm"}

    def wrap(handler: Handler) -> Handler:
        return lambda call: Answer(status, {"error": error}) if when(call) else handler(call)

    return wrap


def first(count: int, matches: Callable[[Call], bool]) -> Callable[[Call], bool]:
    """Only the first so many of the calls that match."""
    seen: list[Call] = []

    def when(call: Call) -> bool:
        if not matches(call) or len(seen) >= count:
            return False
        seen.append(call)
        return True

    return when


def is_insert(call: Call) -> bool:
    return call.method == "POST" and call.path.endswith("/events")


def of(text: str) -> Callable[[Call], bool]:
    return lambda call: text.encode() in call.body


# ---------------------------------------------------------------------------------------------------- exact calls


GUEST = differing(weekly("m"), 2, summary="Visiting professor")


def test_the_first_run_lists_inserts_and_patches_each_exception(on_sandbox: OnSandbox) -> None:
    moved = differing(differing(weekly("n"), 1, summary="Guest"), 3, later=timedelta(days=1))
    assert sorted(calls_of(on_sandbox, GUEST, moved, single("s"))) == [LIST, *[PATCH] * 3, *[INSERT] * 3]


def test_the_second_run_lists_once_and_changes_nothing(on_sandbox: OnSandbox) -> None:
    run(on_sandbox, GUEST, single("s"))
    before = on_sandbox.listed()
    assert calls_of(on_sandbox, GUEST, single("s")) == [LIST]
    assert on_sandbox.listed() == before


def test_a_renamed_series_is_one_patch(on_sandbox: OnSandbox) -> None:
    run(on_sandbox, weekly("m"), single("s"))
    assert calls_of(on_sandbox, weekly("m", summary="Renamed"), single("s")) == [LIST, PATCH]


def test_a_renamed_series_with_exceptions_is_one_patch_and_one_for_each_of_them_that_may_have_followed_or_differs(
    on_sandbox: OnSandbox,
) -> None:
    run(on_sandbox, GUEST)
    titled = replace(GUEST, details=replace(GUEST.details, summary="New"))
    assert calls_of(on_sandbox, titled) == [LIST, PATCH]
    described = replace(titled, details=replace(titled.details, description="New"))
    assert calls_of(on_sandbox, described) == [LIST, PATCH, PATCH]
    renamed = differing(weekly("m", summary="Renamed"), 2, summary="Renamed guest")
    assert calls_of(on_sandbox, renamed) == [LIST, PATCH, PATCH]


def test_a_series_with_exceptions_that_is_held_at_another_time_is_read_again(on_sandbox: OnSandbox) -> None:
    run(on_sandbox, GUEST)
    later = differing(weekly("m", at(10, 14, 13)), 2, summary="Visiting professor")
    assert calls_of(on_sandbox, later) == [LIST, PATCH, LIST, PATCH]


def test_a_series_without_exceptions_that_is_held_at_another_time_is_one_patch(on_sandbox: OnSandbox) -> None:
    run(on_sandbox, weekly("m"))
    assert calls_of(on_sandbox, weekly("m", at(10, 14, 13))) == [LIST, PATCH]


def test_a_cancelled_session_is_one_patch(on_sandbox: OnSandbox) -> None:
    run(on_sandbox, weekly("m"))
    assert calls_of(on_sandbox, cancelling(weekly("m"), 2)) == [LIST, PATCH]


def test_an_exception_that_is_missing_is_one_patch(on_sandbox: OnSandbox) -> None:
    run(on_sandbox, GUEST)
    on_sandbox.delete(f"{on_sandbox.mark.event_id('m')}_20261028T160000Z")
    assert calls_of(on_sandbox, GUEST) == [LIST, PATCH]


def test_a_removed_event_is_one_delete(on_sandbox: OnSandbox) -> None:
    run(on_sandbox, single("a"), single("b"))
    assert calls_of(on_sandbox, single("a")) == [LIST, DELETE]


def test_a_deleted_event_is_found_and_restored(on_sandbox: OnSandbox) -> None:
    run(on_sandbox, single("a"), single("b"))
    on_sandbox.delete_by_hand("a")
    assert calls_of(on_sandbox, single("a"), single("b")) == [LIST, INSERT, GET, PATCH]


def test_a_deleted_series_comes_back_without_its_old_exceptions(on_sandbox: OnSandbox) -> None:
    run(on_sandbox, GUEST)
    on_sandbox.delete_by_hand("m")
    assert calls_of(on_sandbox, weekly("m")) == [LIST, INSERT, GET, PATCH, LIST, PATCH]


def test_batches_are_of_fifty_and_parents_go_before_exceptions(on_sandbox: OnSandbox) -> None:
    desired = [differing(weekly(f"u{n}"), 2, summary="Guest") for n in range(60)]
    on_sandbox.server.ledger.clear()
    run(on_sandbox, *desired)
    told = [
        (entry.method, "batch" if "/batch/" in entry.path else entry.in_batch)
        for entry in on_sandbox.server.ledger.entries()
    ]
    assert told == [
        ("GET", False),
        *[("POST", True)] * 50,
        ("POST", "batch"),
        *[("POST", True)] * 10,
        ("POST", "batch"),
        *[("PATCH", True)] * 50,
        ("POST", "batch"),
        *[("PATCH", True)] * 10,
        ("POST", "batch"),
    ]
    assert on_sandbox.seen() == seen_in(desired)


def test_sequence_rises_when_the_time_changes(on_sandbox: OnSandbox) -> None:
    for series in (single("a"), single("a", summary="B"), single("a", at(9, 10), "B")):
        run(on_sandbox, series)
    assert [known.sequence for known in on_sandbox.remote.owned()] == [1]


# ---------------------------------------------------------------------------------------------------- foreign events


def test_foreign_events_stay_as_they_are_to_the_byte(on_sandbox: OnSandbox) -> None:
    weekly_lunch = on_sandbox.insert_foreign(recurrence=["RRULE:FREQ=WEEKLY;COUNT=5"], summary="Lunch")
    on_sandbox.patch(f"{weekly_lunch}_20260916", summary="Long lunch")
    others = [
        on_sandbox.insert_foreign(),
        on_sandbox.insert_foreign(extendedProperties={"private": {"ircal": "somebody/conferences/v1"}}),
        on_sandbox.insert_foreign(extendedProperties={"private": {"ircal": "tests/other/v1"}}),
        weekly_lunch,
        f"{weekly_lunch}_20260916",
    ]
    before = [on_sandbox.event(event_id) for event_id in others]
    run(on_sandbox, GUEST, single("a"))
    run(on_sandbox, single("a", summary="B"))
    run(on_sandbox)
    assert [on_sandbox.event(event_id) for event_id in others] == before
    assert {item["id"] for item in on_sandbox.listed()} == set(others)


def test_the_filter_of_the_list_is_not_trusted(faulty: Callable[[Wrap], OnSandbox]) -> None:
    def forgetful(handler: Handler) -> Handler:
        return lambda call: handler(replace(call, query=call.query.replace("privateExtendedProperty", "ignored")))

    harness = faulty(forgetful)
    foreign = harness.insert_foreign()
    run(harness, single("a"))
    run(harness)
    assert (harness.remote.owned(), harness.event(foreign)["status"]) == ((), "confirmed")


def test_an_event_that_was_deleted_by_hand_comes_back_though_google_kept_but_its_id(
    faulty: Callable[[Wrap], OnSandbox],
) -> None:
    def forgetting(handler: Handler) -> Handler:
        def answer(call: Call) -> Answer:
            told = handler(call)
            if call.method == "GET" and told.resource and told.resource.get("status") == "cancelled":
                return Answer(told.status, {name: told.resource[name] for name in ("kind", "id", "status", "etag")})
            return told

        return answer

    harness = faulty(forgetting)
    run(harness, single("a"))
    harness.delete_by_hand("a")
    assert run(harness, single("a")).failed == ()
    assert len(harness.listed()) == 1


def test_a_foreign_event_with_our_id_is_reported_and_left_alone(on_sandbox: OnSandbox) -> None:
    taken = on_sandbox.insert_foreign(id=on_sandbox.mark.event_id("a"))
    before = on_sandbox.event(taken)
    (failed,) = run(on_sandbox, single("a"), single("b")).failed
    assert (failed.change, str(failed.error)) == (
        Create(single("a")),
        f"The id {taken} belongs to an event that ircal did not make.",
    )
    assert on_sandbox.event(taken) == before
    assert [known.uid for known in on_sandbox.remote.owned()] == ["b"]


def test_two_calendars_of_ours_on_one_google_calendar(on_sandbox: OnSandbox) -> None:
    run(on_sandbox, single("a"))
    other = on_sandbox.again(replace(on_sandbox.mark, calendar="other"))
    sync(replace(target(on_sandbox, single("a"), single("b")), remote=other), ALLOW, Notebook())
    sync(replace(target(on_sandbox), remote=other), ALLOW, Notebook())
    assert [known.uid for known in on_sandbox.remote.owned()] == ["a"]


# ------------------------------------------------------------------------------------------------------ by hand


def test_what_somebody_adds_to_an_event_stays(on_sandbox: OnSandbox) -> None:
    run(on_sandbox, single("a"))
    reminders = {"useDefault": False, "overrides": [{"method": "popup", "minutes": 5}]}
    on_sandbox.patch(on_sandbox.mark.event_id("a"), reminders=reminders, attendees=[{"email": "x@example.org"}])
    run(on_sandbox, single("a", summary="B"))
    shown = on_sandbox.event(on_sandbox.mark.event_id("a"))
    assert (shown["summary"], shown["reminders"]) == ("B", reminders)
    assert shown["attendees"] == [{"email": "x@example.org"}]


def test_an_exception_astray_is_taken_away(on_sandbox: OnSandbox) -> None:
    run(on_sandbox, GUEST)
    (known,) = on_sandbox.remote.owned()
    plain = skipping(weekly("m"), 2)
    astray = Update(replace(known, digest=plain.digest), plain)
    assert list(on_sandbox.remote.apply([astray])) == [Outcome(astray)]
    assert on_sandbox.event(known.exceptions[0].id)["status"] == "cancelled"


def test_an_exception_astray_that_is_gone_already_is_well(on_sandbox: OnSandbox) -> None:
    run(on_sandbox, weekly("m"))
    (known,) = on_sandbox.remote.owned()
    ghost = OwnedException("ghost", moment(slot(weekly("m"), 2) + timedelta(minutes=1)), "d")
    astray = Update(replace(known, exceptions=(ghost,)), weekly("m"))
    assert list(on_sandbox.remote.apply([astray])) == [Outcome(astray)]


def test_deleting_what_was_never_there_is_well(on_sandbox: OnSandbox) -> None:
    change = Delete(owned(single("a"), id="vvvvv", etag=""))
    assert list(on_sandbox.remote.apply([change])) == [Outcome(change)]


# ------------------------------------------------------------------------------------------------------------ reading


def test_a_list_of_many_pages_some_of_them_empty(faulty: Callable[[Wrap], OnSandbox]) -> None:
    def meagre(handler: Handler) -> Handler:
        def answer(call: Call) -> Answer:
            if call.method != "GET" or not call.path.endswith("/events"):
                return handler(call)
            if "pageToken" not in call.query:
                return Answer(200, {"items": [], "nextPageToken": "first"})
            query = call.query.replace("&pageToken=first", "").replace("maxResults=2500", "maxResults=2")
            return handler(replace(call, query=query))

        return answer

    harness = faulty(meagre)
    desired = [single(f"u{n}") for n in range(5)]
    run(harness, *desired)
    harness.calls()
    assert {known.uid for known in harness.remote.owned()} == {series.uid for series in desired}
    assert harness.calls() == [LIST] * 4


def test_half_a_list_is_no_list(faulty: Callable[[Wrap], OnSandbox]) -> None:
    def cut_short(handler: Handler) -> Handler:
        def answer(call: Call) -> Answer:
            if call.method != "GET":
                return handler(call)
            if "pageToken" in call.query:
                return Answer(403, {"error": {"errors": [{"reason": "forbidden"}], "code": 403, "message": "No"}})
            return handler(replace(call, query=call.query.replace("maxResults=2500", "maxResults=1")))

        return answer

    harness = faulty(cut_short)
    list(harness.remote.apply([Create(single("a")), Create(single("b"))]))
    with pytest.raises(Denied):
        harness.remote.owned()


# ------------------------------------------------------------------------------------------------------------- faults


def test_a_poison_event_is_reported_and_the_rest_goes_on(faulty: Callable[[Wrap], OnSandbox]) -> None:
    harness = faulty(answering(400, "invalid", when=of("Poison")))
    desired = [single("a"), single("b", summary="Poison"), single("c")]
    (failed,) = run(harness, *desired).failed
    assert (failed.change, str(failed.error)) == (Create(desired[1]), "Google does not take it (400 invalid: Hm).")
    assert isinstance(failed.error, Refused)
    assert {known.uid for known in harness.remote.owned()} == {"a", "c"}


def test_a_poison_exception_is_reported_and_tried_again_by_the_next_run(faulty: Callable[[Wrap], OnSandbox]) -> None:
    harness = faulty(answering(400, "invalid", when=first(1, of("Visiting professor"))))
    (failed,) = run(harness, GUEST, single("s")).failed
    assert failed.change == Create(GUEST)
    assert calls_of(harness, GUEST, single("s")) == [LIST, PATCH]


def test_inner_failures_that_pass_are_tried_again_alone(faulty: Callable[[Wrap], OnSandbox]) -> None:
    harness = faulty(answering(403, "rateLimitExceeded", when=first(3, is_insert)))
    desired = [single(f"u{n}") for n in range(5)]
    assert calls_of(harness, *desired) == [LIST, *[INSERT] * 8]
    assert len(harness.naps) == 3


def test_a_request_that_fails_and_passes_is_tried_again(faulty: Callable[[Wrap], OnSandbox]) -> None:
    harness = faulty(answering(503, "backendError", when=first(2, is_insert)))
    assert calls_of(harness, single("a")) == [LIST, *[INSERT] * 3]
    assert len(harness.naps) == 2


def test_an_insert_whose_answer_was_lost_makes_no_second_event(faulty: Callable[[Wrap], OnSandbox]) -> None:
    lost = first(2, is_insert)

    def losing(handler: Handler) -> Handler:
        def answer(call: Call) -> Answer:
            done = handler(call)
            return Answer(500, {}) if lost(call) else done

        return answer

    harness = faulty(losing)
    assert calls_of(harness, single("a"), single("b")) == [LIST, *[INSERT] * 4, *[GET] * 2, *[PATCH] * 2]
    assert len(harness.listed()) == 2


@pytest.mark.parametrize(
    ("status", "reason", "kind", "naps"),
    [
        (403, "quotaExceeded", QuotaExhausted, 0),
        (403, "requiredAccessLevel", Denied, 0),
        (429, "rateLimitExceeded", Throttled, ATTEMPTS - 1),
        (503, "backendError", ServerFault, ATTEMPTS - 1),
    ],
)
def test_a_fault_of_the_whole_calendar_stops_the_run_after_what_is_known(
    faulty: Callable[[Wrap], OnSandbox], status: int, reason: str, kind: type[RemoteError], naps: int
) -> None:
    harness = faulty(answering(status, reason, when=lambda call: b"Stuck" in call.body))
    desired = [single("a"), single("b", summary="Stuck"), single("c", summary="Stuck"), single("d")]
    journal = Notebook()
    with pytest.raises(kind):
        sync(target(harness, *desired), ALLOW, journal)
    assert [outcome.change.uid for outcome in journal.outcomes] == ["a", "d"]
    assert len(harness.naps) == naps


def test_nothing_is_sent_after_a_fault_of_the_whole_calendar(faulty: Callable[[Wrap], OnSandbox]) -> None:
    harness = faulty(answering(403, "quotaExceeded", when=lambda call: call.method != "GET"))
    remote = harness.again(batch_size=2)
    with pytest.raises(QuotaExhausted):
        list(remote.apply([Create(single(f"u{n}")) for n in range(6)]))
    assert harness.calls() == [INSERT] * 2


def test_a_second_reading_that_fails_is_told_of_the_changes_that_needed_it(faulty: Callable[[Wrap], OnSandbox]) -> None:
    lists: list[Call] = []

    def when(call: Call) -> bool:
        if call.method == "GET":
            lists.append(call)
        return call.method == "GET" and len(lists) == 3

    harness = faulty(answering(403, "forbidden", when=when))
    run(harness, GUEST, single("s"))
    later = differing(weekly("m", at(10, 14, 13)), 2, summary="Visiting professor")
    desired = [later, single("s", summary="B")]
    journal = Notebook()
    with pytest.raises(Denied):
        sync(target(harness, *desired), ALLOW, journal)
    assert [outcome.change.uid for outcome in journal.outcomes] == ["s"]
    assert run(harness, *desired).failed == ()
    assert harness.seen() == seen_in(desired)


def test_a_taken_id_that_is_free_again_is_a_conflict(faulty: Callable[[Wrap], OnSandbox]) -> None:
    harness = faulty(answering(409, "duplicate", when=first(1, is_insert)))
    (outcome,) = harness.remote.apply([Create(single("a"))])
    assert isinstance(outcome.error, Conflict)
    assert calls_of(harness, single("a")) == [LIST, INSERT]


def test_a_run_that_dies_at_any_call_is_finished_by_the_next(faulty: Callable[[Wrap], OnSandbox]) -> None:
    """Whichever write is the last to arrive, the next run ends well and makes nothing twice."""
    before = [GUEST, single("kept"), single("gone")]
    after = [
        differing(cancelling(weekly("m", summary="Renamed"), 1), 3, later=timedelta(days=1)),
        single("kept", summary="B"),
        differing(weekly("new"), 2, summary="Guest"),
        block("b", date(2026, 9, 1)),
    ]
    arrived: list[Call] = []
    limit = [1000]

    def dying(handler: Handler) -> Handler:
        def answer(call: Call) -> Answer:
            if call.method != "GET":
                arrived.append(call)
                if len(arrived) > limit[0]:
                    return Answer(403, {"error": {"errors": [{"reason": "forbidden"}], "message": "No", "code": 403}})
            return handler(call)

        return answer

    harness = faulty(dying)
    for last in range(8):
        limit[0] = 1000
        run(harness, *before)
        arrived.clear()
        limit[0] = last
        with pytest.raises(Denied):
            run(harness, *after)
        limit[0] = 1000
        assert run(harness, *after).failed == ()
        assert harness.seen() == seen_in(after)
        assert make_plan(CALENDAR, after, harness.remote.owned(), WINDOW).changes == ()
