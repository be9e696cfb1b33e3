"""The addresses that tell about Google calendars, and have something done to them. For coordinators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeVar

from fastapi import APIRouter, Path, Query, Request

from ircal.web.api.problems import OF_WRITING, Trouble
from ircal.web.api.syncing_shapes import ApplyBody, AskedShape, LineShape, PlanShape, RunShape, StateShape

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.web.api.access import Access
    from ircal.web.desk import SyncDesk

T = TypeVar("T")

Name = Annotated[str, Path(min_length=1, max_length=60, description="The id of the calendar.")]
Limit = Annotated[int, Query(ge=1, le=500, description="How many, newest first.")]
Of = Annotated[str, Query(alias="calendar", max_length=60, description="Of this calendar alone.")]


def router(desk: SyncDesk, access: Access) -> APIRouter:
    """The addresses."""
    api = APIRouter(prefix="/sync", responses=OF_WRITING, tags=["sync"])
    _to_look_at(api, desk, access)
    _to_be_done(api, desk, access)
    return api


def _to_look_at(api: APIRouter, desk: SyncDesk, access: Access) -> None:
    @api.get("/calendars")
    def calendars(request: Request) -> list[StateShape]:
        """Every calendar that is in Google, and how it stands with it."""
        access.coordinator(request)
        return [StateShape.model_validate(each) for each in desk.calendars()]

    @api.get("/runs")
    def runs(request: Request, limit: Limit = 50, calendar: Of = "") -> list[RunShape]:
        """The newest runs."""
        access.coordinator(request)
        return [RunShape.model_validate(each) for each in desk.runs(limit, calendar)]

    @api.get("/journal")
    def journal(request: Request, limit: Limit = 50, calendar: Of = "") -> list[LineShape]:
        """The newest changes that were made, or tried."""
        access.coordinator(request)
        return [LineShape.model_validate(each) for each in desk.journal(limit, calendar)]

    @api.get("/calendars/{name}/plan")
    def plan(request: Request, name: Name) -> PlanShape:
        """What would be written to a calendar now. Google is asked, and nothing is written."""
        access.coordinator(request)
        return PlanShape.model_validate(_known(lambda: desk.plan(name)))


def _to_be_done(api: APIRouter, desk: SyncDesk, access: Access) -> None:
    @api.post("/resync", status_code=202)
    def resync_all(request: Request) -> AskedShape:
        """Have every calendar compared and mended soon."""
        desk.resync("", access.writer(request).viewer.name)
        return AskedShape(calendar="")

    @api.post("/calendars/{name}/resync", status_code=202)
    def resync(request: Request, name: Name) -> AskedShape:
        """Have one compared and mended soon."""
        by = access.writer(request).viewer.name
        _known(lambda: desk.resync(name, by))
        return AskedShape(calendar=name)

    @api.post("/calendars/{name}/apply")
    def apply(request: Request, name: Name, body: ApplyBody) -> RunShape:
        """Do what a plan says that somebody has read, although the guard refuses it. 409 where it is another by now."""
        by = access.writer(request).viewer.name
        return RunShape.model_validate(_known(lambda: desk.apply(name, body.checksum, by)))


def _known(ask: Callable[[], T]) -> T:
    """What the desk answers. Raises Trouble with 404 for a calendar that it does not know."""
    try:
        return ask()
    except KeyError:
        raise Trouble(404, "No calendar of that id is in Google.") from None
