"""A Google calendar as a Remote: reads what is ours on it, and carries out changes.

Each change is one or two steps, because an exception needs its master and a batch has no order:

    create      insert the master (or take back our own deleted event of that id), then patch its exceptions
    update      patch the master unless only exceptions are amiss, then patch the exceptions that are not as wanted
    delete      delete the master; what is gone already is well

All masters go first, in batches, then all exceptions (`writing`), then the deletes. Writes to what exists are
conditional (If-Match), so that a change by somebody else fails with Conflict instead of being lost.

What is there is read by `listing`. What becomes of what somebody else changed is decided in `ircal.plan`.
"""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ircal.errors import Conflict
from ircal.google.errors import Gone, not_an_answer, stopped
from ircal.google.identity import SOURCE
from ircal.google.listing import Forgetful, Listing
from ircal.google.reading import owned_events
from ircal.google.requests import Requests
from ircal.google.sending import ATTEMPTS, BATCH_SIZE, Sender, batched
from ircal.google.source import comes_from
from ircal.google.writing import Writing, not_deleted, outcomes
from ircal.plan import Delete

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from ircal.google.gate import Gate
    from ircal.google.identity import Mark
    from ircal.google.listing import Memory
    from ircal.google.source import Source
    from ircal.plan import Change, Owned
    from ircal.sync import Outcome


_DOUBTED = "doubted"
"""The digest of nothing that is wanted."""


class GoogleRemote:
    """The events that bear a mark on one Google calendar.

    `service` is what `client.build_service` makes, `sleep` takes seconds, `attempts` is how often a request is sent
    that gets no answer or is told to wait, and every request passes the `gate`. `memory` keeps what was read, so that
    the next reading is of changes alone. `source` is what our events say that they come from; `repeats`, whether series
    are wanted there. When it is `stopping`, what is begun is finished, and nothing more is begun.
    """

    def __init__(  # noqa: PLR0913 what is beyond the third is said by name, and seldom
        self,
        service: Any,
        calendar_id: str,
        mark: Mark,
        *,
        sleep: Callable[[float], None] = time.sleep,
        batch_size: int = BATCH_SIZE,
        attempts: int = ATTEMPTS,
        gate: Gate | None = None,
        memory: Memory | None = None,
        source: Source | None = None,
        repeats: bool = False,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        events = service.events()
        self._mark = mark
        self._stopping = stopping
        self._doubted: Mapping[str, bool] = {}
        self._batch_size = batch_size
        self._sender = Sender(service, sleep, batch_size, attempts, gate, stopping)
        self._requests = Requests(events, calendar_id, mark, source)
        self._listing = Listing(events, calendar_id, mark, self._sender, memory or Forgetful(), repeats=repeats)

    def doubt(self, uids: Mapping[str, bool]) -> None:
        """Believe no digest of these UIDs from now on, so that a plan writes all of them anew; and read all afresh.

        With each UID, whether when it takes place is doubted too, or only what it says.
        """
        self._doubted = dict(uids)
        self._listing.doubt()

    def owned(self, *, afresh: bool = False) -> tuple[Owned, ...]:
        """Our events on it, and those of them that somebody deleted; `afresh` trusts nothing that is remembered.

        Raises RemoteError if it cannot be read as a whole.
        """
        try:
            events = self._listing.read(afresh=afresh)
            self._requests.some_have_source = any(SOURCE in event.private for event in events)
            elsewhere = {event.id for event in events if not comes_from(event, self._requests.source)}
            found = (_outdated(owned, elsewhere) for owned in owned_events(events, self._mark))
            return tuple(map(self._believed, found))
        except ValueError as error:  # pydantic's, too
            raise not_an_answer() from error

    def _believed(self, owned: Owned) -> Owned:
        if owned.uid not in self._doubted:
            return owned
        exceptions = tuple(replace(each, digest=_DOUBTED, edited=False) for each in owned.exceptions)
        times = "" if self._doubted[owned.uid] else owned.times
        return replace(owned, digest=_DOUBTED, times=times, edited=False, exceptions=exceptions)

    def apply(self, changes: Iterable[Change]) -> Iterator[Outcome]:
        """Carry out what is to be written and then what is to be deleted; see `ircal.sync.Remote`."""
        for outcome in self._apply(tuple(changes)):
            if isinstance(outcome.error, Conflict):
                self._listing.doubt()
            yield outcome

    def _apply(self, changes: tuple[Change, ...]) -> Iterator[Outcome]:
        afresh = partial(self.owned, afresh=True)
        writing = Writing(self._requests, self._sender, self._batch_size, afresh, self._listing.doubt)
        try:
            yield from writing.apply((change for change in changes if not isinstance(change, Delete)), self._stopping)
        finally:
            self._listing.remember(writing.written)
            if writing.doubtful:
                self._listing.doubt()
        for group in batched((change for change in changes if isinstance(change, Delete)), self._batch_size):
            if self._stopping():
                raise stopped()
            self._listing.let_go({change.owned.id for change in group})
            answers = self._sender.send_all(map(self._requests.delete, group))
            self._listing.forget({change.owned.id for change, answer in zip(group, answers, strict=True) if not answer})
            if any(isinstance(answer, Gone) for answer in answers):
                self._listing.doubt()
            yield from outcomes(zip(group, map(not_deleted, answers), strict=True))


def _outdated(owned: Owned, ids: Collection[str]) -> Owned:
    """An event of ours without the digests of what has one of these ids, so that it is written anew."""
    exceptions = tuple(
        replace(each, digest=_DOUBTED) if each.digest and each.id in ids else each for each in owned.exceptions
    )
    return replace(owned, digest=_DOUBTED if owned.id in ids else owned.digest, exceptions=exceptions)
