"""Options that several commands share, and the settings that come of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ircal.cli import output
from ircal.cli.parameters import Day, Text
from ircal.cli.several import asked_for, chosen, programme_option
from ircal.errors import IrcalError
from ircal.model.program import Window
from ircal.rules.publication import drafts_on
from ircal.service import default_window
from ircal.settings import Settings, load_settings, oddities

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ircal.model.people import Person
    from ircal.model.program import Calendar, Program

T = TypeVar("T")

_SHOWN = 60
"""Characters of a mistyped name that an error repeats: no id is longer."""


def config_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--config DIR` and `--programme NAME`, accepted after the command's name and a group's; the first also before."""
    said = "The programme's folder, or that of several (IRCAL_CONFIG; default config/)."
    return click.option("--config", type=Text(), metavar="DIR", help=said)(programme_option(command))


def remember_config(ctx: click.Context, config: str | None) -> None:
    """Keep what was said of `--config` before a command of a group, for a command that is told nothing itself."""
    ctx.obj = config or ctx.obj


def window_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--from D` and `--to D`, both days included."""
    command = click.option("--to", "last", type=Day(), metavar="D", help="The last day, included.")(command)
    return click.option("--from", "first", type=Day(), metavar="D", help="The first day, such as 2026-11-02.")(command)


def settings_of(config: str | None, **overrides: object) -> Settings:
    """The settings, with what the command line says on top of the environment, for the one programme that is meant.

    Raises UsageError where the folder holds several and it is not said which.
    """
    return chosen(settings_of_all(config, **overrides))


def settings_of_all(config: str | None, **overrides: object) -> Settings:
    """The same where it may be several."""
    overrides |= {"config": config or click.get_current_context().obj, "programme": asked_for()}
    for sentence in oddities():
        output.note(f"Note: {sentence}")
    return load_settings(**overrides)


def window_of(program: Program, settings: Settings, first: date | None, last: date | None) -> Window:
    """The window asked for; where a day is not given, that of the current academic year and the next.

    A usage error for days in the wrong order; IrcalError for a window that ends before the programme begins.
    """
    if first and last and last < first:
        raise click.UsageError(f"--to {last} is before --from {first}.")
    today = datetime.now(UTC).astimezone(program.settings.zone).date()
    usual = default_window(today, program, settings.window_years)
    start = first or _start_before(program, usual, last)
    end = last + timedelta(days=1) if last else _end_after(program, usual, start)
    begins = program.year_start(program.settings.first_year)
    if end <= begins:
        message = f"The programme has nothing from {start} to {end - timedelta(days=1)}: it begins on {begins}."
        raise IrcalError(message, f"Ask for later days; `first_year` ({program.settings.first_year}) says so.")
    return Window(start, end)


def _start_before(program: Program, usual: Window, last: date | None) -> date:
    """Where a window begins that is only told where to end: as usual, or with the academic year of its last day."""
    return usual.start if last is None or last >= usual.start else program.year_start(program.academic_year(last))


def _end_after(program: Program, usual: Window, start: date) -> date:
    """Where a window ends that is only told where to begin: as usual, or with the academic year of its first day."""
    return usual.end if start < usual.end else program.year_start(program.academic_year(start) + 1)


def note_drafts(program: Program, window: Window) -> None:
    """Say of each draft that the window touches that calendars do not show it."""
    today = datetime.now(UTC).astimezone(program.settings.zone).date()
    for draft in drafts_on(program, today):
        if window.overlaps(program.year_start(draft.year), program.year_start(draft.year + 1)):
            output.note(f"{draft.id} is a draft: before {draft.published} it is shown here only, and on no calendar.")


def calendar_of(program: Program, name: str) -> Calendar:
    """The calendar with that id; otherwise an error with the closest ones."""
    return _named("calendar", name, program.calendars, "`ircal show calendars` lists them.")


def person_of(program: Program, name: str) -> Person:
    """The person with that id; otherwise an error with the closest ones."""
    return _named("person", name, program.people, "The section `people` of the programme has them.")


def _named(kind: str, name: str, known: Mapping[str, T], where: str) -> T:
    from difflib import get_close_matches

    if name in known:
        return known[name]
    close = get_close_matches(name, known, n=3)
    shown = name if len(name) <= _SHOWN else f"{name[:_SHOWN]}..."
    message = f"There is no {kind} '{shown}'."
    raise IrcalError(message, f"Did you mean {' or '.join(close)}?" if close else where)
