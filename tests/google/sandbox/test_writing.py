"""Insert, update, patch, delete: what is stored, what is shown, and how the past is guarded."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
from googleapiclient.errors import HttpError

from tests.google.sandbox.client import all_day, refusal, timed

if TYPE_CHECKING:
    from tests.google.sandbox.client import Desk


def update(desk: Desk, event_id: str, **fields: Any) -> Any:
    return desk.call("update", eventId=event_id, body={**timed(), **fields})


def test_an_event_is_shown_with_everything_that_google_adds(desk: Desk) -> None:
    made = desk.insert(id="abcde", summary="Noon")
    key = base64.urlsafe_b64encode(f"abcde {desk.calendar_id}".encode()).decode().rstrip("=")
    assert {name: made[name] for name in made if name not in {"etag", "created", "updated"}} == {
        "kind": "calendar#event",
        "id": "abcde",
        "status": "confirmed",
        "htmlLink": f"https://www.google.com/calendar/event?eid={key}",
        "summary": "Noon",
        "creator": {"email": "owner@example.org"},
        "organizer": {"email": desk.calendar_id, "displayName": "Residents", "self": True},
        "start": {"dateTime": "2026-01-05T10:00:00-05:00", "timeZone": "America/New_York"},
        "end": {"dateTime": "2026-01-05T11:00:00-05:00", "timeZone": "America/New_York"},
        "iCalUID": "abcde@google.com",
        "sequence": 0,
        "reminders": {"useDefault": True},
        "eventType": "default",
    }
    assert desk.get("abcde") == made


def test_created_stays_and_updated_moves(desk: Desk) -> None:
    made = desk.insert(id="abcde")
    changed = desk.patch("abcde", summary="Noon")
    assert made["created"].endswith(".000Z")
    assert changed["created"] == made["created"]
    assert changed["updated"] > made["updated"]


def test_a_time_comes_back_in_the_zone_of_the_calendar(desk: Desk) -> None:
    made = desk.insert(timed("2026-07-01T10:00:00+02:00", "2026-07-01T11:00:00+02:00", "Europe/Zurich"))
    assert made["start"] == {"dateTime": "2026-07-01T04:00:00-04:00", "timeZone": "Europe/Zurich"}


def test_a_time_with_an_offset_needs_no_zone(desk: Desk) -> None:
    times = {"start": {"dateTime": "2026-01-05T15:00:00.5Z"}, "end": {"dateTime": "2026-01-05T16:00:00z"}}
    made = desk.insert(times)
    assert made["start"] == {"dateTime": "2026-01-05T10:00:00-05:00", "timeZone": "America/New_York"}


def test_a_time_comes_back_in_the_zone_that_was_asked_for(desk: Desk) -> None:
    desk.insert(id="abcde")
    shown = desk.call("get", eventId="abcde", timeZone="UTC")
    assert shown["start"] == {"dateTime": "2026-01-05T15:00:00Z", "timeZone": "America/New_York"}


def test_a_date_comes_back_as_it_was(desk: Desk) -> None:
    made = desk.insert(all_day("2026-01-05", "2026-01-07"))
    assert (made["start"], made["end"]) == ({"date": "2026-01-05"}, {"date": "2026-01-07"})


def test_what_is_true_of_every_event_is_not_echoed(desk: Desk) -> None:
    made = desk.insert(transparency="opaque", visibility="default")
    assert {"transparency", "visibility"} & made.keys() == set()
    made = desk.insert(transparency="transparent", visibility="private")
    assert (made["transparency"], made["visibility"]) == ("transparent", "private")


def test_a_source_comes_back(desk: Desk) -> None:
    source = {"title": "The programme", "url": "https://ircal.example.org/week/2"}
    assert desk.insert(source=source)["source"] == source


def test_fields_that_nobody_may_write_or_that_do_not_exist_are_ignored(desk: Desk) -> None:
    made = desk.insert(created="1999-01-01T00:00:00Z", htmlLink="x", creator={"email": "x"}, nonsense=1)
    assert made["created"] > "2026"
    assert made["creator"] == {"email": "owner@example.org"}
    assert "nonsense" not in made


def test_put_replaces(desk: Desk) -> None:
    made = desk.insert(id="abcde", summary="Noon", location="Room 1", colorId="3")
    replaced = update(desk, "abcde", summary="Noon")
    assert {"location", "colorId"} & replaced.keys() == set()
    kept = ("id", "iCalUID", "created", "creator", "organizer", "eventType")
    assert {name: replaced[name] for name in kept} == {name: made[name] for name in kept}


def test_patch_merges_objects_replaces_arrays_and_removes_nulls(desk: Desk) -> None:
    reminders = {
        "useDefault": False,
        "overrides": [{"method": "popup", "minutes": 5}, {"method": "popup", "minutes": 9}],
    }
    properties = {"private": {"a": "1", "b": "2"}, "shared": {"c": "3"}}
    desk.insert(id="abcde", summary="Noon", location="Room 1", reminders=reminders, extendedProperties=properties)
    changed = desk.patch(
        "abcde",
        location=None,
        reminders={"overrides": [{"method": "email", "minutes": 1}]},
        extendedProperties={"private": {"a": None, "b": "4", "d": "5"}},
    )
    assert changed["summary"] == "Noon"
    assert "location" not in changed
    assert changed["reminders"] == {"useDefault": False, "overrides": [{"method": "email", "minutes": 1}]}
    assert changed["extendedProperties"] == {"private": {"b": "4", "d": "5"}, "shared": {"c": "3"}}


def test_a_null_in_a_whole_event_is_as_good_as_silence(desk: Desk) -> None:
    made = desk.insert(location=None, extendedProperties={"private": {"a": None, "b": "2"}})
    assert "location" not in made
    assert made["extendedProperties"] == {"private": {"b": "2"}}


def test_turning_a_time_into_a_date_takes_an_explicit_null(desk: Desk) -> None:
    desk.insert(id="abcde")
    day = {"start": {"date": "2026-01-05"}, "end": {"date": "2026-01-06"}}
    assert desk.refused("patch", eventId="abcde", body=day) == (400, "invalid")
    cleared = {name: {**value, "dateTime": None, "timeZone": None} for name, value in day.items()}
    assert desk.patch("abcde", **cleared)["start"] == {"date": "2026-01-05"}


@pytest.mark.parametrize("verb", ["update", "patch"])
def test_identity_cannot_be_changed(desk: Desk, verb: str) -> None:
    made = desk.insert(id="abcde")
    body = {**timed(), "id": "fghij", "iCalUID": "x@example.org", "recurringEventId": "klmno", "created": "2020"}
    changed = desk.call(verb, eventId="abcde", body=body)
    assert (changed["id"], changed["iCalUID"], changed["created"]) == ("abcde", "abcde@google.com", made["created"])
    assert "recurringEventId" not in changed


def test_the_kind_of_an_event_cannot_be_changed(desk: Desk) -> None:
    desk.insert(id="abcde")
    assert desk.refused("patch", eventId="abcde", body={"eventType": "focusTime"}) == (400, "invalid")


# --------------------------------------------------------------------------------------------------------------- delete


def test_a_deleted_event_keeps_its_details_and_leaves_the_list(desk: Desk) -> None:
    made = desk.insert(id="abcde", summary="Noon")
    desk.delete("abcde")
    gone = desk.get("abcde")
    assert {**gone, "etag": "", "updated": ""} == {**made, "etag": "", "updated": "", "status": "cancelled"}
    assert desk.listed() == []
    assert desk.listed(showDeleted=True) == [gone]


def test_deleting_twice_is_410(desk: Desk) -> None:
    desk.insert(id="abcde")
    desk.delete("abcde")
    assert refusal(desk.request("delete", eventId="abcde")) == (410, "deleted", "Resource has been deleted")


def test_patching_the_status_undeletes(desk: Desk) -> None:
    desk.insert(id="abcde", summary="Noon")
    desk.delete("abcde")
    back = desk.patch("abcde", status="confirmed")
    assert (back["status"], back["summary"]) == ("confirmed", "Noon")
    assert desk.ids() == ["abcde"]


def test_putting_the_status_undeletes_and_leaving_it_out_does_not(desk: Desk) -> None:
    desk.insert(id="abcde")
    desk.delete("abcde")
    assert update(desk, "abcde", summary="Noon")["status"] == "cancelled"
    assert update(desk, "abcde", status="confirmed")["status"] == "confirmed"


def test_patching_the_status_to_cancelled_deletes(desk: Desk) -> None:
    desk.insert(id="abcde")
    assert desk.patch("abcde", status="cancelled")["status"] == "cancelled"
    assert desk.ids() == []


@pytest.mark.parametrize(
    ("verb", "extra"), [("get", {}), ("delete", {}), ("patch", {"body": {}}), ("update", {"body": timed()})]
)
def test_an_unknown_event_is_404(desk: Desk, verb: str, extra: dict[str, Any]) -> None:
    assert desk.refused(verb, eventId="abcde", **extra) == (404, "notFound")


@pytest.mark.parametrize(
    ("verb", "extra"), [("insert", {"body": timed()}), ("list", {}), ("get", {"eventId": "abcde"})]
)
def test_an_unknown_calendar_is_404(desk: Desk, verb: str, extra: dict[str, Any]) -> None:
    desk.calendar_id = "nobody@example.org"
    assert desk.refused(verb, **extra) == (404, "notFound")


# ---------------------------------------------------------------------------------------------------------------- etags


def test_every_change_gives_a_new_etag(desk: Desk) -> None:
    tags = [desk.insert(id="abcde")["etag"], desk.patch("abcde", summary="Noon")["etag"]]
    tags.append(update(desk, "abcde")["etag"])
    desk.delete("abcde")
    tags.append(desk.get("abcde")["etag"])
    assert len(set(tags)) == 4


def test_the_etag_of_a_list_follows_its_events(desk: Desk) -> None:
    before = desk.page()["etag"]
    assert desk.page()["etag"] == before
    desk.insert()
    assert desk.page()["etag"] != before


@pytest.mark.parametrize(
    ("verb", "extra"), [("patch", {"body": {"summary": "x"}}), ("update", {"body": timed()}), ("delete", {})]
)
def test_a_write_with_a_stale_etag_is_412(desk: Desk, verb: str, extra: dict[str, Any]) -> None:
    stale = desk.insert(id="abcde")["etag"]
    fresh = desk.patch("abcde", summary="Noon")
    request = desk.request(verb, stale, eventId="abcde", **extra)
    assert refusal(request) == (412, "conditionNotMet", "Precondition Failed")
    assert desk.get("abcde") == fresh
    desk.call(verb, fresh["etag"], eventId="abcde", **extra)
    assert desk.get("abcde")["etag"] != fresh["etag"]


def test_a_write_that_matches_anything_is_accepted(desk: Desk) -> None:
    desk.insert(id="abcde")
    assert desk.call("patch", "*", eventId="abcde", body={"summary": "Noon"})["summary"] == "Noon"


def test_a_get_with_the_present_etag_is_304(desk: Desk) -> None:
    etag = desk.insert(id="abcde")["etag"]
    with pytest.raises(HttpError) as caught:
        desk.call("get", if_none_match=etag, eventId="abcde")
    assert (caught.value.status_code, caught.value.content) == (304, b"")
    changed = desk.patch("abcde", summary="Noon")
    assert desk.call("get", if_none_match=etag, eventId="abcde") == changed


def test_reminders_move_the_etag_and_not_updated(desk: Desk) -> None:
    made = desk.insert(id="abcde")
    changed = desk.patch("abcde", reminders={"useDefault": False})
    assert changed["reminders"] == {"useDefault": False}
    assert changed["etag"] != made["etag"]
    assert changed["updated"] == made["updated"]


# ------------------------------------------------------------------------------------------------------------- sequence


def test_the_sequence_starts_at_nought_or_where_it_is_told(desk: Desk) -> None:
    assert (desk.insert()["sequence"], desk.insert(sequence=7)["sequence"]) == (0, 7)


@pytest.mark.parametrize(
    ("change", "sequence"),
    [
        ({"summary": "Noon"}, 7),
        ({"start": {"dateTime": "2026-01-05T09:00:00"}}, 8),
        ({"end": {"dateTime": "2026-01-05T12:00:00"}}, 8),
        ({"recurrence": ["RRULE:FREQ=DAILY;COUNT=2"]}, 8),
        ({"sequence": 9}, 9),
        ({"sequence": 9, "start": {"dateTime": "2026-01-05T09:00:00"}}, 9),
        ({"sequence": 7, "start": {"dateTime": "2026-01-05T09:00:00"}}, 8),
    ],
)
def test_patch_raises_the_sequence_when_the_time_changes(desk: Desk, change: dict[str, Any], sequence: int) -> None:
    desk.insert(id="abcde", sequence=7)
    assert desk.patch("abcde", **change)["sequence"] == sequence


def test_a_sequence_that_goes_back_is_refused(desk: Desk) -> None:
    desk.insert(id="abcde", sequence=2)
    code, reason, message = refusal(desk.request("patch", eventId="abcde", body={"sequence": 1}))
    assert (code, reason, message[:23]) == (400, "invalid", "Invalid sequence value.")


def test_a_put_without_a_sequence_counts_as_nought(desk: Desk) -> None:
    desk.insert(id="abcde")
    assert update(desk, "abcde", summary="Noon")["sequence"] == 0
    moved = timed("2026-01-05T09:00:00")
    assert desk.call("update", eventId="abcde", body=moved)["sequence"] == 1
    assert desk.refused("update", eventId="abcde", body=moved) == (400, "invalid")
    assert desk.call("update", eventId="abcde", body={**moved, "sequence": 1})["sequence"] == 1


# ------------------------------------------------------------------------------------------------------------ opting in


def test_attachments_and_conferences_are_ignored_unless_asked_for(desk: Desk) -> None:
    extra = {"attachments": [{"fileUrl": "https://example.org/a"}], "conferenceData": {"notes": "x"}}
    assert extra.keys() & desk.insert(extra).keys() == set()
    made = desk.call("insert", body={**timed(), **extra}, supportsAttachments=True, conferenceDataVersion=1)
    assert {name: made[name] for name in extra} == extra
