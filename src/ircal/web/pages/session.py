"""Who looks: a session in a signed cookie, and the token that every form must bring back.

The cookie holds a random id and nothing else; it is signed with its time, HttpOnly and SameSite, and over TLS it has
the prefix `__Host-`, so that no other host can set it. The key depends on the password's hash: another password ends
all sessions. To sign out ends the session here too, not only in the browser that forgets the cookie: the digest of its
id is remembered until it would be over by itself, where all who serve look it up.

A form's token is signed for the session (or, before anybody is signed in, for a random visit), so that no other site
can send a form in somebody's name; a browser that says which site a form comes from must name ours.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from itsdangerous import BadData, URLSafeTimedSerializer

from ircal.web.tokens import digest_of

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from ircal.web.pages.source import EndedSessions, PageRules

_FORM_SECONDS = 4 * 60 * 60
"""For how long a form that was loaded can be sent."""

_VISIT_SECONDS = 60 * 60
FORM_FIELD = "form_token"
"""The name of the hidden field."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks: `name` is what the journal calls them; `session` binds forms, and is empty for whoever only reads."""

    name: str = ""
    session: str = ""
    by_proxy: bool = False

    @property
    def signed_in(self) -> bool:
        """Whether it is a coordinator."""
        return bool(self.name)


class Sessions:
    """Begins, knows and ends sessions; makes and checks the tokens of forms."""

    def __init__(self, rules: PageRules, ended: EndedSessions) -> None:
        self._rules = rules
        self._ended = ended
        prefix = "__Host-" if rules.secure else ""
        own = f"-{rules.programme}" if rules.has_own_password else ""
        self._cookie = f"{prefix}ircal{own}"
        self._visit_cookie = f"{prefix}ircal-visit{own}"
        key = rules.secret + rules.password_hash.encode()
        self._signed = URLSafeTimedSerializer(key, salt="session")
        self._visits = URLSafeTimedSerializer(key, salt="visit")
        self._forms = URLSafeTimedSerializer(key, salt="form")

    def viewer(self, request: Request) -> Viewer:
        """Who asks, by the proxy's word or by cookie."""
        return self._from_proxy(request) or self._from_cookie(request) or Viewer()

    def _from_proxy(self, request: Request) -> Viewer | None:
        proxy = self._rules.proxy
        if proxy is None or not request.scope.get("ircal.by_proxy"):
            return None
        named = request.headers.getlist(proxy.header)
        user = named[0].strip() if len(named) == 1 else ""  # twice: somebody added one to the proxy's
        if not user or not ({"*", user.casefold()} & proxy.users):
            return None
        return Viewer(user, f"proxy:{user}", by_proxy=True)

    def _from_cookie(self, request: Request) -> Viewer | None:
        found = _read(self._signed, request.cookies.get(self._cookie), self._rules.session_seconds)
        if found is None or self._ended.has_ended(_digest(found)):
            return None
        return Viewer("coordinator", found)

    def begin(self, response: Response) -> None:
        """Sign in whoever gets this response."""
        value = self._signed.dumps(secrets.token_urlsafe(16))
        self._set(response, self._cookie, str(value), self._rules.session_seconds)
        self._drop(response, self._visit_cookie)

    def end(self, request: Request, response: Response, now: datetime) -> None:
        """End the session of a request, wherever its cookie has gone since. Raises StoreError; it may block."""
        value = request.cookies.get(self._cookie)
        found = _read(self._signed, value, self._rules.session_seconds)
        if found is not None:
            self._ended.end_session(_digest(found), now + timedelta(seconds=self._rules.session_seconds), now)
        self._drop(response, self._cookie)

    def form_token(self, viewer: Viewer, visit: str = "") -> str:
        """What the forms of a page bring back."""
        return str(self._forms.dumps(viewer.session or visit))

    def visit(self, request: Request) -> str:
        """The visit of somebody who is not signed in: the one they have, or a new one."""
        known = _read(self._visits, request.cookies.get(self._visit_cookie), _VISIT_SECONDS)
        return known or f"visit:{secrets.token_urlsafe(16)}"

    def keep_visit(self, response: Response, visit: str) -> None:
        """Let the browser bring the visit back."""
        self._set(response, self._visit_cookie, str(self._visits.dumps(visit)), _VISIT_SECONDS)

    def is_own_form(self, request: Request, token: object) -> bool:
        """Whether a form was loaded from us, by the same viewer or visit, and not too long ago."""
        viewer = self.viewer(request)
        bound = viewer.session or _read(self._visits, request.cookies.get(self._visit_cookie), _VISIT_SECONDS)
        text = token if isinstance(token, str) else None
        return bound is not None and self._is_our_site(request) and _read(self._forms, text, _FORM_SECONDS) == bound

    def _is_our_site(self, request: Request) -> bool:
        """Whether the browser, if it says so, says that the form comes from us.

        That is the host that the request names or, where a proxy wrote another one there, the one that people know.
        """
        if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return False
        origin = request.headers.get("origin")
        if origin in {None, "null"}:  # a page without a referrer may send `null`: Sec-Fetch-Site and the token must do
            return True
        ours = {request.headers.get("host", ""), urlsplit(self._rules.base_url).netloc}
        return urlsplit(origin or "").netloc in ours

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(
            name, value, max_age=seconds, path="/", secure=self._rules.secure, httponly=True, samesite="lax"
        )

    def _drop(self, response: Response, name: str) -> None:
        response.delete_cookie(name, path="/", secure=self._rules.secure, httponly=True, samesite="lax")


def _digest(session: str) -> str:
    return digest_of(session).hex()


def _read(signed: URLSafeTimedSerializer, text: str | None, seconds: int) -> str | None:
    """What was signed, if it was by us and not too long ago. The signature is compared in constant time."""
    try:
        found = signed.loads(text or "", max_age=seconds)
    except BadData:
        return None
    return found if isinstance(found, str) else None
