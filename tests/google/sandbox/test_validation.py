"""What an event may not say, and what it may say and loses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.google.sandbox.client import all_day, refusal, timed, weekly

if TYPE_CHECKING:
    from tests.google.sandbox.client import Desk

TEN = "2026-01-05T10:00:00-05:00"
ELEVEN = "2026-01-05T11:00:00-05:00"


def without_zone(side: str) -> dict[str, Any]:
    times = {"start": {"dateTime": TEN, "timeZone": "UTC"}, "end": {"dateTime": ELEVEN, "timeZone": "UTC"}}
    del times[side]["timeZone"]
    return {**times, "recurrence": ["RRULE:FREQ=DAILY"]}


def overrides(count: int) -> dict[str, Any]:
    return {"useDefault": False, "overrides": [{"method": "popup", "minutes": each} for each in range(count)]}


@pytest.mark.parametrize(
    ("body", "reason", "message"),
    [
        ({"end": {"date": "2026-01-05"}}, "required", "Missing start time."),
        ({"start": {"date": "2026-01-05"}}, "required", "Missing end time."),
        (timed() | {"start": "2026-01-05"}, "invalid", "Invalid start time."),
        (timed() | {"start": {"date": "2026-02-30"}}, "invalid", "Invalid start time."),
        (timed() | {"start": {"date": "20260105"}}, "invalid", "Invalid start time."),
        (timed() | {"start": {"dateTime": "2026-01-05 10:00"}}, "invalid", "Invalid start time."),
        (timed() | {"start": {"dateTime": "2026-01-05T25:00:00Z"}}, "invalid", "Invalid start time."),
        (timed() | {"start": {"dateTime": "0001-01-05T10:00:00Z"}}, "invalid", "Invalid start time."),
        (timed() | {"start": {}}, "invalid", "Invalid start time."),
        (timed() | {"start": {"date": "2026-01-05", "dateTime": TEN}}, "invalid", "Invalid start time."),
        (
            timed() | {"start": {"date": "2026-01-05"}},
            "invalid",
            "Start and end times must either both be date or both be dateTime.",
        ),
        (
            timed() | {"start": {"dateTime": "2026-01-05T10:00:00"}},
            "required",
            "Missing time zone definition for start time.",
        ),
        (timed(zone="Mars/Olympus"), "invalid", "Invalid time zone definition for start time."),
        (timed(zone="../etc"), "invalid", "Invalid time zone definition for start time."),
        (timed(end="2026-01-05T10:00:00"), "timeRangeEmpty", "The specified time range is empty."),
        (timed(end="2026-01-05T09:59:59"), "timeRangeEmpty", "The specified time range is empty."),
        (all_day("2026-01-05", "2026-01-05"), "timeRangeEmpty", "The specified time range is empty."),
        (without_zone("start"), "required", "Missing time zone definition for start time."),
        (without_zone("end"), "required", "Missing time zone definition for end time."),
    ],
)
def test_times_that_google_refuses(desk: Desk, body: dict[str, Any], reason: str, message: str) -> None:
    assert refusal(desk.request("insert", body=body)) == (400, reason, message)


@pytest.mark.parametrize(
    "lines",
    [
        ["DTSTART:20260105T100000Z", "RRULE:FREQ=DAILY"],
        ["DTEND:20260105T100000Z"],
        ["FREQ=DAILY"],
        ["RRULE:"],
        ["RRULE:FREQ=FORTNIGHTLY"],
        ["RRULE:INTERVAL=2"],
        ["RRULE:FREQ=DAILY;BYDAY=XX"],
        ["RRULE:FREQ=DAILY;COUNT=0"],
        ["RRULE:FREQ=DAILY;INTERVAL=0"],
        ["RRULE:FREQ=DAILY;COUNT=2;UNTIL=20260110T000000Z"],
        ["RRULE:FREQ=DAILY;UNTIL=tomorrow"],
        ["RRULE:FREQ=DAILY;NONSENSE=1"],
        ["RRULE:FREQ=DAILY;"],
        ["RRULE:FREQ=DAILY", "EXDATE:tomorrow"],
        ["RRULE:FREQ=DAILY", "EXDATE;TZID=Mars/Olympus:20260105T100000"],
        [5],
        "RRULE:FREQ=DAILY",
    ],
)
def test_rules_that_google_refuses(desk: Desk, lines: object) -> None:
    request = desk.request("insert", body={**timed(), "recurrence": lines})
    assert refusal(request) == (400, "invalid", "Invalid recurrence rule.")


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "gone"},
        {"transparency": "clear"},
        {"visibility": ["private"]},
        {"colorId": "0"},
        {"colorId": "12"},
        {"colorId": 3},
        {"eventType": "fromGmail"},
        {"summary": 5},
        {"sequence": -1},
        {"sequence": "1"},
        {"sequence": True},
        {"source": {"title": "x", "url": "ftp://example.org"}},
        {"extendedProperties": "x"},
        {"extendedProperties": {"private": {"a": 1}}},
        {"extendedProperties": {"private": {str(each): "x" for each in range(301)}}},
        {
            "extendedProperties": {
                scope: {f"{scope}{each}": "x" for each in range(151)} for scope in ("private", "shared")
            }
        },
        {"extendedProperties": {"private": {str(each): "x" * 1024 for each in range(32)}}},
        {"reminders": overrides(6)},
        {"reminders": {"useDefault": False, "overrides": [{"method": "sms", "minutes": 1}]}},
        {"reminders": {"useDefault": False, "overrides": [{"method": "popup", "minutes": 40321}]}},
        {"reminders": {"useDefault": False, "overrides": [{"method": "popup"}]}},
        {"reminders": 5},
        {"iCalUID": 5},
    ],
)
def test_values_that_google_refuses(desk: Desk, fields: dict[str, Any]) -> None:
    assert desk.refused("insert", body={**timed(), **fields}) == (400, "invalid")
    assert desk.listed() == []


def test_too_many_attachments_are_refused(desk: Desk) -> None:
    body = {**timed(), "attachments": [{"fileUrl": "https://example.org"}] * 26}
    assert desk.refused("insert", body=body, supportsAttachments=True) == (400, "invalid")


def test_default_reminders_and_overrides_exclude_each_other(desk: Desk) -> None:
    body = {**timed(), "reminders": {**overrides(1), "useDefault": True}}
    assert desk.refused("insert", body=body) == (400, "cannotUseDefaultRemindersAndSpecifyOverride")


def test_values_at_the_edge_are_accepted(desk: Desk) -> None:
    properties = {"private": {str(each): "x" for each in range(300)}}
    made = desk.insert(colorId="11", reminders=overrides(5), extendedProperties=properties)
    assert (made["colorId"], made["reminders"], made["extendedProperties"]) == ("11", overrides(5), properties)


def test_long_keys_vanish_and_long_values_are_cut_without_a_word(desk: Desk) -> None:
    properties = {"private": {"k" * 44: "v" * 1025, "k" * 45: "lost"}, "shared": {"s" * 45: "lost"}}
    assert desk.insert(extendedProperties=properties)["extendedProperties"] == {"private": {"k" * 44: "v" * 1024}}


def test_a_patch_is_judged_by_what_it_leads_to(desk: Desk) -> None:
    desk.insert(id="abcde")
    late = {"start": {"dateTime": "2026-01-05T12:00:00"}}
    assert desk.refused("patch", eventId="abcde", body=late) == (400, "timeRangeEmpty")
    assert desk.get("abcde")["start"]["dateTime"] == TEN


def test_an_all_day_series_needs_no_zone(desk: Desk) -> None:
    made = desk.insert(all_day("2026-01-05", "2026-01-06"), recurrence=["RRULE:FREQ=DAILY;COUNT=2"])
    assert "timeZone" not in made["start"]


def test_no_rules_at_all_make_a_single_event(desk: Desk) -> None:
    assert "recurrence" not in desk.insert(weekly(), recurrence=[])
