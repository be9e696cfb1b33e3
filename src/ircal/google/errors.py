"""The wire's faults in our words: the one place that knows Google's statuses and reasons.

Google tells a refusal twice, by status and by a `reason`; one status has many reasons, so the reason decides where it
is known (API guide "Handle API errors"). Three refusals have a way out, and so a name here:

    RemoteError
    ├── AlreadyThere     409 duplicate: the id is taken, by an event of ours that was deleted, or by a channel
    └── Conflict
        ├── Gone         404 or 410: the event is not there
        └── (412, itself)
"""

from __future__ import annotations

import http.client
import json
import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import httplib2
from google.auth.exceptions import RefreshError, TransportError
from googleapiclient.errors import BatchError, HttpError
from googleapiclient.errors import Error as ClientError

from ircal.errors import (
    Conflict,
    Denied,
    QuotaExhausted,
    Refused,
    RemoteError,
    RemoteMissing,
    ServerFault,
    Stopped,
    Throttled,
    Unreachable,
    Unwatchable,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

FAULTS = (
    ClientError,
    httplib2.HttpLib2Error,
    http.client.HTTPException,
    OSError,
    UnicodeDecodeError,
)
"""What Google's client and the transports below it raise when something is not as it should be."""

GARBLED = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What they raise besides when an answer is cut short or is none: much of it is taken apart without a guard."""

About = Literal["calendar", "event"]
"""What a request is about, which tells whether a 404 is a missing calendar or a missing event."""


class AlreadyThere(RemoteError):
    """The id of a new event is taken."""


class Gone(Conflict):
    """An event that we meant to write to is not there, or was deleted."""


WHOLE_CALENDAR = (Denied, QuotaExhausted, RemoteMissing, Stopped, Throttled, Unreachable)
"""Errors after which it makes no sense to go on with this calendar; the others concern one event."""

_CREDENTIALS = "Check the service account's key, and that the account may still use the Calendar API."
_SHARE = "Share the calendar with the service account and let it make changes to events."
_SCOPE = "Grant them the scope https://www.googleapis.com/auth/calendar.events; `ircal doctor` says who they are."
_VERIFY = (
    "Verify that the domain is yours (Google Search Console) and allow it in the project, or let ircal ask instead."
)
_HTTPS = "Set IRCAL_HTTP__PUBLIC_URL to an https address with a certificate that browsers accept."
_NETWORK = "Check the network and the address of the API; the next run goes on where this one stopped."
LATER = "Wait; the next run goes on where this one stopped."

_REASONS: Mapping[str, tuple[type[RemoteError], str, str]] = {
    "rateLimitExceeded": (Throttled, "Google asks us to slow down", LATER),
    "userRateLimitExceeded": (Throttled, "Google asks us to slow down", LATER),
    "quotaExceeded": (QuotaExhausted, "the calendar usage limit is reached, for hours", LATER),
    "dailyLimitExceeded": (QuotaExhausted, "the project's limit for today is reached", LATER),
    "dailyLimitExceededUnreg": (QuotaExhausted, "requests without credentials have used up their limit", _CREDENTIALS),
    "accessNotConfigured": (Denied, "the Calendar API is not enabled", "Enable it in the service account's project."),
    "insufficientPermissions": (Denied, "the credentials do not carry the right (scope) for that", _SCOPE),
    "forbiddenForNonOrganizer": (RemoteError, "the event belongs to another organizer", "Remove it by hand."),
    "channelIdNotUnique": (AlreadyThere, "the channel's id is taken", ""),
    "push.webhookUrlNotHttps": (Unwatchable, "Google tells of changes to https addresses alone", _HTTPS),
    "push.webhookUrlUnauthorized": (Unwatchable, "Google does not know that the address is ours", _VERIFY),
    "pushNotSupportedForRequestedResource": (Unwatchable, "Google does not tell of changes of this calendar", ""),
    "fullSyncRequired": (Conflict, "what we remember of the calendar has expired", LATER),
    "updatedMinTooLongAgo": (Conflict, "what we remember of the calendar has expired", LATER),
}

_STATUSES: Mapping[int, tuple[type[RemoteError], str, str]] = {
    401: (Denied, "Google does not accept the credentials", _CREDENTIALS),
    403: (Denied, "Google does not let this account do that", _SHARE),
    408: (ServerFault, "Google took too long", LATER),
    409: (AlreadyThere, "the event's id is taken", ""),
    412: (Conflict, "the event has changed since it was read", LATER),
    429: (Throttled, "Google asks us to slow down", LATER),
}

_MISSING: Mapping[About, tuple[type[RemoteError], str, str]] = {
    "calendar": (RemoteMissing, "there is no such calendar, or it is not shared with this account", _SHARE),
    "event": (Gone, "the event is not there", LATER),
}

_CLIENT_FAULT, _SERVER_FAULT = 400, 500
_PASSING = (408, 429)
"""Statuses of a client's fault that pass by themselves: a request that took too long, too many of them."""
_LONGEST = 300
"""Characters of a server's own words that are repeated."""
_OAUTH_WORD = re.compile(r"[a-z_]{1,40}")
"""What RFC 6749 section 5.2 calls an error code; anything else might be a piece of a secret."""


def translate(error: Exception, about: About, url: str = "") -> RemoteError:
    """One of FAULTS as an error of ours, with a sentence and what to do about it; `url` is where the request went."""
    if isinstance(error, HttpError) and not isinstance(error, BatchError):
        return _refusal(error, about)
    if word := _network_word(error):
        return Unreachable(f"Google cannot be reached{_at(url)} ({word}).", _NETWORK)
    return not_an_answer()


def no_token(error: Exception, url: str, status: int) -> RemoteError:
    """Why there is no access token: the endpoint that was asked, if any was, and the status of its answer (or 0)."""
    endpoint = f"The token endpoint{_at(url)}"
    if not url:
        return Denied("The credentials cannot be used to ask for an access token.", _CREDENTIALS)
    if not status and (word := _network_word(error)):
        return Unreachable(f"{endpoint} cannot be reached ({word}).", _NETWORK)
    if status >= _SERVER_FAULT or status in _PASSING:
        return Unreachable(f"{endpoint} gives no access token now ({status}).", LATER)
    if status >= _CLIENT_FAULT:
        return Denied(f"{endpoint} does not accept the credentials ({_oauth_word(error) or status}).", _CREDENTIALS)
    return Unreachable(f"The answer of the token endpoint{_at(url)} holds no access token.", _NETWORK)


def stopped() -> RemoteError:
    """What to say when we were told to stop."""
    return Stopped("The run was told to stop, and left the rest.", LATER)


def not_an_answer() -> RemoteError:
    """What to say of an answer that the API never gives: a sign-in page of the network, say."""
    return ServerFault("The answer is not one of the Calendar API's.", _NETWORK)


def status_of(error: RemoteError) -> int:
    """The status of the answer that an error is about; 0 where there was none."""
    cause = error.__cause__
    return int(cause.resp.status) if isinstance(cause, HttpError) and not isinstance(cause, BatchError) else 0


def retry_after(error: RemoteError) -> float:
    """How many seconds the server asked us to wait; 0 if it did not say.

    `Retry-After` is a number or a date (RFC 9110, 10.2.3), which is counted from the server's own `Date`.
    """
    cause = error.__cause__
    response = cause.resp if isinstance(cause, HttpError) else None  # None, too, where a batch has no form
    said, at = (response.get(name, "") for name in ("retry-after", "date")) if response else ("", "")
    if not said or said.isdecimal():
        return float(said or 0)
    try:
        until, now = parsedate_to_datetime(said), parsedate_to_datetime(at)
        return max(0.0, (until - now).total_seconds())
    except (TypeError, ValueError):  # no dates, or one of them without a zone
        return 0.0


def _refusal(error: HttpError, about: About) -> RemoteError:
    status, (reason, message) = int(error.resp.status), _reason(error)
    if status < _CLIENT_FAULT:  # a redirect, which is not followed
        return not_an_answer()
    if reason in _REASONS:
        kind, sentence, remedy = _REASONS[reason]
    elif status in (404, 410):
        kind, sentence, remedy = _MISSING[about]
    elif status >= _SERVER_FAULT:
        kind, sentence, remedy = ServerFault, "Google has a fault of its own", LATER
    else:
        kind, sentence, remedy = _STATUSES.get(status, (Refused, "Google does not take it", ""))
    told = " ".join(part for part in (str(status), reason) if part)
    return kind(f"{sentence[0].upper()}{sentence[1:]} ({told}{f': {message}' if message else ''}).", remedy)


def _reason(error: HttpError) -> tuple[str, str]:
    """Google's `reason` and its message, of the first error in the body; empty where there is no such body."""
    try:
        body = json.loads(error.content)["error"]
        return _line(body["errors"][0].get("reason", "")), _line(body.get("message", ""))
    except GARBLED:
        return "", ""


def _line(said: object) -> str:
    """What a server says, fit for a line of ours: no control characters, and not endless."""
    text = " ".join(str(said).split())
    return "".join(character for character in text if character.isprintable())[:_LONGEST]


def _oauth_word(error: Exception) -> str:
    """OAuth's word for a refusal, such as `invalid_grant`; the rest of the answer may say too much."""
    answer = error.args[1] if isinstance(error, RefreshError) and len(error.args) > 1 else None
    word = answer.get("error") if isinstance(answer, dict) else None
    return word if isinstance(word, str) and _OAUTH_WORD.fullmatch(word) else ""


def _at(url: str) -> str:
    """` at host:port`, or nothing."""
    host = urlsplit(url).netloc
    return f" at {host}" if host else ""


def _network_word(error: Exception) -> str:
    """What the transport calls it, without addresses and wrappers; empty if it is none of the network's faults."""
    if isinstance(error, TransportError) and error.args and isinstance(error.args[0], Exception):
        return _network_word(error.args[0])
    if isinstance(error, OSError):
        return error.strerror or str(error) or type(error).__name__
    if isinstance(error, http.client.IncompleteRead):
        return "the answer broke off"
    return "no such host" if isinstance(error, httplib2.ServerNotFoundError) else ""
