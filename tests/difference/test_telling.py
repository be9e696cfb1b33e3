"""Edits in words: what happens alike stands in one line, and nothing else does."""

from __future__ import annotations

from datetime import date

from ircal.difference import Edit, lines
from ircal.model.schedule import Details, Occurrence, Rule


def banner(first: int, beyond: int) -> Occurrence:
    days = date(2026, 9, first), date(2026, 9, beyond)
    return Occurrence(Rule("rotation", "west"), days[0], *days, Details("IR West"), person="maple")


def test_what_is_gone_and_what_is_new_are_told_apart_though_they_are_called_the_same() -> None:
    edits = [Edit(banner(7, 21), None), Edit(None, banner(14, 21)), Edit(None, banner(28, 30))]
    assert list(lines(edits)) == [
        "Mon 2026-09-07 to Sun 2026-09-20  - IR West",
        "Mon 2026-09-14 to Tue 2026-09-29  + IR West (2 times)",
    ]
