"""What Google may do without telling: nothing it documents says that it does, and nothing that it does not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ircal.errors import Denied
from ircal.google.sandbox.calls import Answer
from ircal.plan import Guard
from ircal.sync import sync
from tests.plan.making import at, differing, single, weekly
from tests.sync.harness import Notebook, OnSandbox, seen_in, target

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.google.sandbox.calls import Call, Handler
    from ircal.google.sandbox.gateway import Wrap
    from ircal.google.sandbox.model import Calendar
    from ircal.model.series import Series

DAY = timedelta(days=1)


def run(harness: OnSandbox, *desired: Series) -> None:
    """A run, after which the calendar says what it should."""
    assert sync(target(harness, *desired), Guard(allow=True), Notebook()).failed == ()
    assert harness.seen() == seen_in(desired)


def idle(harness: OnSandbox, *desired: Series) -> None:
    assert sync(target(harness, *desired), Guard(), Notebook()).plan.changes == ()


def test_exceptions_may_follow_their_master_in_what_they_have_of_it(faulty: Callable[[Wrap], OnSandbox]) -> None:
    def following(handler: Handler) -> Handler:
        def answer(call: Call) -> Answer:
            master = call.path.rpartition("/")[2]
            told = handler(call)
            if call.method == "PATCH" and "_" not in master and told.status == 200:
                for event in harness.world.calendar(harness.calendar_id).exceptions(master):
                    harness.patch(event.id, summary=json.loads(call.body)["summary"])
            return told

        return answer

    harness = faulty(following)
    run(harness, differing(weekly("m"), 2, later=DAY))
    kept = differing(weekly("m", summary="Rounds"), 2, later=DAY, summary="M&M")
    run(harness, kept)
    idle(harness, kept)
    run(harness, differing(weekly("m", summary="Again"), 2, later=DAY))


def test_what_an_exception_has_of_its_master_is_written_where_the_master_changes(on_sandbox: OnSandbox) -> None:
    run(on_sandbox, differing(differing(weekly("m"), 2, later=DAY), 4, summary="Guest"))
    on_sandbox.calls()
    kept = differing(weekly("m", summary="Rounds"), 2, later=DAY, summary="M&M")
    run(on_sandbox, differing(kept, 4, summary="Guest"))
    assert on_sandbox.calls() == ["GET events", "PATCH event", "PATCH event"]  # the guest's title was never its own


@pytest.mark.parametrize("after", [single("m"), differing(weekly("m", at(10, 14, 13)), 3, later=DAY)])
def test_exceptions_may_be_gone_with_the_rule_and_nobody_is_told(
    faulty: Callable[[Wrap], OnSandbox], after: Series
) -> None:
    away: list[str] = []

    def dropping(handler: Handler) -> Handler:
        def answer(call: Call) -> Answer:
            if len(away) == 1 and call.method == "GET":  # so that they cannot be read again
                away.append(call.path)
                return Answer(403, {"error": {"errors": [{"reason": "forbidden"}], "code": 403, "message": "No"}})
            told = handler(call)
            if call.method == "PATCH" and "_" not in call.path.rpartition("/")[2] and not away:
                calendar = harness.world.calendar(harness.calendar_id)
                for event in calendar.exceptions(call.path.rpartition("/")[2]):
                    calendar.forget(event)
                    away.append(event.id)
            return told

        return answer

    harness = faulty(dropping)
    run(harness, differing(weekly("m"), 2, later=DAY))
    with pytest.raises(Denied):
        run(harness, after)
    run(harness, after)
    idle(harness, after)


def test_an_exception_that_a_hand_took_along_with_its_series_comes_back(faulty: Callable[[Wrap], OnSandbox]) -> None:
    unread: list[bool] = []

    def forbidding(handler: Handler) -> Handler:
        def answer(call: Call) -> Answer:
            if call.method == "GET" and unread and unread.pop():
                return Answer(403, {"error": {"errors": [{"reason": "forbidden"}], "code": 403, "message": "No"}})
            unread.extend([True] if call.method == "PATCH" else [])
            return handler(call)

        return answer

    harness = faulty(forbidding)
    desired = differing(weekly("m"), 2, later=DAY)
    run(harness, desired)
    unread.clear()
    idle(harness, desired)
    harness.patch(harness.mark.event_id("m"), description="By hand")
    calendar = harness.world.calendar(harness.calendar_id)
    (exception,) = calendar.exceptions(harness.mark.event_id("m"))
    calendar.forget(exception)  # without a word to those who ask for what has changed
    with pytest.raises(Denied):
        run(harness, desired)
    run(harness, desired)


@pytest.mark.parametrize("bare", [False, True])
def test_a_series_that_comes_back_as_a_single_event_has_no_exceptions_left(
    faulty: Callable[[Wrap], OnSandbox], bare: bool
) -> None:
    def keeping(handler: Handler) -> Handler:
        """Keep exceptions for ever, on their own; and of a deleted event, perhaps, show the id alone."""

        def answer(call: Call) -> Answer:
            master = call.path.rpartition("/")[2]
            kept = [e for e in calendar().exceptions(master) if not e.dropped] if call.method == "PATCH" else []
            told = handler(call)
            for event in kept:
                calendar().keep(event)
            shown = told.resource or {}
            if bare and call.method == "GET" and shown.get("status") == "cancelled":
                return Answer(told.status, {name: shown[name] for name in ("id", "status", "etag")})
            return told

        return answer

    def calendar() -> Calendar:
        return harness.world.calendar(harness.calendar_id)

    harness = faulty(keeping)
    run(harness, differing(weekly("m"), 2, later=DAY))
    harness.delete_by_hand("m")
    forgetful = replace(target(harness, single("m")), remote=harness.again())
    assert sync(forgetful, Guard(allow=True), Notebook()).failed == ()
    assert harness.seen() == seen_in([single("m")])
    assert [each.cancelled for each in calendar().exceptions(harness.mark.event_id("m"))] == [True]


def test_a_copy_may_have_vanished_before_we_delete_it(faulty: Callable[[Wrap], OnSandbox]) -> None:
    def vanishing(handler: Handler) -> Handler:
        def answer(call: Call) -> Answer:
            if call.method == "DELETE":
                del harness.world.calendar(harness.calendar_id).events[call.path.rpartition("/")[2]]
            return handler(call)

        return answer

    harness = faulty(vanishing)
    run(harness, single("s"))
    harness.copy_by_hand("s")
    run(harness, single("s"))
    idle(harness, single("s"))


def test_a_copy_of_which_it_was_said_in_error_that_it_is_gone_is_found_again(
    faulty: Callable[[Wrap], OnSandbox],
) -> None:
    erring = [True]

    def mistaken(handler: Handler) -> Handler:
        def answer(call: Call) -> Answer:
            if call.method == "DELETE" and erring.pop():
                return Answer(404, {"error": {"errors": [{"reason": "notFound"}], "code": 404, "message": "No"}})
            return handler(call)

        return answer

    harness = faulty(mistaken)
    run(harness, single("s"))
    harness.copy_by_hand("s")
    sync(target(harness, single("s")), Guard(), Notebook())
    erring.append(False)
    run(harness, single("s"))
