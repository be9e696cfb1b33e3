"""`year draft`: the next academic year, beside the current one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ircal.cli import PENDING, Sentences, output
from ircal.cli.options import config_option, remember_config, settings_of
from ircal.cli.parameters import AcademicYear, Day
from ircal.cli.writing import write_into
from ircal.errors import IrcalError
from ircal.turnover import change_over, files, next_year
from ircal.turnover.change_over import steps_of
from ircal.wiring.programmes import load_program, today_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from ircal.model.people import Person
    from ircal.model.program import Program
    from ircal.turnover import ChangeOver


@click.group(cls=Sentences, epilog="Example: ircal year draft 2028-29 --published 2028-05-01")
@config_option
@click.pass_context
def year(ctx: click.Context, config: str | None) -> None:
    """Draft the next academic year beside the current one."""
    remember_config(ctx, config)


@year.command(epilog="Example: ircal year draft 2028-29 --published 2028-05-01 --apply")
@config_option
@click.argument("name", type=AcademicYear(), metavar="YEAR", required=False)
@click.option("--published", type=Day(), metavar="D", required=True, help="From which day on calendars show it.")
@click.option("--places", type=click.IntRange(0, 200), metavar="N", help="Of the new class (default: who graduates).")
@click.option("--apply", is_flag=True, help="Write its files. Without, they are only told.")
def draft(config: str | None, name: int | None, published: date, places: int | None, apply: bool) -> int:
    """Draft the next academic year: who graduates, who moves up, places for those who come, an empty block schedule.

    Two new files are written, with --apply: YEAR.yaml with the new class and the day of publication, and
    blocks/YEAR.csv with a row for everyone who is there. Until that day nothing of them is on any calendar; `ircal
    check`, `ircal show`, `ircal export` and `ircal import` work on them as on the rest. YEAR is written 2028-29.

    Exits with 0 when it was written, with 2 when it was not, with 1 when that year cannot be drafted.
    """
    settings = settings_of(config)
    program = load_program(settings)
    if published <= (today := today_of(program)):
        raise IrcalError(f"{published} is not after today, {today}.", "Publish a draft on a day to come.")
    change = change_over(program, next_year(program) if name is None else name, published, places)
    made = files(change)
    _refuse_existing(settings.config, made)
    load_program(settings, made)
    for line in _told(change, program):
        output.say(line)
    if not apply:
        output.say(f"Nothing was written. With --apply, {' and '.join(made)} are.")
        return PENDING
    write_into(settings.config, made)
    return 0


def _refuse_existing(folder: Path, made: Mapping[str, bytes]) -> None:
    if there := [name for name in made if (folder / name).exists()]:
        raise IrcalError(f"{' and '.join(there)} is there already.", "Take it away first, or go on from there.")


def _told(change: ChangeOver, program: Program) -> Iterator[str]:
    draft = change.draft
    yield f"{draft.id}, shown on calendars from {_day(draft.published)} on"
    yield from _section("Gone by then", [", ".join(person.name for person in change.graduates)])
    residents = [f"{each.name}: {', '.join(_levels(each, program, draft.year))}" for each in change.residents]
    yield from _section("In the programme", residents)
    yield from _section("Places for the new class", [f"{person.name} ({person.id})" for person in change.places])
    yield from _section("Still to be filled in", ["The block schedule.", *change.unfilled])


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if any(lines):
        yield title
        yield from (f"  {line}" for line in lines)


def _levels(person: Person, program: Program, year: int) -> Iterator[str]:
    for begins, level in steps_of(person, program, year):
        yield f"PGY-{level}" + (f" from {_day(begins)} on" if begins else "")


def _day(day: date) -> str:
    return f"{day:%-d %b %Y}"
