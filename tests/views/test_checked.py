"""What is said of a programme's problems."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ircal.errors import Problem
from ircal.model.place import Place
from ircal.views.checked import Checked, by_file

ERROR = Problem("unknown-person", "there is no 'asch'", Place("overrides.yaml", 12), "did you mean 'ash'?")
WARNING = Problem("coverage-low", "West: nobody", Place("checks.yaml", 3), severity="warning")


@pytest.mark.parametrize(
    ("problems", "verdict"),
    [
        ((), "The programme is right."),
        ((WARNING,), "The programme is right, with 1 problem to look at."),
        ((WARNING, WARNING), "The programme is right, with 2 problems to look at."),
        ((ERROR, WARNING), "2 problems; the programme cannot be published."),
    ],
)
def test_one_sentence_says_how_it_is(problems: tuple[Problem, ...], verdict: str) -> None:
    assert Checked(problems).verdict == verdict


def test_problems_are_told_by_file_in_order_of_their_lines() -> None:
    earlier = replace(ERROR, place=Place("overrides.yaml", 2))
    found = by_file((ERROR, WARNING, earlier))
    assert [(each.file, each.problems) for each in found] == [
        ("checks.yaml", (WARNING,)),
        ("overrides.yaml", (earlier, ERROR)),
    ]
