"""What must not be served, and what must not be told while it is refused."""

import logging
import re
import socket

import httpx
import pytest

from ircal.errors import StoreError
from ircal.web import FeedResource
from tests.web.conftest import BODY, CHANGED, SECRET, Feeds, Running

PRIVATE = f"/feeds/{SECRET}.ics"

by_id = pytest.mark.parametrize("feeds_by_id", [True, False], indirect=True)


def raw(port: int, target: bytes, method: bytes = b"GET") -> tuple[int, bytes]:
    """The status, and all that came back but the date, for a request that no client library would send."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(method + b" " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    return int(answer.split(b" ", 2)[1]), re.sub(rb"date: [^\r]+\r\n", b"", answer)


NOT_FOUND = (
    b"HTTP/1.1 404 Not Found\r\n"
    b"x-content-type-options: nosniff\r\n"
    b"referrer-policy: no-referrer\r\n"
    b"cache-control: no-store\r\n"
    b"x-robots-tag: noindex\r\n"
    b"content-length: 11\r\n"
    b"content-type: text/plain; charset=utf-8\r\n"
    b"Connection: close\r\n\r\n"
    b"Not found.\n"
)

NOTHING = [
    b"/feeds/ada.ics",  # a private calendar by its id
    b"/feeds/nobody.ics",
    b"/feeds/Gone-Secret_0123456789abcdefghi.ics",  # a secret whose calendar is no more
    b"/feeds/Never-Secret_0123456789abcdefgh.ics",
    b"/feeds/" + SECRET.lower().encode() + b".ics",
    b"/feeds/" + SECRET.encode(),
    b"/feeds/" + SECRET.encode() + b".ICS",
    b"/feeds/" + SECRET.encode() + b".ics/",
    b"/feeds/" + SECRET.encode() + b".ics%0a",
    b"/feeds/" + SECRET.encode() + b"%00.ics",
    b"/feeds//" + SECRET.encode() + b".ics",
    b"//feeds/" + SECRET.encode() + b".ics",
    b"/feeds/" + b"x" * 5000 + b".ics",
    b"/feeds/%2e%2e/%2e%2e/etc/passwd.ics",
    b"/feeds/..%2f..%2fetc%2fpasswd.ics",
    b"/feeds/../feeds/rounds.ics",
    b"/feeds/%2e%2e.ics",
    b"/feeds/.ics",
    b"/feeds/%00.ics",
    b"/feeds/%ff%fe.ics",
    b"/feeds/%c3%a9.ics",
    b"/feeds/rounds.ics%3Fx",
    b"/feeds/rounds%20.ics",
    b"/feeds",
    b"/feeds/",
    b"/",
    b"/index.html",
    b"/healthz/",
    b"/healthz%0a",
    b"/healthz.ics",
    b"/docs",
    b"*",
    b"/" + b"a/" * 2000,
]


@pytest.mark.parametrize("target", NOTHING, ids=lambda target: target[:60].decode())
def test_everything_else_is_the_same_404_to_the_byte(port: int, target: bytes) -> None:
    assert raw(port, target) == (404, NOT_FOUND)


@pytest.mark.parametrize("method", [b"POST", b"PUT", b"DELETE", b"OPTIONS", b"PROPFIND", b"TRACE"])
@pytest.mark.parametrize("target", [PRIVATE.encode(), b"/feeds/rounds.ics", b"/feeds/nobody.ics", b"/healthz"])
def test_other_methods_find_nothing(port: int, method: bytes, target: bytes) -> None:
    assert raw(port, target, method) == raw(port, b"/nothing")


def test_a_secret_that_is_revoked_is_as_one_that_never_was(port: int, feeds: Feeds) -> None:
    assert raw(port, PRIVATE.encode())[0] == 200
    del feeds.secrets[SECRET]
    assert raw(port, PRIVATE.encode()) == raw(port, b"/feeds/Never-Secret_0123456789abcdefgh.ics")


def test_a_calendar_that_becomes_private_is_gone_from_its_id(port: int, feeds: Feeds) -> None:
    assert raw(port, b"/feeds/rounds.ics")[0] == 200
    feeds.by_calendar["rounds"] = FeedResource.of("rounds", BODY, CHANGED)
    assert raw(port, b"/feeds/rounds.ics") == raw(port, b"/feeds/nobody.ics")


@pytest.mark.parametrize("target", [b"/feeds/\xff.ics", b"/feeds/\xc3\xa9.ics", b"/feeds/a b.ics", b"/feeds/\x00.ics"])
def test_what_is_no_http_is_refused_as_such(port: int, target: bytes) -> None:
    assert raw(port, target)[0] == 400


def test_an_address_without_end_is_refused(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"GET /feeds/" + b"x" * 70_000)
        assert connection.recv(65536).startswith(b"HTTP/1.1 400 ")


@by_id
def test_a_head_of_nothing_is_a_404_too(client: httpx.Client) -> None:
    response = client.head("/feeds/nobody.ics")
    assert (response.status_code, response.content) == (404, b"")


# ----------------------------------------------------------------------------------------------------------------- logs


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Our lines of log, without the time that each answer took."""
    ours = [record.getMessage() for record in caplog.records if record.name == "ircal.web.access"]
    return [re.sub(r"\d+\.\d ms$", "_ ms", line) for line in ours]


def test_each_answer_is_one_line_that_names_the_calendar(
    client: httpx.Client, running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    etag = client.get(PRIVATE).headers["etag"]
    client.head(PRIVATE)
    client.get(PRIVATE, headers={"if-none-match": etag})
    client.get("/feeds/rounds.ics?token=hidden")
    client.get("/feeds/Never-Secret_0123456789abcdefgh.ics")
    client.get("/healthz")
    client.get("/somewhere")
    client.close()
    running.stop()
    assert lines(caplog) == [
        f"GET ada 200 {len(BODY)} bytes _ ms",
        "HEAD ada 200 0 bytes _ ms",
        "GET ada 304 0 bytes _ ms",
        f"GET rounds 200 {len(BODY)} bytes _ ms",
        "GET - 404 11 bytes _ ms",
        "GET healthz 200 52 bytes _ ms",
        "GET - 404 11 bytes _ ms",
    ]


def test_no_secret_is_ever_logged(running: Running, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = SECRET.encode()
    statuses = [
        raw(running.port, b"/feeds/%s.ics" % secret)[0],
        raw(running.port, b"/nowhere/%s?%s" % (secret, secret))[0],
        raw(running.port, b"/feeds/%s.ics" % secret, b"POST")[0],
        raw(running.port, b"/feeds/%s.ics\xff" % secret)[0],
    ]
    running.stop()
    assert statuses == [200, 404, 404, 400]
    assert SECRET not in caplog.text
    assert "GET ada 200" in caplog.text


# --------------------------------------------------------------------------------------------------------------- faults


def test_a_fault_of_ours_is_a_plain_500(
    client: httpx.Client, running: Running, feeds: Feeds, caplog: pytest.LogCaptureFixture
) -> None:
    feeds.broken = RuntimeError(f"cannot look up {SECRET}")
    response = client.get(PRIVATE)
    assert (response.status_code, response.text) == (500, "Something went wrong here. It has been noted.\n")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    client.close()
    running.stop()
    assert "RuntimeError: cannot look up ***" in caplog.text
    assert SECRET not in caplog.text
    assert [record.levelname for record in caplog.records if record.name == "uvicorn.error"] == []


def test_a_fault_with_an_encoded_address_does_not_log_it_either(
    client: httpx.Client, running: Running, feeds: Feeds, caplog: pytest.LogCaptureFixture
) -> None:
    feeds.broken = RuntimeError(f"cannot look up {SECRET}")
    client.get("/feeds/" + "".join(f"%{ord(letter):02x}" for letter in SECRET) + ".ics")
    client.close()
    running.stop()
    assert "RuntimeError: cannot look up ***" in caplog.text
    assert SECRET not in caplog.text


def test_public_feeds_are_served_without_the_store(client: httpx.Client, feeds: Feeds) -> None:
    feeds.broken = StoreError("The store is locked.")
    assert client.get("/feeds/rounds.ics").status_code == 200
    assert client.get(PRIVATE).status_code == 500
    feeds.broken = None
    assert client.get(PRIVATE).status_code == 200
