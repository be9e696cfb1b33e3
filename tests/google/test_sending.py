"""Pauses between attempts."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from ircal.errors import ServerFault, Throttled, Unreachable
from ircal.google.client import build_service
from ircal.google.identity import Mark
from ircal.google.listing import IN_VAIN
from ircal.google.remote import GoogleRemote
from ircal.google.sandbox.faults import CUT_AFTER, CUT_BEFORE, Faults
from ircal.google.sending import ATTEMPTS, LONGEST_PAUSE, batched
from ircal.plan import Create, Guard
from ircal.sync import sync
from tests.plan.making import single
from tests.sync.harness import Notebook, seen_in, target

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.google.sandbox.gateway import Wrap
    from tests.google.conftest import Scripted
    from tests.sync.harness import OnSandbox

SLOW_DOWN = json.dumps({"error": {"errors": [{"reason": "rateLimitExceeded"}], "code": 429, "message": "Slow down"}})
EMPTY = '{"items": []}'


def naps_of(scripted: Scripted, error: type[Exception] | None = None) -> list[float]:
    """How long was waited, in seconds, for a list to be had or not."""
    naps: list[float] = []
    with closing(build_service(scripted.url, None)) as service:
        remote = GoogleRemote(service, "c", Mark("o", "c"), sleep=naps.append)
        if error is None:
            assert remote.owned() == ()
        else:
            with pytest.raises(error):
                remote.owned()
    return naps


def test_no_pause_when_all_is_well(scripted: Scripted) -> None:
    assert naps_of(scripted.says(200, EMPTY)) == []


def test_the_server_says_how_long_to_wait(scripted: Scripted) -> None:
    scripted.says(429, SLOW_DOWN, Retry_After="45").says(503, "", Retry_After="50").says(200, EMPTY)
    assert naps_of(scripted) == [45.0, 50.0]
    assert len(scripted.asked) == 3


def test_a_server_that_asks_for_too_much_is_not_waited_for(scripted: Scripted) -> None:
    scripted.says(429, SLOW_DOWN, Retry_After=str(int(LONGEST_PAUSE) + 1))
    assert naps_of(scripted, Throttled) == []


def test_pauses_grow_and_have_a_random_part_and_an_end(scripted: Scripted) -> None:
    naps = naps_of(scripted.says(500, ""), ServerFault)
    assert len(naps) == len(set(naps)) == ATTEMPTS - 1 == len(scripted.asked) - 1
    assert all(0 <= nap <= 2**number for number, nap in enumerate(naps))


def test_a_batch_that_is_not_answered_is_sent_again_in_smaller_parts_and_given_up_as_soon(scripted: Scripted) -> None:
    scripted.says(503, "")
    naps: list[float] = []
    with closing(build_service(scripted.url, None)) as service:
        remote = GoogleRemote(service, "c", Mark("o", "c"), sleep=naps.append)
        with pytest.raises(Unreachable):
            list(remote.apply([Create(single(name)) for name in "abcdefgh"]))
    assert [path for _, path, _ in scripted.asked[:2]] == ["/batch/calendar/v3"] * 2
    assert {path for _, path, _ in scripted.asked[2:]} == {"/calendar/v3/calendars/c/events?alt=json"}
    assert len(scripted.asked) == ATTEMPTS
    assert len(naps) == ATTEMPTS - 1


def test_a_batch_that_is_answered_by_something_else(scripted: Scripted) -> None:
    scripted.says(200, "<html>Please sign in</html>", Content_Type="text/html")
    with closing(build_service(scripted.url, None)) as service:
        remote = GoogleRemote(service, "c", Mark("o", "c"), sleep=lambda _: None)
        with pytest.raises(Unreachable, match="The answer is not one of the Calendar API's"):
            list(remote.apply([Create(single("a")), Create(single("b"))]))


def test_batched() -> None:
    assert list(batched(range(5), 2)) == [(0, 1), (2, 3), (4,)]
    assert list(batched([], 2)) == []


@pytest.mark.parametrize(
    "body", ["", "--x\r\n", "--x\r\nContent-Type: application/http\r\n\r\nnonsense\r\n--x--", "not multipart"]
)
def test_a_batch_that_comes_back_garbled_is_tried_again_and_then_told(scripted: Scripted, body: str) -> None:
    scripted.says(200, body, Content_Type="multipart/mixed; boundary=x")
    naps: list[float] = []
    with closing(build_service(scripted.url, None)) as service:
        remote = GoogleRemote(service, "c", Mark("o", "c"), sleep=naps.append)
        with pytest.raises(Unreachable, match="not one of the Calendar API's"):
            list(remote.apply([Create(single("a")), Create(single("b"))]))
    assert 0 < len(naps) < ATTEMPTS


@pytest.mark.parametrize("body", ["null", "[]", "{}", "[1]", '{"items": null}', '{"items": {}}'])
def test_what_is_no_list_of_events_does_not_pass_for_an_empty_calendar(scripted: Scripted, body: str) -> None:
    scripted.says(200, body)
    with closing(build_service(scripted.url, None)) as service:
        remote = GoogleRemote(service, "c", Mark("o", "c"), sleep=lambda _: None)
        with pytest.raises(Unreachable, match="not one of the Calendar API's"):
            remote.owned()


TIMES = {"dateTime": "2026-02-03T12:00:00-05:00"}
OURS = {"id": "x", "start": TIMES, "end": TIMES, "extendedProperties": {"private": {"ircal": "o/c/v1"}}}
ODD_ITEMS = {
    "null": None,
    "a text": "x",
    "a number": 5,
    "no id": {"summary": "x"},
    "an empty id": {"id": ""},
    "an id that is none": {"id": 5},
    "a title that is none": {"id": "x", "summary": ["y"]},
    "properties that are none": {"id": "x", "extendedProperties": []},
    "no start": {**OURS, "start": None},
    "an empty start": {**OURS, "start": {}},
    "no such day": {**OURS, "start": {"date": "2026-02-30"}},
    "no offset": {**OURS, "start": {"dateTime": "2026-02-03T12:00:00"}},
    "after all years": {**OURS, "end": {"dateTime": "9999-12-31T23:59:59-12:00", "timeZone": "UTC"}},
    "from a day to a moment": {**OURS, "start": {"date": "2026-02-03"}},
    "a rule that is none": {**OURS, "recurrence": "RRULE:FREQ=DAILY"},
    "an exception to nothing": {**OURS, "recurringEventId": "x"},
}


@pytest.mark.parametrize("odd", ODD_ITEMS.values(), ids=ODD_ITEMS)
def test_what_is_no_event_is_no_answer(scripted: Scripted, odd: object) -> None:
    scripted.says(200, json.dumps({"items": [OURS, odd]}))
    with closing(build_service(scripted.url, None)) as service:
        remote = GoogleRemote(service, "c", Mark("o", "c"), sleep=lambda _: None)
        with pytest.raises(Unreachable, match="not one of the Calendar API's"):
            remote.owned()


@pytest.mark.parametrize("items", [{}, "x", 5, [[]]])
def test_items_that_are_no_list_are_no_answer(scripted: Scripted, items: object) -> None:
    scripted.says(200, json.dumps({"kind": "calendar#events", "items": items}))
    with closing(build_service(scripted.url, None)) as service:
        remote = GoogleRemote(service, "c", Mark("o", "c"), sleep=lambda _: None)
        with pytest.raises(Unreachable, match="not one of the Calendar API's"):
            remote.owned()


@pytest.mark.parametrize("tokens", [["a"], ["a", "b"], [str(number) for number in range(2 * IN_VAIN)]])
@pytest.mark.parametrize("items", [[], [{"id": "again"}]])
def test_a_list_that_brings_nothing_new_is_not_read_for_ever(
    scripted: Scripted, tokens: list[str], items: list[dict[str, str]]
) -> None:
    for token in tokens * (2 * IN_VAIN // len(tokens)):
        scripted.says(200, json.dumps({"items": items, "nextPageToken": token}))
    with closing(build_service(scripted.url, None)) as service:
        remote = GoogleRemote(service, "c", Mark("o", "c"), sleep=lambda _: None)
        with pytest.raises(Unreachable, match="goes on without end"):
            remote.owned()
    assert len(scripted.asked) in {IN_VAIN + 1, IN_VAIN + 2}


def test_pages_may_be_as_short_as_the_server_likes_and_asked_for_twice(scripted: Scripted) -> None:
    for number in range(2 * IN_VAIN):
        scripted.says(200, json.dumps({"items": [], "nextPageToken": str(number)}))
        scripted.says(200, json.dumps({"items": [{"id": f"e{number}"}], "nextPageToken": str(number)}))
    scripted.says(200, json.dumps({"items": [], "nextSyncToken": "t"}))
    with closing(build_service(scripted.url, None)) as service:
        assert GoogleRemote(service, "c", Mark("o", "c"), sleep=lambda _: None).owned() == ()
    assert len(scripted.asked) == 4 * IN_VAIN + 1


def test_a_redirect_is_not_followed(scripted: Scripted) -> None:
    scripted.says(302, "", Location="http://192.0.2.1:9/elsewhere")
    with closing(build_service(scripted.url, None)) as service:
        remote = GoogleRemote(service, "c", Mark("o", "c"), sleep=lambda _: None)
        with pytest.raises(Unreachable, match="not one of the Calendar API's"):
            remote.owned()
    assert {path.split("?")[0] for _, path, _ in scripted.asked} == {"/calendar/v3/calendars/c/events"}


@pytest.mark.parametrize("kind", [CUT_BEFORE, CUT_AFTER])
def test_a_batch_comes_through_though_every_seventh_call_cuts_the_connection(
    faulty: Callable[[Wrap], OnSandbox], kind: str
) -> None:
    faults = Faults(seed=1, rate=0, kinds=[kind])
    harness = faulty(faults)
    wanted = [single(f"s{number}") for number in range(60)]
    faults.rate = 0.15
    assert sync(target(harness, *wanted), Guard(), Notebook()).failed == ()
    assert faults.made
    faults.rate = 0
    assert harness.seen() == seen_in(wanted)
