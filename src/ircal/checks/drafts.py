"""Drafts of academic years: who has nothing in them yet, and those that are drafts no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ircal.checks.finding import Finding
from ircal.errors import Problem
from ircal.model.program import BUSY, HERE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ircal.checks.ground import Ground
    from ircal.model.program import Program


def unfilled(ground: Ground) -> Iterator[Finding]:
    """Residents who have as good as nothing in a draft: what would be an error in any other planned year."""
    program = ground.program
    for draft in program.drafts.values():
        start, end = program.year_start(draft.year), program.year_start(draft.year + 1)
        what = f"less than two weeks of assignments in {draft.id}, which is published on {draft.published}"
        hint = "fill the rows of the block schedule in before that day"
        for person in program.residents:
            spells = [spell for spell in ground.spells(person.id) if not spell.standing.away]
            here = [spell.standing for spell in spells for day in spell.each_day() if start <= day < end]
            if len(here) >= HERE and sum(bool(standing.rotation) for standing in here) < BUSY:
                yield Finding("draft-unfilled", what, draft.place, hint, person.id)


def over(program: Program, day: date) -> Iterator[Problem]:
    """Drafts that have been published on that day: their files are as all others are, but for what is forgiven."""
    for draft in program.drafts.values():
        if draft.published <= day:
            message = f"{draft.id} has been published since {draft.published}, and is a draft no more"
            hint = "take this entry out; then a resident without assignments is an error again"
            yield Problem("draft-over", message, draft.place, hint, "warning")
