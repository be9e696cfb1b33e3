"""Signing in with a key file, as a service account does."""

from __future__ import annotations

import base64
import json
import stat
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from google.auth.exceptions import RefreshError
from google.oauth2.service_account import Credentials

from ircal.google.sandbox import SandboxServer, World, write_credentials
from ircal.google.sandbox.signin import GRANT
from tests.google.sandbox.client import Clock, fetch, refused, service_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCOPES = ["https://www.googleapis.com/auth/calendar"]


@pytest.fixture
def guarded() -> Iterator[SandboxServer]:
    with SandboxServer(World(Clock()), require_auth=True) as server:
        server.world.add_calendar("a@example.org", "A")
        yield server


def signed_in(server: SandboxServer, path: Path) -> Any:
    """The service as the holder of a key file sees it."""
    return service_at(server.url, credentials=Credentials.from_service_account_file(str(path), scopes=SCOPES))


def jwt(header: dict[str, Any] | None = None, **claims: Any) -> str:
    now = int(time.time())
    good = {"iss": "x@example.org", "scope": SCOPES[0], "aud": "x", "iat": now, "exp": now + 60}
    parts = (header or {"alg": "RS256"}, good | claims)
    return ".".join([*(base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts), "c2ln"])


def ask(server: SandboxServer, assertion: str, grant: str = GRANT) -> tuple[int, Any]:
    body = urlencode({"grant_type": grant, "assertion": assertion})
    response, content = fetch(server.token_uri, "POST", body=body)
    return response.status, json.loads(content)


def test_a_key_file_opens_the_sandbox(guarded: SandboxServer, tmp_path: Path) -> None:
    guarded.write_credentials(tmp_path / "key.json")
    with signed_in(guarded, tmp_path / "key.json") as service:
        assert service.calendars().get(calendarId="a@example.org").execute()["summary"] == "A"


def test_a_batch_is_signed_in_by_its_own_header(guarded: SandboxServer, tmp_path: Path) -> None:
    guarded.write_credentials(tmp_path / "key.json")
    results = []
    with signed_in(guarded, tmp_path / "key.json") as service:
        # A batch that has to sign in itself leaves a socket of Google's library open, and here that is an error.
        service.colors().get().execute()
        batch = service.new_batch_http_request(lambda _key, result, error: results.append(error or result["summary"]))
        batch.add(service.calendars().get(calendarId="a@example.org"))
        batch.execute()
    assert results == ["A"]


def test_the_header_of_a_batch_counts_for_calls_that_have_none(guarded: SandboxServer) -> None:
    _, body = ask(guarded, jwt())
    call = "GET /calendar/v3/colors HTTP/1.1\r\n"
    own = "Authorization: Bearer made-up\r\n"
    parts = [f"--x\r\nContent-ID: <{key}>\r\n\r\n{call}{extra}\r\n\r\n" for key, extra in (("1", ""), ("2", own))]
    headers = {
        "Authorization": f"Bearer {body['access_token']}",
        "Content-Type": "multipart/mixed; boundary=x",
    }
    fetch(f"{guarded.url}batch/calendar/v3", "POST", body="".join(parts) + "--x--", headers=headers)
    assert sorted(entry.status for entry in guarded.ledger.entries() if entry.in_batch) == [200, 401]


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer made-up"}, {"Authorization": "Basic eA=="}])
def test_without_a_token_of_ours_every_call_is_401(guarded: SandboxServer, header: dict[str, str]) -> None:
    with service_at(guarded.url) as service:
        request = service.calendars().get(calendarId="a@example.org")
        request.headers |= header
        assert refused(request) == (401, "authError")


def test_a_batch_without_a_token_is_answered_with_401s(guarded: SandboxServer) -> None:
    statuses = []
    with service_at(guarded.url) as service:
        batch = service.new_batch_http_request(lambda _key, _result, error: statuses.append(error.status_code))
        batch.add(service.calendars().get(calendarId="a@example.org"))
        batch.execute()
    assert statuses == [401]


def test_an_open_sandbox_takes_any_token_or_none(service: Any) -> None:
    request = service.colors().get()
    assert request.execute()["kind"] == "calendar#colors"
    request.headers["Authorization"] = "Bearer made-up"
    assert request.execute()["kind"] == "calendar#colors"


def test_a_key_for_another_account_is_refused(guarded: SandboxServer, tmp_path: Path) -> None:
    guarded.write_credentials(tmp_path / "key.json")
    write_credentials(tmp_path / "other.json", guarded.token_uri, "stranger@sandbox.example.org")
    with signed_in(guarded, tmp_path / "other.json") as service:
        request = service.calendars().get(calendarId="a@example.org")
        with pytest.raises(RefreshError, match="account not found"):
            request.execute()


def test_a_token_is_answered_as_oauth_says(guarded: SandboxServer) -> None:
    status, body = ask(guarded, jwt())
    assert (status, body) == (200, {"access_token": body["access_token"], "expires_in": 3600, "token_type": "Bearer"})


@pytest.mark.parametrize(
    ("assertion", "error"),
    [
        ("", "invalid_grant"),
        ("not.a.jwt", "invalid_grant"),
        ("a.b", "invalid_grant"),
        (jwt({"alg": "none"}), "invalid_grant"),
        (jwt(iss=""), "invalid_grant"),
        (jwt(scope=None), "invalid_grant"),
        (jwt(exp=1), "invalid_grant"),
        (jwt(exp="soon"), "invalid_grant"),
    ],
)
def test_an_assertion_that_makes_no_sense_is_refused(guarded: SandboxServer, assertion: str, error: str) -> None:
    status, body = ask(guarded, assertion)
    assert (status, body["error"]) == (400, error)


def test_another_grant_is_refused(guarded: SandboxServer) -> None:
    status, body = ask(guarded, jwt(), grant="password")
    assert (status, body["error"]) == (400, "unsupported_grant_type")


def test_a_token_expires(guarded: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> None:
    _, body = ask(guarded, jwt())
    with service_at(guarded.url) as service:
        request = service.colors().get()
        request.headers["Authorization"] = f"Bearer {body['access_token']}"
        assert request.execute()["kind"] == "calendar#colors"
        later = time.time() + 3601
        monkeypatch.setattr("ircal.google.sandbox.signin.time.time", lambda: later)
        assert refused(request) == (401, "authError")


def test_a_key_file_is_private_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    path.write_text("an older one")
    path.chmod(0o644)
    email = write_credentials(path, "http://127.0.0.1:1/token")
    account = json.loads(path.read_text())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["key.json"]
    assert (account["client_email"], account["token_uri"]) == (email, "http://127.0.0.1:1/token")
    assert email.endswith(".example.org")


def test_each_key_is_fresh(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_credentials(tmp_path / name, "http://127.0.0.1:1/token")
    keys = {json.loads((tmp_path / name).read_text())["private_key"] for name in ("one", "two")}
    assert len(keys) == 2


def test_a_key_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        write_credentials(tmp_path / "taken", "http://127.0.0.1:1/token")
    assert [each.name for each in tmp_path.iterdir()] == ["taken"]
