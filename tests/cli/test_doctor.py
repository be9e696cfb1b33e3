"""`doctor`: what is not well with the way to Google is told with what mends it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ircal.cli.doctor import clock
from ircal.cli.examined import webhook
from ircal.errors import FeedUnreachable
from ircal.google.sandbox import SandboxServer
from tests.cli.conftest import CALENDAR, edit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ircal.google.sandbox.calls import Answer, Call
    from tests.cli.conftest import Ircal, Told


def checks(told: Told) -> dict[str, list[tuple[str, str]]]:
    """State and message of each check, by what it is about."""
    found: dict[str, list[tuple[str, str]]] = {}
    for check in json.loads(told.out)["checks"]:
        found.setdefault(check["about"], []).append((check["state"], check["message"]))
    return found


def examined(ircal: Ircal, *arguments: str) -> tuple[int, dict[str, list[tuple[str, str]]]]:
    told = ircal("doctor", "--format", "json", *arguments)
    return told.code, checks(told)


def test_all_is_well(ircal: Ircal, sandbox: SandboxServer) -> None:
    code, found = examined(ircal)
    assert code == 0
    assert {about: [state for state, _ in states] for about, states in found.items()} == {
        "programme": ["well"],
        "store": ["well"],
        "credentials": ["well"],
        "quota": ["well"],
        "ash": ["well", "well"],
        "clock": ["well"],
        "webhook": ["unknown"],
    }
    assert found["ash"][0][1] == f"we are owner of {CALENDAR}."
    assert "signed in as ircal-sandbox@" in found["credentials"][0][1]


def test_in_text_with_the_remedy_below(ircal: Ircal, sandbox: SandboxServer, small: Path) -> None:
    edit(small, CALENDAR, "nobody@example.org")
    told = ircal("doctor")
    assert told.code == 1
    lines = told.out.splitlines()
    (at,) = (number for number, line in enumerate(lines) if line.startswith("wrong"))
    assert "ash: There is no such calendar" in lines[at]
    assert "Share the calendar" in lines[at + 1]


def test_it_writes_nothing(ircal: Ircal, sandbox: SandboxServer) -> None:
    ircal("doctor")
    assert {entry.method for entry in sandbox.ledger.entries() if "/calendars/" in entry.path} == {"GET"}


def test_a_calendar_that_a_service_account_owns(ircal: Ircal, sandbox: SandboxServer) -> None:
    sandbox.world.calendar(CALENDAR).owner = "ircal@example.iam.gserviceaccount.com"
    code, found = examined(ircal)
    assert code == 0
    assert found["ash"][1] == ("warning", "a service account owns it: ircal@example.iam.gserviceaccount.com.")


def test_a_programme_that_is_wrong(ircal: Ircal, sandbox: SandboxServer, small: Path) -> None:
    edit(small, "timezone: America/New_York", "timezone: Nowhere")
    code, found = examined(ircal)
    assert (code, list(found)) == (1, ["programme"])


def test_credentials_that_are_not_accepted(ircal: Ircal, sandbox: SandboxServer, tmp_path: Path) -> None:
    key = json.loads((tmp_path / "key.json").read_text())
    (tmp_path / "key.json").write_text(json.dumps(key | {"client_email": "stranger@example.org"}))
    code, found = examined(ircal)
    assert (code, found["credentials"][0][0]) == (1, "wrong")
    assert "does not accept the credentials" in found["credentials"][0][1]
    assert "ash" not in found


def test_google_that_is_away(ircal: Ircal, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRCAL_GOOGLE__ATTEMPTS", "1")
    monkeypatch.setenv("IRCAL_GOOGLE__API_ROOT", "http://127.0.0.1:9")
    code, found = examined(ircal)
    assert (code, found["ash"][0][0]) == (4, "away")


@pytest.fixture
def elsewhere(ircal: Ircal, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Have Google answer some GET requests otherwise: `path's end` -> what to change in the answer."""
    servers: list[SandboxServer] = []

    def serve(change: Callable[[Call, Answer], Answer]) -> None:
        server = SandboxServer(wrap=lambda handle: lambda call: change(call, handle(call)))
        server.__enter__()
        servers.append(server)
        server.world.add_calendar(CALENDAR, "Robin Ash", "America/New_York")
        monkeypatch.setenv("IRCAL_GOOGLE__API_ROOT", server.url.rstrip("/"))

    yield serve
    for server in servers:
        server.stop()


def with_body(answer: Answer, **fields: Any) -> Answer:
    return type(answer)(answer.status, {**(answer.resource or {}), **fields})


@pytest.mark.parametrize(("role", "state"), [("reader", "wrong"), ("freeBusyReader", "wrong"), ("writer", "well")])
def test_what_we_may_do_on_a_calendar(ircal: Ircal, elsewhere: Callable[..., None], role: str, state: str) -> None:
    elsewhere(lambda call, answer: with_body(answer, accessRole=role) if call.path.endswith("/events") else answer)
    code, found = examined(ircal)
    assert (found["ash"][0][0], code) == (state, 1 if state == "wrong" else 0)
    assert role in found["ash"][0][1]


def test_an_owner_that_we_may_not_ask_for(ircal: Ircal, elsewhere: Callable[..., None]) -> None:
    refused = {"error": {"errors": [{"reason": "insufficientPermissions"}], "code": 403, "message": "No"}}

    def refuse(call: Call, answer: Answer) -> Answer:
        return answer if "/events" in call.path else type(answer)(403, refused)

    elsewhere(refuse)
    code, found = examined(ircal)
    assert (code, [state for state, _ in found["ash"]]) == (0, ["well", "unknown"])


USED_UP = {
    "error": {"errors": [{"reason": "quotaExceeded"}], "code": 403, "message": "Calendar usage limits exceeded."}
}


def test_a_quota_that_is_used_up_is_told_with_its_end_and_google_is_left_alone(
    ircal: Ircal, elsewhere: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def refuse(call: Call, answer: Answer) -> Answer:
        asked.append(call.path)
        return type(answer)(403, USED_UP)

    elsewhere(refuse)
    first = ircal("sync")
    assert (first.code, len(asked)) == (4, 1)
    assert "the calendar usage limit is reached" in first.err.lower()
    again = ircal("sync")
    assert (again.code, len(asked)) == (4, 1)
    assert "Google is not asked before 20" in again.err
    code, found = examined(ircal)
    assert (code, found["quota"][0][0], len(asked)) == (4, "away", 1)
    assert "Google is not asked before 20" in found["quota"][0][1]
    monkeypatch.setenv("IRCAL_GOOGLE__OWNER", "other")
    assert ircal("plan").code == 4
    assert len(asked) == 1


def test_without_hours_a_circuit_that_is_open_is_not_heeded(
    ircal: Ircal, elsewhere: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [USED_UP]
    elsewhere(lambda _, answer: type(answer)(403, answers.pop()) if answers else answer)
    assert (ircal("sync").code, ircal("sync").code) == (4, 4)
    monkeypatch.setenv("IRCAL_GOOGLE__QUOTA_HOURS", "0")
    assert examined(ircal)[1]["quota"][0][0] == "well"
    assert ircal("sync").code == 0


def test_a_store_that_cannot_be_opened_leaves_the_rest_to_be_told(
    ircal: Ircal, sandbox: SandboxServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("IRCAL_STATE_DIR", str(tmp_path / "file"))
    code, found = examined(ircal)
    states = {about: each[0][0] for about, each in found.items()}
    assert code == 1
    assert states == {
        "programme": "well",
        "store": "wrong",
        "credentials": "well",
        "quota": "wrong",
        "webhook": "unknown",
    }


def test_after_the_time_of_the_circuit_google_is_asked_again(
    ircal: Ircal, elsewhere: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def refuse(call: Call, answer: Answer) -> Answer:
        asked.append(call.path)
        return type(answer)(403, USED_UP) if len(asked) == 1 else answer

    elsewhere(refuse)
    monkeypatch.setenv("IRCAL_GOOGLE__QUOTA_HOURS", "0.0000001")
    assert (ircal("sync").code, ircal("sync").code) == (4, 0)


def test_calls_are_counted_where_a_pace_is_set(
    ircal: Ircal, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IRCAL_GOOGLE__REQUESTS_PER_MINUTE", "1000")
    ircal("sync")
    assert examined(ircal)[1]["quota"][0] == ("well", "4 of 1000 calls were made in the last minute.")


@pytest.mark.parametrize(
    ("seconds", "state", "words"),
    [(0, "well", "0 s"), (90, "warning", "90 s ahead of"), (-90, "warning", "90 s behind"), (900, "wrong", "900 s")],
)
def test_a_clock_that_is_off(seconds: int, state: str, words: str) -> None:
    check = clock([timedelta(seconds=seconds), timedelta(seconds=seconds * 2)])
    assert (check.about, check.state) == ("clock", state)
    assert words in check.message


def test_without_a_public_address_google_is_polled(ircal: Ircal, sandbox: SandboxServer) -> None:
    ((state, message),) = examined(ircal)[1]["webhook"]
    assert (state, "Google is asked every so often" in message) == ("unknown", True)


@pytest.mark.parametrize(
    "url", ["http://calendars.example.edu", "https://127.0.0.1:9", "https://10.1.2.3", "https://ircal", "https://a.lan"]
)
def test_an_address_that_google_cannot_reach(url: str) -> None:
    check = webhook(url)
    assert (check.state, url in check.message) == ("warning", True)
    assert "IRCAL_HTTP__PUBLIC_URL" in check.remedy


def test_an_address_that_answers() -> None:
    asked: list[str] = []

    def ask(url: str) -> bytes:
        asked.append(url)
        return b'{"status":"ok","feeds":3}'

    check = webhook("https://calendars.example.edu/ir", ask)
    assert (check.state, asked) == ("well", ["https://calendars.example.edu/ir/healthz"])
    assert "https://calendars.example.edu/ir/hooks/google" in check.message


@pytest.mark.parametrize("answer", [b"<html>Welcome", b"[]", b'{"status": "ok"}'])
def test_an_address_where_somebody_else_answers(answer: bytes) -> None:
    check = webhook("https://www.example.edu", lambda _: answer)
    assert (check.state, check.message) == ("wrong", "something else than ircal answers at https://www.example.edu.")


def test_an_address_that_does_not_answer() -> None:
    def fail(_: str) -> bytes:
        raise FeedUnreachable("https://calendars.example.edu/... does not answer in time.", "Try again.")

    check = webhook("https://calendars.example.edu", fail)
    assert (check.state, check.message) == ("wrong", "https://calendars.example.edu/... does not answer in time.")
    assert "certificate" in check.remedy


def test_a_clock_that_nobody_tells() -> None:
    assert clock([]).state == "unknown"


def test_calls_are_counted_in_the_database_that_machines_share(
    ircal: Ircal, sandbox: SandboxServer, postgresql_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("IRCAL_DATABASE_URL", postgresql_url)
    monkeypatch.setenv("IRCAL_GOOGLE__REQUESTS_PER_MINUTE", "500")
    monkeypatch.setenv("IRCAL_STATE_DIR", str(tmp_path / "one machine"))
    assert ircal("sync").code == 0
    made = len([entry for entry in sandbox.ledger.entries() if entry.path.startswith("/calendar/")])
    monkeypatch.setenv("IRCAL_STATE_DIR", str(tmp_path / "another"))
    _, found = examined(ircal)
    assert found["quota"] == [("well", f"{made} of 500 calls were made in the last minute.")]
