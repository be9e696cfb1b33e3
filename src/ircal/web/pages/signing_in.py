"""`/sign-in` and `/sign-out`: a password, looked at slowly, seldom, and in constant time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ircal.web.limiter import WrongTries
from ircal.web.pages.password import is_password

if TYPE_CHECKING:
    from starlette.requests import Request

    from ircal.web.pages.frame import Frame

_WRONG_PER_MINUTE = 10


def routes(frame: Frame) -> list[Route]:
    """The addresses."""
    page = SignIn(frame)
    return [
        Route("/sign-in", page.show, methods=["GET"]),
        Route("/sign-in", page.sign_in, methods=["POST"]),
        Route("/sign-out", page.sign_out, methods=["POST"]),
    ]


class SignIn:
    """The two pages."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._wrong = WrongTries(min(_WRONG_PER_MINUTE, frame.rules.wrong_per_minute))

    def show(self, request: Request) -> Response:
        """The form, or on to where they were going for those who are signed in."""
        going = going_to(request.query_params.get("next"), self._frame.rules.root)
        if self._frame.viewer(request).signed_in:
            return RedirectResponse(going, 303)
        return self._asked(request, going)

    def _asked(self, request: Request, going: str, wrong: str = "") -> Response:
        status = 403 if wrong else 200
        return self._frame.page(request, "sign_in.html", status, going=going, wrong=wrong)

    async def sign_in(self, request: Request) -> Response:
        """Begin a session for whoever knows the password."""
        form = await self._frame.form(request)
        going = going_to(str(form.get("next", "")), self._frame.rules.root)
        place = self._frame.client(request)
        if seconds := self._wrong.wait(place):
            wait = f"Too many wrong passwords came from there. Try again in {seconds} seconds."
            raise HTTPException(429, wait, headers={"retry-after": str(seconds)})
        password = str(form.get("password", ""))
        if not await run_in_threadpool(is_password, password, self._frame.rules.password_hash):
            self._wrong.count(place)
            return await run_in_threadpool(self._asked, request, going, "That is not the password.")
        response = RedirectResponse(going, 303)
        self._frame.sessions.begin(response)
        request.scope["ircal.about"] = "sign-in"
        return response

    async def sign_out(self, request: Request) -> Response:
        """End the session."""
        await self._frame.form(request)
        response = RedirectResponse(self._frame.path(""), 303)
        await run_in_threadpool(self._frame.sessions.end, request, response, self._frame.clock())
        request.scope["ircal.about"] = "sign-out"
        return response


def going_to(path: str | None, root: str) -> str:
    """Where to go afterwards: a page below `root`, and never another site."""
    first = f"{root}/"
    text = path or first
    inside = text.startswith(first) and not text.startswith((f"{first}/", f"{first}\\", f"{first}sign-"))
    return text if inside and text.isprintable() else first
