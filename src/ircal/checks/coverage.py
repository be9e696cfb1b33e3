"""Whether there are enough people, and not too many, where the programme wants them, on every working day.

Counted are those whom the entry's audience matches on the day and who are not on leave. Days that are not planned yet
are not judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ircal.checks.finding import Finding
from ircal.rules.audience import matches
from ircal.rules.nominal import within_season

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ircal.checks.ground import Ground
    from ircal.model.checks import Coverage
    from ircal.rules.standings import Muster


class Count(NamedTuple):
    """How many are there on a day."""

    day: date
    there: int


def coverage(ground: Ground) -> Iterator[Finding]:
    """Each day with fewer or more people than an entry of `checks.coverage` wants."""
    for entry in ground.program.checks.coverage.values():
        for day, there in counts(entry, ground):
            if there < entry.min:
                what = f"{entry.label}: {there or 'nobody'} instead of at least {entry.min}"
                hint = "assign somebody else, or agree on the hole and suppress it with the reason"
                yield Finding("coverage-low", what, entry.place, hint, days=(day, day), of=(entry.id,))
            elif entry.max is not None and there > entry.max:
                what = f"{entry.label}: {there} instead of at most {entry.max}"
                hint = "move somebody to where there are too few"
                yield Finding("coverage-high", what, entry.place, hint, days=(day, day), of=(entry.id,))


def counts(entry: Coverage, ground: Ground) -> Iterator[Count]:
    """How many are there, on each working day that is planned and that the entry is for."""
    known: dict[Muster, int] = {}
    for day in ground.days:
        if not (day in ground.workdays and day in ground.planned and _is_for(entry, day)):
            continue
        muster = ground.roster.musters.on(day)
        if muster not in known:
            known[muster] = sum(not each.away and matches(entry.count, each) for each in muster.standings)
        yield Count(day, known[muster])


def _is_for(entry: Coverage, day: date) -> bool:
    return entry.holds_on(day) and (entry.season is None or within_season(entry.season, day))
