"""The store that forgets: for tests, trials, and one-shot runs that keep nothing. Not a database, but the same law."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from ircal.store.protocol import JournalEntry, Token
from ircal.store.revisions import KEEP, answer, in_utc, revised
from ircal.store.secret import BETWEEN_USES, digest_of, new_secret, public_id

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from ircal.model.series import Revised, Said
    from ircal.store.revisions import Remembered


class MemoryStore:
    """A `Store` in this process's memory. `mint` makes the secrets, `keep` is how long what was removed is told."""

    def __init__(self, mint: Callable[[], str] = new_secret, *, keep: timedelta = KEEP) -> None:
        self._mint = mint
        self._keep = keep
        self._lock = threading.Lock()
        self._revisions: dict[str, dict[str, Remembered]] = {}
        self._tokens: dict[str, Token] = {}
        self._journal: list[JournalEntry] = []

    def revise(self, calendar: str, said: Said, now: datetime, baseline: datetime) -> Revised:
        with self._lock:
            after = revised(self._revisions.get(calendar), said, now, baseline, self._keep)
            self._revisions[calendar] = after
        return answer(after, said)

    def issue_token(self, calendar: str, now: datetime) -> str:
        secret = self._mint()
        digest = digest_of(secret)
        with self._lock:
            self._tokens[digest] = Token(public_id(digest), calendar, in_utc(now))
        return secret

    def calendar_of(self, token: str, now: datetime) -> str | None:
        now, digest = in_utc(now), digest_of(token)
        with self._lock:
            found = self._tokens.get(digest)
            if found is None or found.revoked:
                return None
            if found.last_used is None or now - found.last_used >= BETWEEN_USES:
                self._tokens[digest] = replace(found, last_used=now)
            return found.calendar

    def revoke_token(self, token: str, now: datetime) -> bool:
        now, digest = in_utc(now), digest_of(token)
        with self._lock:
            live = {
                key: entry
                for key, entry in self._tokens.items()
                if (entry.id == token or key == digest) and not entry.revoked
            }
            self._tokens.update({key: replace(entry, revoked=now) for key, entry in live.items()})
        return bool(live)

    def tokens(self) -> list[Token]:
        with self._lock:
            return sorted(self._tokens.values(), key=lambda token: (token.issued, token.id))

    def record(self, entry: JournalEntry) -> None:
        with self._lock:
            self._journal.append(replace(entry, at=in_utc(entry.at)))

    def journal(self, limit: int) -> list[JournalEntry]:
        with self._lock:
            return self._journal[::-1][:limit]

    def close(self) -> None:
        """Nothing to let go of."""
