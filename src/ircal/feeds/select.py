"""Which occurrences belong on a calendar, and how they are worded there.

A personal occurrence (rotation, duty, leave, deadline) belongs to one person; on any calendar but that person's own
it gets their name in front. Sessions and milestones are shared: a person's calendar shows those that they must or may
come to, and leaves out those that they are excused from. What is cancelled stays, marked so.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from ircal.rules.levels import class_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from zoneinfo import ZoneInfo

    from ircal.model.program import Calendar, Contents, Program
    from ircal.model.schedule import Kind, Occurrence, Schedule

CONTENTS: Mapping[Kind, Contents] = {
    "rotation": "rotations",
    "duty": "duties",
    "conference": "conferences",
    "deadline": "conferences",
    "milestone": "milestones",
    "leave": "leave",
}
"""What a calendar's `contents` calls each kind of occurrence."""


def select(schedule: Schedule, calendar: Calendar) -> tuple[Occurrence, ...]:
    """The calendar's occurrences, worded for it, in order of time; their times are in the programme's zone."""
    program = schedule.program
    belongs = _chooser(calendar, program)
    chosen = (item for item in schedule.occurrences if CONTENTS[item.rule.kind] in calendar.contents and belongs(item))
    worded = (_worded(_timed(item, program.settings.zone), calendar, program) for item in chosen)
    return tuple(sorted(worded, key=lambda item: order_of(item, program.settings.zone)))


def order_of(occurrence: Occurrence, zone: ZoneInfo) -> tuple[datetime, str, str, str, str]:
    """By time (whole days begin at midnight in the zone), then UID; the rest makes the order total."""
    start = occurrence.start
    instant = start if isinstance(start, datetime) else datetime.combine(start, time.min, zone)
    identity = str(occurrence.rule), occurrence.person, str(occurrence.nominal)
    return instant.astimezone(UTC), occurrence.uid, *identity


def _chooser(calendar: Calendar, program: Program) -> Callable[[Occurrence], bool]:
    match calendar.kind:
        case "resident":
            return lambda item: item.concerns(calendar.of)
        case "site":
            return lambda item: item.site == calendar.of
        case "rotation":
            return lambda item: item.rotation == calendar.of
        case "conference":
            return lambda item: item.rule == ("conference", calendar.of)
        case "class":
            return _of_class(calendar.of, program)
        case _:  # the whole programme
            return lambda _: True


def _of_class(graduation_year: str, program: Program) -> Callable[[Occurrence], bool]:
    members = [person.id for person in program.residents if str(class_of(person, program)) == graduation_year]
    return lambda item: any(item.concerns(member) for member in members)


def _worded(occurrence: Occurrence, calendar: Calendar, program: Program) -> Occurrence:
    if not occurrence.person or calendar.kind == "resident":
        return occurrence
    person = program.people.get(occurrence.person)
    summary = f"{person.name if person else occurrence.person}: {occurrence.details.summary}"
    return replace(occurrence, details=replace(occurrence.details, summary=summary))


def _timed(occurrence: Occurrence, zone: ZoneInfo) -> Occurrence:
    """With the times that the zone's clock shows: one in the hour skipped in spring is an hour later there.

    RFC 5545 section 3.3.5 reads such a time by the offset before the gap. The nominal time is identity and stays.
    """
    if not isinstance(occurrence.start, datetime) or not isinstance(occurrence.end, datetime):
        return occurrence
    start, end = _shown(occurrence.start, zone), _shown(occurrence.end, zone)
    if end <= start:  # only the start was in the skipped hour, and overtook the end
        end = _shown(start.astimezone(UTC) + (occurrence.end - occurrence.start), zone)
    return replace(occurrence, start=start, end=end)


def _shown(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(UTC).astimezone(zone)


def nominal_day(occurrence: Occurrence, zone: ZoneInfo) -> date:
    """The day that the rule gave, by the zone's clock."""
    nominal = occurrence.nominal
    return nominal.astimezone(zone).date() if isinstance(nominal, datetime) else nominal
