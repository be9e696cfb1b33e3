"""The Guard: what refuses a plan that looks like an accident, before its first write.

Accidents look alike: a file went missing, a filter was mistyped, a time zone was changed, and suddenly most of a
calendar is to be removed or held at another time. What a coordinator does on purpose looks different, and must pass:

    a new academic year                  hundreds of creates, which are never limited; last year is history
    a conference is renamed or moved     one update, however many dates it has
    a snow day                           a date left out of a handful of series
    a lecture is cancelled               the topics after it move up: many texts change, no time does
    a conference gets another room       every one of its events changes its text or place, and none its time
    a small calendar                     under ten events any share is large, so shares count from ten

To empty a calendar is never ordinary, however small it is. What is refused is told with its numbers, and the flag that
overrides the refusal is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ircal.errors import GuardRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.plan.plan import Plan

FLAG = "--allow-large-changes"


@dataclass(frozen=True, slots=True)
class Guard:
    """Thresholds: shares (0 to 1) of the events that a plan may delete or move in time, from `min_existing` events on.

    `allow` lets everything pass, for a run in which somebody has looked.
    """

    max_deletes: float = 0.3
    max_moves: float = 0.3
    min_existing: int = 10
    allow: bool = False

    def check(self, *plans: Plan) -> None:
        """Raise GuardRefused, with every reason for every plan, if one of them is dangerous."""
        reasons = [f"{plan.name} ({plan.calendar}): {reason}" for plan in plans for reason in self._reasons(plan)]
        if reasons and not self.allow:
            remedy = f"Nothing was written. Look at the plan; if it is what you mean, run it again with {FLAG}."
            raise GuardRefused("\n".join(reasons), remedy)

    def _reasons(self, plan: Plan) -> Iterator[str]:
        if plan.empties:
            yield f"all {plan.existing} events would be removed, which leaves the calendar empty"
        elif plan.existing >= self.min_existing:
            yield from _too_many("removed", len(plan.deletes), plan.existing, self.max_deletes)
            moved = sum(update.moves for update in plan.updates)
            yield from _too_many("moved", moved, plan.existing, self.max_moves)


def _too_many(verb: str, count: int, existing: int, limit: float) -> Iterator[str]:
    if count > limit * existing:
        yield f"{count} of {existing} events would be {verb} ({count / existing:.0%}; the limit is {limit:.0%})"
