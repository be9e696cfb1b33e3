"""Servers that answer what no API answers. Each ends in a sentence of ours and in bounded time."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from ircal.errors import RemoteError, ServerFault
from ircal.google.client import build_service
from ircal.google.identity import Mark
from ircal.google.remote import GoogleRemote
from ircal.google.sending import ATTEMPTS
from ircal.google.transport import http_for
from ircal.plan import Create, Delete, Update
from tests.plan.making import owned, single

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ircal.plan import Change
    from tests.google.conftest import Scripted

NO_API = "The answer is not one of the Calendar API's."


@contextmanager
def saying(raw: bytes, drop: bytes | None = None) -> Iterator[str]:
    """A server that reads a request, says just these bytes to it, and hangs up; or goes on for ever with a drop."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                connection.recv(1 << 20)
                with contextlib.suppress(OSError):
                    connection.sendall(raw)
                    while drop is not None and not over.wait(0.02):
                        connection.sendall(drop)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(timeout=10)


def listed(url: str) -> RemoteError:
    """What is said when the list cannot be had."""
    naps: list[float] = []
    with closing(build_service(url, None)) as service, pytest.raises(RemoteError) as error:
        GoogleRemote(service, "c", Mark("o", "c"), sleep=naps.append).owned()
    assert len(naps) < ATTEMPTS
    return error.value


def written(url: str, *changes: Change) -> RemoteError:
    """What is said when changes cannot be made."""
    with closing(build_service(url, None)) as service, pytest.raises(RemoteError) as error:
        list(GoogleRemote(service, "c", Mark("o", "c"), sleep=lambda _: None).apply(changes))
    return error.value


RAW = {
    "nothing": b"",
    "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "an odd status": b"HTTP/1.1 two-hundred OK\r\n\r\n",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "a cut body": b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"items": [',
    "a cut chunk": b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{"items"',
    "no chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nsoon\r\n",
    "no gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    "half a gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n"
    + gzip.compress(b"{}")[:20],
    "half a JSON": b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"items": [',
    "no UTF-8": b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\xff\xfe{}",
    "too deep": b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + b"[" * 99_999,
    "too many heads": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
    "a length that is none": b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
    "an error that is none": b'HTTP/1.1 400 No\r\nContent-Length: 25\r\n\r\n{"error": {"message": 5}}',
    "a list of errors": b'HTTP/1.1 403 No\r\nContent-Length: 14\r\n\r\n[{"error": 5}]',
}


@pytest.mark.parametrize("raw", RAW.values(), ids=RAW)
@pytest.mark.parametrize("count", [0, 1, 2])
def test_what_is_no_answer(raw: bytes, count: int) -> None:
    changes = [Create(single(f"u{n}")) for n in range(count)]
    with saying(raw) as url:
        error = written(url, *changes) if changes else listed(url)
    assert error.message.endswith(").") or error.message == NO_API


@pytest.mark.parametrize("status", [201, 204, 206, 300, 301, 303, 304, 307, 308, 399])
def test_another_success_is_none(scripted: Scripted, status: int) -> None:
    scripted.says(status, "", Location="http://192.0.2.1:9/elsewhere")
    assert (type(error := listed(scripted.url)), error.message) == (ServerFault, NO_API)


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"", b""),
    ],
)
def test_an_answer_that_comes_drop_by_drop_is_not_waited_for(head: bytes, drop: bytes) -> None:
    told = pytest.raises(TimeoutError, match="no whole answer within 0 s")
    with saying(head, drop) as url, closing(http_for(url, whole=0.2)) as http, told:
        http.request(url)


# ------------------------------------------------------------------------------------------------------------- writes

ERROR = json.dumps({"error": {"errors": [{"reason": "forbidden"}], "code": 403, "message": "No"}})


@pytest.mark.parametrize("body", [ERROR, "{}", "[]", "null", "", "<html>", '{"id": 5}'])
@pytest.mark.parametrize("kind", [Create, Update])
def test_a_write_whose_answer_is_no_event_is_not_done(scripted: Scripted, kind: type, body: str) -> None:
    change = Create(single("a")) if kind is Create else Update(owned(single("a")), single("a", summary="B"))
    error = written(scripted.says(200, body).url, change)
    assert (type(error), error.message) == (ServerFault, NO_API)


@pytest.mark.parametrize("body", [ERROR, "[1]", "<html>", '{"id": "x"}'])
def test_a_deletion_whose_answer_says_something_is_not_done(scripted: Scripted, body: str) -> None:
    error = written(scripted.says(200, body).url, Delete(owned(single("a"))))
    assert (type(error), error.message) == (ServerFault, NO_API)


# ------------------------------------------------------------------------------------------------------------ batches

SENT = "3f0c"


def part(number: object, status: str = "200 OK", body: str = '{"id": "x"}', head: str = "Content-Type: a/b") -> str:
    """One answer of a batch."""
    name = f"Content-ID: <response-{SENT} + {number}>\r\n" if number is not None else ""
    return f"--b\r\nContent-Type: application/http\r\n{name}\r\nHTTP/1.1 {status}\r\n{head}\r\n\r\n{body}\r\n"


BATCHES: dict[str, Sequence[str]] = {
    "a part is missing": [part(0)],
    "all are missing": [],
    "one is twice, the other missing": [part(0), part(0)],
    "of another batch": [part(7), part(8)],
    "no names": [part(None), part(None)],
    "odd names": [part(0).replace("<", "").replace(">", ""), part(1)],
    "an empty name": [part(0), "--b\r\nContent-ID:\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}\r\n"],
    "no status": [part(0), part(1, "")],
    "an odd status": [part(0), part(1, "two-hundred OK")],
    "no HTTP": [part(0), f"--b\r\nContent-ID: <response-{SENT} + 1>\r\n\r\n\r\n"],
    "a batch in a batch": [
        part(0),
        part(1).replace("application/http", "multipart/mixed; boundary=c").replace("\r\nHTTP", "\r\n--c\r\n\r\nHTTP"),
    ],
    "a page": [part(0), part(1, body="<html>Please sign in</html>")],
    "an empty event": [part(0), part(1, body="{}")],
    "an error in a success": [part(0), part(1, body=ERROR)],
    "nothing in a success": [part(0), part(1, body="")],
    "a redirect": [part(0), part(1, "302 Found", head="Location: http://192.0.2.1:9/")],
    "too deep": [part(0), part(1, body="[" * 99_999)],
    "faults of its own for ever": [part(0), part(1, "500 Oh", body="")],
    "an error that is none": [part(0), part(1, "400 No", body='{"error": {"message": 5}}')],
}


@pytest.mark.parametrize("parts", BATCHES.values(), ids=BATCHES)
def test_a_batch_that_is_answered_in_part(scripted: Scripted, parts: Sequence[str]) -> None:
    scripted.says(200, "".join(parts) + "--b--\r\n", Content_Type="multipart/mixed; boundary=b")
    error = written(scripted.url, Create(single("a")), Create(single("b")))
    assert type(error) is ServerFault
    assert error.message == NO_API
    assert len(scripted.asked) <= 2 * ATTEMPTS


def test_parts_may_come_in_any_order_and_more_than_once(scripted: Scripted) -> None:
    body = "".join([part(1), part(0), part(1)]) + "--b--\r\n"
    scripted.says(200, body, Content_Type="multipart/mixed; boundary=b")
    changes = [Create(single("a")), Create(single("b"))]
    with closing(build_service(scripted.url, None)) as service:
        outcomes = list(GoogleRemote(service, "c", Mark("o", "c"), sleep=lambda _: None).apply(changes))
    assert [(outcome.change, outcome.error) for outcome in outcomes] == [(change, None) for change in changes]
    assert len(scripted.asked) == 1
