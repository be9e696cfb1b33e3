"""What is sent to Google, and what is read from its answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from ircal.google import reading
from ircal.google.answers import EVENT
from ircal.google.colors import CSS_COLORS, EVENT_COLORS, color_id
from ircal.google.identity import Mark, instance_id
from ircal.google.wire import exception_body, insert_body, master_body
from ircal.model.schedule import Details
from ircal.model.series import Override, Series
from ircal.plan import Owned, OwnedException
from tests.plan.making import at, block, cancelling, differing, single, skipping, weekly

if TYPE_CHECKING:
    from collections.abc import Iterable

MARK = Mark("example-ir", "conferences")


def test_a_single_event() -> None:
    series = single(
        "a", location="Room 1", description="Bring a case.", link="https://meet.example.org/1", color="teal"
    )
    assert master_body(series, MARK) == {
        "summary": "Journal club",
        "description": "Bring a case.\nhttps://meet.example.org/1",
        "location": "Room 1",
        "colorId": "2",
        "transparency": "opaque",
        "status": "confirmed",
        "start": {"date": None, "dateTime": "2026-09-09T12:00:00-04:00", "timeZone": "America/New_York"},
        "end": {"date": None, "dateTime": "2026-09-09T13:00:00-04:00", "timeZone": "America/New_York"},
        "recurrence": None,
        "extendedProperties": {
            "private": {
                "ircal": "example-ir/conferences/v1",
                "ircaluid": "a",
                "ircalhash": series.digest,
                "ircaltimes": series.times,
                "ircalspan": "2026-09-09/2026-09-09",
                "ircalshown": "28f80420e97f3c7e",
            }
        },
    }


def test_reminders_are_those_of_the_account_that_writes() -> None:
    rings = {"useDefault": False, "overrides": [{"method": "popup", "minutes": 15}, {"method": "popup", "minutes": 60}]}
    series = single("a", reminders=(15, 60))
    assert master_body(series, MARK)["reminders"] == insert_body(series, MARK)["reminders"] == rings
    assert "reminders" not in master_body(single("a"), MARK)


def test_days() -> None:
    body = master_body(replace(block("b", date(2026, 9, 1)), details=Details("Vascular", status="TENTATIVE")), MARK)
    assert {name: body[name] for name in ("start", "end", "status", "description", "location", "colorId")} == {
        "start": {"date": "2026-09-01", "dateTime": None, "timeZone": None},
        "end": {"date": "2026-09-29", "dateTime": None, "timeZone": None},
        "status": "tentative",
        "description": None,
        "location": None,
        "colorId": None,
    }


def test_an_insert_has_its_id_and_no_nulls() -> None:
    series = block("b", date(2026, 9, 1))
    assert insert_body(series, MARK) == {
        "id": MARK.event_id("b"),
        "reminders": {"useDefault": True},
        "summary": "Vascular surgery",
        "transparency": "transparent",
        "status": "confirmed",
        "start": {"date": "2026-09-01"},
        "end": {"date": "2026-09-29"},
        "extendedProperties": {"private": master_body(series, MARK)["extendedProperties"]["private"]},
    }


def test_cancelled_occurrences_are_left_out_of_the_master() -> None:
    series = cancelling(skipping(differing(weekly("m"), 1, summary="Guest"), 4, 0), 4)
    assert master_body(series, MARK)["recurrence"] == [
        "RRULE:FREQ=WEEKLY;BYDAY=WE;UNTIL=20261118T170000Z",
        "EXDATE;TZID=America/New_York:20261014T120000",
        "EXDATE;TZID=America/New_York:20261111T120000",
    ]


def test_dates_left_out_of_whole_days_and_of_times_in_utc() -> None:
    daily = Series(
        "d", date(2026, 9, 1), date(2026, 9, 2), Details("x"), "FREQ=DAILY;UNTIL=20260910", (date(2026, 9, 5),)
    )
    start, end = datetime(2026, 9, 1, 12, tzinfo=UTC), datetime(2026, 9, 1, 13, tzinfo=UTC)
    in_utc = Series("u", start, end, Details("x"), "FREQ=DAILY;COUNT=3", (start.replace(day=2),))
    assert master_body(daily, MARK)["recurrence"] == ["RRULE:FREQ=DAILY;UNTIL=20260910", "EXDATE;VALUE=DATE:20260905"]
    assert master_body(in_utc, MARK)["recurrence"] == ["RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20260902T120000Z"]
    assert master_body(in_utc, MARK)["start"]["timeZone"] == "UTC"


def test_an_exception() -> None:
    override = Override(at(10, 28), at(10, 29, 13), at(10, 29, 14), Details("Guest", location="Hall"))
    assert exception_body(override, "digest", MARK) == {
        "summary": "Guest",
        "description": None,
        "location": "Hall",
        "colorId": None,
        "transparency": "opaque",
        "status": "confirmed",
        "start": {"date": None, "dateTime": "2026-10-29T13:00:00-04:00", "timeZone": "America/New_York"},
        "end": {"date": None, "dateTime": "2026-10-29T14:00:00-04:00", "timeZone": "America/New_York"},
        "extendedProperties": {
            "private": {"ircal": "example-ir/conferences/v1", "ircalpart": "digest", "ircalshown": "442562c392b6f3ff"}
        },
    }


# ---------------------------------------------------------------------------------------------------------- identity


def test_ids_are_what_google_takes_and_tell_everything_apart() -> None:
    marks = [Mark("o", "c"), Mark("o", "d"), Mark("p", "c")]
    ids = [mark.event_id(uid) for mark in marks for uid in ("a@x", "b@x")]
    assert len(set(ids)) == 6
    assert all(len(event_id) == 52 and set(event_id) <= set("0123456789abcdefghijklmnopqrstuv") for event_id in ids)
    assert Mark("o", "c").event_id("a@x") == ids[0]


def test_instances_are_named_by_their_original_start_in_utc() -> None:
    assert instance_id("m", at(10, 28)) == "m_20261028T160000Z"
    assert instance_id("m", date(2026, 10, 28)) == "m_20261028"


def test_properties_fit_what_google_keeps() -> None:
    """Longer keys vanish and longer values are cut; ids are at most 60 characters, and UIDs a little more."""
    longest = Mark("o" * 60, "c" * 60)
    body = master_body(weekly("u" * 110), longest)
    private = body["extendedProperties"]["private"] | {"ircalpart": "d" * 32}
    assert all(len(key) <= 44 and len(value) <= 1024 for key, value in private.items())
    assert longest.filter == f"ircal={longest}"


# ------------------------------------------------------------------------------------------------------------ colours


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("slateblue", "1"),
        ("teal", "2"),
        ("purple", "3"),
        ("pink", "4"),
        ("gold", "5"),
        ("darkorange", "6"),
        ("skyblue", "7"),
        ("gray", "8"),
        ("Navy", "9"),
        ("green", "10"),
        ("red", "11"),
    ],
)
def test_the_nearest_of_googles_colours(name: str, number: str) -> None:
    assert color_id(name) == number


def test_every_css_colour_has_one_and_nothing_else() -> None:
    assert len(CSS_COLORS) == 147
    assert {color_id(name) for name in CSS_COLORS} <= set(EVENT_COLORS)
    assert [color_id(name) for name in ("", "mauve", "#ff0000")] == [None, None, None]


# ------------------------------------------------------------------------------------------------------------ reading


def owned_events(items: Iterable[dict[str, Any]], mark: Mark) -> tuple[Owned, ...]:
    return reading.owned_events(map(EVENT.validate_python, items), mark)


def event(**fields: Any) -> dict[str, Any]:
    """An event of ours as Google lists it."""
    private = {"ircal": str(MARK), "ircaluid": "a", "ircalhash": "h", "ircalspan": "2026-09-09/2026-09-16"}
    return {
        "id": "id-a",
        "etag": '"1"',
        "status": "confirmed",
        "sequence": 3,
        "summary": "M&M",
        "start": {"dateTime": "2026-09-09T12:00:00-04:00", "timeZone": "America/New_York"},
        "end": {"dateTime": "2026-09-09T13:00:00-04:00", "timeZone": "America/New_York"},
        "extendedProperties": {"private": private},
        **fields,
    }


def exception(**fields: Any) -> dict[str, Any]:
    original = {"dateTime": "2026-09-16T12:00:00-04:00", "timeZone": "America/New_York"}
    part = {"private": {"ircal": str(MARK), "ircalpart": "p"}}
    named = {"id": "id-a_20260916T160000Z", "recurringEventId": "id-a", "originalStartTime": original}
    return event(**{**named, "extendedProperties": part, **fields})


def test_a_single_event_is_read() -> None:
    shown = Series("a", at(9, 9), at(9, 9, 13), Details("M&M"))
    copy = Owned("id-a", "a", "h", date(2026, 9, 9), date(2026, 9, 16), '"1"', 3, (), shown, copied=True)
    given = MARK.event_id("a")
    assert owned_events([event(), event(id=given)], MARK) == (copy, replace(copy, id=given, copied=False))


def test_a_master_is_read_with_its_exceptions_in_any_order() -> None:
    lines = [
        "EXDATE;TZID=America/New_York:20260923T120000,20260930T120000",
        "RRULE:FREQ=WEEKLY",
        "RDATE:20260101T000000Z",
    ]
    cancelled = {
        "id": "id-a_20261007T160000Z",
        "recurringEventId": "id-a",
        "status": "cancelled",
        "originalStartTime": {"dateTime": "2026-10-07T16:00:00Z"},
    }
    (found,) = owned_events(
        [cancelled, exception(location="Hall", transparency="transparent"), event(recurrence=lines)], MARK
    )
    noon = datetime(2026, 10, 7, 16, tzinfo=UTC)
    assert found.exceptions == (
        OwnedException("id-a_20261007T160000Z", noon, cancelled=True),
        OwnedException("id-a_20260916T160000Z", datetime(2026, 9, 16, 16, tzinfo=UTC), "p", '"1"'),
    )
    told = Details("M&M", location="Hall", transparent=True)
    assert found.shown == Series(
        "a",
        at(9, 9),
        at(9, 9, 13),
        Details("M&M"),
        "FREQ=WEEKLY",
        (at(9, 23), at(9, 30), noon),
        (Override(at(9, 16), at(9, 9), at(9, 9, 13), told),),
    )


def test_what_does_not_bear_the_mark_is_passed_over() -> None:
    foreign = [
        event(extendedProperties={}),
        event(extendedProperties={"private": {"ircal": "example-ir/other/v1"}}),
        event(extendedProperties={"shared": {"ircal": str(MARK)}}),
        exception(extendedProperties={}),
        exception(recurringEventId="another"),
    ]
    assert owned_events(foreign, MARK) == ()
    (found,) = owned_events([*foreign, event(id="ours")], MARK)
    assert (found.id, found.exceptions) == ("ours", ())


def test_what_is_cancelled_was_deleted_by_somebody() -> None:
    assert [known.deleted for known in owned_events([event(status="cancelled")], MARK)] == [True]


def test_an_exception_that_somebody_made_and_a_tentative_one() -> None:
    by_hand = exception(extendedProperties=event()["extendedProperties"], status="tentative")
    (found,) = owned_events([event(), by_hand], MARK)
    assert found.exceptions[0].by_hand
    assert found.shown is not None
    assert found.shown.overrides[0].details.status == "TENTATIVE"


@pytest.mark.parametrize("span", ["", "2026-09-09", "x/y"])
def test_a_span_that_cannot_be_read_is_taken_from_the_event(span: str) -> None:
    timed, days = event(), event(start={"date": "2026-09-01"}, end={"date": "2026-09-29"})
    for each in (timed, days):
        each["extendedProperties"]["private"]["ircalspan"] = span
    assert [(found.first, found.last) for item in (timed, days) for found in owned_events([item], MARK)] == [
        (date(2026, 9, 9), date(2026, 9, 9)),
        (date(2026, 9, 1), date(2026, 9, 28)),
    ]


def test_marks_without_the_rest_are_still_ours() -> None:
    bare = event(extendedProperties={"private": {"ircal": str(MARK)}})
    (found,) = owned_events([bare], MARK)
    assert (found.uid, found.digest) == ("", "")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("EXDATE:20260923T160000Z", [at(9, 23)]),
        ("EXDATE;TZID=Europe/Berlin:20260923T180000", [datetime(2026, 9, 23, 18, tzinfo=ZoneInfo("Europe/Berlin"))]),
        ("EXDATE;TZID=Eastern Standard Time:20260923T120000", [at(9, 23)]),
        ("EXDATE:20260923T120000", [at(9, 23)]),
        ("EXDATE:soon", []),
        ("EXDATE", []),
    ],
)
def test_dates_left_out_are_read_in_any_form(line: str, expected: list[datetime]) -> None:
    (found,) = owned_events([event(recurrence=[line])], MARK)
    assert found.shown is not None
    assert list(found.shown.exdates) == expected


def test_days_left_out_are_read() -> None:
    days = event(start={"date": "2026-09-01"}, end={"date": "2026-09-02"}, recurrence=["EXDATE;VALUE=DATE:20260905"])
    (found,) = owned_events([days], MARK)
    assert found.shown is not None
    assert found.shown.exdates == (date(2026, 9, 5),)


@pytest.mark.parametrize("name", ["Nowhere/Else", "America", "../../etc", "x" * 300, "x\0"])
def test_a_zone_that_is_not_known_leaves_the_offset(name: str) -> None:
    odd = {"dateTime": "2026-09-09T12:00:00-04:00", "timeZone": name}
    (found,) = owned_events([event(start=odd)], MARK)
    assert found.shown is not None
    assert found.shown.start == at(9, 9)
    assert str(found.shown.start) == "2026-09-09 12:00:00-04:00"
