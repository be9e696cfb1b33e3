"""The block schedule as a grid for the terminal: a row for each resident, a bar for each rotation, weeks as columns.

Colour is never the only sign: every bar carries the rotation's short name, cut where the bar is shorter, and a legend
spells out every sign that is drawn. A year that is too wide for the terminal is drawn in several bands of blocks.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby, product
from typing import TYPE_CHECKING

from rich.text import Text

from ircal.errors import IrcalError
from ircal.exchange import Frame, as_svg
from ircal.model.colours import rgb_of, text_on
from ircal.publish import write_file
from ircal.rules.grids import Block, blocks
from ircal.rules.levels import levels_of
from ircal.rules.roster import Roster

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from rich.console import Console

    from ircal.model.people import Person
    from ircal.model.program import Program
    from ircal.model.rotations import Rotation
    from ircal.rules.stretches import Stretch

_WEEK = timedelta(days=7)
_CELL = 3
"""Columns for one week."""
_AWAY = "--"
"""What stands for leave."""


def draw(program: Program, year: int, today: date, console: Console) -> None:
    """Print the year's grid, as wide as the terminal allows, and the legend. IrcalError for a year without any."""
    roster = Roster(program)
    _refuse_empty(roster, year)
    people = sorted(
        (person for person in program.residents if _level(person, program, year)),
        key=lambda person: (-(_level(person, program, year) or 0), person.name),
    )
    grid = blocks(program.grids[program.settings.grid], year, program.settings)
    label = max((len(_label(person, program, year)) for person in people), default=10) + 1
    console.print(Text(f"{program.settings.name}, {_named(year)}", style="bold"))
    for band in _bands(grid, console.width - label):
        console.print()
        console.print(_heading(band, label, today))
        for person in people:
            console.print(_row(person, band, roster, label, year), no_wrap=True, overflow="crop")
    console.print()
    console.print(_legend(people, grid, roster, console.width))


def _refuse_empty(roster: Roster, year: int) -> None:
    """Say which years there are, when nobody is assigned to anything in this one."""
    program = roster.program
    stretches = [stretch for person in program.residents for stretch in roster.stretches(person.id)]
    days = [day for stretch in stretches for day in (stretch.start, stretch.end - timedelta(days=1))]
    known = [each for each in sorted({program.academic_year(day) for day in days}) if _any_in(each, stretches, program)]
    if year not in known:
        remedy = f"It has {_listed(known)}." if known else "It has no year yet: add `blocks/2026-27.csv`."
        raise IrcalError(f"The block schedule has nothing in {_named(year)}.", remedy)


def _any_in(year: int, stretches: Iterable[Stretch], program: Program) -> bool:
    grid = blocks(program.grids[program.settings.grid], year, program.settings)
    return bool(grid) and any(each.start < grid[-1].end and grid[0].start < each.end for each in stretches)


def _named(year: int) -> str:
    return f"{year}-{(year + 1) % 100:02}"


def _listed(years: Sequence[int]) -> str:
    names = [_named(year) for year in years]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def picture(program: Program, year: int, file: Path) -> None:
    """Write the year as the page for the wall. IrcalError for a year without anything."""
    _refuse_empty(Roster(program), year)
    write_file(file, as_svg(Frame.of(program, year)))


def _level(person: Person, program: Program, year: int) -> int | None:
    """The level at which the person begins the year; None when they are not there in it."""
    first = max(program.year_start(year), person.entered or date.min)
    return levels_of(person, program).pgy_on(first) if first < program.year_start(year + 1) else None


def _label(person: Person, program: Program, year: int) -> str:
    return f"PGY-{_level(person, program, year)} {person.name}"


def _bands(grid: Sequence[Block], width: int) -> Iterator[list[Block]]:
    """The blocks in rows that fit the width, at least one block in each."""
    band: list[Block] = []
    for block in grid:
        if band and sum(_weeks(each) * _CELL + 1 for each in [*band, block]) > width:
            yield band
            band = []
        band.append(block)
    yield band


def _weeks(block: Block) -> int:
    return -(-(block.end - block.start).days // 7)


def _heading(band: Sequence[Block], label: int, today: date) -> Text:
    heading = Text(" " * label)
    for block in band:
        now = block.start <= today < block.end
        title = f"{block.number}{'*' if now else ''} {block.start:%-d %b}"
        heading.append(title.ljust(_weeks(block) * _CELL + 1), style="bold reverse" if now else "bold")
    return heading


def _row(person: Person, band: Sequence[Block], roster: Roster, label: int, year: int) -> Text:
    row = Text(_label(person, roster.program, year).ljust(label))
    for block in band:
        for rotation, width in _bars(person, block, roster):
            row.append(_fit(_sign(rotation, roster.program), width), style=_style(rotation, roster.program))
        row.append(" ")
    return row


def _bars(person: Person, block: Block, roster: Roster) -> Iterator[tuple[str, int]]:
    """What the person does in the block, one thing after the other, and how wide each is drawn."""
    mondays = [block.start + _WEEK * n for n in range(_weeks(block))]
    for rotation, weeks in groupby(mondays, key=lambda monday: _held(person, monday, block, roster)):
        yield rotation, len(list(weeks)) * _CELL


def _held(person: Person, monday: date, block: Block, roster: Roster) -> str:
    """What the person does for most of that week: leave when away for most of the working days."""
    days = [monday + timedelta(days=n) for n in range(5) if monday + timedelta(days=n) < block.end]
    held = [_on_day(person, day, roster) for day in days]
    return max(held, key=held.count)


def _on_day(person: Person, day: date, roster: Roster) -> str:
    if roster.leave_on(person.id, day):
        return _AWAY
    stretch = roster.stretch_on(person.id, day)
    return stretch.rotation if stretch else ""


def _sign(rotation: str, program: Program) -> str:
    known = program.rotations.get(rotation)
    return short_name(known) if known else rotation


def _style(rotation: str, program: Program) -> str:
    known = program.rotations.get(rotation)
    if known is None:
        return "dim" if rotation == _AWAY else ""
    return colours(known.color)


def _fit(text: str, width: int) -> str:
    return text[: width - 1].ljust(width) if width > 1 else text[:width]


def short_name(rotation: Rotation) -> str:
    """What a narrow cell shows."""
    return rotation.short or rotation.name


def colours(name: str) -> str:
    """Rich's style for a bar in a CSS colour, with text that can be read on it."""
    if not name:
        return "reverse"
    red, green, blue = rgb = rgb_of(name)
    text = "rgb(0,0,0)" if text_on(rgb) == "black" else "rgb(255,255,255)"
    return f"{text} on rgb({red},{green},{blue})"


def _legend(people: Sequence[Person], grid: Sequence[Block], roster: Roster, width: int) -> Text:
    """What is drawn, as many on a line as the terminal is wide: every sign of a rotation, also when cut; its name."""
    program = roster.program
    drawn = {_AWAY: {_AWAY}}
    for person, block in product(people, grid):
        for rotation, bar in _bars(person, block, roster):
            drawn.setdefault(rotation, set()).add(_fit(_sign(rotation, program), bar).rstrip())
    drawn.pop("", None)
    rotations = sorted(drawn.keys() - {_AWAY}, key=lambda name: program.rotations[name].name)
    entries = [(_signs(drawn[name]), _style(name, program), program.rotations[name].name) for name in rotations]
    entries.append((_AWAY, _style(_AWAY, program), "Leave"))
    bar = max(len(signs) for signs, _, _ in entries) + 1
    column = bar + max(len(name) for _, _, name in entries) + 3
    across = max(width // column, 1)
    legend = Text()
    for number, (signs, style, name) in enumerate(entries):
        legend.append("\n" if number and number % across == 0 else "")
        legend.append(signs.ljust(bar), style=style)
        legend.append(f" {name}".ljust(column - bar))
    return legend


def _signs(drawn: Iterable[str]) -> str:
    """`MRI MR`: the whole name first, then what narrow bars have of it."""
    return " ".join(sorted(drawn, key=len, reverse=True))
