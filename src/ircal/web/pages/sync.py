"""`/sync`: every Google calendar and how it stands with it; `/sync/calendars/<id>`: its plan in words, runs, journal.

Resync and Apply ask for a confirmation, and say afterwards what came of it. A plan is applied by its checksum, so that
a page that has been open for long, or a second coordinator, never does what nobody has looked at. `/sync/events` tells
that something has changed; a script then loads the page's table again, and without one the page is as it was loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route

from ircal.errors import IrcalError, RemoteError, StoreError
from ircal.web.bell import Bell

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

    from ircal.web.desk import CalendarState, SyncDesk
    from ircal.web.pages.frame import Frame

PATH = "/sync"
_RUNS, _LINES = 12, 30
_ALL = ""


def routes(frame: Frame, desk: SyncDesk) -> list[Route]:
    """The addresses. No calendar is called `resync` or `events`: ids of calendars that people give come after them."""
    page = SyncPages(frame, desk)
    return [
        Route(PATH, frame.for_coordinators(page.all), methods=["GET"]),
        Route(PATH, page.resync_all, methods=["POST"]),
        Route("/sync/events", page.events, methods=["GET"]),
        Route("/sync/calendars/{calendar}", frame.for_coordinators(page.one), methods=["GET"]),
        Route("/sync/calendars/{calendar}/resync", page.resync, methods=["POST"]),
        Route("/sync/calendars/{calendar}/apply", page.apply, methods=["POST"]),
    ]


class SyncPages:
    """All of them."""

    def __init__(self, frame: Frame, desk: SyncDesk) -> None:
        self._frame = frame
        self._desk = desk
        self._bell = Bell(desk.mark)

    # ------------------------------------------------------------------------------------------------------- to look at
    def all(self, request: Request) -> Response:
        """Every calendar, the newest runs and the journal."""
        ground = self._frame.ground()
        calendars = self._desk.calendars()
        return self._frame.page(
            request,
            "sync.html",
            calendars=calendars,
            counts=_counts(calendars),
            runs=self._desk.runs(_RUNS),
            journal=self._desk.journal(_LINES),
            names={each.id: each.name for each in ground.program.calendars.values()},
            zone=ground.zone,
            asked=request.query_params.get("asked"),
        )

    def one(self, request: Request) -> Response:
        """One calendar, with what would be written to it now. Raises HTTPException with 404."""
        return self._one(request, 200)

    def _one(self, request: Request, status: int, stale: IrcalError | None = None) -> Response:
        name = request.path_params["calendar"]
        state = next((each for each in self._desk.calendars() if each.id == name), None)
        if state is None:
            raise HTTPException(404)
        return self._frame.page(
            request,
            "sync_calendar.html",
            status,
            state=state,
            plan=self._desk.plan(name),
            runs=self._desk.runs(_RUNS, name),
            journal=self._desk.journal(_LINES, name),
            zone=self._frame.ground().zone,
            asked=request.query_params.get("asked"),
            done=request.query_params.get("run", ""),
            stale=stale,
        )

    async def events(self, request: Request) -> Response:
        """A stream with a message for each change. A script asked, so that nobody is led to the sign-in."""
        if not (await run_in_threadpool(self._frame.viewer, request)).signed_in:
            raise HTTPException(403)
        request.scope["ircal.about"] = "sync-events"
        return EventSourceResponse(self._messages(), ping=15)

    async def _messages(self) -> AsyncIterator[ServerSentEvent]:
        async for mark in self._bell.rings():
            yield ServerSentEvent(data=mark, event="changed", retry=3000)

    # ------------------------------------------------------------------------------------------------------ to be done
    async def resync_all(self, request: Request) -> Response:
        """Have every calendar compared and mended soon."""
        _, by = await self._form(request)
        await run_in_threadpool(self._desk.resync, _ALL, by)
        return RedirectResponse(f"{self._frame.path('sync')}?asked=all", 303)

    async def resync(self, request: Request) -> Response:
        """Have one compared and mended soon."""
        _, by = await self._form(request)
        name = request.path_params["calendar"]
        await self._known(self._desk.resync, name, by)
        return RedirectResponse(f"{self._frame.path('sync', 'calendars', name)}?asked=1", 303)

    async def apply(self, request: Request) -> Response:
        """Do what a plan says that somebody has read; a page that says why not where it is another one by now."""
        form, by = await self._form(request)
        name, checksum = request.path_params["calendar"], str(form.get("checksum", ""))
        if form.get("read") != "yes":
            raise HTTPException(400, "Say first that you have read the plan. Nothing was changed.")
        try:
            run = await self._known(self._desk.apply, name, checksum, by)
        except StoreError:
            raise
        except IrcalError as error:  # somebody was quicker, or Google does not answer: told with what is so now
            status = 502 if isinstance(error, RemoteError) else 409
            return await run_in_threadpool(self._one, request, status, error)
        return RedirectResponse(f"{self._frame.path('sync', 'calendars', name)}?run={run.id}", 303)

    async def _form(self, request: Request) -> tuple[FormData, str]:
        """The form of a coordinator, and who that is."""
        return await self._frame.written(request), self._frame.viewer(request).name

    @staticmethod
    async def _known(ask: Callable[..., Any], *told: str) -> Any:
        """What the desk answers. Raises HTTPException with 404 for a calendar that it does not know."""
        try:
            return await run_in_threadpool(ask, *told)
        except KeyError:
            raise HTTPException(404) from None


def _counts(calendars: tuple[CalendarState, ...]) -> list[tuple[str, int]]:
    """How many are in each state, those first that somebody has to look at."""
    found: dict[str, int] = {}
    for each in sorted(calendars, key=lambda each: _URGENT.index(each.state)):
        found[each.state] = found.get(each.state, 0) + 1
    return list(found.items())


_URGENT = ("guarded", "failing", "circuit open", "quarantined", "pending", "running", "unknown", "in step")
