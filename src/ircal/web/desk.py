"""What the pages and the JSON API may ask of the Google calendars, and have done to them: the desk of a coordinator.

The web knows no store, queue or Google. Whoever starts the service gives it a `SyncDesk`; what it answers is here.
Everything that is asked of it may block, so that it is asked in a thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from datetime import datetime

State = Literal["in step", "pending", "running", "guarded", "quarantined", "circuit open", "failing", "unknown"]
"""How it stands with a calendar.

    in step         the last run left nothing to do, and nothing has happened since
    pending         something has happened that no run has looked at yet
    running         a run is at it
    guarded         the guard has refused the plan: somebody has to look at it
    quarantined     Google does not take some of its events; all others are in step
    circuit open    a quota is used up, so that Google is not asked for some time
    failing         the last run failed, and another one will try again
    unknown         no run is remembered
"""


@dataclass(frozen=True, slots=True)
class RunTold:
    """What one run did to one calendar. Instants are in UTC; `ended` is None while it is running.

    `state` is how it went: running, done, failed, refused (by the guard) or stopped. `error` says why not.
    `due` is when the first of its triggers came; None for a run that nobody waited for.
    """

    id: str
    calendar: str
    cause: str
    began: datetime
    ended: datetime | None
    state: str
    created: int = 0
    updated: int = 0
    deleted: int = 0
    calls: int = 0
    error: str = ""
    due: datetime | None = None

    @property
    def latency(self) -> float | None:
        """Seconds from its trigger to its end: how long people waited for it."""
        return (self.ended - (self.due or self.began)).total_seconds() if self.ended else None

    @property
    def seconds(self) -> float | None:
        """How long it took."""
        return (self.ended - self.began).total_seconds() if self.ended else None

    @property
    def changes(self) -> int:
        """How many events it wrote."""
        return self.created + self.updated + self.deleted

    @property
    def in_words(self) -> str:
        """`3 created, 1 deleted`."""
        parts = ((self.created, "created"), (self.updated, "updated"), (self.deleted, "deleted"))
        return ", ".join(f"{number} {word}" for number, word in parts if number) or "nothing changed"


@dataclass(frozen=True, slots=True)
class CalendarState:
    """One Google calendar: how it stands with it, and why in a sentence where that needs one.

    `since` is when it became due (UTC), `causes` what brought that about. `last_change` is the last run that wrote
    something. `held` are the events that Google does not take, in words.
    """

    id: str
    name: str
    google: str
    state: State
    why: str = ""
    since: datetime | None = None
    causes: tuple[str, ...] = ()
    last_run: RunTold | None = None
    last_change: RunTold | None = None
    held: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One change that was made, or tried, by a run (UTC).

    `change` is a word and a UID, `title` what the event is called now, empty where it is no longer there.
    """

    at: datetime
    calendar: str
    change: str
    outcome: str
    run: str
    title: str = ""

    @property
    def in_words(self) -> str:
        """`created Rounds`, `create Rounds` where that came to nothing; with the UID where the title is not known."""
        verb, _, uid = self.change.partition(" ")
        return f"{verb}{'d' if self.outcome == 'done' else ''} {self.title or uid}"


@dataclass(frozen=True, slots=True)
class PlanTold:
    """What would be written to a calendar now, in words: a line for each thing, `+`, `~` or `-` before it.

    `refused` is why the guard will not have it done unless somebody agrees; `error` why nothing can be said, and then
    there is no `checksum`.
    """

    calendar: str
    name: str
    headline: str
    lines: tuple[str, ...] = ()
    checksum: str = ""
    refused: str = ""
    error: str = ""
    remedy: str = ""

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.lines or self.error)


class SyncDesk(Protocol):
    """What may be asked and done. StoreError where the store cannot be asked.

    A calendar that the programme does not know, or that is not in Google, raises KeyError.
    """

    def calendars(self) -> tuple[CalendarState, ...]:
        """Every calendar that is in Google, by name."""

    def runs(self, limit: int, calendar: str = "") -> tuple[RunTold, ...]:
        """The newest runs, newest first; of one calendar, if it is named."""

    def journal(self, limit: int, calendar: str = "") -> tuple[JournalLine, ...]:
        """The newest lines of the journal, newest first; of one calendar, if it is named."""

    def plan(self, calendar: str) -> PlanTold:
        """What a run would do to the calendar now. Google is asked; nothing is written."""

    def resync(self, calendar: str = "", by: str = "") -> None:
        """Have a calendar, or all, compared and mended soon. To ask twice is to ask once."""

    def apply(self, calendar: str, checksum: str, by: str) -> RunTold:
        """Do what the plan with that checksum says, although the guard refused it; what became of it.

        GuardRefused, with nothing written, where the plan is another one by now: also because somebody else was
        quicker. RemoteError where Google cannot be asked, IrcalError where a run that is at it does not end.
        """

    def mark(self) -> str | None:
        """What is another one whenever anything here has changed; None once the service is about to stop."""
