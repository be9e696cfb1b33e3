"""Audiences that nobody can ever belong to, whoever enters and wherever they are assigned.

What can be true of somebody on one day is written out as Standings: of every person, and of somebody of each role and
class who has yet to come, at each level and phase, on each rotation and on none. An audience that matches none of them
is a mistake. Nothing is said while what it is judged by (people, rotations, sites) is not wholly known.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, get_args

from ircal.config.crosscheck.planning import audiences_in
from ircal.config.crosscheck.references import known_names, refs_of_audience
from ircal.config.sections import subject
from ircal.errors import Problem
from ircal.model.milestones import ClassDay
from ircal.model.people import Person, Role
from ircal.recall import Recall
from ircal.rules.audience import matches
from ircal.rules.levels import class_of, levels_of
from ircal.rules.standings import Facts, course_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from ircal.config.draft import Draft
    from ircal.model.people import Audience, Standing
    from ircal.model.program import Program

_TO_COME = "0-to-come"


def check(draft: Draft, recall: Recall) -> Iterator[Problem]:
    """Every audience of conferences, presenters, milestones and checks that holds nobody."""
    if not all(draft.complete(section) for section in ("people", "rotations", "sites")):
        return
    program = draft.program
    kinds = sorted({kind for _, _, _, audience, _ in _audiences(program) for kind in kinds_of_leave(audience)})
    ground = (program.settings, *program.people.values(), *program.rotations.values(), *program.sites.values(), *kinds)
    standings = recall.made("standings of all", ground, lambda _: list(_all_standings(program, kinds)))
    known = known_names(draft)
    for section, name, key, audience, level in _audiences(program):
        if not _all_known(audience, known) or (level is not None and str(level) not in (known["level"] or ())):
            continue
        made_of = (audience, standings, level or 0)
        if not recall.kept((section, name, key), made_of, partial(_holds, audience, standings, level)):
            at = f" at PGY-{level}" if level is not None else ""
            message = f"`{key}` of {subject(section, name)} can never hold anybody{at}"
            place = draft.written.place(section, name, *key.split("."))
            yield Problem(
                "audience-nobody", message, place, "several keys mean all of them; see whether they go together"
            )


def _holds(audience: Audience, standings: Iterable[Standing], level: int | None) -> bool:
    return any(matches(audience, each) for each in standings if level in {None, each.pgy})


def _audiences(program: Program) -> Iterator[tuple[str, str, str, Audience, int | None]]:
    """Section, id, key, audience, and the level that it is further limited to."""
    for conference in program.conferences.values():
        yield "conferences", conference.id, "audience", conference.audience, None
        if conference.optional:
            yield "conferences", conference.id, "optional", conference.optional, None
        if conference.presenter:
            yield "conferences", conference.id, "presenter.pool", conference.presenter.pool, None
    for milestone in program.milestones.values():
        level = milestone.when.pgy if isinstance(milestone.when, ClassDay) else None
        yield "milestones", milestone.id, "audience", milestone.audience, level
    for audience, path in audiences_in(program.checks):
        yield "checks", "checks", ".".join(map(str, path)), audience, None


def kinds_of_leave(audience: Audience) -> Iterator[str]:
    """The kinds of leave that an audience names, however deep."""
    yield from audience.leave
    for part in (*audience.all, *audience.any, *((audience.not_,) if audience.not_ else ())):
        yield from kinds_of_leave(part)


def _all_known(audience: Audience, known: Mapping[str, AbstractSet[str] | None]) -> bool:
    return all(ref.name in (known[ref.kind] or ()) for ref in refs_of_audience(audience))


def _all_standings(program: Program, kinds: Sequence[str]) -> Iterator[Standing]:
    for standing in _standings(program):
        yield from _on_leave(standing, kinds)


def _standings(program: Program) -> Iterator[Standing]:
    """Everything that can be true of anybody on a day of the programme, but for leave."""
    for standing in _without_work(program):
        yield standing
        if standing.role in {"resident", "fellow"}:
            for rotation in program.rotations.values():
                yield standing._replace(rotation=rotation.id, tags=rotation.tags, site=rotation.site)


def _on_leave(standing: Standing, kinds: Sequence[str]) -> Iterator[Standing]:
    """The standing, and the same on each of some kinds of leave."""
    yield standing
    yield from (standing._replace(away=kind) for kind in kinds)


def _without_work(program: Program) -> Iterator[Standing]:
    first = program.year_start(program.settings.first_year)
    for person in program.people.values():
        yield from _of(person, program)
    classes = {class_of(person, program) for person in program.residents} | {None}
    for role in get_args(Role):
        to_come = Person(id=_TO_COME, name=_TO_COME, role=role, entered=first)
        for standing in _of(to_come, program):
            yield from (standing._replace(class_of=year) for year in (classes if role == "resident" else {None}))


def _of(person: Person, program: Program) -> Iterator[Standing]:
    """The levels and phases that a person goes through from the programme's first day on, on no rotation."""
    course = course_of(Facts(person, levels_of(person, program), (), ()), program, Recall())
    first = program.year_start(program.settings.first_year)
    for day in sorted({first, *course.starts}):
        standing = course.on(day)
        if day >= first and standing is not None:
            yield standing
