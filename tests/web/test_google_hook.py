"""Google's notifications, over HTTP: what is believed, what is refused, and what a storm costs."""

from __future__ import annotations

import logging
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from ircal.errors import StoreError
from ircal.web import GoogleHook, Notification, WrongTries
from ircal.web.google_hook import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx

    from tests.web.conftest import Hooked

TOKEN = "a-token-that-nobody-guesses"
PATH = "/hooks/google"


def said(number: int = 2, state: str = "exists", channel: str = "ircal-one", token: str = TOKEN) -> dict[str, str]:
    return {
        "X-Goog-Channel-ID": channel,
        "X-Goog-Channel-Token": token,
        "X-Goog-Channel-Expiration": "Tue, 08 Sep 2026 08:00:00 GMT",
        "X-Goog-Resource-ID": "resource",
        "X-Goog-Resource-URI": "https://www.googleapis.com/calendar/v3/calendars/ash/events?alt=json",
        "X-Goog-Resource-State": state,
        "X-Goog-Message-Number": str(number),
    }


@dataclass
class Ears:
    """A Listener that writes down what it is told."""

    tokens: dict[str, str] = field(default_factory=lambda: {"ircal-one": TOKEN})
    elsewhere: dict[str, str] = field(default_factory=dict)
    """Channels that are known once somebody looks."""
    batches: list[Sequence[Notification]] = field(default_factory=list)
    looks: list[Notification] = field(default_factory=list)
    broken: Exception | None = None
    waiting: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)
    asked: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def knows(self, channel: str, token: str) -> bool | None:
        self.asked.release()
        return self.tokens[channel] == token if channel in self.tokens else None

    def look(self, notification: Notification) -> None:
        self.looks.append(notification)
        self.tokens |= {name: token for name, token in self.elsewhere.items() if name == notification.channel}

    def told(self, notifications: Sequence[Notification]) -> None:
        self.waiting.set()
        assert self.go.wait(10)
        if self.broken:
            raise self.broken
        self.batches.append(tuple(notifications))

    @property
    def numbers(self) -> list[int]:
        return [each.number for batch in self.batches for each in batch]


@pytest.fixture
def ears() -> Ears:
    made = Ears()
    made.go.set()
    return made


@pytest.fixture
def client(hooked: Hooked, ears: Ears) -> httpx.Client:
    hooked.hooks[PATH] = GoogleHook(ears, WrongTries(5))
    return hooked.client


def test_what_is_googles_is_handed_on(client: httpx.Client, ears: Ears) -> None:
    answer = client.post(PATH, headers=said(1, "sync"))
    assert (answer.status_code, answer.content) == (204, b"")
    assert client.post(PATH, headers=said(7)).status_code == 204
    assert client.post(PATH, headers=said(9, "not_exists")).status_code == 204
    assert [each for batch in ears.batches for each in batch] == [
        Notification("ircal-one", "resource", "sync", 1),
        Notification("ircal-one", "resource", "exists", 7),
        Notification("ircal-one", "resource", "not_exists", 9),
    ]


def test_a_storm_does_not_fill_the_log(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "ircal.web.access"):
        client.post(PATH, headers=said())
        client.post(PATH, headers=said(token="guess"))
        client.get("/healthz")
        client.get("/healthz")  # a line is written after its answer, and before the next is
    lines = [each.getMessage().split()[:3] for each in caplog.records if each.name == "ircal.web.access"]
    assert lines[:2] == [["POST", "-", "404"], ["GET", "healthz", "200"]]


def test_what_is_forged_or_unknown_gets_what_any_wrong_address_gets(client: httpx.Client, ears: Ears) -> None:
    nothing = client.post("/hooks/nothing")
    for headers in (said(token="guess"), said(token=""), said(channel="ircal-two"), {}):
        answer = client.post(PATH, headers=headers)
        assert (answer.status_code, answer.content) == (404, nothing.content)
        assert {**answer.headers, "date": ""} == {**nothing.headers, "date": ""}
    assert (ears.batches, ears.looks) == ([], [Notification("ircal-two", "resource", "exists", 2)])


def test_whoever_forges_on_and_on_is_told_to_wait_and_google_is_not(client: httpx.Client, ears: Ears) -> None:
    statuses = [client.post(PATH, headers=said(channel=f"ircal-{number}")).status_code for number in range(8)]
    assert statuses == [404] * 5 + [429] * 3
    assert len(ears.looks) == 5
    assert client.post(PATH, headers=said()).status_code == 204


def test_a_channel_that_another_process_has_opened_is_found(client: httpx.Client, ears: Ears) -> None:
    ears.elsewhere = {"ircal-two": "other"}
    assert client.post(PATH, headers=said(channel="ircal-two", token="other")).status_code == 204
    assert (len(ears.looks), ears.numbers) == (1, [2])


def test_only_a_post_is_a_notification(client: httpx.Client, ears: Ears) -> None:
    for method in ("GET", "PUT", "OPTIONS"):
        assert client.request(method, PATH, headers=said()).status_code == 404
    assert ears.batches == []


def test_where_it_cannot_be_kept_google_is_asked_to_try_again(client: httpx.Client, ears: Ears) -> None:
    ears.broken = StoreError("The database is away.")
    answer = client.post(PATH, headers=said())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert "database" not in answer.text
    ears.broken = None
    assert client.post(PATH, headers=said()).status_code == 204


def test_a_body_is_not_read(client: httpx.Client, ears: Ears) -> None:
    assert client.post(PATH, headers=said(), content=b"x" * 3_000_000).status_code == 204
    assert client.post(PATH, headers=said(3)).status_code == 204
    assert ears.numbers == [2, 3]


def test_an_endless_body_keeps_nobody(client: httpx.Client, ears: Ears) -> None:
    head = "".join(f"{name}: {value}\r\n" for name, value in said().items())
    with socket.create_connection((client.base_url.host, client.base_url.port or 0), timeout=10) as connection:
        connection.sendall(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n{head}\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 204")
    assert ears.numbers == [2]


def test_a_storm_is_handed_on_in_a_few_pieces(client: httpx.Client, ears: Ears) -> None:
    ears.go.clear()
    with ThreadPoolExecutor(20) as pool:
        first = pool.submit(client.post, PATH, headers=said(0))
        assert ears.waiting.wait(10)
        storm = [pool.submit(client.post, PATH, headers=said(number)) for number in range(1, 20)]
        for _ in range(20):  # one for each that has come so far
            assert ears.asked.acquire(timeout=10)
        ears.go.set()
        assert {each.result().status_code for each in (first, *storm)} == {204}
    assert sorted(ears.numbers) == list(range(20))
    assert len(ears.batches[0]) == 1
    assert len(ears.batches) <= 5


@pytest.mark.parametrize(
    "change",
    [
        {"x-goog-channel-id": ""},
        {"x-goog-channel-id": "x" * 513},
        {"x-goog-channel-token": "x" * 513},
        {"x-goog-resource-id": "x" * 513},
        {"x-goog-resource-state": "add"},
        {"x-goog-resource-state": ""},
        {"x-goog-message-number": ""},
        {"x-goog-message-number": "-1"},
        {"x-goog-message-number": "1.0"},
        {"x-goog-message-number": "9" * 19},
        {"x-goog-message-number": "\u00b2"},
    ],
)
def test_what_is_no_notification(change: dict[str, str]) -> None:
    headers = {name.lower(): value for name, value in said().items()}
    assert read(headers) == Notification("ircal-one", "resource", "exists", 2)
    assert read(headers | change) is None
