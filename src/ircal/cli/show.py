"""`show`: the programme on the terminal, as occurrences, as the block schedule, as the list of calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text as Cell

from ircal.cli import Sentences, output
from ircal.cli.grid import draw, picture
from ircal.cli.options import (
    calendar_of,
    config_option,
    note_drafts,
    remember_config,
    settings_of,
    window_of,
    window_options,
)
from ircal.cli.parameters import Text, Year
from ircal.feeds import make_feed
from ircal.model.series import last_day
from ircal.service import schedule_of
from ircal.wiring.programmes import load_program
from ircal.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ircal.model.program import Calendar, Program
    from ircal.model.schedule import Occurrence


@click.group(cls=Sentences, epilog="Example: ircal show schedule --year 2026")
@config_option
@click.pass_context
def show(ctx: click.Context, config: str | None) -> None:
    """Look at the programme: its occurrences, its block schedule, its calendars."""
    remember_config(ctx, config)


@show.command(epilog="Example: ircal show occurrences --calendar resident-ash --from 2026-11-02 --to 2026-11-08")
@config_option
@click.option(
    "--calendar", "name", type=Text(), required=True, metavar="ID", help="The calendar (`ircal show calendars`)."
)
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
    note_drafts(program, window)
    if form == "json":
        for occurrence in feed.occurrences:
            output.json_line(occurrence_json(occurrence))
    else:
        _table(feed.occurrences, program)


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


def _table(found: tuple[Occurrence, ...], program: Program) -> None:
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("Day", "Time", "What", "Where"):
        table.add_column(heading, no_wrap=heading in {"Day", "Time"}, overflow="fold")
    for occurrence in found:
        style = "strike dim" if occurrence.cancelled else "cyan" if occurrence.all_day else ""
        table.add_row(*(Cell(each) for each in _row(occurrence, program)), style=style)
    output.table(table)
    output.note(f"{count(len(found), 'occurrence')}.")


def _row(occurrence: Occurrence, program: Program) -> tuple[str, str, str, str]:
    day = f"{occurrence.first_day:%a %-d %b %Y}"
    place = _place(occurrence, program)
    if isinstance(occurrence.start, datetime) and isinstance(occurrence.end, datetime):
        return day, f"{occurrence.start:%H:%M}-{occurrence.end:%H:%M}", occurrence.details.summary, place
    days = (last_day(occurrence.start, occurrence.end) - occurrence.first_day).days + 1
    return day, "all day" if days == 1 else f"{days} days", occurrence.details.summary, place


def _place(occurrence: Occurrence, program: Program) -> str:
    """Room and site, without the site's address, which whoever reads this knows."""
    site = program.sites.get(occurrence.site)
    return occurrence.details.location.removesuffix(f", {site.address}" if site else "")


@show.command(epilog="Example: ircal show schedule --year 2026")
@config_option
@click.option("--year", type=Year(), metavar="Y", help="The academic year that begins in Y (default: the current one).")
@click.option(
    "--svg", type=Text(), metavar="FILE", help="Write the year as a page to print instead, as `export schedule` does."
)
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


@show.command(epilog="Example: ircal show calendars --format json")
@config_option
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print it.")
def calendars(config: str | None, form: str) -> None:
    """List the calendars: id, name, kind, whether public, and the Google calendar that each is pushed to.

    JSON is one object a line: id, name, kind, of (whose or what's it is), public, google (the id there; empty when it
    is not pushed), file (its feed in a built folder).
    """
    known = load_program(settings_of(config)).calendars.values()
    if form == "json":
        for calendar in known:
            output.json_line(calendar_json(calendar))
    else:
        _list(known)


def calendar_json(calendar: Calendar) -> dict[str, Any]:
    """A calendar as machines read it."""
    return {
        "id": calendar.id,
        "name": calendar.name,
        "kind": calendar.kind,
        "of": calendar.of,
        "public": calendar.public,
        "google": calendar.google,
        "file": f"{calendar.id}.ics",
    }


def _list(known: Iterable[Calendar]) -> None:
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("Calendar", "Name", "Kind", "Public", "Google"):
        table.add_column(heading, no_wrap=heading != "Name", overflow="fold")
    for calendar in known:
        public = "yes" if calendar.public else ""
        table.add_row(calendar.id, Cell(calendar.name), calendar.kind, public, Cell(calendar.google))
    output.table(table)
