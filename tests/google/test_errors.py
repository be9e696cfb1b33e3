"""Google's refusals in our words."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from contextlib import closing
from typing import TYPE_CHECKING

import httplib2
import pytest
from googleapiclient.errors import BatchError, HttpError

from ircal.errors import (
    Conflict,
    Denied,
    QuotaExhausted,
    Refused,
    RemoteError,
    RemoteMissing,
    ServerFault,
    Throttled,
    Unreachable,
)
from ircal.google.client import build_service
from ircal.google.errors import About, AlreadyThere, Gone, retry_after, translate
from ircal.google.identity import Mark
from ircal.google.remote import GoogleRemote
from ircal.google.sending import ATTEMPTS

if TYPE_CHECKING:
    from tests.google.conftest import Scripted
    from tests.sync.harness import OnSandbox


def refusal(status: int, reason: str = "", message: str = "Hm", **headers: str) -> HttpError:
    body = {"error": {"errors": [{"reason": reason, "message": message}], "code": status, "message": message}}
    response = httplib2.Response({"status": str(status), **{k.replace("_", "-"): v for k, v in headers.items()}})
    return HttpError(response, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("status", "reason", "about", "kind"),
    [
        (400, "badRequest", "event", Refused),
        (400, "invalid", "event", Refused),
        (400, "timeRangeEmpty", "event", Refused),
        (401, "authError", "calendar", Denied),
        (403, "rateLimitExceeded", "event", Throttled),
        (403, "userRateLimitExceeded", "event", Throttled),
        (429, "rateLimitExceeded", "event", Throttled),
        (429, "", "event", Throttled),
        (403, "quotaExceeded", "event", QuotaExhausted),
        (429, "quotaExceeded", "event", QuotaExhausted),
        (403, "dailyLimitExceeded", "event", QuotaExhausted),
        (403, "forbidden", "calendar", Denied),
        (403, "requiredAccessLevel", "calendar", Denied),
        (403, "insufficientPermissions", "calendar", Denied),
        (403, "accessNotConfigured", "calendar", Denied),
        (403, "forbiddenForNonOrganizer", "event", RemoteError),
        (404, "notFound", "calendar", RemoteMissing),
        (404, "notFound", "event", Gone),
        (408, "", "event", ServerFault),
        (409, "duplicate", "event", AlreadyThere),
        (410, "deleted", "event", Gone),
        (410, "fullSyncRequired", "calendar", Conflict),
        (410, "updatedMinTooLongAgo", "calendar", Conflict),
        (412, "conditionNotMet", "event", Conflict),
        (418, "", "event", Refused),
        (500, "backendError", "event", ServerFault),
        (503, "", "calendar", ServerFault),
    ],
)
def test_statuses_and_reasons(status: int, reason: str, about: About, kind: type[RemoteError]) -> None:
    found = translate(refusal(status, reason), about)
    assert type(found) is kind
    assert str(status) in found.message


def test_a_servers_words_are_repeated_on_one_line() -> None:
    found = translate(refusal(400, "in\x1bvalid", "No\n\x1b[31m" + "x" * 1000), "event")
    assert found.message == f"Google does not take it (400 invalid: No [31m{'x' * 293})."


def test_a_refusal_in_words() -> None:
    found = translate(refusal(404, "notFound", "Not Found"), "calendar")
    assert found.message == (
        "There is no such calendar, or it is not shared with this account (404 notFound: Not Found)."
    )
    assert found.remedy == "Share the calendar with the service account and let it make changes to events."


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"error": "x"}', b'{"error": {"errors": []}}', b'{"error": {"errors": ["x"]}}']
)
def test_a_refusal_without_googles_body(body: bytes) -> None:
    found = translate(HttpError(httplib2.Response({"status": "403"}), body), "calendar")
    assert (type(found), found.message) == (Denied, "Google does not let this account do that (403).")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "Google cannot be reached (Connection refused)."),
        (TimeoutError("timed out"), "Google cannot be reached (timed out)."),
        (TimeoutError(), "Google cannot be reached (TimeoutError)."),
        (httplib2.ServerNotFoundError("No server at x"), "Google cannot be reached (no such host)."),
        (
            ssl.SSLCertVerificationError(1, "certificate verify failed"),
            "Google cannot be reached (certificate verify failed).",
        ),
        (http.client.IncompleteRead(b"{"), "Google cannot be reached (the answer broke off)."),
        (http.client.BadStatusLine("hm"), "The answer is not one of the Calendar API's."),
        (http.client.RemoteDisconnected("closed"), "Google cannot be reached (closed)."),
        (httplib2.FailedToDecompressContent("hm", None, b""), "The answer is not one of the Calendar API's."),
        (BatchError("no multipart"), "The answer is not one of the Calendar API's."),
        (UnicodeDecodeError("utf-8", b"x", 0, 1, "x"), "The answer is not one of the Calendar API's."),
    ],
)
def test_no_usable_answer(error: Exception, message: str) -> None:
    found = translate(error, "calendar")
    kind = ServerFault if "not one of" in message else Unreachable
    assert (type(found), found.message) == (kind, message)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": "Wed, 21 Oct 2026 07:28:09 GMT", "date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 9.0),
        ({"retry_after": "Wed, 21 Oct 2026 07:28:00 GMT", "date": "Wed, 21 Oct 2026 07:28:09 GMT"}, 0.0),
        ({"retry_after": "Wed, 21 Oct 2026 07:28:00 GMT"}, 0.0),
        ({"retry_after": "soon", "date": "now"}, 0.0),
        ({"retry_after": "-1"}, 0.0),
        ({}, 0.0),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: float) -> None:
    error = Throttled("slow down")
    error.__cause__ = refusal(429, **headers)
    assert retry_after(error) == seconds
    assert retry_after(Throttled("slow down")) == 0.0


# -------------------------------------------------------------------------------------------------------- over a socket


def test_a_server_that_is_not_there() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        port = listening.getsockname()[1]
    naps: list[float] = []
    with closing(build_service(f"http://127.0.0.1:{port}", None)) as service:
        remote = GoogleRemote(service, "c", Mark("o", "c"), sleep=naps.append)
        with pytest.raises(
            Unreachable, match=rf"Google cannot be reached at 127\.0\.0\.1:{port} \(Connection refused\)"
        ):
            remote.owned()
    assert len(naps) == ATTEMPTS - 1


def test_something_else_answers(scripted: Scripted) -> None:
    scripted.says(200, "<html>Please sign in to the hospital's network</html>")
    with closing(build_service(scripted.url, None)) as service:
        remote = GoogleRemote(service, "c", Mark("o", "c"), sleep=lambda _: None)
        with pytest.raises(Unreachable, match="The answer is not one of the Calendar API's"):
            remote.owned()


def test_a_calendar_that_is_not_there(on_sandbox: OnSandbox) -> None:
    remote = GoogleRemote(on_sandbox.service, "nobody@example.org", Mark("o", "c"))
    with pytest.raises(RemoteMissing, match="There is no such calendar, or it is not shared with this account"):
        remote.owned()
