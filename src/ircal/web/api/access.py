"""Who asks, and whether they may. The rules are those of the pages.

    a session       the cookie of a coordinator who has signed in, or a trusted proxy's word; what it writes needs the
                    header `X-Form-Token` (`GET /session` tells it), so that no other site can write in its name
    Bearer token    `IRCAL_ADMIN__API_TOKEN`: a coordinator's program; or the secret of a person's own feed, which opens
                    that person's agenda and nothing else
    nobody          what is for everybody

Tokens are compared by their digests, in constant time. Wrong ones are counted by where they come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ircal.web.api.problems import Trouble
from ircal.web.limiter import WrongTries
from ircal.web.pages.session import Viewer
from ircal.web.tokens import is_token

if TYPE_CHECKING:
    from starlette.requests import Request

    from ircal.web.pages.frame import Frame

FORM_HEADER = "x-form-token"
_PROGRAM = "api"
"""What the journal calls whoever has the token."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a viewer as the pages know them; `calendar` is the one calendar that their secret opens."""

    viewer: Viewer
    reads: bool
    by_token: bool = False
    calendar: str = ""

    @property
    def kind(self) -> str:
        """What all of whom are answered alike have in common."""
        return "named" if self.reads else f"of {self.calendar}" if self.calendar else "public"


class Access:
    """Knows callers. Each method raises Trouble for whom it does not let through."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._wrong = WrongTries(frame.rules.wrong_per_minute)

    def anybody(self, request: Request) -> Caller:
        """Whoever asks. 401 for a token that is wrong, 429 for too many of those."""
        token = _bearer(request)
        if token is None:
            viewer = self._frame.viewer(request)
            return Caller(viewer, self._frame.may_read(viewer))
        if is_token(token, self._frame.rules.api_token_digest):
            return Caller(Viewer(_PROGRAM), reads=True, by_token=True)
        opened = self._frame.door.opened_by(token)
        if opened is None:
            self._refuse(request)
        return Caller(
            Viewer(), self._frame.rules.open_to_all, by_token=True, calendar=opened.calendar if opened else ""
        )

    def reader(self, request: Request) -> Caller:
        """Somebody who may see what is not for everybody. 401 for others."""
        caller = self.anybody(request)
        return caller if caller.reads else self._unknown()

    def own(self, request: Request, calendar: str) -> Caller:
        """A reader, or whoever has the secret of that calendar. 401 for others."""
        caller = self.anybody(request)
        is_own = bool(calendar) and caller.calendar == calendar
        return caller if caller.reads or is_own else self._unknown()

    def coordinator(self, request: Request) -> Caller:
        """A coordinator, or a program with the token. 401 for others."""
        caller = self.anybody(request)
        return caller if caller.viewer.signed_in else self._unknown()

    def writer(self, request: Request) -> Caller:
        """A coordinator who means it: 403 for a session that does not bring its form's token back."""
        caller = self.coordinator(request)
        own = caller.by_token or self._frame.sessions.is_own_form(request, request.headers.get(FORM_HEADER))
        if not own:
            raise Trouble(403, f"The header {FORM_HEADER} is not that of this session.", "Get it from /session.")
        return caller

    def _refuse(self, request: Request) -> None:
        if seconds := self._wrong.count(self._frame.client(request)):
            headers = {"retry-after": str(seconds)}
            raise Trouble(429, "Too many tokens that open nothing. Try again later.", headers=headers)
        self._unknown("This token opens nothing.")

    @staticmethod
    def _unknown(message: str = "This is for those who are signed in.") -> Caller:
        remedy = "Send `Authorization: Bearer ...` with the token of the settings, or sign in."
        raise Trouble(401, message, remedy, {"www-authenticate": 'Bearer realm="ircal"'})


def _bearer(request: Request) -> str | None:
    """The token of a request (RFC 6750, 2.1); None where there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
