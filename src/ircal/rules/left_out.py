"""Sessions that a rule names a day for and that are held on no day, each with the reason.

A calendar has no trace of them. Whoever asks why a session is not there is answered by the same rules that left it out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ircal.model.schedule import Step
from ircal.rules.recurrence import days_of
from ircal.rules.slots import after_holidays, by_rule, in_season

if TYPE_CHECKING:
    from datetime import date

    from ircal.model.conferences import Conference
    from ircal.model.program import Program
    from ircal.rules.days_off import DaysOff
    from ircal.rules.slots import Slot


def left_out(conference: Conference, program: Program, day: date, off: DaysOff) -> Slot | None:
    """The session that the rule names for a day and that is held on no day; its last step says why."""
    if conference.when is None or day not in days_of(conference.when, day, day):
        return None
    slot = by_rule(conference, day, program.settings.zone)
    if reason := _out_of_time(conference, day):
        return replace(slot, steps=(*slot.steps, Step(reason, conference.place)))
    if after_holidays(slot, conference, off) is None:
        return replace(slot, steps=(*slot.steps, Step(f"left out: {day} is {off[day]}", conference.place)))
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
