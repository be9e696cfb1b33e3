"""Days that lie in none of the years that the programme is kept for: a mistyped year, most often.

The programme is kept from its first academic year to the last one that anybody is assigned in, and what is known early
may be written down for two years more. A day outside would be accepted and never be seen again.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ircal.config.sections import subject
from ircal.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.config.draft import Draft
    from ircal.model.place import Place
    from ircal.model.program import Program


_REMEMBERED = timedelta(days=3653)
"""How long before the first year somebody may have presented."""


def check(draft: Draft) -> Iterator[Problem]:
    """Every day outside the programme's years, with the years as the hint."""
    program = draft.program
    first, end = program.span.start, program.span.end
    hint = f"the programme is kept from {first} to {end - timedelta(days=1)}; correct the year, or `first_year`"
    outside = [each for each in _days(draft) if not first <= each[1] < end]
    for what, day, place in sorted(outside, key=lambda each: (each[2], each[0])):
        yield Problem("outside-years", f"{what} is on {day}, outside the programme's years", place, hint)
    for what, day, place in _presenters(program):
        if not first - _REMEMBERED <= day < end:
            message = f"{what} is on {day}, outside the programme's years and the ten before them"
            yield Problem("outside-years", message, place, hint)


def _days(draft: Draft) -> Iterator[tuple[str, date, Place]]:
    program = draft.program
    for override in program.overrides:
        named = subject("overrides", override.id)
        days = (override.date, override.move.to if override.move else None)
        closed = (override.close.start.date(), override.close.last_day) if override.close else ()
        yield from ((named, day, override.place) for day in (*days, *closed) if day)
    for swap in program.swaps:
        yield from ((subject("swaps", swap.id), day, swap.place) for day in (swap.start, swap.last))
    for exchange in program.presenter_swaps:
        yield from ((subject("swaps", exchange.id), day, exchange.place) for day in exchange.dates)
    for milestone in program.milestones.values():
        if isinstance(milestone.when, date):
            yield subject("milestones", milestone.id), milestone.when, milestone.place
        if milestone.due and milestone.due.day:
            yield subject("milestones", milestone.id), milestone.due.day, milestone.place
    yield from _listed(program)


def _listed(program: Program) -> Iterator[tuple[str, date, Place]]:
    for name, sessions in program.sessions.items():
        yield from ((f"a session of '{name}'", item.date, item.place) for item in sessions)
    for name, topics in program.topics.items():
        yield from ((f"a topic of '{name}'", item.date, item.place) for item in topics if item.date)
    for calendar in program.holidays.values():
        yield from ((f"'{extra.name}' of '{calendar.id}'", extra.on, extra.place) for extra in calendar.add)


def _presenters(program: Program) -> Iterator[tuple[str, date, Place]]:
    """Who presented before the first year is remembered, because turns go by it."""
    for name, presenters in program.presenters.items():
        yield from ((f"a presenter of '{name}'", item.date, item.place) for item in presenters)
