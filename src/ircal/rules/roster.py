"""The Roster: who works where on each day.

It is laid in coats, each covering the one below: block schedule, assignments with dates of their own, swaps. A cycle
becomes its weeks on the way. What results for one person is a row of Stretches that do not overlap; neighbours with
the same rotation are one. A block may begin before a class enters, or end after it graduates: those days are cut off.
Leave does not change the roster, it is asked for beside it.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property, partial
from itertools import chain
from typing import TYPE_CHECKING

from ircal.model.schedule import Step
from ircal.recall import Recall
from ircal.rules.cycles import Followed
from ircal.rules.levels import levels_of
from ircal.rules.standings import Facts, Musters, course_of, leave_on
from ircal.rules.stretches import Stretch, cut_out, joined, lay_over, stretch_on
from ircal.rules.texts import person_name, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ircal.model.people import Person, Standing
    from ircal.model.program import Program
    from ircal.model.rotations import Assignment, Leave, Swap
    from ircal.rules.standings import Course

_DAY = timedelta(days=1)


class Roster:
    """Each person's stretches, leave and standing. Built once for a Program; answers by person and day.

    A `recall` that has seen the programme before its last edit saves working out again whom that does not touch.
    """

    def __init__(self, program: Program, recall: Recall | None = None) -> None:
        recall = recall or Recall()
        self.program = program
        rows = (program.settings, *_each(program.people, program.cycles), *program.assignments, *program.swaps)
        if any(cycle.absence == "pause" for cycle in program.cycles.values()):
            rows = (*rows, *program.leave)
        self._stretches = recall.made("roster", rows, lambda within: _settled(lay_out(program), within))
        self._leave: dict[str, list[Leave]] = {person: [] for person in program.people}
        for item in sorted(program.leave, key=lambda leave: (leave.person, leave.start)):
            self._leave[item.person].append(item)
        courses = {person: self._course(person, recall) for person in program.people}
        of = (*courses.values(), *program.leave)  # the leave too: what is told of it names its line
        self.musters = recall.made("musters", of, partial(Musters.of, courses))

    def _course(self, name: str, recall: Recall) -> Course:
        program, person = self.program, self.program.people[name]
        facts = Facts(person, levels_of(person, program), self.stretches(name), tuple(self.leave(name)))
        ground = (program.settings, *_each(program.rotations, program.sites))
        of = (person, facts.row, *facts.leave, *ground)
        return recall.made(("course", name), of, lambda within: course_of(facts, program, within))

    def stretches(self, person: str) -> tuple[Stretch, ...]:
        """The person's stretches in order of time, without overlap."""
        return self._stretches.get(person, ())

    def leave(self, person: str) -> list[Leave]:
        """The person's absences."""
        return self._leave.get(person, [])

    def stretch_on(self, person: str, day: date) -> Stretch | None:
        """What the person is assigned to on that day."""
        return stretch_on(self.stretches(person), day)

    def leave_on(self, person: str, day: date) -> Leave | None:
        """The absence that covers that day."""
        return leave_on(self.leave(person), day)

    @cached_property
    def _pieces(self) -> dict[str, list[Stretch]]:
        return _coats(self.program)

    def _piece_on(self, person: str, day: date) -> Stretch | None:
        return stretch_on(self._pieces.get(person, ()), day)

    def steps_on(self, person: str, day: date) -> tuple[Step, ...]:
        """What put the person where they are on that day alone; a stretch remembers it of all its days."""
        piece = self._piece_on(person, day)
        return piece.steps if piece else ()

    def given_away(self, person: str, day: date) -> Iterator[tuple[Stretch, Step]]:
        """What the person would be assigned to that day but for a swap, as far as that swap goes, and the swap."""
        now = self.stretch_on(person, day)
        for swap in self.program.swaps:
            if person in swap.people and swap.start <= day <= swap.last:
                step = _swap_step(swap, self.program)
                others = (self._piece_on(other, day) for other in self.program.people if other != person)
                for held in others:
                    if held and step in held.steps and (now is None or held.rotation != now.rotation):
                        yield held.within(swap.start, swap.last + _DAY), step

    def covered(self, person: str, day: date) -> Iterator[Step]:
        """The assignments that say something of the person and day, and that another one covers."""
        known = self.steps_on(person, day)
        swapped = any(person in swap.people and swap.start <= day <= swap.last for swap in self.program.swaps)
        for assignment in () if swapped else self.program.assignments:
            step = _assigned_step(assignment)
            if assignment.person == person and assignment.start <= day < assignment.end and step not in known:
                yield step

    def standing(self, person: str, day: date) -> Standing | None:
        """What is true of the person on that day; None when they are not in the programme."""
        return self.musters.courses[person].on(day)


def _each(*mappings: Mapping[str, object]) -> Iterator[object]:
    """Everything that the mappings hold."""
    return chain.from_iterable(mapping.values() for mapping in mappings)


def _settled(rows: Mapping[str, tuple[Stretch, ...]], recall: Recall) -> dict[str, tuple[Stretch, ...]]:
    """The rows, with the former row of everyone whose row is the same and came about in the same way."""
    return {person: recall.settled(person, row) for person, row in rows.items()}


def lay_out(program: Program) -> dict[str, tuple[Stretch, ...]]:
    """The stretches of everyone who has any, after all coats."""
    return {name: tuple(joined(row)) for name, row in _coats(program).items()}


def _coats(program: Program) -> dict[str, list[Stretch]]:
    """The same, where each stretch still is of one assignment, and one week of a cycle."""
    assigned = _assigned(program)
    following = _followed(assigned, program)
    rows = {
        name: [week for stretch in row for week in _weeks_of(stretch, name, following)]
        for name, row in assigned.items()
    }
    for swap in sorted(program.swaps, key=lambda item: (item.start, item.id)):
        _exchange(rows, swap, program)
    return {name: _while_member(row, program.people[name], program) for name, row in rows.items()}


def _assigned(program: Program) -> dict[str, list[Stretch]]:
    """What everyone is assigned to while they are in the programme, before swaps; the rotation may be a cycle."""
    rows: dict[str, list[Stretch]] = {}
    for origin in ("block", "dated"):
        for assignment in sorted(program.assignments, key=lambda item: (item.person, item.start, item.rotation)):
            if assignment.origin == origin:
                steps = (_assigned_step(assignment),)
                coat = Stretch(assignment.start, assignment.end, assignment.rotation, steps)
                lay_over(rows.setdefault(assignment.person, []), coat)
    return {name: _while_member(row, program.people[name], program) for name, row in rows.items()}


def _weeks_of(stretch: Stretch, person: str, following: Mapping[tuple[str, str], Followed]) -> Iterator[Stretch]:
    known = following.get((person, stretch.rotation))
    if known is None:
        yield stretch
        return
    cycle = known.cycle
    for start, end in known.weeks_of(stretch.start, stretch.end):
        place = known.place_on(start)
        step = Step(
            f"week {place + 1} of {len(cycle.weeks)} of the cycle {cycle.id}",
            cycle.place,
            f"the cycle {cycle.name or cycle.id}",
        )
        yield Stretch(start, end, cycle.weeks[place], (*stretch.steps, step))


def followed(person: str, cycle: str, program: Program) -> Followed:
    """A cycle as somebody follows it."""
    known = program.cycles[cycle]
    row = _assigned(program).get(person, []) if known.absence == "pause" else []
    return _followed({person: row}, program).get((person, cycle)) or Followed.by(person, known, ())


def _followed(rows: Mapping[str, Iterable[Stretch]], program: Program) -> dict[tuple[str, str], Followed]:
    """By person and cycle, as everybody follows those that they are assigned to."""
    away: dict[str, list[tuple[date, date]]] = {}
    for leave in program.leave:
        away.setdefault(leave.person, []).append((leave.start, leave.end))
    found: dict[tuple[str, str], list[tuple[date, date]]] = {}
    for person, row in rows.items():
        for stretch in row:
            if stretch.rotation in program.cycles:
                pieces = cut_out(stretch, away.get(person, ()))
                found.setdefault((person, stretch.rotation), []).extend((each.start, each.end) for each in pieces)
    return {key: Followed.by(key[0], program.cycles[key[1]], days) for key, days in found.items()}


def _while_member(row: Iterable[Stretch], person: Person, program: Program) -> list[Stretch]:
    levels = levels_of(person, program)
    start, end = levels.entered or date.min, levels.end or date.max
    return [stretch.within(start, end) for stretch in row if stretch.start < end and start < stretch.end]


def _assigned_step(assignment: Assignment) -> Step:
    source = "block schedule" if assignment.origin == "block" else "assignment by dates"
    note = f", {assignment.note}" if assignment.note else ""
    why = f"{'the' if assignment.origin == 'block' else 'an'} {source}{note}"
    return Step(f"{source}: {assignment.rotation}{note}", assignment.place, why)


def _exchange(rows: dict[str, list[Stretch]], swap: Swap, program: Program) -> None:
    """Give each of the two what the other had on the days of the swap."""
    start, end = swap.start, swap.last + timedelta(days=1)
    step = _swap_step(swap, program)
    one, other = swap.people
    before = {person: list(rows.get(person, [])) for person in swap.people}
    for person, partner in ((one, other), (other, one)):
        kept = [piece for stretch in before[person] for piece in cut_out(stretch, [(start, end)])]
        taken = [
            stretch.within(start, end)._replace(steps=(*stretch.steps, step))
            for stretch in before[partner]
            if stretch.start < end and start < stretch.end
        ]
        rows[person] = sorted([*kept, *taken], key=lambda stretch: stretch.start)


def _swap_step(swap: Swap, program: Program) -> Step:
    one, other = (person_name(person, program) for person in swap.people)
    reason = f": {swap.reason}" if swap.reason else ""
    return Step(told(f"swap between {one} and {other}", swap), swap.place, f"a swap between {one} and {other}{reason}")
