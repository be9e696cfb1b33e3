"""Calendars, calendar lists, access rules, colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ircal.google.sandbox import World
from ircal.google.sandbox.errors import Duplicate, Invalid
from tests.google.sandbox.client import Clock, refused

if TYPE_CHECKING:
    from tests.google.sandbox.client import Desk


def test_a_new_calendar_belongs_to_whoever_makes_it(desk: Desk) -> None:
    body = {"summary": "Residents", "timeZone": "Europe/Zurich", "description": "all", "location": "West"}
    made = desk.service.calendars().insert(body=body).execute()
    assert made == {
        **body,
        "kind": "calendar#calendar",
        "etag": made["etag"],
        "id": made["id"],
        "dataOwner": "owner@example.org",
    }
    assert desk.service.calendars().get(calendarId=made["id"]).execute() == made


def test_a_new_calendar_is_in_the_list(desk: Desk) -> None:
    made = desk.service.calendars().insert(body={"summary": "Residents"}).execute()
    listed = desk.service.calendarList().list().execute()
    (entry,) = (each for each in listed["items"] if each["id"] == made["id"])
    assert entry == desk.service.calendarList().get(calendarId=made["id"]).execute()
    assert (entry["kind"], entry["accessRole"], entry["timeZone"]) == ("calendar#calendarListEntry", "owner", "UTC")


@pytest.mark.parametrize(
    ("body", "reason"), [({}, "required"), ({"summary": "x", "timeZone": "Mars/Olympus"}, "invalid")]
)
def test_a_calendar_needs_a_title_and_a_real_zone(desk: Desk, body: dict[str, str], reason: str) -> None:
    assert refused(desk.service.calendars().insert(body=body)) == (400, reason)


def test_a_deleted_calendar_is_gone(desk: Desk) -> None:
    desk.service.calendars().delete(calendarId=desk.calendar_id).execute()
    assert refused(desk.service.calendars().get(calendarId=desk.calendar_id)) == (404, "notFound")
    assert refused(desk.service.calendarList().get(calendarId=desk.calendar_id)) == (404, "notFound")
    assert refused(desk.service.calendars().delete(calendarId=desk.calendar_id)) == (404, "notFound")


def test_primary_is_the_calendar_with_the_owners_name() -> None:
    world = World(Clock(), owner="me@example.org")
    own = world.add_calendar("me@example.org", "Mine")
    assert world.calendar("primary") is own


def test_primary_can_be_added_by_that_name() -> None:
    world = World(Clock(), owner="me@example.org")
    own = world.add_calendar("primary", "Mine")
    assert own.id == "me@example.org"
    assert world.calendar("primary") is world.calendar("me@example.org") is own


def test_a_calendar_cannot_be_added_twice_or_in_no_zone() -> None:
    world = World(Clock())
    world.add_calendar("a@example.org", "A")
    with pytest.raises(Duplicate):
        world.add_calendar("a@example.org", "A")
    with pytest.raises(Invalid):
        world.add_calendar("b@example.org", "B", "Mars/Olympus")


def test_the_same_calls_make_the_same_world() -> None:
    def made() -> list[Any]:
        world = World(Clock())
        calendar_id = world.insert_calendar({"summary": "A"})["id"]
        event = {"start": {"date": "2026-01-05"}, "end": {"date": "2026-01-06"}}
        return [world.insert(calendar_id, event) for _ in range(3)]

    assert made() == made()


def test_a_calendar_id_may_hold_any_character(desk: Desk) -> None:
    odd = "a/b#c?d %e@example.org"
    desk.server.world.add_calendar(odd, "Odd")
    assert desk.service.calendars().get(calendarId=odd).execute()["summary"] == "Odd"


def test_sharing_a_calendar_mails_the_grantee_unless_told_not_to(desk: Desk) -> None:
    rules = desk.service.acl()
    for name, arguments in (("loud", {}), ("quiet", {"sendNotifications": False})):
        body = {"role": "writer", "scope": {"type": "user", "value": f"{name}@example.org"}}
        made = rules.insert(calendarId=desk.calendar_id, body=body, **arguments).execute()
        assert (made["kind"], made["id"], made["role"]) == ("calendar#aclRule", f"user:{name}@example.org", "writer")
    notices = [each for each in desk.server.world.notices if each.calendar_id == desk.calendar_id]
    assert [(each.rule_id, each.role, each.mailed) for each in notices] == [
        ("user:loud@example.org", "writer", True),
        ("user:quiet@example.org", "writer", False),
    ]
    listed = rules.list(calendarId=desk.calendar_id).execute()["items"]
    assert [(rule["id"], rule["role"]) for rule in listed] == [
        ("user:owner@example.org", "owner"),
        ("user:loud@example.org", "writer"),
        ("user:quiet@example.org", "writer"),
    ]


def test_a_rule_for_everyone_has_no_value(desk: Desk) -> None:
    body = {"role": "reader", "scope": {"type": "default"}}
    assert desk.service.acl().insert(calendarId=desk.calendar_id, body=body).execute()["id"] == "default"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"scope": {"type": "default"}}, "required"),
        ({"role": "reader"}, "required"),
        ({"role": "king", "scope": {"type": "default"}}, "invalid"),
        ({"role": "reader", "scope": {"type": "planet", "value": "x"}}, "invalid"),
        ({"role": "reader", "scope": {"type": "user"}}, "invalid"),
        ({"role": ["reader"], "scope": {"type": ["user"]}}, "invalid"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(desk: Desk, body: dict[str, Any], reason: str) -> None:
    assert refused(desk.service.acl().insert(calendarId=desk.calendar_id, body=body)) == (400, reason)


def test_there_are_eleven_colours_for_events(desk: Desk) -> None:
    palette = desk.service.colors().get().execute()
    assert list(palette["event"]) == [str(number) for number in range(1, 12)]
