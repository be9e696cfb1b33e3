"""The programme in force: the last one that was good, what it says of every calendar, and how a newer one replaces it.

A configuration is read, checked and worked out aside. If anything about it is wrong, its problems are remembered, shown
and logged, and what was good before stays in force; so it does when the files changed while they were read, which is
how half a file looks. What is good is taken over as a whole, by one assignment.

The last good configuration is also kept in the store, so that it is in force after a restart too, be the folder broken
by then. Another process may ask the store alone (`Kept` gives it what is in force there).
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ircal.config import load_packed, pack
from ircal.errors import IrcalError, Problem, ProgramError, StoreError
from ircal.model.place import Place
from ircal.recall import Recall
from ircal.rules.publication import published
from ircal.service.build import default_window, publishable_feeds
from ircal.tracing import span
from ircal.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime
    from pathlib import Path

    from ircal.feeds import Feed
    from ircal.model.program import Program, Window
    from ircal.store import KeptProgramme

log = logging.getLogger(__name__)

_HERE = Place("ircal")
"""For problems that are not the configuration's."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What calendars should say: the programme, the day that it was worked out for (in its time zone), and every feed.

    `shown` is the programme without what is not published yet on that day.
    """

    program: Program
    shown: Program
    day: date
    window: Window
    feeds: Mapping[str, Feed]

    def differing(self, before: Wanted | None) -> list[str]:
        """The calendars that are in Google by this or the former programme, and of which the two say different things.

        Of one that is no longer there nothing is said: what is on it stays, until somebody takes it off by hand.
        """
        former = before.feeds if before else {}
        return [name for name, feed in self.feeds.items() if feed.calendar.google and feed != former.get(name)]

    @property
    def pushed(self) -> list[str]:
        """The calendars that are in Google."""
        return [name for name, feed in self.feeds.items() if feed.calendar.google]


class LastGood(Protocol):
    """Where the last good configuration is kept."""

    def keep(self, digest: str, now: datetime) -> None:
        """Keep the configuration that has this digest now. Raises StoreError."""

    def load(self, recall: Recall) -> Program | None:
        """The one that was kept; None where none is. Raises ProgramError, StoreError."""


class Forgetting:
    """Keeps nothing."""

    def keep(self, digest: str, now: datetime) -> None:
        """Forget it."""

    def load(self, recall: Recall) -> Program | None:
        """Know none."""
        del recall
        return None


class SaysWanted(Protocol):
    """Whatever knows what calendars should say."""

    @property
    def wanted(self) -> Wanted | None:
        """It; None while there is no programme."""

    def refresh(self, now: datetime) -> bool:
        """Look for a newer configuration; whether another one is in force now."""


class LookedAfter(Protocol):
    """What is in force, of one programme or of several, as the lookout looks after it; see `InForce`."""

    @property
    def program(self) -> Program | None:
        """The programme, where it is one."""

    @property
    def google(self) -> Mapping[str, str] | None:
        """Google's ids of the calendars that are there, by ours; None while it is not known which there are."""

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing to look at again soon."""

    def refresh(self, now: datetime) -> bool:
        """Look for newer configurations; whether another one is in force now."""


class InForce:
    """The programme in force in this process. It looks for a newer one when it is told to.

    `load` reads the configuration and `digest` says whether it is another one; both may raise ProgramError. `years` is
    the number of academic years that the calendars show. `taken` is told of what is in force now and what was before.
    """

    def __init__(
        self,
        load: Callable[[Recall], Program],
        digest: Callable[[], str],
        years: int,
        last_good: LastGood | None = None,
        taken: Callable[[Wanted, Wanted | None], None] = lambda _now, _before: None,
    ) -> None:
        self._load = load
        self._digest = digest
        self._years = years
        self._last_good = last_good or Forgetting()
        self._taken = taken
        self._recall = Recall()
        self._refreshing = threading.Lock()
        self._wanted: Wanted | None = None
        self._seen: str | None = None
        self._turned: date | None = None
        self.problems: tuple[Problem, ...] = ()
        """What is wrong with the newest configuration; nothing when it is the one in force."""

    @property
    def program(self) -> Program | None:
        """The programme in force; None while there is none."""
        wanted = self._wanted
        return wanted.program if wanted else None

    @property
    def wanted(self) -> Wanted | None:
        """What it says."""
        return self._wanted

    @property
    def google(self) -> Mapping[str, str] | None:
        """Google's ids of the calendars that are there, by ours; None while it is not known which there are."""
        wanted = self._wanted
        return {name: wanted.feeds[name].calendar.google for name in wanted.pushed} if wanted else None

    @property
    def is_settled(self) -> bool:
        """Whether the newest configuration was tried; else something was in the way that may have passed by now."""
        return self._seen is not None

    def refresh(self, now: datetime) -> bool:
        """Take over a configuration that is new, or the same on a new day; whether another one is in force now.

        Nothing is raised: what goes wrong is in `problems` and in the log. A configuration that is wrong is not tried
        again until it changes; a store that fails is asked again the next time.
        """
        with self._refreshing:
            return any(self._tried(step, now) for step in (self._take_new, self._take_kept, self._turn_day))

    def _tried(self, step: Callable[[datetime], bool], now: datetime) -> bool:
        """What the step says; False when it fails, and then what is wrong is remembered."""
        try:
            return step(now)
        except ProgramError as error:
            self._refuse(error.problems)
        except IrcalError as error:
            self._seen = None
            self._refuse([Problem("not-built", error.message, _HERE, error.remedy)])
        except Exception:
            log.exception("The configuration cannot be worked out; this is a fault of ircal.")
            self._refuse([Problem("internal", "ircal failed on this configuration", _HERE, "see the log")])
        return False

    def _take_new(self, now: datetime) -> bool:
        """Read, work out and take over the configuration, if it is another one than the last that was tried."""
        last, self._seen = self._seen, None  # a digest that cannot be had counts as another one
        digest = self._digest()
        self._seen = digest
        if digest == last:
            return False
        with span("ircal.refresh") as facts:
            wanted = self._worked_out(self._load(self._recall), now)
            facts.tell(feeds=len(wanted.feeds))
            if self._digest() != digest:
                self._seen = None
                return False
            self._take(wanted, now, afresh=False)
        self._recall.turn()
        self.problems = ()
        self._keep(digest, now)
        return True

    def _take_kept(self, now: datetime) -> bool:
        """Take over the last good configuration, where the folder had none from the start."""
        if self._wanted is not None or not self.problems:
            return False
        program = self._last_good.load(Recall())
        if program is None:
            return False
        self._take(self._worked_out(program, now), now, afresh=True)
        log.warning("The last good configuration is in force, which was kept.")
        return True

    def _turn_day(self, now: datetime) -> bool:
        """Work out what is in force for another day, if it is one in the programme's time zone."""
        wanted = self._wanted
        if wanted is None or day_of(wanted.program, now) in {wanted.day, self._turned}:
            return False
        self._turned = day_of(wanted.program, now)  # once a day, also when it fails
        self._take(self._worked_out(wanted.program, now), now, afresh=True)
        return True

    def _worked_out(self, program: Program, now: datetime) -> Wanted:
        day = day_of(program, now)
        window, shown = default_window(day, program, self._years), published(program, day)
        return Wanted(program, shown, day, window, publishable_feeds(shown, window, self._recall))

    def _take(self, wanted: Wanted, now: datetime, *, afresh: bool) -> None:
        self._publish(wanted, now, afresh=afresh)
        before, self._wanted = self._wanted, wanted
        self._taken(wanted, before)

    def _publish(self, wanted: Wanted, now: datetime, *, afresh: bool) -> None:
        """Do what must succeed for it to be in force; `afresh` without anything that is known of the former one."""

    def _keep(self, digest: str, now: datetime) -> None:
        try:
            self._last_good.keep(digest, now)
        except StoreError as error:
            log.warning("The configuration cannot be kept for a restart: %s", error)

    def _refuse(self, problems: tuple[Problem, ...] | list[Problem]) -> None:
        """Remember what is wrong, and say it once."""
        if tuple(problems) == self.problems:
            return
        self.problems = tuple(problems)
        served = "what was good before is served on" if self._wanted else "there is nothing to serve yet"
        log.error("The configuration has %s; %s.", count(len(self.problems), "problem"), served)
        for problem in self.problems:
            log.error("%s", problem)


def day_of(program: Program, now: datetime) -> date:
    """The day in the programme's time zone."""
    return now.astimezone(program.settings.zone).date()


class Keeper(Protocol):
    """What is asked of a store here."""

    def keep_programme(self, name: str, digest: str, body: bytes, now: datetime) -> None:
        """Keep a configuration in place of the one before."""

    def programme_digest(self, name: str) -> str | None:
        """The digest of the last one that was kept."""

    def programme(self, name: str) -> KeptProgramme | None:
        """The last one that was kept."""


class Kept:
    """The last good configuration of a folder, in a store, under a name."""

    def __init__(self, store: Keeper, folder: Path, name: str = "programme") -> None:
        self._store = store
        self._folder = folder
        self._name = name

    def keep(self, digest: str, now: datetime) -> None:
        """Keep what the folder holds, unless it is already another configuration than this one."""
        packed = pack(self._folder)
        if packed.digest == digest:
            self._store.keep_programme(self._name, digest, packed.body, now)

    def digest(self) -> str | None:
        """The digest of what was kept. Raises StoreError."""
        return self._store.programme_digest(self._name)

    def load(self, recall: Recall) -> Program | None:
        """The one that was kept."""
        found = self._store.programme(self._name)
        return load_packed(found.body, recall) if found else None
