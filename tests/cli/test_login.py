"""`login`: somebody signs in with a browser, on a server that stands in for Google's."""

from __future__ import annotations

import json
import threading
import webbrowser
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from tests.cli.conftest import CALENDAR, edit
from tests.google.conftest import Scripted, scripted

if TYPE_CHECKING:
    from pathlib import Path

    from ircal.google.sandbox import SandboxServer
    from tests.cli.conftest import Ircal

__all__ = ["scripted"]

TOKEN = {"access_token": "hush-access", "refresh_token": "hush-refresh", "expires_in": 3600, "token_type": "Bearer"}
SCOPE = "https://www.googleapis.com/auth/calendar.events"


class Browser(webbrowser.BaseBrowser):
    """Says yes to what it is asked, in a thread of its own."""

    def __init__(self, answer: str) -> None:
        super().__init__()
        self.answer = answer
        self.asked: dict[str, list[str]] = {}
        self.visit = threading.Thread()

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        del new, autoraise
        self.asked = parse_qs(urlsplit(url).query)
        back = f"{self.asked['redirect_uri'][0]}?state={self.asked['state'][0]}&{self.answer}"
        self.visit = threading.Thread(target=lambda: urlopen(back, timeout=20).close())  # noqa: S310 loopback
        self.visit.start()
        return True


@pytest.fixture
def client(tmp_path: Path, small: Path, scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IRCAL_CONFIG", str(small))
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # the stand-in has no certificate
    uris = {"auth_uri": f"{scripted.url}auth", "token_uri": f"{scripted.url}token"}
    file = tmp_path / "client.json"
    file.write_text(json.dumps({"installed": {"client_id": "ircal", "client_secret": "hush-client", **uris}}))
    return file


def browse(monkeypatch: pytest.MonkeyPatch, answer: str) -> Browser:
    browser = Browser(answer)
    monkeypatch.setattr(webbrowser, "get", lambda _name=None: browser)
    return browser


def test_signing_in_is_kept_for_its_owner_alone_and_shown_nowhere(
    ircal: Ircal, client: Path, scripted: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted.says(200, json.dumps({**TOKEN, "scope": SCOPE}))
    browser = browse(monkeypatch, "code=yes")
    told = ircal("login", "--client", str(client))
    browser.visit.join()
    file = tmp_path / "state" / "google-login.json"
    assert (told.code, file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0, 0o600, 0o700)
    assert json.loads(file.read_text())["refresh_token"] == "hush-refresh"
    assert "hush" not in told.out + told.err
    assert browser.asked["scope"] == [SCOPE]
    assert browser.asked["access_type"] == ["offline"]


def test_who_shares_calendars_by_the_programme_is_asked_for_that_right_too(
    ircal: Ircal, client: Path, scripted: Scripted, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(small, CALENDAR, f"{CALENDAR}, share: [{{role: reader, domain: example.edu}}]")
    both = f"{SCOPE} https://www.googleapis.com/auth/calendar.acls"
    scripted.says(200, json.dumps({**TOKEN, "scope": both}))
    browser = browse(monkeypatch, "code=yes")
    assert ircal("login", "--client", str(client)).code == 0
    browser.visit.join()
    assert browser.asked["scope"] == [both]


def test_what_was_signed_in_with_opens_the_calendars(
    ircal: Ircal, sandbox: SandboxServer, scripted: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IRCAL_GOOGLE__CREDENTIALS_FILE")
    state = tmp_path / "state"
    state.mkdir()
    fields = {"client_id": "i", "client_secret": "s", "refresh_token": "hush-refresh"}
    (state / "google-login.json").write_text(json.dumps({**fields, "token_uri": f"{scripted.url}token"}))
    sandbox._sign_in._expiries["hush-access"] = 1e12
    scripted.says(200, json.dumps(TOKEN))
    told = ircal("sync")
    assert (told.code, told.out) == (0, "Robin Ash: 3 created, 0 updated, 0 deleted\n")
    assert "refresh_token=hush-refresh" in scripted.asked[0][2]
    with sandbox.world.lock:
        assert len(sandbox.world.calendar(CALENDAR).events) == 3


def test_a_sandbox_is_not_told_what_opens_google(
    ircal: Ircal, sandbox: SandboxServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IRCAL_GOOGLE__CREDENTIALS_FILE")
    (tmp_path / "state").mkdir()
    fields = {"client_id": "i", "client_secret": "s", "refresh_token": "hush"}
    uri = {"token_uri": "https://oauth2.googleapis.com/token"}
    (tmp_path / "state" / "google-login.json").write_text(json.dumps(fields | uri))
    told = ircal("sync")
    assert told.code == 4
    assert "does not accept the credentials" in told.err


@pytest.mark.parametrize("answer", ["error=access_denied", "code=no"])
def test_nobody_who_signs_in(  # noqa: PLR0913, PLR0917 fixtures
    ircal: Ircal, client: Path, scripted: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    scripted.says(400, json.dumps({"error": "invalid_grant", "error_description": "hush"}))
    browser = browse(monkeypatch, answer)
    told = ircal("login", "--client", str(client))
    browser.visit.join()
    assert told.code == 4
    assert told.err.startswith("Nobody signed in (")
    assert "hush" not in told.out + told.err
    assert not (tmp_path / "state" / "google-login.json").exists()


@pytest.mark.parametrize(
    "text", ["", "[]", '{"web": {}}', '{"installed": {"client_id": "x"}}', '{"installed": {"client_id": 5}}']
)
def test_a_client_that_is_none(
    ircal: Ircal, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("IRCAL_CONFIG", str(small))
    (tmp_path / "client.json").write_text(text)
    told = ircal("login", "--client", "client.json")
    assert told.code == 1
    assert "The client file client.json is not" in told.err
    assert "Desktop app" in told.err
    assert ircal("login", "--client", "nowhere.json").code == 1


@pytest.mark.parametrize("text", ["", "[]", '{"client_id": "i"}', "{"])
def test_a_login_that_is_damaged(
    ircal: Ircal, sandbox: SandboxServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.delenv("IRCAL_GOOGLE__CREDENTIALS_FILE")
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "google-login.json").write_text(text)
    told = ircal("plan")
    assert told.code == 1
    assert "is damaged" in told.err
    assert "ircal login" in told.err
