"""The frame of every page: the template around it, who looks at it, what they may see, and how errors are told.

A page is a function of a request and of what the `Frame` gives it. Reading takes a coordinator, or a place where the
pages are open to all; writing always takes a coordinator, and a form that was loaded from us.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ircal.errors import StoreError
from ircal.views.checked import by_file
from ircal.web.limiter import WrongTries
from ircal.web.pages.assets import Assets
from ircal.web.pages.session import FORM_FIELD, Sessions, Viewer
from ircal.web.pages.words import FILTERS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from ircal.views import Ground
    from ircal.web.pages.source import EndedSessions, PageDoor, PageRules, PageSource

    Page = Callable[[Request], Response]

READING_SECONDS = 60
"""For how long a form, with what is uploaded, may be on its way."""

_RETRY_AFTER = 30
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation; `signed_in` where only coordinators see it, `public` where everybody does."""

    title: str
    path: str
    signed_in: bool = False
    public: bool = False


class Frame:
    """What every page is made with. `clock` gives the present instant, with its zone."""

    def __init__(
        self,
        source: PageSource,
        door: PageDoor,
        rules: PageRules,
        clock: Callable[[], datetime],
        ended: EndedSessions,
    ) -> None:
        self.source = source
        self.door = door
        self.rules = rules
        self.clock = clock
        self.assets = Assets(rules.root)
        self.sessions = Sessions(rules, ended)
        self.wrong_links = WrongTries(rules.wrong_per_minute)
        self.places: list[Place] = []
        self._templates = Environment(
            loader=PackageLoader("ircal.web.pages"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.filters.update(FILTERS)
        self._templates.globals["root"] = rules.root

    # ------------------------------------------------------------------------------------------------- what is shown
    def ground(self) -> Ground:
        """What is in force. Raises HTTPException with 503 while there is nothing."""
        ground = self.source.ground()
        if ground is None:
            raise HTTPException(503, headers={"retry-after": str(_RETRY_AFTER)})
        return ground

    def path(self, *parts: str) -> str:
        """The path of a page of ours, of parts, each safe in an address; of the first page, of an empty one."""
        return self.rules.root + path_of(*parts)

    def today(self, ground: Ground) -> date:
        """Today in the programme's time zone."""
        return self.clock().astimezone(ground.zone).date()

    def page(self, request: Request, template: str, status: int = 200, **told: Any) -> HTMLResponse:
        """A page of a template, which gets what is told, and what `_around` adds."""
        request.scope["ircal.about"] = template.removesuffix(".html")
        visit = "" if self.viewer(request).session else self.sessions.visit(request)
        around = self._around(request, visit)
        body = self._templates.get_template(template).render({**around, **told})
        response = HTMLResponse(body, status)
        if visit and around["form_token"].used:
            self.sessions.keep_visit(response, visit)
        return response

    def _around(self, request: Request, visit: str) -> dict[str, Any]:
        viewer = self.viewer(request)
        ground = self.source.ground()
        reads = self.may_read(viewer)
        return {
            "viewer": viewer,
            "reads": reads,
            "program_name": ground.program.settings.name if ground else "ircal",
            "is_ready": ground is not None,
            "zone_name": _in_words(ground.zone) if ground else "",
            "problems": self.source.problems if viewer.signed_in else (),
            "places": self._places(viewer, reads=reads),
            "here": request.url.path,
            "asset": self.assets.address,
            "form_token": _FormToken(lambda: self.sessions.form_token(viewer, visit)),
            "can_sign_in": bool(self.rules.password_hash),
        }

    def _places(self, viewer: Viewer, *, reads: bool) -> list[Place]:
        """The navigation of somebody."""
        if not reads:
            return [Place("Calendars", self.path("")), *(each for each in self.places if each.public)]
        return [each for each in self.places if viewer.signed_in or not each.signed_in]

    # ---------------------------------------------------------------------------------------------- who may see what
    def viewer(self, request: Request) -> Viewer:
        """Who asks; found out once for a request. Raises StoreError, and takes them for a stranger from then on."""
        if not hasattr(request.state, "viewer"):
            request.state.viewer = Viewer()
            request.state.viewer = self.sessions.viewer(request)
        found: Viewer = request.state.viewer
        return found

    def may_read(self, viewer: Viewer) -> bool:
        """Whether they may see the pages."""
        return viewer.signed_in or self.rules.open_to_all

    def for_readers(self, page: Page) -> Page:
        """A page for those who may read; others are asked to sign in, whatever they asked for."""

        @wraps(page)
        def shown(request: Request) -> Response:
            return page(request) if self.may_read(self.viewer(request)) else self.to_sign_in(request)

        return shown

    def for_coordinators(self, page: Page) -> Page:
        """A page for coordinators; others are asked to sign in."""

        @wraps(page)
        def shown(request: Request) -> Response:
            return page(request) if self.viewer(request).signed_in else self.to_sign_in(request)

        return shown

    def to_sign_in(self, request: Request) -> Response:
        """To the sign-in, and back here afterwards."""
        request.scope["ircal.about"] = "sign-in"
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{self.path('sign-in')}?{urlencode({'next': request.url.path + query})}", 303)

    async def form(self, request: Request) -> FormData:
        """What a form of ours says. Raises HTTPException with 403 for one that is not ours, or too old."""
        await run_in_threadpool(self.viewer, request)
        try:
            async with asyncio.timeout(READING_SECONDS):
                form = await request.form(max_files=1, max_fields=50)
        except TimeoutError:
            raise HTTPException(408, "It took too long to arrive. Nothing was changed.") from None
        if not self.sessions.is_own_form(request, form.get(FORM_FIELD)):
            await form.close()
            raise HTTPException(403, "This form is too old, or was not sent from this site. Nothing was changed.")
        return form

    async def written(self, request: Request) -> FormData:
        """What a coordinator's form says. Raises HTTPException with 403 for anybody else's, as `form` does."""
        if not (await run_in_threadpool(self.viewer, request)).signed_in:
            raise HTTPException(403, "You are not signed in, or no more. Nothing was changed.")
        return await self.form(request)

    def wrong_link(self, request: Request) -> HTTPException:
        """What to raise for a link that opens nothing: the same 404 each time, until there are many."""
        if seconds := self.wrong_links.count(self.client(request)):
            return HTTPException(429, "Try again in a minute.", headers={"retry-after": str(seconds)})
        return HTTPException(404)

    def client(self, request: Request) -> str:
        """Where a request comes from."""
        return request.client.host if request.client else ""

    def application(self, routes: Sequence[BaseRoute]) -> Starlette:
        """The application of some pages, which tells people what went wrong."""
        told = dict.fromkeys((HTTPException, StoreError, Exception), self.error)
        app = Starlette(routes=routes, exception_handlers=told)
        app.router.redirect_slashes = False
        return app

    # ------------------------------------------------------------------------------------------------- what went wrong
    def error(self, request: Request, error: Exception) -> Response:
        """A page that says what went wrong, to people."""
        status, told = _told(error)
        usual = HTTPStatus(status).phrase
        headers = getattr(error, "headers", None)
        try:
            title, text = _TITLES.get(status, usual), "" if told == usual else told
            response = self.page(request, "error.html", status, title=title, text=text, by_file=by_file)
        except Exception:  # noqa: BLE001 the page of an error must not fail: what broke it has been told already
            response = HTMLResponse(f"<!doctype html><title>{usual}</title><p>{usual}</p>", status)
        response.headers.update(headers or {})
        request.scope["ircal.about"] = "error"
        return response


def _told(error: Exception) -> tuple[int, str]:
    """The status, and the sentence that people are told; of a fault of ours, none."""
    if isinstance(error, HTTPException):
        return error.status_code, error.detail
    return (503, f"{error.message} {error.remedy}".strip()) if isinstance(error, StoreError) else (500, "")


def _in_words(zone: ZoneInfo) -> str:
    """`New York (America)`: what people call it first."""
    area, _, city = zone.key.rpartition("/")
    return f"{city} ({area})".replace("_", " ") if area else zone.key


class _FormToken:
    """Made when a template asks for it; whether one did decides about the cookie that goes with it."""

    def __init__(self, make: Callable[[], str]) -> None:
        self._make = make
        self.used = False

    def __str__(self) -> str:
        self.used = True
        return self._make()


_TITLES = {
    400: "This cannot be understood",
    403: "This is not allowed",
    404: "There is no such page",
    408: "That took too long",
    405: "This cannot be done here",
    413: "This is too large",
    429: "Too many tries",
    500: "Something went wrong here",
    503: "Not ready yet",
}


def path_of(*parts: str) -> str:
    """A path of parts, each safe in an address."""
    return "/" + "/".join(quote(part, safe="") for part in parts)
