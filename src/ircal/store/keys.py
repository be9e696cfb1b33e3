"""Which secret opens which calendar, known in memory, so that an answer waits for no database.

Phones ask thousands of times between two changes of the tokens. So they are read once, all of them, and again when the
store says that they are others. What is known may be FRESH seconds old: a link that was revoked by another process is
closed that soon. While the store cannot be asked, what was known last stays in force: a database that is away for a
minute must not empty calendars.

Unknown secrets cost no more than known ones, and the store hears of neither. Which tokens were used is gathered and
written from time to time by whoever calls `write_uses`.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from typing import TYPE_CHECKING, Protocol

from ircal.errors import StoreError
from ircal.store.secret import BETWEEN_USES, digest_of, public_id, same_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from ircal.store.protocol import Token

log = logging.getLogger(__name__)

FRESH = 0.25
"""For so many seconds what is known counts as known."""


class Tokens(Protocol):
    """What is asked of a store here; see `ircal.store.Store`."""

    def live_tokens(self) -> list[tuple[str, Token]]: ...

    def tokens_mark(self) -> tuple[int, int, int]: ...

    def note_uses(self, uses: Mapping[str, datetime]) -> None: ...


class KeyRing:
    """The tokens that are not revoked. `monotonic` is a clock in seconds.

    The constructor asks the store, and raises its StoreError.
    """

    def __init__(self, store: Tokens, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._monotonic = monotonic
        self._looking = threading.Lock()
        self._noting = threading.Lock()
        self._mark: tuple[int, int, int] | None = None
        self._keys: Mapping[str, tuple[str, Token]] = {}
        self._uses: dict[str, datetime] = {}
        self._unwritten: dict[str, datetime] = {}
        self._failing = False
        self._read()

    def is_stale(self) -> bool:
        """Whether it is time to `look`, and nobody does."""
        return self._monotonic() - self._looked >= FRESH and not self._looking.locked()

    def look(self) -> None:
        """Ask the store whether the tokens have changed. It may block, and raises nothing."""
        if not self._looking.acquire(blocking=False):
            return
        try:
            self._read()
        except StoreError as error:
            if not self._failing:
                log.warning("%s The links that are known stay as they are.", error.message)
            self._failing = True
        finally:
            self._looking.release()

    def _read(self) -> None:
        self._looked = self._monotonic()
        mark = self._store.tokens_mark()  # first: what changes between the two is seen the next time
        if mark != self._mark:
            self._keys = {token.id: (digest, token) for digest, token in self._store.live_tokens()}
            self._mark = mark
        self._failing = False

    def find(self, secret: str, now: datetime) -> Token | None:
        """The token of a secret, if it opens something. Never blocks.

        Tokens are found by their public id, which tells nothing, and then compared by the whole digest.
        """
        digest = digest_of(secret)
        known, token = self._keys.get(public_id(digest), ("", None))
        if token is None or not same_digest(known, digest) or token.is_over(now):
            return None
        return token

    def note_use(self, token: Token, now: datetime) -> None:
        """Gather that a token was used; once an hour is enough."""
        last = self._uses.get(token.id, token.last_used)
        if last is None or now - last >= BETWEEN_USES:
            with self._noting:
                self._uses[token.id] = self._unwritten[token.id] = now

    def last_use(self, calendar: str) -> datetime | None:
        """When any token of the calendar that is not revoked was used last, as far as that was noted."""
        tokens = [token for _, token in self._keys.values() if token.calendar == calendar]
        return max((used for used in map(self.used, tokens) if used), default=None)

    def used(self, token: Token) -> datetime | None:
        """When a token was used last, as far as that was noted."""
        return self._uses.get(token.id, token.last_used)

    def write_uses(self) -> None:
        """Write down what was gathered; what cannot be written is let go, as no feed depends on it."""
        with self._noting:
            uses, self._unwritten = self._unwritten, {}
        with contextlib.suppress(StoreError):
            self._store.note_uses(uses)
