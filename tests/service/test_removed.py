"""What a calendar had and has no more: told as cancelled for a while, so that every phone lets go of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import icalendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ircal.model.program import Calendar, Program, Window
from ircal.recall import Recall
from ircal.service import build_feeds
from ircal.service.build import Before
from ircal.store import MemoryStore, open_store
from tests.rules.conftest import build as programme
from tests.service.conftest import NOW, Coordinator

if TYPE_CHECKING:
    from pathlib import Path

    from ircal.store import Store

WINDOW = Window(date(2026, 7, 1), date(2028, 7, 1))
LATER = NOW + timedelta(days=1)
NOBODY = "person,rotation,from,to\n"
ASSIGNED = NOBODY + "ash,icu,2026-10-05,2026-10-11\n"


def events(
    coordinator: Coordinator, store: Store, now: datetime, calendar: str = "ash", window: Window = WINDOW
) -> list[Any]:
    body = build_feeds(coordinator.load(), window, store, now)[calendar].body
    return list(icalendar.Calendar.from_ical(body).walk("VEVENT"))


def told(event: Any) -> tuple[str, str, int, datetime]:
    """What a subscriber sees of it: title, status, and its revision."""
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt
    return str(event["SUMMARY"]), str(event["STATUS"]), int(event["SEQUENCE"]), event["DTSTAMP"].dt


def test_an_event_that_was_taken_off_is_told_as_cancelled(coordinator: Coordinator) -> None:
    store = MemoryStore()
    [before] = events(coordinator, store, NOW)
    coordinator.write("assignments/2026.csv", NOBODY)
    [after] = events(coordinator, store, LATER)

    assert after["UID"] == before["UID"]
    assert (after["DTSTART"].dt, after["DTEND"].dt) == (date(2026, 10, 5), date(2026, 10, 12))
    assert told(after) == ("Removed: ICU", "CANCELLED", 1, LATER)
    assert (after["TRANSP"], after["X-MICROSOFT-CDO-BUSYSTATUS"]) == ("TRANSPARENT", "FREE")


def test_it_is_dropped_after_a_month(coordinator: Coordinator) -> None:
    store = MemoryStore()
    events(coordinator, store, NOW)
    coordinator.write("assignments/2026.csv", NOBODY)
    events(coordinator, store, LATER)
    assert len(events(coordinator, store, LATER + timedelta(days=29))) == 1
    assert events(coordinator, store, LATER + timedelta(days=30)) == []


def test_it_is_dropped_after_a_month_in_which_nothing_else_changes(coordinator: Coordinator) -> None:
    store, recall = MemoryStore(), Recall()
    built = build_feeds(coordinator.load(), WINDOW, store, NOW, Before(recall=recall))
    coordinator.write("assignments/2026.csv", NOBODY)
    program = coordinator.load()
    for now, left in ((LATER, 1), (LATER + timedelta(days=1), 1), (LATER + timedelta(days=30), 0)):
        recall.turn()
        built = build_feeds(program, WINDOW, store, now, Before(built, recall))
        assert built["ash"].body.count(b"BEGIN:VEVENT") == left


@pytest.mark.parametrize("days", [2, 90])
def test_one_that_comes_back_is_confirmed_and_has_changed_again(coordinator: Coordinator, days: int) -> None:
    store = MemoryStore()
    events(coordinator, store, NOW)
    coordinator.write("assignments/2026.csv", NOBODY)
    events(coordinator, store, LATER)
    coordinator.write("assignments/2026.csv", ASSIGNED)
    back = NOW + timedelta(days=days)
    [event] = events(coordinator, store, back)
    assert told(event) == ("ICU", "CONFIRMED", 2, back)


def test_a_series_is_told_as_cancelled_as_a_whole(coordinator: Coordinator) -> None:
    store = MemoryStore()
    coordinator.write(
        "overrides.yaml", "overrides:\n  one: {conference: mm, date: 2026-09-16, move: {to: 2026-09-17}}\n"
    )
    before = events(coordinator, store, NOW, "mm")
    [master] = [event for event in before if "RRULE" in event]
    (coordinator.folder / "overrides.yaml").unlink()
    coordinator.edit(
        "conferences.yaml", "until: 2026-12-31, audience: everyone", "until: 2026-07-31, audience: everyone"
    )
    told_as_gone = [event for event in events(coordinator, store, LATER, "mm") if event["UID"] == master["UID"]]

    [after] = told_as_gone
    assert after["RRULE"] == master["RRULE"]
    assert after["DTSTART"].dt == master["DTSTART"].dt
    assert told(after) == ("Removed: M&M", "CANCELLED", 1, LATER)


def test_what_is_over_is_dropped_without_a_word(coordinator: Coordinator) -> None:
    store = MemoryStore()
    events(coordinator, store, NOW)
    coordinator.write("assignments/2026.csv", NOBODY)
    assert events(coordinator, store, datetime(2026, 10, 12, 4, tzinfo=UTC)) == []


def test_it_is_not_over_before_midnight_in_the_programme(coordinator: Coordinator) -> None:
    store = MemoryStore()
    events(coordinator, store, NOW)
    coordinator.write("assignments/2026.csv", NOBODY)
    assert len(events(coordinator, store, datetime(2026, 10, 12, 3, 59, tzinfo=UTC))) == 1


def test_a_window_that_moves_on_removes_nothing(coordinator: Coordinator) -> None:
    store = MemoryStore()
    events(coordinator, store, NOW)
    there = events(
        coordinator, store, datetime(2027, 7, 1, 12, tzinfo=UTC), window=Window(date(2027, 7, 1), WINDOW.end)
    )
    assert there == []


def test_a_window_that_ends_earlier_removes_nothing(coordinator: Coordinator) -> None:
    store = MemoryStore()
    coordinator.write("assignments/2026.csv", NOBODY + "ash,icu,2027-10-04,2027-10-10\n")
    assert len(events(coordinator, store, NOW)) == 1
    assert events(coordinator, store, LATER, window=Window(WINDOW.start, date(2027, 7, 1))) == []


def test_a_window_that_cuts_has_a_memory_of_its_own(coordinator: Coordinator) -> None:
    store, autumn = MemoryStore(), Window(date(2026, 9, 1), date(2026, 12, 1))
    events(coordinator, store, NOW)
    coordinator.write("assignments/2026.csv", NOBODY)
    assert events(coordinator, store, LATER, window=autumn) == []
    assert len(events(coordinator, store, LATER)) == 1


def test_what_is_told_as_cancelled_outlasts_the_process(coordinator: Coordinator, tmp_path: Path) -> None:
    seen = []
    for rows, now in ((ASSIGNED, NOW), (NOBODY, LATER), (NOBODY, LATER + timedelta(days=1))):
        coordinator.write("assignments/2026.csv", rows)
        store = open_store(f"sqlite:///{tmp_path}/ircal.db")
        seen += [told(event) for event in events(coordinator, store, now)]
        store.close()
    assert seen[1:] == [("Removed: ICU", "CANCELLED", 1, LATER)] * 2


def test_a_store_that_is_lost_costs_only_what_was_removed(coordinator: Coordinator) -> None:
    events(coordinator, MemoryStore(), NOW)
    coordinator.write("assignments/2026.csv", NOBODY)
    assert events(coordinator, MemoryStore(), LATER) == []


def test_a_calendar_that_is_to_show_less_has_nothing_removed(coordinator: Coordinator) -> None:
    store = MemoryStore()
    coordinator.edit("calendars.yaml", "contents: [rotations]", "contents: [rotations, conferences]")
    events(coordinator, store, NOW)
    coordinator.edit("calendars.yaml", "contents: [rotations, conferences]", "contents: [rotations]")
    assert [told(event)[0] for event in events(coordinator, store, LATER)] == ["ICU"]


# ----------------------------------------------------------------------------------------------------------------- law

CALENDARS = {
    "all": Calendar(id="all", name="All", kind="programme"),
    "ash": Calendar(id="ash", name="Ash", kind="resident", of="ash"),
}
YEAR = Window(date(2026, 7, 1), date(2027, 7, 1))
CLOCK = st.integers(-40 * 24, 40 * 24).map(lambda hours: datetime(2026, 10, 1, tzinfo=UTC) + timedelta(hours=hours))

CHANGES: list[dict[str, Any]] = [{}, {"cancel": True}, {"move": {"to": "2026-10-22"}}, {"change": {"room": "Hall"}}]
ICU = {"person": "ash", "rotation": "icu", "start": "2026-10-05", "end": "2026-11-02"}
AWAY = {"person": "ash", "kind": "vacation", "start": "2026-10-12", "end": "2026-10-26"}


@st.composite
def programmes(draw: st.DrawFn) -> Program:
    """A small programme after somebody's changes to its meetings, assignments and leave."""
    grand = {
        "name": draw(st.sampled_from(["Grand rounds", "M&M"])),
        "when": "We[3] 17:00-18:00",
        "audience": "everyone",
    }
    weekly = {"name": "Weekly", "when": "Mo 07:00-08:00", "audience": {"person": "ash"}, "season": "09-01..12-20"}
    conferences: dict[str, Any] = draw(
        st.sampled_from([{"grand": grand}, {"weekly": weekly}, {"grand": grand, "weekly": weekly}, {}])
    )
    change = draw(st.sampled_from(CHANGES)) if "grand" in conferences else {}
    return programme(
        conferences=conferences,
        overrides={"one": {"conference": "grand", "date": "2026-10-21", **change}} if change else {},
        assignments=[ICU] * draw(st.integers(0, 1)),
        leave=[AWAY] * draw(st.integers(0, 1)),
        calendars=CALENDARS,
    )


def stamped(body: bytes) -> dict[str, tuple[str, tuple[int, datetime]]]:
    """Of each UID what a reader sees, and the revision it came with."""
    found: dict[str, tuple[str, tuple[int, datetime]]] = {}
    for event in icalendar.Calendar.from_ical(body).walk("VEVENT"):
        _, _, sequence, changed = told(event)
        content = "".join(
            line
            for line in event.to_ical().decode().replace("\r\n ", "").splitlines(keepends=True)
            if not line.startswith(("DTSTAMP", "LAST-MODIFIED", "SEQUENCE"))
        )
        before, revision = found.get(str(event["UID"]), ("", (sequence, changed)))
        assert revision == (sequence, changed)
        found[str(event["UID"])] = before + content, revision
    return found


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(programmes(), CLOCK), min_size=2, max_size=5))
def test_a_revision_moves_on_when_the_event_changes_and_only_then(history: list[tuple[Program, datetime]]) -> None:
    store = MemoryStore()
    seen: dict[tuple[str, str], tuple[str, tuple[int, datetime]]] = {}
    for made, now in history:
        for name, built in build_feeds(made, YEAR, store, now).items():
            for uid, (content, revision) in stamped(built.body).items():
                known, (sequence, changed) = seen.get((name, uid), (content, revision))
                if known == content:
                    assert revision == (sequence, changed)
                else:
                    assert revision == (sequence + 1, max(now, changed + timedelta(seconds=1)))
                seen[name, uid] = content, revision
