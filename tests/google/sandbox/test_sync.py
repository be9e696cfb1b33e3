"""Sync tokens: what changed since, and when to begin again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.google.sandbox.client import refusal, timed, weekly

if TYPE_CHECKING:
    from tests.google.sandbox.client import Desk


def changes(desk: Desk, token: str, **arguments: Any) -> dict[str, str]:
    """The ids and states that a token tells of."""
    return {event["id"]: event["status"] for event in desk.page(syncToken=token, **arguments)["items"]}


def test_a_token_tells_what_was_made_changed_and_deleted_since(desk: Desk) -> None:
    for letter in "abc":
        desk.insert(id=letter * 5)
    token = desk.page()["nextSyncToken"]
    assert changes(desk, token) == {}
    desk.insert(id="ddddd")
    desk.patch("aaaaa", summary="x")
    desk.delete("bbbbb")
    page = desk.page(syncToken=token)
    assert changes(desk, token) == {"aaaaa": "confirmed", "bbbbb": "cancelled", "ddddd": "confirmed"}
    assert changes(desk, page["nextSyncToken"]) == {}


def test_a_token_tells_nothing_of_a_deleted_event_but_its_id(desk: Desk) -> None:
    desk.insert(id="aaaaa", summary="Noon")
    token = desk.page()["nextSyncToken"]
    desk.delete("aaaaa")
    (told,) = desk.page(syncToken=token)["items"]
    assert told == {"kind": "calendar#event", "etag": told["etag"], "id": "aaaaa", "status": "cancelled"}


def test_a_token_tells_of_an_undeleted_event(desk: Desk) -> None:
    desk.insert(id="aaaaa")
    desk.delete("aaaaa")
    token = desk.page()["nextSyncToken"]
    desk.patch("aaaaa", status="confirmed")
    assert changes(desk, token) == {"aaaaa": "confirmed"}


def test_a_token_tells_of_exceptions_without_their_master(desk: Desk) -> None:
    desk.insert(weekly(3), id="aaaaa")
    token = desk.page()["nextSyncToken"]
    desk.delete("aaaaa_20260112T150000Z")
    assert changes(desk, token) == {"aaaaa_20260112T150000Z": "cancelled"}


def test_deleting_a_master_is_told_of_its_exceptions_too(desk: Desk) -> None:
    desk.insert(weekly(3), id="aaaaa")
    desk.patch("aaaaa_20260112T150000Z", summary="x")
    token = desk.page()["nextSyncToken"]
    desk.delete("aaaaa")
    assert changes(desk, token) == {"aaaaa": "cancelled", "aaaaa_20260112T150000Z": "cancelled"}


def test_with_single_events_a_changed_master_means_all_its_instances(desk: Desk) -> None:
    desk.insert(weekly(2), id="aaaaa")
    token = desk.page(singleEvents=True)["nextSyncToken"]
    desk.patch("aaaaa", summary="x")
    told = {"aaaaa_20260105T150000Z": "confirmed", "aaaaa_20260112T150000Z": "confirmed"}
    assert changes(desk, token, singleEvents=True) == told
    assert desk.refused("list", syncToken=token) == (400, "invalid")


def test_reminders_are_nobodys_business(desk: Desk) -> None:
    desk.insert(id="aaaaa")
    token = desk.page()["nextSyncToken"]
    desk.patch("aaaaa", reminders={"useDefault": False})
    assert changes(desk, token) == {}


def test_a_cancelled_instance_whose_reminders_never_were_changed_is_told(desk: Desk) -> None:
    desk.insert(weekly(2), id="aaaaa")
    token = desk.page()["nextSyncToken"]
    desk.patch("aaaaa_20260112T150000Z", reminders={"useDefault": False})
    assert changes(desk, token) == {"aaaaa_20260112T150000Z": "confirmed"}


def test_changes_come_in_pages_too(desk: Desk) -> None:
    token = desk.page()["nextSyncToken"]
    for letter in "abc":
        desk.insert(id=letter * 5)
    assert desk.ids(syncToken=token, maxResults=2) == ["aaaaa", "bbbbb", "ccccc"]
    first = desk.page(syncToken=token, maxResults=2)
    assert ["nextPageToken" in first, "nextSyncToken" in first] == [True, False]


def test_a_filtered_list_gives_a_token_that_is_not_filtered(desk: Desk) -> None:
    token = desk.page(privateExtendedProperty="x=1")["nextSyncToken"]
    desk.insert(id="aaaaa")
    assert changes(desk, token) == {"aaaaa": "confirmed"}


@pytest.mark.parametrize(
    "extra",
    [
        {"iCalUID": "x"},
        {"orderBy": "updated"},
        {"privateExtendedProperty": "x=1"},
        {"q": "x"},
        {"sharedExtendedProperty": "x=1"},
        {"timeMin": "2026-01-01T00:00:00Z"},
        {"timeMax": "2026-01-01T00:00:00Z"},
        {"updatedMin": "2026-01-01T00:00:00Z"},
        {"showDeleted": False},
    ],
)
def test_a_token_takes_no_filters(desk: Desk, extra: dict[str, Any]) -> None:
    token = desk.page()["nextSyncToken"]
    assert desk.refused("list", syncToken=token, **extra) == (400, "badRequest")


def test_a_token_with_show_deleted_is_accepted(desk: Desk) -> None:
    token = desk.page(showDeleted=True)["nextSyncToken"]
    assert changes(desk, token, showDeleted=True) == {}


def test_an_expired_token_demands_a_full_sync(desk: Desk) -> None:
    token = desk.page()["nextSyncToken"]
    desk.server.world.expire_sync_tokens()
    assert refusal(desk.request("list", syncToken=token)) == (
        410,
        "fullSyncRequired",
        "Sync token is no longer valid, a full sync is required.",
    )
    desk.insert(id="aaaaa")
    assert desk.ids() == ["aaaaa"]
    assert changes(desk, desk.page()["nextSyncToken"]) == {}


@pytest.mark.parametrize("token", ["x", "WzFd", "WyJzeW5jIl0", "ünsinn", "e30="])
def test_a_token_that_never_was_demands_a_full_sync(desk: Desk, token: str) -> None:
    assert desk.refused("list", syncToken=token) == (410, "fullSyncRequired")


def test_a_token_of_another_calendar_demands_a_full_sync(desk: Desk) -> None:
    other = desk.service.calendars().insert(body={"summary": "Faculty"}).execute()["id"]
    token = desk.events.list(calendarId=other).execute()["nextSyncToken"]
    assert desk.refused("list", syncToken=token) == (410, "fullSyncRequired")


def test_a_page_token_is_no_sync_token(desk: Desk) -> None:
    for letter in "ab":
        desk.insert(id=letter * 5)
    token = desk.page(maxResults=1)["nextPageToken"]
    assert desk.refused("list", syncToken=token) == (410, "fullSyncRequired")


def test_a_change_of_access_rules_expires_tokens(desk: Desk) -> None:
    token = desk.page()["nextSyncToken"]
    rule = {"role": "reader", "scope": {"type": "user", "value": "someone@example.org"}}
    desk.service.acl().insert(calendarId=desk.calendar_id, body=rule, sendNotifications=False).execute()
    assert desk.refused("list", syncToken=token) == (410, "fullSyncRequired")


def test_a_list_made_while_others_write_never_loses_a_change(desk: Desk) -> None:
    for letter in "ab":
        desk.insert(id=letter * 5)
    first = desk.page(maxResults=1)
    desk.call("update", eventId="aaaaa", body={**timed(), "summary": "late"})
    last = desk.page(maxResults=1, pageToken=first["nextPageToken"])
    assert changes(desk, last["nextSyncToken"]) == {"aaaaa": "confirmed"}
