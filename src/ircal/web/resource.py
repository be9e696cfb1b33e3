"""A feed as HTTP knows it: a resource with two representations, plain and gzipped, both made once.

A strong validator must differ between representations whose bytes differ, content codings included (RFC 9110, 8.8.1
and 8.8.3.3). So each has an ETag of its own: the hash of the plain bytes, and the same with `-gzip`.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from ircal.web.answers import feed_answers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ircal.web.answers import FeedAnswers


@dataclass(frozen=True, slots=True)
class Representation:
    """The bytes that travel, their content coding (empty for none), and their ETag with its quotes."""

    body: bytes
    coding: str
    etag: str


@dataclass(frozen=True, slots=True)
class FeedResource:
    """What is served of one calendar. `last_modified` is in whole seconds and knows its zone.

    `answers` are ready made, by content coding and by whether the address is open to all.
    """

    calendar: str
    plain: Representation
    gzipped: Representation
    last_modified: datetime
    public: bool
    answers: Mapping[tuple[str, bool], FeedAnswers] = field(repr=False, compare=False)

    @classmethod
    def of(cls, calendar: str, body: bytes, last_modified: datetime, *, public: bool = False) -> FeedResource:
        """The resource for a feed's bytes. The same bytes give the same gzip and the same ETags, in every run."""
        digest = hashlib.sha256(body).hexdigest()
        plain = Representation(body, "", f'"{digest}"')
        gzipped = Representation(gzip.compress(body, mtime=0), "gzip", f'"{digest}-gzip"')
        answers = {
            (each.coding, open_to_all): feed_answers(calendar, each, last_modified, open_to_all=open_to_all)
            for each in (plain, gzipped)
            for open_to_all in (False, True)
        }
        return cls(calendar, plain, gzipped, last_modified, public, MappingProxyType(answers))
