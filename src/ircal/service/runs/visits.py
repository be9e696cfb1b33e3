"""What a worker does at a calendar that it was sent to: look whether it is due, and make it true if it is.

    hold it --> begin what is due --> look at the programme in force --> perform --> finish what was begun

Only what was due when it began is finished: a trigger that came meanwhile leads to one more run. What failed stays due,
and rests for a while; what the guard refused is finished, and waits for somebody.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Lock, local
from typing import TYPE_CHECKING, Protocol

from ircal.errors import GuardRefused, IrcalError, RemoteError, Stopped
from ircal.logs import bound
from ircal.service.runs.holding import Either
from ircal.service.runs.pauses import LOOKED_AT, rests_until
from ircal.service.runs.perform import Desk, Order, perform
from ircal.service.runs.records import Notebook, noted, state_of
from ircal.service.runs.telling import summary
from ircal.service.triggers import THOROUGH, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from ircal.plan import Guard
    from ircal.service.in_force import SaysWanted, Wanted
    from ircal.service.runs.account import Account
    from ircal.service.runs.holding import Halt, Hold, Holds
    from ircal.service.runs.perform import Performed
    from ircal.store import Due, Run

log = logging.getLogger(__name__)


class Dues(Notebook, Protocol):
    """What is asked of a store here."""

    def due(self) -> list[Due]:
        """The calendars that are due."""

    def begin_due(self, calendar: str) -> int | None:
        """The generation that a run starts from; None if the calendar is not due."""

    def finish_due(self, calendar: str, generation: int) -> None:
        """What was raised up to that generation is done."""

    def held(self, now: datetime) -> set[str]:
        """The calendars that somebody is at."""

    def last_runs(self) -> dict[str, Run]:
        """The newest run of each calendar."""


class Accounts:
    """An account for each thread that asks for one, since Google's client is for one thread at a time."""

    def __init__(self, opened: Callable[[], AbstractContextManager[Account]]) -> None:
        self._open = opened
        self._mine = local()
        self._lock = Lock()
        self._opened = ExitStack()

    def mine(self) -> Account:
        """That of this thread. Raises SettingsError for credentials that cannot be used."""
        found: Account | None = getattr(self._mine, "account", None)
        if found is None:
            with self._lock:
                found = self._opened.enter_context(self._open())
            self._mine.account = found
        return found

    def close(self) -> None:
        """Let go of all."""
        self._opened.close()


@dataclass(frozen=True)
class Visits:
    """The worker: call it with a calendar's id. `guard` is the one for a programme at an instant."""

    store: Dues
    in_force: SaysWanted
    holds: Holds
    accounts: Accounts
    guard: Callable[[Wanted, datetime], Guard]
    clock: Callable[[], datetime]
    stop: Halt
    look: bool = False
    """Whether nobody else has the programme in force looked at."""
    _rests: dict[str, datetime | None] = field(default_factory=dict)

    def __call__(self, calendar: str) -> None:
        """Make it true if it is due, nobody else is at it, and we are not to stop. What goes wrong is written down."""
        try:
            with bound(calendar=calendar), self.holds.one(calendar) as hold:
                if hold:
                    self.visit(calendar, hold)
        except IrcalError as error:  # the store's: nothing can be written down
            log.error("%s cannot be looked after now: %s", calendar, error)  # noqa: TRY400 it has its explanation

    def due(self) -> list[str]:
        """What is due now, nobody is at, and does not rest after a failure. Raises StoreError."""
        due = [each.calendar for each in self.store.due()]
        if not due:
            return []
        now = self.clock()
        held, last = self.store.held(now), self.store.last_runs()
        return [each for each in due if each not in held and not self._is_resting(last.get(each), now)]

    def _is_resting(self, last: Run | None, now: datetime) -> bool:
        if last is None or last.state != "failed":
            return False
        if last.id not in self._rests:
            self._rests.clear()  # of other runs; what is needed of them is asked for again
            self._rests[last.id] = rests_until(self.store.runs(LOOKED_AT, last.calendar))
        until = self._rests[last.id]
        return until is not None and until > now

    def visit(self, calendar: str, hold: Hold) -> None:
        """Make it true if it is due. Raises StoreError."""
        generation = self.store.begin_due(calendar)
        if generation is None:
            return
        # Asked for after that: a trigger that came just before is done with this run, so it must be one of its causes.
        due = next((each for each in self.store.due() if each.calendar == calendar), None)
        if self.look:
            self.in_force.refresh(self.clock())
        wanted = self.in_force.wanted
        if wanted is None:
            return
        if calendar in wanted.pushed and not self._is_settled(calendar, due, wanted, Either(self.stop, hold.lost)):
            return
        if hold.renew():  # whoever has taken it over will finish it
            self.store.finish_due(calendar, generation)

    def _is_settled(self, calendar: str, due: Due | None, wanted: Wanted, halt: Halt) -> bool:
        """Make it true; whether there is nothing left to do, or nothing but for a person."""
        causes, since = (due.causes, due.since) if due else ((), None)
        cause, now = ", ".join(causes), self.clock()
        thorough = any(kind_of(each) in THOROUGH for each in causes)
        order = Order({calendar: cause}, self.guard(wanted, now), thorough=thorough, since=since)
        try:
            account = self.accounts.mine()
        except IrcalError as error:
            noted(self.store, calendar, cause, error, now)
            log.error("%s: %s", calendar, error)  # noqa: TRY400 it has its explanation
            return False
        with bound(run=order.run):
            return _is_performed(order, Desk(wanted, account, self.store, self.clock, halt), calendar)


def _is_performed(order: Order, desk: Desk, calendar: str) -> bool:
    """Perform it, and say what became of it; whether there is nothing left to do but for a person."""
    try:
        performed = perform(order, desk)
    except GuardRefused as refused:
        log.error("%s: the guard refuses the plan, and somebody has to look: %s", calendar, refused)  # noqa: TRY400
        return True
    except Stopped:
        log.info("%s: stopped; the rest is left for the next run.", calendar)
        return False
    except RemoteError as error:
        log.warning("%s: %s", calendar, error)
        return False
    return _told(performed, calendar)


def _told(performed: Performed, calendar: str) -> bool:
    """Say what became of it; whether it is well."""
    [synced] = performed.done
    error = synced.error or next((error for _, error in performed.failed), None)
    state, told = state_of(synced, error)
    if synced.plan.changes or state != "done":
        level = logging.INFO if state in {"done", "stopped"} else logging.WARNING
        log.log(level, "%s%s", summary(synced), told and f"; {told}")
    for shared in performed.shared:
        log.info("%s", shared)
    if performed.different:
        log.warning("%s: Google shows something else even so; `ircal verify google` tells what.", calendar)
    return state == "done"
