"""Where our events say that they come from: written with everything else, brought up to date, and taken away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ircal.google.remote import GoogleRemote
from ircal.google.source import Source
from ircal.plan import Guard
from ircal.sync import sync
from tests.plan.making import differing, single, weekly
from tests.sync.harness import Notebook, OnSandbox, seen_in, target

if TYPE_CHECKING:
    from ircal.sync import Synced

DESIRED = (differing(weekly("m"), 2, summary="Guest"), single("s"))
PAGE = Source("IR residency", "https://www.example.edu/ir")
LIST, INSERT, PATCH = "GET events", "POST events", "PATCH event"


def run(harness: OnSandbox, source: Source | None) -> Synced:
    remote = GoogleRemote(harness.service, harness.calendar_id, harness.mark, sleep=harness.naps.append, source=source)
    done = sync(replace(target(harness, *DESIRED), remote=remote), Guard(), Notebook())
    assert done.failed == ()
    assert harness.seen() == seen_in(DESIRED)
    return done


def sources(harness: OnSandbox) -> list[object]:
    """Those of all events that are kept: the master, its exception, and the single one."""
    return [item.get("source") for item in harness.listed()]


def test_it_is_written_changed_and_taken_away(on_sandbox: OnSandbox) -> None:
    for source in (PAGE, replace(PAGE, title="Interventional radiology"), None, PAGE):
        run(on_sandbox, source)
        shown = {"title": source.title, "url": source.url} if source else None
        assert sources(on_sandbox) == [shown] * 3
        on_sandbox.calls()
        assert run(on_sandbox, source).plan.changes == ()
        assert PATCH not in on_sandbox.calls()


def test_where_there_is_none_nothing_is_said_of_it(on_sandbox: OnSandbox) -> None:
    run(on_sandbox, None)
    assert not any("source" in item for item in on_sandbox.listed())


def test_another_one_moves_nobody_and_passes_the_guard_and_is_no_drift(on_sandbox: OnSandbox) -> None:
    run(on_sandbox, None)
    plan = run(on_sandbox, PAGE).plan
    assert [update.moves for update in plan.updates] == [False, False]
    assert plan.drifts == ()
