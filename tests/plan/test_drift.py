"""What somebody else did to our events: told always, and dealt with as the calendar wants it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ircal.plan import Create, OwnedException, Update, make_plan, markdown_of, moment
from tests.plan.making import CALENDAR, WINDOW, block, cancelling, differing, owned, single, slot, weekly

if TYPE_CHECKING:
    from ircal.model.program import Drifting
    from ircal.model.series import Series
    from ircal.plan import Change, Owned, Plan

MOVED = differing(weekly("m"), 2, later=timedelta(hours=1))
RENAMED = replace(MOVED, details=replace(MOVED.details, description="New"))


def plan(drifting: Drifting, desired: Series, known: Owned) -> Plan:
    calendar = CALENDAR.model_copy(update={"drift": drifting})
    return make_plan(calendar, [desired], [known], WINDOW)


def outcome(drifting: Drifting, desired: Series, known: Owned) -> tuple[tuple[Change, ...], list[str]]:
    made = plan(drifting, desired, known)
    return made.changes, [str(drift) for drift in made.drifts]


def with_exception(series: Series, week: int, digest: str = "", *, cancelled: bool = False) -> Owned:
    """The Series as it was written, with one more exception."""
    odd = OwnedException("x", moment(slot(series, week)), digest, cancelled=cancelled)
    return owned(series, exceptions=(*owned(series).exceptions, odd))


EDITED = owned(single("a"), edited=True)
DELETED = owned(single("a"), deleted=True)
BY_HAND = with_exception(MOVED, 0)
TAKEN = with_exception(MOVED, 0, cancelled=True)
RE_EDITED = owned(MOVED, exceptions=(replace(owned(MOVED).exceptions[0], edited=True),))
PUT_RIGHT, LEFT = "and is put right", "and stays so"


@pytest.mark.parametrize("drifting", ["repair", "keep", "report"])
@pytest.mark.parametrize("series", [single("a"), MOVED, block("b", date(2026, 9, 1))])
def test_what_nobody_touched_is_no_drift(drifting: Drifting, series: Series) -> None:
    assert outcome(drifting, series, owned(series)) == ((), [])


@pytest.mark.parametrize(
    ("known", "series", "told"),
    [
        (EDITED, single("a"), "2026-09-09  Journal club was changed by hand"),
        (BY_HAND, MOVED, "2026-10-14  one date of M&M was changed by hand"),
        (TAKEN, MOVED, "2026-10-14  one date of M&M was deleted by hand"),
        (RE_EDITED, MOVED, "2026-10-28  one date of M&M was changed by hand"),
    ],
)
def test_drift_is_put_right_or_stays_and_is_told(known: Owned, series: Series, told: str) -> None:
    assert outcome("repair", series, known) == ((Update(known, series),), [f"{told}, {PUT_RIGHT}"])
    assert outcome("keep", series, known) == ((), [f"{told}, {LEFT}"])
    assert outcome("report", series, known) == ((), [f"{told}, {LEFT}"])


def test_what_somebody_deleted_is_made_again_or_stays_away() -> None:
    told = "2026-09-09  Journal club was deleted by hand"
    assert outcome("repair", single("a"), DELETED) == ((Create(single("a")),), [f"{told}, {PUT_RIGHT}"])
    assert outcome("keep", single("a"), DELETED) == ((), [f"{told}, {LEFT}"])
    assert outcome("report", single("a"), DELETED) == ((), [f"{told}, {LEFT}"])


def test_when_the_programme_changes_an_event_its_word_counts_again_unless_it_is_kept() -> None:
    renamed = single("a", summary="B")
    assert plan("report", renamed, EDITED).changes == (Update(EDITED, renamed),)
    assert plan("report", renamed, DELETED).changes == (Create(renamed),)
    assert plan("report", RENAMED, BY_HAND).changes == (Update(BY_HAND, RENAMED),)
    assert plan("keep", renamed, EDITED).changes == plan("keep", renamed, DELETED).changes == ()
    assert plan("keep", RENAMED, BY_HAND).changes == (Update(BY_HAND, RENAMED, spare=True),)


def test_a_date_that_was_changed_by_hand_is_cancelled_all_the_same() -> None:
    cancelled = cancelling(MOVED, 0)
    assert outcome("keep", cancelled, BY_HAND) == (
        (Update(BY_HAND, cancelled, spare=True),),
        ["2026-10-14  one date of M&M was changed by hand, and is put right"],
    )


def test_an_unfinished_write_is_finished_whatever_happens_to_drift() -> None:
    unfinished = owned(MOVED, exceptions=())
    for drifting in ("repair", "keep", "report"):
        assert [type(change) for change in plan(drifting, MOVED, unfinished).changes] == [Update]


def test_what_was_deleted_by_hand_and_is_no_longer_wanted_is_no_business_of_the_plan() -> None:
    made = make_plan(CALENDAR, [], [DELETED], WINDOW)
    assert (made.changes, made.existing, made.drifts) == ((), 0, ())


def test_drift_stands_in_the_plan() -> None:
    made = plan("keep", single("a"), EDITED)
    assert str(made).splitlines() == [
        "Conferences (conferences): everything is as it should be: 1 event",
        "  ! 2026-09-09  Journal club was changed by hand, and stays so",
    ]
    assert made.to_json()["drift"] == [
        {
            "uid": "a",
            "date": "2026-09-09",
            "text": "2026-09-09  Journal club was changed by hand, and stays so",
            "left": True,
        }
    ]


def test_of_very_many_the_first_are_told_and_how_many_more_there_are() -> None:
    desired = [single(f"u{number:02}", summary=f"Session {number:02}") for number in range(30)]
    gone = [replace(owned(each), deleted=True) for each in desired]
    made = make_plan(CALENDAR, desired, gone, WINDOW)
    assert len(made.drifts) == 30
    assert len(made.notes) == 13
    assert made.notes[-1] == "and 18 more events or dates that were changed or deleted by hand"
    assert f"  ! {made.notes[0]}\n" in str(made)
    assert f"- **note** {made.notes[0]}\n".replace("  ", " ") in markdown_of(made)
