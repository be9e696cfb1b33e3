"""The gate before every request: how fast we may go, and whether we may go at all.

When Google says `quotaExceeded`, it means hours: a calendar usage limit of the account is used up, and whoever goes on
asking makes it last longer. So the gate closes then, for hours, for everybody: it is remembered where the next job
looks too, with the time at which it opens again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from ircal.errors import QuotaExhausted, RemoteError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.google.pacing import Pace


class Memory(Protocol):
    """Where it is remembered that a circuit is open, by name."""

    def circuit(self, name: str) -> tuple[datetime, str] | None:
        """Until when it is open, and why; None if it never was."""
        ...

    def open_circuit(self, name: str, until: datetime, reason: str) -> None:
        """Have it open until then."""
        ...


class Gate(Protocol):
    """What a request passes on its way."""

    def before(self, calls: int) -> None:
        """Wait until so many calls may be made. Raises QuotaExhausted while none may."""
        ...

    def after(self, error: RemoteError) -> None:
        """Take in what came of it, where it went wrong."""
        ...


class Ajar:
    """Nothing is waited for, and nothing remembered."""

    def before(self, calls: int) -> None:
        """Go on."""

    def after(self, error: RemoteError) -> None:
        """Leave it."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """The gate of one account; `calendar` is the one that its requests are about.

    `hours` is for how long the circuit is opened; with 0 it is never heeded, not that which another run opened either.
    """

    account: str
    calendar: str
    pace: Pace | None
    memory: Memory
    hours: float
    clock: Callable[[], datetime]

    def before(self, calls: int) -> None:
        """Wait until so many calls may be made. Raises QuotaExhausted while the circuit is open."""
        if self.hours and (shut := shut_until(self.memory, self.account, self.clock())):
            raise shut
        if self.pace:
            self.pace.take(self.account, self.calendar, calls)

    def after(self, error: RemoteError) -> None:
        """Open the circuit where a quota is used up that refills in hours."""
        if isinstance(error, QuotaExhausted) and self.hours:
            until = self.clock() + timedelta(hours=self.hours)
            self.memory.open_circuit(self.account, until.astimezone(UTC), error.message)


def shut_until(memory: Memory, account: str, now: datetime) -> QuotaExhausted | None:
    """Why nothing may be asked in the name of an account now, and until when; None if it may."""
    known = memory.circuit(account)
    if known is None or known[0] <= now:
        return None
    until, reason = known
    message = f"Google is not asked before {until.astimezone():%Y-%m-%d %H:%M %Z}, after it said: {reason}"
    return QuotaExhausted(message, "Wait; the first run after that goes on where the last one stopped.")
