"""How it stands with a Google calendar, from what is remembered: what is due, who is at it, how its runs ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ircal.web.desk import CalendarState, RunTold

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ircal.feeds import Feed
    from ircal.store import Due, Run, Store
    from ircal.web.desk import State

_LOOKED_AT = 500
"""So many runs are looked through for the last that wrote something."""


@dataclass(frozen=True, slots=True)
class ByAccount:
    """What only an account can tell: why it cannot be used, or rests; by calendar, what Google does not take."""

    unusable: str = ""
    resting: str = ""
    held: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the store knows of all calendars: those that are due or held, their last runs, the last that wrote."""

    due: Mapping[str, Due]
    held: frozenset[str]
    last: Mapping[str, Run]
    changed: Mapping[str, Run]

    @classmethod
    def of(cls, store: Store, now: datetime) -> Remembered:
        """At an instant. Raises StoreError."""
        changed: dict[str, Run] = {}
        for run in store.runs(_LOOKED_AT):
            if run.created or run.updated or run.deleted:
                changed.setdefault(run.calendar, run)
        due = {each.calendar: each for each in store.due()}
        return cls(due, frozenset(store.held(now)), store.last_runs(), changed)

    def state(self, feed: Feed, told: ByAccount) -> CalendarState:
        """How it stands with one of them."""
        calendar = feed.calendar
        due, last, changed = self.due.get(calendar.id), self.last.get(calendar.id), self.changed.get(calendar.id)
        held = told.held.get(calendar.id, ())
        state, why = self._state(calendar.id, told, held)
        return CalendarState(
            id=calendar.id,
            name=calendar.name,
            google=calendar.google,
            state=state,
            why=why,
            since=due.since if due else None,
            causes=due.causes if due else (),
            last_run=run_told(last) if last else None,
            last_change=run_told(changed) if changed else None,
            held=held,
        )

    def _state(self, name: str, told: ByAccount, held: tuple[str, ...]) -> tuple[State, str]:
        """The first that holds, what somebody has to look at before the rest; and why."""
        last = self.last.get(name)
        how, why = (last.state, last.error) if last else ("", "")
        cases: tuple[tuple[bool, State, str], ...] = (
            (bool(told.unusable), "failing", told.unusable),
            (bool(told.resting), "circuit open", told.resting),
            (name in self.held, "running", ""),
            (how == "refused", "guarded", why),
            (how == "failed", "failing", why),
            (name in self.due, "pending", ""),
            (bool(held), "quarantined", f"{len(held)} of its events are not taken by Google."),
            (how == "done", "in step", ""),
            (how == "stopped", "pending", "The last run was stopped, and another one goes on."),
        )
        return next(((state, said) for holds, state, said in cases if holds), ("unknown", "No run is remembered."))


def run_told(run: Run) -> RunTold:
    """A run as pages know it."""
    return RunTold(
        run.id,
        run.calendar,
        run.cause,
        run.began,
        run.ended,
        run.state,
        run.created,
        run.updated,
        run.deleted,
        run.calls,
        run.error,
        run.due,
    )
