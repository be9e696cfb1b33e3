"""Notification channels: what is granted, what is refused, what is told on them, and what goes wrong on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import pytest

from ircal.google.sandbox import SandboxServer, World
from ircal.google.sandbox.delivery import (
    ATTEMPTS,
    DELAYED,
    EVERY_MISHAP,
    LOST,
    NO_ANSWER,
    NOT_SENT,
    REORDERED,
    REPEATED,
    Mishaps,
)
from tests.google.sandbox.client import refusal, refused, service_at, timed, weekly
from tests.receiver import receiving

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.google.sandbox.client import Desk
    from tests.receiver import Posted, Receiver

HOOK = {"id": "channel-1", "type": "web_hook", "address": "https://ircal.example.org/hook", "token": "secret"}
CALENDAR = "residents@example.org"
DAY = 86_400_000


@pytest.fixture
def channel_id(desk: Desk) -> str:
    """Channels are the project's and not a calendar's, so each test has its own."""
    return f"channel-of-{desk.calendar_id.partition('@')[0]}"


def asked_at(desk: Desk) -> int:
    """When the last call was made, in milliseconds, on a clock that moves a second at each look."""
    return int(desk.server.world.now().timestamp() * 1000) - 1000


# ------------------------------------------------------------------------------------------------- granted and refused


def test_a_channel_is_granted_for_a_week_and_can_be_stopped(desk: Desk, channel_id: str) -> None:
    world = desk.server.world
    granted = desk.call("watch", body={**HOOK, "id": channel_id})
    assert granted == {
        "kind": "api#channel",
        "id": channel_id,
        "resourceId": granted["resourceId"],
        "resourceUri": granted["resourceUri"],
        "token": "secret",
        "expiration": str(asked_at(desk) + 7 * DAY),
    }
    assert world.channels[channel_id].address == "https://ircal.example.org/hook"
    stop = {"id": channel_id, "resourceId": granted["resourceId"]}
    desk.service.channels().stop(body=stop).execute()
    assert channel_id not in world.channels
    assert refused(desk.service.channels().stop(body=stop)) == (404, "notFound")


def test_a_channel_lasts_as_long_as_it_asks_and_no_longer_than_a_month(desk: Desk, channel_id: str) -> None:
    wanted = asked_at(desk) + 20 * DAY
    granted = desk.call("watch", body={**HOOK, "id": channel_id, "expiration": str(wanted)})
    assert granted["expiration"] == str(wanted)
    granted = desk.call("watch", body={**HOOK, "id": f"{channel_id}-2", "params": {"ttl": "60"}})
    assert int(granted["expiration"]) == asked_at(desk) + 60_000
    granted = desk.call("watch", body={**HOOK, "id": f"{channel_id}-3", "params": {"ttl": "99999999"}})
    assert int(granted["expiration"]) == asked_at(desk) + 30 * DAY


def test_a_channel_is_not_stopped_by_half_of_its_name(desk: Desk, channel_id: str) -> None:
    desk.call("watch", body={**HOOK, "id": channel_id})
    assert refused(desk.service.channels().stop(body={"id": channel_id, "resourceId": "x"})) == (404, "notFound")
    assert channel_id in desk.server.world.channels


@pytest.mark.parametrize(
    ("change", "reason", "message"),
    [
        ({"id": None}, "required", "Required"),
        ({"address": None}, "required", "Required"),
        ({"type": "pigeon"}, "invalid", "Invalid Value"),
        ({"token": "x" * 257}, "invalid", "Invalid Value"),
        ({"id": "x" * 65}, "invalid", "Invalid Value"),
        ({"id": "a b"}, "invalid", "Invalid Value"),
        ({"expiration": "soon"}, "invalid", "Invalid Value"),
        ({"expiration": "1000"}, "invalid", "Invalid Value"),
        (
            {"address": "http://ircal.example.org/hook"},
            "push.webhookUrlNotHttps",
            "WebHook callback must be HTTPS: http://ircal.example.org/hook",
        ),
    ],
)
def test_a_channel_that_google_refuses(desk: Desk, change: dict[str, Any], reason: str, message: str) -> None:
    assert refusal(desk.request("watch", body={**HOOK, **change})) == (400, reason, message)


def test_a_hook_beside_the_sandbox_needs_no_certificate_and_an_id_is_taken_once(desk: Desk, channel_id: str) -> None:
    body = {**HOOK, "id": channel_id, "address": "http://127.0.0.1:9/hook"}
    assert desk.call("watch", body=body)["id"] == channel_id
    message = f"Channel id {channel_id} not unique"
    assert refusal(desk.request("watch", body=body)) == (400, "channelIdNotUnique", message)


def test_a_calendar_that_google_makes_up_cannot_be_watched(desk: Desk) -> None:
    holidays = "en.usa#holiday@group.v.calendar.google.com"
    with desk.server.world.lock:
        desk.server.world.add_calendar(holidays, "Holidays")
    request = desk.service.events().watch(calendarId=holidays, body=HOOK)
    assert refused(request) == (400, "pushNotSupportedForRequestedResource")


# ------------------------------------------------------------------------------------------------------------- told


@dataclass
class Time:
    """A clock that a test moves."""

    now: datetime = field(default_factory=lambda: datetime(2026, 1, 1, 12, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now


class Watched:
    """A calendar whose changes are told to a receiver, on a sandbox of its own."""

    def __init__(self, server: SandboxServer, service: Any, receiver: Receiver, time: Time) -> None:
        self.server, self.events, self.receiver, self.time = server, service.events(), receiver, time
        self.stop = service.channels().stop

    def open(self, channel_id: str = "one", **more: Any) -> Any:
        body = {**HOOK, "id": channel_id, "address": f"{self.receiver.url}/hooks/google", **more}
        return self.events.watch(calendarId=CALENDAR, body=body).execute()

    def write(self, **fields: Any) -> Any:
        return self.events.insert(calendarId=CALENDAR, body={**timed(), **fields}).execute()

    def told(self) -> list[Posted]:
        """Everything that arrived, once nothing more is on its way."""
        self.server.deliveries.settle()
        return self.receiver.posted

    def numbers(self) -> list[int]:
        return [int(each.headers["x-goog-message-number"]) for each in self.told()]

    def states(self) -> list[str]:
        return [each.headers["x-goog-resource-state"] for each in self.told()]


def watched(mishaps: Mishaps | None = None) -> Iterator[Watched]:
    time = Time()
    with receiving() as receiver, SandboxServer(World(time), mishaps=mishaps) as server, service_at(server.url) as made:
        server.deliveries.hurry(0.001)
        server.world.add_calendar(CALENDAR, "Residents", "America/New_York")
        server.world.add_calendar("faculty@example.org", "Faculty")
        yield Watched(server, made, receiver, time)


@pytest.fixture
def watch() -> Iterator[Watched]:
    yield from watched()


def test_a_message_is_headers_and_no_body_and_the_first_one_is_sync(watch: Watched) -> None:
    granted = watch.open()
    (first,) = watch.told()
    assert (first.path, first.body) == ("/hooks/google", b"")
    said = {name: value for name, value in first.headers.items() if name.startswith("x-goog-")}
    expires = parsedate_to_datetime(said.pop("x-goog-channel-expiration"))
    assert expires == watch.time.now + timedelta(days=7)
    assert said == {
        "x-goog-channel-id": "one",
        "x-goog-channel-token": "secret",
        "x-goog-resource-id": granted["resourceId"],
        "x-goog-resource-uri": granted["resourceUri"],
        "x-goog-resource-state": "sync",
        "x-goog-message-number": "1",
    }


def test_every_change_of_the_calendar_is_told_with_growing_numbers_that_have_gaps(watch: Watched) -> None:
    watch.open()
    made = [watch.write(summary=str(number)) for number in range(4)]
    watch.events.patch(calendarId=CALENDAR, eventId=made[0]["id"], body={"summary": "x"}).execute()
    watch.events.delete(calendarId=CALENDAR, eventId=made[1]["id"]).execute()
    assert watch.states() == ["sync", *["exists"] * 6]
    numbers = watch.numbers()
    assert numbers == sorted(set(numbers))
    assert numbers != list(range(1, 8))


def test_what_changes_nothing_for_others_or_elsewhere_is_not_told(watch: Watched) -> None:
    made = watch.write(**weekly())
    watch.open()
    watch.events.insert(calendarId="faculty@example.org", body=timed()).execute()
    watch.events.list(calendarId=CALENDAR).execute()
    reminders = {"useDefault": False, "overrides": [{"method": "popup", "minutes": 5}]}
    watch.events.patch(calendarId=CALENDAR, eventId=made["id"], body={"reminders": reminders}).execute()
    assert watch.states() == ["sync"]


def test_a_channel_without_a_token_sends_none(watch: Watched) -> None:
    watch.open(token=None)
    assert "x-goog-channel-token" not in watch.told()[0].headers


def test_nothing_is_told_on_a_channel_that_was_stopped_or_is_over(watch: Watched) -> None:
    granted = watch.open("stopped")
    watch.open("brief", params={"ttl": "60"})
    watch.open("long")
    assert len(watch.told()) == 3
    watch.stop(body={"id": "stopped", "resourceId": granted["resourceId"]}).execute()
    watch.time.now += timedelta(minutes=1)
    watch.write()
    told = [each.headers["x-goog-channel-id"] for each in watch.told()[3:]]
    assert (told, len(watch.server.world.channels)) == (["long"], 1)
    watch.server.world.channels.end_all()
    watch.write()
    assert len(watch.told()) == 4


def test_a_deleted_calendar_is_told_of(watch: Watched) -> None:
    watch.open()
    watch.server.world.delete_calendar(CALENDAR)
    assert watch.states() == ["sync", "not_exists"]


@pytest.mark.parametrize(
    ("statuses", "posts"), [([503, 500, 204], 3), ([404], 1), ([302], 1), ([502], ATTEMPTS)], ids=str
)
def test_a_fault_of_the_receiver_is_tried_again_and_a_refusal_is_not(
    watch: Watched, statuses: list[int], posts: int
) -> None:
    watch.receiver.statuses = statuses
    watch.open()
    assert watch.numbers() == [1] * posts


def test_nobody_who_listens_is_tried_again_too(watch: Watched) -> None:
    watch.open(address="http://127.0.0.1:9/")
    made = watch.server.deliveries.settle().made()
    assert [each.status for each in made] == [NO_ANSWER] * ATTEMPTS


def test_nothing_leaves_this_machine(watch: Watched) -> None:
    watch.open(address="https://ircal.example.org/hook")
    assert [each.status for each in watch.server.deliveries.settle().made()] == [NOT_SENT]


# ---------------------------------------------------------------------------------------------------------- mishaps


def numbers_after(kinds: Sequence[str], seed: int = 1, rate: float = 1, writes: int = 3) -> list[int]:
    for watch in watched(Mishaps(seed, rate, kinds, seconds=0.01)):
        watch.open()
        for _ in range(writes):
            watch.write()
        return watch.numbers()
    raise AssertionError


def test_messages_are_lost_or_come_twice_or_late() -> None:
    plain = numbers_after([], rate=0)
    assert len(plain) == 4
    assert numbers_after([LOST]) == []
    assert sorted(numbers_after([REPEATED])) == sorted(plain * 2)
    assert sorted(numbers_after([DELAYED])) == plain


def test_a_message_comes_behind_the_one_that_follows_it() -> None:
    mixed = numbers_after([REORDERED], seed=3, rate=0.5, writes=12)
    assert mixed != sorted(mixed)
    assert len(mixed) == len(set(mixed)) >= 12


def test_the_same_seed_makes_the_same_mishaps() -> None:
    kinds = [each for each in EVERY_MISHAP if each != DELAYED]
    one = numbers_after(kinds, seed=5, rate=0.6, writes=12)
    assert one == numbers_after(kinds, seed=5, rate=0.6, writes=12)
    assert one != numbers_after(kinds, seed=6, rate=0.6, writes=12)
