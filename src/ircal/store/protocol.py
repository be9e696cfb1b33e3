"""The contract that every store keeps, and the values it gives out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ircal.store.work import Work

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from ircal.model.series import Revised, Said


@dataclass(frozen=True, slots=True)
class Token:
    """What may be known of a feed's secret address: everything but the secret. Instants are in UTC.

    `person` is whom it was made for, or empty. From `expires` on it opens nothing, as if it were revoked.
    """

    id: str
    calendar: str
    issued: datetime
    last_used: datetime | None = None
    revoked: datetime | None = None
    person: str = ""
    expires: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        """Whether it opens nothing any more."""
        return self.revoked is not None or (self.expires is not None and self.expires <= now)


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One change that was made, or tried, to a calendar by a run. `at` is in UTC."""

    at: datetime
    calendar: str
    change: str
    outcome: str
    run: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read last of a calendar elsewhere: the token that asks for what has changed since, and events by id."""

    token: str
    events: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a calendar would not take: a digest of it, why, and since when (UTC)."""

    content: str
    reason: str
    since: datetime


class Store(Work, Protocol):
    """What ircal remembers. Safe to share between threads; every verb is one transaction.

    Instants must know their zone (ValueError otherwise). A database that cannot be read or written is a StoreError.
    """

    def revise(self, calendar: str, said: Said, now: datetime, baseline: datetime) -> Revised:
        """The revision of each UID that the calendar says, remembered for the next time.

        The same digest keeps its Revision. Another digest adds one to the sequence, and its instant is `now`, or a
        second after the last change if that is later. What was never seen begins with 0: on a calendar that was never
        seen at `baseline`, so that a lost store gives the same bytes again; on a known one `now`.

        To be gone from the calendar is a change too, and so is to come back. A UID that is gone is told as removed for
        as long as the store was made for, if it has an outline by which it is not over yet; another one goes without
        a word, and keeps its Revision. Outlines are looked up only where a digest has changed.

        Instants are whole seconds in UTC (RFC 5545, 3.3.5).
        """

    def revise_all(self, said: Mapping[str, Said], now: datetime, baseline: datetime) -> dict[str, Revised]:
        """The same for several calendars by id, all of them or, when it fails, none."""

    def issue_token(self, calendar: str, now: datetime, person: str = "") -> str:
        """A new secret for the calendar's address. It is not kept, so it cannot be shown again.

        Raises TokenInUse when the person has one for that calendar already. For nobody in particular there may be many.
        """

    def rotate_token(self, token: str, now: datetime, until: datetime | None = None) -> str | None:
        """A new secret in place of a token, named as for `revoke_token`; None if that is not in use.

        The old one is revoked at once, or opens its calendar until that instant. It cannot be rotated twice.
        """

    def revoke_token(self, token: str, now: datetime) -> bool:
        """Make a token, named by its public id or by the secret itself, open nothing more; whether it did until now."""

    def tokens(self) -> list[Token]:
        """All tokens ever issued, oldest first."""

    def live_tokens(self) -> list[tuple[str, Token]]:
        """The tokens that are not revoked, each with the digest of its secret."""

    def tokens_mark(self) -> tuple[int, int, int]:
        """What differs whenever `live_tokens` gives others, and is cheaper to have: no token is ever taken away."""

    def note_uses(self, uses: Mapping[str, datetime]) -> None:
        """Remember when tokens, named by their public ids, were used last."""

    def reading(self, calendar: str) -> Reading | None:
        """What was read last of that calendar; None where that was never kept, or was forgotten."""

    def keep_reading(self, calendar: str, reading: Reading) -> None:
        """Keep what was read, in place of what was read before."""

    def forget_reading(self, calendar: str) -> None:
        """Forget what was read: the next reading is of everything."""

    def refusals(self, calendar: str) -> dict[str, Refusal]:
        """What that calendar would not take, by UID."""

    def refuse(self, calendar: str, uid: str, refusal: Refusal) -> None:
        """Remember what it would not take of a UID, in place of what was remembered of it."""

    def admit(self, calendar: str, uids: Collection[str] | None = None) -> None:
        """Forget that it would not take these UIDs, or any."""

    def record(self, *entries: JournalEntry) -> None:
        """Add to the journal, in this order."""

    def journal(self, limit: int, calendar: str | None = None, within: str = "") -> list[JournalEntry]:
        """The newest entries, of one calendar, of those whose keys begin with `within`, or of all, newest first."""

    def open_circuit(self, name: str, until: datetime, reason: str) -> None:
        """Remember that nothing is to be asked of that name until then, and why; what was remembered of it is over."""

    def circuit(self, name: str) -> tuple[datetime, str] | None:
        """Until when nothing is, or was, to be asked of that name, and why."""

    def end_session(self, digest: str, until: datetime, now: datetime) -> None:
        """Remember until then that a session, named by the digest of its id, has ended; forget those that are over."""

    def has_ended(self, digest: str) -> bool:
        """Whether that session has ended before its time."""

    def close(self) -> None:
        """Let go of the database; nothing may be asked afterwards."""
