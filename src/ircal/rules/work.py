"""From the roster to what each person sees of it: the rotation as an all-day banner, its duties by the hour, leave.

A banner leaves the person free (transparent); what is owed at an hour is a duty or a session. Leave cuts the banner,
and no duty falls into it. A duty obeys the holidays of the site it is at, and a closure of that site cancels it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ircal.model.schedule import Details, Occurrence, Rule, Step
from ircal.rules.clock import skipped, skipped_problem, span
from ircal.rules.dates import Frame, days_named
from ircal.rules.days_off import shifted
from ircal.rules.deeds import closing
from ircal.rules.exceptions import closure_of
from ircal.rules.roster import cut_out
from ircal.rules.rule_words import rule_in_words
from ircal.rules.texts import bare, duty_texts, leave_texts, place_text, rotation_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from ircal.errors import Problem
    from ircal.model.program import Program
    from ircal.model.rotations import Duty, Leave, Rotation
    from ircal.rules.days_off import DaysOff
    from ircal.rules.horizon import Horizon
    from ircal.rules.roster import Roster, Stretch

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Held:
    """One person at one rotation, for a stretch that no leave cuts; `whole` is the uncut one, in which is counted."""

    person: str
    rotation: Rotation
    stretch: Stretch
    whole: Stretch


def work(person: str, program: Program, roster: Roster, horizon: Horizon) -> tuple[list[Occurrence], list[Problem]]:
    """Everything that is on a person's calendar because of where they work or that they are away."""
    occurrences = [_leave(item, program) for item in roster.leave(person)]
    for held in _held(person, program, roster):
        occurrences.append(_banner(held, program))
        for duty in held.rotation.duties.values():
            occurrences += _duties(held, duty, program, horizon)
    return occurrences, list(_skipped(occurrences, program))


def _skipped(occurrences: Iterable[Occurrence], program: Program) -> Iterator[Problem]:
    """Told at the duty: nothing else here has a time."""
    for item in occurrences:
        if edge := skipped(item.start, item.end):
            place = program.rotations[item.rotation].duties[item.rule.id.partition("/")[2]].place
            yield skipped_problem(item.details.summary, edge, program.settings.zone, place)


def _held(person: str, program: Program, roster: Roster) -> Iterator[_Held]:
    away = [(item.start, item.end) for item in roster.leave(person)]
    for stretch in roster.stretches(person):
        for piece in cut_out(stretch, away):
            yield _Held(person, program.rotations[stretch.rotation], piece, stretch)


def _banner(held: _Held, program: Program) -> Occurrence:
    rotation, stretch = held.rotation, held.stretch
    site = program.sites[rotation.site]
    title, description = rotation_texts(rotation, program)
    details = Details(
        summary=title,
        description=description,
        location=place_text(rotation.site, "", program),
        geo=site.geo,
        categories=("Rotation",),
        color=rotation.color,
        transparent=True,
    )
    return Occurrence(
        rule=Rule("rotation", rotation.id),
        nominal=stretch.start,
        start=stretch.start,
        end=stretch.end,
        details=details,
        person=held.person,
        site=rotation.site,
        rotation=rotation.id,
        provenance=stretch.steps,
        bare=bare(details, rotation.name, rotation.site, program),
    )


def _duties(held: _Held, duty: Duty, program: Program, horizon: Horizon) -> Iterator[Occurrence]:
    stretch = held.stretch
    off = horizon.days_off(program, duty.site or held.rotation.site)
    for nominal in _days_of(duty, held, program, off):
        day = shifted(nominal, duty.holiday, off)
        if day is not None and stretch.start <= day < stretch.end:
            item = _duty(held, duty, nominal, day, program)
            yield _because(item, _despite(nominal, day, off, duty)) if nominal in off else item


def _days_of(duty: Duty, held: _Held, program: Program, off: DaysOff) -> Iterator[date]:
    """The days in the stretch that the duty's rule names."""
    frame = Frame(program, off, (held.whole.start, held.whole.end))
    return days_named(duty.when, held.stretch.start, held.stretch.end - _DAY, frame)


def forgone(person: str, day: date, roster: Roster, horizon: Horizon) -> Iterator[Occurrence]:
    """What would be on a person's calendar on a day but for a swap, leave or a day off.

    No calendar has it; the last step of its provenance says why.
    """
    program = roster.program
    for stretch, swap in roster.given_away(person, day):
        lost = _Held(person, program.rotations[stretch.rotation], stretch, stretch)
        yield from _lost(lost, day, program, horizon, swap)
    held = roster.stretch_on(person, day)
    if held is None:
        return
    held = replace(held, steps=roster.steps_on(person, day))
    rotation, leave = program.rotations[held.rotation], roster.leave_on(person, day)
    if leave:
        away = Step(f"on leave ({leave.kind})", leave.place)
        lost = _Held(person, rotation, held.within(leave.start, leave.end), held)
        yield from _lost(lost, day, program, horizon, away)
        return
    kept = next(each for each in _held(person, program, roster) if each.stretch.start <= day < each.stretch.end)
    for duty in _named_for(day, kept, program, horizon):
        off = horizon.days_off(program, duty.site or rotation.site)
        if all(_day_of(item) != day for item in _duties(kept, duty, program, horizon)):
            why = Step(f"left out: {day} is {off[day]}", duty.place)
            yield _because(_duty(_Held(person, rotation, held, held), duty, day, day, program), why)


def _lost(held: _Held, day: date, program: Program, horizon: Horizon, why: Step) -> Iterator[Occurrence]:
    """The banner, and the duties of the day."""
    yield _because(_banner(held, program), why)
    duties = _named_for(day, held, program, horizon)
    yield from (_because(_duty(held, duty, day, day, program), why) for duty in duties)


def _named_for(day: date, held: _Held, program: Program, horizon: Horizon) -> Iterator[Duty]:
    """The duties whose rules name the day."""
    for duty in held.rotation.duties.values():
        off = horizon.days_off(program, duty.site or held.rotation.site)
        if day in _days_of(duty, held, program, off):
            yield duty


def _day_of(duty: Occurrence) -> date:
    """The day that its rule gave."""
    return duty.nominal.date() if isinstance(duty.nominal, datetime) else duty.nominal


def _because(item: Occurrence, why: Step) -> Occurrence:
    return replace(item, provenance=(*item.provenance, why))


def _despite(nominal: date, day: date, off: DaysOff, duty: Duty) -> Step:
    kept, holiday = day == nominal, f"{nominal} is {off[nominal]}"
    return Step(f"held although {holiday}" if kept else f"{holiday}: moved to {day}", duty.place)


def _duty(held: _Held, duty: Duty, nominal: date, day: date, program: Program) -> Occurrence:
    zone = program.settings.zone
    site = duty.site or held.rotation.site
    start, end = span(day, duty.at, zone)
    closure = closure_of(site, start, end, program.overrides, zone)
    steps = (
        *held.stretch.steps,
        Step(f"{duty.name}: {duty.when}", duty.place, rule_in_words(duty.when, program)),
    )
    if closure:
        steps = (*steps, closing(site, closure, program))
    details = _duty_details(duty, held.rotation, site, program, cancelled=closure is not None)
    return Occurrence(
        rule=Rule("duty", f"{held.rotation.id}/{duty.id}"),
        nominal=span(nominal, duty.at, zone)[0],
        start=start,
        end=end,
        details=details,
        person=held.person,
        site=site,
        rotation=held.rotation.id,
        provenance=steps,
        bare=bare(details, duty.name, site, program),
    )


def _duty_details(duty: Duty, rotation: Rotation, site: str, program: Program, *, cancelled: bool) -> Details:
    title, description = duty_texts(duty, rotation, site, program)
    return Details(
        summary=title,
        description=description,
        location=place_text(site, duty.room, program),
        geo=program.sites[site].geo,
        categories=("Duty",),
        color=rotation.color,
        status="CANCELLED" if cancelled else "CONFIRMED",
    )


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
        bare=bare(details, leave_texts("", "", program.texts)[0], "", program),
    )
