"""How a fault is put into words: the closest known name, and values as a person would quote them.

For whoever reads what people wrote: the configuration, the sheets that are exchanged.
"""

from __future__ import annotations

import difflib
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

_LISTED = 15
_QUOTED = 40


def closest(name: object, known: Iterable[object], own: str = "") -> str:
    """The hint for an unknown name: the one that was probably meant, or what there is to choose from.

    `own` is the id of what is called so, if there is one.
    """
    names = sorted({str(each) for each in known})
    if own in names:
        return by_id(own)
    if match := nearest(str(name), names):
        return f"did you mean '{match}'?"
    if not names:
        return "there are none"
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"known: {', '.join(names[:_LISTED])}{more}"


def nearest(name: str, known: Sequence[str]) -> str:
    """The known name that was probably meant, empty if none is near."""
    same_letters = [each for each in known if each.casefold() == name.casefold()]
    return next(iter(difflib.get_close_matches(name, known, n=1) or same_letters), "")


def by_id(own: str) -> str:
    """The hint where a name is written and an id is wanted."""
    return f"write the id: '{own}'"


def quote(value: object) -> str:
    """A value as it was written, cut to a length that fits a line."""
    match value:
        case str():
            text = value if len(value) <= _QUOTED else value[:_QUOTED] + "\u2026"
            return f"'{text if text.isprintable() else text.encode('unicode_escape').decode()}'"
        case dict() | list() | tuple():
            return "a mapping" if isinstance(value, dict) else "a list"
        case None | bool():
            return "nothing" if value is None else str(value).lower()
        case _:
            return str(value)[:_QUOTED]


def listed(names: Iterable[str]) -> str:
    """Several names as people say them: "one, two and three"; of many the first, and how many more."""
    *most, last = list(names)
    if len(most) >= _LISTED:
        return f"{', '.join(most[:_LISTED])} and {len(most) + 1 - _LISTED} more"
    return f"{', '.join(most)} and {last}" if most else last


def count(number: int, noun: str) -> str:
    """`1 event`, `2 events`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def span(start: date, end: date) -> str:
    """The days `[start, end)` as people say them."""
    last = end - timedelta(days=1)
    return f"on {start}" if start == last else f"from {start} to {last}"
