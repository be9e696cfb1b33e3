"""The bytes of a feed: what each property says, and that nothing else can get in."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ircal.feeds import Feed, make_feed, render, revision_keys
from ircal.feeds.text import clean, one_line
from ircal.model.program import Calendar
from ircal.model.schedule import Details, Occurrence, Rule
from ircal.model.series import Revision, Series
from tests.feeds.making import (
    EVERYTHING,
    added,
    cancelled,
    conference,
    moment,
    moved,
    personal,
    program,
    reworded,
    schedule,
    sessions,
    settings,
)
from tests.feeds.reading import entries, ics, lines, read_back, strictly

PROGRAM = program(conference("We 12:00-13:00"))
HOSTILE = (
    'Round\r\nBEGIN:VEVENT\nATTENDEE:mailto:x@example.org\r\x00\x1b\u2028URL:evil;X="1",\\N \N{HOT BEVERAGE}'
    + "y" * 10_000
)


def feed_of(*occurrences: Occurrence, **changes: Any) -> Feed:
    calendar = Calendar(**{"id": "all", "name": "Everything", "kind": "programme", **changes})
    return make_feed(schedule(PROGRAM, occurrences), calendar)


def session(**changes: Any) -> Occurrence:
    found = added(PROGRAM, "mm", "2026-10-09 08:00", "2026-10-09 09:00")
    return found._replace(details=replace(found.details, **changes))


def event_lines(occurrence: Occurrence) -> list[str]:
    """The lines of the only event, without those that every event has."""
    found = lines(ics(feed_of(occurrence), PROGRAM))
    begin, end = found.index("BEGIN:VEVENT"), found.index("END:VEVENT")
    every = ("UID:", "DTSTAMP:", "LAST-MODIFIED:", "SEQUENCE:")
    return [line for line in found[begin + 1 : end] if not line.startswith(every)]


def wednesdays() -> list[Occurrence]:
    return sessions(PROGRAM, "mm", date(2026, 9, 1), date(2026, 12, 31))


def test_the_head_of_a_calendar() -> None:
    feed = feed_of(session(), name="IR\nresidents", description="All, of it\nhere", color="steelblue")
    found = lines(ics(feed, PROGRAM))
    assert found[: found.index("BEGIN:VTIMEZONE")] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//ircal//ircal//EN",
        "CALSCALE:GREGORIAN",
        "DESCRIPTION:All\\, of it\\nhere",
        "X-WR-CALDESC:All\\, of it\\nhere",
        "NAME:IR residents",
        "X-WR-CALNAME:IR residents",
        "COLOR:steelblue",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "X-WR-TIMEZONE:America/New_York",
    ]


def test_an_event_with_all_there_is() -> None:
    whole = session(
        summary="Grand round",
        description="Bring\nslides",
        location="Room 1, West",
        geo=(42.3361234, -71.106),
        link="https://example.org/join?id=1",
        categories=("Conference", "A, b", ""),
        color="teal",
    )
    assert event_lines(whole) == [
        "SUMMARY:Grand round",
        "DTSTART;TZID=America/New_York:20261009T080000",
        "DTEND;TZID=America/New_York:20261009T090000",
        "CATEGORIES:Conference,A\\, b",
        "COLOR:teal",
        "CONFERENCE;FEATURE=VIDEO;VALUE=URI:https://example.org/join?id=1",
        "DESCRIPTION:Bring\\nslides\\nLast changed Mon 1 Jun 2026 08:00 EDT",
        "GEO:42.336123;-71.106",
        "LOCATION:Room 1\\, West",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "URL:https://example.org/join?id=1",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
    ]


def test_whole_days_end_the_day_after_and_leave_the_person_free() -> None:
    leave = personal(("leave", "vacation"), "ash", date(2026, 10, 5), date(2026, 10, 10), "Leave")
    assert event_lines(leave) == [
        "SUMMARY:Robin Ash: Leave",
        "DTSTART;VALUE=DATE:20261005",
        "DTEND;VALUE=DATE:20261010",
        "DESCRIPTION:Last changed Mon 1 Jun 2026 08:00 EDT",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
    ]


def test_one_does_not_join_whole_days_by_their_link() -> None:
    banner = personal(("rotation", "icu"), "ash", date(2026, 10, 5), date(2026, 10, 10), "ICU")
    told = event_lines(banner._replace(details=replace(banner.details, link="https://example.org/policy")))
    assert "URL:https://example.org/policy" in told
    assert not [line for line in told if line.startswith("CONFERENCE")]


def test_a_cancelled_session_takes_no_time() -> None:
    assert event_lines(cancelled(session()))[-3:] == [
        "STATUS:CANCELLED",
        "TRANSP:TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
    ]


@pytest.mark.parametrize(
    "nothing",
    [
        {"geo": (float("nan"), 1.0)},
        {"color": "#ff0000"},
        {"color": "red\r\nX:1"},
        {"categories": ("\n",)},
        {"link": ""},
    ],
)
def test_what_cannot_be_said_is_left_out(nothing: dict[str, Any]) -> None:
    assert event_lines(session(**nothing)) == event_lines(session())


def test_an_insecure_link_is_no_place_to_meet() -> None:
    found = [line for line in event_lines(session(link="http://example.org")) if "example" in line]
    assert found == ["URL:http://example.org"]


def test_a_series_and_its_exceptions() -> None:
    found = wednesdays()
    found[1], found[2] = moved(found[1], days=1, hours=2), cancelled(found[2])
    del found[4], found[6]
    text = lines(ics(feed_of(*found), PROGRAM))
    dated = ("DTSTART", "DTEND", "RRULE", "EXDATE", "RECURRENCE-ID", "STATUS")
    events = text[text.index("BEGIN:VEVENT") :]
    assert [line for line in events if line.startswith(dated)] == [
        "DTSTART;TZID=America/New_York:20260902T120000",
        "DTEND;TZID=America/New_York:20260902T130000",
        "RRULE:FREQ=WEEKLY;UNTIL=20261230T170000Z;BYDAY=WE",
        "EXDATE;TZID=America/New_York:20260930T120000",
        "EXDATE;TZID=America/New_York:20261021T120000",
        "STATUS:CONFIRMED",
        "DTSTART;TZID=America/New_York:20260910T140000",
        "DTEND;TZID=America/New_York:20260910T150000",
        "RECURRENCE-ID;TZID=America/New_York:20260909T120000",
        "STATUS:CONFIRMED",
        "DTSTART;TZID=America/New_York:20260916T120000",
        "DTEND;TZID=America/New_York:20260916T130000",
        "RECURRENCE-ID;TZID=America/New_York:20260916T120000",
        "STATUS:CANCELLED",
    ]
    assert len({line for line in events if line.startswith("UID:")}) == 1


def test_a_time_that_the_clock_shows_twice_is_in_utc() -> None:
    late = session()._replace(start=moment("2026-11-01 00:30"), end=moment("2026-11-01 01:30").replace(fold=1))
    assert event_lines(late)[1:3] == ["DTSTART:20261101T043000Z", "DTEND:20261101T063000Z"]


def test_revisions_are_stamped_on_every_part_of_a_uid() -> None:
    feed = feed_of(cancelled(wednesdays()[0]), *wednesdays()[1:])
    (uid,) = revision_keys(feed)
    changed = datetime(2026, 10, 1, 8, 30, 59, 999, tzinfo=timezone(timedelta(hours=-4)))
    text = lines(render(feed, PROGRAM.settings, {uid: Revision(7, changed)}))
    stamps = [line for line in text if line.startswith(("DTSTAMP", "SEQUENCE", "LAST-MODIFIED"))]
    assert stamps == ["DTSTAMP:20261001T123059Z", "SEQUENCE:7", "LAST-MODIFIED:20261001T123059Z"] * 2


def test_when_it_changed_last_is_told_by_the_programmes_clock_and_not_counted_as_a_change() -> None:
    feed = feed_of(session())
    (uid,) = revision_keys(feed)
    changed = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert "DESCRIPTION:Last changed Sun 1 Nov 2026 01:30 EST" in lines(
        render(feed, PROGRAM.settings, {uid: Revision(1, changed)})
    )
    assert all("Last changed" not in series.details.description for series in feed.series)


def test_without_a_revision_it_is_as_it_was_published() -> None:
    text = lines(ics(feed_of(session()), PROGRAM))
    stamps = [line for line in text if line.startswith(("DTSTAMP", "SEQUENCE", "LAST-MODIFIED"))]
    assert stamps == ["DTSTAMP:20260601T120000Z", "SEQUENCE:0", "LAST-MODIFIED:20260601T120000Z"]


def test_revision_keys_change_with_what_a_reader_sees_and_only_with_that() -> None:
    before, again, after = (
        revision_keys(feed_of(*wednesdays(), extra))
        for extra in (session(), session()._replace(attendance=()), reworded(session(), "Other"))
    )
    assert before == again
    assert before.keys() == after.keys()
    assert len(before.items() - after.items()) == 1


@pytest.mark.parametrize(
    ("occurrences", "zone", "expected"),
    [
        ([], "America/New_York", ["America/New_York"]),
        ([], "UTC", ["UTC"]),
        (["days"], "America/New_York", []),
        (["time"], "America/New_York", ["America/New_York"]),
        (["time", "days"], "Etc/UTC", ["Etc/UTC"]),
        (["time"], "UTC", []),
    ],
)
def test_the_time_zone_is_there_when_it_is_used_or_nothing_else_is(
    occurrences: list[str], zone: str, expected: list[str]
) -> None:
    made = program(conference("We 12:00-13:00"), zone=zone)
    known = {
        "days": personal(("leave", "x"), "ash", date(2026, 10, 5), date(2026, 10, 6), "Leave"),
        "time": added(made, "mm", "2026-10-09 08:00", "2026-10-09 09:00"),
    }
    feed = make_feed(schedule(made, [known[each] for each in occurrences]), EVERYTHING)
    data = ics(feed, made)
    assert [str(part["TZID"]) for part in strictly(data).walk("VTIMEZONE")] == expected
    used = {line.partition("TZID=")[2].partition(":")[0] for line in lines(data) if ";TZID=" in line}
    assert used <= set(expected)


def test_the_subset_that_every_client_reads() -> None:
    found = wednesdays()
    text = lines(ics(feed_of(moved(found[0], days=1), *found[1:4], *found[5:], session()), PROGRAM))
    names = {line.partition(":")[0].partition(";")[0] for line in text}
    assert names.isdisjoint({"METHOD", "RDATE", "DURATION", "ORGANIZER", "ATTENDEE", "SOURCE", "EXRULE", "COMMENT"})


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_no_text_can_add_a_property_or_a_component(text: str, other: str) -> None:
    data = ics(_said_everywhere(text, other), PROGRAM)
    plain = ics(_said_everywhere("text", "other"), PROGRAM)
    assert _shape(data) == _shape(plain)


@pytest.mark.parametrize("text", [HOSTILE, "\N{HOT BEVERAGE}" * 2_500, "\\" * 999, ";,\\n" * 999, "a" * 10_000])
def test_hostile_text_is_only_text(text: str) -> None:
    feed = _said_everywhere(text, text)
    data = ics(feed, PROGRAM)
    assert _shape(data) == _shape(ics(_said_everywhere("text", "other"), PROGRAM))
    assert max(map(len, data.split(b"\r\n"))) <= 75
    assert [len(line.decode().splitlines()) for line in data.split(b"\r\n") if line] == [1] * data.count(b"\r\n")
    raw = {line.partition(":")[0]: line.partition(":")[2] for line in lines(data)}
    assert raw["SUMMARY"] == one_line(f"x{text}").replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    description = raw["DESCRIPTION"].removesuffix("\\nLast changed Mon 1 Jun 2026 08:00 EDT")
    assert len(description.replace("\\\\", "-").replace("\\", "")) == len(clean(f"x{text}"))


def _said_everywhere(text: str, other: str) -> Feed:
    """With an "x" before it, so that it is never empty."""
    said = session(
        summary=f"x{text}",
        description=f"x{text}",
        location=f"x{other}",
        link=f"https://{other}",
        categories=(f"x{text}", f"x{other}"),
        status="CONFIRMED",
    )
    return feed_of(said, name=f"x{text}", description=f"x{other}")


def _shape(data: bytes) -> list[str]:
    """The names of all properties, and the components that they are in."""
    strictly(data)
    return [line if line.startswith(("BEGIN:", "END:")) else line.partition(":")[0] for line in lines(data)]


def test_the_same_bytes_in_every_process() -> None:
    """Neither the hash seed nor the local time zone is in them."""
    code = (
        "import hashlib, tests.feeds.test_render as here;"
        "print(hashlib.sha256(here.ics(here.feed_of(*here.wednesdays(), here.session()), here.PROGRAM)).hexdigest())"
    )
    environments = [{"PYTHONHASHSEED": seed, "TZ": zone} for seed, zone in (("1", "Asia/Tokyo"), ("2", "UTC"))]
    path = {"PYTHONPATH": ":".join(sys.path)}
    found = {
        subprocess.run([sys.executable, "-c", code], env=path | each, check=True, capture_output=True, text=True).stdout
        for each in environments
    }
    assert len(found) == 1


def test_a_feed_made_by_hand_is_rendered_as_it_is() -> None:
    series = Series("u@demo.ircal", date(2026, 10, 5), date(2026, 10, 6), Details("Day"))
    feed = Feed(EVERYTHING, (), (series,))
    assert [str(event["UID"]) for event in strictly(render(feed, settings(), {})).walk("VEVENT")] == ["u@demo.ircal"]


def test_only_the_start_in_the_hour_that_the_clock_skips() -> None:
    """02:30 to 03:00 on 14 March: an end before its start would make the feed invalid."""
    rule = Rule("conference", "mm")
    start, end = moment("2027-03-14 02:30"), moment("2027-03-14 03:00")
    feed = feed_of(Occurrence(rule, start, start, end, Details("Night")))
    assert read_back(ics(feed, PROGRAM)) == entries(feed)
    assert [(item.start.astimezone(UTC), item.end - item.start) for item in feed.occurrences] == [  # type: ignore[attr-defined]
        (datetime(2027, 3, 14, 7, 30, tzinfo=UTC), timedelta(minutes=30))
    ]
