"""What it costs to resolve five years: occurrences a second beside dateutil's bare dates, 1,000 residents beside 10.

The rules are those of the example. dateutil is asked for nothing but the dates of the same rules over the same days,
each duty for each stretch in which somebody has it; ircal puts on them holidays, moves, audiences, topics, presenters,
places, texts, and the rules that made them. Both are measured in turn, in one process. The residents are made up: N of
them at any time, in five classes, each with thirteen blocks and a week of leave a year.

A session is one occurrence, however many it concerns, as it is one date to dateutil: the ratio is that of occurrences.
Whom it concerns is worked out for each of them, so entries (one for each whom an occurrence concerns) are told beside.

Sizes are measured in processes of their own, whose largest resident memory is told. What a resident costs is told as it
is (all seconds by all residents) and at the margin (the seconds that the last 900 add).
"""

from __future__ import annotations

import resource
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from datetime import time as clock
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dateutil.rrule import rrulestr

from ircal.__main__ import collect_seldom
from ircal.config import load
from ircal.model.people import Person
from ircal.model.program import Window
from ircal.model.rotations import Assignment, Leave
from ircal.rules.expand import expand
from ircal.rules.grids import blocks
from ircal.rules.recurrence import strands_of
from ircal.rules.roster import Roster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ircal.model.program import Program
    from ircal.model.recurrence import Recurrence
    from ircal.model.schedule import Occurrence

YEARS = range(2026, 2031)
CLASSES = 5
TIMES = 5
SIZES = (10, 100, 1000)

Asked = tuple["Recurrence", date, date]
"""A rule, and the days from which and to which (excluded) it is asked for."""


class Cost(NamedTuple):
    """Processor seconds and occurrences of one expansion, and the largest resident memory of its process, in MB."""

    seconds: float
    occurrences: int
    memory: float


def main() -> None:
    """Print the rates and their ratio, then a line for each size."""
    program = programme(10)
    window = _window(program)
    rules = list(_rules(program, window))
    ours, theirs = [], []
    for _ in range(TIMES):
        ours.append(_rate(lambda: len(expand(program, window).occurrences)))
        theirs.append(_rate(lambda: sum(map(_dates, rules))))
    mine, library = statistics.median(ours), statistics.median(theirs)
    print(f"resolving {len(YEARS)} years of the example with 10 residents (a second of the processor)")
    print(f"  ircal {mine:9,.0f} occurrences   dateutil {library:9,.0f} dates   ratio {mine / library:.2f} (goal 0.5)")
    each = _entries(expand(program, window).occurrences)
    entries = mine * each
    print(f"  ircal {entries:9,.0f} entries, {each:.1f} to an occurrence   ratio {entries / library:.2f} (no goal)")
    _sizes()


def _sizes() -> None:
    costs: dict[int, Cost] = {}
    print(f"resolving {len(YEARS)} years with more residents (at the margin: goal within 10 %)")
    for size in SIZES:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            costs[size] = alone.submit(cost, size).result()
        seconds, occurrences, memory = costs[size]
        each = f"{seconds / size * 1e3:6.1f} ms a resident"
        print(f"  {size:5,} {seconds:8.2f} s   {occurrences:9,} occurrences   {each}   {memory:6.0f} MB")
    few, some, many = (costs[size].seconds for size in SIZES)
    first, later = (some - few) / (SIZES[1] - SIZES[0]), (many - some) / (SIZES[2] - SIZES[1])
    print(f"  at the margin {first * 1e3:.1f} ms, then {later * 1e3:.1f} ms a resident: {later / first - 1:+.0%}")


def cost(size: int) -> Cost:
    """What it costs to expand a programme of so many residents, in this process."""
    collect_seldom()
    program = programme(size)
    window = _window(program)
    seconds, occurrences = [], 0
    for _ in range(TIMES if size < SIZES[-1] else 1):
        begun = time.process_time()
        occurrences = len(expand(program, window).occurrences)
        seconds.append(time.process_time() - begun)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(statistics.median(seconds), occurrences, memory)


def _entries(occurrences: Sequence[Occurrence]) -> float:
    """How many an occurrence concerns on average: whose copy it is, or all of its attendance."""
    return statistics.mean(1 if item.person else len(item.attendance) for item in occurrences)


def _window(program: Program) -> Window:
    return Window(program.year_start(YEARS.start), program.year_start(YEARS.stop))


def _rate(work: Callable[[], int]) -> float:
    begun = time.process_time()
    number = work()
    return number / (time.process_time() - begun)


def _rules(program: Program, window: Window) -> Iterator[Asked]:
    """Every RRULE of the programme, with the days that it is asked for."""
    for conference in program.conferences.values():
        for strand in strands_of(conference.when) if conference.when else ():
            yield strand, window.start, window.end
    roster = Roster(program)
    for person in program.people:
        for stretch in roster.stretches(person):
            for duty in program.rotations[stretch.rotation].duties.values():
                yield from ((strand, stretch.start, stretch.end) for strand in strands_of(duty.when))


def _dates(asked: Asked) -> int:
    recurrence, start, end = asked
    begin = recurrence.anchor or start
    rule = rrulestr(recurrence.rrule, dtstart=datetime.combine(begin, clock.min), ignoretz=True)
    last = datetime.combine(end - timedelta(days=1), clock.min)
    return len(rule.between(datetime.combine(start, clock.min), last, inc=True))


def programme(size: int) -> Program:
    """The example with so many residents at any time in place of its own, all of them assigned in all years."""
    example = load(Path("config"))
    rows = [row for slot in range(size) for row in _slot(slot, example)]
    others = {name: person for name, person in example.people.items() if person.role != "resident"}
    return replace(
        example,
        people=others | {person.id: person for person, _, _ in rows},
        assignments=tuple(item for _, items, _ in rows for item in items),
        leave=tuple(item for _, _, items in rows for item in items),
        swaps=(),
        presenters={},
        overrides=tuple(item for item in example.overrides if item.action in {"cancel", "close", "move"}),
    )


def _slot(slot: int, example: Program) -> Iterator[tuple[Person, list[Assignment], list[Leave]]]:
    """Who has the slot one after the other, five years each, with assignments and leave."""
    for entered in range(YEARS.start - CLASSES + 1 + slot % CLASSES, YEARS.stop, CLASSES):
        name = f"r{slot:04}-{entered}"
        person = Person(id=name, name=f"Resident {name}", role="resident", entered=example.year_start(entered))
        years = range(max(entered, YEARS.start), min(entered + CLASSES, YEARS.stop))
        yield person, list(_assigned(name, slot, years, example)), list(_leave(name, slot, years))


def _assigned(person: str, slot: int, years: range, example: Program) -> Iterator[Assignment]:
    grid = example.grids[example.settings.grid]
    rotations = cycle(sorted(example.rotations))
    for _ in range(slot % len(example.rotations)):
        next(rotations)
    for year in years:
        for block in blocks(grid, year, example.settings):
            rotation = next(rotations)
            yield Assignment(person=person, rotation=rotation, start=block.start, end=block.end, origin="block")


def _leave(person: str, slot: int, years: range) -> Iterator[Leave]:
    for year in years:
        monday = date(year, 9, 7) + timedelta(weeks=slot % 26)
        yield Leave(person=person, kind="vacation", start=monday, end=monday + timedelta(days=7))
