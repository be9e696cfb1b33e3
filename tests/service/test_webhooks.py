"""A whole service that is told: by Google (the sandbox, over sockets) and by a git host."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import SecretStr

from ircal.accounts import google_account
from ircal.google.client import build_service
from ircal.google.sandbox import SandboxServer
from ircal.google.sandbox.channels import Message
from ircal.google.sandbox.delivery import EVERY_MISHAP, Mishaps
from ircal.service import FeedServer
from ircal.service.runs.holding import Holds
from ircal.service.serving import now_in_utc
from ircal.service.webhooks import CHANNELS, hook_address
from ircal.settings import load_settings
from tests.receiver import receiving
from tests.service.running import with_http
from tests.service.test_serving import patient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ircal.settings import Settings
    from tests.service.conftest import Coordinator

GOOGLE = {"mm": "mm@example.edu", "rounds": "rounds@example.edu"}
SECRET = "a secret that the git host and ircal know"
_DEADLINE = 90


def until(true: Callable[[], object]) -> None:
    """Wait until something is so, which must be soon."""
    for _ in range(_DEADLINE * 100):
        if true():
            return
        threading.Event().wait(0.01)
    raise AssertionError


@dataclass
class Told:
    """A service that runs, and the sandbox that tells it."""

    server: FeedServer
    sandbox: SandboxServer
    service: Any
    client: httpx.Client

    def event(self, calendar: str) -> dict[str, Any]:
        """The first series on a calendar, as Google has it."""
        items: list[dict[str, Any]] = self.service.events().list(calendarId=GOOGLE[calendar]).execute()["items"]
        return items[0]

    def is_at_rest(self) -> bool:
        """Whether nothing is on its way or left to do."""
        self.sandbox.deliveries.settle()
        return self.server._webhooks._gathering.is_at_rest and not self.server._store.due()

    def rest(self) -> None:
        """Wait until nothing more follows from what has happened."""
        until(self.is_at_rest)
        until(self.is_at_rest)

    def writes(self) -> int:
        """How many writes Google took so far."""
        return sum(each.method != "GET" and "/events/" in each.path for each in self.sandbox.ledger.entries())

    def reads(self, calendar: str) -> int:
        return sum(each.method == "GET" and GOOGLE[calendar] in each.path for each in self.sandbox.ledger.entries())


@contextmanager
def told(settings: Settings, mishaps: Mishaps | None = None) -> Iterator[Told]:
    """Run a service whose calendars are watched already."""
    with SandboxServer(mishaps=mishaps) as sandbox:
        sandbox.deliveries.hurry(0.001)
        sandbox.add_calendars((each, name, "America/New_York") for name, each in GOOGLE.items())
        google = settings.google.model_copy(update={"api_root": sandbox.url.rstrip("/")})
        hooks = settings.hooks.model_copy(update={"config_secret": SecretStr(SECRET)})
        settings = patient(settings).model_copy(update={"google": google, "hooks": hooks, "watch": "polling"})
        with FeedServer(settings, google_account) as server, build_service(sandbox.url, None) as service:
            server._webhooks._gathering.shortest = 0.05
            thread = threading.Thread(target=server.run)
            thread.start()
            try:
                with httpx.Client(base_url=server.url, trust_env=False, timeout=30) as client:
                    made = Told(server, sandbox, service, client)
                    until(
                        lambda: {each.calendar for each in server._store.runs(200) if "poll" in each.cause} == {*GOOGLE}
                    )
                    made.rest()
                    yield made
            finally:
                server.stop()
                thread.join(timeout=30)


@pytest.fixture
def pushed(settings: Settings, coordinator: Coordinator) -> Settings:
    """The programme, with two calendars in Google."""
    for name, google_id in GOOGLE.items():
        coordinator.edit("calendars.yaml", f", of: {name}", f", of: {name}, google: {google_id}")
    return settings


def test_of_several_that_serve_one_looks_after_the_channels(pushed: Settings) -> None:
    with told(pushed) as it:
        webhooks, store = it.server._webhooks, it.server._store
        there = sorted(each.id for each in store.channels())
        calendars = GOOGLE | {"ash": "ash@example.edu"}
        it.sandbox.add_calendars([("ash@example.edu", "Ash", "America/New_York")])
        assert webhooks._watching
        with closing(Holds(store, now_in_utc)) as others, others.one(CHANNELS):
            webhooks._tend(webhooks._watching, calendars)
            assert sorted(each.id for each in store.channels()) == there
        webhooks._tend(webhooks._watching, calendars)
        assert {each.calendar for each in store.channels()} == {*calendars}


def test_what_somebody_changes_in_google_is_put_right_at_once_and_our_own_writes_end_in_silence(
    pushed: Settings,
) -> None:
    with told(pushed) as it:
        there = it.event("mm")
        writes = it.writes()
        it.service.events().patch(calendarId=GOOGLE["mm"], eventId=there["id"], body={"summary": "Party"}).execute()
        until(lambda: it.event("mm")["summary"] == there["summary"])
        it.rest()
        assert it.writes() == writes + 2  # theirs, and ours
        assert {each.status for each in it.sandbox.deliveries.made()} == {204}
        assert {each.cause for each in it.server._store.runs(1, "mm")} == {"google"}


def test_a_storm_for_one_calendar_is_a_few_looks(pushed: Settings) -> None:
    with told(pushed) as it:
        [channel] = [each for each in it.sandbox.world.channels._open.values() if each.calendar_id == GOOGLE["mm"]]
        messages = [Message(channel, "exists", channel.number + 1 + number) for number in range(300)]
        reads, writes, others = it.reads("mm"), it.writes(), it.reads("rounds")
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda each: it.client.post("/hooks/google", headers=each.headers), messages))
        assert {each.status_code for each in answers} == {204}
        it.rest()
        assert it.reads("mm") - reads < 20  # a burst, then less and less often
        assert (it.writes(), it.reads("rounds")) == (writes, others)


def test_whatever_goes_astray_the_calendar_is_true_after_the_night(pushed: Settings) -> None:
    with told(pushed, Mishaps(3, 0.0, EVERY_MISHAP, seconds=0.001)) as it:
        assert it.sandbox.deliveries._mishaps
        it.sandbox.deliveries._mishaps.rate = 1.0
        for number in range(6):
            body = {"summary": f"Party {number}"}
            it.service.events().patch(calendarId=GOOGLE["mm"], eventId=it.event("mm")["id"], body=body).execute()
        it.rest()
        it.server.triggers.mark(None, "night")
        it.rest()
        until(lambda: it.event("mm")["summary"] == "M&M")


def test_a_push_has_the_configuration_looked_at(pushed: Settings, coordinator: Coordinator) -> None:
    with told(pushed) as it:
        coordinator.edit("conferences.yaml", "name: M&M", "name: Morbidity")
        assert it.event("mm")["summary"] == "M&M"
        body = b'{"ref": "refs/heads/main"}'
        signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": f"sha256={signature}", "X-GitHub-Event": "push"}
        assert it.client.post("/hooks/config", content=body, headers=headers).status_code == 202
        until(lambda: it.event("mm")["summary"] == "Morbidity")
        assert b"Morbidity" in it.client.get("/feeds/mm.ics").content


def test_a_calendar_that_leaves_the_programme_is_told_of_no_more(pushed: Settings, coordinator: Coordinator) -> None:
    with told(pushed) as it:
        coordinator.edit("calendars.yaml", f", google: {GOOGLE['mm']}", "")
        it.server.look()
        until(lambda: it.server._pushed() == ["rounds"])
        it.server._webhooks._watching.tend(it.server._watched() or {})  # type: ignore[union-attr]  # it is there
        assert [each.calendar_id for each in it.sandbox.world.channels._open.values()] == [GOOGLE["rounds"]]


def test_who_has_no_secret_has_no_address_for_pushes(settings: Settings) -> None:
    with FeedServer(patient(settings)) as server:
        assert server._webhooks.hooks == {}


@pytest.mark.parametrize(
    ("public_url", "api_root", "address"),
    [
        ("https://calendars.example.edu", None, "https://calendars.example.edu/hooks/google"),
        ("https://example.edu/ircal", None, "https://example.edu/ircal/hooks/google"),
        ("http://calendars.example.edu", None, None),
        (None, None, None),
        (None, "http://127.0.0.1:9000", "http://127.0.0.1:8080/hooks/google"),
        ("http://calendars.example.edu", "http://127.0.0.1:9000", None),
    ],
)
def test_google_tells_https_addresses_alone_and_a_sandbox_its_neighbours(
    public_url: str | None, api_root: str | None, address: str | None
) -> None:
    settings = load_settings(http={"public_url": public_url}, google={"api_root": api_root})
    assert hook_address(settings, settings.http.base_url) == address


def test_pushes_may_be_pulled(pushed: Settings) -> None:
    hooks = pushed.hooks.model_copy(update={"config_secret": SecretStr(SECRET), "git_pull": True})
    with FeedServer(with_http(patient(pushed).model_copy(update={"hooks": hooks}))) as server:
        assert list(server._webhooks.hooks) == ["/hooks/config"]


def test_who_wants_to_know_is_told_that_the_schedule_has_changed(settings: Settings, coordinator: Coordinator) -> None:
    with receiving() as receiver:
        notices = settings.notices.model_copy(update={"urls": SecretStr(f"{receiver.url}/told"), "stale_minutes": 0})
        settings = patient(settings).model_copy(update={"notices": notices, "watch": "polling"})
        with FeedServer(settings) as server:
            thread = threading.Thread(target=server.run)
            thread.start()
            coordinator.edit("conferences.yaml", "name: M&M", "name: Morbidity")
            server.look()
            [changed] = receiver.wait_for(1)
            coordinator.edit("conferences.yaml", "audience: everyone", "audience: martians")
            server.look()
            stale = receiver.wait_for(2)[1]
            server.stop()
            thread.join(timeout=30)
    assert json.loads(changed.body)["data"]["calendars"] == ["mm"]
    assert json.loads(stale.body)["type"] == "ircal.feed.stale"
    assert "conferences.yaml:" in json.loads(stale.body)["data"]["problems"][0]
    assert json.loads(stale.body)["source"] == server.url
