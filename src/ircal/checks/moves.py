"""Sessions and duties that a holiday met, or an override moved: where they land, and what nobody has decided yet.

A rule that moves a session off a holiday cannot know what else is there. So it is told when the new day is itself a
holiday, or in another academic year, where other people are at other levels; that two sessions are then at the same
time is found by `ircal.checks.places`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ircal.checks.finding import Finding
from ircal.feeds.groups import nominal_day
from ircal.rules.work import moved_away

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ircal.checks.ground import Ground
    from ircal.model.conferences import Conference
    from ircal.model.overrides import Override
    from ircal.model.place import Place
    from ircal.model.rotations import Duty
    from ircal.model.schedule import Occurrence

_STAYS = ("skip", "keep", "flag")
"""What `holiday` says where a duty stays on its day, or is nowhere."""

_DECIDES = ("cancel", "move", "replace", "restore")
"""Overrides by which somebody has decided about a session on a holiday."""


def undecided(ground: Ground) -> Iterator[Finding]:
    """What is kept on a holiday until somebody decides (`holiday: flag`)."""
    for item in _planned(ground):
        entry, off = _entry(item, ground), _days_off(item, ground)
        if entry.holiday == "flag" and item.first_day in off and not _decided(item, ground):
            what = f"{entry.name} is on a holiday, {off[item.first_day]}, and nobody has decided about it"
            hint = "write an override that moves or cancels it, or `restore: true` if it is to be held"
            if item.rule.kind == "duty":
                hint = "suppress this with the reason if it is to be done, or choose another `holiday`"
            days = (item.first_day, item.first_day)
            yield Finding("holiday-undecided", what, entry.place, hint, item.person, days, _of(item))


def landed(ground: Ground) -> Iterator[Finding]:
    """What was moved onto a holiday, or into another academic year."""
    program = ground.program
    for item in _planned(ground):
        named, held = nominal_day(item, program.settings.zone), item.first_day
        if named == held:
            continue
        name, place = _entry(item, ground).name, _moved_at(item, ground)
        moved, days = f"{name} of {named:%a %Y-%m-%d} was moved", (held, held)
        if (holiday := _days_off(item, ground).get(held)) is not None:
            hint = "choose another day, or suppress this with the reason"
            what = f"{moved} onto a holiday, {holiday}"
            yield Finding("moved-to-holiday", what, place, hint, item.person, days, _of(item))
        if program.academic_year(named) != program.academic_year(held):
            hint = "choose a day in its own year, or suppress this with the reason: levels and blocks are others there"
            what = f"{moved} into another academic year"
            yield Finding("moved-to-other-year", what, place, hint, item.person, days, _of(item))


def left_out(ground: Ground) -> Iterator[Finding]:
    """Duties that a holiday moves to a day on which others are on the rotation: nobody has them."""
    moving = {
        rotation.id
        for rotation in ground.program.rotations.values()
        if any(duty.holiday not in _STAYS for duty in rotation.duties.values())
    }
    for person in ground.program.people if moving else ():
        for table, each in moved_away(person, ground.roster, ground.timetables):
            if ground.window.start <= each.named < ground.window.end:
                duty, days = table.duty, (each.named, each.named)
                moved = f"to {each.day:%a %Y-%m-%d}, when that person is not there for it, and is left out"
                what = f"{duty.name} of {each.named:%a %Y-%m-%d} would be moved by a holiday {moved}"
                hint = "choose another `holiday`, or suppress this with the reason"
                yield Finding("duty-left-out", what, duty.place, hint, person, days, (table.rotation.id,))


def _planned(ground: Ground) -> Iterator[Occurrence]:
    """Every session and duty that takes place."""
    for item in ground.schedule.occurrences:
        if item.rule.kind in ("conference", "duty") and not item.cancelled:
            yield item


def _entry(item: Occurrence, ground: Ground) -> Conference | Duty:
    if item.rule.kind == "duty":
        return ground.program.rotations[item.rotation].duties[item.rule.id.partition("/")[2]]
    return ground.program.conferences[item.rule.id]


def _of(item: Occurrence) -> tuple[str, ...]:
    return (item.rotation or item.rule.id,)


def _days_off(item: Occurrence, ground: Ground) -> dict[date, str]:
    """The holidays that the rule of a session obeys, or those of the site of a duty."""
    conference = ground.program.conferences.get(item.rule.id) if item.rule.kind == "conference" else None
    if conference:
        return ground.horizon.days_off(ground.program, conference.site, conference.holidays)
    return ground.horizon.days_off(ground.program, item.site)


def _overrides(item: Occurrence, ground: Ground) -> Iterator[Override]:
    """Those of the session."""
    if item.rule.kind == "conference":
        day = nominal_day(item, ground.program.settings.zone)
        yield from (each for each in ground.program.overrides if (each.conference, each.date) == (item.rule.id, day))


def _decided(item: Occurrence, ground: Ground) -> bool:
    return any(each.action in _DECIDES for each in _overrides(item, ground))


def _moved_at(item: Occurrence, ground: Ground) -> Place:
    """Where it is written that it is moved: an override, or else the rule."""
    moves = (each.place for each in _overrides(item, ground) if each.move)
    return next(moves, _entry(item, ground).place)
