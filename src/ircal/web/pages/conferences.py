"""`/conferences`: the sessions of the coming weeks by series, and `/conferences/<series>`: one, and how to subscribe.

Whoever may not read the pages sees what is on public calendars, without a name of anybody.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.routing import Route

from ircal.model.program import Window
from ircal.views.conferences import conferences_of, public_conferences_of
from ircal.views.subscribe import subscription_to
from ircal.web.kept import Kept
from ircal.web.pages.frame import path_of
from ircal.web.pages.qr import qr_code

if TYPE_CHECKING:
    from datetime import date

    from starlette.requests import Request
    from starlette.responses import Response

    from ircal.views import Ground
    from ircal.views.conferences import Conferences, Series
    from ircal.web.pages.frame import Frame

PATH = "/conferences"
WEEKS = (1, 2, 4, 8, 13)
"""How many weeks may be asked for."""
_USUAL = 4
_AHEAD = timedelta(days=182)


def routes(frame: Frame) -> list[Route]:
    """The addresses."""
    page = ConferencePages(frame)
    return [
        Route(PATH, page.all, methods=["GET"]),
        Route("/conferences/{series}", page.one, methods=["GET"]),
    ]


class ConferencePages:
    """The two pages."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._kept = Kept()

    def all(self, request: Request) -> Response:
        """Every series with its next sessions."""
        ground, today, weeks = self._asked(request)
        found = self._found(request, ground, Window(today, today + timedelta(weeks=weeks)))
        categories = [(name, list(each)) for name, each in groupby(sorted(found.series, key=_category), key=_category)]
        return self._frame.page(
            request, "conferences.html", found=found, categories=categories, weeks=weeks, choices=WEEKS
        )

    def one(self, request: Request) -> Response:
        """One series to the end of the academic year, and half a year at least. Raises HTTPException with 404."""
        ground, today, _ = self._asked(request)
        program = ground.program
        end = max(program.year_start(program.academic_year(today) + 1), today + _AHEAD)
        found = self._found(request, ground, Window(today, end))
        series = next((each for each in found.series if each.id == request.path_params["series"]), None)
        if series is None:
            raise HTTPException(404)
        address = f"{self._frame.rules.public_root}{path_of(f'{series.calendar}.ics')}"
        ways = subscription_to(address, series.name) if series.public else None
        qr = self._kept.made(ground, ("qr", address), lambda: qr_code(address)) if series.public else ""
        return self._frame.page(request, "series.html", series=series, subscription=ways, qr=qr)

    def _asked(self, request: Request) -> tuple[Ground, date, int]:
        """What is in force, today, and for how many weeks."""
        ground = self._frame.ground()
        asked = request.query_params.get("weeks", "")
        weeks = int(asked) if asked in map(str, WEEKS) else _USUAL
        return ground, self._frame.today(ground), weeks

    def _found(self, request: Request, ground: Ground, window: Window) -> Conferences:
        if self._frame.may_read(self._frame.viewer(request)):
            return self._kept.made(ground, ("named", window), lambda: conferences_of(ground.facts, window))
        return self._kept.made(ground, ("public", window), lambda: public_conferences_of(ground.facts, window))


def _category(series: Series) -> str:
    return series.category or "Conference"
