"""Wiring: where the doors get their parts. The only place that knows which edge stands behind which protocol.

    load_program        the configuration, checked; or ProgramError
    check_program       what is wrong with it although it can be read
    publish_feeds       every feed into a folder
    google_targets      the Google calendars to keep true, each with what it should say

Nothing is decided here.
"""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ircal.checks import check
from ircal.config import load
from ircal.feeds import make_feed
from ircal.model.program import Window
from ircal.publish import publish_folder
from ircal.rules.expand import expand
from ircal.service import build_feeds, default_window, schedule_of
from ircal.store import JournalEntry, open_store
from ircal.sync import Target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ircal.errors import Problem
    from ircal.feeds import Feed
    from ircal.model.program import Program
    from ircal.plan import Plan
    from ircal.publish import Published
    from ircal.settings import Settings
    from ircal.store import Store
    from ircal.sync import Outcome


def load_program(settings: Settings) -> Program:
    """The programme in the configuration folder. Raises ProgramError with every problem."""
    return load(settings.config)


def usual_window(program: Program, settings: Settings) -> Window:
    """The current academic year and those that the settings add, in the programme's time zone."""
    today = datetime.now(UTC).astimezone(program.settings.zone).date()
    return default_window(today, program, settings.window_years)


def check_program(program: Program, settings: Settings) -> tuple[Problem, ...]:
    """Every problem of a programme that could be read, over all its years."""
    usual = usual_window(program, settings)
    start = min(usual.start, program.year_start(program.settings.first_year))
    return check(expand(program, Window(start, usual.end)))


def publish_feeds(program: Program, settings: Settings, window: Window, out: Path) -> Published:
    """Write every feed of the programme, and `index.json`, into a folder."""
    with closing(open_store(settings.store_url)) as store:
        built = build_feeds(program, window, store, datetime.now(UTC))
    files = {f"{name}.ics": each.body for name, each in built.items()}
    index = [index_entry(each.feed) for each in built.values()]
    return publish_folder(out, {**files, "index.json": json.dumps(index, indent=2, ensure_ascii=False).encode()})


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


@contextmanager
def google_targets(program: Program, settings: Settings, only: str | None = None) -> Iterator[tuple[Target, ...]]:
    """The calendars that name a Google calendar (or the one of them asked for), each with what it should say.

    Raises SettingsError for credentials that cannot be used, ProgramError for dates that cannot be; nothing is sent.
    """
    from ircal.google.client import connect
    from ircal.google.identity import Mark
    from ircal.google.remote import GoogleRemote

    chosen = [each for each in program.calendars.values() if each.google and only in {None, each.id}]
    window = usual_window(program, settings)
    schedule = schedule_of(program, window)
    google = settings.google
    owner = google.owner or program.settings.id
    with closing(connect(google.api_root, google.credentials_file, google.subject)) as service:
        yield tuple(
            Target(
                calendar=calendar,
                desired=make_feed(schedule, calendar).series,
                window=window,
                remote=GoogleRemote(service, calendar.google, Mark(owner, calendar.id), attempts=google.attempts),
            )
            for calendar in chosen
        )


def sandbox_calendars(program: Program) -> list[tuple[str, str, str]]:
    """The Google calendars that the programme names, as the sandbox takes them: id, summary, time zone."""
    zone = program.settings.timezone
    return [(each.google, each.name, zone) for each in program.calendars.values() if each.google]


@dataclass(frozen=True, slots=True)
class StoreJournal:
    """Writes what was done into the store's journal, as entries of one run."""

    store: Store
    run: str

    def record(self, plan: Plan, outcome: Outcome) -> None:
        """Write down what became of a change of a plan."""
        self.store.record(
            JournalEntry(
                at=datetime.now(UTC),
                calendar=plan.calendar,
                change=f"{type(outcome.change).__name__.lower()} {outcome.change.uid}",
                outcome=str(outcome.error or "done"),
                run=self.run,
            )
        )
