"""The last good edition of all feeds, and how it is replaced.

A configuration that is wrong never reaches a phone: its problems are remembered, shown and logged, and what was good
before is served on. An edition is replaced as a whole, by one assignment, so a reader sees the old one or the new one.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from ircal.errors import IrcalError, Problem, ProgramError
from ircal.model.place import Place
from ircal.recall import Recall
from ircal.rules.publication import published
from ircal.service.build import Before, build_feeds, default_window, publishable_feeds
from ircal.web import FeedResource, Health

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from ircal.model.program import Program
    from ircal.service.build import BuiltFeed, Revisions

log = logging.getLogger(__name__)

_HERE = Place("ircal")
"""For problems that are not the configuration's."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What is served: the programme, the day for which it was built (in its time zone), and its feeds."""

    program: Program
    day: date
    built: Mapping[str, BuiltFeed]
    resources: Mapping[str, FeedResource]


class FeedBook:
    """A `FeedSource` that keeps itself up to date when it is told to look.

    `load` reads the configuration and `digest` says whether it is another one; both may raise ProgramError. `years` is
    the number of academic years that the calendars show.
    """

    def __init__(
        self, load: Callable[[Recall], Program], digest: Callable[[], str], store: Revisions, years: int
    ) -> None:
        self._load = load
        self._digest = digest
        self._store = store
        self._years = years
        self._recall = Recall()
        self._refreshing = threading.Lock()
        self._edition: Edition | None = None
        self._seen: str | None = None
        self._turned: date | None = None
        self.problems: tuple[Problem, ...] = ()
        """What is wrong with the newest configuration; nothing when it is the one that is served."""

    @property
    def program(self) -> Program | None:
        """The programme in force; None while there is none."""
        edition = self._edition
        return edition.program if edition else None

    @property
    def edition(self) -> Edition | None:
        """What is served as a whole; None while there is nothing."""
        return self._edition

    def feed(self, calendar: str) -> FeedResource | None:
        """The feed of a calendar as it was when it was last good; None if there is no such calendar."""
        edition = self._edition
        return edition.resources.get(calendar) if edition else None

    def health(self) -> Health:
        """Whether there is a programme, how many feeds it has, and how many problems a newer one has."""
        edition = self._edition
        return Health(edition is not None, len(edition.resources) if edition else 0, len(self.problems))

    def refresh(self, now: datetime) -> bool:
        """Take over a configuration that is new, or the same on a new day; whether another edition is served now.

        Nothing is raised: what goes wrong is in `problems` and in the log. A configuration that is wrong is not tried
        again until it changes; a store that fails is asked again the next time.
        """
        with self._refreshing:
            return self._tried(self._take_new, now) or self._tried(self._turn_day, now)

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
        """Read, build and take over the configuration, if it is another one than the last that was tried."""
        last, self._seen = self._seen, None  # a digest that cannot be had counts as another one
        digest = self._digest()
        self._seen = digest
        if digest == last:
            return False
        self._build(self._load(self._recall), now, self._edition.built if self._edition else {})
        self._recall.turn()
        self.problems = ()
        return True

    def _turn_day(self, now: datetime) -> bool:
        """Build what is served for another day, if it is one in the programme's time zone."""
        edition = self._edition
        if edition is None or _day(edition.program, now) in {edition.day, self._turned}:
            return False
        self._turned = _day(edition.program, now)  # once a day, also when it fails
        self._build(edition.program, now, {})  # the store is asked for everything: what was removed is told for a time
        return True

    def _build(self, program: Program, now: datetime, previous: Mapping[str, BuiltFeed]) -> None:
        day = _day(program, now)
        window, shown = default_window(day, program, self._years), published(program, day)
        publishable_feeds(shown, window, self._recall)  # refused before the store hears of it; kept in the recall
        built = build_feeds(shown, window, self._store, now, Before(previous, self._recall))
        served = self._edition.resources if self._edition else {}
        resources = {name: _resource(each, served.get(name)) for name, each in built.items()}
        self._edition = Edition(program, day, MappingProxyType(built), MappingProxyType(resources))
        log.info("%d feeds, from %s to %s.", len(resources), window.start, window.end)

    def _refuse(self, problems: tuple[Problem, ...] | list[Problem]) -> None:
        """Remember what is wrong, and say it once."""
        if tuple(problems) == self.problems:
            return
        self.problems = tuple(problems)
        served = "what was good before is served on" if self._edition else "there is nothing to serve yet"
        count = len(self.problems)
        log.error("The configuration has %d problem%s; %s.", count, "" if count == 1 else "s", served)
        for problem in self.problems:
            log.error("%s", problem)


def _resource(built: BuiltFeed, before: FeedResource | None) -> FeedResource:
    """The feed as it is served; the former one, with what it has been sent as, if nothing is different."""
    calendar = built.feed.calendar
    resource = FeedResource(calendar.id, built.body, built.last_modified, calendar.public)
    return before if before == resource else resource


def _day(program: Program, now: datetime) -> date:
    return now.astimezone(program.settings.zone).date()
