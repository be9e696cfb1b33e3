"""Days that must fit together: assignments and leave of one person, offsets, swaps, explicit blocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import combinations, groupby, pairwise
from typing import TYPE_CHECKING, TypeVar

from ircal.config.blocks import year_of_file
from ircal.config.sections import subject
from ircal.errors import Problem
from ircal.model.rotations import Assignment, Explicit, FixedWeeks, Leave
from ircal.rules.clock import exists, skipped_problem
from ircal.rules.grids import weeks_begin
from ircal.wording import quote, span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ircal.config.draft import Draft

_DAY = timedelta(days=1)

T = TypeVar("T", Assignment, Leave)


def check(draft: Draft) -> Iterator[Problem]:
    """Stretches of days that cannot all be true."""
    dated = [item for item in draft.program.assignments if item.origin == "dated"]
    yield from _overlaps(dated, "assignment-overlap", "an assignment")
    yield from _overlaps(draft.program.leave, "leave-overlap", "a leave")
    yield from _overlapping_blocks(draft)
    yield from _before_the_first_year(draft)
    yield from _epochs(draft)
    yield from _without_offset(draft)
    yield from _offsets(draft)
    yield from _swaps(draft)
    yield from _swapped_twice(draft)
    yield from _closures(draft)
    yield from _explicit_blocks(draft)


def _overlaps(items: Iterable[T], code: str, what: str) -> Iterator[Problem]:
    """Of one person, the one that begins later is told, with the place of the earlier."""
    ordered = sorted(items, key=lambda item: (item.person, item.start, item.place))
    for person, group in groupby(ordered, key=lambda item: item.person):
        longest: T | None = None
        for item in group:
            if longest and item.start < longest.end:
                message = f"{quote(person)} has {what} already {span(item.start, min(item.end, longest.end))}"
                yield Problem(code, message, item.place, f"see {longest.place}; let the days not overlap")
            if longest is None or item.end > longest.end:
                longest = item


def _overlapping_blocks(draft: Draft) -> Iterator[Problem]:
    """Two block schedules of one academic year that both place a person on the same days.

    Those of different years may meet within a week, because grids of weeks and of months end on different days.
    """
    blocks = [item for item in draft.program.assignments if item.origin == "block"]

    def year(item: Assignment) -> int:
        return year_of_file(item.place.file)

    for _, group in groupby(sorted(blocks, key=year), key=year):
        yield from _overlaps(group, "blocks-overlap", "a block")


def _before_the_first_year(draft: Draft) -> Iterator[Problem]:
    program = draft.program
    settings = program.settings
    weeks = (grid for grid in program.grids.values() if isinstance(grid, FixedWeeks))
    begins = (weeks_begin(grid, settings.first_year, settings) for grid in weeks)
    first = min((*begins, program.year_start(settings.first_year)))
    for item in program.assignments:
        if item.start < first:
            message = f"{item.start} is a date outside the programme's years, which begin on {first}"
            yield Problem("outside-years", message, item.place, "see `first_year` in the section `program`")


def _epochs(draft: Draft) -> Iterator[Problem]:
    """Cycles whose weeks begin on another day than those of the blocks, most likely by a slip."""
    grids = draft.program.grids.values()
    days = {grid.weekday for grid in grids if isinstance(grid, FixedWeeks)} or {"Mo"}
    for cycle in draft.program.cycles.values() if draft.complete("grids") else ():
        if f"{cycle.epoch:%a}"[:2] not in days:
            message = f"{cycle.epoch}, from which the weeks of {subject('cycles', cycle.id)} are counted, is a"
            place = draft.written.place("cycles", cycle.id, "epoch")
            hint = f"the weeks of blocks begin on {' or '.join(sorted(days))}"
            yield Problem("bad-value", f"{message} {cycle.epoch:%A}", place, hint)


def _without_offset(draft: Draft) -> Iterator[Problem]:
    """People who are assigned to a cycle that does not know in which of its weeks they begin."""
    told: set[tuple[str, str]] = set()
    for item in sorted(draft.program.assignments, key=lambda each: each.place):
        cycle, pair = draft.program.cycles.get(item.rotation), (item.person, item.rotation)
        if cycle and item.person not in cycle.offsets and pair not in told:
            told.add(pair)
            message = f"{quote(item.person)} follows the cycle {quote(cycle.id)} without an offset"
            place = item.place if item.place.column else replace(item.place, column="rotation")
            yield Problem("cycle-without-offset", message, place, f"add them to `offsets` at {cycle.place}")


def _swaps(draft: Draft) -> Iterator[Problem]:
    for swap in draft.program.swaps:
        for number, name in enumerate(swap.people):
            person = draft.program.people.get(name)
            if person and person.role != "resident":
                message = f"{subject('swaps', swap.id)} is with {quote(name)}, who is {person.role} and not a resident"
                yield Problem("swap-not-resident", message, draft.written.place("swaps", swap.id, "people", number))


def _offsets(draft: Draft) -> Iterator[Problem]:
    """Offsets that are not in the pattern: they would be counted round it, which is seldom what was meant."""
    for cycle in draft.program.cycles.values():
        for person, offset in cycle.offsets.items():
            weeks = len(cycle.weeks)
            if not 0 <= offset < weeks:
                message = f"the offset of {quote(person)} in the cycle {quote(cycle.id)} is {offset}"
                hint = f"it goes from 0 to {weeks - 1}, the last week of the pattern; {offset} is the same as "
                place = draft.written.place("cycles", cycle.id, "offsets", person)
                yield Problem("offset-out-of-range", message, place, f"{hint}{offset % weeks}")


def _swapped_twice(draft: Draft) -> Iterator[Problem]:
    """Two swaps that move one person on the same day: which of them is first, nobody wrote."""
    for pair in combinations(draft.program.swaps, 2):
        first, second = sorted(pair, key=lambda swap: draft.written.place("swaps", swap.id))
        both = sorted({*first.people} & {*second.people})
        start, last = max(first.start, second.start), min(first.last, second.last)
        if both and start <= last:
            place, other = (draft.written.place("swaps", swap.id) for swap in (second, first))
            told = f"{subject('swaps', second.id)} and {quote(first.id)}"
            message = f"{told} both move {quote(both[0])} {span(start, last + _DAY)}"
            hint = f"the other is at {other}; write one line in assignments/ for each of those who change places"
            yield Problem("swaps-disagree", message, place, hint)


def _closures(draft: Draft) -> Iterator[Problem]:
    """Closures that begin or end at a time that the clock skips."""
    zone = draft.program.settings.zone
    for override in draft.program.overrides:
        for key, moment in (("from", override.close.start), ("to", override.close.end)) if override.close else ():
            if not exists(moment.replace(tzinfo=zone)):
                place = draft.written.place("overrides", override.id, "close", key)
                yield skipped_problem(f"`{key}` of {subject('overrides', override.id)}", moment, zone, place)


def _explicit_blocks(draft: Draft) -> Iterator[Problem]:
    """Blocks that end before they begin, or begin before the one above has ended."""
    for grid in draft.program.grids.values():
        for year, blocks in grid.years.items() if isinstance(grid, Explicit) else ():
            for number, block in enumerate(blocks):
                place = draft.written.place("grids", grid.id, "years", year, number)
                if block.last < block.start:
                    message = f"block {number + 1} of {year} ends on {block.last}, before it starts on {block.start}"
                    yield Problem("grid-order", message, place)
            for number, (above, block) in enumerate(pairwise(blocks), start=2):
                if block.start <= above.last:
                    place = draft.written.place("grids", grid.id, "years", year, number - 1)
                    message = (
                        f"block {number} of {year} starts on {block.start}, and block {number - 1} ends on {above.last}"
                    )
                    yield Problem("grid-order", message, place, "write them in order, without overlap")
