"""`/preview`: a sheet with a changed block schedule is sent, and what it would change is told. Nothing is written.

What is sent may be anything at all, so it is read within limits, one at a time, and never kept.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.routing import Route

from ircal.errors import IrcalError, ProgramError, ScheduleRefused, SheetUnreadable
from ircal.views.checked import by_file

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

    from ircal.views.changes import Tried
    from ircal.web.pages.frame import Frame
    from ircal.web.trial import Trier

PATH = "/preview"
_LONGEST_NAME = 100
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_WAITING = 4
"""How many may wait for their turn; one takes seconds, and nobody waits longer than that for a page."""


def routes(frame: Frame, trier: Trier) -> list[Route]:
    """The addresses."""
    page = PreviewPage(frame, trier)
    return [
        Route(PATH, frame.for_coordinators(page.show), methods=["GET"]),
        Route(PATH, page.preview, methods=["POST"]),
    ]


class PreviewPage:
    """The form, and what came of it."""

    def __init__(self, frame: Frame, trier: Trier) -> None:
        self._frame = frame
        self._trier = trier
        self._turn = Turn()

    def show(self, request: Request) -> Response:
        """The form."""
        return self._page(request, 200, Asked(b"", ""))

    async def preview(self, request: Request) -> Response:
        """What the sheet would change, or everything that is wrong with it."""
        form = await self._frame.written(request)
        asked = Asked(b"", "")
        try:
            asked = await Asked.by(form)
            async with self._turn:
                tried = await run_in_threadpool(self._trier.tried, asked.data, asked.file, asked.sheet, asked.year)
        except IrcalError as error:
            return self._page(request, status_of(error), asked, error=error)
        finally:
            await form.close()
        return self._page(request, 200, asked, tried=tried)

    def _page(
        self, request: Request, status: int, asked: Asked, tried: Tried | None = None, error: IrcalError | None = None
    ) -> Response:
        problems = error.problems if isinstance(error, ProgramError | ScheduleRefused) else ()
        told: dict[str, Any] = {"asked": asked, "tried": tried, "error": error, "sheet_problems": problems}
        told["tried_files"] = by_file(tried.warnings) if tried else ()
        return self._frame.page(request, "preview.html", status, largest=self._trier.largest >> 20, **told)


class Asked:
    """What a form says: the bytes of a file, what it is called, which sheet, and which year."""

    def __init__(self, data: bytes, file: str, sheet: str = "", year: int | None = None) -> None:
        self.data = data
        self.file = file
        self.sheet = sheet
        self.year = year

    @classmethod
    async def by(cls, form: FormData) -> Asked:
        """Raises SheetUnreadable for a form without a file, or with a year that is none."""
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise SheetUnreadable("No file came with the form.", "Choose the XLSX or CSV file first.")
        year = str(form.get("year", "")).strip()
        if year and not (year.isascii() and year.isdigit() and _FIRST_YEAR <= int(year) <= _LAST_YEAR):
            raise SheetUnreadable(
                "That is not a year.", "Write the calendar year in which the academic year begins: 2026."
            )
        sheet = str(form.get("sheet", "")).strip()[:_LONGEST_NAME]
        return cls(await file.read(), called(file.filename), sheet, int(year) if year else None)


def called(name: str) -> str:
    """What a file is called, without a folder, and only as far as it can be printed on a line."""
    last = name.replace("\\", "/").rpartition("/")[2]
    printed = "".join(each if each.isprintable() else "?" for each in last)
    return printed[-_LONGEST_NAME:] or "the file"


def status_of(error: IrcalError) -> int:
    """What the error is to HTTP: the sheet cannot be read as one, or what it says cannot be taken (RFC 9110, 15.5)."""
    return 415 if isinstance(error, SheetUnreadable) else 422


class Turn:
    """One at a time: to work out two programmes takes all that the machine has. Raises HTTPException with 503."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._waiting = 0

    async def __aenter__(self) -> None:
        if self._waiting >= _WAITING:
            raise HTTPException(
                503, "Others are trying sheets out just now. Try again in a moment.", {"retry-after": "5"}
            )
        self._waiting += 1
        try:
            await self._lock.acquire()
        finally:
            self._waiting -= 1

    async def __aexit__(self, *_: object) -> None:
        self._lock.release()
