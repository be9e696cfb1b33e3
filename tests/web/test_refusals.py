"""What must not be served, and what must not be told while it is refused."""

import logging
import re
import socket
from collections.abc import Iterator

import httpx
import pytest

from ircal.errors import StoreError
from ircal.web import FeedResource
from ircal.web.limiter import WrongTries
from tests.web.conftest import BODY, CHANGED, SECRET, Feeds, Running, app_of

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
    b"/public/ada.ics",  # a private calendar, also where it is served by its id
    b"/public/nobody.ics",
    b"/public/" + SECRET.encode() + b".ics",
    b"/public/rounds",
    b"/public/rounds.ics/",
    b"/public/rounds.ics%0a",
    b"/public/%2e%2e/feeds/rounds.ics",
    b"/public",
    b"/Public/rounds.ics",
    b"/feeds/" + SECRET.encode() + b"%2f.ics",
    b"/feeds%2f" + SECRET[:-1].encode() + b".ics",
    b"/feeds/%ed%b2%80.ics",  # a surrogate
    b"/feeds/" + SECRET.encode() + b";v=1.ics",
    b"/feeds/" + SECRET.encode() + b"%20.ics",
    b"/feeds/.%2e/" + SECRET.encode() + b".ics",
    b"http://x/feeds/" + SECRET.encode() + b".ics",
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


def test_where_any_feed_is_served_by_id_a_private_one_is_still_not_public(feeds: Feeds) -> None:
    running = Running(app_of(feeds, feeds_by_id=True))
    answers = [raw(running.port, b"/feeds/ada.ics")[0], raw(running.port, b"/public/ada.ics")]
    running.stop()
    assert answers == [200, (404, NOT_FOUND)]


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
    feeds.by_calendar["rounds"] = FeedResource("rounds", BODY, CHANGED)
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


# ---------------------------------------------------------------------------------------------------------- odd clients


def talk(port: int, request: bytes) -> bytes:
    """All that comes back for these bytes, until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_http_1_0_is_answered_and_closed(port: int) -> None:
    answer = talk(port, b"GET /feeds/rounds.ics HTTP/1.0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(BODY)


def test_requests_in_a_row_are_answered_in_their_order(port: int) -> None:
    first = b"GET /feeds/rounds.ics HTTP/1.1\r\nHost: x\r\n\r\n"
    second = b"HEAD /feeds/nobody.ics HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = talk(port, first + second + last)
    assert re.findall(rb"HTTP/1.1 (\d+)", answer) == [b"200", b"404", b"200"]


def test_a_body_that_nobody_asked_for_does_not_come_in_between(port: int) -> None:
    posted = b"POST /feeds/rounds.ics HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nGET /"
    last = b"GET /feeds/rounds.ics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert re.findall(rb"HTTP/1.1 (\d+)", talk(port, posted + last)) == [b"404", b"200"]


@pytest.mark.parametrize(
    "headers",
    [
        b"X-Long: " + b"x" * 60_000,
        b"\r\n".join(b"X-%d: y" % number for number in range(2000)),
        b"If-None-Match: " + b'"x", ' * 10_000,
        b"Accept-Encoding: " + b"gzip;q=0, " * 5_000,
        b"If-None-Match: \xff\xfe",
        b"If-Modified-Since: \x80",
        b"Accept-Encoding: gzip;q=9;q=\xff",
        b"Upgrade: websocket\r\nConnection: upgrade",
        b"Expect: 100-continue",
        b"Cookie: a=b",
    ],
    ids=lambda headers: headers[:30].decode("latin-1"),
)
def test_odd_headers_do_no_harm(port: int, headers: bytes, caplog: pytest.LogCaptureFixture) -> None:
    answer = talk(port, b"GET /feeds/rounds.ics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n\r\n" % headers)
    assert answer.split(b" ", 2)[1] in {b"200", b"400"}
    assert "Traceback" not in caplog.text


def test_no_answer_names_the_server(port: int) -> None:
    for target in (b"/feeds/rounds.ics", b"/nothing", b"/healthz"):
        assert b"\r\nserver:" not in raw(port, target)[1].lower()


# -------------------------------------------------------------------------------------------------- too many wrong ones

WRONG = b"/feeds/Never-Secret_0123456789abcdefgh.ics"


@pytest.fixture
def limited(feeds: Feeds) -> Iterator[Running]:
    """The application, behind a trusted proxy on this machine, with three wrong addresses a minute for each place."""
    made = Running(app_of(feeds, wrong_per_minute=3), trusted_proxies=("127.0.0.1",))
    yield made
    made.stop()


def asked(running: Running, target: bytes, client: bytes = b"") -> tuple[int, bytes]:
    """The answer to a client behind the proxy; without one, to the proxy itself."""
    forwarded = b"X-Forwarded-For: " + client + b"\r\n" if client else b""
    head = b"GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n" % (target, forwarded)
    answer = talk(running.port, head)
    return int(answer.split(b" ", 2)[1]), answer


def test_after_too_many_wrong_addresses_one_is_told_to_wait(limited: Running) -> None:
    statuses = [asked(limited, b"/feeds/" + each + b".ics")[0] for each in (b"one", b"%00", b"x" * 500)]
    assert statuses == [404, 404, 404]
    status, answer = asked(limited, WRONG)
    assert status == 429
    found = re.search(rb"\r\nretry-after: (\d+)\r\n", answer)
    assert found is not None
    assert 1 <= int(found[1]) <= 60
    assert b"\r\ncache-control: no-store\r\n" in answer


def test_right_addresses_are_answered_all_the_same(limited: Running) -> None:
    for _ in range(5):
        asked(limited, WRONG)
    right = [PRIVATE.encode(), b"/feeds/rounds.ics", b"/public/rounds.ics", b"/healthz"]
    assert [asked(limited, target)[0] for target in [WRONG, *right]] == [429, 200, 200, 200, 200]


def test_right_addresses_cost_nothing(limited: Running) -> None:
    assert {asked(limited, PRIVATE.encode())[0] for _ in range(5)} == {200}
    assert asked(limited, WRONG)[0] == 404


def test_all_that_opens_nothing_is_refused_alike(limited: Running, feeds: Feeds) -> None:
    for _ in range(3):
        asked(limited, WRONG)
    del feeds.secrets[SECRET]
    targets = [PRIVATE.encode(), b"/feeds/ada.ics", WRONG, b"/feeds/%00.ics"]
    assert len({re.sub(rb"(date|retry-after): [^\r]+\r\n", b"", asked(limited, each)[1]) for each in targets}) == 1


def test_each_client_behind_a_trusted_proxy_has_its_own_budget(limited: Running) -> None:
    clients = [b"203.0.113.7", b"203.0.113.8", b"2001:db8:0:1::1", b"2001:db8:0:2::1"]
    seen = [[asked(limited, WRONG, client)[0] for _ in range(4)] for client in clients]
    assert seen == [[404, 404, 404, 429]] * 4
    assert asked(limited, WRONG, b"2001:db8:0:1:ffff::2")[0] == 429  # the same 64 bits are the same place
    assert asked(limited, WRONG, b"::ffff:203.0.113.7")[0] == 429
    assert asked(limited, WRONG, b"203.0.113.7, 127.0.0.1")[0] == 429  # what the proxy itself added counts
    assert asked(limited, WRONG, b"198.51.100.1, 203.0.113.7")[0] == 429  # and not what the client claims


def test_without_a_trusted_proxy_nobody_is_believed(feeds: Feeds) -> None:
    running = Running(app_of(feeds, wrong_per_minute=3))
    statuses = [asked(running, WRONG, b"203.0.113.%d" % number)[0] for number in range(4)]
    running.stop()
    assert statuses == [404, 404, 404, 429]


def test_the_memory_of_places_is_bounded() -> None:
    wrong = WrongTries(1_000_000)
    for number in range(20_000):
        wrong.count(f"2001:db8:{number // 65536:x}:{number % 65536:x}::1")
    assert len(wrong._limiter.storage.storage) <= 4096  # type: ignore[attr-defined]  # of the storage in memory


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


def test_a_flood_does_not_fill_the_log(limited: Running, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    for _ in range(9):
        asked(limited, WRONG)
    limited.stop()
    assert lines(caplog) == ["GET - 404 11 bytes _ ms"] * 3


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
