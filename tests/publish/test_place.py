"""What names a place, and what is refused before anything is sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ircal.errors import PublishError
from ircal.publish import Delivery, place_at
from ircal.publish.place import Folder

if TYPE_CHECKING:
    from tests.publish.s3 import FakeS3


@pytest.mark.parametrize(
    ("text", "path"),
    [("public", "public"), ("/srv/a b", "/srv/a b"), ("file:///srv/a%20b", "/srv/a b"), ("./s3", "s3")],
)
def test_a_folder(text: str, path: str) -> None:
    assert place_at(text, Delivery()) == Folder(Path(path))


def test_a_bucket_is_open_to_all_and_a_folder_is_not(s3: FakeS3) -> None:
    assert place_at("s3://feeds", Delivery()).open_to_all
    assert not place_at("feeds", Delivery()).open_to_all
    assert s3.asked == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ftp://host/feeds", "ircal cannot publish to an address that begins with ftp:"),
        ("https://host/feeds", "ircal cannot publish to an address that begins with https:"),
        ("s3:/feeds/cal", "is not an address that ircal can publish to"),
        ("s3:feeds", "is not an address that ircal can publish to"),
        ("s3://", "is not an address that ircal can publish to"),
        ("s3://UPPER/x", "is not an address that ircal can publish to"),
        ("s3://feeds/a//b", "is not an address that ircal can publish to"),
        ("s3://feeds/../b", "is not an address that ircal can publish to"),
        ("s3://[feeds/b", "is not an address"),
        ("file://elsewhere/srv", "is not an address that ircal can publish to"),
        ("s3://KEY:hush@feeds/x", "must not hold credentials"),
        ("az://feeds/x?sig=hush", "must not hold credentials"),
        ("s3://feeds/x#hush", "must not hold credentials"),
    ],
)
def test_what_is_no_place_is_a_sentence_without_a_secret(s3: FakeS3, text: str, told: str) -> None:
    with pytest.raises(PublishError) as raised:
        place_at(text, Delivery())
    assert told in raised.value.message
    assert "hush" not in raised.value.message + raised.value.remedy
    assert s3.asked == []


@pytest.mark.parametrize("address", ["s3://feeds/x", "gs://feeds/x", "az://feeds/x"])
def test_without_credentials_nobody_is_asked_for_any(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SKIP_SIGNATURE", "false")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDHALF")
    with pytest.raises(PublishError) as raised:
        place_at(address, Delivery())
    assert raised.value.message == f"The environment has no credentials for {address[:5]}."
    assert "IRCAL_PUBLISH__MACHINE_IDENTITY" in raised.value.remedy


def test_the_machine_may_be_asked_who_it_is_if_the_settings_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    place_at("s3://feeds/x", Delivery(machine_identity=True))


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", "https://name:hush@127.0.0.1:9", "https://127.0.0.1?hush"])
def test_an_endpoint_in_clear_or_with_a_password_is_refused(
    s3: FakeS3, monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    monkeypatch.delenv("AWS_ALLOW_HTTP")
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    with pytest.raises(PublishError) as raised:
        place_at("s3://feeds/x", Delivery())
    assert raised.value.message.startswith("AWS_ENDPOINT_URL ")
    assert "hush" not in raised.value.message + raised.value.remedy


def test_an_azure_account_that_is_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", "bWFkZSB1cA==")
    with pytest.raises(PublishError) as raised:
        place_at("az://feeds/x", Delivery())
    assert raised.value.message == "az://feeds/x cannot be opened: AZURE_STORAGE_ACCOUNT_NAME is not set."


def test_a_google_key_that_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GOOGLE_SERVICE_ACCOUNT", str(tmp_path / "nowhere.json"))
    with pytest.raises(PublishError) as raised:
        place_at("gs://feeds/x", Delivery())
    assert raised.value.message == "gs://feeds/x cannot be opened: the environment's settings make no sense."
