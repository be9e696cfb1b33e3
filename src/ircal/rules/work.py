"""From the roster to what each person sees of it: the rotation as an all-day banner, its duties by the hour, leave.

A banner leaves the person free (transparent); what is owed at an hour is a duty or a session. Leave cuts the banner,
and no duty falls into it. A duty obeys the holidays of the site it is at, and a closure of that site cancels it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ircal.model.schedule import Details, Occurrence, Rule, Step
from ircal.rules.clock import skipped_problem
from ircal.rules.stretches import cut_out
from ircal.rules.texts import bare as bare_of
from ircal.rules.texts import leave_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from ircal.errors import Problem
    from ircal.model.program import Program
    from ircal.model.rotations import Leave, Rotation
    from ircal.rules.roster import Roster
    from ircal.rules.stretches import Stretch
    from ircal.rules.timetable import DutyDay, Timetable, Timetables


@dataclass(frozen=True, slots=True)
class _Held:
    """One person at one rotation, for a stretch that no leave cuts; `whole` is the uncut one, in which is counted."""

    person: str
    rotation: Rotation
    stretch: Stretch
    whole: Stretch


def work(person: str, roster: Roster, timetables: Timetables) -> tuple[list[Occurrence], list[Problem]]:
    """Everything that is on a person's calendar because of where they work or that they are away."""
    occurrences = [_leave(item, roster.program) for item in roster.leave(person)]
    problems: list[Problem] = []
    for held in _held(person, roster):
        occurrences.append(_banner(held, timetables))
        for table in timetables.of(held.rotation.id):
            days = _days(held, table)
            occurrences += _duties(held, table, days)
            problems += _skipped(table, days)
    return occurrences, problems


def _held(person: str, roster: Roster) -> Iterator[_Held]:
    away = [(item.start, item.end) for item in roster.leave(person)]
    for stretch in roster.stretches(person):
        for piece in cut_out(stretch, away):
            yield _Held(person, roster.program.rotations[stretch.rotation], piece, stretch)


def _banner(held: _Held, timetables: Timetables) -> Occurrence:
    rotation, stretch = held.rotation, held.stretch
    says = timetables.banner(rotation.id)
    return Occurrence(
        rule=Rule("rotation", rotation.id),
        nominal=stretch.start,
        start=stretch.start,
        end=stretch.end,
        details=says.details,
        person=held.person,
        site=rotation.site,
        rotation=rotation.id,
        provenance=stretch.steps,
        bare=says.bare,
    )


def _days(held: _Held, table: Timetable) -> list[DutyDay]:
    """When the person has the duty; it is counted in the whole of their time on the rotation."""
    return table.within(held.stretch.start, held.stretch.end, (held.whole.start, held.whole.end))


def _duties(held: _Held, table: Timetable, days: Sequence[DutyDay]) -> Iterator[Occurrence]:
    steps = (*held.stretch.steps, table.step)
    rule, site, rotation = table.rule, table.site, held.rotation.id
    for day in days:
        why = steps + day.steps if day.steps else steps
        says, bare = day.says
        start, end = day.start, day.end
        yield Occurrence(rule, day.nominal, start, end, says, held.person, (), site, rotation, "", bare, why)


def _skipped(table: Timetable, days: Sequence[DutyDay]) -> Iterator[Problem]:
    """Told at the duty: nothing else here has a time."""
    for day in days:
        if day.skipped:
            yield skipped_problem(day.says.details.summary, day.skipped, table.zone, table.duty.place)


def forgone(person: str, day: date, roster: Roster, timetables: Timetables) -> Iterator[Occurrence]:
    """What would be on a person's calendar on a day but for a swap, leave or a day off.

    No calendar has it; the last step of its provenance says why.
    """
    program = roster.program
    for stretch, swap in roster.given_away(person, day):
        yield from _lost(_Held(person, program.rotations[stretch.rotation], stretch, stretch), day, timetables, swap)
    held = roster.stretch_on(person, day)
    if held is None:
        return
    held = held._replace(steps=roster.steps_on(person, day))
    rotation, leave = program.rotations[held.rotation], roster.leave_on(person, day)
    if leave:
        away = Step(f"on leave ({leave.kind})", leave.place)
        lost = _Held(person, rotation, held.within(leave.start, leave.end), held)
        yield from _lost(lost, day, timetables, away)
        return
    kept = next(each for each in _held(person, roster) if each.stretch.start <= day < each.stretch.end)
    for table in _named_for(day, kept, timetables):
        if all(each.named != day for each in _days(kept, table)):
            gone = _duties(_Held(person, rotation, held, held), table, [table.on(day, day)])
            yield from _because(gone, table.left_out(day))


def moved_away(person: str, roster: Roster, timetables: Timetables) -> Iterator[tuple[Timetable, DutyDay]]:
    """The duties that a holiday moves to days on which the person is not there for them; no calendar has them."""
    for held in _held(person, roster):
        for table in timetables.of(held.rotation.id):
            for day in table.beyond(held.stretch.start, held.stretch.end, (held.whole.start, held.whole.end)):
                yield table, day


def _lost(held: _Held, day: date, timetables: Timetables, why: Step) -> Iterator[Occurrence]:
    """The banner, and the duties of the day."""
    yield from _because([_banner(held, timetables)], why)
    for table in _named_for(day, held, timetables):
        yield from _because(_duties(held, table, [table.on(day, day)]), why)


def _named_for(day: date, held: _Held, timetables: Timetables) -> Iterator[Timetable]:
    """Those of the duties whose rules name the day."""
    start, end, whole = held.stretch.start, held.stretch.end, (held.whole.start, held.whole.end)
    return (table for table in timetables.of(held.rotation.id) if day in table.named(start, end, whole))


def _because(items: Iterable[Occurrence], why: Step) -> Iterator[Occurrence]:
    return (item._replace(provenance=(*item.provenance, why)) for item in items)


def _leave(leave: Leave, program: Program) -> Occurrence:
    title, description = leave_texts(leave.kind, leave.note, program.texts)
    details = Details(summary=title, description=description, categories=("Leave",), transparent=True)
    return Occurrence(
        rule=Rule("leave", leave.kind),
        nominal=leave.start,
        start=leave.start,
        end=leave.end,
        details=details,
        person=leave.person,
        provenance=(Step(f"leave: {leave.kind} of {program.people[leave.person].name}", leave.place),),
        bare=bare_of(details, leave_texts("", "", program.texts)[0], "", program),
    )
