"""Why something is on somebody's calendar on a day, and something else is not: the engine's own explanation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ircal.explain import Known, explain
from ircal.feeds import Feed
from ircal.model.program import Calendar

if TYPE_CHECKING:
    from datetime import date

    from ircal.explain import Explained
    from ircal.views.ground import Ground


def why_on(person: str, day: date, ground: Ground) -> Explained:
    """The explanation of a day on the person's own calendar, or on one that they would have."""
    feed = _feed(person, ground)
    return explain(ground.schedule, feed.calendar, day, known=Known(ground.roster, ground.facts.horizon, feed))


def _feed(person: str, ground: Ground) -> Feed:
    calendar = ground.calendar_of(person)
    published = ground.published.get(calendar.id) if calendar else None
    if published:
        return published.feed
    calendar = Calendar(id=person, name=ground.program.people[person].name, kind="resident", of=person)
    return Feed(calendar, ground.concerning(person), ())
