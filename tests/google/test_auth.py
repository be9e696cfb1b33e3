"""Who we are towards Google, and what is said when that does not work."""

from __future__ import annotations

import base64
import json
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ircal.errors import Denied, IrcalError, RemoteError, SettingsError, Unreachable
from ircal.google.auth import SCOPE, credentials_for
from ircal.google.client import API_ROOT, build_service, connect
from ircal.google.identity import Mark
from ircal.google.remote import GoogleRemote
from ircal.google.sandbox import SandboxServer, write_credentials
from ircal.google.transport import is_loopback
from ircal.plan import Create
from tests.plan.making import single

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.google.conftest import Scripted

LOOPBACK = "http://127.0.0.1:8081"
OTHER_KIND = (
    ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
)
"""A private key that makes other signatures than Google's."""


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
    assert denied.value.message == (
        f"The token endpoint at {locked.url[7:-1]} does not accept the credentials (invalid_grant)."
    )
    assert (
        denied.value.remedy == "Check the service account's key, and that the account may still use the Calendar API."
    )


def test_a_token_endpoint_that_is_away_is_named(locked: SandboxServer, tmp_path: Path, key_text: str) -> None:
    with pytest.raises(Unreachable) as away:
        owned_by(locked, key_for(tmp_path, key_text))
    assert away.value.message == "The token endpoint at 127.0.0.1:9 cannot be reached (Connection refused)."


@pytest.fixture
def its_key(scripted: Scripted, tmp_path: Path, key_text: str) -> Path:
    """A key whose tokens come from the scripted server."""
    return key_for(tmp_path, key_text, token_uri=f"{scripted.url}token")


def no_token(scripted: Scripted, key: Path, *, batch: bool) -> RemoteError:
    """What is said when the endpoint gives no token, to a request or to a batch."""
    naps: list[float] = []
    with closing(connect(scripted.url, key)) as service:
        remote = GoogleRemote(service, "c@example.org", Mark("o", "c"), sleep=naps.append)
        with pytest.raises(RemoteError) as error:
            list(remote.apply([Create(single("a")), Create(single("b"))])) if batch else remote.owned()
    assert {path for _, path, _ in scripted.asked} == {"/token"}
    assert len(scripted.asked) == len(naps) + 1
    return error.value


@pytest.mark.parametrize("batch", [False, True])
@pytest.mark.parametrize(
    "body",
    [
        "<html>Please sign in</html>",
        "",
        "[]",
        "null",
        "7",
        "{}",
        '{"access_token": 5}',
        '{"access_token": ""}',
        '{"access_token": "a\\nb"}',
        '{"access_token": "hunter2", "expires_in": "soon"}',
        '{"access_token": "hunter2", "expires_in": 1e99}',
        "[" * 100_000,
    ],
)
def test_a_token_endpoint_that_gives_no_token(scripted: Scripted, its_key: Path, body: str, batch: bool) -> None:
    error = no_token(scripted.says(200, body), its_key, batch=batch)
    assert type(error) is Unreachable
    assert error.message == f"The answer of the token endpoint at {scripted.url[7:-1]} holds no access token."


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (500, "", (Unreachable, "gives no access token now (500)")),
        (503, "{}", (Unreachable, "gives no access token now (503)")),
        (502, "{}", (Unreachable, "gives no access token now (502)")),
        (429, "{}", (Unreachable, "gives no access token now (429)")),
        (404, "<html>", (Denied, "does not accept the credentials (404)")),
        (400, '{"error": "unauthorized_client", "error_description": "hunter2"}', (Denied, "(unauthorized_client)")),
        (400, '{"error": "ya29.hunter2 assertion=abc"}', (Denied, "does not accept the credentials (400)")),
        (400, '{"error": {"code": 400, "message": "hunter2"}}', (Denied, "does not accept the credentials (400)")),
        (401, '"hunter2"', (Denied, "does not accept the credentials (401)")),
        (403, '["hunter2"]', (Denied, "does not accept the credentials (403)")),
        (302, "", (Unreachable, "holds no access token")),
    ],
)
def test_a_token_endpoint_that_refuses(
    scripted: Scripted, its_key: Path, status: int, body: str, said: tuple[type[RemoteError], str]
) -> None:
    scripted.says(status, body, Location="http://192.0.2.1:9/elsewhere")
    error = no_token(scripted, its_key, batch=True)
    assert type(error) is said[0]
    assert said[1] in error.message
    assert f"at {scripted.url[7:-1]} " in error.message
    assert "hunter2" not in error.message


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


@pytest.mark.parametrize(
    "text", ["", "[" * 60_000, "-----BEGIN hunter2", '{"private_key": "hunter2"', b"\xff\xfehunter2"]
)
def test_a_key_file_that_is_not_json(tmp_path: Path, text: str | bytes) -> None:
    path = tmp_path / "google.json"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    assert refused(path).message == f"The key file {path} is not JSON."


@pytest.mark.parametrize("text", ['["hunter2"]', '{"type": "authorized_user", "refresh_token": "hunter2"}', "{}"])
def test_a_key_file_of_another_kind(tmp_path: Path, text: str) -> None:
    path = tmp_path / "google.json"
    path.write_text(text)
    assert refused(path).message == f"The key file {path} is not the key of a service account."


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"private_key": "hunter2"}, "is damaged: its private_key is none"),
        ({"private_key": OTHER_KIND}, "is damaged: its private_key is none"),
        ({"private_key": 7}, "is damaged or incomplete: there is no private_key in it"),
        ({"client_email": None}, "is damaged or incomplete: there is no client_email in it"),
        ({"client_email": "", "token_uri": ["hunter2"]}, "there is no client_email and no token_uri in it"),
        ({"token_uri": 5}, "is damaged or incomplete: there is no token_uri in it"),
        ({"token_uri": "not a url hunter2"}, "is damaged: its token_uri is no https address"),
        ({"token_uri": "http://example.org/token"}, "is damaged: its token_uri is no https address"),
        ({"token_uri": "https://[hunter2"}, "is damaged: its token_uri is no https address"),
        ({"token_uri": "https://example.org:x/token"}, "is damaged: its token_uri is no https address"),
        ({"token_uri": "https://hunter2@example.org/token"}, "is damaged: its token_uri is no https address"),
        ({"token_uri": "https:///token"}, "is damaged: its token_uri is no https address"),
        ({"token_uri": "file:///etc/passwd"}, "is damaged: its token_uri is no https address"),
    ],
)
def test_a_damaged_key(tmp_path: Path, key_text: str, changes: dict[str, object], said: str) -> None:
    path = key_for(tmp_path, key_text, **changes)
    message = refused(path).message
    assert message.startswith(f"The key file {path} is damaged")
    assert message.endswith(f"{said}.")
    assert "hunter2" not in message


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"universe_domain": 5, "trust_boundary": "x", "project_id": [], "private_key_id": {}},
        {"token_uri": "https://oauth2.googleapis.com/token"},
    ],
)
def test_a_key_that_will_do(tmp_path: Path, key_text: str, changes: dict[str, object]) -> None:
    assert credentials_for(API_ROOT, key_for(tmp_path, key_text, **changes), None, {})


def test_a_key_file_with_a_byte_order_mark_will_do(tmp_path: Path, key_text: str) -> None:
    path = tmp_path / "google.json"
    path.write_text(key_text, encoding="utf-8-sig")
    assert credentials_for(API_ROOT, path, None, {})


def test_a_key_file_that_is_a_folder(tmp_path: Path) -> None:
    assert refused(tmp_path).message == f"The key file {tmp_path} cannot be read: Is a directory."


def test_a_key_file_that_is_far_too_large(tmp_path: Path) -> None:
    path = tmp_path / "google.json"
    path.write_bytes(b" " * 70_000)
    assert refused(path).message == f"The key file {path} is too large to be a key."


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


@pytest.mark.parametrize("text", [None, "hunter2", "{}", "[]", '{"type": "service_account", "private_key": 7}'])
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
