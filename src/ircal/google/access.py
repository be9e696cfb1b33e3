"""Access tokens: how they are asked for, whoever's credentials they are for.

Google's library asks the token endpoint (the `token_uri` of a key) in ways that depend on who asks: batches with a
client of their own that waits for ever and follows redirects, everybody with pauses of its own. And it trusts the
answer. `Access` stands before the credentials and asks in one way: once, within a time limit, without redirects. What
goes wrong is told with the endpoint's address, never with anything that was sent or came back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError, TransportError
from google.auth.transport import DEFAULT_RETRYABLE_STATUS_CODES
from google.auth.transport import Request as AuthRequest
from google_auth_httplib2 import Request

from ircal.google.errors import FAULTS, GARBLED, no_token
from ircal.google.transport import http_for

if TYPE_CHECKING:
    from google.auth.transport import Response


class Access(Credentials):
    """Credentials that get their tokens in our way."""

    def __init__(self, credentials: Credentials) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # what pyproject.toml excludes does not reach super()
        self._credentials = credentials

    def refresh(self, request: object) -> None:
        """Get a new token. Raises RemoteError; whatever would ask (`request`) is not used."""
        del request
        endpoint = _Endpoint()
        try:
            self._credentials.refresh(endpoint)
            self.token, self.expiry = _checked(self._credentials.token), self._credentials.expiry
        except (GoogleAuthError, *FAULTS, *GARBLED) as error:
            raise no_token(error, endpoint.url, endpoint.status) from error

    def apply(self, headers: dict[str, str], token: str | None = None) -> None:
        """Put the token into a request's headers, in the way of these credentials."""
        self._credentials.apply(headers, token)


def _checked(token: object) -> str:
    """What can stand in a header."""
    if isinstance(token, str) and token and token.isascii() and token.isprintable():
        return token
    raise ValueError("no access token")


class _Endpoint(AuthRequest):
    """The way to a token endpoint: remembers what was asked last and how it was answered (status 0: not at all)."""

    def __init__(self) -> None:
        self.url = ""
        self.status = 0

    def __call__(self, url: str, *arguments: Any, **more: Any) -> Response:
        self.url, self.status = url, 0
        more.pop("timeout", None)  # it is the client's
        http = http_for(url)
        try:
            response: Response = Request(http)(url, *arguments, **more)
        finally:
            http.close()
        self.status = response.status
        if self.status in DEFAULT_RETRYABLE_STATUS_CODES:
            raise TransportError(str(self.status))  # or the library would try again; that is for `sending` to say
        return response
