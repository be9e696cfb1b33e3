"""`verify`: what is published, read back and held against the programme."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import click

from ircal.accounts import Beside
from ircal.cli import DIFFERENT, Sentences, output
from ircal.cli.comparing import as_json, tell, verdict
from ircal.cli.options import calendar_of, config_option, remember_config, settings_of, window_of, window_options
from ircal.cli.parameters import Text
from ircal.cli.syncing import calendar_option, chosen_calendars, told_errors
from ircal.errors import IrcalError, RemoteError
from ircal.feeds import make_feed
from ircal.readback import compare, expected_entry, fetch, name_in, read_feed
from ircal.service import schedule_of
from ircal.sync import stops_all
from ircal.wiring.google import google_feeds, google_reader
from ircal.wiring.programmes import load_published

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ircal.feeds import Feed
    from ircal.model.program import Calendar, Program, Window
    from ircal.readback import Comparison


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
        output.say(
            json.dumps(as_json(calendar, window, found, "feed"), indent=2)
        )  # in ASCII: a feed's letters are not ours
    else:
        tell(found)
        output.say(f"{calendar.id}, {_days(window)}: {verdict(found)}")
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


@verify.command(epilog="Example: ircal verify google --calendar resident-ash")
@config_option
@calendar_option
@window_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
def google(config: str | None, name: str | None, *, first: date | None, last: date | None, form: str) -> int:
    """Have Google expand what it holds, and compare it with the programme, occurrence by occurrence.

    Nothing that ircal wrote down for itself is believed, and nothing is written. Exits with 0 when every calendar
    says what the programme says, with 2 when one does not, with 4 when Google cannot be asked, and with 5 when it
    answers for some calendars only.
    """
    settings = settings_of(config)
    program = load_published(settings)
    window = window_of(program, settings, first, last)
    chosen_calendars(program, name)
    feeds = google_feeds(program, window, name)
    with google_reader(settings) as reader:
        found, failed = _compared(feeds.values(), Beside(program, settings, window, reader))
    if form == "json":
        said = [as_json(calendar, window, comparison, "google") for calendar, comparison in found]
        errors = [{"calendar": calendar.id, "message": error.message} for calendar, error in failed]
        output.say(json.dumps({"equal": not errors and _equal(found), "calendars": said, "errors": errors}, indent=2))
    else:
        for calendar, comparison in found:
            tell(comparison)
            output.say(f"{calendar.id}, {_days(window)}: {verdict(comparison)}")
    code = told_errors(((f"{each.name} ({each.id})", error) for each, error in failed), others=bool(found))
    return code or (0 if _equal(found) else DIFFERENT)


def _compared(
    feeds: Collection[Feed], beside: Beside
) -> tuple[list[tuple[Calendar, Comparison]], list[tuple[Calendar, RemoteError]]]:
    """What came of each calendar, and why nothing came of others; after a fault of the account none is asked."""
    found: list[tuple[Calendar, Comparison]] = []
    errors: list[RemoteError | None] = []
    for feed in feeds:
        try:
            if stopped := stops_all(errors):
                raise stopped
            found.append((feed.calendar, beside.compared(feed)))
            errors.append(None)
        except RemoteError as error:
            errors.append(error)
    return found, [(feed.calendar, error) for feed, error in zip(feeds, errors, strict=True) if error]


def _equal(found: Iterable[tuple[Calendar, Comparison]]) -> bool:
    return all(comparison.equal for _, comparison in found)


def _days(window: Window) -> str:
    return f"{window.start} to {window.end - timedelta(days=1)}"
