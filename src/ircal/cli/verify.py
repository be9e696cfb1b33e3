"""`verify`: what is published, read back and held against the programme."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from ircal.cli import Sentences, output
from ircal.cli.options import calendar_of, config_option, remember_config, settings_of, window_of, window_options
from ircal.cli.parameters import Text
from ircal.errors import IrcalError
from ircal.feeds import make_feed
from ircal.model.series import last_day
from ircal.readback import compare, expected_entry, fetch, name_in, printable, read_feed
from ircal.service import schedule_of
from ircal.wiring import load_published

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.model.program import Calendar, Program, Window
    from ircal.readback import Comparison, Difference, Entry

DIFFERENT = 2
MOST_LINES = 50


@click.group(cls=Sentences, epilog="Example: ircal verify feed public/conference-mm.ics")
@config_option
@click.pass_context
def verify(ctx: click.Context, config: str | None) -> None:
    """See that what is published says what the programme says."""
    remember_config(ctx, config)


@verify.command(epilog="Example: ircal verify feed https://calendars.example.edu/conference-mm.ics")
@config_option
@click.argument("source", type=Text(), metavar="URL|FILE")
@click.option("--calendar", "name", type=Text(), metavar="ID", help="The calendar that it should be.")
@window_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
def feed(  # noqa: PLR0913 each is an option
    config: str | None, source: str, name: str | None, *, first: date | None, last: date | None, form: str
) -> int:
    """Read a feed as a phone does, and compare it with the programme, event by event.

    The feed is a file, or an https or webcal address. Which calendar it should be is told by --calendar, else by the
    file's name, else by the name that the feed gives itself. Exits with 0 when it says what the programme says, with
    2 when it does not, with 1 when it cannot be read, and with 4 when nobody answers.
    """
    settings = settings_of(config)
    program = load_published(settings)
    known = calendar_of(program, name) if name else None
    published = read_feed(fetch(source))
    calendar = known or _meant(program, name_in(source), published.name)
    window = window_of(program, settings, first, last)
    zone = program.settings.zone
    wanted = make_feed(schedule_of(program, window), calendar, window).occurrences
    found = compare(map(expected_entry, wanted), published.between(window, zone), zone)
    if form == "json":
        output.say(json.dumps(_json(calendar, window, found), indent=2))  # in ASCII: a feed's letters are not ours
    else:
        _tell(found)
        output.say(f"{calendar.id}, {window.start} to {window.end - timedelta(days=1)}: {_verdict(found)}")
    return 0 if found.equal else DIFFERENT


def _meant(program: Program, file: str, title: str) -> Calendar:
    """The calendar that a feed should be, by its file's name (which may be a secret, and is not shown) or its own."""
    if file in program.calendars:
        return program.calendars[file]
    titled = [each for each in program.calendars.values() if each.name == title]
    if len(titled) == 1:
        return titled[0]
    message = "It is not clear which calendar this feed should be."
    raise IrcalError(message, "Say it with --calendar ID; `ircal show calendars` lists them.")


def _verdict(found: Comparison) -> str:
    if found.equal:
        return f"{_counted(found.alike)}, {'all ' if found.alike > 1 else ''}as the programme says."
    parts = ((found.missing, "missing"), (found.extra, "too many"), (found.different, "different"))
    wrong = ", ".join(f"{len(entries):,} {word}" for entries, word in parts if entries)
    return f"{_counted(found.alike)} as the programme says; {wrong}."


def _counted(number: int) -> str:
    return f"{number:,} occurrence{'' if number == 1 else 's'}"


def _tell(found: Comparison) -> None:
    lines = list(_lines(found))
    for line in lines[:MOST_LINES]:
        output.say(line)
    if len(lines) > MOST_LINES:
        output.say(f"... and {len(lines) - MOST_LINES:,} more, all of them with --format json")


def _lines(found: Comparison) -> Iterator[str]:
    yield from (f"missing: {_entry(entry)}" for entry in found.missing)
    yield from (f"too many: {_entry(entry)}" for entry in found.extra)
    yield from (f"different: {_entry(pair.expected)}: {_changes(pair)}" for pair in found.different)


def _entry(entry: Entry) -> str:
    cancelled = " (cancelled)" if entry.status == "CANCELLED" else ""
    return f"{_when(entry.start, entry.end)} {printable(entry.summary)}{cancelled}"


def _when(start: date, end: date) -> str:
    if isinstance(start, datetime) and isinstance(end, datetime):
        until = f"{end:%H:%M}" if end.date() == start.date() else _edge(end)
        return f"{_edge(start)}-{until}"
    final = last_day(start, end)
    return _edge(start) if final <= start else f"{_edge(start)} to {_edge(final)}"


def _edge(value: date) -> str:
    return f"{value:%a %-d %b %Y %H:%M}" if isinstance(value, datetime) else f"{value:%a %-d %b %Y}"


def _changes(pair: Difference) -> str:
    return ", ".join(
        f"{name} is {_value(getattr(pair.found, name))}, not {_value(getattr(pair.expected, name))}"
        for name in pair.fields
    )


def _value(value: date | str) -> str:
    return _edge(value) if isinstance(value, date) else f"'{printable(value)}'"


def _json(calendar: Calendar, window: Window, found: Comparison) -> dict[str, Any]:
    return {
        "calendar": calendar.id,
        "from": window.start.isoformat(),
        "to": (window.end - timedelta(days=1)).isoformat(),
        "equal": found.equal,
        "alike": found.alike,
        "missing": [_entry_json(entry) for entry in found.missing],
        "extra": [_entry_json(entry) for entry in found.extra],
        "different": [
            {"programme": _entry_json(pair.expected), "feed": _entry_json(pair.found), "fields": pair.fields}
            for pair in found.different
        ],
    }


def _entry_json(entry: Entry) -> dict[str, str]:
    return {
        "uid": entry.uid,
        "start": entry.start.isoformat(),
        "end": entry.end.isoformat(),
        "summary": entry.summary,
        "location": entry.location,
        "status": entry.status,
    }
