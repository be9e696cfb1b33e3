"""What is known of a programme while it is not at hand: little, so that very many can be looked after (see `shelf`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from ircal.service.leavers import Leavers
from ircal.store import key_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from ircal.service.book import Edition
    from ircal.service.in_force import Wanted


@dataclass(frozen=True, slots=True)
class Remembered:
    """A programme as it was when it was at hand: what its files were, on which day in its zone, what it is called.

    `google` are Google's ids of its calendars, `says` digests of what its feeds say, both by the calendars' keys.
    """

    digest: str
    day: date
    zone: ZoneInfo
    title: str
    google: Mapping[str, str]
    says: Mapping[str, str]
    leavers: Leavers

    @classmethod
    def of(cls, name: str, wanted: Wanted, edition: Edition | None, digest: str, days: int) -> Self:
        """That of a programme whose files have a digest, and whose links outlive their readers by some days."""
        program = wanted.program
        return cls(
            digest,
            wanted.day,
            program.settings.zone,
            program.settings.name,
            {key_of(name, each): wanted.feeds[each].calendar.google for each in wanted.pushed},
            {key_of(name, each): feed.plain.etag for each, feed in edition.resources.items()} if edition else {},
            Leavers.of(program, days),
        )

    def is_of(self, digest: str, now: datetime) -> bool:
        """Whether files and day are still those."""
        return digest == self.digest and now.astimezone(self.zone).date() == self.day

    def differing(self, before: Remembered) -> dict[str, str]:
        """The keys of the calendars of which it says something else than before, each with a digest of what it says."""
        now = {key: self.says.get(key, "") for key in self.says.keys() | before.says.keys()}
        return {key: digest for key, digest in now.items() if before.says.get(key) != digest}
