"""What holds for every answer and every request of the pages: headers, a limit for what is sent to us, the log.

Nothing may be loaded from elsewhere, no script or style stands in a page, nobody may frame one, and no address is told
to another site: secrets are in some. Pages are for one reader and are kept by no cache.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from ircal.web.access import log_fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("ircal.web.access")

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-robots-tag": "noindex",
    "cache-control": "no-store",
}
"""On every answer that does not say otherwise."""

_LARGEST_FORM = 64 << 10


_SMALL = 500
_LEVEL = 6


def coated(app: ASGIApp, uploads: Mapping[str, int] | None = None) -> ASGIApp:
    """An application of pages with all that holds for every one of them: the shield, and compression below it."""
    return Shield(GZipMiddleware(app, minimum_size=_SMALL, compresslevel=_LEVEL), uploads or {})


class Shield:
    """The outermost coat of the pages. `uploads` are the paths that take more than a form, and how many bytes."""

    def __init__(self, app: ASGIApp, uploads: Mapping[str, int]) -> None:
        self._app = app
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, told = time.perf_counter(), _Told()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                told.status = message["status"]
            elif message["type"] == "http.response.body":
                told.sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, self._limited(scope, receive), sending)
        except Exception:  # noqa: BLE001 the reader has been told; here is where it is logged
            log_fault(scope)
        seconds = time.perf_counter() - began
        about = scope.get("ircal.about", "-")
        log.info("%s %s %d %d bytes %.1f ms", scope["method"], about, told.status, told.sent, seconds * 1000)

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        """What the client sends, up to the limit of that path. Raises HTTPException with 413."""
        limit = self._uploads.get(path_within(scope), _LARGEST_FORM)
        announced = Headers(scope=scope).get("content-length", "")
        left = limit

        async def receiving() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0 or (announced.isdigit() and int(announced) > limit):
                raise HTTPException(413)
            return message

        return receiving


def path_within(scope: Scope) -> str:
    """The path of a request below where the application is (ASGI's `root_path`)."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


class _Told:
    status = 0
    sent = 0
