"""Whom a secret address lets in: a token that is in use, and a reader who has not left the programme too long ago."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ircal.service.leavers import Leavers
from ircal.web import Opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ircal.model.program import Program
    from ircal.store import KeyRing, Token


class HasProgram(Protocol):
    """Whatever holds the programme in force."""

    @property
    def program(self) -> Program | None:
        """The programme that is served."""


class TokenDoor:
    """A `Door` that knows the tokens and the programme in force. Links outlive their reader's last day by `days`."""

    def __init__(self, keys: KeyRing, book: HasProgram, days: int, clock: Callable[[], datetime]) -> None:
        self._keys = keys
        self._book = book
        self._days = days
        self._clock = clock
        self._program: Program | None = None
        self._leavers = Leavers({}, {})

    def is_stale(self) -> bool:
        """Whether it is time to ask the store."""
        return self._keys.is_stale()

    def look(self) -> None:
        """Ask the store whether the tokens have changed; it may block."""
        self._keys.look()

    def calendar_of(self, secret: str) -> str | None:
        """The calendar that a secret opens; None if it opens nothing."""
        now = self._clock()
        token = self._opened(secret, now)
        if token is None:
            return None
        self._keys.note_use(token, now)
        return token.calendar

    def opened_by(self, secret: str) -> Opened | None:
        """The same, with the last use, for somebody who looks at a page: which is none. It may ask the store."""
        if self._keys.is_stale():
            self._keys.look()
        token = self._opened(secret, self._clock())
        return Opened(token.calendar, self._keys.used(token)) if token else None

    def fetched(self, calendar: str) -> datetime | None:
        """When the calendar was last fetched by a secret address that is in use."""
        return self._keys.last_use(calendar)

    def _opened(self, secret: str, now: datetime) -> Token | None:
        token = self._keys.find(secret, now)
        if token is None:
            return None
        end = self.end_of(token)
        return None if end is not None and end <= now else token

    def end_of(self, token: Token) -> datetime | None:
        """From when on it opens nothing; None if nothing ends it."""
        return self._in_force().end_of(token)

    def _in_force(self) -> Leavers:
        program = self._book.program
        if program is not None and program is not self._program:
            self._leavers, self._program = Leavers.of(program, self._days), program
        return self._leavers
