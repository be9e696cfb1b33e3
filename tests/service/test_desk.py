"""The coordinators' desk over a real service, with the sandbox in Google's place."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest

from ircal.errors import GuardRefused
from tests.service.place import Place, placed, write

if TYPE_CHECKING:
    from collections.abc import Iterator


BOTH = {"applied by chief", "applied by office"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One service for all of these tests, each of which leaves the calendars in step."""
    with placed(tmp_path_factory.mktemp("desk")) as made:
        yield made


@pytest.fixture(autouse=True)
def in_step(place: Place) -> None:
    """Thirty talks, and nothing to do."""
    place.have(30)
    place.settled("ash", "in step")


def test_a_calendar_in_step_tells_its_last_run_and_change(place: Place) -> None:
    state = place.state("ash")
    assert (state.state, state.why, state.since, state.held) == ("in step", "", None, ())
    assert state.last_run
    assert state.last_change
    assert state.last_change.changes > 0
    assert state.last_run.calls > 0
    assert place.desk.plan("ash").nothing
    assert place.desk.runs(1)[0].state == "done"
    assert {line.outcome for line in place.desk.journal(5, "ash")} == {"done"}
    assert {line.title for line in place.desk.journal(5000, "ash")} >= {"Talks", "Rounds"}
    assert place.desk.journal(5, "no-such") == ()


def test_what_somebody_deleted_by_hand_is_put_right_by_a_resync(place: Place) -> None:
    there = place.there()
    place.delete_one()
    assert place.there() == there - 1
    before = place.desk.mark()
    place.desk.resync("ash", "chief")
    place.until(lambda: place.there() == there)
    place.settled("ash", "in step")
    assert place.desk.mark() != before
    [asked] = [each for each in place.desk.runs(50, "ash") if "page by chief" in each.cause]
    assert asked.latency is not None
    assert asked.latency > (asked.seconds or 0)  # it begins after it was asked for


def test_a_trigger_that_comes_as_a_run_begins_is_one_of_its_causes(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what has everything compared would be counted as done, and nothing would be compared."""
    store = place.server._store
    begin = store.begin_due

    def late(calendar: str) -> int | None:
        monkeypatch.undo()
        store.raise_due([calendar], "night", datetime.now(UTC))
        return begin(calendar)

    monkeypatch.setattr(store, "begin_due", late)
    place.server.triggers.mark(["ash"], "sync")
    place.settled("ash", "in step")
    assert [each.cause for each in place.desk.runs(50, "ash") if "night" in each.cause] == ["sync, night"]


def test_a_guarded_plan_is_told_in_words_and_applied_by_its_checksum(place: Place) -> None:
    there = place.there()
    place.have(5)
    state = place.settled("ash", "guarded")
    assert "25 of" in state.why
    assert place.there() == there
    plan = place.desk.plan("ash")
    assert "25 to remove" in plan.headline
    assert "25 of" in plan.refused
    assert len([line for line in plan.lines if line.startswith("  - ")]) == 25
    run = place.desk.apply("ash", plan.checksum, "chief")
    assert (run.state, run.deleted, run.cause) == ("done", 25, "applied by chief")
    assert place.there() == there - 25
    place.settled("ash", "in step")


def test_of_two_coordinators_at_once_the_second_is_told_and_nothing_is_done_twice(place: Place) -> None:
    place.have(4)
    place.settled("ash", "guarded")
    checksum = place.desk.plan("ash").checksum
    there = place.there()
    begin = threading.Barrier(2)

    def agree(who: str) -> str:
        begin.wait(timeout=10)
        try:
            return place.desk.apply("ash", checksum, who).state
        except GuardRefused as refused:
            return refused.message

    with ThreadPoolExecutor(2) as both:
        said = sorted(both.map(agree, ("chief", "office")))
    assert said == ["The plan is another one than the one you agreed to.", "done"]
    assert place.there() == there - 26
    assert len([run for run in place.desk.runs(500, "ash") if run.cause in BOTH and run.deleted == 26]) == 1
    place.settled("ash", "in step")


def test_a_plan_that_has_changed_meanwhile_is_not_applied(place: Place) -> None:
    place.have(6)
    place.settled("ash", "guarded")
    old, there = place.desk.plan("ash").checksum, place.there()
    place.have(7)
    place.until(lambda: place.desk.plan("ash").checksum != old)
    with pytest.raises(GuardRefused):
        place.desk.apply("ash", old, "chief")
    assert place.there() == there


@pytest.mark.parametrize("name", ["rounds", "no-such", ""])
def test_what_is_not_in_google_is_not_known(place: Place, name: str) -> None:
    with pytest.raises(KeyError):
        place.desk.plan(name)
    with pytest.raises(KeyError):
        place.desk.apply(name, "0" * 16, "chief")


def test_while_the_store_takes_nothing_it_is_not_ready_and_goes_on_afterwards(place: Place) -> None:
    def ready() -> int:
        return httpx.get(f"{place.server.url}/readyz", trust_env=False).status_code

    with closing(sqlite3.connect(place.config.parent / "state" / "ircal.db", isolation_level=None)) as database:
        database.execute("CREATE TRIGGER full BEFORE INSERT ON due BEGIN SELECT RAISE(ABORT, 'full'); END")
        write(place.config, 29)
        place.server.look()
        place.until(lambda: ready() == 503)
        database.execute("DROP TRIGGER full")
    place.until(lambda: ready() == 200)
    place.until(lambda: len([each for each in place.events() if each["summary"] == "Talks"]) == 29)
