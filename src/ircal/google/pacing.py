"""How many calls a minute, for the account and for each calendar: what Google allows, and no more.

Google counts calls in a sliding window, 600 a minute for one account, and dislikes bursts on one calendar besides; the
inner calls of a batch count one by one. What was called is remembered where others look too (`counting`). Two that ask
at the same instant may both be let through: the limit is Google's to hold, and ours to stay near.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pyrate_limiter import Duration, InMemoryBucket, Rate, RateItem

from ircal.google.counting import uncountable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyrate_limiter import AbstractBucket

    from ircal.google.counting import Counts

SHARE_OF_A_CALENDAR = 0.5
"""How much of that may go to one calendar."""

_MARGIN = 0.05
"""Seconds, for clocks that are not quite the same."""


class Pace:
    """Lets calls through, and has those wait that are too many. `clock` gives seconds since 1970, `sleep` takes them.

    `sleep` may raise to end the wait. `counts` is where calls are remembered for others, who need the same clock;
    without it they are for this process alone.
    """

    def __init__(
        self,
        per_minute: int,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
        counts: Counts | None = None,
    ) -> None:
        self.per_minute = per_minute
        self._clock, self._sleep = clock, sleep
        self._counts = counts
        self._faults = counts.faults if counts else ()
        self._buckets: dict[str, AbstractBucket] = {}

    def take(self, account: str, calendar: str, calls: int) -> None:
        """Wait until so many calls may be made in the name of an account, about a calendar. Raises StoreError."""
        of_calendar = max(1, int(self.per_minute * SHARE_OF_A_CALENDAR))
        left = calls
        while left > 0:
            part = min(left, of_calendar)  # more than a minute's worth at once would wait for ever
            self._take(f"{account} {calendar}", of_calendar, part)
            self._take(account, self.per_minute, part)
            left -= part

    def used(self, account: str) -> int:
        """How many calls were made in the last minute in the name of an account. Raises StoreError."""
        with self._reached():
            bucket = self._bucket(account, self.per_minute)
            bucket.leak(self._now())
            return int(bucket.count())  # type: ignore[arg-type]  # a number, where the bucket is not asynchronous

    def _take(self, name: str, limit: int, calls: int) -> None:
        while wait := self._wait(name, limit, calls):
            self._sleep(wait)

    def _wait(self, name: str, limit: int, calls: int) -> float:
        """The seconds to wait before calls may be made; 0 if they may now, and are counted."""
        with self._reached():
            bucket, item = self._bucket(name, limit), RateItem("call", self._now(), weight=calls)
            bucket.leak(item.timestamp)
            if bucket.put(item):
                return 0.0
            return int(bucket.waiting(item)) / 1000 + _MARGIN  # type: ignore[arg-type]  # the same

    def _bucket(self, name: str, limit: int) -> AbstractBucket:
        if name not in self._buckets:
            counts = self._counts
            rates = [Rate(limit, Duration.MINUTE)]
            self._buckets[name] = counts.bucket(name, limit) if counts else InMemoryBucket(rates)
        return self._buckets[name]

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except self._faults as error:
            raise uncountable(error) from None

    def _now(self) -> int:
        return int(self._clock() * 1000)
