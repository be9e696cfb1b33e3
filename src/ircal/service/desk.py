"""The desk of the coordinators: what the pages ask of Google calendars, and have done to them (`ircal.web.desk`).

How it stands with a calendar is read from what is remembered: what is due, who is at it, how its last run ended. Only a
plan asks Google. To apply one is a run like any other, by the one way that all take; it is done at once rather than in
the queue, because somebody waits for what comes of it. Google's client is for one thread at a time, so that there is
one thread for what is looked up and one for what may take long.
"""

from __future__ import annotations

import hashlib
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from ircal.errors import GuardRefused, IrcalError
from ircal.plan import checksum_of
from ircal.service.runs.guarding import guard_of
from ircal.service.runs.holding import Holds
from ircal.service.runs.perform import Desk, Order, perform, with_shares
from ircal.service.runs.visits import Accounts
from ircal.service.standing import ByAccount, Remembered, run_told
from ircal.sync import look
from ircal.web.desk import JournalLine, PlanTold

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from ircal.feeds import Feed
    from ircal.plan import Plan
    from ircal.service.in_force import InForce, Wanted
    from ircal.service.pushing import Opened
    from ircal.service.runs.account import Account
    from ircal.service.runs.holding import Halt
    from ircal.service.triggers import Triggers
    from ircal.settings import Settings
    from ircal.store import Store
    from ircal.web.desk import CalendarState, RunTold

log = logging.getLogger(__name__)

_PATIENCE = timedelta(seconds=20)
"""For how long a run is waited for that is at the calendar just then."""


class DeskHands:
    """One thread for what is looked up and one for what may take long, with an account each; for any number of desks.

    `opened` opens an account for one thread; `store` is the whole one. What is held is renewed for as long as these are
    there, whatever becomes of the desk.
    """

    def __init__(self, settings: Settings, store: Store, opened: Opened, clock: Callable[[], datetime]) -> None:
        self.accounts = Accounts(partial(opened, settings, store))
        self.looking = ThreadPoolExecutor(1, "ircal-desk-looks")
        self.working = ThreadPoolExecutor(1, "ircal-desk-works")
        self.holds = Holds(store, clock)

    def close(self) -> None:
        """Let go of the accounts, once nothing is under way."""
        for threads in (self.looking, self.working):
            threads.shutdown(cancel_futures=True)
        self.accounts.close()
        self.holds.close()


class RunDesk:
    """A `SyncDesk` of one programme, on what the service remembers of it.

    `within` is what stands before the ids of its calendars in the whole store, where `store` is a part of one.
    `stop` halts what is under way, and `is_stopping` is true before that.
    """

    def __init__(  # noqa: PLR0913 made in one place, by name
        self,
        settings: Settings,
        store: Store,
        in_force: InForce,
        triggers: Triggers,
        *,
        hands: DeskHands,
        within: str,
        clock: Callable[[], datetime],
        stop: Halt,
        is_stopping: Callable[[], bool],
    ) -> None:
        self._settings = settings
        self._store = store
        self._in_force = in_force
        self._triggers = triggers
        self._clock = clock
        self._stop = stop
        self._is_stopping = is_stopping
        self._accounts, self._looking, self._working = hands.accounts, hands.looking, hands.working
        self._holds = hands.holds
        self._within = within

    # --------------------------------------------------------------------------------------------------- to look at
    def calendars(self) -> tuple[CalendarState, ...]:
        """Every calendar that is in Google, by name."""
        wanted = self._in_force.wanted
        if wanted is None:
            return ()
        known = Remembered.of(self._store, self._clock())
        told = self._looking.submit(self._told_by_account, wanted).result()
        feeds = sorted((wanted.feeds[name] for name in wanted.pushed), key=lambda feed: feed.calendar.name)
        return tuple(known.state(feed, told) for feed in feeds)

    def _told_by_account(self, wanted: Wanted) -> ByAccount:
        """Why nothing is asked at all, if that is so, and what Google does not take."""
        try:
            account = self._accounts.mine()
        except IrcalError as error:
            return ByAccount(f"{error.message} {error.remedy}".strip(), "", {})
        held = {name: account.held(wanted.feeds[name], wanted) for name in wanted.pushed}
        return ByAccount("", account.resting(), held)

    def runs(self, limit: int, calendar: str = "") -> tuple[RunTold, ...]:
        """The newest runs, newest first."""
        return tuple(run_told(each) for each in self._store.runs(limit, calendar or None))

    def journal(self, limit: int, calendar: str = "") -> tuple[JournalLine, ...]:
        """The newest lines, newest first."""
        found = self._store.journal(limit, calendar or None)
        titles = self._titles({each.calendar for each in found})
        return tuple(
            JournalLine(each.at, each.calendar, each.change, each.outcome, each.run, titles.get(_uid(each.change), ""))
            for each in found
        )

    def _titles(self, calendars: Collection[str]) -> dict[str, str]:
        """What the events of some calendars are called, by UID."""
        wanted = self._in_force.wanted
        feeds = [wanted.feeds[name] for name in calendars if name in wanted.feeds] if wanted else []
        return {series.uid: series.details.summary for feed in feeds for series in feed.series}

    def mark(self) -> str | None:
        """What is another one whenever anything here has changed."""
        if self._is_stopping():
            return None
        known = Remembered.of(self._store, self._clock())
        parts = (
            sorted((each.calendar, each.generation) for each in known.due.values()),
            sorted((each.calendar, each.id, each.state) for each in known.last.values()),
            sorted(known.held),
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    def plan(self, calendar: str) -> PlanTold:
        """What a run would do now. Raises KeyError."""
        wanted, feed = self._feed(calendar)
        return self._working.submit(self._plan, wanted, feed).result()

    def _plan(self, wanted: Wanted, feed: Feed) -> PlanTold:
        name = feed.calendar.name
        try:
            found = self._looked(wanted, feed, self._accounts.mine())
        except IrcalError as error:
            return PlanTold(feed.calendar.id, name, "", error=error.message, remedy=error.remedy)
        headline, *lines = str(found).splitlines()
        checksum = found.checksum if found.changes or found.shares else ""
        return PlanTold(feed.calendar.id, name, headline, tuple(lines), checksum, self._refused(found, wanted))

    def _looked(self, wanted: Wanted, feed: Feed, account: Account) -> Plan:
        """The plan of a calendar now. Raises RemoteError."""
        target = account.target(feed, wanted, self._stop)
        targets, failed = with_shares((target,), account)
        [seen] = look(targets)
        if error := seen.error or next((error for _, error in failed), None):
            raise error
        return seen.plan

    def _refused(self, plan: Plan, wanted: Wanted) -> str:
        try:
            guard_of(self._settings, wanted.program, self._clock()).check(plan)
        except GuardRefused as refused:
            return refused.message
        return ""

    # -------------------------------------------------------------------------------------------------- to be done
    def resync(self, calendar: str = "", by: str = "") -> None:
        """Have it compared and mended soon. Raises KeyError, StoreError."""
        if calendar:
            self._feed(calendar)
        log.info("%s asks for %s to be compared and mended.", by, calendar or "all calendars")
        self._triggers.mark([calendar] if calendar else None, "page", by)

    def apply(self, calendar: str, checksum: str, by: str) -> RunTold:
        """Do what the plan with that checksum says, once whoever is at the calendar is done.

        Raises KeyError, GuardRefused, RemoteError, StoreError, and IrcalError where somebody does not come to an end.
        """
        wanted, feed = self._feed(calendar)
        return self._working.submit(self._apply, wanted, feed, checksum, by).result()

    def _apply(self, wanted: Wanted, feed: Feed, checksum: str, by: str) -> RunTold:
        name = feed.calendar.id
        account = self._accounts.mine()
        with self._holds.all([f"{self._within}{name}"], self._stop, lambda _: None, _PATIENCE) as halt:
            # Looked at before a run is recorded: what came too late is no run.
            if checksum_of([self._looked(wanted, feed, account)]) != checksum:
                remedy = "Nothing was written. Look at what would be done now, and agree to that."
                raise GuardRefused("The plan is another one than the one you agreed to.", remedy)
            log.info("%s has agreed to the plan %s of %s.", by, checksum, name)
            guard = guard_of(self._settings, wanted.program, self._clock(), allow_large_changes=True, allow_soon=True)
            order = Order({name: f"applied by {by}"}, guard, reviewed=checksum)
            performed = perform(order, Desk(wanted, account, self._store, self._clock, halt))
            if error := performed.done[0].error:
                raise error
            return run_told(self._store.runs(1, name)[0])

    def _feed(self, calendar: str) -> tuple[Wanted, Feed]:
        """What is in force, and the feed of a calendar that is in Google. Raises KeyError."""
        wanted = self._in_force.wanted
        if wanted is None or calendar not in wanted.pushed:
            raise KeyError(calendar)
        return wanted, wanted.feeds[calendar]


def _uid(change: str) -> str:
    return change.partition(" ")[2]
