"""Who we are towards Google, and what is said when that does not work."""

from __future__ import annotations

import base64
import json
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest

from ircal.errors import Denied, IrcalError, SettingsError, Unreachable
from ircal.google.auth import SCOPE, credentials_for, is_loopback
from ircal.google.client import API_ROOT, build_service, connect
from ircal.google.identity import Mark
from ircal.google.remote import GoogleRemote
from ircal.google.sandbox import SandboxServer, write_credentials

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.google.conftest import Scripted

LOOPBACK = "http://127.0.0.1:8081"


@pytest.fixture(scope="module")
def key_text(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("keys") / "key.json"
    write_credentials(path, "http://127.0.0.1:9/token")
    return path.read_text()


@pytest.fixture
def locked() -> Iterator[SandboxServer]:
    """A sandbox that asks who is there."""
    with SandboxServer(require_auth=True) as server:
        server.world.add_calendar("c@example.org", "C", "America/New_York")
        yield server


def owned_by(server: SandboxServer, key_file: Path | None, subject: str | None = None) -> object:
    with closing(connect(server.url, key_file, subject)) as service:
        return GoogleRemote(service, "c@example.org", Mark("o", "c"), sleep=lambda _: None).owned()


def key_for(tmp_path: Path, key_text: str, **changes: object) -> Path:
    path = tmp_path / "google.json"
    path.write_text(json.dumps({**json.loads(key_text), **changes}))
    return path


def test_a_service_account_signs_in_where_its_key_says(locked: SandboxServer, tmp_path: Path) -> None:
    locked.write_credentials(tmp_path / "google.json")
    assert owned_by(locked, tmp_path / "google.json") == ()


def test_what_is_asked_for(scripted: Scripted, tmp_path: Path, key_text: str) -> None:
    scripted.says(200, json.dumps({"access_token": "t", "expires_in": 3600})).says(200, '{"items": []}')
    key = key_for(tmp_path, key_text, token_uri=f"{scripted.url}token")
    service = build_service(scripted.url, credentials_for(scripted.url, key, "role@example.edu", {}))
    with closing(service):
        service.events().list(calendarId="c").execute()
    method, path, body = scripted.asked[0]
    payload = parse_qs(body)["assertion"][0].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert (method, path) == ("POST", "/token")
    assert (claims["scope"], claims["sub"]) == (SCOPE, "role@example.edu")


def test_nobody_is_refused_by_a_server_that_asks(locked: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    with pytest.raises(Denied, match=r"Google does not accept the credentials \(401 authError"):
        owned_by(locked, None)


def test_an_account_that_is_not_known_is_denied(locked: SandboxServer, tmp_path: Path, key_text: str) -> None:
    locked.write_credentials(tmp_path / "right.json")
    wrong = key_for(tmp_path, key_text, token_uri=locked.token_uri, client_email="stranger@example.org")
    with pytest.raises(Denied) as denied:
        owned_by(locked, wrong)
    assert denied.value.message == "Google does not accept the credentials (invalid_grant)."
    assert (
        denied.value.remedy == "Check the service account's key, and that the account may still use the Calendar API."
    )


def test_a_token_server_that_is_away_is_unreachable(locked: SandboxServer, tmp_path: Path, key_text: str) -> None:
    with pytest.raises(Unreachable):
        owned_by(locked, key_for(tmp_path, key_text))


# ------------------------------------------------------------------------------------------------------ faulty settings


def refused(key_file: Path) -> IrcalError:
    with pytest.raises(SettingsError) as error:
        credentials_for(API_ROOT, key_file, None, {})
    assert error.value.__cause__ is None
    assert error.value.remedy.endswith("IRCAL_GOOGLE__CREDENTIALS_FILE.")
    return error.value


def test_a_key_file_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "google.json"
    assert refused(path).message == f"The key file {path} cannot be read: No such file or directory."


@pytest.mark.parametrize("text", ["-----BEGIN hunter2", '{"private_key": "hunter2"', b"\xff\xfehunter2"])
def test_a_key_file_that_is_not_json(tmp_path: Path, text: str | bytes) -> None:
    path = tmp_path / "google.json"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    assert refused(path).message == f"The key file {path} is not JSON."


@pytest.mark.parametrize("text", ['["hunter2"]', '{"type": "authorized_user", "refresh_token": "hunter2"}', "{}"])
def test_a_key_file_of_another_kind(tmp_path: Path, text: str) -> None:
    path = tmp_path / "google.json"
    path.write_text(text)
    assert refused(path).message == f"The key file {path} is not the key of a service account."


@pytest.mark.parametrize("changes", [{"private_key": "hunter2"}, {"private_key": 7}, {"client_email": None}])
def test_a_damaged_key(tmp_path: Path, key_text: str, changes: dict[str, object]) -> None:
    found = {name: value for name, value in {**json.loads(key_text), **changes}.items() if value is not None}
    path = tmp_path / "google.json"
    path.write_text(json.dumps(found))
    assert refused(path).message == f"The key file {path} is damaged or incomplete."


# ------------------------------------------------------------------------------------------------------ without a key


def test_nobody_on_a_loopback_root() -> None:
    assert credentials_for(LOOPBACK, None, None, {}) is None
    assert credentials_for("http://[::1]:8081", None, None, {"GOOGLE_APPLICATION_CREDENTIALS": ""}) is None


def test_a_loopback_root_on_a_machine_that_is_told_who_it_is(
    tmp_path: Path, key_text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {"GOOGLE_APPLICATION_CREDENTIALS": str(key_for(tmp_path, key_text))}
    monkeypatch.setenv(*environ.popitem())
    found = credentials_for(LOOPBACK, None, None, {"GOOGLE_APPLICATION_CREDENTIALS": "set"})
    assert found is not None
    assert found.scopes == [SCOPE]  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", [None, "hunter2", "{}"])
def test_a_machine_without_credentials_of_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    if text is not None:
        (tmp_path / "adc.json").write_text(text)
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "adc.json"))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Denied, match="This machine has no Google credentials that can be used"):
        credentials_for(API_ROOT, None, None, {})


def test_only_a_key_can_write_in_the_name_of_another() -> None:
    with pytest.raises(SettingsError, match="Only a service account with a key"):
        credentials_for(API_ROOT, None, "role@example.edu", {})


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:1/", True),
        ("http://localhost", True),
        ("http://[::1]", True),
        ("http://127.0.0.1.example.org", False),
        ("https://www.googleapis.com", False),
        ("127.0.0.1", False),
    ],
)
def test_loopback(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected
