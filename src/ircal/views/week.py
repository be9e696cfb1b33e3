"""What a week says besides rotations: the duties of each day, and who presents what."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ircal.model.schedule import Occurrence
    from ircal.views.ground import Ground
    from ircal.views.span import Span

Lines = dict[tuple[str, "date"], list[str]]
"""`08:00 Vein center`, by person and day, in order of time."""


def lines_of(ground: Ground, span: Span) -> Lines:
    """What is owed at an hour on the days of a span."""
    found: list[tuple[datetime, str, str]] = []
    for occurrences in ground.schedule.parts.values():
        for each in occurrences:
            if span.start <= each.first_day < span.end and isinstance(each.start, datetime) and not each.cancelled:
                found.extend((each.start, person, told) for person, told in _told(each, ground))
    lines: Lines = {}
    for start, person, told in sorted(found):
        lines.setdefault((person, start.date()), []).append(f"{start:%H:%M} {told}")
    return lines


def _told(occurrence: Occurrence, ground: Ground) -> Iterator[tuple[str, str]]:
    if occurrence.rule.kind == "duty":
        yield occurrence.person, occurrence.details.summary
    elif occurrence.rule.kind == "conference":
        name = ground.program.conferences[occurrence.rule.id].name
        yield from ((each.person, f"presents {name}") for each in occurrence.attendance if each.reason == "presenting")
