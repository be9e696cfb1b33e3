"""What a worker does at a calendar, against a sandbox over a socket, with a clock that is told."""

from __future__ import annotations

import io
import json
import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from ircal.google.sandbox.calls import Answer
from ircal.logs import formatter
from ircal.plan import Guard
from ircal.service.runs.pauses import FIRST, LONGEST
from ircal.store import Run

if TYPE_CHECKING:
    import pytest

    from tests.service.runs.conftest import Worker

AWAY = Answer(503, {"error": {"code": 503, "message": "Backend Error", "errors": [{"reason": "backendError"}]}})


def test_a_thousand_triggers_are_one_run(worker: Worker) -> None:
    for _ in range(500):
        worker.triggers.mark(["mm"], "google")
        worker.triggers.mark(["mm"], "poll")
    assert worker.visits.due() == ["mm"]
    worker.visits("mm")
    worker.visits("mm")
    assert (worker.visits.due(), len(worker.store.runs(9)), worker.names()) == ([], 1, ["M&M"])
    state, cause, changes = worker.told()
    assert (state, cause, changes > 0) == ("done", "google, poll", True)


def test_every_line_of_a_run_bears_its_id(worker: Worker) -> None:
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(formatter("json", ()))
    logger = logging.getLogger("ircal")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        worker.triggers.mark(["mm"], "start")
        worker.visits("mm")
        worker.triggers.mark(["mm"], "google")
        worker.hand.refuse = AWAY
        worker.visits("mm")
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    newest = worker.store.runs(2)
    assert [(line["run"], line["calendar"]) for line in told if line["logger"].endswith("visits")] == [
        (run.id, "mm") for run in reversed(newest)
    ]


def test_a_trigger_during_a_run_leads_to_one_more(worker: Worker) -> None:
    worker.triggers.mark(["mm"], "start")

    def storm() -> None:
        for _ in range(1000):
            worker.triggers.mark(["mm"], "google")

    worker.hand.meanwhile.append(storm)
    worker.visits("mm")
    assert worker.visits.due() == ["mm"]
    worker.visits("mm")
    assert (worker.visits.due(), worker.told()) == ([], ("done", "google", 0))


def test_what_it_writes_itself_and_is_told_of_writes_nothing_more(worker: Worker) -> None:
    worker.triggers.mark(["mm"], "start")
    worker.visits("mm")
    for _ in range(3):
        worker.server.ledger.clear()
        worker.triggers.mark(["mm"], "google")
        worker.visits("mm")
        assert [entry.method for entry in worker.server.ledger.entries()] == ["GET"]


def test_an_edit_during_a_run_is_not_lost(worker: Worker) -> None:
    """The programme is read after what is due has begun, so that what comes later is due once more."""
    worker.triggers.mark(["mm"], "start")

    def edited() -> None:
        worker.edit("name: M&M", "name: Quality")
        worker.triggers.mark(["mm"], "programme")

    worker.hand.meanwhile.append(edited)
    worker.visits("mm")
    worker.visits("mm")
    assert (worker.names(), worker.visits.due()) == (["Quality"], [])


# --------------------------------------------------------------------------------------------------------------- faults


def test_what_fails_stays_due_and_is_tried_again_less_and_less_often(worker: Worker) -> None:
    worker.triggers.mark(["mm"], "start")
    worker.hand.refuse = AWAY
    pauses = []
    for _ in range(10):
        worker.visits("mm")
        failed = worker.now
        assert (worker.told()[0], worker.visits.due()) == ("failed", [])
        while not worker.visits.due():
            worker.now += FIRST
        pauses.append(worker.now - failed)
    assert pauses == sorted(pauses)
    assert (pauses[:3], pauses[-1]) == ([FIRST, 2 * FIRST, 4 * FIRST], LONGEST)
    worker.hand.refuse = None
    worker.visits("mm")
    assert (worker.told()[0], worker.visits.due(), worker.names()) == ("done", [], ["M&M"])


def test_a_trigger_is_heeded_while_a_calendar_rests(worker: Worker) -> None:
    worker.triggers.mark(["mm"], "start")
    worker.hand.refuse = AWAY
    worker.visits("mm")
    worker.hand.refuse = None
    assert worker.visits.due() == []
    worker.visits("mm")  # which a nudge leads to
    assert worker.told()[0] == "done"


def test_one_calendar_that_fails_keeps_no_other_waiting(worker: Worker) -> None:
    with worker.server.world.lock:
        worker.server.world.delete_calendar("ash@example.org")
    worker.triggers.mark(None, "start")
    for calendar in worker.visits.due():
        worker.visits(calendar)
    assert (worker.told("ash")[0], worker.told("mm")[0]) == ("failed", "done")
    assert worker.last("ash").error.startswith("There is no such calendar")


def test_what_the_guard_refuses_waits_for_somebody(worker: Worker, caplog: pytest.LogCaptureFixture) -> None:
    worker.triggers.mark(["mm"], "start")
    worker.visits("mm")
    strict = replace(worker.visits, guard=lambda _wanted, _now: Guard(max_moves=0, min_existing=1))
    worker.edit("17:00-18:00", "18:00-19:00")
    worker.triggers.mark(["mm"], "programme")
    worker.server.ledger.clear()
    strict("mm")
    assert (worker.told()[0], worker.visits.due()) == ("refused", [])
    assert {entry.method for entry in worker.server.ledger.entries()} == {"GET"}
    assert "mm: the guard refuses the plan, and somebody has to look" in caplog.text

    worker.edit("18:00-19:00", "17:00-18:00")
    worker.triggers.mark(["mm"], "programme")
    strict("mm")
    assert worker.told() == ("done", "programme", 0)


def test_a_calendar_that_the_programme_does_not_push_any_more_is_let_be(worker: Worker) -> None:
    worker.triggers.mark(["mm"], "start")
    worker.coordinator.edit("calendars.yaml", "google: mm@example.org, ", "")
    worker.book.refresh(worker.now)
    worker.visits("mm")
    assert (worker.visits.due(), worker.store.runs(1), worker.server.ledger.entries()) == ([], [], ())


def test_where_there_is_no_programme_yet_it_stays_due(worker: Worker) -> None:
    worker.triggers.mark(["mm"], "start")
    worker.book._wanted = None
    worker.visits("mm")
    assert worker.visits.due() == ["mm"]


# -------------------------------------------------------------------------------------------------- others, and the end


def test_where_somebody_is_nobody_else_goes(worker: Worker) -> None:
    worker.triggers.mark(["mm"], "start")
    with worker.holds.one("mm"):
        worker.visits("mm")
        assert (worker.visits.due(), worker.server.ledger.entries()) == ([], ())
    assert worker.visits.due() == ["mm"]


def test_who_was_taken_over_begins_nothing_more_and_finishes_nothing(worker: Worker) -> None:
    """As after a minute in which the process was frozen."""
    worker.triggers.mark(["mm"], "start")

    def taken_over() -> None:
        worker.now += timedelta(hours=1)
        assert worker.store.hold("mm", "another", timedelta(hours=1), worker.now)
        for hold in tuple(worker.holds._held):
            hold.renew()

    worker.hand.meanwhile.append(taken_over)
    worker.visits("mm")
    assert (worker.told()[0], worker.names()) == ("stopped", [])
    assert [due.calendar for due in worker.store.due()] == ["mm"]


def test_a_run_that_was_broken_off_is_ended_by_the_next(worker: Worker) -> None:
    worker.store.begin_run(Run("killed", "mm", "start", worker.now))
    worker.triggers.mark(["mm"], "google")
    worker.visits("mm")
    assert [(run.id == "killed", run.state) for run in worker.store.runs(9, "mm")] == [
        (False, "done"),
        (True, "stopped"),
    ]


def test_to_stop_is_to_leave_the_rest_due(worker: Worker) -> None:
    worker.triggers.mark(["mm"], "start")
    worker.hand.meanwhile.append(worker.stop.set)
    worker.visits("mm")
    assert (worker.told()[0], [due.calendar for due in worker.store.due()]) == ("stopped", ["mm"])
    worker.stop.clear()
    worker.visits("mm")
    assert (worker.told()[0], worker.store.due(), worker.names()) == ("done", [], ["M&M"])


def test_at_night_what_google_shows_is_compared_and_put_right(worker: Worker) -> None:
    worker.triggers.mark(["mm"], "start")
    worker.visits("mm")
    with worker.server.world.lock:
        [event] = [
            each.fields for each in worker.server.world.calendar("mm@example.org").events.values() if each.recurring
        ]
        worker.server.world.update("mm@example.org", event["id"], {**event, "summary": "Lounge"})
    worker.triggers.mark(["mm"], "night")
    worker.visits("mm")
    assert (worker.told(), worker.names()) == (("done", "night", 1), ["M&M"])
