"""Ids and iCalUIDs: what a client may choose, and what is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.google.sandbox.client import refusal, timed, weekly

if TYPE_CHECKING:
    from tests.google.sandbox.client import Desk


@pytest.mark.parametrize("event_id", ["abcde", "v0123456789abcdefghijklmnopqrstuv", "0" * 1024])
def test_an_id_of_the_clients_choice_is_kept(desk: Desk, event_id: str) -> None:
    assert desk.insert(id=event_id)["id"] == event_id


@pytest.mark.parametrize("event_id", ["abcd", "0" * 1025, "abcdw", "ABCDE", "abc-e", "abc_e", "äbcde", ""])
def test_an_id_outside_base32hex_is_refused(desk: Desk, event_id: str) -> None:
    assert desk.refused("insert", body={**timed(), "id": event_id}) == (400, "invalid")


def test_without_an_id_the_server_makes_one_that_a_client_could_have_chosen(desk: Desk) -> None:
    first, second = desk.insert()["id"], desk.insert()["id"]
    assert len({first, second}) == 2
    assert set(first + second) <= set("0123456789abcdefghijklmnopqrstuv")


def test_the_ical_uid_follows_from_the_id(desk: Desk) -> None:
    assert desk.insert(id="abcde")["iCalUID"] == "abcde@google.com"


def test_an_id_is_taken_only_once(desk: Desk) -> None:
    desk.insert(id="abcde")
    again = desk.request("insert", body={**timed(), "id": "abcde"})
    assert refusal(again) == (409, "duplicate", "The requested identifier already exists.")


def test_the_id_of_a_deleted_event_is_taken_too(desk: Desk) -> None:
    desk.insert(id="abcde")
    desk.delete("abcde")
    assert desk.refused("insert", body={**timed(), "id": "abcde"}) == (409, "duplicate")


def test_an_ical_uid_is_taken_only_once(desk: Desk) -> None:
    assert desk.insert(iCalUID="noon@example.org")["iCalUID"] == "noon@example.org"
    assert desk.refused("insert", body={**timed(), "iCalUID": "noon@example.org"}) == (409, "duplicate")


def test_an_id_and_an_ical_uid_together_are_refused(desk: Desk) -> None:
    body = {**timed(), "id": "abcde", "iCalUID": "noon@example.org"}
    assert desk.refused("insert", body=body) == (400, "invalid")


def test_the_same_id_on_another_calendar_is_another_event(desk: Desk) -> None:
    other = desk.service.calendars().insert(body={"summary": "Faculty"}).execute()["id"]
    desk.insert(id="abcde", summary="here")
    desk.events.insert(calendarId=other, body={**timed(), "id": "abcde", "summary": "there"}).execute()
    assert desk.get("abcde")["summary"] == "here"
    assert desk.events.get(calendarId=other, eventId="abcde").execute()["summary"] == "there"


def test_import_makes_an_event_and_then_updates_it(desk: Desk) -> None:
    first = desk.call("import_", body={**timed(), "iCalUID": "noon@example.org", "summary": "Noon"})
    second = desk.call("import_", body={**timed(), "iCalUID": "noon@example.org", "summary": "Noon, moved"})
    assert second["id"] == first["id"]
    assert [event["summary"] for event in desk.listed()] == ["Noon, moved"]


def test_import_takes_the_organizer_it_is_given(desk: Desk) -> None:
    body = {**timed(), "iCalUID": "noon@example.org", "organizer": {"email": "chief@example.org"}}
    assert desk.call("import_", body=body)["organizer"] == {"email": "chief@example.org"}


def test_import_brings_a_deleted_event_back(desk: Desk) -> None:
    made = desk.call("import_", body={**timed(), "iCalUID": "noon@example.org"})
    desk.delete(made["id"])
    assert desk.call("import_", body={**timed(), "iCalUID": "noon@example.org"})["status"] == "confirmed"


def test_import_keeps_the_sequence_unless_it_is_given_one(desk: Desk) -> None:
    body = {**timed(), "iCalUID": "noon@example.org"}
    assert desk.call("import_", body={**body, "sequence": 4})["sequence"] == 4
    assert desk.call("import_", body=body)["sequence"] == 4
    assert desk.refused("import_", body={**body, "sequence": 3}) == (400, "invalid")


def test_import_finds_the_master_of_a_series_and_not_an_exception(desk: Desk) -> None:
    made = desk.call("import_", body={**weekly(), "iCalUID": "noon@example.org"})
    desk.patch(f"{made['id']}_20260112T150000Z", summary="moved")
    again = desk.call("import_", body={**weekly(), "iCalUID": "noon@example.org", "summary": "Noon"})
    assert again["id"] == made["id"]


def test_import_without_an_ical_uid_is_refused(desk: Desk) -> None:
    assert desk.refused("import_", body=timed()) == (400, "required")
