"""A git host's pushes, over HTTP: whom we believe, what we do, and what is never done twice."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from ircal.standard_webhooks import key_of
from ircal.web import ConfigHook, WrongTries
from ircal.web.config_hook import LARGEST, REMEMBERED_SECONDS
from ircal.web.signatures import TOLERANCE, signed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import httpx

    from tests.web.conftest import Hooked

PATH = "/hooks/config"
SECRET = "It's a Secret to Everybody"
BODY = json.dumps({"ref": "refs/heads/main"}).encode()
NOW = 1_788_000_000


@dataclass
class Folder:
    """What is called when the configuration may have changed."""

    looked: int = 0
    broken: Exception | None = None
    now: float = NOW

    def changed(self) -> None:
        if self.broken:
            raise self.broken
        self.looked += 1


def github(body: bytes = BODY, secret: str = SECRET, event: str = "push") -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}", "X-GitHub-Event": event, "X-GitHub-Delivery": "72d3162e-cc78"}


def gitlab(body: bytes = BODY, secret: str = SECRET, sent: int = NOW, name: str = "msg_1") -> dict[str, str]:
    digest = hmac.new(key_of(secret), f"{name}.{sent}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {
        "X-Gitlab-Event": "Push Hook",
        "webhook-id": name,
        "webhook-timestamp": str(sent),
        "webhook-signature": signature,
    }


@pytest.fixture
def folder() -> Folder:
    return Folder()


@pytest.fixture
def client(hooked: Hooked, folder: Folder) -> httpx.Client:
    hooked.hooks[PATH] = ConfigHook(SECRET, folder.changed, lambda: folder.now, WrongTries(5))
    return hooked.client


def post(client: httpx.Client, headers: Mapping[str, str], body: bytes = BODY) -> int:
    return client.post(PATH, headers=headers, content=body).status_code


def test_the_example_of_githubs_documentation() -> None:
    body, secret = b"Hello, World!", "It's a Secret to Everybody"
    known = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    proof = signed({"x-hub-signature-256": known}, secret, NOW)
    assert proof
    proof.worked_out.update(body)
    assert proof.holds()


def test_the_example_of_the_standard_webhooks_library() -> None:
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,bm90IHRoaXM= v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    proof = signed(headers, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1614265330)
    assert proof
    proof.worked_out.update(b'{"test": 2432232314}')
    assert proof.holds()


@pytest.mark.parametrize(
    "headers",
    [
        github(),
        {"X-Hub-Signature-256": github()["X-Hub-Signature-256"]},
        gitlab(),
        {"X-Gitlab-Token": SECRET, "X-Gitlab-Event": "Push Hook"},
        {"X-Gitlab-Token": SECRET, "X-Gitlab-Event": "Tag Push Hook"},
    ],
    ids=["github", "no event named", "gitlab, signed", "gitlab, token", "gitlab, tag"],
)
def test_a_push_has_the_configuration_looked_at(client: httpx.Client, folder: Folder, headers: dict[str, str]) -> None:
    answer = client.post(PATH, headers=headers, content=BODY)
    assert (answer.status_code, answer.text) == (202, "The configuration is looked at again.\n")
    assert folder.looked == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-GitHub-Event": "push"},
        github(secret="guess"),
        github(body=BODY + b" "),
        {"X-Hub-Signature-256": "sha256="},
        {"X-Hub-Signature-256": "sha1=757107ea0eb2509fc211221cce984b8a"},
        {"X-Gitlab-Token": "guess"},
        {"X-Gitlab-Token": SECRET + "x"},
        {"X-Gitlab-Token": ""},
        gitlab(secret="guess"),
        gitlab(sent=NOW - TOLERANCE - 1),
        gitlab(sent=NOW + TOLERANCE + 1),
        gitlab() | {"webhook-timestamp": "soon"},
        gitlab() | {"webhook-id": "msg_2"},
        gitlab() | {"webhook-signature": "v2,AAAA"},
        github(secret="guess") | {"X-Gitlab-Token": SECRET},
    ],
)
def test_what_does_not_prove_itself_is_refused(client: httpx.Client, folder: Folder, headers: dict[str, str]) -> None:
    answer = client.post(PATH, headers=headers, content=BODY)
    assert (answer.status_code, folder.looked) == (403, 0)
    assert "signature does not fit" in answer.text
    assert SECRET not in answer.text


def test_whoever_guesses_is_told_to_wait_and_a_right_one_is_not(client: httpx.Client, folder: Folder) -> None:
    assert [post(client, github(secret="guess")) for _ in range(7)] == [403] * 5 + [429] * 2
    assert post(client, github()) == 202
    assert folder.looked == 1


def test_a_ping_is_answered_and_other_events_do_nothing(client: httpx.Client, folder: Folder) -> None:
    ping = client.post(PATH, headers=github(event="ping"), content=BODY)
    assert (ping.status_code, ping.text) == (200, "This is the right address, and the secret fits.\n")
    assert post(client, github(event="issues")) == 200
    assert post(client, {"X-Gitlab-Token": SECRET, "X-Gitlab-Event": "Issue Hook"}) == 200
    assert folder.looked == 0


def test_the_same_message_is_taken_once_whatever_number_it_bears(client: httpx.Client, folder: Folder) -> None:
    assert post(client, github()) == 202
    assert post(client, github() | {"X-GitHub-Delivery": "another"}) == 200
    assert post(client, gitlab()) == 202
    assert post(client, gitlab()) == 200
    assert folder.looked == 2
    other = b'{"ref": "refs/heads/other"}'
    assert post(client, github(other), other) == 202
    folder.now += REMEMBERED_SECONDS
    assert post(client, github()) == 202
    assert folder.looked == 4


def test_what_failed_may_come_again(client: httpx.Client, folder: Folder) -> None:
    folder.broken = RuntimeError("no")
    assert post(client, github()) == 500
    folder.broken = None
    assert post(client, github()) == 202


def test_a_body_in_pieces_is_one_body(client: httpx.Client, folder: Folder) -> None:
    body = b"".join(bytes([number]) * 100_000 for number in range(30))
    pieces = iter([body[:1], body[1:70_000], body[70_000:]])
    assert client.post(PATH, headers=github(body), content=pieces).status_code == 202
    assert folder.looked == 1


def test_a_body_that_is_too_large_is_not_read_to_its_end(client: httpx.Client, folder: Folder) -> None:
    def pieces() -> Iterator[bytes]:
        yield from [b"x" * (1 << 20)] * (LARGEST >> 20)
        yield b"x"

    answer = client.post(PATH, headers={**github(), "X-Gitlab-Token": SECRET}, content=pieces())
    assert (answer.status_code, folder.looked) == (413, 0)


def test_without_a_secret_there_is_no_such_address(hooked: Hooked) -> None:
    with pytest.raises(ValueError, match="let everybody in"):
        ConfigHook("", lambda: None, lambda: NOW, WrongTries(5))
    hooked.hooks.pop(PATH, None)
    assert post(hooked.client, github(secret="")) == 404


def test_a_secret_shows_in_no_repr() -> None:
    assert SECRET not in repr(signed({"x-hub-signature-256": "sha256=00"}, SECRET, NOW))
