"""From a programme to the bytes of its feeds: the one pipeline behind `ircal build` and `ircal serve`.

    expand -> make_feed -> revise -> render, with what was removed

A feed as a whole has a revision too: its bytes may change while no event's does, when one is taken off or the calendar
gets another name. Last-Modified is the instant of that revision, which is never before that of any event in it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from ircal.checks.calendars import empty_calendars
from ircal.errors import ProgramError
from ircal.feeds import make_feeds, removed_series, render, said
from ircal.model.program import Window
from ircal.model.series import Said
from ircal.recall import Recall
from ircal.rules.expand import expand

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from ircal.errors import Problem
    from ircal.feeds import Feed, Written
    from ircal.model.program import Program, Settings
    from ircal.model.schedule import Schedule
    from ircal.model.series import Revised, Revision, Series

_WHOLE = "feed:"
"""Before a calendar's id: what the store knows of the feed as a whole. No calendar's id has a colon."""


class Revisions(Protocol):
    """What is asked of a store here."""

    def revise_all(self, said: Mapping[str, Said], now: datetime, baseline: datetime) -> dict[str, Revised]:
        """The revision of each UID, and what is told as removed, by calendar; see `ircal.store.Store`."""


@dataclass(frozen=True, slots=True)
class BuiltFeed:
    """A feed, what made its bytes, the bytes themselves, and since when they are what they are (UTC).

    `removed` is what the feed still tells of, as cancelled, although its calendar does not have it any more.
    """

    feed: Feed
    settings: Settings
    window: Window
    revisions: Mapping[str, Revision]
    removed: tuple[Series, ...]
    body: bytes
    last_modified: datetime
    written: dict[str, Written] = field(default_factory=dict, repr=False, compare=False)
    """What was written of each UID, for the next time."""


def default_window(today: date, program: Program, years: int) -> Window:
    """From the first day of today's academic year, or of the first one that is kept, for so many academic years.

    `today` is the day in the programme's time zone.
    """
    first = max(program.academic_year(today), program.settings.first_year)
    return Window(program.year_start(first), program.year_start(first + years))


@dataclass(frozen=True, slots=True)
class Before:
    """The feeds that were built last, with the same store, and the recall that made them."""

    feeds: Mapping[str, BuiltFeed] = field(default_factory=dict)
    recall: Recall = field(default_factory=Recall)


def build_feeds(
    program: Program, window: Window, store: Revisions, now: datetime, before: Before | None = None
) -> dict[str, BuiltFeed]:
    """Every feed of the programme, by calendar. `now` is the instant at which whatever is new has changed.

    Whatever is as it was `before` costs next to nothing. Raises ProgramError, before the store is asked for anything,
    when the dates show that something is wrong; StoreError.
    """
    before = before or Before()
    feeds = _feeds(program, window, before.recall)
    # Only now, when none can fail any more: the store shall not count changes that nobody ever sees.
    memory = _Memory(store, now, program.settings, window, _cut(window, whole_years(program, window)))
    return memory.built(feeds, before.feeds)


def whole_years(program: Program, window: Window) -> Window:
    """The academic years that the window touches, whole."""
    last = program.academic_year(window.end - timedelta(days=1))
    return Window(program.year_start(program.academic_year(window.start)), program.year_start(last + 1))


def schedule_of(program: Program, window: Window, recall: Recall | None = None) -> Schedule:
    """The occurrences of the academic years that a window touches: whole, so that UIDs do not depend on the window.

    Raises ProgramError when the dates show that something is wrong.
    """
    schedule = expand(program, whole_years(program, window), recall)
    if errors := _errors(schedule.problems):
        raise ProgramError(errors)
    return schedule


def publishable_feeds(program: Program, window: Window, recall: Recall) -> dict[str, Feed]:
    """What every calendar says, by its id.

    Raises ProgramError for calendars that `ircal check` calls empty: they had better go on saying what they said. One
    may be empty in this window, as long as it is not so in all the time that the programme is kept for.
    """
    feeds = _feeds(program, window, recall)
    if all(feed.occurrences for feed in feeds.values()):
        return feeds
    found = empty_calendars(expand(program, kept_years(program, window)))
    if errors := _errors(found):
        raise ProgramError(errors)
    return feeds


def _feeds(program: Program, window: Window, recall: Recall) -> dict[str, Feed]:
    """The same, whatever it is; asked again for one programme, it is not looked through again."""

    def make(within: Recall) -> dict[str, Feed]:
        return make_feeds(schedule_of(program, window, within), program.calendars.values(), window, within)

    return recall.made("feeds", (program, window.start, window.end), make)


def _errors(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity == "error"]


def kept_years(program: Program, window: Window) -> Window:
    """All the time that the programme is kept for, and the window."""
    return Window(min(window.start, program.span.start), max(window.end, program.span.end))


def _cut(window: Window, whole: Window) -> str:
    """A mark for feeds that a window cuts: their events are shorter, which is no change of the calendar's own."""
    return "" if window == whole else f":{window.start}/{window.end}"


@dataclass(frozen=True, slots=True)
class _Memory:
    """The store, with everything that it is asked with but the feeds themselves."""

    store: Revisions
    now: datetime
    settings: Settings
    window: Window
    cut: str

    def built(self, feeds: Mapping[str, Feed], before: Mapping[str, BuiltFeed]) -> dict[str, BuiltFeed]:
        """The feeds with their revisions and bytes; the former one itself where there is nothing new about it.

        What was removed is told for a while only, so a feed that tells of some is always looked at again.
        """
        former = {name: before[name] for name in feeds if name in before and self._is_alike(before[name])}
        fresh = [
            name
            for name, feed in feeds.items()
            if name not in former or former[name].feed is not feed or former[name].removed
        ]
        told = {name: former[name].feed if name in former else None for name in fresh}
        revised = self._revise({name: said(feeds[name], self.settings, told[name]) for name in fresh})
        drafts = {name: self._draft(feeds[name], revised[name], before.get(name), former.get(name)) for name in fresh}
        whole = self._revise(
            {_WHOLE + name: Said({"": hashlib.sha256(draft.body).hexdigest()}) for name, draft in drafts.items()}
        )
        built = {
            name: replace(draft, last_modified=whole[_WHOLE + name].current[""].changed)
            for name, draft in drafts.items()
        }
        return {name: built.get(name) or former[name] for name in feeds}

    def _is_alike(self, before: BuiltFeed) -> bool:
        return before.settings is self.settings and before.window == self.window

    def _draft(self, feed: Feed, revised: Revised, before: BuiltFeed | None, former: BuiltFeed | None) -> BuiltFeed:
        """The feed, but for the instant since when it is as it is.

        `former` is the one that the store was told before, if it was told only what is different from that.
        """
        settings = self.settings
        current = {**former.revisions, **revised.current} if former else revised.current
        removed = removed_series(revised, settings, self.window)
        removals = {series.uid: revised.removed[series.uid].revision for series in removed}
        revisions = {**{series.uid: current[series.uid] for series in feed.series}, **removals}
        written = before.written if before else {}
        made_of = (feed, settings, revisions, removed)
        if before and (before.feed, before.settings, before.revisions, before.removed) == made_of:
            body = before.body
        else:
            body = render(feed, settings, revisions, removed, written)
        return BuiltFeed(feed, settings, self.window, revisions, removed, body, settings.published, written)

    def _revise(self, what: Mapping[str, Said]) -> dict[str, Revised]:
        """By calendar, which has another name in the store where the window cuts it."""
        asked = {name + self.cut: each for name, each in what.items()}
        found = self.store.revise_all(asked, self.now, self.settings.published)
        return {name: found[name + self.cut] for name in what}
