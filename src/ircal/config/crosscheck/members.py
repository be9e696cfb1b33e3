"""People who are named on days on which they are not in the programme: before they enter, after they left.

The rules would pass over them in silence: the session has no presenter, the week that was swapped away goes to nobody.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ircal.errors import Problem
from ircal.rules.levels import levels_of
from ircal.wording import quote, span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.config.draft import Draft
    from ircal.model.overrides import Override
    from ircal.model.people import Audience, Person
    from ircal.model.place import Place
    from ircal.rules.levels import Levels

_DAY = timedelta(days=1)


class _Named(NamedTuple):
    """A person who is named for the days `[start, end)`: for all of them, or for at least one of them."""

    person: str
    start: date
    end: date
    place: Place
    whole: bool = True


def check(draft: Draft) -> Iterator[Problem]:
    """Names on days on which the person is not here, and levels that do not follow one another."""
    program = draft.program
    levels = {name: levels_of(person, program) for name, person in program.people.items()}
    for named in _all_named(draft):
        person = program.people.get(named.person)
        if person:
            yield from _not_a_member(named, person, levels[person.id])
    for person in program.residents:
        yield from _promotions(person, levels[person.id], draft)


def _not_a_member(named: _Named, person: Person, levels: Levels) -> Iterator[Problem]:
    begins, ends = person.entered or date.min, levels.end or date.max
    here = begins <= named.start and named.end <= ends if named.whole else begins < named.end and named.start < ends
    if here:
        return
    stay = [f"from {person.entered}"] if person.entered else []
    stay += [f"to {ends - _DAY}"] if ends != date.max else []
    when = span(named.start, named.end) if named.end != date.max else f"from {named.start} on"
    message = f"{quote(person.id)} is not in the programme {when}"
    yield Problem("outside-membership", message, named.place, f"in the programme {' '.join(stay)}")


def _all_named(draft: Draft) -> Iterator[_Named]:
    program = draft.program
    for item in program.assignments:
        # A block may begin before people enter on 1 July, or end after they left.
        yield _Named(item.person, item.start, item.end, item.place, whole=item.origin == "dated")
    for leave in program.leave:
        yield _Named(leave.person, leave.start, leave.end, leave.place)
    for swap in program.swaps:
        for number, person in enumerate(swap.people):
            place = draft.written.place("swaps", swap.id, "people", number)
            yield _Named(person, swap.start, swap.last + _DAY, place)
    for exchange in program.presenter_swaps:
        for number, (taker, day) in enumerate(zip(exchange.people, reversed(exchange.dates), strict=True)):
            place = draft.written.place("swaps", exchange.id, "people", number)
            yield _Named(taker, day, day + _DAY, place)
    for presenters in program.presenters.values():
        for entry in presenters:
            yield _Named(entry.person, entry.date, entry.date + _DAY, entry.place)
    yield from _by_overrides(draft)
    yield from _by_audiences(draft)


def _by_overrides(draft: Draft) -> Iterator[_Named]:
    """On the day of the session, which another override may have moved."""
    moves = {(item.conference, item.date): item.move.to for item in draft.program.overrides if item.move}
    for override in draft.program.overrides:
        day = moves.get((override.conference, override.date), override.date)
        if day is not None:
            for person, path in _people_of(override):
                yield _Named(person, day, day + _DAY, draft.written.place("overrides", override.id, *path))


def _people_of(override: Override) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Who is named, and where in the override."""
    for key in ("excuse", "require"):
        yield from ((person, (key, number)) for number, person in enumerate(getattr(override, key)))
    for key in ("replace", "change", "add"):
        altered = getattr(override, key)
        if altered and altered.presenter:
            yield altered.presenter, (key, "presenter")


def _by_audiences(draft: Draft) -> Iterator[_Named]:
    """In an audience somebody may be named who comes or goes meanwhile, but not somebody who is never there."""
    program = draft.program
    first = program.year_start(program.settings.first_year)
    for conference in program.conferences.values():
        start = max(first, conference.start or first)
        end = conference.until + _DAY if conference.until else date.max
        pool = conference.presenter.pool if conference.presenter else None
        audiences = {
            ("audience",): conference.audience,
            ("optional",): conference.optional,
            ("presenter", "pool"): pool,
        }
        for path, audience in audiences.items():
            for person, below in _people_in(audience) if audience else ():
                place = draft.written.place("conferences", conference.id, *path, *below)
                yield _Named(person, start, end, place, whole=False)
    for milestone in program.milestones.values():
        day = milestone.when if isinstance(milestone.when, date) else None
        for person, below in _people_in(milestone.audience):
            place = draft.written.place("milestones", milestone.id, "audience", *below)
            yield _Named(person, day or first, day + _DAY if day else date.max, place, whole=False)


def _people_in(audience: Audience) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Who is named as one who comes (not after `not`), and where in the audience."""
    yield from ((person, ("person", number)) for number, person in enumerate(audience.person))
    for key in ("all", "any"):
        for number, part in enumerate(getattr(audience, key)):
            yield from ((person, (key, number, *path)) for person, path in _people_in(part))


def _promotions(person: Person, levels: Levels, draft: Draft) -> Iterator[Problem]:
    """Levels that begin before the one below has begun."""
    first = draft.program.settings.first_pgy
    if person.promotions.get(first, person.entered) != person.entered:
        place = draft.written.place("people", person.id, "promotions", first)
        message = f"{quote(person.id)} is at PGY-{first} from the day on which they `entered`, {person.entered}"
        yield Problem("promotions-order", message, place, f"take {first} out, or correct `entered`")
    for (before, lower), (start, level) in pairwise(levels.pgy):
        if start <= before:
            at = level if level in person.promotions else lower
            place = draft.written.place("people", person.id, "promotions", at)
            message = f"{quote(person.id)} would be at PGY-{level} from {start}, and at PGY-{lower} only from {before}"
            yield Problem("promotions-order", message, place, "correct the dates in `promotions`")
