"""When a link ends by itself: some days after its reader has left the programme, or when its grace is over.

The day of leaving is the programme's word, so it is asked anew with every programme: who stays a year longer keeps the
link. A link for somebody whom the programme does not know any more has ended; one for nobody in particular stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from ircal.rules.levels import levels_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ircal.model.people import Person
    from ircal.model.program import Calendar, Program
    from ircal.store import Token


@dataclass(frozen=True, slots=True)
class Leavers:
    """From which instant on each person's links open nothing (None: never), and whose the personal calendars are."""

    ends: Mapping[str, datetime | None]
    owners: Mapping[str, str]

    @classmethod
    def of(cls, program: Program, days: int) -> Leavers:
        """Those of a programme; `days` is how long a link outlives its reader's last day."""
        ends = {person.id: _end(person, program, days) for person in program.people.values()}
        return cls(ends, {calendar.id: owner_of(calendar) for calendar in program.calendars.values()})

    def end_of(self, token: Token) -> datetime | None:
        """From when on the token opens nothing, by its own end and by its reader's; None if nothing ends it."""
        person = token.person or self.owners.get(token.calendar, "")
        left = self.ends.get(person, token.issued) if person else None
        return min((end for end in (token.expires, left) if end is not None), default=None)


def owner_of(calendar: Calendar) -> str:
    """The person whose own calendar it is, or nothing."""
    return calendar.of if calendar.kind == "resident" else ""


def _end(person: Person, program: Program, days: int) -> datetime | None:
    left = levels_of(person, program).end
    return datetime.combine(left + timedelta(days=days), time.min, program.settings.zone) if left else None
