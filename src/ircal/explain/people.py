"""Who is meant by an audience, and what is true of somebody on a day, in words.

An audience asks for several things, each of which is so or not. `ircal.rules.audience` decides; here it is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ircal.explain.explanation import Sentence
from ircal.explain.words import listed
from ircal.model.people import ANY
from ircal.rules.audience import demands, matches
from ircal.rules.levels import levels_of
from ircal.rules.texts import day_text, person_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ircal.model.people import Audience, Standing
    from ircal.model.place import Place
    from ircal.model.program import Program

_ROLES = {
    "resident": "a resident",
    "faculty": "on the faculty",
    "fellow": "a fellow",
    "coordinator": "a coordinator",
    "guest": "a guest",
}
_RUN = 3
"""As many levels in a row, and more, are said as a range."""


def meant(audience: Audience, program: Program) -> str:
    """`PGY-5 or PGY-6, but not those on Intensive Care Unit`."""
    said = [(_demand(each, program), each.not_ is not None) for each in demands(audience)]
    wanted = ", and at the same time ".join(text for text, leaves_out in said if not leaves_out)
    return ", ".join([wanted or "all", *(text for text, leaves_out in said if leaves_out)])


def _demand(audience: Audience, program: Program) -> str:
    """What an audience with a single key asks for."""
    if audience.not_:
        return f"but not {meant(audience.not_, program)}"
    if audience.any:
        return listed(meant(part, program) for part in audience.any)
    phases = (_phase(phase, program) for phase in audience.phase)
    rotations = (program.rotations[each].name for each in audience.rotation)
    sites = (program.sites[each].name for each in audience.site)
    said = (
        ("all residents", audience.everyone),
        (_levels(audience.pgy), audience.pgy),
        (f"the class of {listed(map(str, audience.class_of))}", audience.class_of),
        (f"those in {listed(phases)}", audience.phase),
        (f"those on {listed(rotations)}", audience.rotation),
        (f"those on a rotation with the tag {listed(audience.tag)}", audience.tag),
        (f"those at {listed(sites)}", audience.site),
        (f"everybody who is {listed(audience.role)}", audience.role),
        (listed(person_name(each, program) for each in audience.person), audience.person),
        (f"those on leave{_kinds(audience.leave)}", audience.leave),
    )
    return next(text for text, given in said if given)


def _kinds(leave: tuple[str, ...]) -> str:
    """` (vacation or sick)`; nothing where any kind is meant."""
    return "" if ANY in leave else f" ({listed(leave)})"


def _levels(pgy: tuple[int, ...]) -> str:
    ordered = sorted(pgy)
    if len(ordered) >= _RUN and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"PGY-{ordered[0]} to PGY-{ordered[-1]}"
    return listed(f"PGY-{level}" for level in ordered)


def _phase(phase: str, program: Program) -> str:
    known = program.settings.phases.get(phase)
    return (known.name if known else "") or phase


class Meant(NamedTuple):
    """An audience, how it is meant (`for`, `open to`), and where it is written if it does not know that itself."""

    how: str
    audience: Audience
    place: Place

    def told(self, text: str) -> Sentence:
        """A sentence about it."""
        return Sentence(text, self.audience.place if self.audience.place.file else self.place)


def why_meant(of: Meant, standing: Standing, day: date, program: Program) -> Sentence:
    """Why a session is for somebody."""
    return of.told(f"It is {of.how} {meant(of.audience, program)}; {_facts(of.audience, standing, day, program)}.")


def why_not_meant(of: Meant, standing: Standing, day: date, program: Program) -> Iterator[Sentence]:
    """Why a session is not for somebody: a sentence for each thing that it asks for and that is not so."""
    for demand in demands(of.audience):
        if not matches(demand, standing):
            lead = f"It is not {of.how} {meant(demand.not_, program)}" if demand.not_ else ""
            facts = _facts(demand, standing, day, program)
            yield of.told(f"{lead or f'It is {of.how} {_demand(demand, program)}'}; {facts}.")


def _facts(audience: Audience, standing: Standing, day: date, program: Program) -> str:
    """`Amara Ash is at PGY-6 since Wed 1 Jul 2026 and on IR West at West Campus`: as far as the audience asks."""
    keys = set(_keys(audience))
    facts = [
        _level(standing, day, program) if "pgy" in keys else "",
        f"of the class of {standing.class_of or 'no year'}" if "class_of" in keys else "",
        f"in {_phase(standing.phase, program) or 'no phase of training'}" if "phase" in keys else "",
        at_work(standing, program) if keys & {"rotation", "tag", "site"} else "",
        _ROLES[standing.role] if keys & {"everyone", "role"} else "",
        (f"on leave ({standing.away})" if standing.away else "not on leave") if "leave" in keys else "",
    ]
    named = "named" if standing.person in audience.person else "not named"
    said = listed([fact for fact in facts if fact], "and") or named
    return f"{person_name(standing.person, program)} is {said}"


def _keys(audience: Audience) -> Iterator[str]:
    for demand in demands(audience):
        for part in (*demand.any, *((demand.not_,) if demand.not_ else ())):
            yield from _keys(part)
        yield from demand.model_dump(exclude_defaults=True, exclude={"any", "not_"})


def _level(standing: Standing, day: date, program: Program) -> str:
    if standing.pgy is None:
        return "at no PGY level"
    levels = levels_of(program.people[standing.person], program)
    since = max(start for start, level in levels.pgy if level == standing.pgy and start <= day)
    return f"at PGY-{standing.pgy} (since {day_text(since)})"


def at_work(standing: Standing, program: Program) -> str:
    """`on IR West at West Campus`."""
    rotation = program.rotations.get(standing.rotation)
    return f"on {rotation.name} at {program.sites[rotation.site].name}" if rotation else "on no rotation"


def who(standing: Standing, day: date, program: Program) -> str:
    """`Amara Ash is at PGY-6 (since Wed 1 Jul 2026) and on IR West at West Campus`."""
    level = _level(standing, day, program) if standing.role == "resident" else _ROLES[standing.role]
    work = at_work(standing, program) if standing.role == "resident" or standing.rotation else ""
    away = f"on leave ({standing.away}){', else' if work else ''}" if standing.away else ""
    said = listed([level, " ".join(each for each in (away, work) if each)], "and") if away or work else level
    return f"{person_name(standing.person, program)} is {said}"
