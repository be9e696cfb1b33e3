"""Series: what one UID stands for on one calendar, in RFC 5545's words.

A Series is a single event, or a rule (RRULE) with its exceptions: dates that are left out (EXDATE) and occurrences
that differ (RECURRENCE-ID overrides). A feed renders it as VEVENTs; Google gets a master and its exceptions. What it
stands for can always be worked out again: `ircal.feeds.expansion.expand_series`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ircal.model.schedule import Details


@dataclass(frozen=True, slots=True)
class Override:
    """One occurrence of a recurring Series that differs: RECURRENCE-ID is the start that the rule gives it."""

    recurrence_id: date | datetime
    start: date | datetime
    end: date | datetime
    details: Details


@dataclass(frozen=True)  # without slots, so that it can keep its digest: it is asked for at every run
class Series:
    """One UID. Without `rrule` it is a single event and has neither exdates nor overrides.

    `rrule` is the value without the property name, with UNTIL in UTC (or a date for all-day series). `start` is a
    real occurrence of the rule. Datetimes are zone-aware in the programme's zone; dates are for whole days, with an
    exclusive end.
    """

    uid: str
    start: date | datetime
    end: date | datetime
    details: Details
    rrule: str = ""
    exdates: tuple[date | datetime, ...] = ()
    overrides: tuple[Override, ...] = ()

    @property
    def all_day(self) -> bool:
        """Whether it takes whole days."""
        return not isinstance(self.start, datetime)

    @cached_property
    def digest(self) -> str:
        """A short hash of everything that a reader can see; two Series with the same digest are the same."""
        return digest_of(self)

    @cached_property
    def times(self) -> str:
        """A short hash of when it takes place alone: when somebody has to be there, whatever it is called and where."""
        others = [
            (each.recurrence_id, each.start, each.end, each.details.status == "CANCELLED")
            for each in self.overrides
            if each.details.status == "CANCELLED" or self._moves(each)
        ]
        told = (self.start, self.end, self.rrule, self.exdates, others, self.details.status == "CANCELLED")
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]

    def _moves(self, override: Override) -> bool:
        """Whether an occurrence is at another time, or longer or shorter, than the rule has it."""
        length = _elapsed(self.start, self.end)
        return override.start != override.recurrence_id or _elapsed(override.start, override.end) != length


def digest_of(value: Series | Override) -> str:
    """A short hash (32 hex digits) of a value, the same on every machine and in every run.

    It is taken of the value's repr, which names every field and time zone, and is worked out in C for the most part.
    """
    return hashlib.sha256(repr(value).encode(errors="backslashreplace")).hexdigest()[:32]


def first_day(start: date | datetime) -> date:
    """The day (wall clock) on which it starts."""
    return start.date() if isinstance(start, datetime) else start


def _elapsed(start: date | datetime, end: date | datetime) -> timedelta:
    if isinstance(start, datetime) and isinstance(end, datetime):
        return end.astimezone(UTC) - start.astimezone(UTC)
    return timedelta(days=end.toordinal() - start.toordinal())


def last_day(start: date | datetime, end: date | datetime) -> date:
    """The last day (wall clock) that `[start, end)` touches."""
    if isinstance(end, datetime):
        return (end - timedelta(microseconds=1)).date() if end > start else end.date()
    return end - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Revision:
    """How often a UID has changed on its calendar (SEQUENCE) and when it last did (DTSTAMP, LAST-MODIFIED; UTC)."""

    sequence: int
    changed: datetime


@dataclass(frozen=True, slots=True)
class Outline:
    """What is kept in mind of a UID, so that a feed can still say that it is cancelled when nothing else is left of it.

    `text` is for whoever made it (`ircal.feeds.removed`); `ends` is when the last of it is over (UTC).
    """

    text: str
    ends: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What a calendar says at a time, by UID: a digest of what a reader sees, and an outline (which follows from that).

    `gone` are the UIDs that it says no more; None: all that are not in `digests`. With it, `digests` need not be all.
    """

    digests: Mapping[str, str]
    outlines: Mapping[str, Outline] = field(default_factory=dict)
    gone: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """A UID that its calendar had and has no more; its `revision` tells when that was found out."""

    outline: Outline
    revision: Revision


@dataclass(frozen=True, slots=True)
class Revised:
    """What a store answers: the revision of each UID that was named, and each one that is still told as removed."""

    current: Mapping[str, Revision]
    removed: Mapping[str, Removed]
