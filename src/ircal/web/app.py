"""The application: which addresses there are, who may read what behind them, and the headers that go with it.

    GET /feeds/<secret>.ics         the calendar that the secret opens
    GET /feeds/<calendar id>.ics    a public calendar; any, where feeds are served by id
    GET /healthz                    how we are, for machines

Everything else is the same 404, to the byte: an unknown calendar, a private one, a secret that never was and one that
was revoked cannot be told apart. A calendar program can send no password, so the address is the key: it must not leak
through caches, referrers, search engines or logs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from typing import TYPE_CHECKING, Protocol

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ircal.web.access import CALENDAR, AccessLog
from ircal.web.negotiation import accepts_gzip, has_current

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from starlette.requests import Request

    from ircal.web.resource import FeedResource

_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")
"""What a secret or an id is made of; anything else is not even looked up."""

_MAX_AGE = 300
_RETRY_AFTER = 30
_CAREFUL = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
_UNSEEN = {**_CAREFUL, "cache-control": "no-store", "x-robots-tag": "noindex"}


@dataclass(frozen=True, slots=True)
class Health:
    """How we are: whether there is a programme, how many feeds, and how many problems the newest configuration has."""

    loaded: bool
    feeds: int
    problems: int

    @property
    def status(self) -> str:
        """`ok`; `degraded` while an older programme is served than the one configured; `down` without any."""
        if not self.loaded:
            return "down"
        return "degraded" if self.problems else "ok"


class FeedSource(Protocol):
    """What is served. Both are asked for at every request, from many threads, and must not block."""

    def feed(self, calendar: str) -> FeedResource | None:
        """The feed of a calendar; None if there is no such calendar."""

    def health(self) -> Health:
        """How the source is."""


def create_app(
    feeds: FeedSource,
    calendar_of: Callable[[str], str | None],
    *,
    feeds_by_id: bool,
    clock: Callable[[], datetime],
) -> Starlette:
    """The ASGI application.

    `calendar_of` gives the calendar that a secret opens, or None; it may block, and runs in a thread. `feeds_by_id`
    serves private calendars under their id too. `clock` gives the present instant, with its zone.
    """
    pages = _Pages(feeds, calendar_of, clock, feeds_by_id=feeds_by_id)
    app = Starlette(
        routes=[Route("/feeds/{name}.ics", pages.feed), Route("/healthz", pages.health)],
        middleware=[Middleware(AccessLog)],
        exception_handlers={404: _not_found, 405: _not_found},
    )
    app.router.redirect_slashes = False  # a redirect would repeat the secret, and tell that there is something
    return app


class _Pages:
    """The endpoints, with what they are made from."""

    def __init__(
        self,
        feeds: FeedSource,
        calendar_of: Callable[[str], str | None],
        clock: Callable[[], datetime],
        *,
        feeds_by_id: bool,
    ) -> None:
        self._feeds = feeds
        self._calendar_of = calendar_of
        self._clock = clock
        self._feeds_by_id = feeds_by_id

    async def feed(self, request: Request) -> Response:
        if not self._feeds.health().loaded:  # a 404 would make clients drop the calendar
            return _later()
        name = request.path_params["name"]
        if not _NAME.fullmatch(name) or request.scope["path"] != f"/feeds/{name}.ics":  # `$` in a route lets \n pass
            return await _not_found(request)
        resource = self._by_id(name)
        open_to_all = resource is not None and resource.public
        if resource is None:
            resource = await self._by_secret(name)
        if resource is None:
            return await _not_found(request)
        setattr(request.state, CALENDAR, resource.calendar)
        return _answer(request, resource, self._clock(), open_to_all=open_to_all)

    def _by_id(self, name: str) -> FeedResource | None:
        resource = self._feeds.feed(name)
        return resource if resource and (resource.public or self._feeds_by_id) else None

    async def _by_secret(self, name: str) -> FeedResource | None:
        calendar = await run_in_threadpool(self._calendar_of, name)
        return self._feeds.feed(calendar) if calendar is not None else None

    async def health(self, request: Request) -> Response:
        if request.scope["path"] != "/healthz":
            return await _not_found(request)
        setattr(request.state, CALENDAR, "healthz")
        health = self._feeds.health()
        told = {
            "status": health.status,
            "loaded": health.loaded,
            "feeds": health.feeds,
            "problems": health.problems,
        }
        return JSONResponse(told, 200 if health.loaded else 503, _UNSEEN)


def _answer(request: Request, resource: FeedResource, now: datetime, *, open_to_all: bool) -> Response:
    """200 with the feed, or 304 with the same validators (RFC 9110, 15.4.5)."""
    modified = min(resource.last_modified, now.replace(microsecond=0))  # not in the future: RFC 9110, 8.8.2.1
    chosen = resource.gzipped if accepts_gzip(_header(request, "accept-encoding")) else resource.plain
    kept = {
        **_CAREFUL,
        "etag": chosen.etag,
        "last-modified": format_datetime(modified.astimezone(UTC), usegmt=True),
        "cache-control": f"{'public' if open_to_all else 'private'}, max-age={_MAX_AGE}, must-revalidate",
        "vary": "Accept-Encoding",
        **({} if open_to_all else {"x-robots-tag": "noindex"}),
    }
    conditions = (_header(request, "if-none-match"), _header(request, "if-modified-since"))
    if has_current(*conditions, chosen.etag, resource.last_modified):
        return Response(status_code=304, headers=kept)
    described = {
        "content-type": "text/calendar; charset=utf-8",
        "content-disposition": f'inline; filename="{resource.calendar}.ics"',
        **({"content-encoding": chosen.coding} if chosen.coding else {}),
    }
    return Response(chosen.body, headers={**kept, **described})


def _header(request: Request, name: str) -> str | None:
    """The value of a header, which may come in several lines; None if it does not come."""
    lines = request.headers.getlist(name)
    return ", ".join(lines) if lines else None


async def _not_found(_request: Request, _error: Exception | None = None) -> Response:
    return PlainTextResponse("Not found.\n", 404, _UNSEEN)


def _later() -> Response:
    return PlainTextResponse("Not ready yet.\n", 503, {**_UNSEEN, "retry-after": str(_RETRY_AFTER)})
