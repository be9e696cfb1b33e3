"""The Guard: what refuses a plan that looks like an accident, before its first write.

Accidents look alike: a file went missing, a filter was mistyped, a time zone was changed, and suddenly most of a
calendar is to be removed or held at another time. What a coordinator does on purpose looks different, and must pass:

    a new academic year                  hundreds of creates, which are never limited; last year is history
    a conference is renamed or moved     one update, however many dates it has
    a snow day, somebody is ill          a date left out of a handful of series, sessions that are cancelled by name
    a lecture is cancelled               the topics after it move up: many texts change, no time does
    a conference gets another room       every one of its events changes its text or place, and none its time
    a small calendar                     under ten events any share is large, so shares count from ten

To empty a calendar is never ordinary, however small it is. On a large one a share is many events, so that their number
has a limit too. And most of what starts within a day is never changed by an ordinary edit: people have looked already,
and set out by it (`soon` says what counts). What is refused is told with its numbers, and the flag that overrides the
refusal, once, is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ircal.errors import GuardRefused
from ircal.plan.soon import Soon

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.plan.plan import Plan

FLAG = "--allow-large-changes"
FLAG_SOON = "--allow-soon"


@dataclass(frozen=True, slots=True)
class Guard:
    """Thresholds for what a plan may delete, or move in time.

    Shares (0 to 1) of the events that are there count from `min_existing` events on; `most` is how many events it may
    be at all. `max_soon` is the share of what starts within `soon_hours` of `now`, from `min_soon` occurrences on;
    without `now` (aware) that is not looked at. `allow` lets everything pass, for a run in which somebody has looked,
    and `allow_soon` what starts soon.
    """

    max_deletes: float = 0.3
    max_moves: float = 0.3
    min_existing: int = 10
    most: int = 200
    max_soon: float = 0.5
    min_soon: int = 3
    soon_hours: float = 24
    now: datetime | None = None
    allow: bool = False
    allow_soon: bool = False

    def check(self, *plans: Plan) -> None:
        """Raise GuardRefused, with every reason for every plan, if one of them is dangerous."""
        if self.allow:
            return
        large = [_told(plan, reason) for plan in plans for reason in self._large(plan)]
        soon = [] if self.allow_soon else [_told(plan, reason) for plan in plans for reason in self._soon(plan)]
        if large or soon:
            flag = FLAG if large else FLAG_SOON
            remedy = f"Nothing was written. Look at the plan; if it is what you mean, run it again with {flag}."
            raise GuardRefused("\n".join(large + soon), remedy)

    def _large(self, plan: Plan) -> Iterator[str]:
        if plan.empties:
            yield f"all {plan.existing} events would be removed, which leaves the calendar empty"
            return
        moved = sum(update.moves for update in plan.updates)
        yield from self._too_many("removed", len(plan.deletes), plan.existing, self.max_deletes)
        yield from self._too_many("moved", moved, plan.existing, self.max_moves)

    def _too_many(self, verb: str, count: int, existing: int, limit: float) -> Iterator[str]:
        if existing >= self.min_existing and count > limit * existing:
            yield f"{count} of {existing} events would be {verb} ({count / existing:.0%}; the limit is {limit:.0%})"
        elif count > self.most:
            yield f"{count} of {existing} events would be {verb} (at most {self.most} may be)"

    def _soon(self, plan: Plan) -> Iterator[str]:
        if self.now is None:
            return
        soon = Soon(self.now, self.now + timedelta(hours=self.soon_hours))
        disturbed = soon.disturbed(plan.changes)
        if disturbed >= self.min_soon and disturbed > self.max_soon * (there := soon.there(plan.managed)):
            share, within = f"{disturbed / there:.0%}; the limit is {self.max_soon:.0%}", f"{self.soon_hours:g} hours"
            yield f"{disturbed} of the {there} that start within {within} would be removed or moved ({share})"


def _told(plan: Plan, reason: str) -> str:
    return f"{plan.name} ({plan.calendar}): {reason}"
