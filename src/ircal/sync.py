"""The mission: make every remote calendar say what the programme says.

What is to be done is decided by `ircal.plan`; who does it is a `Remote`, of which Google is one and `MemoryRemote`
another; what was done is told to a `Journal`. Here they are put together. A run looks at both sides afresh and trusts
nothing that an earlier run remembered, so a run that was cut short is mended by the next one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Protocol

from ircal.errors import Conflict, GuardRefused
from ircal.model.series import digest_of
from ircal.plan import Create, Delete, Owned, OwnedException, Policy, Update, checksum_of, make_plan, moment, span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ircal.errors import RemoteError
    from ircal.model.program import Calendar, Window
    from ircal.model.series import Series
    from ircal.plan import Change, Guard, Plan

ROUNDS = 3
"""How often a calendar that changes under our hands is read and planned before its conflicts are reported."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one change: done, or the reason why not. The others were carried out all the same."""

    change: Change
    error: RemoteError | None = None


class Remote(Protocol):
    """A calendar that we may write to. It shows and touches only events that bear our mark."""

    def owned(self) -> tuple[Owned, ...]:
        """Our events on it. Raises RemoteError if it cannot be read as a whole: half an answer would look deleted."""
        ...

    def apply(self, changes: Iterable[Change]) -> Iterator[Outcome]:
        """Carry changes out in their order, and tell what became of each; what is not asked for is not done.

        A change that the calendar will not take fails alone; one whose target has moved on fails with Conflict. A
        fault of the whole calendar is raised, after the outcomes that are known.
        """
        ...


class Journal(Protocol):
    """Where it is written down what was done."""

    def record(self, plan: Plan, outcome: Outcome) -> None:
        """Write down what became of a change of a plan."""
        ...


@dataclass(frozen=True, slots=True)
class Target:
    """One calendar to keep true: what it should say in the window, and where."""

    calendar: Calendar
    desired: tuple[Series, ...]
    window: Window
    remote: Remote


@dataclass(frozen=True, slots=True)
class Synced:
    """The plan that a run began with, and what became of its changes (and of those made necessary by a conflict)."""

    plan: Plan
    outcomes: tuple[Outcome, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The outcomes that are not well."""
        return tuple(outcome for outcome in self.outcomes if outcome.error)


def plan_for(target: Target, policy: Policy = Policy.SYNC) -> Plan:
    """What would be done to a calendar now. Nothing is written."""
    return policy.filtered(make_plan(target.calendar, target.desired, target.remote.owned(), target.window))


def sync(target: Target, guard: Guard, journal: Journal, policy: Policy = Policy.SYNC) -> Synced:
    """Make one remote calendar say what the programme says."""
    plan = plan_for(target, policy)
    guard.check(plan)
    outcomes = carry_out(plan, target.remote, journal)
    return Synced(plan, _settle(outcomes, target, guard, journal, policy))


def sync_all(
    targets: Iterable[Target], guard: Guard, journal: Journal, policy: Policy = Policy.SYNC, *, reviewed: str = ""
) -> tuple[Synced, ...]:
    """The same for many calendars: every plan is made and guarded before anything is written to any of them.

    `reviewed` is the checksum of the plans that somebody agreed to: other plans raise GuardRefused, and what conflicts
    is reported rather than planned again.
    """
    targets = tuple(targets)
    plans = [plan_for(target, policy) for target in targets]
    guard.check(*plans)
    if reviewed and reviewed != (found := checksum_of(plans)):
        remedy = "Nothing was written. Look at the new plan and use its checksum."
        raise GuardRefused(f"The plan has changed since it was reviewed: its checksum is {found} now.", remedy)
    done = []
    for target, plan in zip(targets, plans, strict=True):
        outcomes = carry_out(plan, target.remote, journal)
        done.append(Synced(plan, outcomes if reviewed else _settle(outcomes, target, guard, journal, policy)))
    return tuple(done)


def carry_out(plan: Plan, remote: Remote, journal: Journal) -> tuple[Outcome, ...]:
    """Apply a plan that was guarded, and write down what became of it."""
    outcomes = []
    for outcome in remote.apply(plan.changes):
        journal.record(plan, outcome)
        outcomes.append(outcome)
    return tuple(outcomes)


def _settle(
    outcomes: tuple[Outcome, ...], target: Target, guard: Guard, journal: Journal, policy: Policy
) -> tuple[Outcome, ...]:
    """Read and plan again, some times, as long as something changed under the plan."""
    for _ in range(ROUNDS - 1):
        settled = tuple(outcome for outcome in outcomes if not isinstance(outcome.error, Conflict))
        if len(settled) == len(outcomes):
            break
        plan = plan_for(target, policy)
        guard.check(plan)
        outcomes = settled + carry_out(plan, target.remote, journal)
    return outcomes


@dataclass
class MemoryRemote:
    """A calendar in memory, for dry trials and tests. Ids are UIDs, unless an event is `put` under another one."""

    events: dict[str, tuple[Series, int]] = field(default_factory=dict)
    """What is on it: by id, the Series and the number of the write that put it there."""
    _writes: Iterator[int] = field(default_factory=lambda: count(1), repr=False)

    def put(self, series: Series, event_id: str = "") -> None:
        """Write an event, as `apply` does."""
        self.events[event_id or series.uid] = (series, next(self._writes))

    def owned(self) -> tuple[Owned, ...]:
        """Everything on it: nobody else writes here."""
        return tuple(_owned(event_id, *kept) for event_id, kept in self.events.items())

    def apply(self, changes: Iterable[Change]) -> Iterator[Outcome]:
        """Carry out each change when its outcome is asked for."""
        for change in changes:
            yield Outcome(change, self._apply(change))

    def _apply(self, change: Change) -> Conflict | None:
        if isinstance(change, Create):
            self.put(change.series)
            return None
        there = self.events.get(change.owned.id)
        if isinstance(change, Delete) and there is None:
            return None
        if there is None or str(there[1]) != change.owned.etag:
            return Conflict(f"The event {change.owned.id} is no longer what the plan saw.")
        if isinstance(change, Update):
            self.put(change.series, change.owned.id)
        else:
            del self.events[change.owned.id]
        return None


def _owned(event_id: str, series: Series, version: int) -> Owned:
    first, last = span(series)
    exceptions = tuple(
        OwnedException(f"{event_id}/{override.recurrence_id}", moment(override.recurrence_id), digest_of(override))
        for override in series.overrides
        if override.details.status != "CANCELLED"
    )
    etag = str(version)
    copied = event_id != series.uid
    return Owned(event_id, series.uid, series.digest, first, last, etag, version, exceptions, series, copied)
