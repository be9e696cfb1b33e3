"""The last good edition of all feeds, and how it is replaced.

A configuration that is wrong never reaches a phone, see `in_force`. An edition is replaced as a whole, by one
assignment, so a reader sees the old one or the new one.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from ircal.service.build import Before, build_feeds
from ircal.service.in_force import InForce
from ircal.web import FeedResource, Health

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from ircal.model.program import Program
    from ircal.recall import Recall
    from ircal.service.build import BuiltFeed, Revisions
    from ircal.service.in_force import LastGood, Wanted

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Edition:
    """What is served: what was wanted, and the feeds that were built of it."""

    wanted: Wanted
    built: Mapping[str, BuiltFeed]
    resources: Mapping[str, FeedResource]


class FeedBook(InForce):
    """A `FeedSource` that keeps itself up to date when it is told to look: the programme in force, and its feeds.

    `store` gives the revisions; the rest is as for `InForce`.
    """

    def __init__(  # noqa: PLR0913, PLR0917 made in one place
        self,
        load: Callable[[Recall], Program],
        digest: Callable[[], str],
        store: Revisions,
        years: int,
        last_good: LastGood | None = None,
        taken: Callable[[Wanted, Wanted | None], None] = lambda _now, _before: None,
    ) -> None:
        super().__init__(load, digest, years, last_good, taken)
        self._store = store
        self.edition: Edition | None = None
        """What is served, as a whole; None while there is nothing."""

    def feed(self, calendar: str) -> FeedResource | None:
        """The feed of a calendar as it was when it was last good; None if there is no such calendar."""
        edition = self.edition
        return edition.resources.get(calendar) if edition else None

    def is_away(self, calendar: str) -> bool:
        """Never: the programme is at hand, or there is none."""
        del calendar
        return False

    def fetch(self, calendar: str) -> None:
        """Nothing is away."""

    def changed(self) -> dict[str, datetime]:
        """By calendar, when its feed changed last."""
        edition = self.edition
        return {name: each.last_modified for name, each in edition.resources.items()} if edition else {}

    def health(self) -> Health:
        """Whether there is a programme, how many feeds it has, and how many problems a newer one has."""
        edition = self.edition
        return Health(edition is not None, len(edition.resources) if edition else 0, len(self.problems))

    def programmes(self) -> dict[str, Health]:
        """The same, as that of the one programme that there is, which needs no name."""
        return {"": self.health()}

    def _publish(self, wanted: Wanted, now: datetime, *, afresh: bool) -> None:
        """Build the edition. On a new day the store is asked for everything: what was removed is told for a time."""
        former = self.edition
        before = Before(former.built if former and not afresh else {}, self._recall)
        built = build_feeds(wanted.shown, wanted.window, self._store, now, before)
        served = former.resources if former else {}
        resources = {name: _resource(each, served.get(name)) for name, each in built.items()}
        self.edition = Edition(wanted, MappingProxyType(built), MappingProxyType(resources))
        log.info("%d feeds, from %s to %s.", len(resources), wanted.window.start, wanted.window.end)


def _resource(built: BuiltFeed, before: FeedResource | None) -> FeedResource:
    """The feed as it is served; the former one, with what it has been sent as, if nothing is different."""
    calendar = built.feed.calendar
    resource = FeedResource(calendar.id, built.body, built.last_modified, calendar.public)
    return before if before == resource else resource
