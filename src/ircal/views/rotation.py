"""A rotation: where it is, what is owed there, who is on it now and in the coming year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ircal.explain.words import rule_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.model.people import Person
    from ircal.model.rotations import Duty, Rotation, Site
    from ircal.views.ground import Ground

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody's days on the rotation, to the `last` of them."""

    person: Person
    start: date
    last: date
    is_now: bool


@dataclass(frozen=True, slots=True)
class RotationView:
    """What is told of a rotation. `duties` say when in words; `turns` are in order of time, from those of today."""

    rotation: Rotation
    site: Site
    duties: tuple[tuple[Duty, str], ...]
    turns: tuple[Turn, ...]


def rotation_view(name: str, today: date, ground: Ground) -> RotationView:
    """The view of a rotation by id."""
    rotation = ground.program.rotations[name]
    turns = sorted(_turns(name, today, ground), key=lambda each: (each.start, each.person.name))
    duties = tuple((each, rule_text(each.when, ground.program)) for each in rotation.duties.values())
    return RotationView(rotation, ground.program.sites[rotation.site], duties, tuple(turns))


def _turns(name: str, today: date, ground: Ground) -> Iterator[Turn]:
    for person in ground.program.people.values():
        for each in ground.roster.stretches(person.id):
            if each.rotation == name and each.end > today:
                yield Turn(person, each.start, each.end - _DAY, each.start <= today)
