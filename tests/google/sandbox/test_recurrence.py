"""Rules and the occurrences they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.google.sandbox.client import NEW_YORK, ZURICH, all_day, timed, weekly

if TYPE_CHECKING:
    from tests.google.sandbox.client import Desk


def starts(desk: Desk, *lines: str, times: dict[str, Any] | None = None) -> list[str]:
    """When the instances of an event with these lines start."""
    made = desk.insert(times or timed(), recurrence=list(lines))
    items = desk.call("instances", eventId=made["id"])["items"]
    return [item["start"].get("dateTime", item["start"].get("date")) for item in items]


def test_an_instance_is_named_after_its_start_in_utc(desk: Desk) -> None:
    desk.insert(weekly(2), id="abcde")
    assert desk.ids(singleEvents=True) == ["abcde_20260105T150000Z", "abcde_20260112T150000Z"]


def test_an_all_day_instance_is_named_after_its_date(desk: Desk) -> None:
    desk.insert(all_day("2026-01-05", "2026-01-06"), id="abcde", recurrence=["RRULE:FREQ=DAILY;COUNT=2"])
    assert desk.ids(singleEvents=True) == ["abcde_20260105", "abcde_20260106"]


def test_an_instance_says_what_it_is_an_instance_of(desk: Desk) -> None:
    master = desk.insert(weekly(2), id="abcde", summary="Noon")
    shown = desk.get("abcde_20260112T150000Z")
    own = {
        "id": "abcde_20260112T150000Z",
        "recurringEventId": "abcde",
        "originalStartTime": {"dateTime": "2026-01-12T10:00:00-05:00", "timeZone": "America/New_York"},
        "start": {"dateTime": "2026-01-12T10:00:00-05:00", "timeZone": "America/New_York"},
        "end": {"dateTime": "2026-01-12T11:00:00-05:00", "timeZone": "America/New_York"},
    }
    inherited = {name: value for name, value in master.items() if name not in {"recurrence", "htmlLink", *own}}
    assert {name: value for name, value in shown.items() if name != "htmlLink"} == inherited | own


@pytest.mark.parametrize(
    "event_id",
    [
        "abcde_20260113T150000Z",
        "abcde_20260126T150000Z",
        "abcde_20260112T100000Z",
        "abcde_20260112",
        "abcde_x",
        "klmno_20260112T150000Z",
        "fghij_20260105T150000Z",
    ],
)
def test_what_the_rule_does_not_make_is_404(desk: Desk, event_id: str) -> None:
    desk.insert(weekly(3), id="abcde")
    desk.insert(id="fghij")
    assert desk.refused("get", eventId=event_id) == (404, "notFound")


def test_rules_do_not_come_back_as_they_were_sent(desk: Desk) -> None:
    sent = ["RRULE:INTERVAL=2;COUNT=3;BYDAY=MO;FREQ=WEEKLY", "EXDATE;TZID=America/New_York:20260119T100000"]
    made = desk.insert(weekly(), recurrence=sent)
    assert made["recurrence"] == ["RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3;INTERVAL=2", sent[1]]
    assert desk.get(made["id"])["recurrence"] == made["recurrence"]


def test_a_series_keeps_its_wall_clock_through_a_change_of_clocks(desk: Desk) -> None:
    # Zurich changes on 29 March 2026, New York three weeks before.
    times = timed("2026-03-23T08:00:00", "2026-03-23T09:00:00", ZURICH)
    assert starts(desk, "RRULE:FREQ=WEEKLY;COUNT=2", times=times) == [
        "2026-03-23T03:00:00-04:00",
        "2026-03-30T02:00:00-04:00",
    ]


def test_a_night_of_clock_change_is_as_long_as_any_other(desk: Desk) -> None:
    times = timed("2026-03-06T22:00:00", "2026-03-07T06:00:00")
    made = desk.insert(times, recurrence=["RRULE:FREQ=DAILY;COUNT=2"])
    items = desk.call("instances", eventId=made["id"])["items"]
    assert [item["end"]["dateTime"] for item in items] == ["2026-03-07T06:00:00-05:00", "2026-03-08T07:00:00-04:00"]


def test_a_start_that_the_clocks_skip_is_pushed_past_the_gap(desk: Desk) -> None:
    times = timed("2026-03-07T02:30:00", "2026-03-07T03:00:00")
    assert starts(desk, "RRULE:FREQ=DAILY;COUNT=2", times=times)[1] == "2026-03-08T03:30:00-04:00"


@pytest.mark.parametrize(
    ("until", "count"),
    [("20260119T150000Z", 3), ("20260119T145959Z", 2), ("20260119T100000", 3), ("20260119", 3), ("20260118", 2)],
)
def test_until_is_inclusive(desk: Desk, until: str, count: int) -> None:
    assert len(starts(desk, f"RRULE:FREQ=WEEKLY;UNTIL={until}")) == count


@pytest.mark.parametrize(
    "line",
    [
        "EXDATE:20260112T150000Z",
        "EXDATE;TZID=America/New_York:20260112T100000",
        "EXDATE;TZID=Europe/Zurich:20260112T160000",
        "EXDATE:20260112T100000",
        "EXRULE:FREQ=MONTHLY;BYMONTHDAY=12",
    ],
)
def test_an_excluded_date_is_no_occurrence(desk: Desk, line: str) -> None:
    assert starts(desk, "RRULE:FREQ=WEEKLY;COUNT=3", line) == [
        "2026-01-05T10:00:00-05:00",
        "2026-01-19T10:00:00-05:00",
    ]


@pytest.mark.parametrize("line", ["EXDATE;VALUE=DATE:20260106", "EXDATE:20260106", "EXDATE:20260106T000000Z"])
def test_an_excluded_date_of_an_all_day_series_is_no_occurrence(desk: Desk, line: str) -> None:
    times = all_day("2026-01-05", "2026-01-06")
    assert starts(desk, "RRULE:FREQ=DAILY;COUNT=3", line, times=times) == ["2026-01-05", "2026-01-07"]


@pytest.mark.parametrize("until", ["20260107", "20260107T000000Z"])
def test_until_of_an_all_day_series_is_a_date_whatever_its_zone(desk: Desk, until: str) -> None:
    start, end = ({"date": day, "timeZone": NEW_YORK} for day in ("2026-01-05", "2026-01-06"))
    times = {"start": start, "end": end}
    assert starts(desk, f"RRULE:FREQ=DAILY;UNTIL={until}", times=times) == ["2026-01-05", "2026-01-06", "2026-01-07"]


def test_listed_dates_are_occurrences_beside_the_start(desk: Desk) -> None:
    line = "RDATE;TZID=America/New_York:20260107T100000,20260108T120000"
    assert starts(desk, line) == [
        "2026-01-05T10:00:00-05:00",
        "2026-01-07T10:00:00-05:00",
        "2026-01-08T12:00:00-05:00",
    ]


def test_a_rule_without_an_end_is_expanded_as_far_as_it_is_asked(desk: Desk) -> None:
    made = desk.insert(weekly(), recurrence=["RRULE:FREQ=WEEKLY"])
    window = {"timeMin": "2030-01-01T00:00:00Z", "timeMax": "2030-01-15T00:00:00Z"}
    shown = desk.call("instances", eventId=made["id"], **window)["items"]
    assert [item["id"] for item in shown] == [f"{made['id']}_20300107T150000Z", f"{made['id']}_20300114T150000Z"]


def test_instances_are_narrowed_paged_and_found_by_their_original_start(desk: Desk) -> None:
    desk.insert(weekly(5), id="abcde")
    first = desk.call("instances", eventId="abcde", maxResults=3, timeMin="2026-01-06T00:00:00Z")
    second = desk.call(
        "instances", eventId="abcde", maxResults=3, timeMin="2026-01-06T00:00:00Z", pageToken=first["nextPageToken"]
    )
    days = [item["id"][6:14] for page in (first, second) for item in page["items"]]
    assert days == ["20260112", "20260119", "20260126", "20260202"]
    assert "nextPageToken" not in second
    found = desk.call("instances", eventId="abcde", originalStart="2026-01-19T10:00:00-05:00")["items"]
    assert [item["id"] for item in found] == ["abcde_20260119T150000Z"]


def test_instances_of_what_does_not_recur_are_refused(desk: Desk) -> None:
    desk.insert(id="abcde")
    assert desk.refused("instances", eventId="abcde") == (400, "invalid")
    assert desk.refused("instances", eventId="fghij") == (404, "notFound")
