"""How an academic year is cut into blocks (`ircal.rules.grids`)."""

from __future__ import annotations

import datetime as dt
from datetime import date
from itertools import pairwise
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ircal.model.program import Settings
from ircal.model.rotations import Explicit, ExplicitBlock, FixedWeeks, Months
from ircal.model.values import MonthDay
from ircal.rules.grids import Block, blocks, weeks_begin

SETTINGS = Settings(
    id="x", name="X", timezone="UTC", first_year=2020, published=dt.datetime(2020, 1, 1, tzinfo=dt.UTC), grid="g"
)
YEARS = st.integers(1971, 2150)
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
Remainder = Literal["extend_last", "extend_first", "separate"]


def fixed(weeks: int = 4, remainder: Remainder = "extend_last", **more: Any) -> FixedWeeks:
    return FixedWeeks(kind="fixed_weeks", id="g", weeks=weeks, remainder=remainder, **more)


def starting(month: int, day: int) -> Settings:
    return SETTINGS.model_copy(update={"year_starts": MonthDay(month=month, day=day)})


def test_2026_27_has_13_blocks_of_4_weeks() -> None:
    found = blocks(fixed(), 2026, SETTINGS)
    assert len(found) == 13
    assert found[0] == Block(1, date(2026, 6, 29), date(2026, 7, 27))
    assert found[12] == Block(13, date(2027, 5, 31), date(2027, 6, 28))


@pytest.mark.parametrize(
    ("remainder", "count", "first", "last"),
    [("extend_last", 13, 4, 5), ("extend_first", 13, 5, 4), ("separate", 14, 4, 1)],
)
def test_2029_30_has_53_weeks(remainder: Remainder, count: int, first: int, last: int) -> None:
    found = blocks(fixed(remainder=remainder), 2029, SETTINGS)
    assert (found[0].start, found[-1].end) == (date(2029, 6, 25), date(2030, 7, 1))
    assert (len(found), weeks(found[0]), weeks(found[-1])) == (count, first, last)


@pytest.mark.parametrize(
    ("anchor", "starts"),
    [
        ("on_or_before", ["2025-06-28", "2026-06-27", "2027-06-26", "2028-07-01"]),
        ("on_or_after", ["2025-07-05", "2026-07-04", "2027-07-03", "2028-07-01"]),
        ("nearest", ["2025-06-28", "2026-07-04", "2027-07-03", "2028-07-01"]),
    ],
)
def test_weeks_may_begin_on_saturdays(anchor: str, starts: list[str]) -> None:
    grid = fixed(weekday="Sa", anchor=anchor)
    assert [f"{blocks(grid, year, SETTINGS)[0].start}" for year in range(2025, 2029)] == starts


def test_the_years_of_53_weeks() -> None:
    assert [year for year in range(2025, 2037) if len(blocks(fixed(1), year, SETTINGS)) == 53] == [2029, 2035]


def test_months_are_counted_from_the_one_in_which_the_year_starts() -> None:
    found = blocks(Months(kind="months", id="g"), 2026, SETTINGS)
    assert (found[0], found[-1]) == (
        Block(1, date(2026, 7, 1), date(2026, 8, 1)),
        Block(12, date(2027, 6, 1), date(2027, 7, 1)),
    )


def test_explicit_blocks_are_as_written() -> None:
    written = ExplicitBlock(start=date(2026, 7, 1), last=date(2026, 7, 31))
    grid = Explicit(kind="explicit", id="g", years={2026: (written,)})
    assert blocks(grid, 2026, SETTINGS) == (Block(1, date(2026, 7, 1), date(2026, 8, 1)),)
    assert blocks(grid, 2027, SETTINGS) == ()


@given(
    year=YEARS,
    month=st.integers(1, 12),
    day=st.integers(1, 28),
    grid=st.builds(
        fixed,
        st.integers(1, 52),
        st.sampled_from(["extend_last", "extend_first", "separate"]),
        weekday=st.sampled_from(WEEKDAYS),
        anchor=st.sampled_from(["on_or_before", "on_or_after", "nearest"]),
    ),
)
def test_blocks_of_weeks_tile_the_year(year: int, month: int, day: int, grid: FixedWeeks) -> None:
    settings, weeks = starting(month, day), grid.weeks
    found = blocks(grid, year, settings)
    assert found[0].start == weeks_begin(grid, year, settings)
    assert WEEKDAYS[found[0].start.weekday()] == grid.weekday
    farthest = {"on_or_before": (0, 6), "on_or_after": (-6, 0), "nearest": (-3, 3)}[grid.anchor]
    assert farthest[0] <= (date(year, month, day) - found[0].start).days <= farthest[1]
    assert all(before.end == after.start for before, after in pairwise(found))
    assert found[-1].end == blocks(grid, year + 1, settings)[0].start
    assert [block.number for block in found] == list(range(1, len(found) + 1))
    regular = [block for block in found if (block.end - block.start).days == weeks * 7]
    assert len(found) - len(regular) <= 1


@given(year=YEARS, month=st.integers(1, 12), day=st.integers(1, 28))
def test_months_tile_the_year(year: int, month: int, day: int) -> None:
    settings, grid = starting(month, day), Months(kind="months", id="g")
    found = blocks(grid, year, settings)
    assert len(found) == 12
    assert all(before.end == after.start for before, after in pairwise(found))
    assert found[-1].end == blocks(grid, year + 1, settings)[0].start
    assert {block.start.day for block in found} == {1}


def weeks(block: Block) -> int:
    return (block.end - block.start).days // 7
