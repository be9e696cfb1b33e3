"""Rules that no RRULE can say are told in words, and whatever follows another conference tells what became of that."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ircal.config import load
from ircal.explain import explain
from ircal.model.program import Window
from ircal.rules.expand import expand

GOLDEN = Path(__file__).parents[1] / "golden" / "rules"
YEAR = Window(date(2026, 7, 1), date(2027, 7, 1))


@pytest.mark.parametrize(
    ("case", "day", "summary", "told"),
    [
        ("alternating-weekdays", "2026-09-10", "Lecture day", "Lecture day: each week in turn on Wednesday / Thursday"),
        (
            "workdays-of-the-month",
            "2026-09-01",
            "First workday",
            "First workday: each month on the first workday, 07:30",
        ),
        (
            "first-monday-of-each-block",
            "2026-07-24",
            "Feedback",
            "Feedback: each block on the last Friday, 12:00-13:00.",
        ),
        (
            "first-monday-of-each-block",
            "2026-07-20",
            "Next block's schedule",
            "Next block's schedule: 5 workdays before the first day of each block.",
        ),
        (
            "weeks-of-a-rotation",
            "2026-08-05",
            "Midpoint feedback",
            "each stretch on the rotation on the second Wednesday",
        ),
        ("since-entry", "2026-10-01", "First review", "First review: 3 months after entry, 12:00-13:00."),
        (
            "following-another-conference",
            "2026-09-02",
            "Case list due",
            "M&M of 2026-09-02 is on 2026-09-09: moved from 2026-08-26 to 2026-09-02.",
        ),
        ("following-another-conference", "2026-09-30", "Cancelled: Case list due", "M&M of 2026-10-07 is cancelled."),
        ("following-another-conference", "2026-12-16", "Dinner", "Dinner: on the day of M&M, 18:30-21:00."),
    ],
)
def test_a_rule_is_told_in_words(case: str, day: str, summary: str, told: str) -> None:
    schedule = expand(load(GOLDEN / case / "config"), YEAR)
    explained = explain(schedule, schedule.program.calendars["everything"], date.fromisoformat(day))
    (entry,) = (each for each in explained.present if each.summary.endswith(summary))
    assert any(told in each.text and each.place.file for each in entry.sentences)


def test_what_follows_a_moved_session_is_told_where_it_would_have_been() -> None:
    schedule = expand(load(GOLDEN / "following-another-conference" / "config"), YEAR)
    explained = explain(schedule, schedule.program.calendars["everything"], date(2026, 8, 26))
    (entry,) = (each for each in explained.absent if each.summary == "Case list due")
    assert "moved from 2026-08-26 to 2026-09-02" in entry.sentences[0].text
