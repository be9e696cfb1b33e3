"""Edits in words, as a coordinator reads them: by date, and what happens alike on several dates in one line.

Mon 2026-11-02                    - Rounds, 07:00-07:30
Tue 2026-11-03 to Fri 2026-11-27  ~ Rounds, 07:00-07:30: when: 07:00-07:30 -> 07:30-08:00 (19 times)
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING

from ircal.model.series import first_day, last_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ircal.difference.compare import Edit
    from ircal.model.schedule import Occurrence

_SIGNS = {"added": "+", "removed": "-"}


def lines(edits: Iterable[Edit]) -> Iterator[str]:
    """A line for each thing that happens, in order of the first date on which it does."""
    alike: dict[str, list[Edit]] = {}
    for edit in edits:
        alike.setdefault(f"{_SIGNS.get(edit.kind, '~')} {_sentence(edit)}", []).append(edit)
    for told, found in alike.items():
        times = f" ({len(found)} times)" if len(found) > 1 else ""
        yield f"{_dates(found)}  {told}{times}"


def counts(edits: Iterable[Edit]) -> str:
    """`20 added, 3 removed, 1 moved`."""
    found = Counter(edit.kind for edit in edits)
    return ", ".join(f"{number:,} {kind}" for kind, number in found.most_common())


def _sentence(edit: Edit) -> str:
    """What happens, without the date on which it does, unless it is to another day."""
    item = edit.either
    what = item.details.summary + (f", {_clock(item)}" if _clock(item) else "")
    if edit.before is None or edit.after is None:
        return what + (" (cancelled)" if item.cancelled else "")
    if edit.kind == "cancelled":
        return f"{what}: is cancelled"
    said = [line for line in edit.differences if not line.startswith("when: ") or not _same_days(edit)]
    if edit.kind == "moved" and _same_days(edit):
        said.insert(0, f"when: {_clock(edit.before)} -> {_clock(edit.after)}")
    return f"{what}: {'; '.join(said)}"


def _same_days(edit: Edit) -> bool:
    return edit.before is not None and edit.after is not None and _days(edit.before) == _days(edit.after)


def _clock(item: Occurrence) -> str:
    if isinstance(item.start, datetime) and isinstance(item.end, datetime):
        return f"{item.start:%H:%M}-{item.end:%H:%M}"
    return ""


def _days(item: Occurrence) -> tuple[date, date]:
    if item.all_day:
        return first_day(item.start), last_day(item.start, item.end)
    return item.first_day, item.first_day  # a night shift belongs to the day on which it starts


def _dates(edits: list[Edit]) -> str:
    """From the first day to the last."""
    spans = [_days(edit.either) for edit in edits]
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    return _day(first) if first == last else f"{_day(first)} to {_day(last)}"


def _day(day: date) -> str:
    return f"{day:%a %Y-%m-%d}"
