"""Cycles: which week of the pattern a person is in.

A cycle goes on by the calendar, whatever else the person does, or it pauses over an absence: then only the weeks count
in which they follow it, on one of its working days at least. A week that they are on leave or assigned elsewhere is
passed over, and the pattern goes on where it was left.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ircal.model.rotations import Cycle

_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
_SATURDAY = 5

Days = tuple[date, date]
"""A stretch `[start, end)`."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A cycle as one person follows it; `served` are the first days of the weeks that count, None where all do."""

    cycle: Cycle
    offset: int
    served: tuple[date, ...] | None

    @classmethod
    def by(cls, person: str, cycle: Cycle, days: Iterable[Days]) -> Followed:
        """As it is followed on some stretches of days: those of the assignments to it, without leave."""
        served = tuple(_served(cycle, days)) if cycle.absence == "pause" else None
        return cls(cycle, cycle.offsets.get(person, 0), served)

    def place_on(self, day: date) -> int:
        """The place in the pattern, from 0, of that day's week; of one passed over, that of the next that counts."""
        epoch = self.cycle.epoch
        number = (day - epoch).days // 7
        if self.served is not None:
            number = bisect_left(self.served, epoch + number * _WEEK) - bisect_left(self.served, epoch)
        return (number + self.offset) % len(self.cycle.weeks)

    def weeks_of(self, start: date, end: date) -> Iterator[Days]:
        """The days `[start, end)` by the weeks of the cycle; the outer ones may be cut."""
        first = self.cycle.epoch + (start - self.cycle.epoch).days // 7 * _WEEK
        while first < end:
            yield max(first, start), min(first + _WEEK, end)
            first += _WEEK


def _served(cycle: Cycle, days: Iterable[Days]) -> list[date]:
    found: set[date] = set()
    for start, end in days:
        first = cycle.epoch + (start - cycle.epoch).days // 7 * _WEEK
        while first < end:
            inside = range((min(first + _WEEK, end) - max(first, start)).days)
            if any((max(first, start) + number * _DAY).weekday() < _SATURDAY for number in inside):
                found.add(first)
            first += _WEEK
    return sorted(found)
