"""`export` and `import`: the block schedule out to a sheet that people keep, and back from it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from ircal.cli import PENDING, Sentences, output
from ircal.cli.options import config_option, note_drafts, remember_config, settings_of
from ircal.cli.parameters import Text, Year
from ircal.difference import counts
from ircal.exchange import Choice, Frame, as_csv, as_svg, as_xlsx, heading, notes, read_sheets, stretches, table_of
from ircal.publish import write_file
from ircal.trial import Bench
from ircal.wiring.programmes import load_program

if TYPE_CHECKING:
    from ircal.exchange import Proposal
    from ircal.trial import Trial


grid_option = click.option("--grid", type=Text(), metavar="NAME", help="The grid, where it is not the usual one.")


@click.group(cls=Sentences, epilog="Example: ircal export schedule --out rota.xlsx")
@config_option
@click.pass_context
def export(ctx: click.Context, config: str | None) -> None:
    """Write the block schedule as a sheet, XLSX or CSV, or as a page for the wall."""
    remember_config(ctx, config)


@export.command(epilog="Example: ircal export schedule --out rota.xlsx --year 2026 --by weeks")
@config_option
@click.option("--out", type=Text(), required=True, metavar="FILE", help="A file, .xlsx, .csv or .svg; it is replaced.")
@click.option("--year", type=Year(), metavar="Y", help="The academic year that begins in Y (default: the current one).")
@click.option("--by", type=click.Choice(["blocks", "weeks"]), default="blocks", help="What the columns are.")
@grid_option
def schedule(config: str | None, out: str, year: int | None, by: Literal["blocks", "weeks"], grid: str | None) -> None:
    """Write the block schedule as a sheet: residents by blocks or weeks. `ircal import` reads it back.

    With .svg it is a page to print, of A3 paper: what everybody does, also by dates and swaps, whatever --by says.
    """
    ending = Path(out).suffix.lower()
    if ending not in {".xlsx", ".csv", ".svg"}:
        raise click.BadParameter(f"'{out}' ends in none of .xlsx, .csv and .svg", param_hint="--out")
    program = load_program(settings_of(config))
    today = datetime.now(UTC).astimezone(program.settings.zone).date()
    frame = Frame.of(program, program.academic_year(today) if year is None else year, grid)
    if ending == ".svg":
        write_file(Path(out), as_svg(frame))
        output.note(f"{out}: {frame.title}, a page of A3.")
        return
    table = table_of(frame, by)
    write_file(Path(out), as_xlsx(table, frame) if ending == ".xlsx" else as_csv(table))
    output.note(f"{out}: {len(table.rows)} residents by {len(table.headings)} {by}, {frame.title}.")


@click.command("import", epilog="Example: ircal import rota.xlsx --sheet 2026-27 --apply")
@config_option
@click.argument("file", type=Text(), metavar="FILE")
@click.option("--sheet", type=Text(), metavar="NAME", help="The sheet of a workbook, where several may be meant.")
@click.option("--year", type=Year(), metavar="Y", help="The academic year that begins in Y, if the sheet does not say.")
@grid_option
@click.option("--apply", is_flag=True, help="Write it into the configuration. Without, the difference is only shown.")
def import_(  # noqa: PLR0913, PLR0917 each is an option
    config: str | None, file: str, sheet: str | None, year: int | None, grid: str | None, apply: bool
) -> int:
    """Take the block schedule over from a sheet, after a look at what changes.

    What changes is shown; only with --apply it is written. The sheet (.xlsx, .csv) has a row for each resident and a
    column for each block or week. Whatever is wrong is told at once, with its cell, and nothing is changed. Residents
    and blocks that the sheet does not show stay as they are.

    Exits with 0 when there is no difference or it was written, with 2 when there is one, with 1 when
    something is wrong.
    """
    bench = Bench.of(settings_of(config))
    proposal = bench.proposal(read_sheets(Path(file)), Choice(sheet, year, grid))
    output.note(heading(proposal.taken))
    if not proposal.changed:
        _tell_left_out(proposal)
        output.say("The programme says the same already.")
        return 0
    with output.working("Working out what it changes"):
        trial = bench.tried(proposal)
    _tell(proposal, trial)
    note_drafts(bench.program, bench.year(proposal))
    output.problems(trial.warnings, err=True)
    if not apply:
        output.say("Nothing was written. With --apply it is.")
        return PENDING
    path = proposal.target(bench.settings.config)
    path.parent.mkdir(exist_ok=True)
    write_file(path, proposal.after)
    output.say(f"{path}: written.")
    return 0


def _tell(proposal: Proposal, trial: Trial) -> None:
    for person, lines in stretches(proposal).items():
        output.say(f"{trial.before.people[person].name} ({person})")
        for line in lines:
            output.say(f"  {line}")
    _tell_left_out(proposal)
    if trial.difference.calendars:
        output.say("Calendars that change")
        for name, edits in trial.difference.calendars.items():
            output.say(f"  {name}: {counts(edits)}")


def _tell_left_out(proposal: Proposal) -> None:
    """What an eye on the sheet might not expect."""
    for note in notes(proposal):
        output.note(note)
