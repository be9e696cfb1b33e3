"""The outermost layer: one line of log for each answer, and a plain 500 when something in us broke.

The address of a feed is a secret, so neither the path nor the query is ever logged: a line names the calendar that was
served, or nothing. What an endpoint knows of its calendar it leaves in `scope["state"]` under CALENDAR.
"""

from __future__ import annotations

import logging
import time
import traceback
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

CALENDAR = "calendar"

_SECRET = 16
_BROKEN = b"Something went wrong here. It has been noted.\n"


class AccessLog:
    """ASGI middleware that logs `GET ada 200 2345 bytes 1.2 ms` for each request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        began, status, sent = time.perf_counter(), 0, 0

        async def counted(message: Message) -> None:
            nonlocal status, sent
            status = message.get("status", status)
            sent += len(message.get("body", b"")) if scope["method"] != "HEAD" else 0
            await send(message)

        try:
            await self._app(scope, receive, counted)
        except Exception:  # noqa: BLE001 whatever broke, the client is told so plainly, and it is logged here
            log.error("%s", _without_secrets(traceback.format_exc(), scope))  # noqa: TRY400 the trace is cleaned first
            if not status:
                await _answer_500(counted)
        milliseconds = (time.perf_counter() - began) * 1000
        calendar = state.get(CALENDAR, "-")
        log.info("%s %s %d %d bytes %.1f ms", scope["method"], calendar, status, sent, milliseconds)


def _without_secrets(text: str, scope: Scope) -> str:
    """The text without any part of the address that is long enough for a secret, as it came or decoded."""
    raw = [scope.get("raw_path", b"").decode("latin-1"), scope.get("query_string", b"").decode("latin-1")]
    whole = {part for path in [scope["path"], *raw] for part in (path, unquote(path))}
    parts = {piece.removesuffix(".ics") for path in whole for piece in path.split("/")} | whole
    for part in sorted(parts, key=len, reverse=True):
        text = text.replace(part, "***") if len(part) >= _SECRET else text
    return text


async def _answer_500(send: Send) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(_BROKEN)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": _BROKEN})
