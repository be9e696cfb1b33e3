"""Lists: filters, order and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.google.sandbox.client import all_day, refused, timed, weekly

if TYPE_CHECKING:
    from tests.google.sandbox.client import Desk


def hour(day: int) -> dict[str, Any]:
    return timed(f"2026-01-{day:02}T10:00:00", f"2026-01-{day:02}T11:00:00")


def test_a_list_says_whose_it_is(desk: Desk) -> None:
    page = desk.page()
    assert {name: page[name] for name in page if name not in {"etag", "updated", "nextSyncToken"}} == {
        "kind": "calendar#events",
        "summary": "Residents",
        "timeZone": "America/New_York",
        "accessRole": "owner",
        "defaultReminders": [],
        "items": [],
    }


@pytest.mark.parametrize(
    ("window", "found"),
    [
        ({"timeMin": "2026-01-05T10:59:59-05:00"}, ["aaaaa", "bbbbb"]),
        ({"timeMin": "2026-01-05T11:00:00-05:00"}, ["bbbbb"]),
        ({"timeMax": "2026-01-06T10:00:01-05:00"}, ["aaaaa", "bbbbb"]),
        ({"timeMax": "2026-01-06T15:00:00Z"}, ["aaaaa"]),
        ({"timeMin": "2026-01-05T11:00:00-05:00", "timeMax": "2026-01-06T10:00:00-05:00"}, []),
    ],
)
def test_a_window_bounds_the_end_from_below_and_the_start_from_above(
    desk: Desk, window: dict[str, str], found: list[str]
) -> None:
    desk.insert(hour(5), id="aaaaa")
    desk.insert(hour(6), id="bbbbb")
    assert desk.ids(**window) == found


def test_a_day_begins_at_midnight_in_the_zone_of_the_calendar(desk: Desk) -> None:
    desk.insert(all_day("2026-01-05", "2026-01-06"), id="aaaaa")
    assert desk.ids(timeMin="2026-01-06T04:59:59Z") == ["aaaaa"]
    assert desk.ids(timeMin="2026-01-06T05:00:00Z") == []


def test_a_window_holds_a_master_that_has_an_instance_in_it(desk: Desk) -> None:
    desk.insert(weekly(3), id="aaaaa")
    assert desk.ids(timeMin="2026-01-13T00:00:00Z", timeMax="2026-01-18T00:00:00Z") == []
    assert desk.ids(timeMin="2026-01-13T00:00:00Z", timeMax="2026-01-20T00:00:00Z") == ["aaaaa"]
    assert desk.ids(timeMin="2026-02-01T00:00:00Z") == []


def test_a_window_holds_an_instance_until_its_very_end(desk: Desk) -> None:
    desk.insert(weekly(2), id="aaaaa")
    assert desk.ids(singleEvents=True, timeMin="2026-01-05T15:59:59Z") == [
        "aaaaa_20260105T150000Z",
        "aaaaa_20260112T150000Z",
    ]
    assert desk.ids(singleEvents=True, timeMin="2026-01-05T16:00:00Z") == ["aaaaa_20260112T150000Z"]
    assert desk.ids(singleEvents=True, timeMax="2026-01-12T15:00:00Z") == ["aaaaa_20260105T150000Z"]


@pytest.mark.parametrize("name", ["timeMin", "timeMax", "updatedMin"])
@pytest.mark.parametrize("value", ["2026-01-05T10:00:00", "2026-01-05", "noon"])
def test_a_bound_without_an_offset_is_refused(desk: Desk, name: str, value: str) -> None:
    assert desk.refused("list", **{name: value}) == (400, "badRequest")


def test_an_empty_window_is_refused(desk: Desk) -> None:
    window = {"timeMin": "2026-01-05T10:00:00Z", "timeMax": "2026-01-05T10:00:00Z"}
    assert desk.refused("list", **window) == (400, "timeRangeEmpty")


def test_private_and_shared_properties_must_all_match(desk: Desk) -> None:
    desk.insert(id="aaaaa", extendedProperties={"private": {"x": "1", "y": "2"}, "shared": {"z": "3"}})
    desk.insert(id="bbbbb", extendedProperties={"private": {"x": "1"}, "shared": {"x": "1"}})
    desk.insert(id="ccccc", extendedProperties={"private": {"x": "a=b"}})
    assert desk.ids(privateExtendedProperty="x=1") == ["aaaaa", "bbbbb"]
    assert desk.ids(privateExtendedProperty=["x=1", "y=2"]) == ["aaaaa"]
    assert desk.ids(privateExtendedProperty="z=3") == []
    assert desk.ids(privateExtendedProperty="x=a=b") == ["ccccc"]
    assert desk.ids(sharedExtendedProperty="x=1") == ["bbbbb"]
    assert desk.ids(privateExtendedProperty="x=1", sharedExtendedProperty="z=3") == ["aaaaa"]
    assert desk.refused("list", privateExtendedProperty="x") == (400, "invalid")


def test_a_search_wants_every_word_somewhere(desk: Desk) -> None:
    desk.insert(id="aaaaa", summary="Noon conference", location="Room 1")
    desk.insert(id="bbbbb", summary="Noon", description="a CONFERENCE in room 2")
    desk.insert(id="ccccc", summary="Clinic")
    assert desk.ids(q="noon room") == ["aaaaa", "bbbbb"]
    assert desk.ids(q="Conference 1") == ["aaaaa"]
    assert desk.ids(q="absent") == []


def test_a_series_is_found_by_its_ical_uid(desk: Desk) -> None:
    desk.insert(weekly(2), id="aaaaa")
    desk.insert(id="bbbbb")
    desk.patch("aaaaa_20260112T150000Z", summary="x")
    assert desk.ids(iCalUID="aaaaa@google.com") == ["aaaaa", "aaaaa_20260112T150000Z"]


def test_events_are_found_by_their_type(desk: Desk) -> None:
    desk.insert(id="aaaaa")
    assert desk.ids(eventTypes=["focusTime"]) == []
    assert desk.ids(eventTypes=["focusTime", "default"]) == ["aaaaa"]


def test_updated_min_tells_of_deletions_too(desk: Desk) -> None:
    desk.insert(id="aaaaa")
    desk.insert(id="bbbbb")
    changed = desk.insert(id="ccccc")
    desk.delete("bbbbb")
    assert desk.ids(updatedMin=changed["updated"]) == ["bbbbb", "ccccc"]


def test_without_an_order_a_list_is_not_in_order_of_time(desk: Desk) -> None:
    for day, event_id in ((5, "bbbbb"), (6, "aaaaa"), (7, "ccccc")):
        desk.insert(hour(day), id=event_id)
    assert desk.ids() == ["aaaaa", "bbbbb", "ccccc"]


def test_a_list_is_ordered_by_start_or_by_update(desk: Desk) -> None:
    desk.insert(hour(9), id="aaaaa")
    desk.insert(weekly(2), id="bbbbb")
    desk.insert(hour(7), id="ccccc")
    assert desk.ids(orderBy="startTime", singleEvents=True) == [
        "bbbbb_20260105T150000Z",
        "ccccc",
        "aaaaa",
        "bbbbb_20260112T150000Z",
    ]
    desk.patch("aaaaa", summary="x")
    assert desk.ids(orderBy="updated") == ["bbbbb", "ccccc", "aaaaa"]
    assert "nextSyncToken" not in desk.page(orderBy="updated")


def test_order_by_start_needs_single_events(desk: Desk) -> None:
    assert desk.refused("list", orderBy="startTime") == (400, "badRequest")
    assert desk.refused("instances", eventId="abcde", originalStart="x") == (400, "badRequest")


def test_a_list_is_cut_into_pages_and_only_the_last_has_a_sync_token(desk: Desk) -> None:
    for letter in "abcde":
        desk.insert(id=letter * 5)
    pages = [desk.page(maxResults=2)]
    while "nextPageToken" in pages[-1]:
        pages.append(desk.page(maxResults=2, pageToken=pages[-1]["nextPageToken"]))
    assert [[event["id"][0] for event in page["items"]] for page in pages] == [["a", "b"], ["c", "d"], ["e"]]
    assert ["nextSyncToken" in page for page in pages] == [False, False, True]


def test_a_full_last_page_has_no_next(desk: Desk) -> None:
    for letter in "ab":
        desk.insert(id=letter * 5)
    assert "nextPageToken" not in desk.page(maxResults=2)


def test_pages_in_order_of_time_hold_together(desk: Desk) -> None:
    desk.insert(hour(9), id="aaaaa")
    desk.insert(weekly(2), id="bbbbb")
    ids = desk.ids(orderBy="startTime", singleEvents=True, maxResults=1)
    assert ids == ["bbbbb_20260105T150000Z", "aaaaa", "bbbbb_20260112T150000Z"]


def test_deleting_between_two_pages_loses_nothing(desk: Desk) -> None:
    for letter in "abcd":
        desk.insert(id=letter * 5)
    first = desk.page(maxResults=2)
    desk.delete("aaaaa")
    second = desk.page(maxResults=2, pageToken=first["nextPageToken"])
    assert [event["id"] for event in second["items"]] == ["ccccc", "ddddd"]
    assert [event["id"] for event in desk.page(syncToken=second["nextSyncToken"])["items"]] == ["aaaaa"]


def test_a_page_holds_250_events_and_never_more_than_2500(desk: Desk) -> None:
    with desk.server.world.lock:
        for number in range(2501):
            desk.server.world.insert(desk.calendar_id, {**timed(), "id": f"{number:05}"})
    assert len(desk.page()["items"]) == 250
    assert len(desk.page(maxResults=9999)["items"]) == 2500


@pytest.mark.parametrize(
    "arguments",
    [{"maxResults": 0}, {"pageToken": "x"}, {"pageToken": "WzFd"}, {"orderBy": "size"}, {"timeZone": "Mars/Olympus"}],
)
def test_parameters_that_make_no_sense_are_refused(desk: Desk, arguments: dict[str, Any]) -> None:
    # The client checks some words itself, and is not the only one there is.
    request = desk.request("list")
    request.uri += "".join(f"&{name}={value}" for name, value in arguments.items())
    assert refused(request) == (400, "invalid")


def test_a_page_token_fits_only_its_own_query(desk: Desk) -> None:
    for letter in "abc":
        desk.insert(id=letter * 5)
    token = desk.page(maxResults=2)["nextPageToken"]
    assert desk.refused("list", pageToken=token, q="x") == (400, "invalid")
    assert desk.refused("list", pageToken=token, showDeleted=True) == (400, "invalid")
