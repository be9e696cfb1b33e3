"""`show`: the programme on the terminal, as occurrences, as the block schedule, as the list of calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ircal.cli import output
from ircal.cli.grid import draw, picture
from ircal.cli.options import calendar_of, config_option, settings_of, window_of, window_options
from ircal.feeds import make_feed
from ircal.model.series import last_day
from ircal.service import schedule_of
from ircal.wiring import load_program

if TYPE_CHECKING:
    from ircal.model.schedule import Occurrence


@click.group()
def show() -> None:
    """Look at the programme: its occurrences, its block schedule, its calendars."""


@show.command(epilog="Example: ircal show occurrences --calendar resident-ash --from 2026-11-02 --to 2026-11-08")
@config_option
@click.option("--calendar", "name", required=True, metavar="ID", help="The calendar (`ircal show calendars`).")
@window_options
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print it.")
def occurrences(config: str | None, name: str, first: date | None, last: date | None, form: str) -> None:
    """List what one calendar says between two days (both included), in the order of time.

    JSON is one object a line: uid, start and end (RFC 3339 with offset; for whole days dates, the end exclusive),
    all_day, summary, location, status, provenance (a list of sentences with their places).
    """
    settings = settings_of(config)
    program = load_program(settings)
    calendar = calendar_of(program, name)
    window = window_of(program, settings, first, last)
    feed = make_feed(schedule_of(program, window), calendar, window)
    if form == "json":
        for occurrence in feed.occurrences:
            output.json_line(occurrence_json(occurrence))
    else:
        _table(feed.occurrences)


def occurrence_json(occurrence: Occurrence) -> dict[str, Any]:
    """An occurrence as machines read it."""
    return {
        "uid": occurrence.uid,
        "start": occurrence.start.isoformat(),
        "end": occurrence.end.isoformat(),
        "all_day": occurrence.all_day,
        "summary": occurrence.details.summary,
        "location": occurrence.details.location,
        "status": occurrence.details.status,
        "provenance": [str(step) for step in occurrence.provenance],
    }


def _table(found: tuple[Occurrence, ...]) -> None:
    from rich.table import Table

    table = Table("Day", "Time", "What", "Where", box=None, header_style="bold", pad_edge=False)
    for occurrence in found:
        style = "strike dim" if occurrence.cancelled else "cyan" if occurrence.all_day else ""
        table.add_row(*_row(occurrence), style=style)
    output.console().print(table)
    output.note(f"{len(found)} occurrences.")


def _row(occurrence: Occurrence) -> tuple[str, str, str, str]:
    day = f"{occurrence.first_day:%a %-d %b %Y}"
    place = occurrence.details.location.split(",")[0]
    title = occurrence.details.summary + (" (cancelled)" if occurrence.cancelled else "")
    if isinstance(occurrence.start, datetime) and isinstance(occurrence.end, datetime):
        return day, f"{occurrence.start:%H:%M}-{occurrence.end:%H:%M}", title, place
    days = (last_day(occurrence.start, occurrence.end) - occurrence.first_day).days + 1
    return day, "all day" if days == 1 else f"{days} days", title, place


@show.command(epilog="Example: ircal show schedule --year 2026")
@config_option
@click.option("--year", type=int, metavar="Y", help="The academic year that begins in Y (default: the current one).")
@click.option("--svg", metavar="FILE", help="Write it as a picture instead of printing it.")
def schedule(config: str | None, year: int | None, svg: str | None) -> None:
    """Show the block schedule as a grid: residents by blocks, a coloured bar for each rotation, today marked."""
    settings = settings_of(config)
    program = load_program(settings)
    today = datetime.now(UTC).astimezone(program.settings.zone).date()
    chosen = program.academic_year(today) if year is None else year
    if svg is None:
        draw(program, chosen, today, output.console())
    else:
        picture(program, chosen, Path(svg))


@show.command(epilog="Example: ircal show calendars")
@config_option
def calendars(config: str | None) -> None:
    """List the calendars: id, name, kind, whether public, and the Google calendar that each is pushed to."""
    from rich.table import Table

    program = load_program(settings_of(config))
    table = Table("Calendar", "Name", "Kind", "Public", "Google", box=None, header_style="bold", pad_edge=False)
    for calendar in program.calendars.values():
        public = "yes" if calendar.public else ""
        table.add_row(calendar.id, calendar.name, calendar.kind, public, calendar.google)
    output.console().print(table)
