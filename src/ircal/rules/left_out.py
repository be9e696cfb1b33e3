"""Sessions that a rule names a day for and that are held on no day, each with the reason.

A calendar has no trace of them. Whoever asks why a session is not there is answered by the same rules that left it out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ircal.model.schedule import Step
from ircal.rules.exceptions import source_of
from ircal.rules.nominal import in_season, named_slots
from ircal.rules.slots import after_holidays

if TYPE_CHECKING:
    from datetime import date

    from ircal.model.conferences import Conference
    from ircal.model.program import Program
    from ircal.rules.horizon import Horizon
    from ircal.rules.slot import Slot


def left_out(conference: Conference, program: Program, day: date, horizon: Horizon) -> Slot | None:
    """The session that the rule names for a day and that is held on no day; its last step says why."""
    source = source_of(conference, program, horizon)
    slot = next(named_slots(conference, day, day, source), None) if conference.when else None
    if slot is None:
        return None
    if reason := _out_of_time(conference, day):
        return slot._replace(steps=(*slot.steps, Step(reason, conference.place)))
    if after_holidays(slot, conference, source.off) is None:
        reason = f"left out: {slot.day} is {source.off.get(slot.day, 'far from any working day')}"
        return slot._replace(steps=(*slot.steps, Step(reason, conference.place)))
    return None


def _out_of_time(conference: Conference, day: date) -> str:
    """Why a day that the rule names is outside the conference's time; empty when it is not."""
    if conference.start and day < conference.start:
        return f"left out: {conference.name} begins on {conference.start}"
    if conference.until and day > conference.until:
        return f"left out: {conference.name} ended on {conference.until}"
    if conference.season and not in_season(conference, day):
        return f"left out: out of season, which is {'..'.join(map(str, conference.season))}"
    return ""
