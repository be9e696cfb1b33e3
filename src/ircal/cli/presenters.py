"""`presenters`: who presents by turn, made known so that it stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ircal.announcement import file_after, file_of, unannounced
from ircal.cli import PENDING, output
from ircal.cli.options import config_option, settings_of
from ircal.cli.parameters import Day, Text
from ircal.cli.writing import write_into
from ircal.errors import IrcalError
from ircal.model.program import Window
from ircal.rules.expand import expand
from ircal.rules.texts import day_text
from ircal.wiring.programmes import load_program
from ircal.wording import closest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from ircal.announcement import Row
    from ircal.model.program import Program


@click.command(epilog="Example: ircal presenters --until 2027-03-31 --conference mm --apply")
@config_option
@click.option("--until", type=Day(), metavar="D", required=True, help="The last day that is made known.")
@click.option("--conference", type=Text(), metavar="ID", help="Only that conference.")
@click.option("--apply", is_flag=True, help="Write it into presenters/. Without, it is only told.")
def presenters(config: str | None, until: date, conference: str | None, apply: bool) -> int:
    """Make known who presents, so that it stays.

    Turns move with everything that changes: a resident who comes, a swap, a sickness. Who stands in presenters/ does
    not, and whose turn it is can be written there. All sessions up to that day are written that are not there yet,
    past ones too: turns are counted from them.

    Exits with 0 when it was written or there is nothing to write, with 2 when it was not, with 1 when something is
    wrong.
    """
    settings = settings_of(config)
    program = load_program(settings)
    rows = _wanted(unannounced(expand(program, _years(program, until)), until), conference, program)
    if not rows:
        output.say("Everything up to that day has been made known.")
        return 0
    for name, listed in rows.items():
        output.say(f"{program.conferences[name].name} ({file_of(name)})")
        for row in listed:
            output.say(f"  {day_text(row.day)}  {program.people[row.person].name}")
    made = {file_of(name): _after(settings.config / file_of(name), listed) for name, listed in rows.items()}
    load_program(settings, made)
    if not apply:
        output.say("Nothing was written. With --apply it is.")
        return PENDING
    write_into(settings.config, made)
    return 0


def _years(program: Program, until: date) -> Window:
    """From the programme's first day to the end of the academic year of that day."""
    first = program.year_start(program.settings.first_year)
    return Window(first, program.year_start(max(program.academic_year(until), program.settings.first_year) + 1))


def _wanted(
    rows: Mapping[str, tuple[Row, ...]], conference: str | None, program: Program
) -> Mapping[str, tuple[Row, ...]]:
    if conference is None:
        return rows
    known = program.conferences.get(conference)
    if known is None:
        hint = closest(conference, program.conferences)
        raise IrcalError(f"There is no conference '{conference}'.", f"{hint[:1].upper()}{hint[1:]}")
    if known.presenter is None:
        raise IrcalError(f"{known.name} has no `presenter`.", f"Give it one at {known.place}.")
    return {name: listed for name, listed in rows.items() if name == conference}


def _after(path: Path, rows: tuple[Row, ...]) -> bytes:
    try:
        before = path.read_bytes().decode() if path.exists() else None
    except OSError as error:
        raise IrcalError(f"{path} cannot be read: {error.strerror}.", "Run it as somebody who can.") from None
    return file_after(before, rows).encode()
