"""What the service asks a store to remember of its own work: the contract and its values.

    due         calendars that are to be looked at, since when and why
    runs        what was done about it
    channels    on which Google tells that a calendar has changed
    programmes  the last configuration of each programme that was good
    holds       who is at a calendar now, so that nobody else is

None of it is needed to be right: without it everything is due, channels are opened anew, and there is no history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime, timedelta

RunState = Literal["running", "done", "failed", "refused", "stopped"]
"""`failed` by an error, `refused` by the guard, `stopped` by a signal."""

RUNS_KEPT = 200
"""So many runs of each calendar are remembered, and the last one that was done."""


@dataclass(frozen=True, slots=True)
class Due:
    """A calendar that is to be looked at: up to which generation, since when (UTC), and what the triggers were."""

    calendar: str
    generation: int
    since: datetime
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """What one run did to one calendar. Instants are in UTC; `ended` is None while it is running.

    `due` is when the first of its triggers came; None for a run that nobody waited for. `error` is told to people, and
    `fault` is what kind of error it was, for those who count.
    """

    id: str
    calendar: str
    cause: str
    began: datetime
    ended: datetime | None = None
    state: RunState = "running"
    created: int = 0
    updated: int = 0
    deleted: int = 0
    calls: int = 0
    error: str = ""
    fault: str = ""
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel on which Google tells that a calendar has changed. Instants are in UTC.

    `resource` is Google's id of what is watched, empty until it has said so; `token_digest` is the digest of the secret
    that every message bears; `last_message` the highest number that a message had.
    """

    id: str
    calendar: str
    token_digest: str
    opened: datetime
    expires: datetime
    resource: str = ""
    stopped: datetime | None = None
    last_message: int = 0


@dataclass(frozen=True, slots=True)
class KeptProgramme:
    """A configuration that was good: its files, packed by whoever kept it, and their digest. `kept` is in UTC."""

    digest: str
    body: bytes
    kept: datetime


class Work(Protocol):
    """A part of `ircal.store.Store`, whose promises hold here too."""

    def raise_due(self, calendars: Collection[str], cause: str, now: datetime) -> None:
        """Mark calendars due, all or none; each gets another generation, and the cause is remembered with it."""

    def due(self) -> list[Due]:
        """The calendars that are due, those first that have been for the longest time."""

    def begin_due(self, calendar: str) -> int | None:
        """The generation that a run starts from; None if the calendar is not due. It stays due until `finish_due`."""

    def finish_due(self, calendar: str, generation: int) -> None:
        """What was raised up to that generation is done; what came later stays due."""

    def hold(self, calendar: str, holder: str, lasts: timedelta, now: datetime) -> bool:
        """Have a calendar for oneself from now on, or for longer; whether one has it. It ends by itself.

        Where several machines share the store, the time is the database's and not `now`.
        """

    def let_go(self, calendar: str, holder: str) -> None:
        """Have it no more; nothing if it is another's by now."""

    def held(self, now: datetime) -> set[str]:
        """The calendars that somebody has."""

    def begin_run(self, run: Run) -> None:
        """Remember that a run has begun on a calendar."""

    def end_run(self, run: Run) -> None:
        """Remember how it ended, in place of what is remembered of it, or besides if that is nothing; and count it."""

    def runs(self, limit: int, calendar: str | None = None, within: str = "") -> list[Run]:
        """The newest runs, of one calendar, of those whose keys begin with `within`, or of all, newest first."""

    def totals(self, within: str = "") -> dict[tuple[str, str], int]:
        """What all runs that ever ended come to, by calendar (whose key begins with `within`) and figure.

        The figures are those of `ircal.store.figures`.
        """

    def last_runs(self, state: RunState | None = None, within: str = "") -> dict[str, Run]:
        """The newest run of each calendar (whose key begins with `within`), or the newest that ended so."""

    def add_channel(self, channel: Channel) -> None:
        """Remember a channel, in place of what is known of it; its highest message number stays if it is higher."""

    def channel(self, name: str) -> Channel | None:
        """The channel with that id."""

    def channels(self, calendar: str | None = None, expired: datetime | None = None) -> list[Channel]:
        """The channels of a calendar, or of all, by when they expire; with `expired` only those that have by then."""

    def note_message(self, name: str, number: int) -> bool:
        """Remember the number of a message; False if the channel is unknown or had that number, or a higher one."""

    def stop_channel(self, name: str, now: datetime) -> None:
        """Remember that nothing is to be believed that comes on it any more."""

    def remove_channel(self, name: str) -> None:
        """Forget it."""

    def keep_programme(self, name: str, digest: str, body: bytes, now: datetime) -> None:
        """Keep a programme's good configuration in place of the one before."""

    def programme_digest(self, name: str) -> str | None:
        """The digest of the last good configuration of a programme, which is cheaper to have than all of it."""

    def programme(self, name: str) -> KeptProgramme | None:
        """The last good configuration of a programme."""
