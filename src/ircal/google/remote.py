"""A Google calendar as a Remote: reads what is ours on it, and carries out changes.

Each change is one or two steps, because an exception needs its master and a batch has no order:

    create      insert the master (or take back our own deleted event of that id), then patch its exceptions
    update      patch the master unless only exceptions are amiss, then patch the exceptions that are not as wanted
    delete      delete the master; what is gone already is well

All masters go first, in batches, then all exceptions (`writing`), then the deletes. Writes to what exists are
conditional (If-Match), so that a change by somebody else fails with Conflict instead of being lost.

Seams: incremental reading (sync tokens) would stand in `owned`, what becomes of changes made by hand in
`ircal.plan`, pacing and a circuit breaker in `sending`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from ircal.errors import Unreachable
from ircal.google.answers import Event, Page
from ircal.google.errors import LATER, not_an_answer
from ircal.google.reading import owned_events
from ircal.google.requests import Requests
from ircal.google.sending import ATTEMPTS, BATCH_SIZE, Sender, batched
from ircal.google.writing import Writing, not_deleted, outcomes
from ircal.plan import Delete

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ircal.google.identity import Mark
    from ircal.plan import Change, Owned
    from ircal.sync import Outcome

PAGE_SIZE = 2500
"""The most that `events.list` gives at a time."""
MAX_PAGES = 200
"""More than any calendar has, though pages may be short or empty where most of its events are not ours."""


class GoogleRemote:
    """The events that bear a mark on one Google calendar.

    `service` is what `client.build_service` makes, `sleep` takes seconds, and `attempts` is how often a request is sent
    that gets no answer or is told to wait.
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
    ) -> None:
        self._events = service.events()
        self._calendar_id = calendar_id
        self._mark = mark
        self._batch_size = batch_size
        self._sender = Sender(service, sleep, batch_size, attempts)
        self._requests = Requests(self._events, calendar_id, mark)

    def owned(self) -> tuple[Owned, ...]:
        """Our events on it, read page by page. Raises RemoteError if one of the pages cannot be had."""
        try:
            return owned_events(self._listed(), self._mark)
        except ValueError as error:  # pydantic's, too
            raise not_an_answer() from error

    def _listed(self) -> Iterator[Event]:
        """Every event of the list. An answer that is no list of events must not pass for an empty calendar."""
        tokens: set[str] = set()
        request = self._events.list(
            calendarId=self._calendar_id, privateExtendedProperty=self._mark.filter, maxResults=PAGE_SIZE
        )
        while request is not None:
            answer = self._sender.send(request, "calendar")
            page = Page.model_validate(answer)
            yield from page.events
            if page.next_page_token in tokens or len(tokens) >= MAX_PAGES:
                raise Unreachable(f"The list of events goes on without end ({len(tokens) + 1} pages).", LATER)
            tokens.add(page.next_page_token)
            request = self._events.list_next(request, answer)

    def apply(self, changes: Iterable[Change]) -> Iterator[Outcome]:
        """Carry out what is to be written and then what is to be deleted; see `ircal.sync.Remote`."""
        changes = tuple(changes)
        writing = Writing(self._requests, self._sender, self._batch_size, self.owned)
        yield from writing.apply(change for change in changes if not isinstance(change, Delete))
        for group in batched((change for change in changes if isinstance(change, Delete)), self._batch_size):
            answers = self._sender.send_all(map(self._requests.delete, group))
            yield from outcomes(zip(group, map(not_deleted, answers), strict=True))
