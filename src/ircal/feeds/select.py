"""Which occurrences belong on a calendar; `wording` says how they are worded there.

A personal occurrence (rotation, duty, leave, deadline) belongs to one person. Sessions and milestones are shared: a
person's calendar shows those that they must or may come to, and leaves out those that they are excused from. What is
cancelled stays, marked so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ircal.rules.levels import class_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ircal.model.program import Calendar, Contents, Program
    from ircal.model.schedule import Kind, Occurrence

CONTENTS: Mapping[Kind, Contents] = {
    "rotation": "rotations",
    "duty": "duties",
    "conference": "conferences",
    "deadline": "conferences",
    "milestone": "milestones",
    "leave": "leave",
}
"""What a calendar's `contents` calls each kind of occurrence."""

Belongs = Callable[["Occurrence"], bool]


def selection(calendar: Calendar, program: Program) -> Belongs:
    """What belongs on the calendar."""
    of_kind = _of_kind(calendar, program)
    return lambda item: CONTENTS[item.rule.kind] in calendar.contents and of_kind(item)


def _of_kind(calendar: Calendar, program: Program) -> Belongs:
    match calendar.kind:
        case "resident":
            return lambda item: item.concerns(calendar.of)
        case "site":
            return lambda item: item.site == calendar.of
        case "rotation":
            return lambda item: item.rotation == calendar.of
        case "conference":
            return lambda item: item.rule == ("conference", calendar.of)
        case "class":
            return _of_class(calendar.of, program)
        case _:  # the whole programme
            return lambda _: True


def _of_class(graduation_year: str, program: Program) -> Belongs:
    members = [person.id for person in program.residents if str(class_of(person, program)) == graduation_year]
    return lambda item: any(item.concerns(member) for member in members)
