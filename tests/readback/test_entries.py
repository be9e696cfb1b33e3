"""A feed's bytes as entries, and what is refused with a sentence."""

from __future__ import annotations

import contextlib
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ircal.errors import FeedUnreadable
from ircal.model.program import Window
from ircal.readback import printable, read_feed
from tests.readback.making import ROUNDS, WINDOW, ZONE, entries, ics, timed


def refused(data: bytes) -> str:
    with pytest.raises(FeedUnreadable) as raised:
        read_feed(data).between(WINDOW, ZONE)
    return raised.value.message


def test_a_rule_with_its_exceptions() -> None:
    moved = timed(
        "r", "20261110T080000", "20261110T083000", "RECURRENCE-ID;TZID=America/New_York:20261109T070000", "LOCATION:B"
    )
    master = f"{ROUNDS}|EXDATE;TZID=America/New_York:20261116T070000"
    found = sorted((entry.slot, entry.start, entry.location) for entry in entries(master, moved))
    at_seven = [datetime(2026, 11, day, 7, tzinfo=ZONE) for day in (2, 9, 23, 30)]
    assert found == [
        (at_seven[0], at_seven[0], ""),
        (at_seven[1], datetime(2026, 11, 10, 8, tzinfo=ZONE), "B"),
        (at_seven[2], at_seven[2], ""),
        (at_seven[3], at_seven[3], ""),
    ]


def test_whole_days_are_dates_and_times_are_in_the_zone() -> None:
    whole = entries("UID:w|DTSTART;VALUE=DATE:20261102|DTEND;VALUE=DATE:20261104")
    (utc,) = entries("UID:u|DTSTART:20261102T120000Z|DTEND:20261102T123000Z")
    assert [(entry.start, entry.end) for entry in whole] == [(date(2026, 11, 2), date(2026, 11, 4))]
    assert utc.start.isoformat() == "2026-11-02T07:00:00-05:00"


def test_the_window_takes_what_touches_it() -> None:
    days = [f"UID:{day}|DTSTART;VALUE=DATE:202611{day:02}|DTEND;VALUE=DATE:202611{day + 2:02}" for day in range(1, 9)]
    nights = [timed(f"n{day}", f"202611{day:02}T190000", f"202611{day + 1:02}T070000") for day in range(1, 9)]
    found = entries(*days, *nights, window=Window(date(2026, 11, 4), date(2026, 11, 5)))
    assert sorted(entry.uid for entry in found) == ["3", "4", "n3", "n4"]


def test_a_rule_without_an_end_is_followed_as_far_as_the_window() -> None:
    found = entries(timed("r", "20260701T070000", "20260701T073000", "RRULE:FREQ=DAILY"))
    assert len(found) == 365


def test_an_event_that_is_written_twice_is_there_twice() -> None:
    assert [len(entries(ROUNDS)), len(entries(ROUNDS, ROUNDS))] == [5, 10]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "not iCalendar"),
        (b"\x00\x01\x02", "not iCalendar"),
        (b'{"calendar": []}', "not iCalendar"),
        (b"<!DOCTYPE html><html>Sign in</html>", "a web page"),
        (b"BEGIN:VCALENDAR\r\nSUMMARY:caf\xe9\r\nEND:VCALENDAR\r\n", "not in UTF-8 (byte 28)"),
        (ics(ROUNDS)[:-40], "breaks off"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n", "not iCalendar"),
        (ics("UID:a|DTSTART:tomorrow|DTEND:later"), "cannot be read"),
        (ics("UID:a|SUMMARY:no dates"), "cannot be read"),
        (ics("UID:a|DTSTART:20261102T070000|DTEND:20261102T080000"), "a time without a zone"),
        (ics(timed("a", "20261102T070000", "20261102T060000")), "The event a ends before it starts"),
    ],
)
def test_what_is_no_feed_is_told_by_a_sentence(data: bytes, told: str) -> None:
    assert told in refused(data)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("RRULE:FREQ=SECONDLY", "more than once a day"),
        ("RRULE:FREQ=MINUTELY;COUNT=3", "more than once a day"),
        ("RRULE:FREQ=DAILY;BYHOUR=0,1,2;BYMINUTE=0,1;BYSECOND=0", "more than once a day"),
        ("RRULE:FREQ=DAILY;INTERVAL=0", "more than once a day"),
        ("RRULE:FREQ=DAILY|RRULE:FREQ=WEEKLY", "several rules"),
        ("RDATE:20261103T120000Z", "dates by the list"),
    ],
)
def test_a_rule_that_would_take_very_long_is_refused_at_once(line: str, told: str) -> None:
    assert told in refused(ics(timed("a\tb\x1b", "20261102T070000", "20261102T073000", line)))


def test_more_entries_than_any_calendar_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ircal.readback.entries.MOST", 10)
    daily = [timed(str(n), "20260701T070000", "20260701T073000", "RRULE:FREQ=DAILY") for n in range(2)]
    assert "more than 10 entries" in refused(ics(*daily))


def test_what_is_shown_of_somebody_elses_text_is_short_and_harmless() -> None:
    assert printable("a\x1b[2Jb\u202ec" + "x" * 200) == "a\ufffd[2Jb\ufffdc" + "x" * 89 + "..."


LINES = ics(
    ROUNDS,
    timed("s", "20261103T070000", "20261103T080000"),
    "UID:w|DTSTART;VALUE=DATE:20261102|DTEND;VALUE=DATE:20261103",
).split(b"\r\n")
PIECES = st.sampled_from(
    [b"", b"X", b":", b";", b"-1", b"99999999999", b"=", b"\\", b"\r\n ", b"T", b"Z", b"\xff", b"END:VEVENT"]
)


@given(st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.integers(0, 40), PIECES), max_size=4), st.booleans())
def test_no_feed_breaks_more_than_itself(edits: list[tuple[int, int, bytes]], doubled: bool) -> None:
    lines = [*LINES]
    for line, at, piece in edits:
        lines[line] = lines[line][:at] + piece + lines[line][at + len(piece) :]
    data = b"\r\n".join([*lines[:5], *(lines[5:9] if doubled else []), *lines[5:]])
    with contextlib.suppress(FeedUnreadable):
        for entry in read_feed(data).between(WINDOW, ZONE):
            assert type(entry.start) is type(entry.end)
            assert entry.start <= entry.end
