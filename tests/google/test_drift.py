"""What people do to our events in Google's own calendar: the next run finds it, and needs no memory for it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ircal.plan import Guard
from ircal.sync import sync
from tests.plan.making import CALENDAR, block, cancelling, differing, single, skipping, weekly
from tests.plan.making import at as at_
from tests.sync.harness import Notebook, OnSandbox, seen_in, target

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.google.sandbox.calls import Answer, Call, Handler
    from ircal.google.sandbox.gateway import Wrap
    from ircal.model.program import Drifting
    from ircal.model.series import Series
    from ircal.sync import Synced

ALLOW = Guard(allow=True)
LIST, INSERT, GET, PATCH = "GET events", "POST events", "GET event", "PATCH event"
GUEST = differing(skipping(weekly("m", location="Hall"), 4), 2, later=timedelta(days=1), summary="Visiting professor")
PLAIN = "_20261021T160000Z"
"""The id of an ordinary occurrence of it, behind that of its master."""
MOVED = "_20261028T160000Z"
"""And of the one that is moved."""


def run(harness: OnSandbox, *desired: Series, drift: Drifting = "repair") -> Synced:
    wanted = replace(target(harness, *desired), calendar=CALENDAR.model_copy(update={"drift": drift}))
    return sync(wanted, ALLOW, Notebook())


def told(synced: Synced) -> list[str]:
    return [str(drift) for drift in synced.plan.drifts]


def times(start: str, end: str) -> dict[str, Any]:
    zone = {"timeZone": "America/New_York"}
    return {"start": {"dateTime": start, **zone}, "end": {"dateTime": end, **zone}}


LATER = times("2026-10-14T15:00:00", "2026-10-14T16:00:00")
EDITS: dict[str, tuple[str, dict[str, Any]]] = {
    "a title": ("", {"summary": "By hand"}),
    "a text": ("", {"description": "Bring cake"}),
    "a place": ("", {"location": "Elsewhere"}),
    "no place": ("", {"location": None}),
    "a colour": ("", {"colorId": "4"}),
    "free time": ("", {"transparency": "transparent"}),
    "another time": ("", LATER),
    "another zone": (
        "",
        times("2026-10-14T12:00:00", "2026-10-14T13:00:00") | {"start": {"timeZone": "America/Denver"}},
    ),
    "fewer weeks": ("", {"recurrence": ["RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=3"]}),
    "a date that is left out no more": ("", {"recurrence": ["RRULE:FREQ=WEEKLY;BYDAY=WE;UNTIL=20261118T170000Z"]}),
    "no rule": ("", {"recurrence": None}),
    "one date's title": (PLAIN, {"summary": "By hand"}),
    "one date's time": (PLAIN, times("2026-10-22T08:00:00", "2026-10-22T09:00:00")),
    "one date taken away": (PLAIN, {"status": "cancelled"}),
    "a moved date's title": (MOVED, {"summary": "By hand"}),
    "a moved date's time": (MOVED, times("2026-11-01T08:00:00", "2026-11-01T09:00:00")),
    "a moved date taken away": (MOVED, {"status": "cancelled"}),
}


@pytest.mark.parametrize(("which", "edit"), EDITS.values(), ids=EDITS)
def test_an_edit_is_put_right_and_told_each_time_that_it_is_made(
    on_sandbox: OnSandbox, which: str, edit: dict[str, Any]
) -> None:
    run(on_sandbox, GUEST, single("s"))
    for _ in range(2):
        on_sandbox.patch(on_sandbox.mark.event_id("m") + which, **edit)
        found = run(on_sandbox, GUEST, single("s"))
        assert (found.failed, bool(told(found))) == ((), True)
        assert on_sandbox.seen() == seen_in([GUEST, single("s")])
        assert run(on_sandbox, GUEST, single("s")).plan.changes == ()


@pytest.mark.parametrize(("which", "edit"), EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("drift", ["keep", "report"])
def test_an_edit_stays_and_is_told_where_the_calendar_wants_it(
    on_sandbox: OnSandbox, drift: Drifting, which: str, edit: dict[str, Any]
) -> None:
    run(on_sandbox, GUEST, single("s"), drift=drift)
    on_sandbox.patch(on_sandbox.mark.event_id("m") + which, **edit)
    before = on_sandbox.listed()
    for _ in range(2):
        found = run(on_sandbox, GUEST, single("s"), drift=drift)
        assert (found.plan.changes, bool(told(found))) == ((), True)
    assert on_sandbox.listed() == before


def test_what_is_reported_only_is_put_right_when_the_programme_changes_it(on_sandbox: OnSandbox) -> None:
    run(on_sandbox, GUEST, drift="report")
    on_sandbox.patch(on_sandbox.mark.event_id("m") + PLAIN, summary="By hand")
    on_sandbox.patch(on_sandbox.mark.event_id("m"), **LATER)
    cancelled = cancelling(GUEST, 5)
    run(on_sandbox, cancelled, drift="report")
    assert on_sandbox.seen() == seen_in([cancelled])


def test_what_is_kept_stays_though_the_programme_changes_the_rest_of_the_series(on_sandbox: OnSandbox) -> None:
    run(on_sandbox, GUEST, drift="keep")
    on_sandbox.patch(on_sandbox.mark.event_id("m") + PLAIN, summary="By hand")
    cancelled = cancelling(GUEST, 5)
    run(on_sandbox, cancelled, drift="keep")
    by_hand = differing(cancelled, 1, summary="By hand")
    assert on_sandbox.seen() == seen_in([by_hand])


def test_what_people_may_do_to_an_event_of_ours_is_no_drift(on_sandbox: OnSandbox) -> None:
    run(on_sandbox, GUEST)
    for which in ("", MOVED):
        on_sandbox.patch(
            on_sandbox.mark.event_id("m") + which,
            reminders={"useDefault": False, "overrides": [{"method": "popup", "minutes": 5}]},
            attendees=[{"email": "x@example.org"}],
            visibility="private",
        )
    found = run(on_sandbox, GUEST)
    assert (found.plan.changes, told(found)) == ((), [])


def test_a_rule_that_google_spells_otherwise_is_no_drift(on_sandbox: OnSandbox) -> None:
    run(on_sandbox, GUEST)
    rule = "RRULE:UNTIL=20261118T170000Z;WKST=MO;INTERVAL=1;BYDAY=WE;FREQ=WEEKLY"
    on_sandbox.patch(on_sandbox.mark.event_id("m"), recurrence=["EXDATE:20261111T170000Z", rule])
    found = run(on_sandbox, GUEST)
    assert (found.plan.changes, told(found)) == ((), [])


# ----------------------------------------------------------------------- a Google that shows otherwise than it was sent


def improving(handler: Handler) -> Handler:
    """A Google that keeps texts in a form of its own."""

    def answer(call: Call) -> Answer:
        if call.method in ("POST", "PATCH") and call.body:
            body = json.loads(call.body)
            if body.get("description"):
                body["description"] = f"<p>{body['description'].removeprefix('<p>')[:20]}"
            return handler(replace(call, body=json.dumps(body).encode()))
        return handler(call)

    return answer


TEXT = "Bring a case, and a second one for those who come late."


def test_what_google_keeps_otherwise_is_accepted_once_and_written_no_more(faulty: Callable[[Wrap], OnSandbox]) -> None:
    harness = faulty(improving)
    desired = [weekly("m", description=TEXT), single("s", description=TEXT), single("t")]
    harness.calls()
    run(harness, *desired)
    assert harness.calls() == [LIST, *[INSERT] * 3, *[PATCH] * 2]
    found = run(harness, *desired)
    assert (harness.calls(), found.plan.changes, told(found)) == ([LIST], (), [])


def test_an_edit_is_found_also_where_google_keeps_texts_otherwise(faulty: Callable[[Wrap], OnSandbox]) -> None:
    harness = faulty(improving)
    desired = [differing(weekly("m", description=TEXT), 2, later=timedelta(days=1)), block("b", at_(9, 1).date())]
    run(harness, *desired)
    harness.calls()
    for _ in range(2):
        harness.patch(harness.mark.event_id("m"), description="By hand")
        harness.patch(harness.mark.event_id("m") + MOVED, description="By hand")
        assert len(told(run(harness, *desired))) == 2
        assert harness.calls() == [LIST, PATCH, LIST, PATCH, *[PATCH] * 2]
        assert run(harness, *desired).plan.changes == ()
        assert harness.calls() == [LIST]
