"""The store that forgets: for tests, trials, and one-shot runs that keep nothing. Not a database, but the same law."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from ircal.store.protocol import JournalEntry, Reading, Refusal, Token
from ircal.store.revisions import KEEP, answer, in_utc, revised
from ircal.store.secret import digest_of, new_secret, public_id, taken
from ircal.store.work_memory import WorkInMemory

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime, timedelta

    from ircal.model.series import Revised, Said
    from ircal.store.revisions import Remembered


class MemoryStore(WorkInMemory):
    """A `Store` in this process's memory. `mint` makes the secrets, `keep` is how long what was removed is told."""

    def __init__(self, mint: Callable[[], str] = new_secret, *, keep: timedelta = KEEP) -> None:
        super().__init__()
        self._mint = mint
        self._keep = keep
        self._lock = threading.Lock()
        self._revisions: dict[str, dict[str, Remembered]] = {}
        self._tokens: dict[str, Token] = {}
        self._journal: list[JournalEntry] = []
        self._readings: dict[str, Reading] = {}
        self._refusals: dict[str, dict[str, Refusal]] = {}
        self._circuits: dict[str, tuple[datetime, str]] = {}
        self._ended: dict[str, datetime] = {}

    def revise(self, calendar: str, said: Said, now: datetime, baseline: datetime) -> Revised:
        return self.revise_all({calendar: said}, now, baseline)[calendar]

    def revise_all(self, said: Mapping[str, Said], now: datetime, baseline: datetime) -> dict[str, Revised]:
        with self._lock:
            after = {
                calendar: revised(self._revisions.get(calendar), what, now, baseline, self._keep)
                for calendar, what in said.items()
            }
            self._revisions.update(after)
        return {calendar: answer(after[calendar], what) for calendar, what in said.items()}

    def issue_token(self, calendar: str, now: datetime, person: str = "") -> str:
        with self._lock:
            same = [each for each in self._tokens.values() if (each.person, each.calendar) == (person, calendar)]
            if live := [each for each in same if person and not each.revoked and not each.expires]:
                raise taken(live[0])
            return self._add(calendar, now, person)

    def _add(self, calendar: str, now: datetime, person: str) -> str:
        secret = self._mint()
        digest = digest_of(secret)
        self._tokens[digest] = Token(public_id(digest), calendar, in_utc(now), person=person)
        return secret

    def rotate_token(self, token: str, now: datetime, until: datetime | None = None) -> str | None:
        now, until = in_utc(now), until and in_utc(until)
        with self._lock:
            digest, old = self._named(token)
            if old is None or old.revoked or old.expires:
                return None
            self._tokens[digest] = replace(old, expires=until) if until else replace(old, revoked=now)
            return self._add(old.calendar, now, old.person)

    def _named(self, token: str) -> tuple[str, Token | None]:
        """The token that is named by its public id or its secret, with its digest."""
        digest = digest_of(token)
        found = (item for item in self._tokens.items() if token == item[1].id or digest == item[0])
        return next(found, (digest, None))

    def revoke_token(self, token: str, now: datetime) -> bool:
        now = in_utc(now)
        with self._lock:
            digest, found = self._named(token)
            if found is None or found.is_over(now):
                return False
            self._tokens[digest] = replace(found, revoked=now)
            return True

    def tokens(self) -> list[Token]:
        with self._lock:
            return sorted(self._tokens.values(), key=lambda token: (token.issued, token.id))

    def live_tokens(self) -> list[tuple[str, Token]]:
        with self._lock:
            return [(digest, token) for digest, token in self._tokens.items() if not token.revoked]

    def tokens_mark(self) -> tuple[int, int, int]:
        with self._lock:
            tokens = self._tokens.values()
            return len(tokens), sum(bool(each.revoked) for each in tokens), sum(bool(each.expires) for each in tokens)

    def note_uses(self, uses: Mapping[str, datetime]) -> None:
        uses = {name: in_utc(used) for name, used in uses.items()}
        with self._lock:
            for digest, token in self._tokens.items():
                if used := uses.get(token.id):
                    self._tokens[digest] = replace(token, last_used=used)

    def reading(self, calendar: str) -> Reading | None:
        with self._lock:
            return self._readings.get(calendar)

    def keep_reading(self, calendar: str, reading: Reading) -> None:
        with self._lock:
            self._readings[calendar] = Reading(reading.token, dict(reading.events))

    def forget_reading(self, calendar: str) -> None:
        with self._lock:
            self._readings.pop(calendar, None)

    def refusals(self, calendar: str) -> dict[str, Refusal]:
        with self._lock:
            return dict(self._refusals.get(calendar, {}))

    def refuse(self, calendar: str, uid: str, refusal: Refusal) -> None:
        with self._lock:
            self._refusals.setdefault(calendar, {})[uid] = replace(refusal, since=in_utc(refusal.since))

    def admit(self, calendar: str, uids: Collection[str] | None = None) -> None:
        with self._lock:
            left = self._refusals.pop(calendar, {})
            kept = {} if uids is None else {uid: each for uid, each in left.items() if uid not in uids}
            self._refusals[calendar] = kept

    def record(self, *entries: JournalEntry) -> None:
        in_order = [replace(entry, at=in_utc(entry.at)) for entry in entries]
        with self._lock:
            self._journal += in_order

    def journal(self, limit: int, calendar: str | None = None, within: str = "") -> list[JournalEntry]:
        with self._lock:
            every = [each for each in self._journal[::-1] if each.calendar.startswith(within)]
        return [each for each in every if calendar in {None, each.calendar}][:limit]

    def open_circuit(self, name: str, until: datetime, reason: str) -> None:
        with self._lock:
            self._circuits[name] = (in_utc(until), reason)

    def circuit(self, name: str) -> tuple[datetime, str] | None:
        with self._lock:
            return self._circuits.get(name)

    def end_session(self, digest: str, until: datetime, now: datetime) -> None:
        with self._lock:
            self._ended = {each: end for each, end in self._ended.items() if end > now} | {digest: in_utc(until)}

    def has_ended(self, digest: str) -> bool:
        with self._lock:
            return digest in self._ended

    def close(self) -> None:
        """Nothing to let go of."""
