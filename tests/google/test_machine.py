"""Whatever happens, one clean run sets it right: edits of the programme and of people, faults, crashes, a lost store.

`make campaign` tries two thousand such lives of a calendar; here are a few.
"""

from __future__ import annotations

import json
import os
import uuid
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from ircal.google.remote import GoogleRemote
from ircal.google.sandbox import SandboxServer
from ircal.google.sandbox.calls import Answer, Call, Cut, Handler
from ircal.google.sandbox.errors import SandboxError
from ircal.google.sandbox.faults import Faults
from ircal.plan import Guard
from ircal.store import MemoryStore
from ircal.sync import Target, sync_all
from ircal.wiring.remembered import StoreMemory, StoreQuarantine
from tests.plan.making import CALENDAR, WINDOW, series
from tests.sync.harness import Notebook, OnSandbox, seen_in, seen_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ircal.model.series import Series
    from ircal.sync import Synced

LIVES = int(os.environ.get("IRCAL_CAMPAIGN", "20"))
UIDS = st.sampled_from(["one", "two", "three"])
WHICH = st.integers(0, 99)


class Crash(BaseException):
    """The process ends here."""


class Dying:
    """The HTTP client of a process that ends at its n-th request, before it is sent or after it was answered."""

    def __init__(self, http: Any, at: int, *, answered: bool) -> None:
        self._http = http
        self._left = at
        self._answered = answered

    def request(self, *arguments: Any, **more: Any) -> Any:
        self._left -= 1
        if not self._left and not self._answered:
            raise Crash
        answer = self._http.request(*arguments, **more)
        if not self._left:
            raise Crash
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._http, name)


class Changing:
    """What the sandbox is wrapped in: something else from run to run."""

    def __init__(self) -> None:
        self.wrap: Callable[[Handler], Handler] = lambda handler: handler

    def __call__(self, handler: Handler) -> Handler:
        return lambda call: self.wrap(handler)(call)  # noqa: PLW0108 it may be another one for the next call


@pytest.fixture(scope="module")
def changing() -> Iterator[tuple[SandboxServer, Changing]]:
    wrap = Changing()
    with SandboxServer(wrap=wrap) as server:
        yield server, wrap


def cut_in_batch(seed: int) -> Callable[[Handler], Handler]:
    """Cut the connection when so many calls of a batch were carried out."""
    done: list[Call] = []

    def wrap(handler: Handler) -> Handler:
        def answer(call: Call) -> Answer:
            done.append(call)
            told = handler(call)
            if call.in_batch and len(done) % 5 == seed % 5:
                raise Cut
            return told

        return answer

    return wrap


class Life(RuleBasedStateMachine):
    """One Google calendar, what the programme wants of it, and everybody who meddles with it."""

    server: SandboxServer
    changing: Changing

    @initialize()
    def begin(self) -> None:
        self.changing.wrap = lambda handler: handler
        self.harness = OnSandbox(self.server, f"{uuid.uuid4().hex}@example.org")
        self.store = MemoryStore()
        self.desired: dict[str, Series] = {}
        self.foreign: dict[str, str] = {}
        lunch = self.harness.insert_foreign(recurrence=["RRULE:FREQ=WEEKLY;COUNT=5"], summary="Lunch")
        self.harness.patch(f"{lunch}_20260916", summary="Long lunch")
        self.harness.delete(f"{lunch}_20260923")
        for event_id in (lunch, f"{lunch}_20260916", self.harness.insert_foreign()):
            self._note_foreign(event_id)

    def _note_foreign(self, event_id: str) -> None:
        self.foreign[event_id] = json.dumps(self.harness.event(event_id))

    # ------------------------------------------------------------------------------------------------- the programme

    @rule(uid=UIDS, data=st.data())
    def say(self, uid: str, data: st.DataObject) -> None:
        self.desired[uid] = data.draw(series(uid))

    @rule(uid=UIDS)
    def say_no_more(self, uid: str) -> None:
        self.desired.pop(uid, None)

    # --------------------------------------------------------------------------------------------------------- people

    @rule(which=WHICH, series=st.booleans(), what=st.sampled_from(["title", "time", "delete", "rule"]))
    def edit_by_hand(self, which: int, series: bool, what: str) -> None:
        ours = [item for item in self.harness.listed(singleEvents="true") if not self._is_foreign(item)]
        if not ours:
            return
        item = ours[which % len(ours)]
        event_id = item.get("recurringEventId", item["id"]) if series else item["id"]
        with suppress(SandboxError):
            if what == "delete":
                self.harness.delete(event_id)
            elif what == "title":
                self.harness.patch(event_id, summary=f"By hand {which}")
            elif what == "rule":
                self.harness.patch(event_id, recurrence=["RRULE:FREQ=DAILY;COUNT=2"])
            elif "dateTime" in item["start"]:
                moved = {name: _later(self.harness.event(event_id)[name], which) for name in ("start", "end")}
                self.harness.patch(event_id, **moved)

    @rule(uid=UIDS)
    def bring_back_by_hand(self, uid: str) -> None:
        with suppress(SandboxError):
            self.harness.patch(self.harness.mark.event_id(uid), status="confirmed")

    @rule(uid=UIDS)
    def copy_by_hand(self, uid: str) -> None:
        with suppress(SandboxError):
            self.harness.copy_by_hand(uid)

    @rule()
    def add_a_foreign_event(self) -> None:
        self._note_foreign(self.harness.insert_foreign())

    def _is_foreign(self, item: dict[str, Any]) -> bool:
        return item.get("recurringEventId", item["id"]) in self.foreign

    # ------------------------------------------------------------------------------------------------------- the world

    @rule()
    def lose_the_store(self) -> None:
        self.store = MemoryStore()

    @rule()
    def expire_tokens(self) -> None:
        with self.server.world.lock:
            self.server.world.expire_sync_tokens()

    @rule(seed=st.integers(0, 9999), rate=st.sampled_from([0.1, 0.3, 0.6]))
    def run_with_faults(self, seed: int, rate: float) -> None:
        self.changing.wrap = Faults(seed, rate, seconds=0)
        self._run()

    @rule(seed=st.integers(0, 4))
    def run_with_a_cut_in_a_batch(self, seed: int) -> None:
        self.changing.wrap = cut_in_batch(seed)
        self._run()

    @rule(at=st.integers(1, 8), answered=st.booleans())
    def run_and_crash(self, at: int, answered: bool) -> None:
        http = self.harness.service._http
        self.harness.service._http = Dying(http, at, answered=answered)
        with suppress(Crash):
            self._run()
        self.harness.service._http = http

    def _run(self) -> Synced | None:
        """A process that has only the store in common with others."""
        place = self.harness.calendar_id
        remote = GoogleRemote(
            self.harness.service,
            self.harness.calendar_id,
            self.harness.mark,
            sleep=lambda _: None,
            attempts=3,
            batch_size=3,
            memory=StoreMemory(self.store, place),
        )
        desired = tuple(self.desired.values())
        target = Target(CALENDAR, desired, WINDOW, remote, StoreQuarantine(self.store, place))
        with suppress(Exception):
            (synced,) = sync_all([target], Guard(allow=True), Notebook())
            return synced
        return None

    @rule()
    def run_clean(self) -> None:
        self.changing.wrap = lambda handler: handler
        synced = self._run()
        assert synced is not None
        assert (synced.error, synced.failed, synced.plan.held) == (None, (), ())
        ours = [item for item in self.harness.listed(singleEvents="true") if not self._is_foreign(item)]
        assert seen_of(ours) == seen_in(self.desired.values())
        assert {event_id: json.dumps(self.harness.event(event_id)) for event_id in self.foreign} == self.foreign
        self.harness.calls()
        again = self._run()
        assert again is not None
        assert again.plan.changes == ()
        assert self.harness.calls() in (["GET events"], ["GET events"] * 2)

    def teardown(self) -> None:
        if hasattr(self, "harness"):
            self.run_clean()
            self.harness.service.close()


def _later(told: dict[str, str], hours: int) -> dict[str, str]:
    at = datetime.fromisoformat(told["dateTime"]) + timedelta(hours=hours)
    return {**told, "dateTime": at.isoformat()}


def test_one_clean_run_sets_everything_right(changing: tuple[SandboxServer, Changing]) -> None:
    server, wrap = changing
    life = type("OneLife", (Life,), {"server": server, "changing": wrap})
    checked = settings(
        max_examples=LIVES,
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(life, settings=checked)
