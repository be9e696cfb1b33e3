"""Options that several commands share, and the settings that come of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ircal.cli import output
from ircal.errors import IrcalError
from ircal.model.program import Window
from ircal.service import default_window
from ircal.settings import Settings, load_settings, unknown_variables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ircal.model.people import Person
    from ircal.model.program import Calendar, Program

T = TypeVar("T")


class Day(click.ParamType[date]):
    """A date written `2026-11-02`, or `today`."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date; usage error when it is none."""
        if isinstance(value, date):
            return value
        try:
            return datetime.now(UTC).astimezone().date() if value == "today" else date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is not a date; write it as 2026-11-02", param, ctx)


def config_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--config DIR`, accepted before and after the command's name."""
    return click.option("--config", metavar="DIR", help="The programme's folder (IRCAL_CONFIG; default config/).")(
        command
    )


def window_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--from D` and `--to D`, both days included."""
    command = click.option("--to", "last", type=Day(), metavar="D", help="The last day, included.")(command)
    return click.option("--from", "first", type=Day(), metavar="D", help="The first day, such as 2026-11-02.")(command)


def settings_of(config: str | None, **overrides: object) -> Settings:
    """The settings, with what the command line says on top of the environment."""
    ctx = click.get_current_context()
    chosen = config or (ctx.find_root().obj or {}).get("config")
    given = {name: value for name, value in overrides.items() if value is not None}
    for sentence in unknown_variables():
        output.note(f"Note: {sentence}")
    return load_settings(**given, **({"config": chosen} if chosen else {}))


def window_of(program: Program, settings: Settings, first: date | None, last: date | None) -> Window:
    """The window asked for; where a day is not given, that of the current academic year and the next."""
    today = datetime.now(UTC).astimezone(program.settings.zone).date()
    usual = default_window(today, program, settings.window_years)
    start = first or min(usual.start, last or usual.start)
    end = date.fromordinal(last.toordinal() + 1) if last else max(usual.end, date.fromordinal(start.toordinal() + 1))
    if end <= start:
        message = f"--to {last} is before --from {start}"
        raise IrcalError(message, "The last day must not be before the first.")
    return Window(start, end)


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
    message = f"There is no {kind} '{name}'."
    raise IrcalError(message, f"Did you mean {' or '.join(close)}?" if close else where)
