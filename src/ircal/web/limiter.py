"""How many wrong addresses and wrong passwords may be tried from one place, before nobody listens any more.

A secret has 192 random bits, so no rate of guessing finds one. The limit is there for load and for the log: whoever
guesses is told to wait, at little cost. It must not hurt those who share an address with the guesser, as a whole
hospital does behind its gateway: only wrong addresses count and only wrong ones are refused, a right one is always
answered. That tells a guesser nothing which the answer to a right guess would not tell anyhow. A password is thought up
by people, and can be guessed: once the budget is used up, no more are looked at, right ones neither.

Places are counted in a fixed number of buckets, so that no flood of addresses fills the memory. Two places that share
a bucket share a budget for being wrong, and nothing else.
"""

from __future__ import annotations

import ipaddress
import time

_MINUTE = 60
_BUCKETS = 4096
_IPV6_PREFIX = 64
"""One customer has at least so much of IPv6, and may use any address in it."""


class WrongTries:
    """Counts what was wrong by place, `per_minute` of which are answered like any other."""

    def __init__(self, per_minute: int) -> None:
        # Importing it takes a tenth of a second, which only those who serve shall wait.
        from limits import RateLimitItemPerMinute  # noqa: PLC0415
        from limits.storage import MemoryStorage  # noqa: PLC0415
        from limits.strategies import FixedWindowRateLimiter  # noqa: PLC0415

        self._rate = RateLimitItemPerMinute(per_minute)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def count(self, host: str) -> int:
        """Count one that came from there; 0, or for how many seconds the place has used up its budget."""
        bucket = _bucket(host)
        return 0 if self._limiter.hit(self._rate, bucket) else self._until_the_next(bucket)

    def wait(self, host: str) -> int:
        """For how many seconds the place has used up its budget, without counting anything; 0 if it has not."""
        bucket = _bucket(host)
        return 0 if self._limiter.test(self._rate, bucket) else self._until_the_next(bucket)

    def _until_the_next(self, bucket: str) -> int:
        left = self._limiter.get_window_stats(self._rate, bucket).reset_time - time.time()
        return min(max(round(left), 1), _MINUTE)  # the wall clock may have jumped


def _bucket(host: str) -> str:
    return str(hash(place_of(host)) % _BUCKETS)


def place_of(host: str) -> str:
    """What counts as one place: an IPv4 address, 64 bits of an IPv6 one, or whatever a proxy wrote instead."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address), _IPV6_PREFIX), strict=False))
