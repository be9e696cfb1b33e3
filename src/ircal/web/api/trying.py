"""The address that tries a sheet out; see `ircal.web.pages.preview`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile

from ircal.web.api.problems import OF_WRITING
from ircal.web.api.shapes import ChangeShape, ProblemShape, TouchedShape, TriedShape, WhoShape
from ircal.web.pages.preview import called

if TYPE_CHECKING:
    from ircal.views.changes import Tried
    from ircal.web.api.access import Access
    from ircal.web.trial import Trier

Sheet = Annotated[str, Form(max_length=100, description="Which sheet of a workbook is meant.")]
Year = Annotated[
    int | None, Form(ge=1970, le=2199, description="In which the academic year begins, if it is not said.")
]


def router(trier: Trier, access: Access) -> APIRouter:
    """The address."""
    api = APIRouter(responses=OF_WRITING, tags=["plan"])

    @api.post("/preview")
    def preview(
        request: Request, file: Annotated[UploadFile, File()], sheet: Sheet = "", year: Year = None
    ) -> TriedShape:
        """What a changed block schedule (XLSX, CSV) would change, for whom. Nothing is written."""
        access.writer(request)
        data = file.file.read()
        return _shape(trier.tried(data, called(file.filename or ""), sheet.strip(), year))

    return api


def _shape(tried: Tried) -> TriedShape:
    return TriedShape(
        file=tried.file,
        heading=tried.heading,
        nothing=tried.nothing,
        schedule=[
            ChangeShape(people=[WhoShape.model_validate(who)], lines=list(said)) for who, said in tried.stretches
        ],
        people=[ChangeShape.model_validate(each) for each in tried.changes.people],
        calendars=[TouchedShape.model_validate(each) for each in tried.changes.calendars],
        warnings=[ProblemShape.of(each) for each in tried.warnings],
        notes=list(tried.notes),
    )
