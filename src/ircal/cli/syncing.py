"""How a sync is shown: progress while it runs, a line for each calendar when it is done."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ircal.plan import Create, Delete, Update

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.status import Status

    from ircal.plan import Plan
    from ircal.sync import Journal, Outcome, Synced


def summary(synced: Synced) -> str:
    """`IR: Amara Ash: 122 created, 0 updated, 0 deleted`: what was done; and what failed or was not reached."""
    plan, failed = synced.plan, synced.failed
    if synced.error and not synced.outcomes:
        return f"{plan.name}: nothing done"
    if not plan.changes:
        events = "1 event is as it" if plan.unchanged == 1 else f"{plan.unchanged} events are as they"
        return f"{plan.name}: nothing to do, {events} should be"
    done = Counter(type(outcome.change) for outcome in synced.outcomes if not outcome.error)
    told = [f"{done[Create]} created", f"{done[Update]} updated", f"{done[Delete]} deleted"]
    if failed:
        told.append(f"{len(failed)} failed")
    if synced.error:
        told.append(f"stopped after {len(synced.outcomes)} of {len(plan.changes)} changes")
    return f"{plan.name}: {', '.join(told)}"


@contextmanager
def progress(journal: Journal) -> Iterator[Journal]:
    """A journal that also shows on a terminal how far the run is; in a job it is the journal itself."""
    if not sys.stderr.isatty():
        yield journal
        return
    from rich.console import Console

    with Console(stderr=True).status("Comparing the calendars") as status:
        yield _Shown(journal, status)


@dataclass
class _Shown:
    """Counts what is done on the way to the journal."""

    journal: Journal
    status: Status
    done: dict[str, int] = field(default_factory=dict)

    def record(self, plan: Plan, outcome: Outcome) -> None:
        self.journal.record(plan, outcome)
        self.done[plan.calendar] = self.done.get(plan.calendar, 0) + 1
        self.status.update(f"{plan.name}: {self.done[plan.calendar]} of {len(plan.changes)} changes")
