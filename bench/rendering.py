"""What it costs to say a feed again after one edit, beside icalendar writing all of it.

Both make the same bytes of the example's largest feed, in turn: ours with everything it remembers of the feed before
the edit, icalendar by its own `to_ical` of the whole calendar, from events that have been made already. So building
those events, which icalendar users have to do too, is not even counted.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from icalendar import Calendar

from ircal.config import load
from ircal.feeds import Feed, make_feed, render
from ircal.service import default_window, schedule_of

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 15
REVISIONS: dict[str, object] = {}


def main() -> None:
    """Print the median seconds of both, and their ratio."""
    program = load(Path("config"))
    schedule = schedule_of(program, default_window(date(2026, 11, 24), program, 2))
    feed = make_feed(schedule, program.calendars["programme"])
    whole = Calendar.from_ical(render(feed, program.settings, {}))
    ours, theirs = [], []
    for number in range(ROUNDS):
        changed = _edited(feed, number)
        ours.append(_seconds(lambda changed=changed: render(changed, program.settings, {})))  # type: ignore[misc]
        theirs.append(_seconds(whole.to_ical))
    mine, library = statistics.median(ours), statistics.median(theirs)
    print(f"rendering again after one edit ({len(feed.series)} UIDs, {datetime.now(UTC):%Y-%m-%d})")
    print(f"  ircal {mine * 1e3:8.1f} ms   icalendar, the whole feed {library * 1e3:8.1f} ms")
    print(f"  ratio {library / mine:.1f}x (goal at least 5x)")


def _edited(feed: Feed, number: int) -> Feed:
    """The feed with another title for one event."""
    first, *others = feed.series
    details = replace(first.details, summary=f"Edit {number}")
    return replace(feed, series=(replace(first, details=details), *others))


def _seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun
