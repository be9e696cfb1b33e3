"""What a page of conferences shows, to those who may read names and to everybody else."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from ircal.checks import Ground
from ircal.config import load
from ircal.model.program import Window
from ircal.rules.expand import expand
from ircal.views.conferences import conferences_of, public_conferences_of
from tests.checks.conftest import YEAR, Folder, made

if TYPE_CHECKING:
    from pathlib import Path

    from ircal.views.conferences import Conferences, Series

AUTUMN = Window(date(2026, 9, 1), date(2026, 10, 1))
CONFERENCES = """\
    people: {guest: {name: Dr. Vera Guest, role: guest}}
    conferences:
      rounds: {name: Rounds, when: "Mo 07:00-07:30", site: west, room: Hall, audience: everyone}
      talks:
        name: Talks
        when: We 12:00-13:00
        site: west
        link: https://meet.example.org/talks
        audience: {pgy: 2..4}
        topics: talks
        presenter: {pool: everyone}
      spring: {name: Spring course, when: "Mo 16:00-17:00", season: 03-01..05-31, audience: everyone}
    overrides:
      one: {conference: talks, date: 2026-09-09, cancel: true, by: Birch, asked: 2026-09-01, reason: Birch is ill}
      two: {conference: talks, date: 2026-09-16, move: {to: 2026-09-17}, by: guest}
    calendars:
      rounds: {name: Rounds, kind: conference, of: rounds, public: true}
      talks: {name: Talks, kind: conference, of: talks}
    """
TOPICS = "topic,speaker\nLiver lesions,guest\nBiliary work,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = made(tmp_path)
    folder.write("conferences.yaml", CONFERENCES)
    folder.write("topics/talks.csv", TOPICS)
    return folder


@pytest.fixture
def ground(folder: Folder) -> Ground:
    return Ground.of(expand(load(folder.path), YEAR))


def series(found: Conferences, name: str) -> Series:
    return next(each for each in found.series if each.id == name)


def test_a_series_tells_when_and_for_whom_it_is(ground: Ground) -> None:
    talks = series(conferences_of(ground, AUTUMN), "talks")
    assert (talks.name, talks.when, talks.audience) == ("Talks", "every Wednesday, 12:00-13:00", "PGY-2 to PGY-4")
    assert (talks.calendar, talks.public) == ("talks", False)


def test_sessions_tell_their_topic_presenter_room_and_link(ground: Ground) -> None:
    first = series(conferences_of(ground, AUTUMN), "talks").meetings[0]
    assert isinstance(first.start, datetime)
    assert f"{first.start:%a %H:%M %Z}" == "Wed 12:00 EDT"
    assert first.presenters
    assert first.presenters[0] in first.title
    assert first.presenters[0] not in first.what
    assert (first.place, first.link) == ("West", "https://meet.example.org/talks")
    rounds = series(conferences_of(ground, AUTUMN), "rounds")
    assert (rounds.meetings[1].place, rounds.place) == ("Hall, West", "Hall, West")


def test_topics_stand_without_the_name_of_the_series(ground: Ground) -> None:
    july = series(conferences_of(ground, Window(date(2026, 7, 1), date(2026, 7, 15))), "talks").meetings
    assert [each.what for each in july[:2]] == ["Liver lesions", "Biliary work"]


def test_what_is_cancelled_or_moved_tells_why_and_by_whom(ground: Ground) -> None:
    found = conferences_of(ground, AUTUMN)
    [(of, cancelled)] = found.cancelled
    assert (of.id, cancelled.cancelled, cancelled.why) == ("talks", True, ("cancelled by Birch: Birch is ill",))
    moved = next(each for each in series(found, "talks").meetings if each.why and not each.cancelled)
    assert found.changed == ((of, moved),)
    assert moved.why == ("moved from Wed 16 Sep 2026 to Thu 17 Sep 2026 by Dr. Vera Guest",)


def test_a_holiday_that_leaves_a_session_out_is_told(ground: Ground) -> None:
    rounds = series(conferences_of(ground, AUTUMN), "rounds")
    assert [(each.day, each.holiday) for each in rounds.left_out] == [(date(2026, 9, 7), "Labor Day")]


def test_a_series_out_of_season_is_not_there(ground: Ground) -> None:
    assert "spring" not in {each.id for each in conferences_of(ground, AUTUMN).series}
    spring = series(conferences_of(ground, Window(date(2027, 3, 1), date(2027, 4, 1))), "spring")
    assert spring.left_out == ()


def test_only_sessions_that_touch_the_window_are_told(ground: Ground) -> None:
    day = date(2026, 9, 14)
    found = conferences_of(ground, Window(day, day + timedelta(days=1)))
    assert [(each.id, len(each.meetings)) for each in found.series] == [("rounds", 1)]


def test_the_public_sees_public_series_alone_and_no_name_of_anybody(ground: Ground) -> None:
    found = public_conferences_of(ground, AUTUMN)
    assert [each.id for each in found.series] == ["rounds"]
    [rounds] = found.series
    assert (rounds.calendar, rounds.public, rounds.audience) == ("rounds", True, "")
    assert {(each.title, each.what, each.place, each.link, each.why) for each in rounds.meetings} == {
        ("Rounds", "", "West", "", ())
    }


def test_a_public_screen_tells_of_private_series_what_it_shows_itself(folder: Folder) -> None:
    folder.write(
        "screen.yaml",
        """
        calendars:
          screen: {name: Screen, kind: site, of: west, contents: [conferences], detail: minimal, public: true}
        """,
    )
    found = public_conferences_of(Ground.of(expand(load(folder.path), YEAR)), AUTUMN)
    talks = series(found, "talks")
    assert (talks.calendar, talks.audience) == ("", "")
    told = str(talks)
    assert "Birch" not in told
    assert "Guest" not in told
    assert [each.start for each in talks.meetings if each.cancelled]
