"""`/`: the schedule, or, for those who may not see it, what is public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from ircal.web.pages.frame import Frame


def routes(frame: Frame) -> list[Route]:
    """The addresses."""
    return [Route("/", SchedulePage(frame).show, methods=["GET"])]


class SchedulePage:
    """The year, a block or a week."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def show(self, request: Request) -> Response:
        """The front page."""
        ground = self._frame.ground()
        return self._frame.page(
            request, "public.html", calendars=ground.public_calendars, base_url=self._frame.rules.base_url
        )
