"""Google's own client, pointed at a sandbox, and a few short words for what the tests ask of it."""

from __future__ import annotations

import json
from collections import ChainMap
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httplib2
import pytest
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.errors import HttpError

if TYPE_CHECKING:
    from ircal.google.sandbox import SandboxServer

NEW_YORK = "America/New_York"
ZURICH = "Europe/Zurich"


class Clock:
    """A clock that moves a second each time somebody looks."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


def service_at(url: str, credentials: Any = None) -> Any:
    """The calendar service whose every call, batches too, goes to `url`; close it, or use it in a `with`."""
    document = json.loads(get_static_doc("calendar", "v3")) | {"rootUrl": url}
    if credentials:
        return build_from_document(document, credentials=credentials)
    return build_from_document(document, http=httplib2.Http(timeout=10))


def fetch(url: str, method: str = "GET", **arguments: Any) -> tuple[Any, bytes]:
    """One bare request: the response's headers, with its status among them, and its body."""
    with closing(httplib2.Http(timeout=10)) as http:
        response, content = http.request(url, method, **arguments)
        return response, content


class Desk:
    """One calendar of a sandbox, and the client to work on it."""

    def __init__(self, server: SandboxServer, service: Any, calendar_id: str) -> None:
        self.server = server
        self.service = service
        self.calendar_id = calendar_id
        self.events = service.events()

    def call(self, verb: str, if_match: str = "", if_none_match: str = "", **arguments: Any) -> Any:
        """Carry out a verb of `events`, and return what it returns."""
        return self.request(verb, if_match, if_none_match, **arguments).execute()

    def request(self, verb: str, if_match: str = "", if_none_match: str = "", **arguments: Any) -> Any:
        """The request itself, for batches and refusals."""
        request = getattr(self.events, verb)(calendarId=self.calendar_id, **arguments)
        if if_match:
            request.headers["If-Match"] = if_match
        if if_none_match:
            request.headers["If-None-Match"] = if_none_match
        return request

    def insert(self, *layers: dict[str, Any], **fields: Any) -> Any:
        """Insert a timed event, with what the test cares about on top."""
        return self.call("insert", body=dict(ChainMap(fields, *layers, timed())))

    def get(self, event_id: str) -> Any:
        return self.call("get", eventId=event_id)

    def patch(self, event_id: str, **fields: Any) -> Any:
        return self.call("patch", eventId=event_id, body=fields)

    def delete(self, event_id: str) -> None:
        self.call("delete", eventId=event_id)

    def page(self, **arguments: Any) -> Any:
        return self.call("list", **arguments)

    def listed(self, **arguments: Any) -> list[Any]:
        """The events of all pages."""
        items, request = [], self.request("list", **arguments)
        while request is not None:
            page = request.execute()
            items += page["items"]
            request = self.events.list_next(request, page)
        return items

    def ids(self, **arguments: Any) -> list[str]:
        return [event["id"] for event in self.listed(**arguments)]

    def refused(self, verb: str, **arguments: Any) -> tuple[int, str]:
        return refused(self.request(verb, **arguments))


def refusal(request: Any) -> tuple[int, str, str]:
    """The status, reason and message with which a request is refused."""
    with pytest.raises(HttpError) as caught:
        request.execute()
    body = json.loads(caught.value.content)["error"]
    assert body["code"] == caught.value.status_code
    return body["code"], body["errors"][0]["reason"], body["message"]


def refused(request: Any) -> tuple[int, str]:
    """The same without its wording."""
    return refusal(request)[:2]


def timed(start: str = "2026-01-05T10:00:00", end: str = "2026-01-05T11:00:00", zone: str = NEW_YORK) -> dict[str, Any]:
    return {"start": {"dateTime": start, "timeZone": zone}, "end": {"dateTime": end, "timeZone": zone}}


def all_day(start: str, end: str) -> dict[str, Any]:
    return {"start": {"date": start}, "end": {"date": end}}


def weekly(count: int = 3) -> dict[str, Any]:
    """Mondays at ten in New York: 5, 12, 19 January 2026, and so on."""
    return {**timed(), "recurrence": [f"RRULE:FREQ=WEEKLY;COUNT={count}"]}
