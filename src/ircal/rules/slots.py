"""Slots: the sessions of one conference while the rules work on them.

Order, low to high precedence: the rule and holidays, which are here; overrides of the session, closures of its site,
`restore`, which are in `ircal.rules.exceptions`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ircal.model.schedule import Step
from ircal.model.when import Relative
from ircal.rules.days_off import shifted
from ircal.rules.nominal import FARTHEST, nominal_slots
from ircal.rules.texts import day_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ircal.model.conferences import Conference
    from ircal.rules.days_off import DaysOff
    from ircal.rules.nominal import Source
    from ircal.rules.slot import Slot

_DAY = timedelta(days=1)
_AHEAD = 30
"""In how many days after the last a session may be that holidays move back to it."""


def planned(conference: Conference, first: date, last: date, source: Source) -> list[Slot]:
    """The sessions that the rule gives and no holiday takes away, with nominal dates from `first` to `last`.

    Those of later dates that are moved to that time come too.
    """
    nominal = [*nominal_slots(conference, first, last, source), *_from_later(conference, last, source)]
    off, counted = source.off, isinstance(conference.when, Relative)  # what is counted may be on a weekend, too
    held = (after_holidays(slot, conference, off) if counted or slot.day in off else slot for slot in nominal)
    return [slot for slot in held if slot]


def _from_later(conference: Conference, last: date, source: Source) -> Iterator[Slot]:
    """The sessions of later days that are held on the last day or before, so that no year lacks what comes into it."""
    off = source.off
    moves = [item for item in source.program.overrides if item.move and item.conference == conference.id]
    days = {item.date for item in moves if item.date and item.move and item.move.to <= last < item.date}
    if conference.on_holidays == "previous_workday":
        later = (last + _DAY * number for number in range(1, _AHEAD))
        days |= {day for day in later if (_held_on(day, conference, off) or day) <= last}
    if isinstance(conference.when, Relative) and conference.when.conference:
        following = nominal_slots(conference, last + _DAY, last + FARTHEST, source)
        days |= {slot.nominal_day for slot in following if slot.day <= last}
    for day in sorted(days):
        yield from nominal_slots(conference, day, day, source)


def after_holidays(slot: Slot, conference: Conference, off: DaysOff) -> Slot | None:
    """Where the session is after the holidays of its site: as it is, moved, or left out (None)."""
    if conference.sessions is not None:
        return slot
    day, holiday = _held_on(slot.day, conference, off), off.get(slot.day)
    if day is None or (day == slot.day and holiday is None):
        return None if day is None else slot
    holiday = holiday or f"a {slot.day:%A}"
    if day == slot.day:
        text, why = f"held although {slot.day} is {holiday}", f"held although it is {holiday}"
    else:
        text = f"{slot.day} is {holiday}: moved to {day}"
        why = f"{day_text(slot.day)} is {holiday}: moved to {day_text(day)}"
    return slot._replace(day=day, steps=(*slot.steps, Step(text, conference.place, why)))


def _held_on(day: date, conference: Conference, off: DaysOff) -> date | None:
    """The day on which a session of that day is held; what is counted from something may well be on a weekend."""
    return shifted(day, conference.on_holidays, off, weekends=isinstance(conference.when, Relative))
