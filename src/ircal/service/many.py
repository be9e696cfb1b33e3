"""Serving several programmes from one process: the same parts as for one, over a shelf of books.

    /feeds/<secret>.ics                     the secret says whose it is
    /feeds/<programme>/<calendar>.ics       by id, as for one programme
    /public/<programme>/<calendar>.ics
    /programmes/<programme>/...             the pages of one; / is a list of them

The store is the whole one, in which calendars have the programme's name before their id; so they have in the log and
in the figures. Workers, channels and accounts are shared.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from ircal.service.door import TokenDoor
from ircal.service.in_force import LookedAfter, SaysWanted
from ircal.service.runs.visits import Visits
from ircal.service.serving import FeedServer, now_in_utc
from ircal.service.shelf import Shelf, Terms, Told
from ircal.service.shelf_site import ShelfSite
from ircal.store import scope_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from ircal.errors import Problem
    from ircal.service.runs.holding import Hold
    from ircal.service.site import Around, Site
    from ircal.store import KeyRing, Store, Token


class Opens(LookedAfter, SaysWanted, Protocol):
    """Several programmes, each of which can be opened by its name."""

    def opened(self, name: str) -> tuple[Store, SaysWanted] | None:
        """A programme's part of the store, and what is in force of it; None if there is no such programme."""


class ShelfDoor(TokenDoor):
    """A door that knows whose link is of which programme."""

    def __init__(self, keys: KeyRing, shelf: Shelf, days: int, clock: Callable[[], datetime]) -> None:
        super().__init__(keys, shelf, days, clock)
        self._shelf = shelf

    def end_of(self, token: Token) -> datetime | None:
        """From when on it opens nothing, by its own programme; until that is known, by the token alone."""
        name, calendar = scope_of(token.calendar)
        leavers = self._shelf.leavers(name)
        return leavers.end_of(replace(token, calendar=calendar)) if leavers else token.expires


@dataclass(frozen=True)
class ShelfVisits(Visits):
    """The worker that goes to the programme first."""

    in_force: Opens

    def visit(self, calendar: str, hold: Hold) -> None:
        """Make it true if it is due; what is of a programme that is gone is due no more."""
        name, own = scope_of(calendar)
        opened = self.in_force.opened(name)
        if opened:
            store, book = opened
            there = Visits(store, book, self.holds, self.accounts, self.guard, self.clock, self.stop, self.look)
            there.visit(own, hold)
        elif (generation := self.store.begin_due(calendar)) is not None:
            self.store.finish_due(calendar, generation)


class ShelfServer(FeedServer):
    """Everything that serving several programmes takes; see `FeedServer`, but for `book`, of which there are many."""

    def _problems(self) -> Mapping[str, Sequence[Problem]]:
        return {name: problems for name, _, problems in self.shelf.listed()}

    def _made_served(self) -> Shelf:
        settings = self._settings
        terms = Terms(settings.window_years, settings.http.days_after_leaving, settings.programmes_at_hand)
        self.shelf = Shelf(settings.config, self._store, terms, Told(self._lookout.owe, self._changed), now_in_utc)
        return self.shelf

    def _changed(self, programme: str, calendars: Mapping[str, str]) -> None:
        if self._noticing:
            self._noticing.changed(programme, calendars)

    def _made_site(self, around: Around) -> Site:
        return ShelfSite(self._settings, self.shelf, self._door, self.triggers, around)

    def _made_door(self) -> TokenDoor:
        return ShelfDoor(self._keys, self.shelf, self._settings.http.days_after_leaving, now_in_utc)

    def _visits(self) -> Callable[..., Visits]:
        return ShelfVisits

    def _watched(self) -> dict[str, str] | None:
        return super()._watched() if self.shelf.is_complete else None

    def stop(self) -> None:
        self.shelf.stopping = True
        super().stop()
