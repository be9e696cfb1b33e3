"""Errors as `application/problem+json` (RFC 9457): a title and a status, and what to do about it.

What is wrong with a programme or a sheet comes as a list besides, each fault with its place. Of a fault of ours nothing
is told but that there was one.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from ircal.errors import (
    GuardRefused,
    IrcalError,
    ProgramError,
    RemoteError,
    ScheduleRefused,
    SheetUnreadable,
    StoreError,
)
from ircal.web.access import log_fault
from ircal.web.api.shapes import ProblemShape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI
    from starlette.requests import Request

MEDIA = "application/problem+json"


class ErrorShape(BaseModel):
    """What went wrong; RFC 9457. `type` is always `about:blank`, so that `title` is the status in words."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    remedy: str = Field(default="", description="What to do next.")
    problems: list[ProblemShape] = Field(default_factory=list, description="Every fault, each with its place.")


class Trouble(IrcalError):
    """What a caller did wrong, with its status."""

    def __init__(self, status: int, message: str, remedy: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message, remedy)
        self.status = status
        self.headers = headers


_STATUSES: tuple[tuple[type[IrcalError], int], ...] = (
    (SheetUnreadable, 415),
    (ScheduleRefused, 422),
    (ProgramError, 409),
    (GuardRefused, 409),
    (RemoteError, 502),
    (StoreError, 503),
    (IrcalError, 422),
)


def status_of(error: IrcalError) -> int:
    """The status of an error of ircal's."""
    if isinstance(error, Trouble):
        return error.status
    return next(status for kind, status in _STATUSES if isinstance(error, kind))


def told(
    status: int,
    detail: str = "",
    *,
    remedy: str = "",
    problems: list[ProblemShape] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The answer."""
    shape = ErrorShape(
        title=HTTPStatus(status).phrase, status=status, detail=detail, remedy=remedy, problems=problems or []
    )
    return JSONResponse(shape.model_dump(mode="json"), status, headers, MEDIA)


def handle_all(app: FastAPI) -> None:
    """Have the application tell every error in this way."""
    app.add_exception_handler(IrcalError, _of_ircal)
    app.add_exception_handler(RequestValidationError, _of_request)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(Exception, _of_ours)


def _of_ircal(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, IrcalError):
        raise error
    problems = error.problems if isinstance(error, ProgramError | ScheduleRefused) else ()
    return told(
        status_of(error),
        error.message,
        remedy=error.remedy,
        problems=[ProblemShape.of(each) for each in problems],
        headers=error.headers if isinstance(error, Trouble) else None,
    )


def _of_request(_: Request, error: Exception) -> JSONResponse:
    """Which field of a request is wrong, and why; never what was sent, which may be a secret."""
    if not isinstance(error, RequestValidationError):
        raise error
    faults = [f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in error.errors()]
    return told(422, "; ".join(faults))


def _of_http(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    usual = HTTPStatus(error.status_code).phrase
    detail = "" if error.detail == usual else error.detail
    return told(error.status_code, detail, headers=error.headers)


def _of_ours(request: Request, _: Exception) -> JSONResponse:
    """Told plainly, and logged here."""
    log_fault(request.scope)
    return told(500, "Something went wrong here. It has been noted.")


OF_READING: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorShape, "content": {MEDIA: {}}, "description": HTTPStatus(status).phrase}
    for status in (401, 404, 422, 429, 503)
}
"""What may go wrong wherever something is asked, for the OpenAPI description."""

OF_WRITING: dict[int | str, dict[str, Any]] = {
    **OF_READING,
    **{
        status: {"model": ErrorShape, "content": {MEDIA: {}}, "description": HTTPStatus(status).phrase}
        for status in (403, 409, 413, 415, 502)
    },
}
"""The same where something is done."""
