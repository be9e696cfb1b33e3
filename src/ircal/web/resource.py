"""A feed as HTTP knows it: a resource with two representations, plain and gzipped, each made once.

A strong validator must differ between representations whose bytes differ, content codings included (RFC 9110, 8.8.1
and 8.8.3.3). So each has an ETag of its own: the hash of the plain bytes, and the same with `-gzip`.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ircal.web.answers import feed_answers

if TYPE_CHECKING:
    from datetime import datetime

    from ircal.web.answers import FeedAnswers


@dataclass(frozen=True, slots=True)
class Representation:
    """The bytes that travel, their content coding (empty for none), and their ETag with its quotes."""

    body: bytes
    coding: str
    etag: str


@dataclass(frozen=True)
class FeedResource:
    """What is served of one calendar. `last_modified` is in whole seconds and knows its zone.

    What it is sent as is made when it is first asked for, and kept: most feeds are fetched long after they changed.
    The same bytes give the same gzip and the same ETags, in every run.
    """

    calendar: str
    body: bytes = field(repr=False)
    last_modified: datetime
    public: bool = False
    _answers: dict[tuple[str, bool], FeedAnswers] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def plain(self) -> Representation:
        """The bytes as they are."""
        return Representation(self.body, "", f'"{self._digest}"')

    @cached_property
    def gzipped(self) -> Representation:
        """The bytes in gzip."""
        return Representation(gzip.compress(self.body, mtime=0), "gzip", f'"{self._digest}-gzip"')

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    def answers(self, sent: Representation, *, open_to_all: bool) -> FeedAnswers:
        """What is answered with one of the two, by whether the address is open to all."""
        key = sent.coding, open_to_all
        known = self._answers.get(key)
        if known is None:
            known = feed_answers(self.calendar, sent, self.last_modified, open_to_all=open_to_all)
            self._answers[key] = known
        return known
