"""The requests about our events on one calendar, ready to be sent. Writes to what is known to exist are conditional."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ircal.google.identity import instance_id
from ircal.google.source import with_source
from ircal.google.wire import exception_body, insert_body, master_body, shown_body, without_nulls
from ircal.model.series import digest_of
from ircal.plan import Create, Update

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.google.identity import Mark
    from ircal.google.sending import Request
    from ircal.google.source import Source
    from ircal.google.wire import Body
    from ircal.model.series import Series
    from ircal.plan import Delete, Repair


class Requests:
    """`events` is that part of Google's client; `source` is what our events say that they come from."""

    def __init__(self, events: Any, calendar_id: str, mark: Mark, source: Source | None = None) -> None:
        self._events = events
        self._calendar_id = calendar_id
        self.mark = mark
        self.source = source
        self.some_have_source = False
        """Whether there are events that may have one; where none has, and none is to, nothing is said of it."""

    def event_id(self, change: Create | Update) -> str:
        """The id of the event that a change is about."""
        return change.owned.id if isinstance(change, Update) else self.mark.event_id(change.uid)

    def get(self, event_id: str) -> Request:
        """Read one event."""
        return self._about(self._events.get, event_id)

    def master(self, change: Create | Update) -> Request:
        """Insert a master or a single event, or bring the one that is known up to date."""
        if isinstance(change, Create):
            body = without_nulls(self._sourced(insert_body(change.series, self.mark)))
            return self._events.insert(calendarId=self._calendar_id, body=body)
        return self.rewrite(change.owned.id, change.owned.etag, change.series)

    def rewrite(self, event_id: str, etag: str, series: Series) -> Request:
        """Make what is there say what the Series says, deleted or not."""
        return self._about(self._events.patch, event_id, etag, body=self._sourced(master_body(series, self.mark)))

    def exception(self, master_id: str, repair: Repair) -> Request:
        """Make one instance of a master what it should be, or take it away."""
        event_id = instance_id(master_id, repair.original)
        etag = repair.known.etag if repair.known else ""
        if repair.override is None:
            return self._about(self._events.delete, event_id, etag)
        body = exception_body(repair.override, digest_of(repair.override), self.mark)
        return self._about(self._events.patch, event_id, etag, body=self._sourced(body))

    def accept(self, event_id: str, etag: str, appearance: str) -> Request:
        """Let what is shown there pass for what we wrote."""
        return self._about(self._events.patch, event_id, etag, body=shown_body(appearance))

    def delete(self, change: Delete) -> Request:
        """Take an event away."""
        return self._about(self._events.delete, change.owned.id, change.owned.etag)

    def _sourced(self, body: Body) -> Body:
        return with_source(body, self.source) if self.source or self.some_have_source else body

    def _about(self, method: Callable[..., Request], event_id: str, etag: str = "", **more: Any) -> Request:
        request = method(calendarId=self._calendar_id, eventId=event_id, **more)
        if etag:
            request.headers["If-Match"] = etag
        return request
