"""What we know of our own events on the other side, and the three things that can be done about one UID.

An `Owned` is an event that bears our mark. Whether it is up to date is judged by the digest that we left on it when we
wrote it, never by what the other side echoes: calendars rewrite rules, zones and texts as they please. What is echoed
is kept in `shown`, for people to read, and decides nothing. Whether somebody else has changed it since is for the edge
to find out (`edited`), which knows how the other side echoes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from ircal.model.program import Window
    from ircal.model.series import Series


@dataclass(frozen=True, slots=True)
class OwnedException:
    """One occurrence of an owned recurring event that is kept apart from the rule, changed or cancelled.

    `original` is the start that the rule gave it: a date, or a datetime in UTC. `digest` is `digest_of` the Override
    that we wrote there, and empty where somebody else made the exception. `edited`: somebody else changed it since.
    """

    id: str
    original: date | datetime
    digest: str = ""
    etag: str = ""
    cancelled: bool = False
    edited: bool = False

    @property
    def by_hand(self) -> bool:
        """Whether somebody else changed or cancelled this occurrence: we leave out what we cancel."""
        return self.cancelled or self.edited or not self.digest


@dataclass(frozen=True, slots=True)
class Owned:
    """One of our events on the other side: `id` and `etag` are its words, `uid` and `digest` are ours.

    `first` and `last` are the days that it spans, both included. `shown` is what a reader sees there, as far as it
    can be told; it is for people and takes no part in any comparison. `copied` is one that has not the id that we give
    to its UID: somebody duplicated our event, marks and all, and may have changed it since. `times` is the digest of
    when it takes place alone, as we wrote it; empty where that is not known. `edited` is one that somebody else changed
    since we wrote it (the event itself, not its exceptions), `deleted` one that they took away.
    """

    id: str
    uid: str
    digest: str
    first: date
    last: date
    etag: str = ""
    sequence: int = 0
    exceptions: tuple[OwnedException, ...] = ()
    shown: Series | None = None
    copied: bool = False
    times: str = ""
    edited: bool = False
    deleted: bool = False

    def touches(self, window: Window) -> bool:
        """Whether any of its days lies in the window."""
        return self.first < window.end and self.last >= window.start


@dataclass(frozen=True, slots=True)
class Create:
    """The programme wants something that is not there."""

    series: Series

    @property
    def uid(self) -> str:
        """Whose change it is."""
        return self.series.uid


@dataclass(frozen=True, slots=True)
class Update:
    """What is there differs from what the programme wants; `spare` leaves occurrences that somebody else changed."""

    owned: Owned
    series: Series
    spare: bool = False

    @property
    def moves(self) -> bool:
        """Whether somebody would have to be elsewhere or at another time; not so when only the text changes."""
        return self.owned.times != self.series.times

    @property
    def uid(self) -> str:
        """Whose change it is."""
        return self.series.uid


@dataclass(frozen=True, slots=True)
class Delete:
    """The programme no longer wants what is there, calls it `cancelled`, or it is there twice."""

    owned: Owned
    cancelled: bool = False

    @property
    def uid(self) -> str:
        """Whose change it is."""
        return self.owned.uid


Change = Create | Update | Delete
