"""`/coverage`: who is where this week and in the next twelve, holes and surplus, and how evenly it is spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from ircal.views.balance import balance_of
from ircal.views.coverage import whereabouts_of
from ircal.web.kept import Kept
from ircal.web.pages.schedule import colours_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from ircal.web.pages.frame import Frame


def routes(frame: Frame) -> list[Route]:
    """The address."""
    return [Route("/coverage", frame.for_readers(CoveragePage(frame).show), methods=["GET"])]


class CoveragePage:
    """The page."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._kept = Kept()

    def show(self, request: Request) -> Response:
        """Everybody, week by week."""
        ground = self._frame.ground()
        today = self._frame.today(ground)
        found = self._kept.made(ground, today, lambda: whereabouts_of(ground.facts, today))
        balance = self._kept.made(ground, "balance", lambda: balance_of(ground.report))
        colours = self._frame.assets.put("colours.css", colours_of(ground.program))
        return self._frame.page(request, "coverage.html", found=found, balance=balance, colours=colours)
