"""What a programme says in public on a day: without the academic years that are still being planned.

A draft is made of the files that have its year in their names. Until it is published, everything is as if they held
none of the people, assignments, leave, swaps, overrides and milestones that stand in them; what names such a person
elsewhere (a row of presenters, the others' swaps) waits with them. Nothing is added, and the rest is the same values.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from ircal.rules.levels import class_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from collections.abc import Set as AbstractSet
    from datetime import date

    from ircal.model.overrides import Override
    from ircal.model.people import Person
    from ircal.model.program import Calendar, DraftYear, Program
    from ircal.model.values import Value

T = TypeVar("T", bound="Value")


def published(program: Program, day: date) -> Program:
    """The programme as people may see it on that day, in its time zone; the same one when nothing is held back."""
    drafts = drafts_on(program, day)
    return _without(drafts, program) if drafts else program


def drafts_on(program: Program, day: date) -> tuple[DraftYear, ...]:
    """The years that are not published yet on that day, in order."""
    return tuple(draft for draft in program.drafts.values() if day < draft.published)


def _is_in(value: Value, drafts: Iterable[DraftYear]) -> bool:
    return any(draft.has(value.place.file) for draft in drafts)


def files_of(draft: DraftYear, program: Program) -> set[str]:
    """The files of a draft that hold something which is not shown because of it."""
    held = chain(
        program.people.values(),
        program.assignments,
        program.leave,
        program.swaps,
        program.overrides,
        program.milestones.values(),
    )
    return {value.place.file for value in held if draft.has(value.place.file)}


def _without(drafts: tuple[DraftYear, ...], program: Program) -> Program:
    people = {name: person for name, person in program.people.items() if not _is_in(person, drafts)}
    coming = program.people.keys() - people.keys()

    def kept(values: Iterable[T], names: Callable[[T], Iterable[str | None]]) -> tuple[T, ...]:
        return tuple(each for each in values if not _is_in(each, drafts) and coming.isdisjoint(names(each)))

    return replace(
        program,
        people=people,
        assignments=kept(program.assignments, lambda item: (item.person,)),
        leave=kept(program.leave, lambda item: (item.person,)),
        swaps=kept(program.swaps, lambda item: item.people),
        presenters={
            name: tuple(row for row in rows if row.person not in coming) for name, rows in program.presenters.items()
        },
        overrides=tuple(
            each for item in program.overrides if not _is_in(item, drafts) for each in _naming_others(item, coming)
        ),
        milestones={name: item for name, item in program.milestones.items() if not _is_in(item, drafts)},
        calendars=_calendars(program, people),
    )


def _naming_others(item: Override, coming: AbstractSet[str]) -> Iterable[Override]:
    """The override without those who are still to come; nothing when it is about them alone."""
    altered = (item.replace, item.change, item.add)
    if any(each and each.presenter in coming for each in altered):
        return ()
    excuse, require = (tuple(name for name in names if name not in coming) for names in (item.excuse, item.require))
    if (excuse, require) == (item.excuse, item.require):
        return (item,)
    return (item.model_copy(update={"excuse": excuse, "require": require}),) if excuse or require else ()


def _calendars(program: Program, people: Mapping[str, Person]) -> dict[str, Calendar]:
    """Those but the ones of residents and whole classes who are still to come."""
    before = {str(class_of(person, program)) for person in program.people.values()}
    classes = before - {str(class_of(person, program)) for person in people.values()}
    gone = {"resident": program.people.keys() - people.keys(), "class": classes}
    return {
        name: calendar for name, calendar in program.calendars.items() if calendar.of not in gone.get(calendar.kind, ())
    }
