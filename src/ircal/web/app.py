"""The application: which addresses there are, and what is the same for all of them.

    GET /feeds/<secret>.ics         the calendar that the secret opens
    GET /feeds/<calendar id>.ics    a public calendar; any, where feeds are served by id
    GET /public/<calendar id>.ics   a public calendar
    GET .../<programme>/<id>.ics    the same of one programme, where there are several
    GET /healthz                    how we are, for machines
    GET /readyz, /metrics           whether all is well, and in figures (`ircal.web.machines`)
    POST /hooks/...                 what others tell us (`ircal.web.hooks`), where there are any
    everything else                 the pages (`ircal.web.pages`), where there are any

What is no feed is the same 404, to the byte. It is plain ASGI: phones ask very often, always for one of two kinds of
address, and a framework's routing and response objects would cost as much as all the rest. The pages have both.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from ircal.tracing import span
from ircal.web.access import AccessLog, log_fault
from ircal.web.answers import BROKEN, NOT_FOUND, Answer
from ircal.web.feeds import PublicFeeds, SecretFeeds
from ircal.web.health import health_answer
from ircal.web.limiter import WrongTries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from starlette.types import ASGIApp, Receive, Scope, Send

    from ircal.web.feeds import Door, FeedPage, FeedSource
    from ircal.web.hooks import Hook
    from ircal.web.machines import Machine

_SUFFIX = ".ics"


def create_app(  # noqa: PLR0913 what serving feeds takes, each by name
    feeds: FeedSource,
    door: Door,
    *,
    feeds_by_id: bool,
    clock: Callable[[], datetime],
    wrong_per_minute: int,
    hooks: Mapping[str, Hook] | None = None,
    machines: Mapping[str, Machine] | None = None,
    pages: ASGIApp | None = None,
    answered: Callable[[str, int], None] = lambda _about, _status: None,
) -> ASGIApp:
    """The ASGI application.

    `feeds_by_id` serves private calendars under their id too. `clock` gives the present instant, with its zone.
    `wrong_per_minute` is how many addresses that open nothing one place may try. `hooks` are what answers a POST, by
    path, looked up at each, and `machines` what answers other programs' GET. `pages` answers the rest. `answered` is
    told the calendar, or what else it was about, and the status of each answer but those of the pages.
    """
    wrong = WrongTries(wrong_per_minute)
    folders = {
        "/feeds/": SecretFeeds(feeds, door, wrong, clock, by_id=feeds_by_id),
        "/public/": PublicFeeds(feeds, clock),
    }
    return _App(feeds, _Addresses(folders, {} if hooks is None else hooks, machines or {}), pages, answered)


class _Addresses(NamedTuple):
    """What is answered here: folders of feeds, and single addresses by their path."""

    folders: Mapping[str, FeedPage]
    hooks: Mapping[str, Hook]
    machines: Mapping[str, Machine]


class _App:
    def __init__(
        self, feeds: FeedSource, addresses: _Addresses, pages: ASGIApp | None, answered: Callable[[str, int], None]
    ) -> None:
        self._feeds = feeds
        self._folders, self._hooks, self._machines = addresses
        self._pages = pages
        self._answered = answered
        self._ours = (*self._folders, "/hooks/")
        self._single = {"/healthz", *self._machines}
        self._log = AccessLog()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._pages and not self._is_ours(scope["path"]):
            await self._pages(scope, receive, send)
            return
        began = time.perf_counter()
        with span("ircal.answer", method=scope["method"]) as facts:
            try:
                answer = await self._answer(scope, receive)
            except Exception:  # noqa: BLE001 whatever broke, the client is told so plainly, and it is logged here
                log_fault(scope)
                answer = BROKEN
            facts.tell(about=answer.about, status=answer.status)
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body})  # to a HEAD, the server sends none
        self._log.tell(scope["method"], answer, time.perf_counter() - began)
        self._answered(answer.about, answer.status)

    def _is_ours(self, path: str) -> bool:
        """Whether it is an address of a feed or a hook, right or wrong, or one for machines."""
        return path.startswith(self._ours) or path in self._single

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        path: str = scope["path"]
        if scope["method"] == "POST" and path in self._hooks:
            return await self._hooks[path].answer(scope, receive)
        if scope["method"] not in {"GET", "HEAD"}:
            return NOT_FOUND
        for folder, page in self._folders.items():
            if path.startswith(folder) and path.endswith(_SUFFIX):
                return await page.answer(scope, path[len(folder) :].removesuffix(_SUFFIX))
        if path in self._machines:
            return await self._machines[path].answer(scope)
        return health_answer(self._feeds.health()) if path == "/healthz" else NOT_FOUND
