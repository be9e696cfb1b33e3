"""What a coordinator reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, timedelta

import pytest

from ircal.model.program import Calendar
from ircal.model.schedule import Details
from ircal.model.series import Series
from ircal.plan import Policy, make_plan, markdown_of, text_of
from tests.plan.making import (
    CALENDAR,
    WINDOW,
    at,
    block,
    cancelling,
    differing,
    owned,
    single,
    skipping,
    weekly,
)


def told(before: Series, after: Series) -> list[str]:
    """The lines below the headline and the event's own line."""
    return [line.strip() for line in str(make_plan(CALENDAR, [after], [owned(before)], WINDOW)).splitlines()[2:]]


def test_a_whole_plan() -> None:
    desired = [single("new"), weekly("m", summary="M&M and QI"), block("kept", date(2026, 9, 1)), night("n")]
    actual = [weekly("m"), block("kept", date(2026, 9, 1)), block("gone", date(2026, 10, 1), 1)]
    plan = make_plan(CALENDAR, desired, [*map(owned, actual), replace(owned(single("dim")), shown=None)], WINDOW)
    assert str(plan).splitlines() == [
        "Conferences (conferences): 2 to add, 1 to change, 2 to remove, 1 as they should be",
        "  + 2026-09-09 12:00-13:00  Journal club",
        "  - 2026-09-09  dim",
        "  + 2026-09-10 19:00 to 2026-09-11 07:00  Night",
        "  - 2026-10-01  Vascular surgery",
        "  ~ 2026-10-14 12:00-13:00 and on until 2026-11-18  M&M and QI",
        "      title: M&M -> M&M and QI",
    ]


def test_in_markdown_under_the_calendar_and_the_date() -> None:
    desired = [single("m", summary="M&M *new* [1]"), night("n")]
    plan = make_plan(CALENDAR, desired, map(owned, [single("m", summary="M&M"), single("gone")]), WINDOW)
    assert markdown_of(plan).splitlines() == [
        "## Conferences (conferences)",
        "",
        "1 to add, 1 to change, 1 to remove, 0 as they should be",
        "",
        "### 2026-09-09",
        "",
        r"- **change** 2026-09-09 12:00-13:00 M&M \*new\* \[1\]",
        r"  - title: M&M -\> M&M \*new\* \[1\]",
        "- **remove** 2026-09-09 12:00-13:00 Journal club",
        "",
        "### 2026-09-10",
        "",
        "- **add** 2026-09-10 19:00 to 2026-09-11 07:00 Night",
    ]


def test_a_residents_own_calendar_names_the_person() -> None:
    own = Calendar(id="ash", name="Robin Ash", kind="resident", of="robin")
    assert make_plan(own, [], [], WINDOW).to_json()["person"] == "robin"


def night(uid: str) -> Series:
    return Series(uid, at(9, 10, 19), at(9, 11, 7), Details("Night"))


def test_a_plan_in_json() -> None:
    plan = make_plan(
        CALENDAR, [single("new"), single("m", summary="B")], map(owned, [single("m"), single("gone")]), WINDOW
    )
    assert plan.to_json() == {
        "calendar": "conferences",
        "name": "Conferences",
        "person": "",
        "checksum": plan.checksum,
        "existing": 2,
        "unchanged": 0,
        "withheld": 0,
        "held": [],
        "drift": [],
        "shares": [],
        "changes": [
            {
                "action": "create",
                "uid": "new",
                "text": "2026-09-09 12:00-13:00  Journal club",
                "first": "2026-09-09",
                "last": "2026-09-09",
            },
            {
                "action": "update",
                "uid": "m",
                "text": "2026-09-09 12:00-13:00  B",
                "first": "2026-09-09",
                "last": "2026-09-09",
                "differences": ["title: Journal club -> B"],
            },
            {
                "action": "delete",
                "uid": "gone",
                "text": "2026-09-09 12:00-13:00  Journal club",
                "first": "2026-09-09",
                "last": "2026-09-09",
            },
        ],
    }


def test_nothing_to_do_says_why() -> None:
    series = [single(f"u{n}") for n in range(3)]
    say = [
        str(make_plan(CALENDAR, desired, map(owned, actual), WINDOW))
        for desired, actual in [(series, series), (series[:1], series[:1]), ([], [])]
    ]
    assert say == [
        "Conferences (conferences): everything is as it should be: 3 events",
        "Conferences (conferences): everything is as it should be: 1 event",
        "Conferences (conferences): there is nothing, and nothing is wanted",
    ]


def test_what_a_policy_held_back_is_counted() -> None:
    kept, gone, new = single("kept"), single("gone"), single("new")
    only_gone = make_plan(CALENDAR, [kept], map(owned, [kept, gone]), WINDOW)
    also_new = make_plan(CALENDAR, [kept, new], map(owned, [kept, gone]), WINDOW)
    lines = [str(Policy.UPSERT_ONLY.filtered(plan)).splitlines()[0] for plan in (only_gone, also_new)]
    assert [line.removeprefix("Conferences (conferences): ") for line in lines] == [
        "nothing may be done, 1 event as they should be (1 change held back by the policy)",
        "1 to add, 0 to change, 0 to remove, 1 as they should be (1 change held back by the policy)",
    ]


def test_time_place_and_description() -> None:
    assert told(single("a", location="Room 1"), single("a", at(9, 10, 13), description="Bring a case")) == [
        "when: 2026-09-09 12:00-13:00 -> 2026-09-10 13:00-14:00",
        "place: Room 1 -> (none)",
        "description: changed",
    ]


def test_the_same_time_in_another_zone_is_no_difference() -> None:
    before = single("a", at(9, 9).astimezone(UTC))
    assert told(before, single("a", summary="B")) == ["title: Journal club -> B"]


def test_the_same_rule_spelled_differently_is_no_difference() -> None:
    series = weekly("a")
    respelled = replace(series, rrule=";".join(reversed(series.rrule.split(";"))))
    assert told(respelled, weekly("a", summary="B")) == ["title: M&M -> B"]


def test_a_rule_that_changes_or_ends_on_another_day() -> None:
    longer = weekly("a", weeks=7)
    fortnightly = replace(weekly("a"), rrule=weekly("a").rrule + ";INTERVAL=2")
    assert told(weekly("a"), longer) == ["last day: 2026-11-18 -> 2026-11-25"]
    assert told(weekly("a"), fortnightly) == [
        "repeats: FREQ=WEEKLY;BYDAY=WE -> FREQ=WEEKLY;BYDAY=WE;INTERVAL=2",
        "last day: 2026-11-18 -> 2026-11-11",
    ]


def test_dates_that_stand_out_from_the_rule() -> None:
    before = skipping(differing(weekly("a", location="Hall"), 1, summary="Guest"), 2)
    moved = differing(weekly("a", location="Hall"), 1, later=timedelta(days=1), summary="Guest", location="")
    assert told(before, cancelling(moved, 3)) == [
        "2026-10-21: 2026-10-21 12:00-13:00 Guest -> 2026-10-22 12:00-13:00 Guest, no place",
        "2026-10-28: does not take place -> as the rule says",
        "2026-11-04: as the rule says -> does not take place",
    ]


def test_a_rule_that_becomes_a_single_event_does_not_list_its_dates() -> None:
    assert told(skipping(weekly("a"), 2), single("a", at(10, 14), "M&M")) == ["repeats: FREQ=WEEKLY;BYDAY=WE -> (none)"]


def test_many_dates_are_cut_short() -> None:
    lines = told(weekly("a", weeks=15), skipping(weekly("a", weeks=15), *range(14)))
    assert (len(lines), lines[-1]) == (13, "and 2 more dates")


def test_an_endless_rule_names_no_last_day() -> None:
    endless = replace(weekly("a"), rrule="FREQ=WEEKLY;BYDAY=WE")
    plan = make_plan(CALENDAR, [endless], [], WINDOW)
    assert str(plan).splitlines()[1] == "  + 2026-10-14 12:00-13:00 and on  M&M"


def test_a_difference_that_cannot_be_told_is_owned_up_to() -> None:
    assert told(single("a"), single("a", color="teal")) == ["details that cannot be told one by one"]
    unknown = make_plan(CALENDAR, [single("a")], [owned(single("a"), digest="", shown=None)], WINDOW)
    assert str(unknown).splitlines()[2:] == ["      details that cannot be told one by one"]


def test_days_of_an_event_that_is_only_known_by_its_uid() -> None:
    plan = make_plan(CALENDAR, [], [owned(block("b", date(2026, 9, 1)), shown=None)], WINDOW)
    assert str(plan).splitlines()[1] == "  - 2026-09-01 to 2026-09-28  b"


@pytest.mark.parametrize("rrule", ["FREQ=NEVER", "FREQ=SECONDLY;COUNT=1000000000", "UNTIL=soon"])
def test_a_rule_that_somebody_made_elsewhere_is_not_worked_out(rrule: str) -> None:
    before = weekly("a")
    known = replace(owned(before), shown=replace(before, rrule=rrule))
    assert str(make_plan(CALENDAR, [], [known], WINDOW)).splitlines()[1] == (
        "  - 2026-10-14 12:00-13:00 and on until 2026-11-18  M&M"
    )


def test_the_link_stands_below_the_description_once() -> None:
    link = "https://meet.example.org/x"
    assert text_of(Details("a", "Text", link=link)) == f"Text\n{link}"
    assert text_of(Details("a", f"Join {link}", link=link)) == f"Join {link}"
    assert text_of(Details("a", link=link)) == link
    assert text_of(Details("a", "Text")) == "Text"
