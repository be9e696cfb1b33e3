"""What monitoring asks for: `/readyz`, whether all is well, and `/metrics`, in figures.

`/healthz` is 200 as long as feeds can be served, which goes on without a store and without Google; `/readyz` is 503 as
soon as somebody should have a look. Metrics name calendars, and so people: they are shown to whoever has the token, or
to this machine alone.
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Protocol

from starlette.concurrency import run_in_threadpool

from ircal.web.answers import NOT_FOUND, UNSEEN, answer

if TYPE_CHECKING:
    from starlette.types import Scope

    from ircal.web.answers import Answer


class Machine(Protocol):
    """An address that a machine asks."""

    async def answer(self, scope: Scope) -> Answer:
        """The answer to a GET or HEAD."""


class Readiness(Protocol):
    """Whatever can say whether all is well."""

    def lacks(self) -> list[str]:
        """What is not, in short words (`store`, `programme`, `lag`); nothing if all is. May block."""


class Figures(Protocol):
    """Whatever has figures for Prometheus."""

    def told(self, accept: str) -> tuple[str, bytes]:
        """The media type and the text, in a form that whoever asks can read. May block."""


class ReadyPage:
    """`/readyz`: 200, or 503 with what is not well."""

    def __init__(self, readiness: Readiness) -> None:
        self._readiness = readiness

    async def answer(self, scope: Scope) -> Answer:
        """The answer to a GET or HEAD."""
        del scope
        lacks = await run_in_threadpool(self._readiness.lacks)
        told = {"status": "not ready" if lacks else "ready", "lacks": lacks}
        return _answer(503 if lacks else 200, "application/json", json.dumps(told).encode(), "readyz")


class MetricsPage:
    """`/metrics`. Without a token it is shown to everybody or, `closed`, to nobody: then it is a 404 like any other."""

    def __init__(self, figures: Figures, token: str, *, closed: bool) -> None:
        self._figures = figures
        self._token = token.encode()
        self._closed = closed

    async def answer(self, scope: Scope) -> Answer:
        """The answer to a GET or HEAD."""
        headers = dict(scope["headers"])
        if not self._lets_in(headers.get(b"authorization", b"")):
            return NOT_FOUND
        accept = headers.get(b"accept", b"").decode("latin-1")
        media, text = await run_in_threadpool(self._figures.told, accept)
        return _answer(200, media, text, "metrics")

    def _lets_in(self, authorization: bytes) -> bool:
        if not self._token:
            return not self._closed
        scheme, _, given = authorization.partition(b" ")
        return secrets.compare_digest(given.strip(), self._token) and scheme.lower() == b"bearer"


def _answer(status: int, media: str, body: bytes, about: str) -> Answer:
    return answer(status, {**UNSEEN, "content-length": str(len(body)), "content-type": media}, body, about)
