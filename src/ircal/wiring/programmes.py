"""The programme: how it is read, what follows from it, and how its feeds are published."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ircal.checks import check, report_of
from ircal.config import load
from ircal.difference import State, compare
from ircal.errors import IrcalError
from ircal.feeds import make_feeds
from ircal.publish import Delivery, Edition, place_at
from ircal.recall import Recall
from ircal.rules.expand import expand
from ircal.rules.publication import published
from ircal.service import Before, build_feeds, default_window, kept_years, publishable_feeds, schedule_of
from ircal.store import open_store

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ircal.checks import Report
    from ircal.difference import Difference
    from ircal.errors import Problem
    from ircal.feeds import Feed
    from ircal.model.program import Program, Window
    from ircal.publish import Place, Published
    from ircal.settings import Settings


def load_program(
    settings: Settings, instead: Mapping[str, bytes] | None = None, recall: Recall | None = None
) -> Program:
    """The programme in the configuration folder. Raises ProgramError with every problem.

    `instead` holds what some files of the folder would be, for a look before they are written.
    """
    return load(settings.config, recall, instead)


def load_published(settings: Settings) -> Program:
    """The programme as people may see it today. Raises ProgramError with every problem, those of drafts too."""
    program = load_program(settings)
    return published(program, today_of(program))


def today_of(program: Program) -> date:
    """Today in the programme's time zone."""
    return datetime.now(UTC).astimezone(program.settings.zone).date()


def usual_window(program: Program, settings: Settings) -> Window:
    """The current academic year and those that the settings add, in the programme's time zone."""
    return default_window(today_of(program), program, settings.window_years)


def check_program(program: Program, settings: Settings) -> tuple[tuple[Problem, ...], Report]:
    """Every problem of a programme that could be read, and a report of its plan.

    Looked at are all its years, and those that the calendars show.
    """
    recall = Recall()
    schedule = expand(program, kept_years(program, usual_window(program, settings)), recall)
    problems = check(schedule, recall, today_of(program))
    return problems, report_of(schedule, problems, recall)


def state_of(program: Program, window: Window, recall: Recall) -> State:
    """What a programme says in a window, to be compared with another. Raises ProgramError."""
    schedule = schedule_of(program, window, recall)
    return State(schedule, make_feeds(schedule, program.calendars.values(), window, recall))


def difference_of(before: Program, after: Program, window: Window, recall: Recall | None = None) -> Difference:
    """What would change on people's calendars; quick with the recall that loaded both. Raises ProgramError."""
    recall = recall or Recall()
    return compare(state_of(before, window, recall), state_of(after, window, recall), window)


def place_of(out: str, settings: Settings) -> Place:
    """The folder or the bucket that a text names. Raises PublishError; nothing is sent."""
    said = settings.publish
    return place_at(out, Delivery(said.max_age, said.attempts, said.machine_identity))


def publish_feeds(
    program: Program, settings: Settings, window: Window, place: Place, *, public_only: bool
) -> Published:
    """Write every feed of the programme, or those that anybody may have, and `index.json`.

    IrcalError, before the store is asked for anything, when none of them would have a single event: nobody wants good
    ones replaced by that.
    """
    wanted = [each for each in program.calendars.values() if each.public or not public_only]
    recall = Recall()
    feeds = publishable_feeds(program, window, recall)
    if wanted and not any(feeds[each.id].occurrences for each in wanted):
        message = f"The programme has nothing from {window.start} to {window.end - timedelta(days=1)} in any calendar."
        raise IrcalError(message, f"It begins on {program.span.start}. Nothing was published.")
    with closing(open_store(settings.store_url, keep=settings.keep_removed, programme=settings.programme)) as store:
        built = build_feeds(program, window, store, datetime.now(UTC), Before(recall=recall))
    chosen = {each.id: built[each.id] for each in wanted}
    index = json.dumps([index_entry(each.feed) for each in chosen.values()], indent=2, ensure_ascii=False).encode()
    files = {f"{name}.ics": each.body for name, each in chosen.items()}
    public = {f"{name}.ics" for name, each in chosen.items() if each.feed.calendar.public}
    if len(public) == len(files):  # else it tells names that are nobody else's business
        public.add("index.json")
    return place.publish(Edition(program.settings.id, {**files, "index.json": index}, frozenset(public)))


def index_entry(feed: Feed) -> dict[str, object]:
    """What `index.json` says of a feed."""
    calendar = feed.calendar
    return {
        "id": calendar.id,
        "name": calendar.name,
        "file": f"{calendar.id}.ics",
        "kind": calendar.kind,
        "occurrence_count": len(feed.occurrences),
    }
