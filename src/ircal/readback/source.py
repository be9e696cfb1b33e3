"""Where a feed is read from: a file, or an address (https, http, and webcal, which is https to a calendar).

The path of an address may be the secret that opens a calendar, so that no more than the host is ever shown. The answer
is read within limits of time and size; a redirect is followed on the same host alone, and never from https to http: an
address that was given to us is nobody else's to change.
"""

from __future__ import annotations

import http.client
import re
import time
from http import HTTPStatus
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from ircal.errors import FeedUnreachable, FeedUnreadable

if TYPE_CHECKING:
    from urllib.request import OpenerDirector

LARGEST = 16 << 20
"""Bytes; the calendar of a whole programme has about one million."""

_PATIENCE = 20.0
"""Seconds for which the server may say nothing."""
_AT_MOST = 120.0
"""Seconds for all of the answer."""
_PIECE = 1 << 16

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_AGAIN = "Try again."


def fetch(source: str) -> bytes:
    """The bytes of a file or an address.

    Raises FeedUnreachable when there is no answer, FeedUnreadable when it cannot be a feed; both show `shown(source)`.
    """
    return _fetched(source) if _ADDRESS.match(source) else _read(Path(source))


def shown(source: str) -> str:
    """The source as it may be shown: an address without its path."""
    if not _ADDRESS.match(source):
        return source
    parts = _parts(source)
    return f"{parts.scheme}://{parts.netloc}/..."


def name_in(source: str) -> str:
    """The name of the file, without `.ics`: the calendar's id, unless it is a secret."""
    path = unquote(_parts(source).path) if _ADDRESS.match(source) else source
    return path.rpartition("/")[2].removesuffix(".ics")


def _parts(source: str) -> SplitResult:
    try:
        parts = urlsplit(source)
        _ = parts.port  # raises ValueError when it is no number
    except ValueError:
        raise FeedUnreadable("What is given is not an address.", "Write it as https://host/path.") from None
    scheme = {"webcal": "https", "webcals": "https"}.get(parts.scheme, parts.scheme)
    if scheme not in {"http", "https"} or not parts.hostname:
        raise FeedUnreadable("What is given is not the address of a feed.", "It begins with https:// or webcal://.")
    if "@" in parts.netloc:
        raise FeedUnreadable("The address of a feed must not hold a name or a password.", "Its path is its secret.")
    if not source.isascii() or not source.isprintable() or " " in source:
        remedy = "Write what is not a letter or digit of English as %20 and so on."
        raise FeedUnreadable("What is given is not an address: it has a space or a strange letter in it.", remedy)
    return parts._replace(scheme=scheme)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "that is not a name of a file"
        raise FeedUnreadable(f"The file {path} cannot be read: {why}.") from None
    return _limited(data, str(path))


def _fetched(source: str) -> bytes:
    parts, where = _parts(source), shown(source)
    headers = {"Accept": "text/calendar", "Accept-Encoding": "identity", "User-Agent": "ircal"}
    asked = Request(parts._replace(fragment="").geturl(), headers=headers)  # noqa: S310 _parts lets http(s) through
    try:
        with _opener(parts).open(asked, timeout=_PATIENCE) as answer:
            if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
                raise FeedUnreadable(f"{where} answers packed, which it was not asked for.")
            return _limited(_whole(answer, where), where)
    except HTTPError as error:
        with error:
            raise _refused(where, error.code) from None
    except TimeoutError:
        raise FeedUnreachable(f"{where} does not answer in time.", _AGAIN) from None
    except URLError as error:
        why = error.reason.strerror if isinstance(error.reason, OSError) else ""
        raise FeedUnreachable(f"{where} cannot be reached{f': {why}' if why else ''}.", _AGAIN) from None
    except (http.client.HTTPException, OSError, ValueError):  # their texts may hold the address
        raise FeedUnreachable(f"{where} breaks off, or does not speak HTTP.", _AGAIN) from None


def _whole(answer: http.client.HTTPResponse, where: str) -> bytes:
    began, pieces, size = time.monotonic(), [], 0
    while size <= LARGEST and (piece := answer.read1(_PIECE)):
        pieces.append(piece)
        size += len(piece)
        if time.monotonic() - began > _AT_MOST:
            raise FeedUnreachable(f"{where} takes too long to answer.", _AGAIN)
    if size <= LARGEST and answer.length:  # what is still to come of Content-Length
        raise FeedUnreachable(f"{where} breaks off: {answer.length} bytes are missing.", _AGAIN)
    return b"".join(pieces)


def _limited(data: bytes, where: str) -> bytes:
    if len(data) > LARGEST:
        raise FeedUnreadable(f"{where} is larger than any feed of ours: more than {LARGEST >> 20} MB.")
    return data


def _refused(where: str, status: int) -> FeedUnreadable:
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        remedy = "See that the address is right, and that its link was not revoked (`ircal token list`)."
        return FeedUnreadable(f"{where} has no such feed ({status}).", remedy)
    if status in {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS} or status // 100 == 5:  # noqa: PLR2004
        return FeedUnreachable(f"{where} is in trouble ({status}).", _AGAIN)
    if status // 100 == 3:  # noqa: PLR2004 300 to 399, redirects
        remedy = "Give the address that it leads to, if you trust it."
        return FeedUnreadable(f"{where} leads elsewhere ({status}), where ircal does not follow.", remedy)
    return FeedUnreadable(f"{where} refuses ({status}).")


class _SameHost(HTTPRedirectHandler):
    """Follows a redirect on the same host, a few times; else its status is the answer."""

    max_redirections = 3

    def redirect_request(  # noqa: PLR0913, PLR0917 urllib's signature
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage, newurl: str
    ) -> Request | None:
        """The request that follows; None leaves it."""
        before, after = urlsplit(req.full_url), urlsplit(newurl)
        upgraded = (before.scheme, after.scheme) == ("http", "https") and before.hostname == after.hostname
        if not upgraded and (before.scheme, before.netloc) != (after.scheme, after.netloc):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener(parts: SplitResult) -> OpenerDirector:
    """What asks; this machine without the proxy that leads to others."""
    return build_opener(_SameHost, *([ProxyHandler({})] if parts.hostname in _LOOPBACK else []))
