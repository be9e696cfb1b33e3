"""What is sent back, ready made: a request only chooses an answer, and builds none.

A calendar program can send no password, so the address is the key: it must not leak through caches, referrers, search
engines or logs. The headers here see to the first three.
"""

from __future__ import annotations

from datetime import UTC
from email.utils import format_datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ircal.web.resource import Representation

_MAX_AGE = 300
_RETRY_AFTER = 30
_CAREFUL = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
UNSEEN = {**_CAREFUL, "cache-control": "no-store", "x-robots-tag": "noindex"}
"""The headers of everything that is no feed."""


class Answer(NamedTuple):
    """A whole answer, its headers as ASGI takes them; `about` is what the log calls it."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    about: str


def answer(status: int, headers: Mapping[str, str], body: bytes = b"", about: str = "-") -> Answer:
    """An answer with these headers."""
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    return Answer(status, encoded, body, about)


def plain(status: int, text: str, **more: str) -> Answer:
    """A sentence for a person, with `more` headers (`retry_after` is Retry-After)."""
    body = text.encode()
    described = {"content-length": str(len(body)), "content-type": "text/plain; charset=utf-8"}
    return answer(
        status, {**UNSEEN, **{key.replace("_", "-"): value for key, value in more.items()}, **described}, body
    )


NOT_FOUND = plain(404, "Not found.\n")
NOT_READY = plain(503, "Not ready yet.\n", retry_after=str(_RETRY_AFTER))
BROKEN = plain(500, "Something went wrong here. It has been noted.\n")


def too_many(seconds: int) -> Answer:
    """For whoever tried too many addresses that open nothing."""
    return plain(429, "Too many addresses that open nothing. Try again later.\n", retry_after=str(seconds))


class FeedAnswers(NamedTuple):
    """The two answers that a representation of a feed has: with its bytes, and that the client has them already."""

    full: Answer
    unchanged: Answer


def feed_answers(calendar: str, sent: Representation, modified: datetime, *, open_to_all: bool) -> FeedAnswers:
    """200 with the feed, and 304 with the same validators and what caches go by, and nothing else (RFC 9110, 15.4.5).

    `open_to_all` is whether the address is no secret; `modified` is in whole seconds.
    """
    kept = {
        "etag": sent.etag,
        "last-modified": format_datetime(modified.astimezone(UTC), usegmt=True),
        "cache-control": f"{'public' if open_to_all else 'private'}, max-age={_MAX_AGE}, must-revalidate",
        "vary": "Accept-Encoding",
    }
    described = {
        **_CAREFUL,
        **({} if open_to_all else {"x-robots-tag": "noindex"}),
        "content-type": "text/calendar; charset=utf-8",
        "content-disposition": f'inline; filename="{calendar}.ics"',
        "content-length": str(len(sent.body)),
        **({"content-encoding": sent.coding} if sent.coding else {}),
    }
    return FeedAnswers(answer(200, {**kept, **described}, sent.body, calendar), answer(304, kept, b"", calendar))
