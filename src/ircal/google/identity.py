"""Identity: the mark that says whose an event is, and the id that it has from the beginning.

The mark travels on every event as private extended properties (at most 44 characters a key and 1024 a value, or Google
drops and cuts them without a word):

    ircal        <owner>/<calendar>/v1     whose it is; the list filter, and checked again on every event
    ircaluid     the UID of its Series
    ircalhash    the digest of the Series that was written there
    ircaltimes   the digest of when it takes place
    ircalspan    <first day>/<last day>
    ircalpart    on an exception alone: the digest of its Override
    ircalshown   the hash of what a reader sees of it (`appearance`)
    ircalsource  the digest of where it says that it comes from (`source`), where it says so

The id follows from owner, calendar and UID, so that an insert that is tried twice cannot make two events.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MARK = "ircal"
UID = "ircaluid"
HASH = "ircalhash"
TIMES = "ircaltimes"
SPAN = "ircalspan"
PART = "ircalpart"
SHOWN = "ircalshown"
SOURCE = "ircalsource"


@dataclass(frozen=True, slots=True)
class Mark:
    """Whose an event is: the owner (one installation of ircal) and our id of the calendar it is for."""

    owner: str
    calendar: str

    def __str__(self) -> str:
        """`example-ir-residency/programme/v1`; the version is that of these properties."""
        return f"{self.owner}/{self.calendar}/v1"

    @property
    def filter(self) -> str:
        """The mark as `events.list` takes it in `privateExtendedProperty`."""
        return f"{MARK}={self}"

    def is_on(self, private: Mapping[str, str]) -> bool:
        """Whether an event with these private extended properties bears this mark."""
        return private.get(MARK) == str(self)

    def event_id(self, uid: str) -> str:
        """The id of the event for a UID: base32hex (RFC 4648, section 7) of a hash, in lower case and without padding.

        Google takes `a` to `v` and `0` to `9`, five characters or more.
        """
        digest = hashlib.sha256(f"{self.owner}|{self.calendar}|{uid}".encode()).digest()
        return base64.b32hexencode(digest).decode().lower().rstrip("=")


def instance_id(master_id: str, original: date | datetime) -> str:
    """The id of one instance of a recurring event, by the start that the rule gives it (a date, or aware)."""
    stamp = f"{original.astimezone(UTC):%Y%m%dT%H%M%SZ}" if isinstance(original, datetime) else f"{original:%Y%m%d}"
    return f"{master_id}_{stamp}"
