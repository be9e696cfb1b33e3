"""A person's page, by id for those who may read, or by the person's private link; and why something is on a day.

    /people/<id>                /my/<secret>                what is now and next, and the days from today on
       ?from=2026-12-01            ?view=month&at=...       other days, or a month
    /people/<id>/on/<date>      /my/<secret>/on/<date>      why it is there

A private link is the secret of the person's feed: it is revoked with it, opens nothing else, and is listed nowhere.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.exceptions import HTTPException
from starlette.routing import Route

from ircal.views.agenda import days_of, month_of
from ircal.views.person import level_of, person_view
from ircal.views.subscribe import subscription_to
from ircal.views.why import why_on
from ircal.web.pages.qr import qr_code
from ircal.web.pages.schedule import colours_of, day_in

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from ircal.model.program import Calendar
    from ircal.views import Ground
    from ircal.web.pages.frame import Frame

_FORTNIGHT = 14


def routes(frame: Frame) -> list[Route]:
    """The addresses."""
    by_id, by_link = PeoplePages(frame), LinkPages(frame)
    return [
        Route("/people/{person}", frame.for_readers(by_id.show), methods=["GET"]),
        Route("/people/{person}/on/{day}", frame.for_readers(by_id.why), methods=["GET"]),
        Route("/my/{secret}", by_link.show, methods=["GET"]),
        Route("/my/{secret}/on/{day}", by_link.why, methods=["GET"]),
    ]


class Feed(NamedTuple):
    """A feed that may be subscribed to: its path, empty where that is a secret, and when it was last fetched."""

    calendar: Calendar | None
    path: str
    fetched: datetime | None


class PeoplePages:
    """By id, for those who may read."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def show(self, request: Request) -> Response:
        """Somebody's page. The address of their feed is a secret of theirs, unless feeds are served by id here."""
        ground = self._frame.ground()
        person = self._person(request, ground)
        calendar = ground.calendar_of(person)
        path = (
            f"/feeds{self._frame.rules.within}/{calendar.id}.ics" if calendar and self._frame.rules.feeds_by_id else ""
        )
        fetched = self._frame.door.fetched(calendar.id) if calendar else None
        return person_page(
            self._frame, request, person, self._frame.path("people", person), Feed(calendar, path, fetched)
        )

    def why(self, request: Request) -> Response:
        """Why something is on their calendar on a day."""
        person = self._person(request, self._frame.ground())
        return why_page(self._frame, request, person, self._frame.path("people", person))

    def _person(self, request: Request, ground: Ground) -> str:
        person: str = request.path_params["person"]
        if person not in ground.program.people:
            raise HTTPException(404, "The programme knows nobody by that name.")
        return person


class LinkPages:
    """By a private link."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def show(self, request: Request) -> Response:
        """The page of the person whose link it is, or how to subscribe to what else the link opens."""
        ground = self._frame.ground()
        secret, calendar, fetched = self._opened(request, ground)
        feed = Feed(calendar, f"/feeds/{secret}.ics", fetched)
        base = self._frame.path("my", secret)
        if calendar.kind == "resident":
            return person_page(self._frame, request, calendar.of, base, feed)
        return self._frame.page(
            request, "calendar.html", calendar=calendar, zone=ground.zone, **_subscribing(self._frame, feed, base)
        )

    def why(self, request: Request) -> Response:
        """Why something is on the person's calendar on a day."""
        secret, calendar, _ = self._opened(request, self._frame.ground())
        if calendar.kind != "resident":
            raise HTTPException(404)
        return why_page(self._frame, request, calendar.of, self._frame.path("my", secret))

    def _opened(self, request: Request, ground: Ground) -> tuple[str, Calendar, datetime | None]:
        """The secret with what it opens. What opens nothing any more is told as what never did."""
        secret: str = request.path_params["secret"]
        opened = self._frame.door.opened_by(secret)
        calendar = ground.program.calendars.get(opened.calendar) if opened else None
        if opened is None or calendar is None:
            raise self._frame.wrong_link(request)
        return secret, calendar, opened.fetched


def person_page(frame: Frame, request: Request, person: str, base: str, feed: Feed) -> Response:
    """The page of a person, whose addresses begin with `base`."""
    ground = frame.ground()
    now, today = frame.clock(), frame.today(ground)
    month = request.query_params.get("view") == "month"
    first = day_in(request.query_params, "at" if month else "from", today)
    try:
        days = () if month else days_of(person, first, _FORTNIGHT, today, ground)
        weeks = month_of(person, first, today, ground) if month else ()
        beside = (first.replace(day=1) - timedelta(days=1), first.replace(day=1) + timedelta(days=31))
        steps = beside if month else (first - timedelta(days=_FORTNIGHT), first + timedelta(days=_FORTNIGHT))
    except OverflowError:
        raise HTTPException(400, "That is too far away.") from None
    return frame.page(
        request,
        "person.html",
        view=person_view(person, now, ground),
        program=ground.program,
        zone=ground.zone,
        base=base,
        first=first,
        today=today,
        days=days,
        weeks=weeks,
        before=steps[0],
        after=steps[1],
        colours=frame.assets.put("colours.css", colours_of(ground.program)),
        **_subscribing(frame, feed, base),
    )


def _subscribing(frame: Frame, feed: Feed, base: str) -> dict[str, Any]:
    """What the part of a page is made of that says how to subscribe."""
    if not (feed.calendar and feed.path):
        return {"subscription": None, "qr": "", "fetched": feed.fetched}
    root = frame.rules.base_url
    subscription = subscription_to(f"{root}{feed.path}", feed.calendar.name)
    return {"subscription": subscription, "qr": qr_code(f"{root}{base}"), "fetched": feed.fetched}


def why_page(frame: Frame, request: Request, person: str, base: str) -> Response:
    """Why something is on a person's calendar on a day, and other things are not."""
    ground = frame.ground()
    try:
        day = date.fromisoformat(request.path_params["day"])
    except ValueError:
        raise HTTPException(404) from None
    if not ground.schedule.window.overlaps(day, day + timedelta(days=1)):
        raise HTTPException(404, f"The programme is not kept for {day}.")
    known = ground.program.people[person]
    return frame.page(
        request,
        "why.html",
        person=known,
        level=level_of(known, day, ground),
        day=day,
        explained=why_on(person, day, ground),
        base=base,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
    )
