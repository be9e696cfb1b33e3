"""What a swap of days does to the plan: whether it changes anything, and whether the two may do each other's work.

The other constraints judge the plan with all swaps in it, at the line of the block schedule. Here it is told of a swap
what it costs: a site that has too few because of it, work that one of them may not do yet, weeks that they are then
short of. Without the swap each of the two would be where the other is, so that is what it is compared with.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ircal.checks.coverage import counts
from ircal.checks.finding import Finding
from ircal.checks.ground import runs
from ircal.checks.requirements import progress, weeks
from ircal.checks.timing import out_of_time_in, unprotected_in
from ircal.model.program import Window
from ircal.rules.audience import matches

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ircal.checks.ground import Ground
    from ircal.model.checks import Coverage, Requirement
    from ircal.model.people import Audience, Standing
    from ircal.model.rotations import Swap

_DAY = timedelta(days=1)
_WEEK = 7


def idle(ground: Ground) -> Iterator[Finding]:
    """Swaps after which everybody is where they were: most likely of other days, or of other people."""
    for swap in ground.program.swaps:
        pairs = [_both(swap, day, ground) for day in _days(swap)]
        if all(one and other and one.rotation == other.rotation for one, other in pairs):
            hint = "correct the days or the people, or take it out"
            what = f"the swap {swap.id} changes nothing: both are assigned to the same"
            yield Finding("swap-idle", what, swap.place, hint, days=(swap.start, swap.last), of=(swap.id,))


def on_leave(ground: Ground) -> Iterator[Finding]:
    """Somebody who takes work on days on which they are away, so that nobody does it."""
    for swap in ground.program.swaps:
        for person in swap.people:
            standings = ((day, ground.roster.standing(person, day)) for day in _days(swap))
            for days in runs(day for day, each in standings if each and each.away and each.rotation):
                what = f"takes work by the swap {swap.id} while on leave"
                hint = "exchange other days, or move the leave"
                yield Finding("swap-on-leave", what, swap.place, hint, person, days, (swap.id,))


def unsound(ground: Ground) -> Iterator[Finding]:
    """What is wrong with the plan by a swap, and would not be without it."""
    limits = {entry.id: entry for entry in ground.program.checks.coverage.values()}
    known = {name: dict(counts(entry, ground)) for name, entry in limits.items()} if ground.program.swaps else {}
    short = {
        (each.person.id, each.requirement.id): each.missing
        for each in (progress(ground) if ground.program.swaps else ())
    }
    for swap in ground.program.swaps:
        yield from _too_few(swap, limits, known, ground)
        for person in swap.people:
            yield from _not_allowed(swap, person, ground)
            yield from _short(swap, person, short, ground)


def _too_few(
    swap: Swap, limits: Mapping[str, Coverage], known: Mapping[str, Mapping[date, int]], ground: Ground
) -> Iterator[Finding]:
    """Days on which fewer are there than there should be, and fewer than without the swap."""
    for name, entry in limits.items():
        for day in _days(swap):
            there = known[name].get(day, entry.min)
            if there < entry.min and _counted(swap, day, entry.count, ground) < 0:
                what = (
                    f"the swap {swap.id} leaves {entry.label} with {there or 'nobody'} instead of at least {entry.min}"
                )
                yield _finding(swap, what, (day, day), entry.id)


def _counted(swap: Swap, day: date, count: Audience, ground: Ground) -> int:
    """How many more of the two are counted on a day because of the swap."""
    one, other = _both(swap, day, ground)
    if one is None or other is None:
        return 0
    without = (_working_as(one, other), _working_as(other, one))
    with_it, without_it = ([not each.away and matches(count, each) for each in two] for two in ((one, other), without))
    return sum(with_it) - sum(without_it)


def _not_allowed(swap: Swap, person: str, ground: Ground) -> Iterator[Finding]:
    """Work that the person takes and should not do at their level, at that time, or before an examination."""
    within = Window(swap.start, swap.last + _DAY)
    for each in (*out_of_time_in(ground, person, within), *unprotected_in(ground, person, within)):
        yield _finding(swap, f"by the swap {swap.id}: {each.what}", each.days, *each.of, person=person)


def _short(swap: Swap, person: str, short: Mapping[tuple[str, str], float], ground: Ground) -> Iterator[Finding]:
    """Requirements of which the person gives days away, and is short."""
    for entry in ground.program.checks.requirements.values():
        if short.get((person, entry.id)):
            lost = -sum(_gained(swap, person, day, entry, ground) for day in _days(swap))
            if lost > 0:
                amount = f"{weeks(lost / _WEEK)} week{'s' if lost > _WEEK else ''}"
                what = f"gives away {amount} of {entry.label} by the swap {swap.id}, and is short of it"
                yield _finding(swap, what, (swap.start, swap.last), entry.id, person=person)


def _gained(swap: Swap, person: str, day: date, entry: Requirement, ground: Ground) -> int:
    one, other = _both(swap, day, ground)
    if one is None or other is None:
        return 0
    mine, theirs = (one, other) if one.person == person else (other, one)
    return matches(entry.count, mine) - matches(entry.count, _working_as(mine, theirs))


def _finding(swap: Swap, what: str, days: tuple[date, date] | None, *of: str, person: str = "") -> Finding:
    hint = "exchange other days, or suppress this with the reason"
    return Finding("swap-unsound", what, swap.place, hint, person, days, (swap.id, *of))


def _days(swap: Swap) -> list[date]:
    return [swap.start + _DAY * number for number in range((swap.last - swap.start).days + 1)]


def _both(swap: Swap, day: date, ground: Ground) -> tuple[Standing | None, Standing | None]:
    one, other = (ground.roster.standing(person, day) for person in swap.people)
    return one, other


def _working_as(one: Standing, other: Standing) -> Standing:
    """The first, at the work of the second."""
    return one._replace(rotation=other.rotation, tags=other.tags, site=other.site, off_site=other.off_site)
