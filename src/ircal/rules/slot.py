"""A slot: one session of a conference while the rules work on it.

It begins as the nominal date of a rule, or a line of a list (`ircal.rules.nominal`), and is handed from rule to rule
(`ircal.rules.slots`); each returns a changed copy with one more step of provenance. The nominal moment never changes:
it is the session's identity.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from ircal.model.place import NOWHERE, Place
from ircal.rules.clock import at, span

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from ircal.model.schedule import Step
    from ircal.model.values import ClockRange


class Slot(NamedTuple):
    """One session: its identity (`nominal`), its day and clock time (None: all day, to `last`), and what it says.

    `presenter_place` is where the presenter was named, for one that was not chosen by turn. Where there are `entrants`,
    it is for them and not for other residents.
    """

    nominal: date | datetime
    nominal_day: date
    day: date
    clock: ClockRange | None
    last: date | None = None
    name: str = ""
    topic: str = ""
    speaker: str = ""
    presenter: str = ""
    presenter_place: Place = NOWHERE
    site: str = ""
    room: str = ""
    link: str = ""
    description: str = ""
    cancelled: bool = False
    replaced: bool = False
    excused: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    entrants: frozenset[str] = frozenset()
    steps: tuple[Step, ...] = ()
    timed_at: Place = NOWHERE
    """Where its day and clock time are written."""

    def on(self, day: date, zone: ZoneInfo) -> Slot:
        """The same for another day of its rule."""
        return Slot(at(day, self.clock.start, zone) if self.clock else day, day, day, *self[3:])

    def span(self, zone: ZoneInfo) -> tuple[date | datetime, date | datetime]:
        """Start and (exclusive) end: zone-aware moments, or dates when it takes whole days."""
        if self.clock is None:
            return self.day, (self.last or self.day) + timedelta(days=1)
        return span(self.day, self.clock, zone)
