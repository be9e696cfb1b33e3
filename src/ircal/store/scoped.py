"""One programme's part of a store that several share: its calendars' keys begin with the programme's name.

What belongs to an account and not to a programme, such as a quota that is used up, all of them share. A store with one
programme has no such names, so that it stays as it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from ircal.errors import TokenInUse
from ircal.store.revisions import in_utc
from ircal.store.secret import digest_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime, timedelta

    from ircal.model.series import Revised, Said
    from ircal.store.protocol import JournalEntry, Reading, Refusal, Store, Token
    from ircal.store.work import Channel, Due, KeptProgramme, Run, RunState

    HasCalendar = TypeVar("HasCalendar", Channel, Due, JournalEntry, Run, Token)

BETWEEN = "/"
"""Stands between a programme's name and a calendar's id; neither can hold it."""


def scope_of(key: str) -> tuple[str, str]:
    """The programme's name (empty for a store of one programme) and what it calls the calendar."""
    name, between, calendar = key.partition(BETWEEN)
    return (name, calendar) if between else ("", key)


def key_of(name: str, calendar: str) -> str:
    """What a store of several programmes calls a calendar of one of them."""
    return f"{name}{BETWEEN}{calendar}"


class ScopedStore:
    """A `Store` that is a part of another, under a name. Who closes it closes the whole."""

    def __init__(self, whole: Store, name: str) -> None:
        self._whole = whole
        self._within = key_of(name, "")

    def _key(self, calendar: str) -> str:
        return f"{self._within}{calendar}"

    def _outside(self, value: HasCalendar) -> HasCalendar:
        """The value as the whole store knows it."""
        return replace(value, calendar=self._key(value.calendar))

    def _inside(self, values: Iterable[HasCalendar]) -> list[HasCalendar]:
        """Those of this part, as it knows them."""
        return [
            replace(value, calendar=value.calendar.removeprefix(self._within))
            for value in values
            if value.calendar.startswith(self._within)
        ]

    def revise(self, calendar: str, said: Said, now: datetime, baseline: datetime) -> Revised:
        return self._whole.revise(self._key(calendar), said, now, baseline)

    def revise_all(self, said: Mapping[str, Said], now: datetime, baseline: datetime) -> dict[str, Revised]:
        keyed = {self._key(calendar): what for calendar, what in said.items()}
        told = self._whole.revise_all(keyed, now, baseline)
        return {calendar: told[self._key(calendar)] for calendar in said}

    def issue_token(self, calendar: str, now: datetime, person: str = "") -> str:
        try:
            return self._whole.issue_token(self._key(calendar), now, person)
        except TokenInUse as error:
            raise TokenInUse(error.message.replace(self._key(calendar), calendar), error.remedy) from None

    def rotate_token(self, token: str, now: datetime, until: datetime | None = None) -> str | None:
        now, until = in_utc(now), until and in_utc(until)
        return self._whole.rotate_token(token, now, until) if self._has(token) else None

    def revoke_token(self, token: str, now: datetime) -> bool:
        now = in_utc(now)
        return self._has(token) and self._whole.revoke_token(token, now)

    def _has(self, token: str) -> bool:
        digest = digest_of(token)
        return any(token == each.id or digest == known for known, each in self.live_tokens())

    def tokens(self) -> list[Token]:
        return self._inside(self._whole.tokens())

    def live_tokens(self) -> list[tuple[str, Token]]:
        every = self._whole.live_tokens()
        return [(digest, inside) for digest, token in every for inside in self._inside([token])]

    def tokens_mark(self) -> tuple[int, int, int]:
        return self._whole.tokens_mark()

    def note_uses(self, uses: Mapping[str, datetime]) -> None:
        self._whole.note_uses(uses)

    def reading(self, calendar: str) -> Reading | None:
        return self._whole.reading(self._key(calendar))

    def keep_reading(self, calendar: str, reading: Reading) -> None:
        self._whole.keep_reading(self._key(calendar), reading)

    def forget_reading(self, calendar: str) -> None:
        self._whole.forget_reading(self._key(calendar))

    def refusals(self, calendar: str) -> dict[str, Refusal]:
        return self._whole.refusals(self._key(calendar))

    def refuse(self, calendar: str, uid: str, refusal: Refusal) -> None:
        self._whole.refuse(self._key(calendar), uid, refusal)

    def admit(self, calendar: str, uids: Collection[str] | None = None) -> None:
        self._whole.admit(self._key(calendar), uids)

    def record(self, *entries: JournalEntry) -> None:
        self._whole.record(*map(self._outside, entries))

    def journal(self, limit: int, calendar: str | None = None, within: str = "") -> list[JournalEntry]:
        asked = None if calendar is None else self._key(calendar)
        return self._inside(self._whole.journal(limit, asked, self._key(within)))

    def open_circuit(self, name: str, until: datetime, reason: str) -> None:
        self._whole.open_circuit(name, until, reason)

    def circuit(self, name: str) -> tuple[datetime, str] | None:
        return self._whole.circuit(name)

    def end_session(self, digest: str, until: datetime, now: datetime) -> None:
        self._whole.end_session(digest, until, now)

    def has_ended(self, digest: str) -> bool:
        return self._whole.has_ended(digest)

    def raise_due(self, calendars: Collection[str], cause: str, now: datetime) -> None:
        self._whole.raise_due([self._key(calendar) for calendar in calendars], cause, now)

    def due(self) -> list[Due]:
        return self._inside(self._whole.due())

    def begin_due(self, calendar: str) -> int | None:
        return self._whole.begin_due(self._key(calendar))

    def finish_due(self, calendar: str, generation: int) -> None:
        self._whole.finish_due(self._key(calendar), generation)

    def hold(self, calendar: str, holder: str, lasts: timedelta, now: datetime) -> bool:
        return self._whole.hold(self._key(calendar), holder, lasts, now)

    def let_go(self, calendar: str, holder: str) -> None:
        self._whole.let_go(self._key(calendar), holder)

    def held(self, now: datetime) -> set[str]:
        every = self._whole.held(now)
        return {each.removeprefix(self._within) for each in every if each.startswith(self._within)}

    def begin_run(self, run: Run) -> None:
        self._whole.begin_run(self._outside(run))

    def end_run(self, run: Run) -> None:
        self._whole.end_run(self._outside(run))

    def runs(self, limit: int, calendar: str | None = None, within: str = "") -> list[Run]:
        asked = None if calendar is None else self._key(calendar)
        return self._inside(self._whole.runs(limit, asked, self._key(within)))

    def totals(self, within: str = "") -> dict[tuple[str, str], int]:
        found = self._whole.totals(self._key(within))
        return {(name.removeprefix(self._within), figure): value for (name, figure), value in found.items()}

    def last_runs(self, state: RunState | None = None, within: str = "") -> dict[str, Run]:
        found = self._whole.last_runs(state, self._key(within))
        return {run.calendar: run for run in self._inside(found.values())}

    def add_channel(self, channel: Channel) -> None:
        self._whole.add_channel(self._outside(channel))

    def channel(self, name: str) -> Channel | None:
        found = self._whole.channel(name)
        return next(iter(self._inside([found] if found else [])), None)

    def channels(self, calendar: str | None = None, expired: datetime | None = None) -> list[Channel]:
        asked = None if calendar is None else self._key(calendar)
        return self._inside(self._whole.channels(asked, expired))

    def note_message(self, name: str, number: int) -> bool:
        return self.channel(name) is not None and self._whole.note_message(name, number)

    def stop_channel(self, name: str, now: datetime) -> None:
        now = in_utc(now)
        if self.channel(name):
            self._whole.stop_channel(name, now)

    def remove_channel(self, name: str) -> None:
        if self.channel(name):
            self._whole.remove_channel(name)

    def keep_programme(self, name: str, digest: str, body: bytes, now: datetime) -> None:
        self._whole.keep_programme(self._key(name), digest, body, now)

    def programme_digest(self, name: str) -> str | None:
        return self._whole.programme_digest(self._key(name))

    def programme(self, name: str) -> KeptProgramme | None:
        return self._whole.programme(self._key(name))

    def close(self) -> None:
        self._whole.close()
