"""`/rotations/<id>`: what a rotation is, and who is on it when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.routing import Route

from ircal.views.rotation import rotation_view
from ircal.web.pages.schedule import colours_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from ircal.web.pages.frame import Frame


def routes(frame: Frame) -> list[Route]:
    """The addresses."""

    def show(request: Request) -> Response:
        ground = frame.ground()
        name: str = request.path_params["rotation"]
        if name not in ground.program.rotations:
            raise HTTPException(404, "The programme has no such rotation.")
        view = rotation_view(name, frame.today(ground), ground)
        colours = frame.assets.put("colours.css", colours_of(ground.program))
        return frame.page(request, "rotation.html", view=view, program=ground.program, colours=colours)

    return [Route("/rotations/{rotation}", frame.for_readers(show), methods=["GET"])]
