"""`explain`: why something is on a calendar on a day, and why something else is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from ircal.cli import output
from ircal.cli.options import calendar_of, config_option, note_drafts, person_of, settings_of
from ircal.cli.parameters import Day, Text
from ircal.errors import IrcalError
from ircal.explain import explain as explain_day
from ircal.explain import schedule_window
from ircal.feeds import make_feeds
from ircal.model.program import Calendar, Window
from ircal.model.series import last_day
from ircal.service import schedule_of
from ircal.wiring.programmes import load_program, usual_window

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from ircal.explain import Explained, Explanation, Sentence
    from ircal.feeds import Feed
    from ircal.model.people import Person
    from ircal.model.program import Program
    from ircal.model.schedule import Occurrence
    from ircal.settings import Settings


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked about: a calendar, a day, and one UID of it or everything."""

    calendar: Calendar
    day: date
    uid: str = ""


@click.command(epilog="Example: ircal explain --calendar resident-ash --on 2026-11-09")
@config_option
@click.option("--calendar", type=Text(), metavar="ID", help="The calendar (`ircal show calendars`).")
@click.option("--person", type=Text(), metavar="ID", help="Somebody's day, whether or not they have a calendar.")
@click.option("--uid", type=Text(), metavar="UID", help="One entry, by the UID that a feed or `ircal show` has for it.")
@click.option("--on", "day", type=Day(), metavar="D", help="The day (default: today; of a UID, the next one).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
def explain(config: str | None, day: date | None, form: str, **which: str | None) -> None:
    """Tell why something is on a calendar on a day, and why something else is not.

    First comes what is there, with the rules that made it, who changed it and why; then what is not: excused, not in
    the audience that day, swapped, moved, left out for a holiday or a season. Every sentence names its file and line.

    Say one of --calendar and --person, or --uid, alone or with --calendar.

    JSON is one object a line: uid (empty for what is not on the calendar), summary, start and end (as in `ircal show
    occurrences`), present, cancelled, sentences (a list of text, file, line, column).
    """
    if bool(which["person"]) == bool(which["calendar"] or which["uid"]):
        raise click.UsageError("Say one of --calendar and --person, or --uid, alone or with --calendar.")
    settings = settings_of(config)
    program = load_program(settings)
    if day:
        _check_day(day, program)
    asked = _asked(program, settings, day, which)
    _check_day(asked.day, program)
    note_drafts(program, Window(asked.day, asked.day + timedelta(days=1)))
    explained = explain_day(schedule_of(program, schedule_window(asked.day)), asked.calendar, asked.day, asked.uid)
    if form == "json":
        for entry in explained.entries:
            output.json_line(entry_json(entry))
    else:
        _tell(asked, explained)


def entry_json(entry: Explanation) -> dict[str, Any]:
    """An explanation as machines read it."""
    return {
        "uid": entry.uid,
        "summary": entry.summary,
        "start": entry.start.isoformat(),
        "end": entry.end.isoformat(),
        "present": entry.present,
        "cancelled": entry.cancelled,
        "sentences": [
            {"text": each.text, "file": each.place.file, "line": each.place.line, "column": each.place.column}
            for each in entry.sentences
        ],
    }


def _check_day(day: date, program: Program) -> None:
    begins = program.year_start(program.settings.first_year)
    if day < begins:
        raise IrcalError(f"The programme has nothing on {day}: it begins on {begins}.", "Ask for a later day.")


def _calendar_of(person: Person, program: Program) -> Calendar:
    """The person's own calendar; one made up for those who have none."""
    own = (each for each in program.calendars.values() if (each.kind, each.of) == ("resident", person.id))
    made_up = Calendar(id=person.id, name=person.name, kind="resident", of=person.id, place=person.place)
    return next(own, made_up)


def _asked(program: Program, settings: Settings, day: date | None, which: Mapping[str, str | None]) -> _Asked:
    """The calendar that is meant, and the day: today if none is given, or that of a UID."""
    today = datetime.now(UTC).astimezone(program.settings.zone).date()
    if person := which["person"]:
        return _Asked(_calendar_of(person_of(program, person), program), day or today)
    name, uid = which["calendar"], which["uid"]
    calendars = [calendar_of(program, name)] if name else list(program.calendars.values())
    if not uid:
        return _Asked(calendars[0], day or today)
    window = schedule_window(day) if day else usual_window(program, settings)
    calendar, found = _with_uid(uid, make_feeds(schedule_of(program, window), calendars).values())
    if len(found) > 1 and not day:
        output.note(f"It stands for {len(found)} dates; here is one of them. --on chooses another.")
    return _Asked(calendar, day or _next(found, today), uid)


def _with_uid(uid: str, feeds: Collection[Feed]) -> tuple[Calendar, list[Occurrence]]:
    """The first calendar that has it, and what it stands for there."""
    for feed in feeds:
        if found := [item for item in feed.occurrences if item.uid == uid]:
            return feed.calendar, found
    known = {item.uid for feed in feeds for item in feed.occurrences}
    close = get_close_matches(uid, known, n=1)
    remedy = (
        f"Did you mean {close[0]}?"
        if close
        else "`ircal show occurrences --format json` has them; --on looks in other years."
    )
    where = f"The calendar {next(iter(feeds)).calendar.id} has no" if len(feeds) == 1 else "No calendar has an"
    raise IrcalError(f"{where} entry with the UID '{uid}' in the academic years that were looked at.", remedy)


def _next(found: Sequence[Occurrence], today: date) -> date:
    """The first day from today on that an entry touches, else the day of the last one."""
    coming = (max(today, item.first_day) for item in found if last_day(item.start, item.end) >= today)
    return next(coming, found[-1].first_day)


def _tell(asked: _Asked, explained: Explained) -> None:
    output.say(click.style(f"{asked.calendar.name}, {asked.day:%a %-d %b %Y}", bold=True))
    _sentences(explained.about, "")
    _group("On this day", explained.present, asked.day)
    if not (explained.present or asked.uid):
        output.say("\nNothing is on this calendar on this day.")
    _group("Not on this day, and why", [entry for entry in explained.absent if entry.rule], asked.day)


def _group(heading: str, entries: Sequence[Explanation], day: date) -> None:
    if entries:
        output.say()
        output.say(click.style(heading, bold=True))
    for entry in entries:
        output.say(f"\n  {_when(entry, day)}  {click.style(entry.summary, bold=True)}")
        _sentences(entry.sentences, "      ")


def _when(entry: Explanation, day: date) -> str:
    start, end = entry.start, entry.end
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return "all day    "
    elsewhere = "" if start.date() <= day <= end.date() else f"{start:%a %-d %b %Y} "
    return f"{elsewhere}{start:%H:%M}-{end:%H:%M}"


def _sentences(sentences: Iterable[Sentence], indent: str) -> None:
    for each in sentences:
        place = click.style(f" ({each.place})", dim=True) if each.place.file else ""
        output.say(f"{indent}{each.text}{place}")
