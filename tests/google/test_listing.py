"""Reading what has changed: one call, nothing of anybody else's, and all from the beginning when in doubt."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from ircal.errors import Denied, Unreachable
from ircal.google.remote import GoogleRemote
from ircal.google.sandbox.calls import Answer
from ircal.plan import Guard
from ircal.store import MemoryStore
from ircal.sync import sync
from ircal.wiring.remembered import StoreMemory
from tests.plan.making import CALENDAR, differing, single, weekly
from tests.sync.harness import Notebook, OnSandbox, seen_in, target

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.google.sandbox.calls import Call, Handler
    from ircal.google.sandbox.gateway import Wrap
    from ircal.model.program import Drifting
    from ircal.model.series import Series
    from ircal.sync import Synced

LIST, INSERT, GET, PATCH, DELETE = "GET events", "POST events", "GET event", "PATCH event", "DELETE event"
GUEST = differing(weekly("m"), 2, summary="Visiting professor")
PLAIN = "_20261021T160000Z"


class Remembering:
    """Runs of processes that share a store and nothing else."""

    def __init__(self, harness: OnSandbox) -> None:
        self.harness = harness
        self.store = MemoryStore()
        self.repeats = False
        """Whether the Remote is told that series are wanted."""

    def remote(self) -> GoogleRemote:
        memory = StoreMemory(self.store, "here")
        harness = self.harness
        return GoogleRemote(
            harness.service,
            harness.calendar_id,
            harness.mark,
            sleep=harness.naps.append,
            memory=memory,
            repeats=self.repeats,
        )

    def run(self, *desired: Series, drift: Drifting = "repair") -> Synced:
        calendar = CALENDAR.model_copy(update={"drift": drift})
        wanted = replace(target(self.harness, *desired), calendar=calendar, remote=self.remote())
        return sync(wanted, Guard(allow=True), Notebook())

    def calls(self, *desired: Series) -> list[str]:
        """Those of a run, after which the calendar says what it should."""
        self.harness.server.ledger.clear()
        assert self.run(*desired).failed == ()
        assert self.harness.seen() == seen_in(desired)
        return self.harness.calls()

    def asked(self) -> list[str]:
        """The query of each list since the last time."""
        entries = self.harness.server.ledger.entries()
        self.harness.server.ledger.clear()
        return [entry.query for entry in entries if entry.method == "GET"]


@pytest.fixture
def runs(on_sandbox: OnSandbox) -> Remembering:
    on_sandbox.server.ledger.clear()  # one server serves many tests
    return Remembering(on_sandbox)


def test_the_first_list_asks_for_what_is_ours_and_the_next_for_what_has_changed(runs: Remembering) -> None:
    runs.run(GUEST, single("s"))
    (first,) = runs.asked()
    assert "privateExtendedProperty=ircal" in first
    runs.run(GUEST, single("s"))
    (second,) = runs.asked()
    assert ("syncToken=" in second, "privateExtendedProperty" in second) == (True, False)


def test_nothing_to_do_is_one_call_and_an_edit_two(runs: Remembering) -> None:
    runs.run(GUEST, single("s"))
    assert [runs.calls(GUEST, single("s")) for _ in range(2)] == [[LIST], [LIST]]
    assert runs.calls(GUEST, single("s", summary="B")) == [LIST, PATCH]
    assert runs.calls(GUEST) == [LIST, DELETE]
    assert runs.calls(GUEST) == [LIST]


def test_what_others_do_is_seen_among_the_changes(runs: Remembering) -> None:
    runs.run(GUEST, single("s"))
    runs.run(GUEST, single("s"))
    runs.harness.patch(runs.harness.mark.event_id("s"), summary="By hand")
    runs.harness.patch(runs.harness.mark.event_id("m") + PLAIN, summary="By hand")
    assert runs.calls(GUEST, single("s")) == [LIST, *[PATCH] * 2]
    runs.harness.delete(runs.harness.mark.event_id("m") + PLAIN)
    assert runs.calls(GUEST, single("s")) == [LIST, PATCH]
    runs.harness.copy_by_hand("s")
    assert runs.calls(GUEST, single("s")) == [LIST, DELETE]
    assert runs.calls(GUEST, single("s")) == [LIST]


def test_what_others_have_is_neither_kept_nor_touched(runs: Remembering) -> None:
    runs.run(GUEST)
    lunch = runs.harness.insert_foreign(recurrence=["RRULE:FREQ=WEEKLY;COUNT=5"], summary="Lunch")
    runs.harness.patch(f"{lunch}_20260916", summary="Long lunch")
    runs.harness.delete(f"{lunch}_20260923")
    gone = runs.harness.insert_foreign(summary="Gone")
    runs.harness.delete(gone)
    before = [runs.harness.event(event_id) for event_id in (lunch, f"{lunch}_20260916", gone)]
    assert runs.run(GUEST).plan.changes == ()
    assert [runs.harness.event(event_id) for event_id in (lunch, f"{lunch}_20260916", gone)] == before
    kept = runs.store.reading("here")
    assert kept is not None
    assert not [text for event_id, text in kept.events.items() if "unch" in text or lunch in event_id]


@pytest.mark.parametrize("which", [PLAIN, "_20261028T160000Z"])
def test_a_date_that_was_taken_away_is_found_without_any_memory(runs: Remembering, which: str) -> None:
    runs.run(GUEST, single("s"))
    runs.harness.delete(runs.harness.mark.event_id("m") + which)
    runs.store = MemoryStore()
    # of a cancelled exception Google promises its id alone, so that a list of what bears our mark need not have it
    assert runs.calls(GUEST, single("s")) == [LIST, LIST, PATCH]
    assert runs.calls(GUEST, single("s")) == [LIST]


def test_a_calendar_that_is_known_to_repeat_something_is_read_whole_at_once(runs: Remembering) -> None:
    runs.run(GUEST)
    runs.harness.delete(runs.harness.mark.event_id("m") + PLAIN)
    runs.remote().doubt({})
    assert runs.calls(GUEST) == [LIST, PATCH]


def test_a_token_that_has_expired_means_to_begin_again(runs: Remembering) -> None:
    runs.run(GUEST, single("s"))
    runs.harness.patch(runs.harness.mark.event_id("s"), summary="By hand")
    with runs.harness.world.lock:
        runs.harness.world.expire_sync_tokens()
    assert runs.calls(GUEST, single("s")) == [LIST, LIST, PATCH]
    assert runs.calls(GUEST, single("s")) == [LIST]


@pytest.mark.parametrize(("status", "reason"), [(400, "invalid"), (410, ""), (410, "updatedMinTooLongAgo")])
def test_a_token_that_is_refused_means_to_begin_again(
    faulty: Callable[[Wrap], OnSandbox], status: int, reason: str
) -> None:
    def refusing(handler: Handler) -> Handler:
        error = {"error": {"errors": [{"reason": reason}] if reason else [], "code": status, "message": "No"}}
        return lambda call: Answer(status, error) if "syncToken" in call.query else handler(call)

    runs = Remembering(faulty(refusing))
    runs.run(GUEST)
    assert runs.calls(GUEST) == [LIST, LIST]


def test_a_list_without_a_token_is_read_as_a_whole_each_time(faulty: Callable[[Wrap], OnSandbox]) -> None:
    def tokenless(handler: Handler) -> Handler:
        def answer(call: Call) -> Answer:
            told = handler(call)
            return Answer(told.status, {k: v for k, v in (told.resource or {}).items() if k != "nextSyncToken"})

        return answer

    runs = Remembering(faulty(tokenless))
    runs.run(GUEST)
    assert runs.calls(GUEST) == [LIST]


def test_changes_come_in_pages_some_of_them_empty(faulty: Callable[[Wrap], OnSandbox]) -> None:
    def meagre(handler: Handler) -> Handler:
        def answer(call: Call) -> Answer:
            if "syncToken" not in call.query:
                return handler(call)
            if "pageToken" not in call.query:
                return Answer(200, {"kind": "calendar#events", "items": [], "nextPageToken": "first"})
            query = call.query.replace("&pageToken=first", "").replace("maxResults=2500", "maxResults=2")
            return handler(replace(call, query=query))

        return answer

    runs = Remembering(faulty(meagre))
    desired = [single(f"u{n}") for n in range(5)]
    runs.run(*desired)
    assert runs.calls(*desired) == [LIST] * 4
    assert runs.calls(*desired) == [LIST] * 2


ODD: list[dict[str, Any]] = [
    {"start": 5},
    {"summary": ["x"]},
    {"recurrence": "RRULE"},
    {"id": ""},
    {"sequence": "many"},
]


def with_items(change: Callable[[list[Any]], list[Any]]) -> Wrap:
    """Has every list hold other items."""

    def wrap(handler: Handler) -> Handler:
        def answer(call: Call) -> Answer:
            told = handler(call)
            resource = dict(told.resource or {})
            return Answer(told.status, resource | {"items": change(resource["items"])}) if "items" in resource else told

        return answer

    return wrap


@pytest.mark.parametrize("odd", ODD)
def test_an_event_of_others_that_cannot_be_read_is_passed_over(
    faulty: Callable[[Wrap], OnSandbox], odd: dict[str, Any]
) -> None:
    foreign = {"id": "foreign", "kind": "calendar#event", **odd}
    runs = Remembering(faulty(with_items(lambda items: [*items, foreign])))
    desired = weekly("m"), single("a")
    assert [each.error for each in runs.run(*desired).outcomes] == [None, None]
    assert runs.calls(*desired) == [LIST]


@pytest.mark.parametrize("odd", ODD)
def test_one_of_ours_that_cannot_be_read_is_told(faulty: Callable[[Wrap], OnSandbox], odd: dict[str, Any]) -> None:
    runs = Remembering(faulty(with_items(lambda items: [{**item, **odd} for item in items])))
    runs.run(single("a"))
    with pytest.raises(Unreachable):
        runs.run(single("a"))


def test_a_moment_without_its_offset_is_one_of_the_zone_that_is_named(faulty: Callable[[Wrap], OnSandbox]) -> None:
    def without(item: dict[str, Any]) -> dict[str, Any]:
        for name in ("start", "end"):
            at = datetime.fromisoformat(item[name]["dateTime"]).astimezone(ZoneInfo(item[name]["timeZone"]))
            item[name]["dateTime"] = at.replace(tzinfo=None).isoformat()
        return item

    runs = Remembering(faulty(with_items(lambda items: [without(dict(item)) for item in items])))
    runs.run(single("a"))
    assert runs.run(single("a")).plan.changes == ()


def test_half_of_the_changes_are_no_changes(faulty: Callable[[Wrap], OnSandbox]) -> None:
    broken = [True]

    def cut_short(handler: Handler) -> Handler:
        def answer(call: Call) -> Answer:
            if "pageToken" in call.query and broken[0]:
                return Answer(403, {"error": {"errors": [{"reason": "forbidden"}], "code": 403, "message": "No"}})
            return handler(replace(call, query=call.query.replace("maxResults=2500", "maxResults=1")))

        return answer

    runs = Remembering(faulty(cut_short))
    runs.run(single("a"))
    runs.run(single("a"))
    for uid in ("b", "c"):
        runs.harness.insert_foreign(summary=uid)
    runs.harness.patch(runs.harness.mark.event_id("a"), summary="By hand")
    with pytest.raises(Denied):
        runs.run(single("a"))
    broken[0] = False
    runs.harness.calls()
    runs.run(single("a"))
    assert runs.harness.calls() == [*[LIST] * 3, PATCH]


def test_a_lost_store_costs_a_whole_list_and_no_write(runs: Remembering) -> None:
    desired = [GUEST, *(single(f"u{n}") for n in range(20))]
    runs.run(*desired)
    runs.store = MemoryStore()
    assert runs.calls(*desired) == [LIST, LIST]
    assert runs.calls(*desired) == [LIST]


def test_a_lost_store_costs_nothing_where_it_is_known_that_series_are_wanted(runs: Remembering) -> None:
    runs.repeats = True
    desired = [GUEST, single("s")]
    runs.run(*desired)
    runs.harness.delete(runs.harness.mark.event_id("m") + PLAIN)
    runs.store = MemoryStore()
    assert runs.calls(*desired) == [LIST, PATCH]
    runs.store = MemoryStore()
    assert runs.calls(*desired) == [LIST]


def test_it_costs_one_list_where_nothing_repeats(runs: Remembering) -> None:
    desired = [single(f"u{n}") for n in range(20)]
    runs.run(*desired)
    runs.store = MemoryStore()
    assert runs.calls(*desired) == [LIST]


@pytest.mark.parametrize("text", ["", "{}", "no JSON", "[]"])
def test_what_cannot_be_read_of_the_memory_is_forgotten(runs: Remembering, text: str) -> None:
    runs.run(GUEST)
    kept = runs.store.reading("here")
    assert kept is not None
    runs.store.keep_reading("here", replace(kept, events={"x": text}))
    assert runs.calls(GUEST) == [LIST, LIST]


def test_a_conflict_makes_the_next_reading_a_whole_one(runs: Remembering) -> None:
    runs.run(single("a"), single("b"))
    kept = runs.store.reading("here")
    runs.run(single("a"), single("b"))
    stale = runs.store.reading("here")
    assert kept is not None
    assert stale is not None
    lying = {event_id: json.dumps(json.loads(text) | {"etag": '"1"'}) for event_id, text in stale.events.items()}
    runs.store.keep_reading("here", replace(stale, events=lying))
    assert runs.calls(single("a", summary="B"), single("b")) == [LIST, PATCH, LIST, PATCH]


# ------------------------------------------------------------------------------------------------------ deleted by hand


def test_what_was_deleted_by_hand_is_told_and_comes_back(runs: Remembering) -> None:
    runs.run(GUEST, single("s"))
    runs.run(GUEST, single("s"))
    runs.harness.delete_by_hand("s")
    found = runs.run(GUEST, single("s"))
    assert [str(drift) for drift in found.plan.drifts] == [
        "2026-09-09  Journal club was deleted by hand, and is put right"
    ]
    assert runs.harness.seen() == seen_in([GUEST, single("s")])
    assert runs.run(GUEST, single("s")).plan.drifts == ()


@pytest.mark.parametrize("expired", [False, True])
def test_what_was_deleted_by_hand_stays_away_where_it_is_kept(runs: Remembering, expired: bool) -> None:
    runs.run(GUEST, single("s"), drift="keep")
    runs.run(GUEST, single("s"), drift="keep")
    runs.harness.delete_by_hand("s")
    for _ in range(2):
        if expired:
            with runs.harness.world.lock:
                runs.harness.world.expire_sync_tokens()
        found = runs.run(GUEST, single("s", summary="B"), drift="keep")
        assert (found.plan.changes, len(found.plan.drifts)) == ((), 1)
    assert runs.harness.seen() == seen_in([GUEST])


@pytest.mark.parametrize("drift", ["keep", "repair"])
def test_what_is_deleted_by_hand_before_it_was_ever_read_is_told_too(runs: Remembering, drift: Drifting) -> None:
    runs.run(GUEST, single("s"), drift=drift)
    runs.harness.delete_by_hand("s")
    found = runs.run(GUEST, single("s"), drift=drift)
    assert ["deleted by hand" in str(each) for each in found.plan.drifts] == [True]
    assert runs.harness.seen() == seen_in([GUEST] if drift == "keep" else [GUEST, single("s")])


def test_what_we_deleted_ourselves_is_not_told_as_deleted_by_hand(runs: Remembering) -> None:
    runs.run(GUEST, single("s"), drift="keep")
    runs.run(GUEST, drift="keep")
    runs.run(GUEST, drift="keep")
    found = runs.run(GUEST, single("s"), drift="keep")
    assert (found.failed, found.plan.drifts) == ((), ())
    assert runs.harness.seen() == seen_in([GUEST, single("s")])


def test_what_was_deleted_and_brought_back_by_hand_is_ours_again(runs: Remembering) -> None:
    runs.run(GUEST, drift="keep")
    runs.run(GUEST, drift="keep")
    runs.harness.delete_by_hand("m")
    runs.run(GUEST, drift="keep")
    runs.harness.patch(runs.harness.mark.event_id("m"), status="confirmed")
    assert runs.run(GUEST, drift="keep").plan.drifts == ()
    assert runs.harness.seen() == seen_in([GUEST])


def test_the_tokens_of_a_world_that_was_are_worthless(on_sandbox: OnSandbox) -> None:
    runs = Remembering(on_sandbox)
    runs.run(single("a"))
    with on_sandbox.world.lock:
        on_sandbox.world.delete_calendar(on_sandbox.calendar_id)
        on_sandbox.world.add_calendar(on_sandbox.calendar_id, "Conferences", "America/New_York")
    answers: Any = runs.calls(single("a"))
    assert answers == [LIST, LIST, INSERT]
