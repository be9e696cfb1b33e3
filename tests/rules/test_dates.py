"""The days that rules name: what is written in words, and what the same RRULE gives through dateutil."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from dateutil.rrule import rrule, rruleset, rrulestr
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from ircal.model.when import When
from ircal.rules.dates import Frame, days_named
from ircal.rules.grids import blocks
from ircal.rules.recurrence import days_of, strands_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.model.program import Program
    from ircal.model.recurrence import Recurrence
    from ircal.model.when import Alternating, Nth, Relative
    from ircal.rules.days_off import DaysOff

FIRST, LAST = date(2026, 7, 1), date(2028, 8, 31)
AT = "07:00-08:00"
DAY = timedelta(days=1)
NAMES = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
weeks = st.sets(st.integers(0, 6), min_size=1, max_size=4).map(sorted)
anchors = st.dates(date(2026, 1, 1), date(2027, 6, 30))
windows = st.tuples(st.dates(FIRST, LAST), st.integers(0, 500)).map(lambda pair: (pair[0], pair[0] + pair[1] * DAY))


def when(text: str) -> Recurrence | Alternating | Nth | Relative:
    read: Recurrence | Alternating | Nth | Relative = TypeAdapter(When).validate_python(text)
    return read


def named(text: str, window: tuple[date, date], program: Program, off: DaysOff | None = None) -> list[date]:
    return list(days_named(when(text), *window, Frame(program, off or {})))


def by_dateutil(rules: list[tuple[str, date]], window: tuple[date, date]) -> list[date]:
    """The days of some RRULEs, each from its DTSTART on."""
    union = rruleset()
    for text, start in rules:
        read = rrulestr(text, dtstart=datetime.combine(start, time.min))
        assert isinstance(read, rrule)
        union.rrule(read)
    first, last = (datetime.combine(day, time.min) for day in window)
    return [moment.date() for moment in union.between(first, last, inc=True)]


def names(days: list[int]) -> str:
    return ",".join(NAMES[day] for day in days)


def next_on(day: date, weekday: int) -> date:
    return day + (weekday - day.weekday()) % 7 * DAY


@st.composite
def written_twice(draw: st.DrawFn) -> tuple[str, list[tuple[str, date]]]:
    """A rule in words, and the RRULEs that say the same, each with its DTSTART."""
    days, start = draw(weeks), draw(anchors)
    number, every = draw(st.sampled_from((1, 2, 4, 5, -1, -2))), draw(st.integers(2, 6))
    epoch, monthly = date(2020, 1, 1), ",".join(f"{number}{NAMES[day].upper()}" for day in days)
    anchor = next_on(start, days[0])
    rounds = [days, *draw(st.lists(weeks, min_size=1, max_size=3))]
    monday = anchor - anchor.weekday() * DAY
    sessions = [monday + (7 * week + day) * DAY for week, chosen in enumerate(rounds) for day in chosen]
    return draw(
        st.sampled_from(
            [
                (names(days), [(f"FREQ=WEEKLY;BYDAY={names(days).upper()}", epoch)]),
                (f"{names(days)}[{number}]", [(f"FREQ=MONTHLY;BYDAY={monthly}", epoch)]),
                (
                    f"{names(days)}/{every} from {anchor}",
                    [(f"FREQ=WEEKLY;INTERVAL={every};BYDAY={names(days).upper()}", anchor)],
                ),
                (
                    f"{'/'.join(map(names, rounds))} from {anchor}",
                    [(f"FREQ=DAILY;INTERVAL={7 * len(rounds)}", day) for day in sessions],
                ),
                (f"workday[{number}]", [(f"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS={number}", epoch)]),
                (f"{names(days)}[{number}] of block@months", [(f"FREQ=MONTHLY;BYDAY={monthly}", epoch)]),
                ("on block@months start", [("FREQ=MONTHLY;BYMONTHDAY=1", epoch)]),
                ("on block@months end", [("FREQ=MONTHLY;BYMONTHDAY=-1", epoch)]),
                ("1 month before block@months start", [("FREQ=MONTHLY;BYMONTHDAY=1", epoch)]),
            ]
        )
    )


@given(written_twice(), windows)
def test_a_rule_in_words_and_its_rrule_name_the_same_days(
    program: Callable[..., Program], rule: tuple[str, list[tuple[str, date]]], window: tuple[date, date]
) -> None:
    text, rrules = rule
    assert named(f"{text} {AT}", window, program()) == by_dateutil(rrules, window)


@given(written_twice(), windows)
def test_a_rule_reads_as_it_writes_itself(
    program: Callable[..., Program], rule: tuple[str, list[tuple[str, date]]], window: tuple[date, date]
) -> None:
    read = when(f"{rule[0]} {AT}")
    text = str(read)
    assert text.startswith("FREQ=") or when(text) == read
    # What RRULEs can say, strands say; each begins with a session of its own.
    strands = strands_of(read)
    if strands:
        days = sorted(day for strand in strands for day in days_of(strand, *window))
        assert days == by_dateutil(rule[1], window)
        assert all(next(days_of(each, each.anchor, LAST)) == each.anchor for each in strands if each.anchor)


@given(
    st.sampled_from(("Mo[1]", "Fr[-1]", "Tu,We[2,3]", "workday[1]", "workday[-3]", "workday[20]", "Su[5]")),
    st.sampled_from(("fixed_weeks", "months")),
    st.sampled_from((3, 4, 5)),
    windows,
    st.sets(st.dates(FIRST, LAST), max_size=40),
)
def test_in_a_block_days_are_counted_from_its_first_or_last(  # noqa: PLR0913, PLR0917  # what is drawn
    program: Callable[..., Program], what: str, kind: str, length: int, window: tuple[date, date], closed: set[date]
) -> None:
    body: dict[str, object] = {"kind": kind, **({"weeks": length} if kind == "fixed_weeks" else {})}
    trial = program(grids={"blocks": body})
    days, _, numbers = what.rstrip("]").partition("[")
    wanted = [NAMES.index(name) for name in days.split(",")] if days != "workday" else range(5)
    found: set[date] = set()
    for year in range(window[0].year - 2, window[1].year + 2):
        for block in blocks(trial.grids["blocks"], year, trial.settings):
            inside = [block.start + number * DAY for number in range((block.end - block.start).days)]
            for group in [wanted] if days == "workday" else [[day] for day in wanted]:
                held = [day for day in inside if day.weekday() in group and (days != "workday" or day not in closed)]
                for number in map(int, numbers.split(",")):
                    found |= set(held[number - 1 : number] if number > 0 else held[number : number + 1 or None])
    off = dict.fromkeys(closed, "closed")
    assert named(f"{what} of block {AT}", window, trial, off) == sorted(
        day for day in found if window[0] <= day <= window[1]
    )


@given(st.integers(1, 15), st.sampled_from(("before", "after")), windows, st.sets(st.dates(FIRST, LAST), max_size=60))
def test_so_many_workdays_away_has_as_many_between(
    program: Callable[..., Program], amount: int, side: str, window: tuple[date, date], closed: set[date]
) -> None:
    trial, off = program(grids={"blocks": {"kind": "months"}}), dict.fromkeys(closed, "closed")
    for day in named(f"{amount} workdays {side} block start {AT}", window, trial, off):
        assert day.weekday() < 5
        assert day not in closed
        starts = [date(day.year + (day.month + n - 1) // 12, (day.month + n - 1) % 12 + 1, 1) for n in (-1, 0, 1, 2)]
        between = [
            sum(each.weekday() < 5 and each not in closed for each in _after(min(day, start), max(day, start), side))
            for start in starts
        ]
        assert amount in between


def _after(first: date, last: date, side: str) -> list[date]:
    """The days from one to the other, without the one that is counted from."""
    every = [first + number * DAY for number in range((last - first).days + 1)]
    return every[:-1] if side == "before" else every[1:]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on block start", ["2029-07-23", "2029-08-20"]),
        ("on block end", ["2029-07-22", "2029-08-19"]),
        ("Mo[5] of block", ["2030-06-24"]),
    ],
)
def test_a_year_of_53_weeks_has_a_longer_block(program: Callable[..., Program], text: str, expected: list[str]) -> None:
    found = named(f"{text} {AT}", (date(2029, 6, 25), date(2030, 6, 30)), program())
    assert [str(day) for day in found if str(day) > "2029-06-30"][: len(expected)] == expected
