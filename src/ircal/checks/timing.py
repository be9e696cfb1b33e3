"""Whether residents do things when they may: at the right level, between two dates, not soon before an examination."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ircal.checks.finding import Finding
from ircal.model.program import Window
from ircal.rules.audience import matches

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ircal.checks.ground import Ground, Spell
    from ircal.model.checks import Protection, Timing

_WEEK = timedelta(days=7)


def out_of_time(ground: Ground) -> Iterator[Finding]:
    """Rotations at a level, or at a time, at which they should not be."""
    for person in ground.program.residents:
        yield from out_of_time_in(ground, person.id, ground.window)


def out_of_time_in(ground: Ground, person: str, window: Window) -> Iterator[Finding]:
    """Those of one resident, within some days."""
    for entry in ground.program.checks.timing.values():
        for spell in ground.spells(person, window):
            if matches(entry.count, spell.standing):
                yield from _out_of_time(entry, spell, ground)


def _out_of_time(entry: Timing, spell: Spell, ground: Ground) -> Iterator[Finding]:
    first, last = spell.days
    pgy = spell.standing.pgy

    def finding(code: str, what: str, days: tuple[date, date]) -> Finding:
        place = ground.place_of(spell.standing.person, first)
        of = (entry.id, spell.standing.rotation)
        hint = "exchange it with a later or earlier block, or suppress this with the reason"
        return Finding(code, f"{entry.label} {what}", place, hint, spell.standing.person, days, of)

    if entry.pgy and pgy is not None and pgy not in entry.pgy:
        code = "too-early" if pgy < max(entry.pgy) else "too-late"
        allowed = ", ".join(f"PGY-{level}" for level in sorted(entry.pgy))
        yield finding(code, f"at PGY-{pgy}, which is for {allowed}", (first, last))
    if entry.start and first < entry.start:
        yield finding("too-early", f"before {entry.start}", (first, min(last, entry.start - timedelta(days=1))))
    if entry.until and last > entry.until:
        yield finding("too-late", f"after {entry.until}", (max(first, entry.until + timedelta(days=1)), last))


def unprotected(ground: Ground) -> Iterator[Finding]:
    """What somebody does in the weeks before an examination although it should be kept free of that."""
    for entry in ground.program.checks.protection.values():
        for occurrence in ground.schedule.parts.get(f"milestone:{entry.milestone}", ()):
            for attendance in occurrence.attendance:
                yield from _unprotected(entry, attendance.person, occurrence.first_day, ground)


def unprotected_in(ground: Ground, person: str, window: Window) -> Iterator[Finding]:
    """The same of one resident, within some days."""
    for entry in ground.program.checks.protection.values():
        for occurrence in ground.schedule.parts.get(f"milestone:{entry.milestone}", ()):
            quiet, examination = occurrence.first_day - entry.weeks * _WEEK, occurrence.first_day
            start, end = max(quiet, window.start), min(examination, window.end)
            if start < end and any(each.person == person for each in occurrence.attendance):
                yield from _unprotected(entry, person, examination, ground, Window(start, end))


def _unprotected(
    entry: Protection, person: str, examination: date, ground: Ground, within: Window | None = None
) -> Iterator[Finding]:
    milestone = ground.program.milestones[entry.milestone]
    for spell in ground.spells(person, within or Window(examination - entry.weeks * _WEEK, examination)):
        if spell.standing.rotation and not spell.standing.away and matches(entry.never, spell.standing):
            rotation = ground.program.rotations[spell.standing.rotation]
            what = f"{rotation.name} in the {entry.weeks} weeks before {milestone.name} on {examination}"
            hint = "exchange it with an earlier block"
            place = ground.place_of(person, spell.start)
            of = (entry.id, entry.milestone, rotation.id)
            yield Finding("exam-unprotected", what, place, hint, person, spell.days, of)
