"""The mission: make every remote calendar say what the programme says.

What is to be done is decided by `ircal.plan`; who does it is a `Remote`, of which Google is one and `MemoryRemote`
another; what was done is told to a `Journal`. Here they are put together. A run looks at both sides afresh and trusts
nothing that an earlier run remembered, so a run that was cut short is mended by the next one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Protocol

from ircal.errors import (
    Conflict,
    GuardRefused,
    QuotaExhausted,
    Refused,
    RemoteError,
    ServerFault,
    Stopped,
    Throttled,
    Unreachable,
)
from ircal.model.series import digest_of
from ircal.plan import (
    Create,
    Delete,
    Owned,
    OwnedException,
    Plan,
    Policy,
    Update,
    checksum_of,
    content_of,
    holding,
    make_plan,
    moment,
    span,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ircal.model.program import Calendar, Window
    from ircal.model.series import Series
    from ircal.plan import Change, Guard

PASSING = (Unreachable, Throttled, QuotaExhausted, Stopped)
"""Errors that pass by themselves, and say nothing of what was asked."""

FAULTS = 3
"""So many server faults, one calendar after another, are none of one calendar's either."""

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


class Quarantine(Protocol):
    """Where it is remembered what one calendar would not take."""

    def refused(self) -> Mapping[str, tuple[str, str]]:
        """By UID: the content (`ircal.plan.content_of`) and the reason."""
        ...

    def hold(self, uid: str, content: str, reason: str) -> None:
        """Remember that this was refused."""
        ...

    def release(self, uid: str) -> None:
        """Forget it."""
        ...


@dataclass(frozen=True, slots=True)
class Target:
    """One calendar to keep true: what it should say in the window, and where.

    Without a quarantine, what was refused is sent again by every run. `shares` tells whom it is to be shared with
    besides, which others see to; it is a part of what is agreed to.
    """

    calendar: Calendar
    desired: tuple[Series, ...]
    window: Window
    remote: Remote
    quarantine: Quarantine | None = None
    shares: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Synced:
    """The plan that a run began with, and what became of its changes (and of those made necessary by a conflict).

    `error` is why the calendar as a whole could not be read (then the plan is empty) or not be written to the end.
    """

    plan: Plan
    outcomes: tuple[Outcome, ...] = ()
    error: RemoteError | None = None

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The outcomes that are not well."""
        return tuple(outcome for outcome in self.outcomes if outcome.error)


def plan_for(target: Target, policy: Policy = Policy.SYNC) -> Plan:
    """What would be done to a calendar now. Nothing is written."""
    plan = make_plan(target.calendar, target.desired, target.remote.owned(), target.window)
    plan = policy.filtered(replace(plan, shares=target.shares))
    return holding(plan, target.quarantine.refused()) if target.quarantine else plan


def sync(target: Target, guard: Guard, journal: Journal, policy: Policy = Policy.SYNC) -> Synced:
    """Make one remote calendar say what the programme says. Raises RemoteError when it cannot be read or written."""
    plan = plan_for(target, policy)
    guard.check(plan)
    synced = _carry_out(Run(guard, journal, policy), target, plan)
    if synced.error:
        raise synced.error
    return synced


def look(targets: Iterable[Target], policy: Policy = Policy.SYNC) -> tuple[Synced, ...]:
    """What would be done to each calendar, or why that cannot be said. Nothing is written.

    A calendar that cannot be read does not keep the others from being looked at, unless the fault is one of the
    account or the network: then the rest are not asked, and have the same error.
    """
    seen: list[Synced] = []
    for target in targets:
        stopped = stops_all([each.error for each in seen])
        try:
            seen.append(Synced(_no_plan(target), error=stopped) if stopped else Synced(plan_for(target, policy)))
        except RemoteError as error:
            seen.append(Synced(_no_plan(target), error=error))
    return tuple(seen)


def sync_all(
    targets: Iterable[Target], guard: Guard, journal: Journal, policy: Policy = Policy.SYNC, *, reviewed: str = ""
) -> tuple[Synced, ...]:
    """The same for many calendars: every plan is made and guarded before anything is written to any of them.

    `reviewed` is the checksum of the plans that somebody agreed to: other plans raise GuardRefused, and what conflicts
    is reported rather than planned again. A calendar that cannot be read or written has its error in what is returned;
    a fault of the account or the network is raised while nothing is written yet, and so is any other where a reviewed
    plan can no longer be told from the present one.
    """
    targets = tuple(targets)
    seen = look(targets, policy)
    if stopped := stops_all([each.error for each in seen]):
        raise stopped
    guard.check(*(each.plan for each in seen))
    if reviewed:
        _check_reviewed(seen, reviewed)
    run = Run(guard, journal, policy, rounds=1 if reviewed else ROUNDS)
    done: list[Synced] = []
    for target, each in zip(targets, seen, strict=True):
        error = each.error or stops_all([before.error for before in done])
        done.append(replace(each, error=error) if error else _carry_out(run, target, each.plan))
    return tuple(done)


def _check_reviewed(seen: Sequence[Synced], reviewed: str) -> None:
    """Raise what stands against doing the plan that somebody agreed to. Only a whole plan has a checksum."""
    for each in seen:
        if error := each.error:
            raise type(error)(f"{each.plan.name} ({each.plan.calendar}): {error.message}", error.remedy)
    if reviewed != (found := checksum_of(each.plan for each in seen)):
        remedy = "Nothing was written. Look at the new plan and use its checksum."
        raise GuardRefused(f"The plan has changed since it was reviewed: its checksum is {found} now.", remedy)


def is_of_account(error: RemoteError) -> bool:
    """Whether it is none of one calendar's: the others would have it too, and are not asked."""
    return isinstance(error, PASSING) and not isinstance(error, ServerFault)


def stops_all(errors: Sequence[RemoteError | None]) -> RemoteError | None:
    """The last error, if it is none of one calendar's; `errors` has an entry for each that was asked so far."""
    error = errors[-1] if errors else None
    if isinstance(error, ServerFault):
        last = [isinstance(each, ServerFault) for each in errors[-FAULTS:]]
        return error if len(last) == FAULTS and all(last) else None
    return error if error and is_of_account(error) else None


def _no_plan(target: Target) -> Plan:
    return Plan(target.calendar.id, target.calendar.name, (), existing=0, unchanged=0)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run holds to, and how often a calendar that changes under our hands is read and planned again."""

    guard: Guard
    journal: Journal
    policy: Policy
    rounds: int = ROUNDS


def _carry_out(run: Run, target: Target, plan: Plan) -> Synced:
    """Apply a plan that was guarded; read and plan again, some times, as long as something changed under the plan."""
    outcomes: list[Outcome] = []
    current = plan
    refused = set(target.quarantine.refused()) if target.quarantine else set()
    try:
        for left in reversed(range(run.rounds)):
            for outcome in target.remote.apply(current.changes):
                run.journal.record(current, outcome)
                if target.quarantine:
                    _remember(target.quarantine, refused, outcome)
                outcomes.append(outcome)
            settled = [outcome for outcome in outcomes if not isinstance(outcome.error, Conflict)]
            if not left or len(settled) == len(outcomes):
                break
            current = plan_for(target, run.policy)
            run.guard.check(current)
            outcomes = settled
    except RemoteError as error:
        return Synced(plan, tuple(outcomes), error)
    return Synced(plan, tuple(outcomes))


def _remember(quarantine: Quarantine, refused: set[str], outcome: Outcome) -> None:
    """Hold what was refused, and let go of what is done; `refused` are the UIDs that are held."""
    change, error = outcome.change, outcome.error
    if isinstance(error, Refused):
        quarantine.hold(change.uid, content_of(change), error.message)
        refused.add(change.uid)
    elif not error and change.uid in refused:
        quarantine.release(change.uid)
        refused.remove(change.uid)


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
    known = Owned(event_id, series.uid, series.digest, first, last, etag, version, exceptions, series, copied)
    return replace(known, times=series.times)
