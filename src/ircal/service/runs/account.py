"""What the service needs of Google: one account, used by one thread at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ircal.feeds import Feed
    from ircal.model.program import Calendar
    from ircal.service.in_force import Wanted
    from ircal.service.runs.holding import Halt
    from ircal.service.watching import GoogleChannels
    from ircal.sync import Target


class Doubting(Protocol):
    """A Remote of which everything can be read anew, whatever is remembered."""

    def doubt(self, uids: Mapping[str, bool]) -> None:
        """Believe no digest of these UIDs, and with True no time either."""


class Account(Protocol):
    """What can be done with the calendars of one account."""

    def target(self, feed: Feed, wanted: Wanted, halt: Halt) -> Target:
        """A calendar to keep true; once halted it begins nothing more."""

    def doubted(self, target: Target, feed: Feed, wanted: Wanted) -> None:
        """Have everything on a calendar read and compared, and written anew where it differs. Raises RemoteError."""

    def is_different(self, feed: Feed, wanted: Wanted) -> bool:
        """Whether Google shows something else than it should. Raises RemoteError."""

    def missing_shares(self, calendar: Calendar) -> tuple[str, ...]:
        """Whom it is to be shared with besides, in words. Raises RemoteError."""

    def share(self, calendar: Calendar) -> tuple[str, ...]:
        """Share it with those that were missing when it was asked last; with whom it was. Raises RemoteError."""

    def channels(self) -> GoogleChannels:
        """What opens and stops channels, on which Google tells of changes."""

    def held(self, feed: Feed, wanted: Wanted) -> tuple[str, ...]:
        """What Google does not take of a calendar, in words. It is remembered, and nothing is asked."""

    def resting(self) -> str:
        """Until when Google is not asked in the name of this account, and why; empty where it is."""

    def calls(self, calendar: Calendar) -> int:
        """How many calls were made about it so far."""
