"""What every store must keep to of the service's own work: what is due, runs, channels, programmes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ircal.store import Channel, Due, KeptProgramme, MemoryStore, Run, Store
from ircal.store.dueness import Standing, begun, finished, raised
from ircal.store.work import RUNS_KEPT

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def at(seconds: int) -> datetime:
    return NOW + seconds * SECOND


# ------------------------------------------------------------------------------------------------------------------ due


def test_nothing_is_due_at_first(store: Store) -> None:
    assert store.due() == []
    assert store.begin_due("ada") is None
    store.finish_due("ada", 1)
    store.raise_due([], "file", NOW)
    assert store.due() == []


def test_triggers_before_a_run_are_one_run(store: Store) -> None:
    for second, cause in enumerate(["file", "timer", "file"]):
        store.raise_due(["ada"], cause, at(second))
    assert store.due() == [Due("ada", 3, NOW, ("file", "timer"))]
    generation = store.begin_due("ada")
    assert generation == 3
    assert store.due() == [Due("ada", 3, NOW, ("file", "timer"))]  # until it is finished
    store.finish_due("ada", generation)
    assert store.due() == []
    assert store.begin_due("ada") is None


def test_a_trigger_during_a_run_is_one_more_run(store: Store) -> None:
    store.raise_due(["ada"], "file", NOW)
    generation = store.begin_due("ada")
    assert generation is not None
    store.raise_due(["ada"], "timer", at(5))
    store.raise_due(["ada"], "hook", at(6))
    store.finish_due("ada", generation)
    assert store.due() == [Due("ada", 3, at(5), ("timer", "hook"))]
    again = store.begin_due("ada")
    assert again == 3
    store.finish_due("ada", again)
    assert store.due() == []


def test_a_run_that_never_ends_leaves_everything_due(store: Store) -> None:
    store.raise_due(["ada"], "file", NOW)
    store.begin_due("ada")
    store.raise_due(["ada"], "timer", at(5))
    assert store.begin_due("ada") == 2
    assert store.due() == [Due("ada", 2, NOW, ("file", "timer"))]


def test_a_frozen_run_that_ends_late_clears_no_more_than_it_did(store: Store) -> None:
    store.raise_due(["ada"], "file", NOW)
    frozen = store.begin_due("ada")
    assert frozen == 1
    store.raise_due(["ada"], "timer", at(5))
    other = store.begin_due("ada")
    assert other == 2
    store.finish_due("ada", frozen)
    assert [each.generation for each in store.due()] == [2]
    store.finish_due("ada", other)
    store.finish_due("ada", frozen)
    assert store.due() == []


def test_those_come_first_that_have_been_due_for_the_longest_time(store: Store) -> None:
    store.raise_due(["ada", "bea"], "file", at(2))
    store.raise_due(["cy"], "file", at(1))
    store.raise_due(["ada", "cy"], "timer", at(3))
    assert [each.calendar for each in store.due()] == ["cy", "ada", "bea"]


def test_a_cause_is_one_line_and_few_are_told(store: Store) -> None:
    for number in range(50):
        store.raise_due(["ada"], f"cause\n{number}", NOW)
    [due] = store.due()
    assert due.causes == tuple(f"cause {number}" for number in range(12))
    assert due.generation == 50


def test_no_trigger_is_lost_when_many_come_at_once(store: Store) -> None:
    calendars = ["ada", "bea", "cy"]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: store.raise_due(calendars[:: 1 if number % 2 else -1], "hook", NOW), range(40)))
    assert [(each.calendar, each.generation) for each in store.due()] == [(each, 40) for each in calendars]


def test_instants_are_in_utc_and_have_a_zone(store: Store) -> None:
    store.raise_due(["ada"], "file", NOW.astimezone(timezone(timedelta(hours=-5))))
    assert store.due()[0].since.tzinfo is UTC
    with pytest.raises(ValueError, match="zone"):
        store.raise_due(["ada"], "file", NOW.replace(tzinfo=None))


@given(st.lists(st.sampled_from(["raise", "begin", "finish", "crash"]), max_size=30))
def test_a_calendar_is_due_exactly_while_a_trigger_has_no_finished_run_after_it(steps: list[str]) -> None:
    standing, generation = Standing(), None
    unserved: list[int] = []  # the instants of triggers that no finished run began after
    seen: list[int] = []  # those that the run under way began after
    for second, step in enumerate(steps):
        if step == "raise":
            standing = raised(standing, "t", at(second))
            unserved.append(second)
        elif step == "begin" and generation is None and standing.is_due:
            generation, standing, seen = standing.raised, begun(standing), list(unserved)
        elif step == "finish" and generation is not None:
            standing, generation = finished(standing, generation), None
            unserved = [each for each in unserved if each not in seen]
        elif step == "crash":
            generation = None
        assert standing.is_due == bool(unserved)
        assert standing.done <= standing.begun <= standing.raised
        if unserved:
            assert standing.since == at(unserved[0])


# ----------------------------------------------------------------------------------------------------------------- runs


def test_a_run_is_remembered_from_its_beginning_to_its_end(store: Store) -> None:
    run = Run("run-1", "ada", "file", NOW, due=NOW - timedelta(seconds=3))
    store.begin_run(run)
    assert store.runs(10) == [run]
    ended = replace(run, ended=at(3), state="failed", created=1, updated=2, deleted=3, calls=9, error="no answer")
    store.end_run(ended)
    assert store.runs(10) == [ended]


def test_runs_are_told_newest_first_whatever_the_clock_does(store: Store) -> None:
    for number, began in enumerate([5, 9, 1]):
        store.begin_run(Run(f"run-{number}", "ada" if number else "bea", "timer", at(began)))
    assert [run.id for run in store.runs(2)] == ["run-2", "run-1"]
    assert [run.id for run in store.runs(9, "bea")] == ["run-0"]
    assert {name: run.id for name, run in store.last_runs().items()} == {"ada": "run-2", "bea": "run-0"}


def test_one_run_may_be_at_several_calendars(store: Store) -> None:
    for calendar in ("ada", "bea"):
        store.begin_run(Run("run-1", calendar, "timer", NOW))
    store.end_run(Run("run-1", "ada", "timer", NOW, at(1), "done"))
    assert {name: run.state for name, run in store.last_runs().items()} == {"ada": "done", "bea": "running"}
    assert list(store.last_runs("done")) == ["ada"]
    assert store.last_runs("refused") == {}


def test_old_runs_are_forgotten_but_not_the_last_that_was_done(store: Store) -> None:
    store.end_run(Run("old", "ada", "timer", NOW, at(1), "failed"))
    store.end_run(Run("good", "ada", "timer", NOW, at(1), "done"))
    store.end_run(Run("other", "bea", "timer", NOW, at(1), "failed"))
    for number in range(RUNS_KEPT + 1):
        store.end_run(Run(f"run-{number}", "ada", "timer", NOW, at(1), "failed"))
    kept = [run.id for run in store.runs(1000, "ada")]
    assert kept == [*(f"run-{number}" for number in range(RUNS_KEPT, 0, -1)), "good"]
    assert store.last_runs("done")["ada"].id == "good"
    assert [run.id for run in store.runs(1000, "bea")] == ["other"]


# ------------------------------------------------------------------------------------------------------------- channels

CHANNEL = Channel("c1", "ada", "digest", NOW, at(600))


def test_a_channel_is_known_by_its_id_until_it_is_removed(store: Store) -> None:
    assert store.channel("c1") is None
    store.add_channel(CHANNEL)
    assert store.channel("c1") == CHANNEL
    store.remove_channel("c1")
    store.remove_channel("c1")
    assert store.channel("c1") is None
    assert store.channels() == []


def test_channels_are_listed_by_calendar_and_by_when_they_expire(store: Store) -> None:
    late, other = replace(CHANNEL, id="c2", expires=at(900)), replace(CHANNEL, id="c0", calendar="bea", expires=at(300))
    for channel in (late, CHANNEL, other):
        store.add_channel(channel)
    assert store.channels() == [other, CHANNEL, late]
    assert store.channels("ada") == [CHANNEL, late]
    assert store.channels(expired=at(600)) == [other, CHANNEL]
    assert store.channels("bea", at(299)) == []


def test_a_message_counts_once_and_none_before_it(store: Store) -> None:
    assert not store.note_message("c1", 1)
    store.add_channel(CHANNEL)
    assert [store.note_message("c1", number) for number in (1, 1, 7, 3, 8)] == [True, False, True, False, True]
    assert store.channel("c1") == replace(CHANNEL, last_message=8)


def test_what_google_says_of_a_channel_later_takes_no_message_back(store: Store) -> None:
    store.add_channel(CHANNEL)
    store.note_message("c1", 4)
    said = replace(CHANNEL, resource="r1", expires=at(500))
    store.add_channel(said)
    assert store.channel("c1") == replace(said, last_message=4)
    store.add_channel(replace(said, last_message=9))
    assert store.channel("c1") == replace(said, last_message=9)


def test_a_channel_is_stopped_once(store: Store) -> None:
    store.stop_channel("c1", NOW)
    store.add_channel(CHANNEL)
    store.stop_channel("c1", at(5))
    store.stop_channel("c1", at(9))
    assert store.channel("c1") == replace(CHANNEL, stopped=at(5))


# ----------------------------------------------------------------------------------------------------------- programmes


def test_the_last_good_programme_is_kept(store: Store) -> None:
    assert store.programme("im") is None
    assert store.programme_digest("im") is None
    store.keep_programme("im", "d1", b"\x00one\xff", NOW)
    store.keep_programme("im", "d2", b"two", at(5))
    store.keep_programme("fm", "d3", b"", at(6))
    assert store.programme("im") == KeptProgramme("d2", b"two", at(5))
    assert store.programme("fm") == KeptProgramme("d3", b"", at(6))
    assert [store.programme_digest(name) for name in ("im", "fm")] == ["d2", "d3"]


def test_a_store_in_memory_keeps_the_contract_for_types() -> None:
    store: Store = MemoryStore()
    store.close()


# ---------------------------------------------------------------------------------------------------------------- holds

LONG = timedelta(hours=1)


def test_a_calendar_is_held_by_one(store: Store) -> None:
    now = datetime.now(UTC)  # PostgreSQL goes by its own clock
    assert [store.hold("ada", holder, LONG, now) for holder in ("a", "b", "a")] == [True, False, True]
    assert store.hold("bell", "b", LONG, now)
    assert store.held(now) == {"ada", "bell"}
    store.let_go("ada", "b")
    assert store.held(now) == {"ada", "bell"}
    store.let_go("ada", "a")
    assert store.hold("ada", "b", LONG, now)


def test_a_hold_ends_by_itself(store: Store) -> None:
    now = datetime.now(UTC)
    assert store.hold("ada", "a", timedelta(0), now)
    assert store.held(now) == set()
    assert store.hold("ada", "b", LONG, now)
    assert store.hold("ada", "a", LONG, now) is False
    assert store.held(now) == {"ada"}


def test_of_many_at_once_one_gets_it(store: Store) -> None:
    now = datetime.now(UTC)
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda holder: store.hold("ada", str(holder), LONG, now), range(16)))
    assert got.count(True) == 1


# -------------------------------------------------------------------------------------------------------------- totals


def test_what_runs_come_to_is_counted_when_they_end(store: Store) -> None:
    begun = Run("1", "ada", "night", NOW)
    store.begin_run(begun)
    assert store.totals() == {}
    store.end_run(replace(begun, ended=at(3), state="done", created=2, calls=5))
    store.end_run(Run("2", "ada", "google", NOW, at(9), "failed", updated=1, calls=4, fault="Unreachable"))
    store.end_run(Run("2", "bob", "google", NOW, at(9), "refused", fault="GuardRefused"))
    assert store.totals() == {
        ("ada", "runs done"): 1,
        ("ada", "runs failed"): 1,
        ("ada", "created"): 2,
        ("ada", "updated"): 1,
        ("ada", "calls"): 9,
        ("ada", "fault Unreachable"): 1,
        ("bob", "runs refused"): 1,
        ("bob", "fault GuardRefused"): 1,
    }


def test_runs_that_are_forgotten_stay_counted(store: Store) -> None:
    for number in range(RUNS_KEPT + 3):
        store.end_run(Run(str(number), "ada", "poll", NOW, NOW, "done"))
    assert len(store.runs(2 * RUNS_KEPT)) == RUNS_KEPT
    assert store.totals() == {("ada", "runs done"): RUNS_KEPT + 3}
