"""Noticing: what has happened that people should be told, without being asked.

It is seen in what is remembered anyway, and not told by those to whom it happens: what programme is in force, how the
newest runs of each calendar ended, since when one is due. So it is the same whichever process did the work, and a run
never waits for it. Each thing is told once, and again after it was well; what two processes see has the same id.
"""

from __future__ import annotations

import hashlib
from itertools import takewhile
from typing import TYPE_CHECKING, Protocol

from ircal.notices.notice import Notice
from ircal.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from ircal.errors import Problem
    from ircal.notices.notice import Kind
    from ircal.notices.sending import Notices
    from ircal.service.in_force import Wanted
    from ircal.settings import Settings
    from ircal.store import Due, Run

_LOOKED_AT = 200
"""So many runs of a calendar that fails are looked at: it is no matter since when, if it was longer."""
_SHOWN = 10
"""So many problems are told."""
_ID = 32


class Remembered(Protocol):
    """What is asked of a store here."""

    def last_runs(self) -> dict[str, Run]:
        """The newest run of each calendar."""

    def runs(self, limit: int, calendar: str | None = None) -> list[Run]:
        """The newest runs, newest first."""

    def due(self) -> list[Due]:
        """The calendars that are due."""


class Noticing:
    """Tells by `tell`, which must return at once. `stale` is for how long something may be amiss before it is told.

    `problems` gives what is wrong with the newest configuration of each programme.
    """

    def __init__(
        self,
        store: Remembered,
        tell: Callable[[Notice], None],
        stale: timedelta,
        problems: Callable[[], Mapping[str, Sequence[Problem]]],
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._tell = tell
        self._stale = stale
        self._problems = problems
        self._clock = clock
        self._refused: dict[str, str] = {}
        """By calendar, the refusal that was told."""
        self._failing: set[str] = set()
        self._broken: dict[str, tuple[datetime, bool]] = {}
        """By programme, since when the newest configuration is wrong, and whether that was told."""

    def changed(self, programme: str, calendars: Mapping[str, str]) -> None:
        """Be told that calendars of a programme say something else, each with a digest of what it says."""
        names = sorted(calendars)
        if names:
            sentence = f"The schedule has changed: {count(len(names), 'calendar')} say something else."
            if len(names) == 1:
                sentence = f"The schedule has changed: the calendar {names[0]} says something else."
            spoken = [f"{name} {calendars[name]}" for name in names]
            self._say("schedule.changed", spoken, programme, sentence, calendars=names)

    def look(self) -> None:
        """Look for what people should know. Raises StoreError."""
        now = self._clock()
        for programme, problems in self._problems().items():
            self._look_at_problems(programme, problems, now)
        waiting = {each.calendar: each.since for each in self._store.due()}
        for calendar, run in sorted(self._store.last_runs().items()):
            self._look_at(calendar, run, waiting.get(calendar), now)

    def _look_at(self, calendar: str, run: Run, due: datetime | None, now: datetime) -> None:
        if run.state == "refused":
            if self._refused.get(calendar) != run.error:
                sentence = f"{calendar}: the guard refuses what should be done, and somebody has to look. {run.error}"
                self._say("guard.refused", [run.id, calendar], calendar, sentence, run=run.id, error=run.error)
            self._refused[calendar] = run.error
        elif run.state == "done":
            self._refused.pop(calendar, None)
        since = self._amiss_since(run, due)
        if since is not None and now - since >= self._stale:
            self._tell_of_failing(calendar, run, since)
        elif run.state in {"done", "refused"} and since is None and calendar in self._failing:
            self._failing.remove(calendar)
            self._say("sync.recovered", [run.id, calendar], calendar, f"{calendar}: it is up to date again.")

    def _amiss_since(self, run: Run, due: datetime | None) -> datetime | None:
        """Since when a calendar is not up to date, though it should be."""
        if run.state != "failed":
            return due
        failed = takewhile(lambda each: each.state == "failed", self._store.runs(_LOOKED_AT, run.calendar))
        return min(each.began for each in failed)

    def _tell_of_failing(self, calendar: str, run: Run, since: datetime) -> None:
        if calendar in self._failing:
            return
        self._failing.add(calendar)
        when = since.strftime("%Y-%m-%d %H:%M UTC")
        why = run.error if run.state == "failed" else "nobody has come to it"
        sentence = f"{calendar}: it could not be brought up to date since {when}. {why}"
        self._say("sync.failing", [calendar, since.isoformat()], calendar, sentence, error=why, since=since.isoformat())

    def _look_at_problems(self, programme: str, problems: Sequence[Problem], now: datetime) -> None:
        if not problems:
            self._broken.pop(programme, None)
            return
        since, told = self._broken.get(programme, (now, False))
        if not told and now - since >= self._stale:
            shown, told = [str(each) for each in problems[:_SHOWN]], True
            sentence = f"The newest configuration has {count(len(problems), 'problem')}; what is served is older."
            self._say("feed.stale", shown, programme, sentence, count=len(problems), problems=shown)
        self._broken[programme] = since, told

    def _say(
        self, kind: Kind, same: Iterable[str], about: str, sentence: str, **details: str | int | list[str]
    ) -> None:
        """Tell something; `same` is what it is the same by, wherever it is seen."""
        told = hashlib.sha256("\n".join(_parts(kind, about, same)).encode()).hexdigest()[:_ID]
        self._tell(Notice(kind, told, self._clock(), about, " ".join(sentence.split()), details))


def differing(wanted: Wanted, before: Wanted | None) -> list[str]:
    """The calendars of which another configuration says something else; none on another day alone."""
    if before is None or before.program is wanted.program:
        return []
    names = wanted.feeds.keys() | before.feeds.keys()
    return sorted(name for name in names if wanted.feeds.get(name) != before.feeds.get(name))


def notices_of(settings: Settings, source: str) -> Notices | None:
    """What tells those whom the settings name; None where that is nobody. `source` is where the service is reached."""
    told = settings.notices
    if not (told.cloudevents or told.slack):
        return None
    from ircal.notices.sending import Courier, Notices, Target  # noqa: PLC0415 slow to import, and seldom needed

    secret = told.secret.get_secret_value() if told.secret else ""
    targets = [Target(url, "cloudevents", secret) for url in told.cloudevents]
    targets += [Target(url, "slack") for url in told.slack]
    return Notices([Courier(each, source) for each in targets])


def _parts(kind: Kind, about: str, same: Iterable[str]) -> Iterator[str]:
    yield kind
    yield about
    yield from same
