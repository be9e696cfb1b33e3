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
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ircal.errors import RemoteError, Unreachable
from ircal.google.answers import Event, Page
from ircal.google.errors import LATER, WHOLE_CALENDAR, AlreadyThere, Gone, not_an_answer
from ircal.google.identity import UID, instance_id
from ircal.google.reading import owned_events
from ircal.google.sending import ATTEMPTS, BATCH_SIZE, Sender, batched
from ircal.google.wire import exception_body, insert_body, master_body
from ircal.model.series import digest_of
from ircal.plan import Create, Delete, Update, repairs
from ircal.sync import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ircal.google.gate import Gate
    from ircal.google.identity import Mark
    from ircal.google.sending import Answer, Request
    from ircal.plan import Change, Owned, OwnedException, Repair

PAGE_SIZE = 2500
"""The most that `events.list` gives at a time."""
MAX_PAGES = 200
"""More than any calendar has, though pages may be short or empty where most of its events are not ours."""


class GoogleRemote:
    """The events that bear a mark on one Google calendar.

    `service` is what `client.build_service` makes, `sleep` takes seconds, `attempts` is how often a request is sent
    that gets no answer or is told to wait, and every request passes the `gate`.
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
    ) -> None:
        self._events = service.events()
        self._calendar_id = calendar_id
        self._mark = mark
        self._batch_size = batch_size
        self._sender = Sender(service, sleep, batch_size, attempts, gate)
        self._doubted: Mapping[str, bool] = {}

    def doubt(self, uids: Mapping[str, bool]) -> None:
        """Believe no digest of these UIDs from now on, so that a plan writes all of them anew.

        With each UID, whether when it takes place is doubted too, or only what it says.
        """
        self._doubted = dict(uids)

    def owned(self) -> tuple[Owned, ...]:
        """Our events on it, read page by page. Raises RemoteError if one of the pages cannot be had."""
        try:
            return tuple(map(self._believed, owned_events(self._listed(), self._mark)))
        except ValueError as error:  # pydantic's, too
            raise not_an_answer() from error

    def _believed(self, owned: Owned) -> Owned:
        if owned.uid not in self._doubted:
            return owned
        exceptions = tuple(replace(each, digest="") for each in owned.exceptions)
        times = "" if self._doubted[owned.uid] else owned.times
        return replace(owned, digest="", times=times, exceptions=exceptions)

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
        """Carry out changes in their order, a group at a time; see `ircal.sync.Remote`."""
        for kind, alike in groupby(changes, type):
            for group in batched(alike, self._batch_size):
                yield from self._delete(group) if kind is Delete else self._write(group)

    # ------------------------------------------------------------------------------------------------------ the changes

    def _delete(self, group: Iterable[Change]) -> Iterator[Outcome]:
        deletes = [change for change in group if isinstance(change, Delete)]
        requests = [self._if_match(self._events.delete, each.owned.id, each.owned.etag) for each in deletes]
        yield from _outcomes(zip(deletes, map(_not_deleted, self._sender.send_all(requests)), strict=True))

    def _write(self, group: Iterable[Change]) -> Iterator[Outcome]:
        writes = [_Write(change, self._event_id(change)) for change in group if not isinstance(change, Delete)]
        self._write_masters([write for write in writes if not write.master_is_well])
        self._take_back([write for write in writes if isinstance(write.error, AlreadyThere)])
        self._write_exceptions([write for write in writes if not write.error])
        yield from _outcomes((write.change, write.error) for write in writes)

    def _write_masters(self, writes: Sequence[_Write]) -> None:
        answers = self._sender.send_all(self._master_request(write.change) for write in writes)
        for write, answer in zip(writes, answers, strict=True):
            write.note(_not_written(answer))

    def _take_back(self, writes: Sequence[_Write]) -> None:
        """Of the new events whose id is taken, restore those that are ours; the others stay as they are."""
        answers = self._sender.send_all(self._event(self._events.get, write.event_id) for write in writes)
        found: list[tuple[_Write, Request]] = []
        for write, answer in zip(writes, answers, strict=True):
            there = _event(answer)
            write.error = there if isinstance(there, RemoteError) else self._not_ours(there, write.change.uid)
            if isinstance(there, Event) and not write.error:
                body = master_body(write.change.series, self._mark)
                found.append((write, self._if_match(self._events.patch, write.event_id, there.etag, body=body)))
        for (write, _), answer in zip(found, self._sender.send_all(request for _, request in found), strict=True):
            write.restored = True
            write.note(_not_written(answer))

    def _not_ours(self, there: Event, uid: str) -> RemoteError | None:
        # Of a deleted event Google promises no more than its id; that id is a hash which nobody else comes upon.
        if there.cancelled or (self._mark.is_on(there.private) and there.private.get(UID) == uid):
            return None
        return RemoteError(
            f"The id {there.id} belongs to an event that ircal did not make.", "Remove that event by hand."
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
            write.note(_not_written(answer) if repair.override else _not_deleted(answer))

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


def _event(answer: Answer) -> Event | RemoteError:
    """The event that an answer holds."""
    if isinstance(answer, RemoteError):
        return answer
    try:
        return Event.model_validate(answer)
    except ValueError:
        return not_an_answer()


def _not_written(answer: Answer) -> RemoteError | None:
    """Why an event is not known to be written: what was written is in the answer."""
    found = _event(answer)
    return found if isinstance(found, RemoteError) else None


def _not_deleted(answer: Answer) -> RemoteError | None:
    """Why an event is not known to be away: the answer to a deletion is empty, and what was gone already is well."""
    if isinstance(answer, RemoteError):
        return None if isinstance(answer, Gone) else answer
    return not_an_answer() if answer else None


@dataclass
class _Write:
    """A Create or Update under way, and the first thing that went wrong with it."""

    change: Create | Update
    event_id: str
    error: RemoteError | None = None
    restored: bool = False

    def note(self, error: RemoteError | None) -> None:
        """Take in what went wrong with one of its requests, if anything did."""
        self.error = self.error or error

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
