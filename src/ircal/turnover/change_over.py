"""Who is in the programme in the next academic year, and at which level."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import count, islice
from typing import TYPE_CHECKING

from ircal.errors import IrcalError
from ircal.model.people import Person
from ircal.model.program import DraftYear, year_name
from ircal.rules.grids import blocks
from ircal.rules.levels import class_of, levels_of
from ircal.rules.publication import files_of
from ircal.turnover.unfilled import unfilled
from ircal.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.model.program import Program
    from ircal.rules.grids import Block
    from ircal.rules.levels import Levels


@dataclass(frozen=True, slots=True)
class ChangeOver:
    """What an academic year begins with, and the day from which on calendars show it.

    `graduates` are those who are no longer there, `residents` those who are, in order of entry, and `places` those of
    the new class whom nobody knows yet. `unfilled` are sentences about what the year before has and this one has not.
    """

    draft: DraftYear
    blocks: tuple[Block, ...]
    graduates: tuple[Person, ...]
    residents: tuple[Person, ...]
    places: tuple[Person, ...]
    unfilled: tuple[str, ...]


def next_year(program: Program) -> int:
    """The academic year after the last one that is planned or drafted, by the calendar year in which it begins."""
    planned = [program.academic_year(item.start) for item in program.assignments if item.origin == "block"]
    drafted = [draft.year for draft in program.drafts.values()]
    return max([program.settings.first_year - 1, *planned, *drafted]) + 1


def change_over(program: Program, year: int, published: date, places: int | None = None) -> ChangeOver:
    """The change-over to an academic year, with as many places as residents graduate, unless it is told how many.

    Raises IrcalError for a year that is not the next one, for one that is published after it has begun, and when a
    part of it is public already.
    """
    draft = DraftYear(id=year_name(year), published=published)
    cut = blocks(program.grids[program.settings.grid], year, program.settings)
    _refuse(draft, program, cut)
    start, end = program.year_start(year), program.year_start(year + 1)
    known = [(person, levels_of(person, program)) for person in program.residents]
    residents = tuple(person for person, levels in known if _is_there(levels, start, end))
    graduates = tuple(
        person for person, levels in known if levels.end and program.year_start(year - 1) < levels.end <= start
    )
    open_places = _graduating(program, year) if places is None else places
    return ChangeOver(
        draft,
        cut,
        graduates,
        residents,
        tuple(islice(_places(program, year), open_places)),
        tuple(unfilled(program, year, graduates)),
    )


def steps_of(person: Person, program: Program, year: int) -> Iterator[tuple[date | None, int]]:
    """The levels of a person in an academic year: each with the day on which it begins in the midst of it, if so."""
    start, end = program.year_start(year), program.year_start(year + 1)
    levels = levels_of(person, program)
    if (level := levels.pgy_on(start)) is not None:
        yield None, level
    yield from ((day, level) for day, level in levels.pgy if start < day < end and levels.is_member(day))


def _refuse(draft: DraftYear, program: Program, cut: tuple[Block, ...]) -> None:
    expected, begins = next_year(program), program.year_start(draft.year)
    if draft.year != expected:
        named = year_name(expected)
        raise IrcalError(f"The next academic year to be planned is {named}, not {draft.id}.", f"Draft {named}.")
    if draft.published > begins:
        message = f"{draft.id} begins on {begins}, before it would be published on {draft.published}."
        raise IrcalError(message, f"Publish it on {begins} at the latest.")
    if not cut:
        grid = program.settings.grid
        raise IrcalError(f"The grid '{grid}' has no blocks for {draft.id}.", "Add the year to it.")
    if public := sorted(files_of(draft, program)):
        message = (
            f"{listed(public)} would be taken off the calendars until {draft.published}, with the rest of the draft."
        )
        raise IrcalError(message, f"Give it a name without {draft.id}, if what it says is to be seen.")


def _is_there(levels: Levels, start: date, end: date) -> bool:
    entered, left = levels.entered or date.min, levels.end or date.max
    return entered < end and left > start


def _graduating(program: Program, year: int) -> int:
    """How many leave with the class that graduates, less those of the new class who are known already."""
    entering = year + program.settings.last_pgy - program.settings.first_pgy + 1
    leaving = sum(class_of(person, program) == year for person in program.residents)
    known = sum(class_of(person, program) == entering for person in program.residents)
    return max(0, leaving - known)


def _places(program: Program, year: int) -> Iterator[Person]:
    for number in count(1):
        name = f"new-{year}-{number}"
        if name not in program.people:
            entered = program.year_start(year)
            yield Person(id=name, name=f"New resident {number} of {year}", role="resident", entered=entered)
