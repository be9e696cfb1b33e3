"""Notices on their way to real servers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http_event

from ircal.notices.notice import Notice
from ircal.notices.sending import ATTEMPTS, WAITING, Courier, Notices, Target
from tests.receiver import receiving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.receiver import Receiver

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
SOURCE = "https://calendars.example.edu"
AT = datetime(2026, 9, 1, 8, tzinfo=UTC)


def notice(number: int = 1, sentence: str = "mm: the guard refuses <12> & more.") -> Notice:
    return Notice("guard.refused", f"id{number}", AT, "mm", sentence, {"run": "r1", "problems": ["a < b"]})


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def brought(target: Target, *notices: Notice) -> list[float]:
    """Bring notices without waiting between attempts; how long it would have waited."""
    pauses: list[float] = []
    courier = Courier(target, SOURCE, lambda: 1_788_000_000.0, pauses.append)
    for each in notices:
        courier.bring(each)
    courier.stop(20)
    return pauses


def test_a_cloudevent_as_its_own_library_reads_it(receiver: Receiver) -> None:
    brought(Target(f"{receiver.url}/alerts", "cloudevents", SECRET), notice())
    [posted] = receiver.posted
    assert (posted.path, posted.headers["content-type"]) == ("/alerts", "application/cloudevents+json")
    event = from_http_event(HTTPMessage({"content-type": posted.headers["content-type"]}, posted.body))
    assert (event.get_type(), event.get_source(), event.get_subject(), event.get_id(), event.get_time()) == (
        "ircal.guard.refused",
        SOURCE,
        "mm",
        "id1",
        AT,
    )
    assert event.get_data() == {
        "sentence": "mm: the guard refuses <12> & more.",
        "run": "r1",
        "problems": ["a < b"],
    }


def test_a_signature_that_fits_the_body_the_time_and_the_id(receiver: Receiver) -> None:
    brought(Target(receiver.url, "cloudevents", SECRET), notice())
    [posted] = receiver.posted
    signed = b"id1.1788000000." + posted.body
    right = base64.b64encode(hmac.new(b"k" * 32, signed, hashlib.sha256).digest()).decode()
    assert posted.headers["webhook-id"] == "id1"
    assert posted.headers["webhook-timestamp"] == "1788000000"
    assert posted.headers["webhook-signature"] == f"v1,{right}"


def test_without_a_secret_nothing_is_signed(receiver: Receiver) -> None:
    brought(Target(receiver.url, "cloudevents"), notice())
    assert "webhook-signature" not in receiver.posted[0].headers


def test_a_message_for_slack_holds_no_commands(receiver: Receiver) -> None:
    brought(Target(receiver.url, "slack"), notice(sentence="Hi <!channel> & all"))
    [posted] = receiver.posted
    assert posted.headers["content-type"] == "application/json"
    assert json.loads(posted.body) == {
        "text": ":octagonal_sign: Hi &lt;!channel&gt; &amp; all\n\u2022 a &lt; b\n_https://calendars.example.edu_"
    }


def test_what_passes_is_tried_again_and_then_the_rest_is_brought(receiver: Receiver) -> None:
    receiver.statuses = [503, 429, 500, 204]
    pauses = brought(Target(receiver.url, "cloudevents"), notice(1), notice(2))
    ids = [json.loads(each.body)["id"] for each in receiver.posted]
    assert ids == ["id1"] * 4 + ["id2"]
    assert len(pauses) == 3
    assert pauses == sorted(pauses)


def test_a_receiver_may_say_how_long_to_wait_but_not_for_ever(receiver: Receiver) -> None:
    receiver.statuses, receiver.headers = [429, 204], {"Retry-After": "7"}
    assert 7 in brought(Target(receiver.url, "cloudevents"), notice())
    receiver.statuses, receiver.headers = [429, 204], {"Retry-After": "86400"}
    assert brought(Target(receiver.url, "cloudevents"), notice()) == [60.0]


@pytest.mark.parametrize(("status", "posts"), [(400, 2), (404, 2), (302, 2), (410, 1), (500, 2 * ATTEMPTS)])
def test_what_is_refused_is_given_up_and_what_is_gone_for_good(receiver: Receiver, status: int, posts: int) -> None:
    receiver.statuses = [status]
    brought(Target(receiver.url, "cloudevents"), notice(1), notice(2))
    assert len(receiver.posted) == posts


def test_the_address_and_the_secret_are_in_no_log(receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.NOTSET)
    receiver.statuses = [404, 204, 500]
    target = Target(f"{receiver.url}/services/T0/B0/hush", "cloudevents", SECRET)
    brought(target, notice(1), notice(2), notice(3))
    assert "127.0.0.1 does not take a notice (404)" in caplog.text
    assert "hush" not in caplog.text
    assert SECRET not in caplog.text
    assert "hush" not in repr(target)
    assert SECRET not in repr(target)


def test_nobody_waits_for_a_receiver_that_does_not_answer_and_memory_is_bounded(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    go, asked = threading.Event(), threading.Event()

    def pause(_seconds: float) -> None:
        asked.set()
        assert go.wait(20)

    receiver.statuses = [503, 204]
    courier = Courier(Target(receiver.url, "cloudevents"), SOURCE, pause=pause)
    courier.bring(notice(0))
    assert asked.wait(20)
    for number in range(1, WAITING + 10):
        courier.bring(notice(number))
    assert caplog.text.count("Too many notices wait for 127.0.0.1") == 9
    go.set()
    courier.stop(20)
    assert len(receiver.posted) == WAITING + 2


def test_one_that_fails_keeps_no_other_waiting(receiver: Receiver) -> None:
    nobody = Courier(Target("http://127.0.0.1:9/", "cloudevents"), SOURCE, pause=lambda _seconds: None)
    other = Courier(Target(receiver.url, "slack"), SOURCE)
    notices = Notices([nobody, other])
    notices(notice())
    notices.stop()
    assert len(receiver.posted) == 1
