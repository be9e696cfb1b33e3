"""The one way in which calendars are made to say what the programme says, whoever asked for it."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import uuid4

from ircal.errors import RemoteError
from ircal.logs import bound
from ircal.plan import Policy
from ircal.service.runs.records import Recorded, StoreJournal, recorded
from ircal.service.triggers import kind_of
from ircal.sync import Target, is_of_account, sync_all
from ircal.tracing import span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime

    from ircal.model.program import Calendar
    from ircal.plan import Guard
    from ircal.service.in_force import Wanted
    from ircal.service.runs.account import Account
    from ircal.service.runs.holding import Halt
    from ircal.service.runs.records import Notebook
    from ircal.sync import Journal, Synced

Failed = list[tuple["Calendar", RemoteError]]
"""Calendars of which something cannot be said, or set."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a run is asked to do, and by which rules.

    `causes` has the calendars that it is for, each with why. `thorough` has everything compared, whatever is
    remembered; `again` has what is in quarantine sent once more. `reviewed` is the checksum of the plans that somebody
    agreed to. `since` is when it became due. `watched` is put before the store's journal, for who watches it. `run` is
    the run's id.
    """

    causes: Mapping[str, str]
    guard: Guard
    policy: Policy = Policy.SYNC
    reviewed: str = ""
    thorough: bool = False
    again: bool = False
    since: datetime | None = None
    watched: Callable[[Journal], AbstractContextManager[Journal]] | None = None
    run: str = field(default_factory=lambda: uuid4().hex)


@dataclass(frozen=True, slots=True)
class Performed:
    """What became of it: the calendars in their order, what was shared, and where something else failed.

    `different` are those that Google shows otherwise even so, which only a thorough run asks.
    """

    done: tuple[Synced, ...]
    shared: tuple[str, ...] = ()
    failed: Failed = field(default_factory=list)
    different: tuple[Calendar, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """What a run works with: the programme in force, one account, and where it is written down what was done."""

    wanted: Wanted
    account: Account
    store: Notebook
    clock: Callable[[], datetime]
    halt: Halt


def perform(order: Order, desk: Desk) -> Performed:
    """Do it. All plans are made and guarded before anything is written.

    Raises GuardRefused, RemoteError for a fault of the account or the network while nothing is written yet, StoreError.
    """
    account, feeds = desk.account, [desk.wanted.feeds[name] for name in order.causes]
    before = {feed.calendar.id: account.calls(feed.calendar) for feed in feeds}

    def calls(name: str) -> int:
        return account.calls(desk.wanted.feeds[name].calendar) - before[name]

    run = Recorded(order.run, order.since)
    with _traced(run, order), bound(run=run.id), recorded(desk.store, run, order.causes, desk.clock, calls):
        targets = _targets(order, desk)
        targets, failed = with_shares(targets, account)
        run.errors.update((calendar.id, error) for calendar, error in failed)
        run.done += _synced(order, desk, targets, run.id)
        well = [each.plan.calendar for each in run.done if not each.error]
        shared = _given([target for target in targets if target.calendar.id in well], account, failed)
        different = _different(well, desk, failed) if order.thorough else ()
        run.errors.update((calendar.id, error) for calendar, error in failed)
    return Performed(tuple(run.done), shared, failed, different)


@contextmanager
def _traced(run: Recorded, order: Order) -> Iterator[None]:
    causes = sorted({kind_of(cause) for cause in order.causes.values()})
    with span("ircal.run", run=run.id, calendars=", ".join(order.causes), cause=", ".join(causes)) as facts:
        yield
        changes = sum(len(each.outcomes) for each in run.done)
        facts.tell(changes=changes, failed=len(run.errors) + sum(len(each.failed) for each in run.done))


def _targets(order: Order, desk: Desk) -> tuple[Target, ...]:
    targets = []
    for feed in (desk.wanted.feeds[name] for name in order.causes):
        target = desk.account.target(feed, desk.wanted, desk.halt)
        if order.thorough:
            _doubt(target, desk)
        targets.append(replace(target, quarantine=None) if order.again else target)
    return tuple(targets)


def _doubt(target: Target, desk: Desk) -> None:
    """Have a Remote doubt what is not as it should be. A calendar that cannot be read is told of by the sync."""
    try:
        desk.account.doubted(target, desk.wanted.feeds[target.calendar.id], desk.wanted)
    except RemoteError as error:
        if is_of_account(error):
            raise


def with_shares(targets: Iterable[Target], account: Account) -> tuple[tuple[Target, ...], Failed]:
    """The targets with whom they are to be shared with besides. Raises RemoteError for a fault of the account."""
    told: list[Target] = []
    failed: Failed = []
    for target in targets:
        shares: tuple[str, ...] = ()
        if target.calendar.share:
            try:
                shares = account.missing_shares(target.calendar)
            except RemoteError as error:
                if is_of_account(error):
                    raise
                failed.append((target.calendar, error))
        told.append(replace(target, shares=shares))
    return tuple(told), failed


def _synced(order: Order, desk: Desk, targets: tuple[Target, ...], run: str) -> tuple[Synced, ...]:
    with StoreJournal(desk.store, run, desk.clock) as journal, (order.watched or nullcontext)(journal) as watched:
        return sync_all(targets, order.guard, watched, order.policy, reviewed=order.reviewed)


def _given(targets: Iterable[Target], account: Account, failed: Failed) -> tuple[str, ...]:
    """Share what was synced with whom it is to be shared; in words."""
    told: list[str] = []
    for calendar in (target.calendar for target in targets if target.shares):
        try:
            told += [f"{calendar.name}: {given}" for given in account.share(calendar)]
        except RemoteError as error:
            failed.append((calendar, error))
    return tuple(told)


def _different(names: Iterable[str], desk: Desk, failed: Failed) -> tuple[Calendar, ...]:
    """The calendars that Google shows otherwise after all was done."""
    found: list[Calendar] = []
    for feed in (desk.wanted.feeds[name] for name in names):
        try:
            if desk.account.is_different(feed, desk.wanted):
                found.append(feed.calendar)
        except RemoteError as error:
            failed.append((feed.calendar, error))
    return tuple(found)
