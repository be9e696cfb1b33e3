"""What runs come to, counted up for as long as the store lives: they themselves are forgotten in the end.

runs done, runs failed, ...        runs that ended so
created, updated, deleted          events that were changed
calls                              calls to Google
fault Unreachable, fault ...       runs that ended with an error of that kind
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ircal.store.work import Run

RUNS, FAULT = "runs ", "fault "
CHANGES = ("created", "updated", "deleted")
CALLS = "calls"


def figures_of(run: Run) -> dict[str, int]:
    """What a run adds; nothing while it is running."""
    if run.ended is None:
        return {}
    counted = {RUNS + run.state: 1, CALLS: run.calls, **{name: getattr(run, name) for name in CHANGES}}
    if run.fault:
        counted[FAULT + run.fault] = 1
    return {name: count for name, count in counted.items() if count}
