"""304 where nothing is different from what a program has already (RFC 9110, 13.1.2).

All that is answered about a programme follows from its edition, the day, who asks and what is asked for, so that these
make the tag, and nothing has to be worked out to find that it is the same. It is weak: another process has other tags.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from ircal.views import Ground
    from ircal.web.api.access import Caller
    from ircal.web.kept import Kept
    from ircal.web.pages.frame import Frame


class Unchanged(Exception):
    """What the caller has is what there is."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__()
        self.headers = headers


def headers_for(request: Request, caller: Caller, frame: Frame, ground: Ground, kept: Kept) -> dict[str, str]:
    """The headers of an answer. Raises Unchanged where the caller has it."""
    edition = kept.made(ground, "edition", lambda: secrets.token_hex(8))
    parts = (edition, str(frame.today(ground)), caller.kind, str(frame.source.problems), str(request.url))
    tag = f'W/"{hashlib.sha256(" ".join(parts).encode()).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache", "vary": "authorization, cookie"}
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if tag.removeprefix("W/") in known or "*" in known:
        raise Unchanged(headers)
    return headers


def not_modified(_: Request, error: Exception) -> Response:
    """The answer to who has it."""
    if not isinstance(error, Unchanged):
        raise error
    return Response(status_code=304, headers=error.headers)
