"""`/check`: what `ircal check` says, of the programme in force and of a newer configuration that is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from ircal.views.balance import wanted
from ircal.views.checked import Checked, by_file

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from ircal.web.pages.frame import Frame


def routes(frame: Frame, *, can_preview: bool) -> list[Route]:
    """The address. `can_preview` is whether there is a page to try sheets out on."""
    page = CheckPage(frame, can_preview=can_preview)
    return [Route("/check", frame.for_readers(page.show), methods=["GET"])]


class CheckPage:
    """The page."""

    def __init__(self, frame: Frame, *, can_preview: bool) -> None:
        self._frame = frame
        self._can_preview = can_preview

    def show(self, request: Request) -> Response:
        """Every problem with its place."""
        ground = self._frame.ground()
        return self._frame.page(
            request,
            "check.html",
            checked=Checked(ground.problems, ground.report),
            newer=by_file(self._frame.source.problems),
            files=by_file(ground.problems),
            wanted=wanted,
            can_preview=self._can_preview,
        )
