"""`/`: the schedule, or, for those who may not see it, what is public.

/?zoom=year|block|week      weeks of a year, days of a block or a week (a year, unless it is said)
/?at=2026-12-01             around that day (today)
/?class=2027&site=west&rotation=icu
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.routing import Route

from ircal.model.colours import rgb_of, text_on
from ircal.views import Filter, schedule_of
from ircal.views.schedule import classes_of
from ircal.views.span import ZOOMS
from ircal.views.subscribe import subscription_to

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.datastructures import QueryParams
    from starlette.requests import Request
    from starlette.responses import Response

    from ircal.model.program import Calendar, Program
    from ircal.views import Ground
    from ircal.views.span import Zoom
    from ircal.views.subscribe import Subscription
    from ircal.web.pages.frame import Frame


def routes(frame: Frame) -> list[Route]:
    """The addresses."""
    return [Route("/", SchedulePage(frame).show, methods=["GET"])]


class SchedulePage:
    """The year, a block or a week."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def show(self, request: Request) -> Response:
        """The schedule to those who may read it, and what is public to others."""
        ground = self._frame.ground()
        if not self._frame.may_read(self._frame.viewer(request)):
            return self._frame.page(request, "public.html", calendars=self._public(ground))
        today, query = self._frame.today(ground), request.query_params
        zoom, at, wanted = zoom_in(query), day_in(query, "at", today), filter_in(query, ground)
        schedule = schedule_of(ground, zoom, at, today, wanted)
        if schedule is None:
            raise HTTPException(404, f"There is no schedule around {at}.")
        return self._frame.page(
            request,
            "schedule.html",
            schedule=schedule,
            program=ground.program,
            wanted=wanted,
            at=at,
            today=today,
            zooms=ZOOMS,
            colours=self._frame.assets.put("colours.css", colours_of(ground.program)),
            to=_Address(
                self._frame.path(""), {"zoom": zoom, "at": at.isoformat() if at != today else "", **_said(wanted)}
            ),
        )

    def _public(self, ground: Ground) -> list[tuple[Calendar, Subscription]]:
        """What anybody may have, and how to subscribe to each."""
        root = self._frame.rules.public_root
        return [(each, subscription_to(f"{root}/{each.id}.ics", each.name)) for each in ground.public_calendars]


class _Address:
    """Addresses of this page: what is asked for now, with something else."""

    def __init__(self, path: str, asked: Mapping[str, str]) -> None:
        self._path = path
        self._asked = asked

    def __call__(self, **other: object) -> str:
        asked = {**self._asked, **{key.rstrip("_"): str(value) for key, value in other.items()}}
        said = urlencode({key: value for key, value in asked.items() if value and (key, value) != ("zoom", "year")})
        return f"{self._path}?{said}" if said else self._path


def _said(wanted: Filter) -> dict[str, str]:
    return {"class": str(wanted.class_of or ""), "site": wanted.site, "rotation": wanted.rotation}


def zoom_in(query: QueryParams) -> Zoom:
    """What is asked for. Raises HTTPException with 400, as the others here do."""
    zoom = query.get("zoom") or "year"
    for known in ZOOMS:
        if zoom == known:
            return known
    raise HTTPException(400, f"There is no such view; there are {', '.join(ZOOMS)}.")


def day_in(query: QueryParams, name: str, usual: date) -> date:
    """The day that is asked for, or the usual one."""
    text = query.get(name)
    if not text:
        return usual
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise HTTPException(400, "That is not a date; write it as 2026-12-01.") from None


def filter_in(query: QueryParams, ground: Ground) -> Filter:
    """The rows that are asked for."""
    program = ground.program
    classes = {str(year): year for year in classes_of(ground)}
    asked = {name: query.get(name) or "" for name in ("class", "site", "rotation")}
    known: dict[str, Mapping[str, Any]] = {"class": classes, "site": program.sites, "rotation": program.rotations}
    for name, value in asked.items():
        if value and value not in known[name]:
            raise HTTPException(400, f"The programme has no such {name}.")
    return Filter(classes.get(asked["class"]), asked["site"], asked["rotation"])


def colours_of(program: Program) -> bytes:
    """A style sheet with the colours of the rotations, which stand in no page (`style` is forbidden there)."""
    lines = []
    for rotation in program.rotations.values():
        if rotation.color:
            rgb = rgb_of(rotation.color)
            lines.append(f".r-{rotation.id}{{background:rgb{rgb};color:{text_on(rgb)}}}".replace(", ", ","))
    return "\n".join(lines).encode()
