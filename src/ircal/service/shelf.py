"""The shelf: the books of several programmes, of which those that were asked for lately are at hand.

A programme in full takes some megabytes, so of very many only some are kept at hand. Of every other it is remembered
what its digest was, which calendars it has in Google, and whose links end when. It is fetched when somebody asks for
one of its feeds, when a worker comes to one of its calendars, and when its files or the day are others than they were;
then the one that was not asked for longest is let go.

Each has its own book, its own part of the store and its own last good configuration: what is wrong with one is told
under its name, and harms no other. A programme whose folder is gone stays until the service is started again: a folder
that is being replaced is gone for a moment.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ircal.config import load, programmes_in
from ircal.errors import ProgramError
from ircal.logs import bound
from ircal.service.away import Remembered
from ircal.service.book import FeedBook
from ircal.service.folder import FolderDigest
from ircal.service.in_force import Kept
from ircal.store import ScopedStore, key_of, scope_of
from ircal.web import Health

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime
    from pathlib import Path

    from ircal.errors import Problem
    from ircal.model.program import Program
    from ircal.service.in_force import Wanted
    from ircal.service.leavers import Leavers
    from ircal.service.triggers import Cause
    from ircal.store import Store
    from ircal.web import FeedResource

log = logging.getLogger(__name__)


class Terms(NamedTuple):
    """How programmes are kept: academic years that calendars show, days that links outlive, how many are at hand."""

    years: int
    days_after_leaving: int
    at_hand: int


class Told(NamedTuple):
    """Who is told what changes, by the keys of calendars.

    `due` is told which calendars are due now; `changed` of which the configuration of a programme says something else,
    each with a digest of what it says.
    """

    due: Callable[[Collection[str], Cause], None]
    changed: Callable[[str, Mapping[str, str]], None]


@dataclass
class _Programme:
    """One programme. Whoever works on it holds `working`."""

    name: str
    folder: Path
    store: ScopedStore
    digest: FolderDigest
    working: threading.RLock = field(default_factory=threading.RLock)
    book: FeedBook | None = None
    remembered: Remembered | None = None
    problems: tuple[Problem, ...] = ()

    def is_other(self, now: datetime) -> bool:
        """Whether its files, or the day, are others than is remembered."""
        known = self.remembered
        if known is None:
            return True
        try:
            return not known.is_of(self.digest(), now)
        except ProgramError:
            return False


class Shelf:
    """The programmes in a folder of several: a `FeedSource`, and what is in force, as the lookout looks after it.

    `store` is the whole one; calendars are called by their keys there. `told` is told what changes.
    """

    def __init__(
        self,
        folder: Path,
        store: Store,
        terms: Terms,
        told: Told,
        clock: Callable[[], datetime],
    ) -> None:
        self._folder = folder
        self._store = store
        self._terms = terms
        self._told = told
        self._clock = clock
        self._moving = threading.Lock()
        self._programmes: dict[str, _Programme] = {}
        self._at_hand: OrderedDict[str, None] = OrderedDict()
        self._misnamed: tuple[Problem, ...] = ()
        self.is_complete = False
        """Whether each programme was looked at once, so that it is known which calendars there are."""
        self.stopping = False
        self._look_for_programmes()

    # ------------------------------------------------------------------------------------------- as a source of feeds

    def feed(self, calendar: str) -> FeedResource | None:
        """The feed of a calendar by its key; None if there is none, or its programme is not at hand."""
        name, own = scope_of(calendar)
        one = self._programmes.get(name)
        book = one.book if one else None
        if book is None:
            return None
        with self._moving:
            if name in self._at_hand:
                self._at_hand.move_to_end(name)
        return book.feed(own)

    def is_away(self, calendar: str) -> bool:
        """Whether its programme is there, and not at hand."""
        one = self._programmes.get(scope_of(calendar)[0])
        return one is not None and (one.book is None or one.book.wanted is None)

    def fetch(self, calendar: str) -> None:
        """Have its programme at hand, if it can be."""
        self.opened(scope_of(calendar)[0])

    def health(self) -> Health:
        """Whether there are programmes, how many feeds are at hand, and how many problems there are in all."""
        ones = list(self._programmes.values())
        feeds = sum(one.book.health().feeds for one in ones if one.book)
        return Health(bool(ones), feeds, len(self.problems))

    def programmes(self) -> dict[str, Health]:
        """How each is, by name: whether it was ever right, and what is wrong with its newest files."""
        ones = list(self._programmes.values())
        return {
            one.name: Health(
                one.remembered is not None, len(one.remembered.says) if one.remembered else 0, len(one.problems)
            )
            for one in ones
        }

    def changed(self) -> dict[str, datetime]:
        """By key, when a feed that is at hand changed last."""
        books = [(one.name, one.book) for one in list(self._programmes.values())]
        return {key_of(name, own): at for name, book in books if book for own, at in book.changed().items()}

    def leavers(self, name: str) -> Leavers | None:
        """Whose links of a programme end when; None while that is not known."""
        one = self._programmes.get(name)
        return one.remembered.leavers if one and one.remembered else None

    def listed(self) -> list[tuple[str, str, tuple[Problem, ...]]]:
        """Every programme: its name, its title as far as that is known, and what is wrong with its newest files."""
        ones = list(self._programmes.values())
        return [(one.name, one.remembered.title if one.remembered else "", one.problems) for one in ones]

    def folder(self, name: str) -> Path:
        """Where the files of a programme are. Raises KeyError."""
        return self._programmes[name].folder

    def has_at_hand(self, name: str, book: FeedBook) -> bool:
        """Whether a book is still that of a programme."""
        one = self._programmes.get(name)
        return one is not None and one.book is book

    # ------------------------------------------------------------------------------------------------ as it is in force

    @property
    def program(self) -> Program | None:
        """None: there are several."""
        return None

    @property
    def wanted(self) -> Wanted | None:
        """None: each has its own."""
        return None

    @property
    def google(self) -> Mapping[str, str]:
        """Google's ids of the calendars that are there, by their keys, of the programmes that were looked at."""
        ones = list(self._programmes.values())
        return {key: there for one in ones if one.remembered for key, there in one.remembered.google.items()}

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing to look at again soon."""
        return all(one.book.is_settled for one in list(self._programmes.values()) if one.book)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the newest configuration of each."""
        return (*self._misnamed, *(each for one in list(self._programmes.values()) for each in one.problems))

    def opened(self, name: str) -> tuple[Store, FeedBook] | None:
        """A programme's part of the store and its book, at hand from now on; None if there is no such programme."""
        one = self._programmes.get(name)
        if one is None:
            return None
        with one.working:
            book = self._book_of(one)
            if book.wanted is None:
                self._refresh(one, book, self._clock())
        if book.wanted is not None:
            self._put_at_hand(one)
        return one.store, book

    def refresh(self, now: datetime) -> bool:
        """Look at every programme, at hand or not; whether one of them says something else now.

        One that is only looked at takes nobody's place.
        """
        self._look_for_programmes()
        changed = False
        for one in list(self._programmes.values()):
            if self.stopping:
                return changed
            with one.working:
                if one.book or one.is_other(now):
                    changed |= self._looked_at(one, now)
        self.is_complete = True
        return changed

    def _look_for_programmes(self) -> None:
        found = programmes_in(self._folder)
        if found.problems != self._misnamed:
            self._misnamed = found.problems
            for problem in found.problems:
                log.error("%s", problem)
        for name, folder in found.folders.items():
            if name not in self._programmes:
                part = ScopedStore(self._store, name)
                self._programmes[name] = _Programme(name, folder, part, FolderDigest(folder))

    def _looked_at(self, one: _Programme, now: datetime) -> bool:
        was_there = one.book is not None
        book = self._book_of(one)
        changed = self._refresh(one, book, now)
        if not was_there and book.wanted is not None:
            if len(self._at_hand) < self._terms.at_hand:
                self._put_at_hand(one)
            else:
                one.book = None
        return changed

    def _book_of(self, one: _Programme) -> FeedBook:
        if one.book is None:
            kept = Kept(one.store, one.folder)
            taken = partial(self._taken, one)
            one.book = FeedBook(partial(load, one.folder), one.digest, one.store, self._terms.years, kept, taken)
        return one.book

    def _refresh(self, one: _Programme, book: FeedBook, now: datetime) -> bool:
        with bound(programme=one.name):
            changed = book.refresh(now)
        one.problems = book.problems
        return changed

    def _put_at_hand(self, one: _Programme) -> None:
        with self._moving:
            self._at_hand[one.name] = None
            self._at_hand.move_to_end(one.name)
            while len(self._at_hand) > self._terms.at_hand:
                oldest, _ = self._at_hand.popitem(last=False)
                self._programmes[oldest].book = None

    def _taken(self, one: _Programme, wanted: Wanted, before: Wanted | None) -> None:
        """Remember what is in force, and tell what is due by it."""
        was = one.remembered
        edition = one.book.edition if one.book else None
        days = self._terms.days_after_leaving
        one.remembered = now = Remembered.of(one.name, wanted, edition, one.digest.last, days)
        names: Collection[str] = ()
        cause: Cause = "programme"
        if before is not None:
            names = wanted.differing(before)
            cause = "midnight" if before.program is wanted.program else "programme"
        elif was is None:
            names, cause = wanted.pushed, "start"
        elif (was.digest, was.day) != (now.digest, now.day):  # what it said before is not at hand to compare
            names = wanted.pushed
        if names:
            self._told.due([key_of(one.name, name) for name in names], cause)
        is_other = before.program is not wanted.program if before else was and was.digest != now.digest
        if was and is_other:
            self._told.changed(one.name, now.differing(was))
