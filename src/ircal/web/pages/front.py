"""The front of a place with several programmes: which there are, and the way to the pages of each.

/                         the programmes
/programmes/<name>/...    all pages and the API of one, as where there is one alone
/my/<secret>              on to the pages of the programme whose link it is
/sign-in, /sign-out       for all of them
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ircal.web.pages import signing_in
from ircal.web.pages.frame import Frame
from ircal.web.pages.shield import coated
from ircal.web.pages.source import programme_in, root_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from ircal.errors import Problem
    from ircal.views import Ground
    from ircal.web.pages.source import EndedSessions, PageDoor, PageRules


class Listed(NamedTuple):
    """A programme: the name of its folder, what it is called, and how many problems its newest configuration has."""

    name: str
    title: str
    problems: int

    @property
    def root(self) -> str:
        """What the paths of its pages begin with."""
        return root_of(self.name)


class Programmes(Protocol):
    """The programmes that there are."""

    def listed(self) -> Sequence[Listed]:
        """All of them, by name."""

    def pages(self, name: str) -> ASGIApp | None:
        """The pages of one; None if there is none by that name. May block, and raises nothing."""

    def opened_by(self, secret: str) -> str | None:
        """The programme whose link a secret is; None if it opens nothing. May block for a moment."""


def create_front(
    programmes: Programmes, door: PageDoor, rules: PageRules, clock: Callable[[], datetime], *, ended: EndedSessions
) -> ASGIApp:
    """The ASGI application of the front, with the pages of all programmes behind it."""
    frame = Frame(_Several(), door, rules, clock, ended)
    page = FrontPage(frame, programmes)
    app = frame.application(
        [
            Route("/", page.show, methods=["GET"]),
            Route("/assets/{name}", frame.assets.answer, methods=["GET"]),
            *signing_in.routes(frame),
            Route("/programmes/{name}", page.to_programme, methods=["GET"]),
            Route("/my/{secret}", page.to_link, methods=["GET"]),
            Route("/my/{secret}/on/{day}", page.to_link, methods=["GET"]),
        ]
    )
    return _Parted(programmes, coated(app))


class FrontPage:
    """The list of programmes, and the ways to them."""

    def __init__(self, frame: Frame, programmes: Programmes) -> None:
        self._frame = frame
        self._programmes = programmes

    def show(self, request: Request) -> Response:
        """All programmes. Their names are for everybody, as are their pages of what is public."""
        return self._frame.page(request, "programmes.html", programmes=self._programmes.listed())

    def to_programme(self, request: Request) -> Response:
        """To the first page of one."""
        name = request.path_params["name"]
        if name not in {each.name for each in self._programmes.listed()}:
            raise HTTPException(404, "There is no programme by that name.")
        return RedirectResponse(f"{root_of(name)}/")

    def to_link(self, request: Request) -> Response:
        """To the page of whose link it is."""
        name = self._programmes.opened_by(request.path_params["secret"])
        if name is None:
            raise self._frame.wrong_link(request)
        request.scope["ircal.about"] = "link"
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{root_of(name)}{request.url.path}{query}")


class _Parted:
    """The pages of a programme below its name, and the front elsewhere."""

    def __init__(self, programmes: Programmes, front: ASGIApp) -> None:
        self._programmes = programmes
        self._front = front

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = programme_in(scope["path"])
        pages = await run_in_threadpool(self._programmes.pages, name) if name else None
        if pages:
            await pages({**scope, "root_path": root_of(name)}, receive, send)
        else:
            await self._front(scope, receive, send)


class _Several:
    """A `PageSource` that is about no programme."""

    problems: tuple[Problem, ...] = ()

    def ground(self) -> Ground | None:
        """None: there are several."""
        return None
