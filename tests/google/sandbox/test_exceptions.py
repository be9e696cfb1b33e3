"""Changed and cancelled instances, and what becomes of them when their master changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.google.sandbox.client import timed, weekly

if TYPE_CHECKING:
    from tests.google.sandbox.client import Desk

FIRST, SECOND, THIRD = (f"abcde_202601{day}T150000Z" for day in ("05", "12", "19"))
MOVED = timed("2026-01-13T09:00:00", "2026-01-13T10:00:00")
ORIGINAL = {"dateTime": "2026-01-12T10:00:00-05:00", "timeZone": "America/New_York"}


@pytest.fixture(autouse=True)
def master(desk: Desk) -> Any:
    return desk.insert(
        weekly(3), id="abcde", summary="Noon", location="Room 1", extendedProperties={"private": {"ircal": "x"}}
    )


def instances(desk: Desk) -> dict[str, str]:
    """The live instances and their titles."""
    items = desk.call("instances", eventId="abcde")["items"]
    return {item["id"]: item["summary"] for item in items}


def test_patching_an_instance_makes_an_exception(desk: Desk, master: Any) -> None:
    changed = desk.patch(SECOND, summary="Grand round", **MOVED)
    assert (changed["id"], changed["recurringEventId"], changed["originalStartTime"]) == (SECOND, "abcde", ORIGINAL)
    assert changed["start"]["dateTime"] == "2026-01-13T09:00:00-05:00"
    assert changed["etag"] != master["etag"]
    assert desk.get(SECOND) == changed
    assert desk.get("abcde") == master
    assert desk.ids() == ["abcde", SECOND]
    assert instances(desk) == {FIRST: "Noon", SECOND: "Grand round", THIRD: "Noon"}


def test_an_exception_inherits_what_it_does_not_change(desk: Desk, master: Any) -> None:
    changed = desk.patch(SECOND, summary="Grand round")
    inherited = ("location", "extendedProperties", "iCalUID", "created", "creator", "organizer", "sequence")
    assert {name: changed[name] for name in inherited} == {name: master[name] for name in inherited}
    assert "recurrence" not in changed


def test_an_exception_keeps_what_it_inherited_when_the_master_changes(desk: Desk) -> None:
    desk.patch(SECOND, location="Room 2")
    desk.patch("abcde", summary="Midday")
    assert instances(desk) == {FIRST: "Midday", SECOND: "Noon", THIRD: "Midday"}


def test_putting_an_instance_makes_an_exception_of_what_it_says(desk: Desk) -> None:
    changed = desk.call("update", eventId=SECOND, body={**MOVED, "summary": "Grand round"})
    assert "location" not in changed
    assert (changed["originalStartTime"], changed["sequence"]) == (ORIGINAL, 1)


def test_an_exception_cannot_recur_or_become_another_instance(desk: Desk) -> None:
    body = {"recurrence": ["RRULE:FREQ=DAILY"], "recurringEventId": "x", "originalStartTime": {"date": "2020-01-01"}}
    changed = desk.patch(SECOND, **body)
    assert "recurrence" not in changed
    assert (changed["recurringEventId"], changed["originalStartTime"]) == ("abcde", ORIGINAL)


def test_an_exception_has_an_etag_of_its_own(desk: Desk, master: Any) -> None:
    changed = desk.call("patch", master["etag"], eventId=SECOND, body={"summary": "x"})
    assert desk.refused("patch", if_match=master["etag"], eventId=SECOND, body={}) == (412, "conditionNotMet")
    assert desk.call("patch", changed["etag"], eventId=SECOND, body={"summary": "y"})["summary"] == "y"


def test_a_cancelled_instance_shows_only_what_is_guaranteed(desk: Desk) -> None:
    desk.patch(SECOND, summary="Grand round")
    desk.delete(SECOND)
    shown = desk.get(SECOND)
    assert shown == {
        "kind": "calendar#event",
        "etag": shown["etag"],
        "id": SECOND,
        "status": "cancelled",
        "recurringEventId": "abcde",
        "originalStartTime": ORIGINAL,
    }
    assert instances(desk) == {FIRST: "Noon", THIRD: "Noon"}


def test_a_cancelled_instance_is_listed_without_being_asked_for(desk: Desk, master: Any) -> None:
    desk.delete(SECOND)
    assert desk.listed() == [master, desk.get(SECOND)]
    assert desk.ids(showDeleted=True) == ["abcde", SECOND]
    assert desk.ids(singleEvents=True) == [FIRST, THIRD]
    assert desk.ids(singleEvents=True, showDeleted=True) == [FIRST, SECOND, THIRD]
    assert [each["id"] for each in desk.call("instances", eventId="abcde", showDeleted=True)["items"]] == [
        FIRST,
        SECOND,
        THIRD,
    ]


def test_cancelling_twice_is_410(desk: Desk) -> None:
    desk.delete(SECOND)
    assert desk.refused("delete", eventId=SECOND) == (410, "deleted")


def test_patching_the_status_restores_a_cancelled_instance(desk: Desk) -> None:
    desk.patch(SECOND, summary="Grand round")
    desk.patch(SECOND, status="cancelled")
    assert desk.patch(SECOND, status="confirmed")["summary"] == "Grand round"
    assert instances(desk) == {FIRST: "Noon", SECOND: "Grand round", THIRD: "Noon"}


@pytest.mark.parametrize("verb", ["patch", "update", "delete"])
def test_what_the_rule_does_not_make_cannot_be_written(desk: Desk, verb: str) -> None:
    extra = {} if verb == "delete" else {"body": timed()}
    assert desk.refused(verb, eventId="abcde_20260113T150000Z", **extra) == (404, "notFound")
    assert desk.ids() == ["abcde"]


def test_a_moved_instance_is_found_where_it_went(desk: Desk) -> None:
    desk.patch(SECOND, **timed("2026-02-10T10:00:00", "2026-02-10T11:00:00"))
    january = {"timeMin": "2026-01-10T00:00:00Z", "timeMax": "2026-01-16T00:00:00Z"}
    february = {"timeMin": "2026-02-01T00:00:00Z", "timeMax": "2026-03-01T00:00:00Z"}
    assert (desk.ids(singleEvents=True, **january), desk.ids(singleEvents=True, **february)) == ([], [SECOND])
    # The master has an instance in the second stretch because of its exception, and none in the first.
    assert (desk.ids(**january), desk.ids(**february)) == ([], ["abcde", SECOND])


# --------------------------------------------------------------------------------------------------- the master changes


def test_an_exception_survives_a_change_that_still_makes_its_occurrence(desk: Desk) -> None:
    desk.patch(SECOND, summary="Grand round")
    desk.patch("abcde", recurrence=["RRULE:FREQ=WEEKLY;COUNT=4"])
    assert instances(desk) == {FIRST: "Noon", SECOND: "Grand round", THIRD: "Noon", "abcde_20260126T150000Z": "Noon"}


@pytest.mark.parametrize(
    "change",
    [
        timed("2026-01-05T12:00:00", "2026-01-05T13:00:00"),
        {"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=1"]},
        {"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20260112T150000Z"]},
        {"recurrence": None},
    ],
)
def test_an_exception_whose_occurrence_is_gone_is_dropped(desk: Desk, change: dict[str, Any]) -> None:
    desk.patch(SECOND, summary="Grand round")
    token = desk.page()["nextSyncToken"]
    desk.patch("abcde", **change)
    assert desk.refused("get", eventId=SECOND) == (404, "notFound")
    assert desk.ids() == ["abcde"]
    assert {each["id"]: each["status"] for each in desk.page(syncToken=token)["items"]} == {
        "abcde": "confirmed",
        SECOND: "cancelled",
    }


def test_a_dropped_exception_does_not_come_back_and_its_occurrence_does(desk: Desk, master: Any) -> None:
    desk.patch(SECOND, summary="Grand round")
    desk.delete(THIRD)
    desk.patch("abcde", recurrence=None)
    desk.patch("abcde", recurrence=master["recurrence"])
    assert instances(desk) == {FIRST: "Noon", SECOND: "Noon", THIRD: "Noon"}
    assert desk.ids(showDeleted=True) == ["abcde"]


def test_deleting_the_master_deletes_all_of_its_instances(desk: Desk) -> None:
    desk.patch(SECOND, summary="Grand round")
    desk.delete("abcde")
    assert (desk.ids(), desk.ids(singleEvents=True)) == ([], [])
    assert desk.ids(showDeleted=True) == ["abcde", SECOND]
    assert desk.ids(showDeleted=True, singleEvents=True) == [FIRST, SECOND, THIRD]
    assert [desk.get(each)["status"] for each in (FIRST, SECOND)] == ["cancelled", "cancelled"]


@pytest.mark.parametrize("event_id", [FIRST, SECOND])
def test_an_instance_of_a_deleted_master_cannot_be_written(desk: Desk, event_id: str) -> None:
    desk.patch(SECOND, summary="Grand round")
    desk.delete("abcde")
    assert desk.refused("delete", eventId=event_id) == (410, "deleted")
    assert desk.refused("patch", eventId=event_id, body={"status": "confirmed"}) == (410, "deleted")


def test_undeleting_the_master_brings_its_exceptions_back(desk: Desk) -> None:
    desk.patch(SECOND, summary="Grand round")
    desk.delete(THIRD)
    desk.delete("abcde")
    desk.patch("abcde", status="confirmed")
    assert instances(desk) == {FIRST: "Noon", SECOND: "Grand round"}


def test_a_stricter_visibility_of_one_becomes_that_of_all(desk: Desk) -> None:
    desk.patch(THIRD, summary="Grand round")
    desk.patch(SECOND, visibility="private")
    assert [desk.get(each)["visibility"] for each in ("abcde", FIRST, SECOND, THIRD)] == ["private"] * 4


def test_a_looser_visibility_of_one_is_ignored(desk: Desk) -> None:
    desk.patch("abcde", visibility="private")
    assert desk.patch(SECOND, visibility="public")["visibility"] == "private"
    assert desk.get("abcde")["visibility"] == "private"
