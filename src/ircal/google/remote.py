"""A Google calendar as a Remote: reads what is ours on it, and carries out changes.

Each change is one or two steps, because an exception needs its master and a batch has no order:

    create      insert the master (or take back our own deleted event of that id), then patch its exceptions
    update      patch the master unless only exceptions are amiss, then patch the exceptions that are not as wanted
    delete      delete the master; what is gone already is well

Changes of one kind go in groups of a batch's size, first all masters, then all exceptions. After a master with
exceptions was written they are read again: Google keeps some of them and drops others, by rules of its own. Writes to
what exists are conditional (If-Match), so that a change by somebody else fails with Conflict instead of being lost.

Seams: incremental reading (sync tokens) would stand in `owned`, what becomes of changes made by hand in
`ircal.plan`, pacing and a circuit breaker in `sending`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ircal.errors import RemoteError
from ircal.google.errors import WHOLE_CALENDAR, AlreadyThere, Gone, not_an_answer
from ircal.google.identity import UID, instance_id, private
from ircal.google.reading import owned_events
from ircal.google.sending import ATTEMPTS, BATCH_SIZE, Sender, batched
from ircal.google.wire import exception_body, insert_body, master_body
from ircal.model.series import digest_of
from ircal.plan import Create, Delete, Update, repairs
from ircal.sync import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ircal.google.identity import Mark
    from ircal.google.sending import Answer, Request
    from ircal.plan import Change, Owned, OwnedException, Repair

PAGE_SIZE = 2500
"""The most that `events.list` gives at a time."""


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

    def owned(self) -> tuple[Owned, ...]:
        """Our events on it, read page by page. Raises RemoteError if one of the pages cannot be had."""
        items: list[dict[str, Any]] = []
        request = self._events.list(
            calendarId=self._calendar_id, privateExtendedProperty=self._mark.filter, maxResults=PAGE_SIZE
        )
        while request is not None:
            page = self._sender.send(request, "calendar")
            items += _items(page)
            request = self._events.list_next(request, page)
        return owned_events(items, self._mark)

    def apply(self, changes: Iterable[Change]) -> Iterator[Outcome]:
        """Carry out changes in their order, a group at a time; see `ircal.sync.Remote`."""
        for kind, alike in groupby(changes, type):
            for group in batched(alike, self._batch_size):
                yield from self._delete(group) if kind is Delete else self._write(group)

    # ------------------------------------------------------------------------------------------------------ the changes

    def _delete(self, group: Iterable[Change]) -> Iterator[Outcome]:
        deletes = [change for change in group if isinstance(change, Delete)]
        requests = [self._if_match(self._events.delete, each.owned.id, each.owned.etag) for each in deletes]
        answers = self._sender.send_all(requests)
        errors = (
            answer if isinstance(answer, RemoteError) and not isinstance(answer, Gone) else None for answer in answers
        )
        yield from _outcomes(zip(deletes, errors, strict=True))

    def _write(self, group: Iterable[Change]) -> Iterator[Outcome]:
        writes = [_Write(change, self._event_id(change)) for change in group if not isinstance(change, Delete)]
        self._write_masters([write for write in writes if not write.master_is_well])
        self._take_back([write for write in writes if isinstance(write.error, AlreadyThere)])
        self._write_exceptions([write for write in writes if not write.error])
        yield from _outcomes((write.change, write.error) for write in writes)

    def _write_masters(self, writes: Sequence[_Write]) -> None:
        answers = self._sender.send_all(self._master_request(write.change) for write in writes)
        for write, answer in zip(writes, answers, strict=True):
            write.note(answer)

    def _take_back(self, writes: Sequence[_Write]) -> None:
        """Of the new events whose id is taken, restore those that are ours; the others stay as they are."""
        answers = self._sender.send_all(self._event(self._events.get, write.event_id) for write in writes)
        found: list[tuple[_Write, Request]] = []
        for write, answer in zip(writes, answers, strict=True):
            write.error = self._not_ours(answer, write.change.uid)
            if not write.error and isinstance(answer, dict):
                body = master_body(write.change.series, self._mark)
                found.append(
                    (write, self._if_match(self._events.patch, write.event_id, answer.get("etag", ""), body=body))
                )
        for (write, _), answer in zip(found, self._sender.send_all(request for _, request in found), strict=True):
            write.restored = True
            write.note(answer)

    def _not_ours(self, answer: Answer, uid: str) -> RemoteError | None:
        if isinstance(answer, RemoteError):
            return answer
        # Of a deleted event Google promises no more than its id; that id is a hash which nobody else comes upon.
        if answer.get("status") == "cancelled" or (self._mark.is_on(answer) and private(answer).get(UID) == uid):
            return None
        return RemoteError(
            f"The id {answer['id']} belongs to an event that ircal did not make.", "Remove that event by hand."
        )

    def _write_exceptions(self, writes: Sequence[_Write]) -> None:
        known = {write.event_id: write.exceptions for write in writes} | self._read_again(writes)
        todo = [
            (write, repair)
            for write in writes
            if not write.error
            for repair in repairs(write.change.series, known[write.event_id])
        ]
        answers = self._sender.send_all(self._exception_request(write.event_id, repair) for write, repair in todo)
        for (write, repair), answer in zip(todo, answers, strict=True):
            if repair.override or not isinstance(answer, Gone):
                write.note(answer)

    def _read_again(self, writes: Sequence[_Write]) -> dict[str, tuple[OwnedException, ...]]:
        """The exceptions of the masters whose writing may have changed them, as they are now."""
        disturbed = {write.event_id: write for write in writes if write.disturbs_exceptions}
        try:
            now = self.owned() if disturbed else ()
        except RemoteError as error:
            for write in disturbed.values():
                write.note(error)
            return {}
        return {owned.id: owned.exceptions for owned in now if owned.id in disturbed}

    # ----------------------------------------------------------------------------------------------------- the requests

    def _event_id(self, change: Create | Update) -> str:
        return change.owned.id if isinstance(change, Update) else self._mark.event_id(change.uid)

    def _master_request(self, change: Create | Update) -> Request:
        if isinstance(change, Create):
            return self._events.insert(calendarId=self._calendar_id, body=insert_body(change.series, self._mark))
        body = master_body(change.series, self._mark)
        return self._if_match(self._events.patch, change.owned.id, change.owned.etag, body=body)

    def _exception_request(self, master_id: str, repair: Repair) -> Request:
        event_id = instance_id(master_id, repair.original)
        etag = repair.known.etag if repair.known else ""
        if repair.override is None:
            return self._if_match(self._events.delete, event_id, etag)
        body = exception_body(repair.override, digest_of(repair.override), self._mark)
        return self._if_match(self._events.patch, event_id, etag, body=body)

    def _event(self, method: Callable[..., Request], event_id: str, **more: Any) -> Request:
        return method(calendarId=self._calendar_id, eventId=event_id, **more)

    def _if_match(self, method: Callable[..., Request], event_id: str, etag: str, **more: Any) -> Request:
        request = self._event(method, event_id, **more)
        if etag:
            request.headers["If-Match"] = etag
        return request


def _items(page: dict[str, Any]) -> list[dict[str, Any]]:
    """The events of a page. An answer that is no list of events must not pass for an empty calendar."""
    items = page.get("items", [] if page.get("kind") == "calendar#events" else None)
    if not isinstance(items, list):
        raise not_an_answer()
    return items


@dataclass
class _Write:
    """A Create or Update under way, and the first thing that went wrong with it."""

    change: Create | Update
    event_id: str
    error: RemoteError | None = None
    restored: bool = False

    def note(self, answer: Answer) -> None:
        """Take in the answer to one of its requests."""
        if isinstance(answer, RemoteError):
            self.error = self.error or answer

    @property
    def exceptions(self) -> tuple[OwnedException, ...]:
        """Those that were there when the plan was made."""
        return self.change.owned.exceptions if isinstance(self.change, Update) else ()

    @property
    def master_is_well(self) -> bool:
        """Whether only exceptions are amiss."""
        return isinstance(self.change, Update) and self.change.owned.digest == self.change.series.digest

    @property
    def disturbs_exceptions(self) -> bool:
        """Whether its master was written, and there may be exceptions that felt it."""
        if self.restored:
            return bool(self.change.series.rrule)
        return bool(self.exceptions) and not self.master_is_well


def _outcomes(results: Iterable[tuple[Change, RemoteError | None]]) -> Iterator[Outcome]:
    """An outcome for each change; an error that concerns the whole calendar is raised at the end instead."""
    stopped: RemoteError | None = None
    for change, error in results:
        if isinstance(error, WHOLE_CALENDAR):
            stopped = stopped or error
        else:
            yield Outcome(change, error)
    if stopped:
        raise stopped
