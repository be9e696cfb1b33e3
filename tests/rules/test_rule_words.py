"""Rules in words, which phones and explanations say alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ircal.rules.rule_words import due_in_words, rule_in_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.model.program import Program


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("Mo-Fr 07:00-07:30", "every Monday to Friday"),
        ("Mo,We 12:00-13:00", "every Monday and Wednesday"),
        ("We[3] 17:00-18:00", "each month on the third Wednesday"),
        ("Fr[1,-1] 17:00-18:00", "each month on the first Friday and last Friday"),
        ("Tu/2 from 2026-07-07 12:00-13:00", "every second week on Tuesday, counted from Tue 7 Jul 2026"),
        ("Tu/Fr from 2026-07-07 12:00-13:00", "each week in turn on Tuesday / Friday"),
        ({"rrule": "FREQ=WEEKLY;BYDAY=TH", "at": "12:00-13:00"}, "every Thursday"),
        (
            {"rrule": "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1", "at": "16:00-17:00"},
            "by the rule FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1",
        ),
        ({"rrule": "FREQ=MONTHLY;BYDAY=FR", "at": "16:00-17:00"}, "by the rule FREQ=MONTHLY;BYDAY=FR"),
        ("workday[-1] of block 12:00-13:00", "each block on the last workday"),
        ("on block[1,-1] start 12:00-13:00", "on the first day of the first and last block of each year"),
        (
            "2 days after block@months[2] end 12:00-13:00",
            "2 days after the last day of the second block of the grid months of each year",
        ),
        ("3 months after entry 12:00-13:00", "3 months after entry"),
    ],
)
def test_a_rule_in_words(program: Callable[..., Program], when: Any, words: str) -> None:
    made = program(conferences={"rounds": {"name": "Rounds", "when": when, "audience": "everyone"}})
    rule = made.conferences["rounds"].when
    assert rule
    assert rule_in_words(rule, made) == words


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("6 weeks before exam", "6 weeks before Core exam"),
        ("on exam", "on the day of Core exam"),
        ("5 workdays after block end", "5 workdays after the last day of each block"),
        ("3 months after entry", "3 months after entry"),
        ("on graduation", "on the day of graduation"),
        ("1 day before 2026-10-14", "1 day before Wed 14 Oct 2026"),
    ],
)
def test_what_is_due_in_words(program: Callable[..., Program], when: str, words: str) -> None:
    exam = {"name": "Core exam", "when": {"pgy": 4, "on": "06-08"}}
    due = program(milestones={"exam": exam, "it": {"name": "It", "when": when}}).milestones["it"].due
    assert due
    assert due_in_words(due, program(milestones={"exam": exam})) == words
