"""The application: every page by its address, and what holds for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.formparsers import MultiPartParser
from starlette.routing import Route

from ircal.web.api.app import PATH as API
from ircal.web.api.app import PREVIEW as API_PREVIEW
from ircal.web.api.app import create_api
from ircal.web.pages import check, conferences, coverage, person, preview, rotation, schedule, signing_in, sync
from ircal.web.pages.frame import Frame, Place
from ircal.web.pages.shield import coated, path_within

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from starlette.types import ASGIApp, Receive, Scope, Send

    from ircal.web.desk import SyncDesk
    from ircal.web.pages.source import EndedSessions, PageDoor, PageRules, PageSource
    from ircal.web.trial import Trier

_AROUND = 16 << 10
"""Bytes that a form has around its file."""


def create_pages(  # noqa: PLR0913 what there is to show and to do, each by name
    source: PageSource,
    door: PageDoor,
    rules: PageRules,
    clock: Callable[[], datetime],
    *,
    ended: EndedSessions,
    trier: Trier | None = None,
    desk: SyncDesk | None = None,
) -> ASGIApp:
    """The ASGI application of the pages. `clock` gives the present instant, with its zone.

    `ended` is where sessions are remembered that somebody has signed out of. Without a `trier` there is no preview, and
    without a `desk` nothing of Google calendars.
    """
    frame = Frame(source, door, rules, clock, ended)
    frame.places = [
        Place("Schedule", frame.path("")),
        Place("Conferences", rules.root + conferences.PATH, public=True),
        Place("Coverage", frame.path("coverage")),
        Place("Check", frame.path("check")),
        *([Place("Preview", rules.root + preview.PATH, signed_in=True)] if trier else ()),
        *([Place("Sync", rules.root + sync.PATH, signed_in=True)] if desk else ()),
    ]
    uploads = dict.fromkeys((preview.PATH, API_PREVIEW), trier.largest + _AROUND) if trier else {}
    # A sheet stays in memory, which its size bounds: where we run, nothing may be written beside the state.
    MultiPartParser.spool_max_size = max(uploads.values(), default=MultiPartParser.spool_max_size)
    app = frame.application(
        [
            Route("/assets/{name}", frame.assets.answer, methods=["GET"]),
            *signing_in.routes(frame),
            *schedule.routes(frame),
            *person.routes(frame),
            *rotation.routes(frame),
            *conferences.routes(frame),
            *coverage.routes(frame),
            *check.routes(frame, can_preview=trier is not None),
            *(preview.routes(frame, trier) if trier else ()),
            *(sync.routes(frame, desk) if desk else ()),
        ]
    )
    return coated(_Parted(app, create_api(frame, trier, desk)), uploads)


class _Parted:
    """The API below its path, pages elsewhere; whatever is in the path, also what no route of Starlette's can match."""

    def __init__(self, pages: ASGIApp, api: ASGIApp) -> None:
        self._pages = pages
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if f"{path_within(scope)}/".startswith(f"{API}/"):
            await self._api({**scope, "root_path": f"{scope.get('root_path', '')}{API}"}, receive, send)
        else:
            await self._pages(scope, receive, send)
