from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ircal.errors import ProgramError
from ircal.model.program import Program, Window
from ircal.service import BuiltFeed, build_feeds, default_window
from ircal.service.build import Before
from ircal.store import MemoryStore
from tests.service.conftest import NOW, PUBLISHED, Coordinator

WINDOW = Window(date(2026, 7, 1), date(2028, 7, 1))
LATER = NOW + timedelta(days=1)


def build(coordinator: Coordinator, store: MemoryStore, now: datetime = NOW) -> dict[str, BuiltFeed]:
    return build_feeds(coordinator.load(), WINDOW, store, now)


def bodies(built: dict[str, BuiltFeed]) -> dict[str, bytes]:
    return {name: each.body for name, each in built.items()}


def stamps(built: dict[str, BuiltFeed]) -> dict[str, datetime]:
    return {name: each.last_modified for name, each in built.items()}


def values(body: bytes, name: str) -> set[str]:
    """The different values that a property has in a feed."""
    lines = body.decode().split("\r\n")
    return {line.partition(":")[2] for line in lines if line.startswith(f"{name}:")}


# ---------------------------------------------------------------------------------------------------------- the window


@pytest.mark.parametrize(
    ("today", "years", "start", "end"),
    [
        (date(2027, 1, 15), 2, date(2026, 7, 1), date(2028, 7, 1)),
        (date(2027, 6, 30), 2, date(2026, 7, 1), date(2028, 7, 1)),
        (date(2027, 7, 1), 2, date(2027, 7, 1), date(2029, 7, 1)),
        (date(2027, 7, 1), 1, date(2027, 7, 1), date(2028, 7, 1)),
        (date(2026, 5, 1), 1, date(2026, 7, 1), date(2027, 7, 1)),  # before the first year that is kept
    ],
)
def test_the_window_is_the_academic_year_and_the_next(
    coordinator: Coordinator, today: date, years: int, start: date, end: date
) -> None:
    assert default_window(today, coordinator.load(), years) == Window(start, end)


@given(st.dates(date(2026, 7, 1), date(2040, 1, 1)), st.integers(1, 10))
def test_today_is_always_in_the_first_year_of_the_window(coordinator_program: Program, today: date, years: int) -> None:
    window = default_window(today, coordinator_program, years)
    assert window.start <= today < window.end
    assert (window.end.year - window.start.year, window.start.month, window.start.day) == (years, 7, 1)


@pytest.fixture
def coordinator_program(coordinator: Coordinator) -> Program:
    return coordinator.load()


# ------------------------------------------------------------------------------------------------------ bytes and times


def test_every_calendar_is_built(coordinator: Coordinator) -> None:
    built = build(coordinator, MemoryStore())
    assert list(built) == ["ash", "mm", "rounds"]
    assert {each.feed.calendar.id for each in built.values()} == set(built)
    assert stamps(built) == dict.fromkeys(built, PUBLISHED)


def test_a_lost_store_gives_the_same_bytes_and_times(coordinator: Coordinator) -> None:
    first, second = build(coordinator, MemoryStore(), NOW), build(coordinator, MemoryStore(), LATER)
    assert bodies(first) == bodies(second)
    assert stamps(first) == stamps(second)


def test_building_again_changes_nothing(coordinator: Coordinator) -> None:
    store = MemoryStore()
    first, second = build(coordinator, store), build(coordinator, store, LATER)
    assert bodies(first) == bodies(second)
    assert stamps(first) == stamps(second)


def test_only_the_feed_that_changed_has_another_time(coordinator: Coordinator) -> None:
    store = MemoryStore()
    first = build(coordinator, store)
    coordinator.edit("conferences.yaml", "name: M&M", "name: Quality")
    second = build(coordinator, store)

    assert {name for name in first if first[name].body != second[name].body} == {"mm"}
    assert stamps(second) == {"ash": PUBLISHED, "mm": NOW, "rounds": PUBLISHED}
    assert values(second["mm"].body, "SEQUENCE") == {"1"}
    assert values(second["mm"].body, "LAST-MODIFIED") == {"20260901T080000Z"}
    assert values(second["rounds"].body, "SEQUENCE") == {"0"}
    assert values(second["rounds"].body, "LAST-MODIFIED") == {"20260601T120000Z"}


def test_an_event_that_is_taken_off_changes_the_feed(coordinator: Coordinator) -> None:
    store = MemoryStore()
    build(coordinator, store)
    coordinator.write("assignments/2026.csv", "person,rotation,from,to\n")
    assert stamps(build(coordinator, store)) == {"ash": NOW, "mm": PUBLISHED, "rounds": PUBLISHED}


def test_another_name_of_the_calendar_changes_the_feed_and_no_event(coordinator: Coordinator) -> None:
    store = MemoryStore()
    build(coordinator, store)
    coordinator.edit("calendars.yaml", "name: Ash", "name: Dr. Ash")
    built = build(coordinator, store)
    assert stamps(built) == {"ash": NOW, "mm": PUBLISHED, "rounds": PUBLISHED}
    assert values(built["ash"].body, "SEQUENCE") == {"0"}


def test_no_time_goes_back_when_the_clock_does(coordinator: Coordinator) -> None:
    store = MemoryStore()
    build(coordinator, store)
    seen = []
    for number, now in enumerate([NOW, LATER, NOW, datetime(1999, 1, 1, tzinfo=UTC), LATER]):
        coordinator.edit("conferences.yaml", "name: M&M" if not number else f"name: M{number}", f"name: M{number + 1}")
        built = build(coordinator, store, now)["mm"]
        [event] = {revision.changed for revision in built.revisions.values()}
        assert built.last_modified >= event
        seen.append(built.last_modified)
    second = timedelta(seconds=1)
    assert seen == [NOW, LATER, LATER + second, LATER + 2 * second, LATER + 3 * second]


def test_a_calendar_that_is_new_begins_at_the_beginning(coordinator: Coordinator) -> None:
    store = MemoryStore()
    build(coordinator, store)
    coordinator.edit("calendars.yaml", "  ash:", "  bay: {name: Bay, kind: resident, of: bay}\n  ash:")
    assert stamps(build(coordinator, store)) == dict.fromkeys(["ash", "bay", "mm", "rounds"], PUBLISHED)


def test_feeds_that_say_the_same_are_not_rendered_again(coordinator: Coordinator) -> None:
    store = MemoryStore()
    first = build(coordinator, store)
    coordinator.edit("conferences.yaml", "name: M&M", "name: Quality")
    second = build_feeds(coordinator.load(), WINDOW, store, LATER, Before(first))
    assert {name for name in first if second[name].body is first[name].body} == {"ash", "rounds"}
    assert bodies(second) == bodies(build(coordinator, store, LATER))


def test_another_setting_of_the_programme_is_rendered(coordinator: Coordinator) -> None:
    store = MemoryStore()
    first = build(coordinator, store)
    coordinator.edit("programme.yaml", "America/New_York", "America/Chicago")
    second = build_feeds(coordinator.load(), WINDOW, store, LATER, Before(first))
    assert bodies(second) == bodies(build(coordinator, store, LATER))
    assert stamps(second) == dict.fromkeys(first, LATER)


# --------------------------------------------------------------------------------------------------------------- faults


def test_what_only_shows_in_the_dates_stops_everything_before_the_store_is_asked(coordinator: Coordinator) -> None:
    store = MemoryStore()
    first = build(coordinator, store)
    coordinator.edit("conferences.yaml", "name: M&M", "name: Quality")
    coordinator.write(
        "overrides.yaml", "overrides:\n  one: {conference: mm, date: 2026-10-01, cancel: true, reason: none}\n"
    )
    with pytest.raises(ProgramError) as raised:
        build(coordinator, store)
    assert [problem.code for problem in raised.value.problems] == ["override-without-session"]

    (coordinator.folder / "overrides.yaml").unlink()
    coordinator.edit("conferences.yaml", "name: Quality", "name: M&M")
    assert stamps(build(coordinator, store)) == stamps(first)
