"""What the preview asks for: what a sheet that somebody has sent would change. The web reads no sheets itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ircal.views.changes import Tried


class Trier(Protocol):
    """Tries sheets out. It takes seconds, so that it is asked in a thread."""

    @property
    def largest(self) -> int:
        """How many bytes a sheet may have."""

    def tried(self, data: bytes, file: str, sheet: str = "", year: int | None = None) -> Tried:
        """What the sheet would change; nothing is written.

        `file` is what it is called, `sheet` which one of a workbook is meant, `year` the academic year that begins in
        it, where the sheet does not say. Raises SheetUnreadable, ScheduleRefused with every problem, IrcalError.
        """
