"""The line that tells what became of a calendar."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

from rich.console import Console

from ircal.cli.syncing import Drawn, bars
from ircal.errors import QuotaExhausted, RemoteError, Unreachable
from ircal.plan import make_plan
from ircal.service.runs.telling import summary
from ircal.sync import Outcome, Synced
from tests.plan.making import CALENDAR, WINDOW, owned, single
from tests.sync.harness import Notebook

BEFORE = [owned(single("kept")), owned(single("gone"))]
PLAN = make_plan(CALENDAR, [single("kept", summary="B"), single("new"), single("newer")], BEFORE, WINDOW)
DONE = tuple(Outcome(change) for change in PLAN.changes)


def test_what_was_done() -> None:
    assert summary(Synced(PLAN, DONE)) == "Conferences: 2 created, 1 updated, 1 deleted"


def test_what_failed_was_not_done() -> None:
    failed = (replace(DONE[0], error=RemoteError("No.")), *DONE[1:])
    assert summary(Synced(PLAN, failed)) == "Conferences: 1 created, 1 updated, 1 deleted, 1 failed"


def test_what_was_not_reached_was_not_done() -> None:
    stopped = Synced(PLAN, DONE[:2], QuotaExhausted("No more today."))
    assert summary(stopped) == "Conferences: 2 created, 0 updated, 0 deleted, stopped after 2 of 4 changes"
    assert summary(replace(stopped, outcomes=())) == "Conferences: nothing done"


def test_what_was_sent_and_not_answered_may_have_been_done() -> None:
    unanswered = Synced(PLAN, (), Unreachable("The answer broke off."))
    assert summary(unanswered) == "Conferences: none of 4 changes is known to be made"


def test_nothing_to_do() -> None:
    plan = make_plan(CALENDAR, [single("kept")], BEFORE[:1], WINDOW)
    assert summary(Synced(plan)) == "Conferences: nothing to do, 1 event is as it should be"


def test_a_bar_for_each_calendar_on_a_terminal() -> None:
    screen, journal = StringIO(), Notebook()
    with bars(Console(file=screen, force_terminal=True, width=100)) as drawn:
        shown = Drawn(journal, drawn)
        for outcome in DONE:
            shown.record(PLAN, outcome)
        tasks = {task.description: (task.completed, task.total) for task in drawn.tasks if task.visible}
    assert tasks == {"Conferences": (4, 4)}
    assert journal.outcomes == DONE
    assert "4/4" in screen.getvalue()
