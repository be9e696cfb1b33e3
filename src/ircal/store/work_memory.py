"""The service's own work, remembered in this process."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from ircal.store.dueness import Standing, begun, finished, raised
from ircal.store.figures import figures_of
from ircal.store.revisions import in_utc
from ircal.store.work import RUNS_KEPT, Channel, Due, KeptProgramme, Run

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime, timedelta

    from ircal.store.work import RunState


class WorkInMemory:
    """The `Work` of a store that forgets."""

    def __init__(self) -> None:
        self._working = threading.Lock()
        self._standings: dict[str, Standing] = {}
        self._runs: dict[tuple[str, str], Run] = {}
        self._totals = Counter[tuple[str, str]]()
        self._channels: dict[str, Channel] = {}
        self._programmes: dict[str, KeptProgramme] = {}
        self._holds: dict[str, tuple[str, datetime]] = {}

    def raise_due(self, calendars: Collection[str], cause: str, now: datetime) -> None:
        now = in_utc(now)
        with self._working:
            for calendar in set(calendars):
                self._standings[calendar] = raised(self._standings.get(calendar, Standing()), cause, now)

    def due(self) -> list[Due]:
        with self._working:
            found = [
                Due(calendar, each.raised, each.since, each.causes)
                for calendar, each in self._standings.items()
                if each.is_due and each.since
            ]
        return sorted(found, key=lambda due: (due.since, due.calendar))

    def begin_due(self, calendar: str) -> int | None:
        with self._working:
            standing = self._standings.get(calendar)
            if standing is None or not standing.is_due:
                return None
            self._standings[calendar] = begun(standing)
            return standing.raised

    def finish_due(self, calendar: str, generation: int) -> None:
        with self._working:
            if standing := self._standings.get(calendar):
                self._standings[calendar] = finished(standing, generation)

    def hold(self, calendar: str, holder: str, lasts: timedelta, now: datetime) -> bool:
        now = in_utc(now)
        with self._working:
            whose, until = self._holds.get(calendar, (holder, now))
            if whose != holder and until > now:
                return False
            self._holds[calendar] = (holder, now + lasts)
        return True

    def let_go(self, calendar: str, holder: str) -> None:
        with self._working:
            if self._holds.get(calendar, ("",))[0] == holder:
                del self._holds[calendar]

    def held(self, now: datetime) -> set[str]:
        now = in_utc(now)
        with self._working:
            return {calendar for calendar, (_, until) in self._holds.items() if until > now}

    def begin_run(self, run: Run) -> None:
        self.end_run(run)

    def end_run(self, run: Run) -> None:
        run = replace(run, began=in_utc(run.began), ended=run.ended and in_utc(run.ended))
        with self._working:
            self._runs[run.calendar, run.id] = run
            same = [each for each in self._runs.values() if each.calendar == run.calendar]
            done = [each for each in same if each.state == "done"]
            for old in same[:-RUNS_KEPT]:
                if old not in done[-1:]:
                    del self._runs[old.calendar, old.id]
            self._totals.update({(run.calendar, figure): value for figure, value in figures_of(run).items()})

    def totals(self, within: str = "") -> dict[tuple[str, str], int]:
        with self._working:
            return {key: value for key, value in self._totals.items() if key[0].startswith(within)}

    def runs(self, limit: int, calendar: str | None = None, within: str = "") -> list[Run]:
        with self._working:
            every = [each for each in self._runs.values() if each.calendar.startswith(within)]
        found = [each for each in every if calendar in {None, each.calendar}]
        return found[::-1][:limit]

    def last_runs(self, state: RunState | None = None, within: str = "") -> dict[str, Run]:
        with self._working:
            every = [each for each in self._runs.values() if each.calendar.startswith(within)]
        return {each.calendar: each for each in every if state in {None, each.state}}

    def add_channel(self, channel: Channel) -> None:
        channel = replace(
            channel,
            opened=in_utc(channel.opened),
            expires=in_utc(channel.expires),
            stopped=channel.stopped and in_utc(channel.stopped),
        )
        with self._working:
            known = self._channels.get(channel.id, channel)
            last = max(channel.last_message, known.last_message)
            self._channels[channel.id] = replace(channel, last_message=last)

    def channel(self, name: str) -> Channel | None:
        with self._working:
            return self._channels.get(name)

    def channels(self, calendar: str | None = None, expired: datetime | None = None) -> list[Channel]:
        before = expired and in_utc(expired)
        with self._working:
            found = [
                each
                for each in self._channels.values()
                if calendar in {None, each.calendar} and (before is None or each.expires <= before)
            ]
        return sorted(found, key=lambda channel: (channel.expires, channel.id))

    def note_message(self, name: str, number: int) -> bool:
        with self._working:
            known = self._channels.get(name)
            if known is None or number <= known.last_message:
                return False
            self._channels[name] = replace(known, last_message=number)
            return True

    def stop_channel(self, name: str, now: datetime) -> None:
        now = in_utc(now)
        with self._working:
            known = self._channels.get(name)
            if known and known.stopped is None:
                self._channels[name] = replace(known, stopped=now)

    def remove_channel(self, name: str) -> None:
        with self._working:
            self._channels.pop(name, None)

    def keep_programme(self, name: str, digest: str, body: bytes, now: datetime) -> None:
        with self._working:
            self._programmes[name] = KeptProgramme(digest, body, in_utc(now))

    def programme_digest(self, name: str) -> str | None:
        found = self.programme(name)
        return found.digest if found else None

    def programme(self, name: str) -> KeptProgramme | None:
        with self._working:
            return self._programmes.get(name)
