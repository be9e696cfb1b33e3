"""How a comparison of a Google calendar with the programme is told: line by line, or as JSON."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ircal.cli import output
from ircal.model.series import last_day
from ircal.readback import Entry, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.model.program import Calendar, Window
    from ircal.readback import Comparison, Difference

MOST_LINES = 50


def verdict(found: Comparison) -> str:
    """How many occurrences are as they should be, and what is wrong with the others."""
    if found.equal:
        return f"{_counted(found.alike)}, {'all ' if found.alike > 1 else ''}as the programme says."
    parts = ((found.missing, "missing"), (found.extra, "too many"), (found.different, "different"))
    wrong = ", ".join(f"{len(entries):,} {word}" for entries, word in parts if entries)
    return f"{_counted(found.alike)} as the programme says; {wrong}."


def _counted(number: int) -> str:
    return f"{number:,} occurrence{'' if number == 1 else 's'}"


def tell(found: Comparison) -> None:
    """Print what is not as the programme says, the first of it where it is much."""
    lines = list(_lines(found))
    for line in lines[:MOST_LINES]:
        output.say(line)
    if len(lines) > MOST_LINES:
        output.say(f"... and {len(lines) - MOST_LINES:,} more, all of them with --format json")


def _lines(found: Comparison) -> Iterator[str]:
    yield from (f"missing: {_entry(entry)}" for entry in found.missing)
    yield from (f"too many: {_entry(entry)}" for entry in found.extra)
    yield from (f"different: {_entry(pair.expected)}: {_changes(pair)}" for pair in found.different)


def _entry(entry: Entry) -> str:
    cancelled = " (cancelled)" if entry.status == "CANCELLED" else ""
    return f"{_when(entry.start, entry.end)} {printable(entry.summary)}{cancelled}"


def _when(start: date, end: date) -> str:
    if isinstance(start, datetime) and isinstance(end, datetime):
        until = f"{end:%H:%M}" if end.date() == start.date() else _edge(end)
        return f"{_edge(start)}-{until}"
    final = last_day(start, end)
    return _edge(start) if final <= start else f"{_edge(start)} to {_edge(final)}"


def _edge(value: date) -> str:
    return f"{value:%a %-d %b %Y %H:%M}" if isinstance(value, datetime) else f"{value:%a %-d %b %Y}"


def _changes(pair: Difference) -> str:
    return ", ".join(
        f"{name} is {_value(getattr(pair.found, name))}, not {_value(getattr(pair.expected, name))}"
        for name in pair.fields
    )


def _value(value: date | str) -> str:
    return _edge(value) if isinstance(value, date) else f"'{printable(value)}'"


def as_json(calendar: Calendar, window: Window, found: Comparison, of: str) -> dict[str, Any]:
    """A comparison in JSON's types; `of` is what was compared with the programme."""
    return {
        "calendar": calendar.id,
        "from": window.start.isoformat(),
        "to": (window.end - timedelta(days=1)).isoformat(),
        "equal": found.equal,
        "alike": found.alike,
        "missing": [_entry_json(entry) for entry in found.missing],
        "extra": [_entry_json(entry) for entry in found.extra],
        "different": [
            {"programme": _entry_json(pair.expected), of: _entry_json(pair.found), "fields": pair.fields}
            for pair in found.different
        ],
    }


def _entry_json(entry: Entry) -> dict[str, str]:
    more = {name: text for name in ("description", "availability") if (text := getattr(entry, name))}
    return {
        "uid": entry.uid,
        "start": entry.start.isoformat(),
        "end": entry.end.isoformat(),
        "summary": entry.summary,
        "location": entry.location,
        "status": entry.status,
        **more,
    }
