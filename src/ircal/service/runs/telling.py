"""What became of a calendar, in one line."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ircal.errors import Unreachable
from ircal.plan import Create, Delete, Update

if TYPE_CHECKING:
    from ircal.sync import Synced


def summary(synced: Synced) -> str:
    """`IR: Amara Ash: 122 created, 0 updated, 0 deleted`: what was done; and what failed or was not reached."""
    plan, failed = synced.plan, synced.failed
    if isinstance(synced.error, Unreachable) and plan.changes and not synced.outcomes:  # sent, perhaps, and carried out
        return f"{plan.name}: none of {len(plan.changes)} changes is known to be made"
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
