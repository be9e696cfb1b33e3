"""Page and sync tokens: opaque to clients, and all that the server needs to go on.

The sandbox keeps no cursors. A page token holds where the last page ended and the count of writes when the first was
asked for; the sync token at the end is of that count, so nothing that changes between two pages is ever lost.
"""

import base64
import json
from dataclasses import astuple, dataclass
from typing import Self

from ircal.google.sandbox.errors import FullSyncRequired, Invalid


@dataclass(frozen=True)
class PageToken:
    """Go on after `key` with the query of that `fingerprint`, which was first asked at `revision`."""

    fingerprint: str
    revision: int
    key: tuple[str, str]

    def __str__(self) -> str:
        return _pack("page", *astuple(self))

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what a client sent back."""
        match _unpack(text):
            case ["page", str(fingerprint), int(revision), [str(first), str(second)]]:
                return cls(fingerprint, revision, (first, second))
        raise Invalid(location="pageToken")


@dataclass(frozen=True)
class SyncToken:
    """Tell what changed on a calendar after `revision`; `generation` is what makes a token expire."""

    calendar_id: str
    generation: str
    revision: int
    single_events: bool

    def __str__(self) -> str:
        return _pack("sync", *astuple(self))

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what a client sent back; any doubt means a full sync."""
        match _unpack(text):
            case ["sync", str(calendar_id), str(generation), int(revision), bool(single_events)]:
                return cls(calendar_id, generation, revision, single_events)
        raise FullSyncRequired


def _pack(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _unpack(text: str) -> object:
    try:
        padded = text + "=" * (-len(text) % 4)
        return json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except ValueError:
        return None
