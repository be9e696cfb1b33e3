"""UIDs: the same for the same session, on every calendar that shows the shared copy; never shared by two."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from ircal.errors import Problem, ProgramError
from ircal.feeds import make_feed
from ircal.model.place import Place
from ircal.model.program import Calendar, CalendarKind
from ircal.model.schedule import Occurrence, Step
from tests.feeds.making import (
    EVERYTHING,
    added,
    conference,
    moved,
    personal,
    program,
    reworded,
    schedule,
    sessions,
    settings,
)

PROGRAM = program(conference("We 12:00-13:00"))
WEEKLY = sessions(PROGRAM, "mm", date(2026, 9, 1), date(2026, 12, 31))
EXTRA = added(PROGRAM, "mm", "2026-09-11 12:00", "2026-09-11 13:00")
BANNER = personal(("rotation", "west"), "ash", date(2026, 9, 7), date(2026, 9, 14), "IR West")


def uids(kind: CalendarKind, of: str = "") -> set[str]:
    calendar = Calendar(id="c", name="C", kind=kind, of=of)
    return {series.uid for series in make_feed(schedule(PROGRAM, [*WEEKLY, EXTRA, BANNER]), calendar).series}


def test_shared_copies_have_one_uid_on_every_calendar() -> None:
    assert len(uids("programme")) == 3
    assert uids("conference", "mm") | uids("rotation", "west") == uids("programme")


def test_a_residents_or_class_copy_of_a_session_is_its_own_and_a_banner_is_the_persons_everywhere() -> None:
    banner = uids("rotation", "west")
    seen = [uids("resident", "ash"), uids("class", "2031"), uids("programme")]
    assert set.intersection(*seen) == banner
    assert len(set.union(*seen)) == 1 + 3 * 2
    assert uids("resident", "ash").isdisjoint(uids("resident", "brook"))


def test_another_programme_has_other_uids() -> None:
    other = replace(PROGRAM, settings=settings(id="other"))
    mine, theirs = (
        {item.uid for item in make_feed(schedule(made, [*WEEKLY, EXTRA]), EVERYTHING).series}
        for made in (PROGRAM, other)
    )
    assert mine.isdisjoint(theirs)


def test_a_uid_is_a_hash_at_the_programme() -> None:
    assert [uid for uid in uids("programme") if not re.fullmatch(r"[0-9a-f]{40}@demo\.ircal", uid)] == []


def test_uids_never_change() -> None:
    """A UID that changes is a duplicate on every phone: these are for all time."""
    feed = make_feed(schedule(PROGRAM, [*WEEKLY, EXTRA, BANNER]), EVERYTHING)
    assert {item.details.summary: item.uid for item in feed.occurrences} == {
        "Added": "b7d3e141092c19bf9d8ede6f4d6fe90399f3eef4@demo.ircal",
        "MM": "c5bd4123d8e29185c8ccdbac96873923ed5216b4@demo.ircal",
        "Robin Ash: IR West": "5dff198eb99e3aa65372a4a464495c8b4b73f7d0@demo.ircal",
    }


def test_moving_and_renaming_a_single_event_keeps_its_uid() -> None:
    before, after = (
        make_feed(schedule(PROGRAM, [item]), EVERYTHING).series[0].uid
        for item in (EXTRA, reworded(moved(EXTRA, days=9, hours=2), "Later"))
    )
    assert before == after


def test_two_added_sessions_on_one_day_differ_by_their_time() -> None:
    later = added(PROGRAM, "mm", "2026-09-11 15:00", "2026-09-11 16:00")
    assert len(make_feed(schedule(PROGRAM, [EXTRA, later]), EVERYTHING).series) == 2


@pytest.mark.parametrize(
    ("twin", "told"),
    [
        (moved(EXTRA, hours=1), "conference 'mm' has two entries on Fri 2026-09-11 12:00"),
        (moved(WEEKLY[3], days=1), "conference 'mm' has two entries on Wed 2026-09-23 12:00"),
        (reworded(BANNER, "IR East"), "rotation 'west' of ash has two entries on Mon 2026-09-07"),
    ],
)
def test_two_with_one_identity_are_refused(twin: Occurrence, told: str) -> None:
    placed = twin._replace(provenance=(Step("added", Place("overrides.yaml", 7)), Step("late", Place(""))))
    with pytest.raises(ProgramError) as refused:
        make_feed(schedule(PROGRAM, [*WEEKLY, EXTRA, BANNER, placed]), EVERYTHING)
    assert refused.value.problems == (
        Problem(
            "same-session-twice",
            f"{told}, which no calendar can tell apart",
            Place("overrides.yaml", 7),
            "give one of them another date or time, or take it out",
        ),
    )
