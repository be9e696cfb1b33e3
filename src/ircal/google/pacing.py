"""How many calls a minute, for the account and for each calendar: what Google allows, and no more.

Google counts calls in a sliding window, 600 a minute for one account, and dislikes bursts on one calendar besides; the
inner calls of a batch count one by one. What was called is remembered in a small file, so that two processes on one
machine (a scheduled job beside `ircal serve`) share what there is. Two that ask at the same instant may both be let
through: the limit is Google's to hold, and ours to stay near.
"""

from __future__ import annotations

import hashlib
import sqlite3
from typing import TYPE_CHECKING

from pyrate_limiter import Duration, InMemoryBucket, Rate, RateItem, SQLiteBucket

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pyrate_limiter import AbstractBucket

SHARE_OF_A_CALENDAR = 0.5
"""How much of that may go to one calendar."""

_PATIENCE = 30.0
"""Seconds to wait for another process that writes to the file."""
_MARGIN = 0.05
"""Seconds, for clocks that are not quite the same."""


class Pace:
    """Lets calls through, and has those wait that are too many. `clock` gives seconds since 1970, `sleep` takes them.

    `file` is where calls are remembered for other processes; without it they are for this one alone.
    """

    def __init__(
        self, per_minute: int, clock: Callable[[], float], sleep: Callable[[float], None], file: Path | None = None
    ) -> None:
        self.per_minute = per_minute
        self._clock, self._sleep = clock, sleep
        self._connection = _opened(file) if file else None
        self._buckets: dict[str, AbstractBucket] = {}

    def take(self, account: str, calendar: str, calls: int) -> None:
        """Wait until so many calls may be made in the name of an account, about a calendar."""
        of_calendar = max(1, int(self.per_minute * SHARE_OF_A_CALENDAR))
        left = calls
        while left > 0:
            part = min(left, of_calendar)  # more than a minute's worth at once would wait for ever
            self._take(f"{account} {calendar}", of_calendar, part)
            self._take(account, self.per_minute, part)
            left -= part

    def used(self, account: str) -> int:
        """How many calls were made in the last minute in the name of an account."""
        bucket = self._bucket(account, self.per_minute)
        bucket.leak(self._now())
        return int(bucket.count())  # type: ignore[arg-type]  # a number, where the bucket is not asynchronous

    def close(self) -> None:
        """Let go of the file."""
        if self._connection:
            self._connection.close()

    def _take(self, name: str, limit: int, calls: int) -> None:
        bucket = self._bucket(name, limit)
        bucket.leak(self._now())
        while not bucket.put(item := RateItem("call", self._now(), weight=calls)):
            self._sleep(int(bucket.waiting(item)) / 1000 + _MARGIN)  # type: ignore[arg-type]  # the same

    def _bucket(self, name: str, limit: int) -> AbstractBucket:
        if name not in self._buckets:
            rates = [Rate(limit, Duration.MINUTE)]
            self._buckets[name] = _shared(self._connection, name, rates) if self._connection else InMemoryBucket(rates)
        return self._buckets[name]

    def _now(self) -> int:
        return int(self._clock() * 1000)


def _opened(file: Path) -> sqlite3.Connection:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return sqlite3.connect(file, timeout=_PATIENCE, check_same_thread=False)


def _shared(connection: sqlite3.Connection, name: str, rates: list[Rate]) -> SQLiteBucket:
    """A bucket in the file; its table is named by a hash, for a name may hold anything."""
    table = f"calls_{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    connection.execute(f"CREATE TABLE IF NOT EXISTS '{table}' (name VARCHAR, item_timestamp INTEGER)")
    connection.commit()
    return SQLiteBucket(rates, connection, table)
