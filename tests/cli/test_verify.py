"""`verify feed`: a published feed against the programme, from the outside."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from ircal.feeds import make_feeds, render
from ircal.model.program import Window
from ircal.readback import Comparison, compare, expected_entry, read_feed
from ircal.service import schedule_of
from ircal.settings import load_settings
from ircal.wiring.programmes import load_program
from tests.cli.conftest import EXAMPLE, edit
from tests.readback.conftest import site

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Ircal, Told
    from tests.readback.conftest import Site

__all__ = ["site"]

WEEK = ("--from", "2026-11-02", "--to", "2026-11-06")
SECRET = "Hush-Hush_0123456789"


@pytest.fixture
def published(ircal: Ircal, small: Path, tmp_path: Path) -> Path:
    """The folder with the small programme's feeds."""
    assert (
        ircal("build", "--config", str(small), "--out", "public", "--from", "2026-07-01", "--to", "2027-06-30").code
        == 0
    )
    return tmp_path / "public"


def verified(ircal: Ircal, small: Path, source: Path | str, *more: str) -> Told:
    return ircal("verify", "feed", str(source), "--config", str(small), *more)


def change(path: Path, old: str, new: str, times: int = 1) -> None:
    text = path.read_bytes().decode()
    assert text.count(old) >= 1
    path.write_bytes(text.replace(old, new, times).encode())


def test_a_feed_of_each_kind_says_what_the_example_says() -> None:
    program = load_program(load_settings(config=EXAMPLE))
    window = Window(date(2026, 7, 1), date(2028, 7, 1))
    schedule, zone = schedule_of(program, window), program.settings.zone
    asked = {each.kind: each for each in program.calendars.values()}
    for feed in make_feeds(schedule, asked.values(), window).values():
        found = read_feed(render(feed, program.settings, {})).between(window, zone)
        assert len(found) == len(feed.occurrences) > 0
        assert compare(map(expected_entry, feed.occurrences), found, zone) == Comparison(len(found), (), (), ())


def test_a_feed_as_it_was_published(ircal: Ircal, small: Path, published: Path) -> None:
    told = verified(ircal, small, published / "rounds.ics", *WEEK)
    assert told == type(told)(0, "rounds, 2026-11-02 to 2026-11-06: 5 occurrences, all as the programme says.\n", "")


def test_what_is_missing_too_many_and_different_is_told_with_its_date(
    ircal: Ircal, small: Path, published: Path
) -> None:
    feed = published / "rounds.ics"
    exdate = "EXDATE;TZID=America/New_York:20261103T070000\r\n"
    extra = (
        "BEGIN:VEVENT\r\nUID:strange\r\nDTSTAMP:20260501T000000Z\r\nSUMMARY:Party\\n\x07\r\n"
        "DTSTART:20261104T170000Z\r\nDTEND:20261104T180000Z\r\nEND:VEVENT\r\n"
    )
    uid = json.loads(shown(ircal, small)[0])["uid"]
    moved = (
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260501T000000Z\r\nSUMMARY:Rounds\r\nSTATUS:CONFIRMED\r\n"
        "RECURRENCE-ID;TZID=America/New_York:20261105T070000\r\nLOCATION:East Campus\r\n"
        "DTSTART:20261105T130000Z\r\nDTEND:20261105T133000Z\r\nEND:VEVENT\r\n"
    )
    change(feed, "END:VEVENT\r\n", f"{exdate}END:VEVENT\r\n{extra}{moved}")
    told = verified(ircal, small, feed, *WEEK)
    assert told.code == 2
    lines = told.out.splitlines()
    assert lines[0] == "missing: Tue 3 Nov 2026 07:00-07:30 Rounds"
    assert lines[1] == "too many: Wed 4 Nov 2026 12:00-13:00 Party\ufffd\ufffd"
    assert lines[2].startswith(
        "different: Thu 5 Nov 2026 07:00-07:30 Rounds: start is Thu 5 Nov 2026 08:00, not Thu 5 Nov 2026 07:00, "
        "end is Thu 5 Nov 2026 08:30, not Thu 5 Nov 2026 07:30, location is 'East Campus', not "
    )
    assert lines[3:] == [
        "rounds, 2026-11-02 to 2026-11-06: 3 occurrences as the programme says; 1 missing, 1 too many, 1 different."
    ]


def shown(ircal: Ircal, small: Path) -> list[str]:
    told = ircal("show", "occurrences", "--config", str(small), "--calendar", "rounds", *WEEK, "--format", "json")
    return told.out.splitlines()


def test_a_programme_that_has_changed_since_is_told_in_json(ircal: Ircal, small: Path, published: Path) -> None:
    edit(small, "07:00-07:30", "07:15-07:30")
    told = verified(ircal, small, published / "rounds.ics", *WEEK, "--format", "json")
    answer = json.loads(told.out)
    assert (told.code, answer["equal"], answer["calendar"], answer["alike"]) == (2, False, "rounds", 0)
    assert (answer["from"], answer["to"], answer["missing"], answer["extra"]) == ("2026-11-02", "2026-11-06", [], [])
    first = answer["different"][0]
    assert first["fields"] == ["start"]
    assert first["programme"]["start"] == "2026-11-02T07:15:00-05:00"
    assert first["feed"]["start"] == "2026-11-02T07:00:00-05:00"


def test_a_long_list_is_cut(ircal: Ircal, small: Path, published: Path) -> None:
    edit(small, "07:00-07:30", "07:15-07:30")
    told = verified(ircal, small, published / "rounds.ics", "--from", "2026-07-01", "--to", "2027-06-30")
    assert len(told.out.splitlines()) == 52
    assert "more, all of them with --format json" in told.out


def test_behind_a_secret_link_the_feed_says_whose_it_is(ircal: Ircal, small: Path, published: Path, site: Site) -> None:
    address = site.lay(f"/feeds/{SECRET}.ics", (published / "ash.ics").read_bytes())
    told = verified(ircal, small, address, *WEEK)
    assert (told.code, told.out.partition(",")[0]) == (0, "ash")


def test_another_calendars_feed_is_all_different(ircal: Ircal, small: Path, published: Path) -> None:
    told = verified(ircal, small, published / "ash.ics", "--calendar", "rounds", *WEEK)
    assert told.code == 2


def test_a_feed_that_says_nothing_of_whose_it_is(ircal: Ircal, small: Path, published: Path, tmp_path: Path) -> None:
    feed = (published / "rounds.ics").rename(tmp_path / f"{SECRET}.ics")
    change(feed, "X-WR-CALNAME:Rounds", "X-WR-CALNAME:Elsewhere")
    told = verified(ircal, small, feed.name)
    assert told.code == 1
    assert "--calendar ID" in told.err
    assert SECRET not in told.out + told.err


@pytest.mark.parametrize(("said", "code"), [("200 <html>", 1), ("200 BEGIN:VCALENDAR", 1), ("404", 1), ("503", 4)])
def test_what_cannot_be_read_is_two_lines_and_an_exit_code(
    ircal: Ircal, small: Path, site: Site, said: str, code: int
) -> None:
    status, _, body = said.partition(" ")
    told = verified(ircal, small, site.lay(f"/feeds/{SECRET}.ics", body.encode(), int(status)))
    assert told.code == code
    assert 1 <= len(told.err.splitlines()) <= 2
    assert not {word for word in (SECRET, "Traceback") if word in told.out + told.err}


def test_a_calendar_that_is_not_there(ircal: Ircal, small: Path, published: Path) -> None:
    told = verified(ircal, small, published / "rounds.ics", "--calendar", "round")
    assert told.code == 1
    assert "Did you mean rounds?" in told.err
