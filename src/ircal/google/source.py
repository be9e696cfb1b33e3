"""Where an event comes from: a title and a link, which Google shows to the account that made the event alone.

It is written along with everything else, and its digest as a private property (`identity.SOURCE`): an event that bears
another digest than the one that is wanted is written anew. A source that is no longer wanted is taken away.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ircal.google.identity import SOURCE

if TYPE_CHECKING:
    from ircal.google.answers import Event


@dataclass(frozen=True, slots=True)
class Source:
    """`source.title` and `source.url` of an event; the address is one of http or https."""

    title: str
    url: str

    @property
    def digest(self) -> str:
        """A short hash (16 hex digits) of both."""
        return hashlib.sha256(f"{self.url} {self.title}".encode()).hexdigest()[:16]


def with_source(body: dict[str, Any], source: Source | None) -> dict[str, Any]:
    """The body of an event that comes from there, or from nowhere."""
    shown = {"title": source.title, "url": source.url} if source else None
    private = body["extendedProperties"]["private"] | {SOURCE: source.digest if source else None}
    return body | {"source": shown, "extendedProperties": {"private": private}}


def comes_from(event: Event, source: Source | None) -> bool:
    """Whether it was written with that source."""
    return event.private.get(SOURCE, "") == (source.digest if source else "")
