"""The `recurrence` lines of an event, as Google gives them back: in an order and a spelling of its own."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from ircal.google.answers import zone_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_RRULE = "RRULE:"
_EXDATE = re.compile(r"EXDATE(?:;VALUE=DATE|;TZID=(?P<zone>[^:;]+))?:(?P<values>.+)")
_UNSAID = {"INTERVAL=1", "WKST=MO"}
"""What a rule means anyhow."""


def rule_of(lines: Iterable[str]) -> str:
    """The value of the RRULE; empty where there is none."""
    return next((line.removeprefix(_RRULE) for line in lines if line.startswith(_RRULE)), "")


def parts_of(rule: str) -> list[str]:
    """The parts of a rule in one order, whatever order they came in."""
    return sorted({_in_order(part) for part in rule.upper().split(";")} - _UNSAID)


def _in_order(part: str) -> str:
    name, equals, values = part.partition("=")
    return f"{name}{equals}{','.join(sorted(values.split(',')))}"


def exdates(line: str, start: date | datetime) -> Iterator[date | datetime]:
    """The values of an EXDATE line, in whatever form Google gives it back; what cannot be read is passed over."""
    match = _EXDATE.fullmatch(line)
    for text in match["values"].split(",") if match else ():
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            continue
        if not isinstance(start, datetime):
            yield at.date()
        else:
            yield at if at.tzinfo else at.replace(tzinfo=(zone_of(match["zone"]) if match else None) or start.tzinfo)


def others(lines: Iterable[str]) -> list[str]:
    """The lines that are neither: we write none."""
    return sorted(line for line in lines if not line.startswith((_RRULE, "EXDATE")))
