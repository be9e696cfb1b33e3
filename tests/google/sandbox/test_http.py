"""The wire: batches, errors, sign-in, the ledger, the page, and many callers at once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from ircal.google.sandbox import SandboxServer, World
from ircal.google.sandbox.errors import NotFound
from tests.google.sandbox.client import Clock, Desk, fetch, refused, service_at, timed

if TYPE_CHECKING:
    from datetime import datetime

    from ircal.google.sandbox.calls import Answer, Call, Handler


def error_of(response: Any, content: bytes) -> tuple[int, str]:
    """The status and reason; the body must be the API's JSON."""
    assert response["content-type"] == "application/json; charset=UTF-8"
    error = json.loads(content)["error"]
    return response.status, error["errors"][0]["reason"]


def run_batch(service: Any, requests: dict[str, Any]) -> dict[str, Any]:
    """The results of a batch by request id; a refusal is its status."""
    results: dict[str, Any] = {}
    batch = service.new_batch_http_request(
        lambda key, result, error: results.update({key: error.status_code if error else result})
    )
    for key, request in requests.items():
        batch.add(request, request_id=key)
    batch.execute()
    return results


# -------------------------------------------------------------------------------------------------------------- batches


def test_a_batch_of_fifty_answers_each_call_for_itself(desk: Desk) -> None:
    desk.insert(id="00007", summary="first")
    bodies = {f"{number:05}": {**timed(), "id": f"{number:05}", "summary": "Mittag ☀ 日本"} for number in range(50)}
    results = run_batch(desk.service, {key: desk.request("insert", body=body) for key, body in bodies.items()})
    assert results.pop("00007") == 409
    assert {key: (each["id"], each["summary"]) for key, each in results.items()} == {
        key: (key, "Mittag ☀ 日本") for key in bodies if key != "00007"
    }
    assert desk.get("00007")["summary"] == "first"
    assert len(desk.ids()) == 50


def test_a_batch_may_mix_verbs_and_conditions(desk: Desk) -> None:
    for letter in "abcd":
        desk.insert(id=letter * 5)
    results = run_batch(
        desk.service,
        {
            "get": desk.request("get", eventId="aaaaa"),
            "patch": desk.request("patch", eventId="bbbbb", body={"summary": "x"}),
            "stale": desk.request("patch", '"0"', eventId="ccccc", body={"summary": "x"}),
            "delete": desk.request("delete", eventId="ddddd"),
            "with + and, comma": desk.request("list", q="x"),
        },
    )
    assert (results["get"]["id"], results["patch"]["summary"], results["stale"]) == ("aaaaa", "x", 412)
    assert desk.ids() == ["aaaaa", "bbbbb", "ccccc"]
    assert results["with + and, comma"]["kind"] == "calendar#events"


def test_a_batch_promises_no_order(desk: Desk) -> None:
    requests = {
        "first": desk.request("insert", body={**timed(), "id": "abcde", "summary": "first"}),
        "second": desk.request("insert", body={**timed(), "id": "abcde", "summary": "second"}),
    }
    results = run_batch(desk.service, requests)
    assert (results["first"], results["second"]["summary"]) == (409, "second")


def test_a_batch_holds_a_thousand_calls_and_no_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("googleapiclient.http.MAX_BATCH_LIMIT", 2000)
    requests = {str(number): desk.request("get", eventId="abcde") for number in range(1001)}
    batch = desk.service.new_batch_http_request()
    for request in requests.values():
        batch.add(request)
    assert refused(batch) == (400, "badRequest")
    del requests["0"]
    assert set(run_batch(desk.service, requests).values()) == {404}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/mixed; boundary=x", b""),
        ("multipart/mixed; boundary=x", b"--x\r\nContent-Type: application/http\r\n\r\n\r\n--x--\r\n"),
    ],
)
def test_what_is_no_batch_is_refused(server: SandboxServer, content_type: str, body: bytes) -> None:
    answer = fetch(f"{server.url}batch/calendar/v3", "POST", body=body, headers={"Content-Type": content_type})
    assert error_of(*answer) == (400, "badRequest")


def test_a_batch_within_a_batch_is_unknown(server: SandboxServer) -> None:
    inner = b"--x\r\nContent-ID: <a + 1>\r\n\r\nPOST /batch/calendar/v3 HTTP/1.1\r\n\r\n\r\n--x--\r\n"
    headers = {"Content-Type": "multipart/mixed; boundary=x"}
    response, content = fetch(f"{server.url}batch/calendar/v3", "POST", body=inner, headers=headers)
    assert response.status == 200
    assert content.count(b"HTTP/1.1 404 Not Found\r\n") == 1
    assert content.count(b"Content-ID: <response-a + 1>\r\n") == 1


# --------------------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    "path", ["nothing", "calendar/v3/nothing", "calendar/v3/", "calendar/v3", "calendar/v3/calendars/a/b/c/d"]
)
def test_an_unknown_route_is_404_in_json(server: SandboxServer, path: str) -> None:
    assert error_of(*fetch(server.url + path)) == (404, "notFound")


def test_a_known_route_with_another_method_is_404(server: SandboxServer) -> None:
    assert error_of(*fetch(f"{server.url}calendar/v3/colors", "DELETE")) == (404, "notFound")


@pytest.mark.parametrize("body", [b"{", b"[]", b"5", b"\xff"])
def test_a_body_that_is_no_json_object_is_400(desk: Desk, body: bytes) -> None:
    path = f"calendar/v3/calendars/{desk.calendar_id}/events"
    assert error_of(*fetch(desk.server.url + path, "POST", body=body)) == (400, "parseError")


def test_a_parameter_that_is_no_truth_value_is_400(desk: Desk) -> None:
    path = f"calendar/v3/calendars/{desk.calendar_id}/events?singleEvents=perhaps"
    assert error_of(*fetch(desk.server.url + path)) == (400, "invalid")


def test_an_error_is_told_twice_as_google_tells_it(server: SandboxServer) -> None:
    _, content = fetch(f"{server.url}calendar/v3/calendars/nobody@example.org")
    detail = {"domain": "global", "reason": "notFound", "message": "Not Found"}
    assert json.loads(content) == {"error": {"errors": [detail], "code": 404, "message": "Not Found"}}


def test_an_etag_is_in_the_header_as_in_the_body(desk: Desk) -> None:
    made = desk.insert(id="abcde")
    response, _ = fetch(f"{desk.server.url}calendar/v3/calendars/{desk.calendar_id}/events/abcde")
    assert response["etag"] == made["etag"]


def test_a_fault_of_the_sandbox_itself_is_500_without_a_traceback(caplog: pytest.LogCaptureFixture) -> None:
    world = World(Clock())
    world.add_calendar("a@example.org", "A")

    def broken() -> Any:
        raise ZeroDivisionError("a secret")

    world.now = broken
    with SandboxServer(world) as server:
        body = json.dumps(timed()).encode()
        response, content = fetch(f"{server.url}calendar/v3/calendars/a@example.org/events", "POST", body=body)
    assert error_of(response, content) == (500, "backendError")
    assert b"secret" not in content
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_a_fault_can_be_seeded_by_wrapping_the_handler() -> None:
    calls: list[Call] = []

    def wrap(handler: Handler) -> Handler:
        def flaky(call: Call) -> Answer:
            calls.append(call)
            if len(calls) == 1:
                raise NotFound
            return handler(call)

        return flaky

    with SandboxServer(World(Clock()), wrap=wrap) as server, service_at(server.url) as service:
        colours = service.colors()
        assert refused(colours.get()) == (404, "notFound")
        assert colours.get().execute()["kind"] == "calendar#colors"
        assert [entry.status for entry in server.ledger.entries()] == [404, 200]


# ------------------------------------------------------------------------------------------------------------- the rest


def test_the_ledger_has_a_line_for_each_call() -> None:
    with SandboxServer(World(Clock())) as server, service_at(server.url) as service:
        server.world.add_calendar("a@example.org", "A")
        desk = Desk(server, service, "a@example.org")
        desk.insert(id="abcde")
        run_batch(desk.service, {"1": desk.request("get", eventId="fghij")})
        _, content = fetch(f"{server.url}sandbox/ledger")
        events = "/calendar/v3/calendars/a@example.org/events"
        rest = {"query": "alt=json", "in_batch": False}
        assert json.loads(content) == [
            {"method": "POST", "path": events, "status": 200, **rest},
            {"method": "GET", "path": f"{events}/fghij", "status": 404, "query": "alt=json", "in_batch": True},
            {"method": "POST", "path": "/batch/calendar/v3", "status": 200, "query": "", "in_batch": False},
        ]
        server.ledger.clear()
        assert server.ledger.entries() == ()


def test_the_page_escapes_what_clients_say_and_counts_what_is_live() -> None:
    with SandboxServer(World(Clock())) as server, service_at(server.url) as service:
        server.world.add_calendar("a@example.org", "<script>alert('x')</script> & co")
        desk = Desk(server, service, "a@example.org")
        desk.insert(id="aaaaa")
        desk.insert(id="bbbbb")
        desk.delete("bbbbb")
        response, content = fetch(server.url)
    text = content.decode()
    assert text.count("<script") == 0
    row = "<tr><td>&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; co</td><td><code>a@example.org</code></td>"
    assert text.count(f"{row}<td>UTC</td><td>1</td></tr>") == 1
    assert text.count("color-scheme:light dark") == 1
    assert response["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")


def test_the_page_of_an_empty_world_says_so() -> None:
    with SandboxServer(World(Clock())) as server:
        assert fetch(server.url)[1].count(b"No calendars yet.") == 1


def test_a_foreign_host_name_is_not_answered(server: SandboxServer) -> None:
    response, _ = fetch(server.url, headers={"Host": "evil.example.org"})
    assert response.status == 400


def test_the_world_is_locked_while_a_call_reads_the_clock() -> None:
    world = World(Clock())
    world.add_calendar("a@example.org", "A")
    tell, free = world.now, []

    def watched() -> datetime:
        with ThreadPoolExecutor(1) as other:
            free.append(other.submit(world.lock.acquire, blocking=False).result())
        return tell()

    world.now = watched
    with SandboxServer(world) as server, service_at(server.url) as service:
        service.events().insert(calendarId="a@example.org", body=timed()).execute()
    assert set(free) == {False}


def test_many_callers_at_once_each_get_their_due(desk: Desk) -> None:
    def insert(number: int) -> str:
        body = {**timed(), "id": f"{number:05}"}
        with service_at(desk.server.url) as mine:
            return str(mine.events().insert(calendarId=desk.calendar_id, body=body).execute()["etag"])

    with ThreadPoolExecutor(8) as pool:
        etags = list(pool.map(insert, range(40)))
    assert len(set(etags)) == 40
    assert desk.ids() == [f"{number:05}" for number in range(40)]
