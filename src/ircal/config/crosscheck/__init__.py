"""What must agree between entries: names that exist, days that fit, rules that do not contradict one another.

Each module looks at a Draft and yields a problem for each fault it finds. What can only be told once the sessions are
worked out day by day is not looked at here, but by `ircal.rules` and `ircal.checks`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ircal.config.crosscheck import (
    audiences,
    contradictions,
    days,
    drafts,
    due,
    following,
    free_days,
    members,
    missing,
    places,
    planned,
    references,
    repetition,
    roles,
    unused,
    years,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.config.draft import Draft
    from ircal.errors import Problem
    from ircal.recall import Recall


def crosscheck(draft: Draft, recall: Recall) -> Iterator[Problem]:
    """Every fault between the entries of a draft; quicker with the recall that looked at it before its last edit."""
    yield from missing.check(draft)
    yield from references.check(draft)
    yield from free_days.check(draft)
    yield from contradictions.check(draft)
    yield from following.check(draft)
    yield from places.check(draft)
    yield from roles.check(draft)
    yield from unused.check(draft)
    if draft.settled:
        yield from audiences.check(draft, recall)
        yield from days.check(draft)
        yield from drafts.check(draft)
        yield from due.check(draft)
        yield from members.check(draft)
        yield from planned.check(draft, recall)
        yield from repetition.check(draft, recall)
        yield from years.check(draft)
