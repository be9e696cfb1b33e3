"""Drift: what somebody else did to our events, and what a calendar wants done about it.

    repair      it is put right (the usual)
    keep        it stays; the programme changes that event or occurrence no more, until somebody undoes what they did
    report      it stays until the programme itself changes that event

Whatever is done, it is told. Copies of our events are removed on every calendar: nobody is in two rooms at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ircal.plan.changes import Update
from ircal.plan.occasions import repairs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ircal.model.program import Drifting
    from ircal.model.series import Series
    from ircal.plan.changes import Owned


@dataclass(frozen=True, slots=True)
class Drift:
    """An event, or one occurrence of it by its original start, that is not as we left it; `left` if it stays so."""

    uid: str
    series: Series
    original: date | datetime | None
    gone: bool
    left: bool

    @property
    def day(self) -> date:
        """The day (wall clock of the series) on which the programme has it."""
        at = self.original or self.series.start
        if not isinstance(at, datetime):
            return at
        start = self.series.start
        return at.astimezone(start.tzinfo).date() if isinstance(start, datetime) else at.date()

    def __str__(self) -> str:
        """`2026-09-09 Journal club was changed by hand, and is put right`."""
        of = "one date of " if self.original else ""
        done = "stays so" if self.left else "is put right"
        was = "deleted" if self.gone else "changed"
        return f"{self.day}  {of}{self.series.details.summary} was {was} by hand, and {done}"


def update_of(owned: Owned, series: Series, drifting: Drifting) -> Update | None:
    """What it takes to bring one event up to date, if anything; what stays as somebody else left it is spared."""
    same = owned.digest == series.digest
    spare = _spared(owned, series, drifting)
    if owned.edited and spare:
        return None
    if same and not owned.edited and not repairs(series, owned.exceptions, spare=spare):
        return None
    return Update(owned, series, spare=spare)


def stays_away(owned: Owned, series: Series, drifting: Drifting) -> bool:
    """Whether an event that somebody else deleted is not made again."""
    return owned.deleted and _spared(owned, series, drifting)


def drifts(owned: Owned, series: Series, drifting: Drifting) -> Iterator[Drift]:
    """What somebody else did to one event that is wanted."""
    left = _spared(owned, series, drifting)
    if owned.deleted or owned.edited:
        yield Drift(series.uid, series, None, owned.deleted, left)
    if not owned.deleted:
        for repair in repairs(series, owned.exceptions):
            if repair.known and repair.known.by_hand:
                spared = left and repair.override is not None
                yield Drift(series.uid, series, repair.original, repair.known.cancelled, spared)


def _spared(owned: Owned, series: Series, drifting: Drifting) -> bool:
    return drifting == "keep" or (drifting == "report" and owned.digest == series.digest)
