"""What a plan does to what starts soon: to people who have looked at their calendar already and set out by it.

Counted is what would vanish, and what would be held at another time; not what another event takes the place of, at the
same time. A date that is left out of a series which goes on, or that the programme calls cancelled, was decided for
that date: a snow day, somebody who is ill. That is no accident of a file, and not counted. Neither are texts and rooms.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from ircal.plan.changes import Create, Delete, Update
from ircal.plan.occasions import exceptional, moment, occurrences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ircal.model.series import Override, Series
    from ircal.plan.changes import Change, Owned

_Times = tuple[date | datetime, date | datetime]

_ORDINARY = ("FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY")
_WITHIN_A_DAY = ("BYHOUR=", "BYMINUTE=", "BYSECOND=")
_PUT_FORWARD = timedelta(days=31)
"""By how much an occurrence may have been put forward and still be found."""


@dataclass(frozen=True, slots=True)
class Soon:
    """A stretch of time; both ends are aware, in the zone in which whole days begin."""

    opens: datetime
    closes: datetime

    def there(self, managed: Iterable[Owned]) -> int:
        """How many occurrences of what is there start in it."""
        return sum(len(self._of(owned)) for owned in managed)

    def disturbed(self, changes: Sequence[Change]) -> int:
        """How many of them would vanish, or be held at another time."""
        lost = [times for change in changes for times in self._lost(change)]
        if not lost:
            return 0
        new = (change.series for change in changes if isinstance(change, Create))
        taken = {_times(each) for series in new for each in self._near(series)}
        return sum(times not in taken for times in lost)

    def _lost(self, change: Change) -> Iterator[_Times]:
        """When that is which a change takes away, be it to another time."""
        if isinstance(change, Delete) and not change.cancelled:
            yield from map(_times, self._of(change.owned))
        elif isinstance(change, Update) and change.moves:
            left_out = {original for original, override in exceptional(change.series).items() if override is None}
            after = {_times(each) for each in self._near(change.series)}
            for each in self._of(change.owned):
                if moment(each.recurrence_id) not in left_out and _times(each) not in after:
                    yield _times(each)

    def _of(self, owned: Owned) -> list[Override]:
        """Its occurrences that start in it, as far as they can be told: a rule from elsewhere may be anything."""
        if owned.copied or owned.shown is None or not _ordinary(owned.shown.rrule):
            return []
        try:
            return [each for each in self._near(owned.shown) if self.opens <= self._at(each.start) < self.closes]
        except ValueError:  # no rule, whatever it says
            return []

    def _near(self, series: Series) -> Iterator[Override]:
        """The occurrences of a series up to the end of the stretch, and some more: one may have been put forward."""
        for each in occurrences(series):
            if self._at(each.recurrence_id) > self.closes + _PUT_FORWARD:
                return
            yield each

    def _at(self, start: date | datetime) -> datetime:
        return start if isinstance(start, datetime) else datetime.combine(start, time.min, self.opens.tzinfo)


def _times(occurrence: Override) -> _Times:
    return moment(occurrence.start), moment(occurrence.end)


def _ordinary(rule: str) -> bool:
    said = rule.upper()
    return not said or (any(each in said for each in _ORDINARY) and not any(each in said for each in _WITHIN_A_DAY))
