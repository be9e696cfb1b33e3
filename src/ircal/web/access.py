"""The log: one line for each answer, and the trace of what broke in us.

The address of a feed is a secret, so neither the path nor the query is ever logged: a line names the calendar that was
served, or nothing.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from starlette.types import Scope

    from ircal.web.answers import Answer

log = logging.getLogger(__name__)

_SECRET = 16
_LINE = "%s %s %d %d bytes %.1f ms"
_TOO_MANY = 429
_MANY = frozenset({"hooks/google"})
"""What is answered very often, and tells nobody anything: Google's echoes of what we write."""


class AccessLog:
    """Logs `GET ada 200 2345 bytes 1.2 ms` for each answer; only where it is asked for, those to floods."""

    def __init__(self) -> None:
        self._told: list[tuple[int, tuple[object, ...]]] = []

    def tell(self, method: str, answer: Answer, seconds: float) -> None:
        """Log an answer with the others of this turn of the loop, at its end: a line among others costs half."""
        level = logging.DEBUG if answer.status == _TOO_MANY or answer.about in _MANY else logging.INFO
        if log.isEnabledFor(level):
            if not self._told:
                asyncio.get_running_loop().call_soon(self._write)
            sent = 0 if method == "HEAD" else len(answer.body)
            self._told.append((level, (method, answer.about, answer.status, sent, seconds * 1000)))

    def _write(self) -> None:
        told, self._told = self._told, []
        for level, values in told:
            # What `log.log` does, without its search through the stack for who called it.
            log.handle(log.makeRecord(log.name, level, __file__, 0, _LINE, values, None))


def log_fault(scope: Scope) -> None:
    """Log the exception that is being handled, without the address that brought it about."""
    log.error("%s", _without_secrets(traceback.format_exc(), scope))


def _without_secrets(text: str, scope: Scope) -> str:
    """The text without any part of the address that is long enough for a secret, as it came or decoded."""
    raw = [scope.get("raw_path", b"").decode("latin-1"), scope.get("query_string", b"").decode("latin-1")]
    whole = {part for path in [scope["path"], *raw] for part in (path, unquote(path))}
    parts = {piece.removesuffix(".ics") for path in whole for piece in path.split("/")} | whole
    for part in sorted(parts, key=len, reverse=True):
        text = text.replace(part, "***") if len(part) >= _SECRET else text
    return text
