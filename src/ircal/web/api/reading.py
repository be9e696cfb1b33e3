"""The addresses that tell about the programme; nothing is changed by any of them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from ircal.model.program import Window
from ircal.views.checked import Checked
from ircal.views.conferences import conferences_of, public_conferences_of
from ircal.views.coverage import whereabouts_of
from ircal.web.api.answers import agenda_shape, calendar_shape, person_shape, schedule_shape
from ircal.web.api.problems import OF_READING, Trouble
from ircal.web.api.shapes import (
    AgendaShape,
    CalendarShape,
    CheckShape,
    ConferencesShape,
    CoverageShape,
    PersonShape,
    ProblemShape,
    ProgrammeShape,
    ScheduleShape,
    SessionShape,
)
from ircal.web.api.unchanged import headers_for
from ircal.web.kept import Kept

if TYPE_CHECKING:
    from ircal.model.people import Person
    from ircal.views import Ground
    from ircal.web.api.access import Access, Caller
    from ircal.web.pages.frame import Frame

_DAY = dt.timedelta(days=1)
_FIRST, _LAST = dt.date(1970, 1, 1), dt.date(2199, 12, 31)
_MOST = 400
"""Days that may be asked for at once."""
_USUAL = dt.timedelta(weeks=4)

From = Annotated[
    dt.date | None, Query(alias="from", ge=_FIRST, le=_LAST, description="The first day; today unless given.")
]
To = Annotated[dt.date | None, Query(alias="to", ge=_FIRST, le=_LAST, description="The last day, included.")]
Name = Annotated[str, Path(min_length=1, max_length=60, description="The id of the person.")]
Year = Annotated[int | None, Query(ge=1970, le=2199, description="The calendar year in which it begins.")]


class Reading:
    """What is asked, and how it is answered."""

    def __init__(self, frame: Frame, access: Access) -> None:
        self.frame = frame
        self.access = access
        self.kept = Kept()

    def asked(self, request: Request, response: Response, caller: Caller) -> Ground:
        """What is in force. Raises HTTPException with 503 for nothing, Unchanged where the caller has the answer."""
        ground = self.frame.ground()
        response.headers.update(headers_for(request, caller, self.frame, ground, self.kept))
        return ground

    def person(self, request: Request, response: Response, name: str) -> tuple[Ground, Person]:
        """What is in force, and a person of it, for readers and for themselves. Raises Trouble with 401 and 404."""
        own = self.frame.ground().calendar_of(name)
        ground = self.asked(request, response, self.access.own(request, own.id if own else ""))
        person = ground.program.people.get(name)
        if person is None:
            raise Trouble(404, "There is no such person.")
        return ground, person

    def window(self, ground: Ground, first: dt.date | None, last: dt.date | None) -> Window:
        """The days that are asked for. Raises Trouble with 422 for days in the wrong order, or too many."""
        start = first or self.frame.today(ground)
        end = last + _DAY if last else start + _USUAL
        if not start < end <= start + _DAY * _MOST:
            raise Trouble(422, f"From {start} to {end - _DAY} is no stretch of 1 to {_MOST} days.")
        return Window(start, end)


def router(frame: Frame, access: Access) -> APIRouter:
    """The addresses."""
    api = APIRouter(responses=OF_READING)
    of = Reading(frame, access)
    _about_all(api, of)
    _about_people(api, of)
    _about_plan(api, of)
    return api


def _about_all(api: APIRouter, of: Reading) -> None:
    frame, access = of.frame, of.access

    @api.get("/session", tags=["access"])
    def session(request: Request) -> SessionShape:
        """Who asks, and what they need to write something."""
        caller = access.anybody(request)
        viewer = caller.viewer
        token = frame.sessions.form_token(viewer) if viewer.session else ""
        return SessionShape(name=viewer.name, signed_in=viewer.signed_in, reads=caller.reads, form_token=token)

    @api.get("/programme", tags=["programme"])
    def programme(request: Request, response: Response) -> ProgrammeShape:
        """The programme in force. For everybody."""
        ground = of.asked(request, response, access.anybody(request))
        said, today, window = ground.program.settings, frame.today(ground), ground.schedule.window
        return ProgrammeShape(
            id=said.id,
            name=said.name,
            timezone=said.timezone,
            today=today,
            academic_year=ground.program.academic_year(today),
            first=window.start,
            last=window.end - _DAY,
            newest_in_force=not frame.source.problems,
        )

    @api.get("/calendars", tags=["calendars"])
    def calendars(request: Request, response: Response) -> list[CalendarShape]:
        """The calendars. For everybody: the public ones."""
        caller = access.anybody(request)
        ground = of.asked(request, response, caller)
        known = ground.program.calendars.values() if caller.reads else ground.public_calendars
        return [calendar_shape(each, ground, frame.rules.public_root) for each in known]


def _about_people(api: APIRouter, of: Reading) -> None:
    @api.get("/people", tags=["people"])
    def people(request: Request, response: Response) -> list[PersonShape]:
        """Everybody, and where they are today."""
        ground = of.asked(request, response, of.access.reader(request))
        today = of.frame.today(ground)
        return [person_shape(person, ground, today) for person in ground.program.people.values()]

    @api.get("/people/{name}", tags=["people"])
    def one(request: Request, response: Response, name: Name) -> PersonShape:
        """One of them; by their own secret too."""
        ground, person = of.person(request, response, name)
        return person_shape(person, ground, of.frame.today(ground))

    @api.get("/people/{name}/agenda", tags=["people"])
    def agenda(request: Request, response: Response, name: Name, first: From = None, last: To = None) -> AgendaShape:
        """What is on a person's own calendar; by their own secret too."""
        ground, person = of.person(request, response, name)
        return agenda_shape(person, ground, of.window(ground, first, last))


def _about_plan(api: APIRouter, of: Reading) -> None:
    frame, access = of.frame, of.access

    @api.get("/schedule", tags=["plan"])
    def schedule(request: Request, response: Response, year: Year = None) -> ScheduleShape:
        """An academic year: residents by days. The present one unless another is asked for."""
        ground = of.asked(request, response, access.reader(request))
        chosen = ground.program.academic_year(frame.today(ground)) if year is None else year
        return of.kept.made(ground, ("schedule", chosen), lambda: schedule_shape(ground, chosen))

    @api.get("/conferences", tags=["plan"])
    def conferences(request: Request, response: Response, first: From = None, last: To = None) -> ConferencesShape:
        """Series and their sessions. For everybody, of public ones: when they are, without topics and names."""
        caller = access.anybody(request)
        ground = of.asked(request, response, caller)
        window = of.window(ground, first, last)
        found = (conferences_of if caller.reads else public_conferences_of)(ground.facts, window)
        return ConferencesShape.model_validate(found)

    @api.get("/coverage", tags=["plan"])
    def coverage(request: Request, response: Response) -> CoverageShape:
        """Who is where in this week and the next twelve, and how `checks.coverage` is kept."""
        ground = of.asked(request, response, access.reader(request))
        return CoverageShape.model_validate(whereabouts_of(ground.facts, frame.today(ground)))

    @api.get("/check", tags=["plan"])
    def check(request: Request, response: Response) -> CheckShape:
        """Every problem, with its place."""
        ground = of.asked(request, response, access.reader(request))
        checked = Checked(ground.problems)
        return CheckShape(
            ok=not checked.errors,
            verdict=checked.verdict,
            problems=[ProblemShape.of(each) for each in checked.problems],
            newest=[ProblemShape.of(each) for each in frame.source.problems],
        )
