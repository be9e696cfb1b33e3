"""Stretches: rotations held on days in a row, and rows of them in order of time, without overlap.

A row is laid in coats: where two hold a day, the later coat covers the earlier one.
"""

from __future__ import annotations

from bisect import bisect_right
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from ircal.model.schedule import Step

_start, _end = attrgetter("start"), attrgetter("end")


class Stretch(NamedTuple):
    """One rotation held on the days `[start, end)`, with the chain of what put it there."""

    start: date
    end: date
    rotation: str
    steps: tuple[Step, ...] = ()

    def within(self, start: date, end: date) -> Stretch:
        """The part of it inside `[start, end)`; only to be asked when they overlap."""
        if start <= self.start and self.end <= end:
            return self
        return self._replace(start=max(self.start, start), end=min(self.end, end))


def stretch_on(row: Sequence[Stretch], day: date) -> Stretch | None:
    """The stretch of a row that holds the day."""
    index = bisect_right(row, day, key=_start) - 1
    return row[index] if index >= 0 and day < row[index].end else None


def lay_over(row: list[Stretch], coat: Stretch) -> None:
    """Lay one more stretch over a row, which is altered: of what it covers only the days outside are left."""
    first = last = bisect_right(row, coat.start, key=_end)
    while last < len(row) and row[last].start < coat.end:
        last += 1
    left = [piece for stretch in row[first:last] for piece in _outside(stretch, coat.start, coat.end)]
    row[first:last] = sorted([*left, coat], key=_start)


def cut_out(stretch: Stretch, holes: Iterable[tuple[date, date]]) -> list[Stretch]:
    """What is left of a stretch when the days of some `[start, end)` holes are taken out."""
    pieces = [stretch]
    for start, end in holes:
        if start < stretch.end and stretch.start < end:
            pieces = [part for piece in pieces for part in _outside(piece, start, end)]
    return pieces


def _outside(piece: Stretch, start: date, end: date) -> Iterator[Stretch]:
    if end <= piece.start or piece.end <= start:
        yield piece
        return
    if piece.start < start:
        yield piece._replace(end=start)
    if end < piece.end:
        yield piece._replace(start=end)


def joined(row: Iterable[Stretch]) -> list[Stretch]:
    """Neighbours with the same rotation become one stretch that remembers where all its parts came from."""
    found: list[Stretch] = []
    for stretch in row:
        last = found[-1] if found else None
        if last and last.end == stretch.start and last.rotation == stretch.rotation:
            steps = last.steps + tuple(step for step in stretch.steps if step not in last.steps)
            found[-1] = last._replace(end=stretch.end, steps=steps)
        else:
            found.append(stretch)
    return found
