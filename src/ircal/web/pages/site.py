"""The application: every page by its address, and what holds for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from ircal.web.pages import schedule, signing_in
from ircal.web.pages.frame import Frame, Place
from ircal.web.pages.shield import Shield

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from starlette.types import ASGIApp

    from ircal.web.pages.source import PageDoor, PageRules, PageSource

_SMALL = 500
_LEVEL = 6


def create_pages(source: PageSource, door: PageDoor, rules: PageRules, clock: Callable[[], datetime]) -> ASGIApp:
    """The ASGI application of the pages. `clock` gives the present instant, with its zone."""
    frame = Frame(source, door, rules, clock)
    frame.places = [Place("Schedule", "/")]
    uploads: dict[str, int] = {}
    app = Starlette(
        routes=[
            Route("/assets/{name}", frame.assets.answer, methods=["GET"]),
            *signing_in.routes(frame),
            *schedule.routes(frame),
        ],
        middleware=[Middleware(GZipMiddleware, minimum_size=_SMALL, compresslevel=_LEVEL)],
        exception_handlers={HTTPException: frame.error, Exception: frame.error},
    )
    app.router.redirect_slashes = False
    return Shield(app, uploads)
