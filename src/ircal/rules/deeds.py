"""What an override does, as a link of provenance: for whoever looks after the programme, and for readers of a calendar.

The first has ids and the date on which it was asked for; the second has names, and says nothing of who is excused or
asked to come, which is between them and whoever asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ircal.model.schedule import Step
from ircal.rules.texts import day_text, person_name, site_name, told

if TYPE_CHECKING:
    from datetime import date

    from ircal.model.overrides import Override
    from ircal.model.program import Program

_PAST = {
    "cancel": "cancelled",
    "replace": "replaced",
    "change": "changed",
    "restore": "kept although closed",
    "add": "added",
}


def deed_of(override: Override, day: date, program: Program) -> Step:
    """What it does to the session of that day."""
    if override.move:
        clock = f" {override.move.at}" if override.move.at else ""
        deed = f"moved from {day} to {override.move.to}{clock}"
        return _step(deed, f"moved from {day_text(day)} to {day_text(override.move.to)}{clock}", override, program)
    past = _PAST.get(override.action, "")
    people = ", ".join(override.excuse or override.require)
    return _step(past or f"{override.action}: {people}", past, override, program)


def closing(site: str, closure: Override, program: Program) -> Step:
    """That it closes the site of the session."""
    closed = f"{site_name(site, program)} is closed"
    return _step(closed, closed, closure, program)


def _step(deed: str, in_words: str, override: Override, program: Program) -> Step:
    reason = f": {override.reason}" if override.reason else ""
    named = f" by {person_name(override.by, program)}" if override.by else ""
    why = f"{in_words}{named}{reason}" if in_words else ""
    return Step(told(deed, override), override.place, why)
