"""A worker that was frozen when its plan was made, and writes what it meant to when another has long done better.

No hold can stop what it has sent already. Ids that are given make nothing twice, and conditional writes change nothing
that is newer than the plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ircal.errors import Conflict
from ircal.google.sandbox import SandboxServer
from ircal.plan import Guard
from ircal.sync import plan_for, sync
from tests.plan.making import differing, single, weekly
from tests.sync.harness import Notebook, OnSandbox, seen_in, target

if TYPE_CHECKING:
    from collections.abc import Iterator

BEFORE = (differing(weekly("m"), 2, summary="Guest"), single("kept"), single("gone"), single("untouched"))
MEANT = (differing(weekly("m", summary="Old"), 2, summary="Older"), single("kept", summary="Old"), single("new"))
NEWER = (
    differing(weekly("m", summary="New"), 3, summary="Newer"),
    single("kept", summary="New"),
    single("gone", summary="New"),
    single("new", summary="New"),
    single("untouched"),
)
ALLOWED = Guard(allow=True)


@pytest.fixture
def calendar() -> Iterator[OnSandbox]:
    with SandboxServer() as server, OnSandbox(server, "frozen@example.org") as harness:
        sync(target(harness, *BEFORE), ALLOWED, Notebook())
        yield harness


def frozen_then_late(calendar: OnSandbox, batch_size: int = 50) -> dict[str, type | None]:
    """What becomes of the late writes of one that was frozen before the first of them, by UID."""
    frozen = calendar.again(batch_size=batch_size)
    plan = plan_for(target(calendar, *MEANT))
    calendar.remote = calendar.again()
    sync(target(calendar, *NEWER), ALLOWED, Notebook())
    return {each.change.uid: type(each.error) if each.error else None for each in frozen.apply(plan.changes)}


@pytest.mark.parametrize("batch_size", [1, 50])
def test_late_writes_change_nothing_that_is_newer(calendar: OnSandbox, batch_size: int) -> None:
    late = frozen_then_late(calendar, batch_size)
    assert late == {"new": Conflict, "kept": Conflict, "m": Conflict, "gone": Conflict, "untouched": None}
    assert calendar.seen() == seen_in(each for each in NEWER if each.uid != "untouched")


def test_what_it_took_away_that_nobody_had_touched_is_put_back_by_the_next_run(calendar: OnSandbox) -> None:
    frozen_then_late(calendar)
    calendar.remote = calendar.again()
    done = sync(target(calendar, *NEWER), ALLOWED, Notebook())
    assert [outcome.change.uid for outcome in done.outcomes] == ["untouched"]
    assert calendar.seen() == seen_in(NEWER)
