"""What the client already has, and what it can read: RFC 9110's preconditions and content codings, as pure functions.

The arguments are header values as they came; a client may write what it likes, and nothing here raises.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_ENTITY_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')  # RFC 9110, 8.8.3
_WEIGHT = re.compile(r"q\s*=\s*([01](?:\.\d{0,3})?)", re.IGNORECASE)  # RFC 9110, 12.4.2


def has_current(if_none_match: str | None, if_modified_since: str | None, etag: str, last_modified: datetime) -> bool:
    """Whether the client's copy is the one that would be sent, so that 304 is the answer (RFC 9110, 13.2.2).

    If-None-Match alone decides where it is given; dates are only for clients that have no ETag.
    """
    if if_none_match is not None:
        return if_none_match.strip() == "*" or etag in _ENTITY_TAG.findall(if_none_match)  # weak comparison: 8.8.3.2
    since = _http_date(if_modified_since)
    return since is not None and last_modified <= since


def _http_date(text: str | None) -> datetime | None:
    """The instant of an HTTP date, also in its two old forms; None for what is none, which a server must ignore."""
    try:
        parsed = parsedate_to_datetime(text or "")
    except (ValueError, IndexError, OverflowError):
        return None
    return parsed.replace(tzinfo=UTC) if parsed.utcoffset() in {None, timedelta(0)} else None


def accepts_gzip(accept_encoding: str | None) -> bool:
    """Whether gzip is accepted, and not less than plain bytes (RFC 9110, 12.5.3)."""
    if not accept_encoding:
        return False
    weights = dict(_weighted(part) for part in accept_encoding.split(","))
    gzip = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    return gzip > 0 and gzip >= weights.get("identity", 0.0)


def _weighted(part: str) -> tuple[str, float]:
    coding, *parameters = (piece.strip() for piece in part.split(";"))
    found = [_WEIGHT.fullmatch(parameter) for parameter in parameters]
    return coding.lower(), next((float(match[1]) for match in found if match), 1.0)
