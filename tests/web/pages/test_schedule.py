"""The schedule: bars that tell what the roster says, marks where checks found something, filters, refusals."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ircal.model.colours import contrast, rgb_of, text_on
from ircal.model.rotations import Explicit, Months
from ircal.views import Filter, Ground, schedule_of
from ircal.views.span import ZOOMS, Zoom, span_of
from tests.web.pages.conftest import Programme, rules_of, serving

DAY = timedelta(days=1)
TODAY = date(2026, 12, 1)


@settings(max_examples=25)
@given(zoom=st.sampled_from(ZOOMS), at=st.dates(date(2026, 7, 1), date(2028, 6, 25)))
def test_bars_follow_one_another_and_tell_what_the_roster_says(ground: Ground, zoom: Zoom, at: date) -> None:
    schedule = schedule_of(ground, zoom, at, TODAY, Filter())
    assert schedule is not None
    assert any(column.start <= at < column.end for column in schedule.span.columns)
    for row in (row for group in schedule.groups for row in group.rows):
        assert sum(bar.columns for bar in row.bars) == len(schedule.span.columns)
        assert [bar.start for bar in row.bars] == [schedule.span.start, *(bar.end for bar in row.bars[:-1])]
        for bar in row.bars if zoom != "year" else ():
            days = [bar.start + DAY * number for number in range((bar.end - bar.start).days)]
            standings = [ground.roster.standing(row.person.id, day) for day in days]
            told = {("leave", each.away) if each.away else ("rotation", each.rotation) for each in standings if each}
            assert told <= {tuple(bar.held)}


def test_a_year_is_what_is_done_on_most_days_of_each_week(ground: Ground) -> None:
    schedule = schedule_of(ground, "year", TODAY, TODAY, Filter())
    assert schedule is not None
    cedar = next(row for group in schedule.groups for row in group.rows if row.person.id == "cedar")
    december = [bar for bar in cedar.bars if bar.start <= TODAY < bar.end]
    assert [(bar.held.id, bar.start, bar.is_now) for bar in december] == [("icu", date(2026, 11, 30), True)]
    assert [group.class_of for group in schedule.groups] == [2027, 2028, 2029, 2030, 2031]


def test_who_comes_in_the_middle_of_a_week_is_not_there_before(ground: Ground) -> None:
    schedule = schedule_of(ground, "block", date(2027, 7, 1), TODAY, Filter())
    assert schedule is not None
    pine = next(row for group in schedule.groups for row in group.rows if row.person.id == "pine")
    assert next((bar.held.kind, bar.start, bar.last) for bar in pine.bars) == (
        "away",
        date(2027, 6, 28),
        date(2027, 6, 30),
    )
    assert "ash" not in {row.person.id for group in schedule.groups for row in group.rows}


WRITTEN_OUT = Explicit.model_validate(
    {"kind": "explicit", "id": "blocks", "years": {2026: [{"from": "2026-06-29", "to": "2026-09-20"}]}}
)
MONTHS = Months(kind="months", id="blocks")


@pytest.mark.parametrize("grid", [WRITTEN_OUT, MONTHS])
@given(zoom=st.sampled_from(ZOOMS), at=st.dates(date(2025, 7, 1), date(2029, 6, 25)))
@settings(max_examples=25)
def test_every_day_is_shown_whatever_the_grid(ground: Ground, grid: Explicit | Months, zoom: Zoom, at: date) -> None:
    span = span_of(replace(ground.program, grids={"blocks": grid}), zoom, at, TODAY)
    assert span is not None
    assert span.start <= at < span.end
    assert [column.start for column in span.columns[1:]] == [column.end for column in span.columns[:-1]]
    assert sum(heading.columns for heading in span.headings) == len(span.columns)


def test_days_between_blocks_have_no_number(ground: Ground) -> None:
    span = span_of(replace(ground.program, grids={"blocks": WRITTEN_OUT}), "year", TODAY, TODAY)
    assert span is not None
    assert [(each.number, each.first) for each in span.headings] == [(1, date(2026, 6, 29)), (0, date(2026, 9, 21))]
    assert span.end == date(2027, 7, 1)


def test_a_week_tells_what_is_owed_each_day(site: str) -> None:
    page = httpx.get(f"{site}/?zoom=week&at=2026-12-09", trust_env=False).text
    assert "08:00 Vein center" in page
    assert "17:30 presents IR journal club" in page


# ---------------------------------------------------------------------------------------------------- what checks found
def test_holes_and_what_is_missing_are_marked_with_their_number(disturbed: Ground) -> None:
    schedule = schedule_of(disturbed, "year", TODAY, TODAY, Filter())
    assert schedule is not None
    birch = next(row for group in schedule.groups for row in group.rows if row.person.id == "birch")
    holes = [bar for bar in birch.bars if bar.held.kind == "hole"]
    assert (holes[0].start, holes[-1].last) == (date(2026, 11, 16), date(2026, 12, 13))
    numbers = {notice.problem.code: notice.number for notice in schedule.notices}
    assert all(numbers["unassigned"] in bar.marks for bar in holes)
    low = [
        column.start
        for column, marks in zip(schedule.span.columns, schedule.marks, strict=True)
        if numbers["coverage-low"] in marks
    ]
    assert low
    assert set(low) <= {date(2026, 11, 16) + 7 * DAY * number for number in range(4)}
    week = schedule_of(disturbed, "week", date(2027, 3, 1), TODAY, Filter())
    assert week is not None
    assert not [each for each in week.notices if each.problem.code == "unassigned"]


def test_a_mark_is_on_those_days_of_those_people_alone(disturbed: Ground) -> None:
    schedule = schedule_of(disturbed, "week", TODAY, TODAY, Filter())
    assert schedule is not None
    rows = [row for group in schedule.groups for row in group.rows]
    collide = next(each for each in schedule.notices if each.problem.code == "sessions-collide")
    marked = {(row.person.id, bar.start) for row in rows for bar in row.bars if collide.number in bar.marks}
    assert marked == {("ash", TODAY)}
    assert collide.problem.message.startswith("Amara Ash: must come to Clinical teaching rounds and to Vascular conf")
    assert collide.problem.message.endswith(", on Tue 2026-12-01")


def test_each_mark_leads_to_its_notice(disturbed: Ground) -> None:
    with serving(Programme(disturbed), replace(rules_of(), open_to_all=True)) as url:
        page = httpx.get(url, trust_env=False).text
    notices = Counter(re.findall(r'id="notice-(\d+)"', page))
    assert set(re.findall(r'href="#notice-(\d+)"', page)) == set(notices)
    assert set(notices.values()) == {1}
    assert "no assignment" in unescape(page).casefold()


# -------------------------------------------------------------------------------------------------------------- filters
def test_a_filter_leaves_those_it_names(site: str) -> None:
    page = httpx.get(site, params={"class": "2028", "rotation": "icu"}, trust_env=False).text
    assert re.findall(r'href="/people/(\w+)"', page) == ["cedar", "elm"]
    assert re.search(r'class="r r-icu[^"]*(?<!faint)"', page)
    assert re.search(r'class="r r-ir-west[^"]* faint"', page)


def test_a_filter_that_leaves_nobody_says_so(site: str) -> None:
    page = httpx.get(site, params={"class": "2027", "rotation": "boot-camp"}, trust_env=False)
    assert (page.status_code, "Nobody is there in that time, by this filter." in page.text) == (200, True)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("zoom=decade", 400),
        ("at=yesterday", 400),
        ("at=2026-02-30", 400),
        ("class=1999", 400),
        ("site=nowhere", 400),
        ("rotation=<script>", 400),
        ("at=0001-01-01", 404),
        ("at=9999-12-31", 404),
        ("zoom=week&at=9999-12-31", 404),
        ("at=1987-01-01", 200),
        ("zoom=&at=&class=&site=&rotation=", 200),
    ],
)
def test_what_cannot_be_shown_is_told_plainly(site: str, query: str, status: int) -> None:
    page = httpx.get(f"{site}/?{query}", trust_env=False)
    assert page.status_code == status
    assert "<script>" not in page.text
    assert "Traceback" not in page.text


@pytest.mark.parametrize("path", ["/", "/?zoom=block", "/?zoom=week", "/people/elm", "/people/elm?view=month"])
def test_a_page_is_small(site: str, path: str) -> None:
    page = httpx.get(f"{site}{path}", headers={"accept-encoding": "gzip"}, trust_env=False)
    assert page.headers["content-encoding"] == "gzip"
    assert len(gzip.compress(page.content, 6)) < 12_000


# -------------------------------------------------------------------------------------------------------------- colours
def test_colours_have_a_style_sheet_of_their_own(site: str) -> None:
    page = httpx.get(site, trust_env=False).text
    found = re.search(r'href="(/assets/colours-[0-9a-f]{16}\.css)"', page)
    assert found
    assert ".r-icu{background:rgb(178,34,34);color:white}" in httpx.get(f"{site}{found[1]}", trust_env=False).text


@given(st.tuples(*(st.integers(0, 255),) * 3))
def test_text_can_be_read_on_any_colour(rgb: tuple[int, int, int]) -> None:
    assert contrast(rgb, rgb_of(text_on(rgb))) >= 4.5


def test_nobody_sees_the_schedule_without_signing_in(programme: Programme) -> None:
    with serving(programme, rules_of()) as url:
        page = httpx.get(url, params={"class": "2028"}, trust_env=False)
    assert page.status_code == 200
    assert "Linh Cedar" not in page.text
    assert 'value="http://127.0.0.1/public/conference-ir-didactics.ics"' in page.text
    assert 'href="/conferences"' in page.text
    assert 'href="/coverage"' not in page.text
