"""A plan in Markdown, for a pull request or a message: a heading for the calendar, and one for each date."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from ircal.plan.telling import days_of, headline, tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.plan.changes import Change
    from ircal.plan.plan import Plan

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")
_SIGNS = {"+": "**add**", "~": "**change**", "-": "**remove**"}


def markdown_of(plan: Plan) -> str:
    """The plan, with its changes under the first day that each concerns."""
    name, _, counts = headline(plan).partition(f" ({plan.calendar}): ")
    lines = [f"## {_plain(name)} ({_plain(plan.calendar)})", "", _plain(counts)]
    lines += ["", *(f"- **note** {_plain(note)}" for note in plan.notes)] if plan.notes else []
    lines += ["", *(f"- **add** {_plain(share)}" for share in plan.shares)] if plan.shares else []
    for day, changes in groupby(plan.by_date, key=lambda change: days_of(change)[0]):
        lines += ["", f"### {day}", ""]
        lines += (line for change in changes for line in _told(change))
    return "\n".join(lines)


def _told(change: Change) -> Iterator[str]:
    first, *more = (line.strip() for line in tell(change))
    sign, _, text = first.partition(" ")
    yield f"- {_SIGNS[sign]} {_plain(text)}"
    yield from (f"  - {_plain(line)}" for line in more)


def _plain(text: str) -> str:
    """A text that Markdown leaves as it is."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
