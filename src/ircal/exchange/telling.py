"""A proposal in words: what a sheet is, what it changes for whom, and what an eye on the sheet might not expect."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ircal.rules.texts import day_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ircal.exchange.proposal import Proposal
    from ircal.exchange.taking import Taken


def heading(taken: Taken) -> str:
    """`sheet 'Rota' of rota.xlsx: 2026-27 by blocks, 12 residents.`."""
    where = f"sheet '{taken.sheet.title}' of {taken.sheet.file}" if taken.sheet.title else taken.sheet.file
    number = len(taken.people)
    return f"{where}: {taken.frame.title} by {taken.by}, {number:,} resident{'' if number == 1 else 's'}."


def stretches(proposal: Proposal) -> Mapping[str, tuple[str, ...]]:
    """By person, a line for each stretch of days: `Mon 29 Jun 2026 to Sun 26 Jul 2026: ir-west -> icu`."""
    return {
        person: tuple(
            f"{day_text(span.start)} to {day_text(span.end - timedelta(days=1))}: "
            f"{span.work or 'nothing'} -> {after or 'nothing'}"
            for span, after in changed
        )
        for person, changed in proposal.differences().items()
    }


def notes(proposal: Proposal) -> Iterator[str]:
    """What was read although it is hidden, passed over, or is out of date, and who is not in the sheet."""
    taken = proposal.taken
    if taken.hidden:
        yield f"Hidden columns were read too: {', '.join(taken.hidden)}."
    if taken.passed_over:
        yield f"Passed over, as they name no resident: {'; '.join(taken.passed_over)}."
    for (person, cycle), day in sorted(taken.outdated.items()):
        yield f"The cycle {cycle} pauses: from {day_text(day)} on, {person} has other weeks of it than the sheet shows."
    if left := proposal.untouched():
        yield f"Not in the sheet, and left as they are: {', '.join(left)}."
