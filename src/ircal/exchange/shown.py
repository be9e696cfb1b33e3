"""What stands behind a cycle in the cell of a week, `core: W`: for people to read, and held to be right.

The week of a cycle that goes on by the calendar is what it is. One that pauses counts the weeks in which somebody
follows it, so that another cell may change which week this one is: right is then what the sheet as a whole comes to.
What was right before it was changed is told and taken, for nobody writes a whole row anew because of one cell.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ircal.errors import Problem
from ircal.rules.roster import followed
from ircal.wording import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from ircal.exchange.cells import Wording
    from ircal.exchange.frame import Cells
    from ircal.model.place import Place
    from ircal.model.program import Program


class Shown(NamedTuple):
    """One cell: whose it is and of which cycle, the first day of its week, and what it shows."""

    person: str
    cycle: str
    day: date
    text: str
    place: Place


def held_against(
    shown: Iterable[Shown], wording: Wording, cells: Cells
) -> tuple[list[Problem], dict[tuple[str, str], date]]:
    """What is not right, and by person and cycle the first week from which on the cells show what was and will not be.

    `cells` are all that the sheet says.
    """
    before = _patterns(wording.frame.program)
    after = _patterns(wording.frame.after(cells).program)
    problems: list[Problem] = []
    outdated: dict[tuple[str, str], date] = {}
    for each in shown:
        said, key = wording.work.id_of(each.text), (each.person, each.cycle)
        right = after(*key, each.day)
        if said == right:
            continue
        if said == before(*key, each.day):
            outdated[key] = min(each.day, outdated.get(key, each.day))
            continue
        message = f"the cycle {each.cycle} has {wording.name(right)} in that week, not {quote(each.text)}"
        hint = f"write {each.text} alone for that week, or {each.cycle} alone"
        problems.append(Problem("not-in-cycle", message, each.place, hint))
    return problems, outdated


def _patterns(program: Program) -> Callable[[str, str, date], str]:
    """The rotation that a cycle gives a person in the week of a day."""
    known = cache(lambda person, cycle: followed(person, cycle, program))

    def rotation(person: str, cycle: str, day: date) -> str:
        pattern = known(person, cycle)
        return pattern.cycle.weeks[pattern.place_on(day)]

    return rotation
