import logging
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ircal.model.program import Program
from ircal.recall import Recall
from ircal.service import FeedBook
from ircal.service.build import Revisions
from ircal.service.folder import FolderDigest
from ircal.store import MemoryStore, open_store
from ircal.web import FeedResource, Health
from tests.service.conftest import NOW, PUBLISHED, Coordinator

LATER = NOW + timedelta(hours=1)

GOOD = Health(loaded=True, feeds=3, problems=0)


def served(book: FeedBook) -> dict[str, FeedResource | None]:
    return {name: book.feed(name) for name in ("ash", "mm", "rounds")}


def names(book: FeedBook) -> list[str]:
    """What the calendar `mm` calls its meetings."""
    resource = book.feed("mm")
    assert resource is not None
    lines = resource.plain.body.decode().split("\r\n")
    return sorted({line.removeprefix("SUMMARY:") for line in lines if line.startswith("SUMMARY:")})


def test_a_new_book_has_nothing(book: FeedBook) -> None:
    assert book.health() == Health(loaded=False, feeds=0, problems=0)
    assert book.feed("mm") is None


def test_the_first_look_fills_it(book: FeedBook) -> None:
    assert book.refresh(NOW) is True
    assert book.health() == GOOD
    assert {name: each.public for name, each in served(book).items() if each} == {
        "ash": False,
        "mm": False,
        "rounds": True,
    }
    assert {each.last_modified for each in served(book).values() if each} == {PUBLISHED}
    assert book.feed("nobody") is None


def test_a_look_at_the_same_changes_nothing(book: FeedBook) -> None:
    book.refresh(NOW)
    before = served(book)
    assert book.refresh(LATER) is False
    assert [book.feed(name) is each for name, each in before.items()] == [True, True, True]


def test_an_edit_is_taken_over(book: FeedBook, coordinator: Coordinator) -> None:
    book.refresh(NOW)
    before = served(book)
    coordinator.edit("conferences.yaml", "name: M&M", "name: Quality")
    assert book.refresh(LATER) is True
    after = served(book)
    assert {name for name in after if after[name] != before[name]} == {"mm"}
    assert names(book) == ["Quality"]
    assert after["mm"] is not None
    assert after["mm"].last_modified == LATER


def test_what_stays_the_same_is_not_compressed_again(book: FeedBook, coordinator: Coordinator) -> None:
    book.refresh(NOW)
    before = served(book)
    coordinator.edit("conferences.yaml", "name: M&M", "name: Quality")
    coordinator.edit("calendars.yaml", ", public: true", "")
    book.refresh(LATER)
    after = served(book)
    assert [after[name] is before[name] for name in ("ash", "mm", "rounds")] == [True, False, False]
    assert [each.public for each in after.values() if each] == [False, False, False]


def test_a_calendar_that_is_taken_off_is_gone(book: FeedBook, coordinator: Coordinator) -> None:
    book.refresh(NOW)
    coordinator.edit("calendars.yaml", "  mm: {name: M&M, kind: conference, of: mm}\n", "")
    book.refresh(LATER)
    assert (book.feed("mm"), book.health().feeds) == (None, 2)


def test_a_comment_is_another_configuration_with_the_same_feeds(book: FeedBook, coordinator: Coordinator) -> None:
    book.refresh(NOW)
    before = served(book)
    coordinator.edit("conferences.yaml", "conferences:", "# all of them\nconferences:")
    assert book.refresh(LATER) is True
    assert served(book) == before


# --------------------------------------------------------------------------------------------------- bad configurations


def test_a_bad_configuration_is_not_served_and_said_once(
    book: FeedBook, coordinator: Coordinator, caplog: pytest.LogCaptureFixture
) -> None:
    book.refresh(NOW)
    before = served(book)
    coordinator.edit("conferences.yaml", "audience: everyone", "audience: nobody")
    assert [book.refresh(LATER) for _ in range(3)] == [False, False, False]

    assert served(book) == before
    assert book.health() == Health(loaded=True, feeds=3, problems=len(book.problems))
    assert {problem.place.file for problem in book.problems} == {"conferences.yaml"}
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR] == [
        f"The configuration has {len(book.problems)} problems; what was good before is served on.",
        *map(str, book.problems),
    ]


def test_a_problem_that_only_shows_in_the_dates_is_not_served_either(book: FeedBook, coordinator: Coordinator) -> None:
    book.refresh(NOW)
    before = served(book)
    coordinator.write(
        "overrides.yaml", "overrides:\n  one: {conference: mm, date: 2026-10-01, cancel: true, reason: none}\n"
    )
    assert book.refresh(LATER) is False
    assert served(book) == before
    assert [problem.code for problem in book.problems] == ["override-without-session"]


def test_a_calendar_that_says_nothing_any_more_is_not_served(book: FeedBook, coordinator: Coordinator) -> None:
    book.refresh(NOW)
    coordinator.edit("calendars.yaml", "of: mm}", "of: mm, contents: [rotations]}")
    assert book.refresh(LATER) is False
    assert [problem.code for problem in book.problems] == ["calendar-empty"]
    assert names(book) == ["M&M"]


def test_what_was_taken_off_is_told_for_a_month_although_nothing_else_changes(
    book: FeedBook, coordinator: Coordinator
) -> None:
    book.refresh(NOW)
    coordinator.edit("assignments/2026.csv", "2026-10-05,2026-10-11", "2028-10-02,2028-10-08")
    book.refresh(LATER)

    def events(now: datetime) -> int:
        book.refresh(now)
        resource = book.feed("ash")
        assert resource is not None
        return resource.plain.body.count(b"BEGIN:VEVENT")

    assert [events(LATER + timedelta(days=days)) for days in (29, 31)] == [1, 0]


def test_a_mended_configuration_is_served(book: FeedBook, coordinator: Coordinator) -> None:
    book.refresh(NOW)
    coordinator.edit("conferences.yaml", "name: M&M", "nme: Quality")
    book.refresh(LATER)
    assert book.health().problems > 0
    coordinator.edit("conferences.yaml", "nme: Quality", "name: Quality")
    assert book.refresh(LATER) is True
    assert (book.health(), names(book)) == (GOOD, ["Quality"])


def test_a_configuration_that_is_put_back_is_served_with_the_same_bytes(
    book: FeedBook, coordinator: Coordinator
) -> None:
    book.refresh(NOW)
    before = served(book)
    coordinator.edit("conferences.yaml", "name: M&M", "nme: M&M")
    book.refresh(LATER)
    coordinator.edit("conferences.yaml", "nme: M&M", "name: M&M")
    assert book.refresh(LATER) is True
    assert (book.health(), served(book)) == (GOOD, before)


def test_a_bad_configuration_from_the_start(book: FeedBook, coordinator: Coordinator) -> None:
    coordinator.edit("conferences.yaml", "name: M&M", "nme: M&M")
    assert book.refresh(NOW) is False
    assert book.health() == Health(loaded=False, feeds=0, problems=len(book.problems))
    assert book.health().status == "down"
    coordinator.edit("conferences.yaml", "nme: M&M", "name: M&M")
    assert book.refresh(NOW) is True
    assert book.health() == GOOD


def test_a_folder_that_is_away_for_a_while(
    book: FeedBook, coordinator: Coordinator, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    book.refresh(NOW)
    before = served(book)
    coordinator.folder.rename(tmp_path / "away")
    assert [book.refresh(LATER), book.refresh(LATER)] == [False, False]
    assert (book.health().problems, served(book)) == (1, before)
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR] == [
        "The configuration has 1 problem; what was good before is served on.",
        str(book.problems[0]),
    ]
    (tmp_path / "away").rename(coordinator.folder)
    assert book.refresh(LATER) is True
    assert (book.health(), served(book)) == (GOOD, before)


# ---------------------------------------------------------------------------------------------------------- another day

LAST_EVENING = datetime(2027, 7, 1, 3, 59, tzinfo=UTC)  # 30 June, 23:59 in New York
FIRST_NIGHT = datetime(2027, 7, 1, 4, 0, tzinfo=UTC)


def test_a_new_academic_year_begins_at_midnight_there(book: FeedBook) -> None:
    book.refresh(LAST_EVENING - timedelta(days=1))
    before = book.feed("ash")
    assert before is not None
    book.refresh(LAST_EVENING)
    assert book.feed("ash") == before
    assert book.refresh(FIRST_NIGHT) is True
    after = book.feed("ash")
    assert after is not None
    assert (b"SUMMARY" in before.plain.body, b"SUMMARY" in after.plain.body) == (True, False)
    assert book.refresh(FIRST_NIGHT) is False


def test_a_new_day_comes_for_the_last_good_one_too(book: FeedBook, coordinator: Coordinator) -> None:
    book.refresh(LAST_EVENING)
    coordinator.edit("conferences.yaml", "name: M&M", "nme: M&M")
    book.refresh(LAST_EVENING)
    problems = book.problems
    assert book.refresh(FIRST_NIGHT) is True
    assert (book.problems, book.health().problems > 0) == (problems, True)
    ash = book.feed("ash")
    assert ash is not None
    assert b"SUMMARY" not in ash.plain.body


def test_a_new_year_that_cannot_be_worked_out_is_not_served(book: FeedBook, coordinator: Coordinator) -> None:
    """The override is beyond the window until the next academic year comes into it."""
    coordinator.write(
        "overrides.yaml", "overrides:\n  one: {conference: rounds, date: 2028-10-03, cancel: true, reason: none}\n"
    )
    book.refresh(LAST_EVENING)
    before = served(book)
    assert book.health() == GOOD
    assert book.refresh(FIRST_NIGHT) is False
    assert ([problem.code for problem in book.problems], served(book)) == (["override-without-session"], before)


# --------------------------------------------------------------------------------------------------------------- faults


def test_a_store_that_fails_is_asked_again(
    make_book: Callable[[Revisions], FeedBook], coordinator: Coordinator, tmp_path: Path
) -> None:
    store = open_store(f"sqlite:///{tmp_path}/ircal.db", patience=0.01)
    book = make_book(store)
    book.refresh(NOW)
    coordinator.edit("conferences.yaml", "name: M&M", "name: Quality")

    other = sqlite3.connect(tmp_path / "ircal.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert book.refresh(LATER) is False
    [problem] = book.problems
    assert str(problem) == (
        f"ircal: error: The store {tmp_path}/ircal.db is locked by another process. "
        "(Stop the other process, or wait until it is done, and try again.) [not-built]"
    )
    assert names(book) == ["M&M"]
    other.execute("ROLLBACK")
    other.close()

    assert book.refresh(LATER) is True
    assert (book.health(), names(book)) == (GOOD, ["Quality"])
    store.close()


def test_a_fault_of_ours_leaves_what_was_good(coordinator: Coordinator, caplog: pytest.LogCaptureFixture) -> None:
    asked: list[int] = []

    def load(recall: Recall) -> Program:
        asked.append(len(asked))
        if len(asked) == 2:
            raise ZeroDivisionError
        return coordinator.load(recall)

    book = FeedBook(load, FolderDigest(coordinator.folder), MemoryStore(), 2)
    book.refresh(NOW)
    coordinator.edit("conferences.yaml", "name: M&M", "name: Quality")
    assert [book.refresh(LATER), book.refresh(LATER)] == [False, False]
    assert asked == [0, 1]
    assert ([problem.code for problem in book.problems], names(book)) == (["internal"], ["M&M"])
    assert "ZeroDivisionError" in caplog.text

    coordinator.edit("conferences.yaml", "name: Quality", "name: Better")
    assert book.refresh(LATER) is True
    assert (book.health(), names(book)) == (GOOD, ["Better"])


def test_a_draft_comes_on_its_day_by_itself(book: FeedBook, coordinator: Coordinator) -> None:
    book.refresh(NOW)
    before = served(book)
    coordinator.write("blocks/2027-28.csv", "resident,1\nash,icu\nbay,icu\ncy,icu\n")
    coordinator.write(
        "2027-28.yaml",
        """\
        drafts: {2027-28: {published: 2027-05-01}}
        people: {cy: {name: Cy, role: resident, entered: 2027-07-01}}

        """,
    )
    coordinator.edit("calendars.yaml", "ash: {", "cy: {name: Cy, kind: resident, of: cy}\n  ash: {")
    assert book.refresh(LATER) is True
    assert [book.feed(name) is each for name, each in before.items()] == [True, True, True]
    assert book.feed("cy") is None
    eve, day = (datetime(2027, 4, 30, 12, tzinfo=UTC) + timedelta(days=number) for number in (0, 1))
    book.refresh(eve)
    assert book.feed("cy") is None
    assert book.refresh(day) is True
    cy, ash = book.feed("cy"), book.feed("ash")
    assert cy is not None
    assert b"SUMMARY:ICU" in cy.plain.body
    assert ash is not None
    assert b"DTSTART;VALUE=DATE:20270701" in ash.plain.body
