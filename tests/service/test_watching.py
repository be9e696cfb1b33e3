"""Being told of changes by Google: the sandbox on one side, a real server on the other, a clock that a test moves."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from ircal.errors import StoreError, Unreachable
from ircal.google.channels import Channels
from ircal.google.client import build_service
from ircal.google.lifetimes import AHEAD, LIFETIME, PATIENCE
from ircal.google.sandbox import SandboxServer, World
from ircal.google.sandbox.delivery import EVERY_MISHAP, LOST, REORDERED, REPEATED, Mishaps
from ircal.service.listening import Listening
from ircal.service.watching import Watching
from ircal.store import MemoryStore
from ircal.web import GoogleHook, Health, Hook, WrongTries, create_app
from tests.web.conftest import Feeds, Running

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from ircal.google.channels import Opened
    from ircal.service.triggers import Cause

CALENDARS = {"ash": "ash@example.edu", "programme": "programme@example.edu"}
START = datetime(2026, 9, 1, 8, tzinfo=UTC)


@dataclass
class Marks:
    """The door of the triggers, with what went through it."""

    marked: list[tuple[str, ...]] = field(default_factory=list)
    broken: bool = False

    def mark(self, calendars: Collection[str] | None, cause: Cause, by: str = "") -> None:
        del by
        if self.broken:
            raise StoreError("The database is away.")
        self.marked.append((cause, *sorted(calendars or ())))

    def look(self) -> None:
        raise AssertionError

    def causes(self, cause: str) -> set[str]:
        return {name for found, *names in self.marked for name in names if found == cause}


class Scene:
    """A sandbox with two calendars, a service that is told by it, and everything in between over sockets."""

    def __init__(self, stage: Stage, mishaps: Mishaps | None, *, address: bool = True) -> None:
        self.now = START
        self.stage = stage
        self.sandbox = stage.stack.enter_context(SandboxServer(World(lambda: self.now), mishaps=mishaps))
        self.sandbox.deliveries.hurry(0.001)
        for name, google_id in CALENDARS.items():
            self.sandbox.world.add_calendar(google_id, name)
        self.service = stage.stack.enter_context(build_service(self.sandbox.url, None))
        self.address = f"http://127.0.0.1:{stage.running.port}/hooks/google" if address else None
        self.begin()

    def begin(self, store: MemoryStore | None = None) -> None:
        """Start the service anew, with a store that has forgotten everything or this one."""
        self.store = store or MemoryStore()
        self.marks = Marks()
        self.listening = Listening(self.store, lambda due: self.marks.mark(due, "google"), self.clock)
        self.google: Any = Channels(self.service, lambda _seconds: None, 1)
        self.watching = Watching(self.store, self.marks, lambda: self.google, self.address, self.clock)
        self.stage.hooks["/hooks/google"] = GoogleHook(self.listening, WrongTries(1000))

    def clock(self) -> datetime:
        return self.now

    def tend(self, calendars: dict[str, str] = CALENDARS) -> None:
        self.watching.tend(calendars)
        self.sandbox.deliveries.settle()

    def write(self, calendar: str = "ash", times: int = 1) -> None:
        """Have somebody write into a calendar in Google, and every message arrive that will."""
        day = {"start": {"date": "2026-09-05"}, "end": {"date": "2026-09-06"}}
        for _ in range(times):
            self.service.events().insert(calendarId=CALENDARS[calendar], body=day).execute()
        self.sandbox.deliveries.settle()

    @property
    def open(self) -> list[str]:
        """The calendars of the channels that are open in Google, in the order in which they were opened."""
        there = self.sandbox.world.channels._open.values()
        return [each.calendar_id.partition("@")[0] for each in there if not each.is_over(self.now)]

    def statuses(self) -> list[int]:
        return [each.status for each in self.sandbox.deliveries.made()]


@dataclass
class Stage:
    """What is dear to set up: one server for all scenes."""

    stack: ExitStack
    hooks: dict[str, Hook]
    running: Running


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[dict[str, Hook], Running]]:
    nothing = Feeds({}, Health(loaded=True, feeds=0, problems=0))
    hooks: dict[str, Hook] = {}
    made = Running(
        create_app(nothing, nothing, feeds_by_id=False, clock=nothing.clock, wrong_per_minute=1000, hooks=hooks)
    )
    yield hooks, made
    made.stop()


@pytest.fixture
def stage(running: tuple[dict[str, Hook], Running]) -> Iterator[Stage]:
    with ExitStack() as stack:
        yield Stage(stack, *running)


@pytest.fixture
def scene(stage: Stage) -> Scene:
    return Scene(stage, None)


# -------------------------------------------------------------------------------------------------- opened and believed


def test_every_calendar_is_watched_and_a_change_marks_its_calendar_due(scene: Scene) -> None:
    scene.tend()
    assert scene.open == ["ash", "programme"]
    assert scene.statuses() == [204, 204]
    assert scene.marks.causes("poll") == {"ash", "programme"}
    assert not scene.watching.unheard(CALENDARS)
    scene.write("ash")
    assert scene.marks.causes("google") == {"ash"}
    before = len(scene.sandbox.ledger.entries())
    scene.tend()
    assert len(scene.sandbox.ledger.entries()) == before


def test_only_the_digest_of_a_token_is_kept(scene: Scene) -> None:
    scene.tend()
    tokens = {each.token for each in scene.sandbox.world.channels._open.values()}
    assert len(tokens) == 2
    assert not any(token in repr(scene.store.channels()) for token in tokens)


def test_the_first_message_may_be_faster_than_the_answer(scene: Scene) -> None:
    @dataclass
    class Slow:
        google: Channels

        def open(self, *arguments: Any) -> Opened:
            opened = self.google.open(*arguments)
            scene.sandbox.deliveries.settle()  # the message is here before the answer is
            return opened

    scene.google = Slow(scene.google)
    scene.tend()
    assert scene.statuses() == [204, 204]
    assert [(each.last_message, each.resource != "") for each in scene.store.channels()] == [(1, True)] * 2


def test_an_answer_that_was_lost_is_made_up_for_by_the_first_message(scene: Scene) -> None:
    @dataclass
    class Lossy:
        google: Channels

        def open(self, *arguments: Any) -> Opened:
            return replace(self.google.open(*arguments), resource="")

    scene.google = Lossy(scene.google)
    scene.tend()
    assert {each.id: each.resource for each in scene.store.channels()} == {
        each.id: each.resource_id for each in scene.sandbox.world.channels._open.values()
    }


def test_whoever_does_not_know_the_token_marks_nothing(scene: Scene) -> None:
    scene.tend()
    name = scene.store.channels()[0].id
    headers = {"X-Goog-Channel-ID": name, "X-Goog-Resource-State": "exists", "X-Goog-Message-Number": "99"}
    for token in ("", "guess", scene.store.channels()[0].token_digest):
        forged = {**headers, "X-Goog-Channel-Token": token, "X-Goog-Resource-ID": "r"}
        assert httpx.post(scene.address or "", headers=forged, trust_env=False).status_code == 404
    assert not scene.marks.causes("google")
    scene.write("ash")
    scene.write("programme")
    assert scene.marks.causes("google") == {"ash", "programme"}


# ------------------------------------------------------------------------------------------------- messages gone astray


@pytest.mark.parametrize("kinds", [[REPEATED], [REORDERED, REPEATED]], ids=["repeated", "out of order"])
def test_what_comes_again_or_late_marks_nothing_more(stage: Stage, kinds: Sequence[str]) -> None:
    scene = Scene(stage, Mishaps(4, 0.5, kinds))
    scene.tend({"ash": CALENDARS["ash"]})
    scene.write("ash", 15)
    marks = [mark for mark in scene.marks.marked if mark[0] == "google"]
    assert scene.sandbox.deliveries._mishaps
    assert len(marks) <= 15
    assert marks
    assert len(scene.statuses()) > 15
    assert set(scene.statuses()) == {204}


def test_the_store_is_told_now_and_then_how_far_the_messages_came(scene: Scene) -> None:
    scene.tend({"ash": CALENDARS["ash"]})
    scene.write("ash", 3)
    assert [each.last_message for each in scene.store.channels()] == [1]
    scene.now += timedelta(minutes=1)
    scene.write("ash")
    [known] = scene.store.channels()
    assert known.last_message == scene.sandbox.world.channels[known.id].number


def test_where_messages_are_lost_a_calendar_is_asked(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    scene = Scene(stage, Mishaps(1, 1, [LOST]))
    scene.tend()
    scene.write("ash")
    assert not scene.marks.causes("google")
    assert scene.watching.unheard(CALENDARS) == {"ash", "programme"}
    scene.now += PATIENCE
    scene.tend()
    scene.tend()
    told = [each.message for each in caplog.records if "Nothing that Google tells arrives" in each.message]
    assert len(told) == 1
    assert f"{scene.address} (ash, programme)" in told[0]


def test_whatever_goes_astray_a_later_change_is_heard(stage: Stage) -> None:
    scene = Scene(stage, Mishaps(9, 0.6, EVERY_MISHAP, seconds=0.001))
    scene.tend()
    scene.write("programme", 20)
    assert scene.marks.causes("google") == {"programme"}
    assert set(scene.statuses()) == {204}


def test_what_cannot_be_kept_is_told_again(scene: Scene) -> None:
    scene.tend()
    scene.marks.broken = True
    scene.write("ash")
    assert scene.statuses()[-1] == 503
    scene.marks.broken = False
    scene.sandbox.deliveries.hurry(0)
    scene.write("ash")
    assert scene.marks.causes("google") == {"ash"}


# ----------------------------------------------------------------------------------------------------- renewed, stopped


def test_a_channel_is_renewed_before_it_ends_and_the_old_one_is_stopped_after(scene: Scene) -> None:
    scene.tend()
    scene.now = START + LIFETIME - AHEAD
    scene.tend()
    assert scene.open == ["ash", "programme"] * 2
    scene.write("ash")
    assert scene.marks.causes("google") == {"ash"}
    scene.tend()
    assert scene.open == ["ash", "programme"]
    assert {each.expires for each in scene.store.channels()} == {scene.now + LIFETIME}
    assert len(scene.store.channels()) == 2
    scene.write("programme")
    assert scene.marks.causes("google") == {"ash", "programme"}


def test_years_of_tending_leave_one_channel_for_each_calendar_and_never_a_gap(scene: Scene) -> None:
    for _ in range(60):
        scene.tend()
        assert not scene.watching.unheard(CALENDARS)
        scene.now += timedelta(hours=13)
    assert len(scene.open) <= 4
    assert len(scene.store.channels()) == len(scene.open)


def test_a_calendar_that_left_the_programme_is_watched_no_more(scene: Scene) -> None:
    scene.tend()
    scene.tend({"ash": CALENDARS["ash"]})
    assert scene.open == ["ash"]
    scene.tend({})
    assert (scene.open, scene.store.channels()) == ([], [])


def test_channels_of_a_store_that_was_lost_are_found_by_what_they_tell_and_stopped(scene: Scene) -> None:
    scene.tend()
    scene.begin()
    scene.tend()
    assert scene.open == ["ash", "programme"] * 2
    scene.write("ash")
    assert sorted(scene.statuses()[-2:]) == [204, 404]
    assert scene.marks.causes("google") == {"ash"}
    scene.tend()
    assert scene.open == ["programme", "ash", "programme"]  # one is still to speak
    scene.write("programme")
    scene.tend()
    assert scene.open == ["ash", "programme"]
    assert len(scene.store.channels()) == 2


def test_nobody_can_make_us_remember_without_end(scene: Scene) -> None:
    with httpx.Client(trust_env=False) as client:
        for number in range(55):
            headers = {"X-Goog-Channel-ID": f"ircal-{number}", "X-Goog-Resource-ID": "r"}
            headers |= {"X-Goog-Resource-State": "exists", "X-Goog-Message-Number": "1"}
            client.post(scene.address or "", headers=headers)
            client.post(scene.address or "", headers={**headers, "X-Goog-Channel-ID": f"other-{number}"})
            client.post(scene.address or "", headers={**headers, "X-Goog-Resource-ID": ""})
    assert len(scene.store.channels()) == 50
    scene.tend({})
    assert scene.store.channels() == []
    assert [each.status for each in scene.sandbox.ledger.entries()] == [404] * 50


def test_after_a_restart_known_channels_are_believed_and_no_others_opened(scene: Scene) -> None:
    scene.tend()
    scene.begin(scene.store)
    scene.write("ash")
    assert scene.marks.causes("google") == {"ash"}
    scene.tend()
    assert scene.open == ["ash", "programme"]


# ------------------------------------------------------------------------------------------------ where it is not to be


def test_without_an_address_calendars_are_asked_and_it_is_said_once(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    scene = Scene(stage, None, address=False)
    scene.tend()
    scene.tend()
    assert scene.open == []
    assert scene.watching.unheard(CALENDARS) == {"ash", "programme"}
    assert caplog.text.count("without a public https address") == 1


def test_what_google_does_not_open_is_told_and_not_asked_for_again_at_once(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    holidays = {"holidays": "en.usa#holiday@group.v.calendar.google.com", **CALENDARS}
    scene.sandbox.world.add_calendar(holidays["holidays"], "Holidays")
    for _ in range(3):
        scene.tend(holidays)
        scene.now += timedelta(hours=1)
    assert scene.open == ["ash", "programme"]
    assert scene.watching.unheard(holidays) == {"holidays"}
    assert caplog.text.count("Google does not tell of changes of holidays, which is asked instead") == 1
    assert len(scene.store.channels()) == 2
    scene.now += timedelta(hours=12)
    scene.tend(holidays)
    assert caplog.text.count("which is asked instead") == 2


def test_a_channel_that_cannot_be_stopped_now_is_stopped_later(scene: Scene) -> None:
    scene.tend()
    real = scene.google

    class Away:
        def open(self, *_: Any) -> Opened:
            raise Unreachable("no")

        def stop(self, *_: Any) -> bool:
            raise Unreachable("no")

    scene.google = Away()
    scene.tend({"ash": CALENDARS["ash"]})
    assert scene.open == ["ash", "programme"]
    scene.google = real
    scene.tend({"ash": CALENDARS["ash"]})
    assert scene.open == ["ash"]
