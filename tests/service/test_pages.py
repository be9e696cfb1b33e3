"""The pages of a real service: they follow the configuration, by the settings of the place."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from ircal.errors import IrcalError, SettingsError
from ircal.service import FeedServer
from ircal.store import open_store
from tests.service.running import with_http
from tests.service.test_serving import patient, running, until

if TYPE_CHECKING:
    from pathlib import Path

    from ircal.settings import Settings
    from tests.service.conftest import Coordinator


def with_admin(settings: Settings, **admin: object) -> Settings:
    return settings.model_copy(update={"admin": settings.admin.model_copy(update=admin)})


def with_password(settings: Settings) -> Settings:
    """So that somebody can sign in; that nobody knows the password does not matter here."""
    return with_admin(patient(settings), password_hash=SecretStr("$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA"))


def test_pages_follow_the_configuration_and_stay_as_they_were_when_it_is_wrong(
    settings: Settings, coordinator: Coordinator
) -> None:
    with running(patient(settings)) as (server, client):
        assert "Interventional Radiology Residency" in client.get("/").text
        coordinator.edit("programme.yaml", "Interventional Radiology Residency", "IR at Elsewhere")
        server.book.refresh(datetime.now(UTC))
        assert "IR at Elsewhere" in client.get("/").text
        coordinator.edit("programme.yaml", "IR at Elsewhere", "[")
        server.book.refresh(datetime.now(UTC))
        assert "IR at Elsewhere" in client.get("/").text


def test_what_signs_cookies_is_made_once_and_for_its_owner_alone(settings: Settings) -> None:
    made = []
    for _ in range(2):
        with FeedServer(with_password(settings)):
            file = settings.state_dir / "session.key"
            made.append((file.read_bytes(), oct(file.stat().st_mode & 0o777)))
    assert made[0] == made[1]
    assert (len(made[0][0]), made[0][1]) == (64, "0o600")
    assert [each.name for each in settings.state_dir.iterdir() if each.suffix == ".new"] == []


def test_a_key_that_is_too_short_signs_nothing(settings: Settings) -> None:
    settings.state_dir.mkdir(exist_ok=True)
    (settings.state_dir / "session.key").write_text("short")
    with pytest.raises(IrcalError, match="too short"):
        FeedServer(with_password(settings))


def test_where_no_file_can_be_made_one_serves_all_the_same(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    elsewhere = SecretStr(f"sqlite:///{tmp_path / 'elsewhere.db'}")
    update = {"state_dir": tmp_path / "taken", "database_url": elsewhere}
    with caplog.at_level("WARNING"), FeedServer(with_password(settings).model_copy(update=update)):
        assert "session.key cannot be made or read" in caplog.text


def test_where_nobody_signs_in_no_file_is_made(settings: Settings) -> None:
    with FeedServer(patient(settings)):
        assert not (settings.state_dir / "session.key").exists()


def test_a_secret_of_the_settings_makes_no_file(settings: Settings) -> None:
    with FeedServer(with_admin(with_password(settings), session_secret=SecretStr("s" * 32))):
        assert not (settings.state_dir / "session.key").exists()


def test_a_header_is_believed_only_where_it_is_said_whose_and_who_are_coordinators(settings: Settings) -> None:
    believing = with_admin(patient(settings), proxy_header="X-Forwarded-Email")
    with pytest.raises(SettingsError, match="TRUSTED_PROXIES"):
        FeedServer(believing)
    with pytest.raises(SettingsError, match="PROXY_USERS"):
        FeedServer(with_http(believing, trusted_proxies="127.0.0.1"))
    right = with_admin(with_http(believing, trusted_proxies="127.0.0.1"), proxy_users="Chief@example.edu")
    with running(right) as (_, client):
        assert "chief@example.edu" in client.get("/", headers={"x-forwarded-email": "chief@example.edu"}).text


def test_a_private_link_opens_its_page_until_it_is_revoked_and_to_look_is_no_use_of_the_feed(
    settings: Settings,
) -> None:
    private = with_http(patient(settings), feeds_by_id="never", open_pages="never", wrong_per_minute=1_000_000)
    with (
        running(private) as (_, client),
        closing(open_store(settings.store_url)) as store,  # as `ircal token` does, in another process
    ):
        secret = store.issue_token("ash", datetime.now(UTC), "ash")
        page = until(client, f"/my/{secret}", 200)
        assert "Not fetched yet by a link." in page.text
        assert client.get(f"/feeds/{secret}.ics").status_code == 200
        assert "Last fetched" in client.get(f"/my/{secret}").text
        store.revoke_token(secret, datetime.now(UTC))
        until(client, f"/my/{secret}", 404)
