"""Masters and their instances: which ones exist, and what an exception does to them.

Google keeps one record for a master and one for each instance that was changed or cancelled, an exception. Everything
else is made when asked for. The identity of an instance is its master and its original start, whatever becomes of it.

From the documentation: ids, `recurringEventId`, `originalStartTime`; an exception is a copy of its instance, so later
changes to the master do not reach it; a stricter visibility of one instance becomes that of the series, a looser one is
ignored. Guessed, as nothing says so: an exception survives every change of its master that still generates its original
start, and is dropped by any other; a dropped one is gone from gets and lists, is told to sync tokens as cancelled, and
does not come back with the rule, while its occurrence does, fresh.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from ircal.google.sandbox.errors import NotFound
from ircal.google.sandbox.model import Calendar, Stored
from ircal.google.sandbox.recurrence import instance_id, split_instance_id
from ircal.google.sandbox.times import Moment

_STRICTNESS = {"public": 0, "default": 1, "private": 2, "confidential": 2}


@dataclass(frozen=True)
class Window:
    """The stretch that a list asks for: events that end after `after` and start before `before`."""

    after: datetime | None = None
    before: datetime | None = None

    def holds(self, event: Stored, calendar_zone: str) -> bool:
        """Whether the event overlaps the stretch; both bounds are exclusive."""
        return not self.too_early(event.end, calendar_zone) and not self.too_late(event.start, calendar_zone)

    def too_early(self, end: Moment, calendar_zone: str) -> bool:
        """Whether what ends there is over before the stretch begins."""
        return self.after is not None and end.instant(calendar_zone) <= self.after

    def too_late(self, start: Moment, calendar_zone: str) -> bool:
        """Whether what starts there, and so everything later, comes after the stretch."""
        return self.before is not None and start.instant(calendar_zone) >= self.before


def find(calendar: Calendar, event_id: str) -> Stored:
    """The event of that id: kept, or an instance made on the fly."""
    kept = calendar.visible(event_id)
    if kept:
        return kept
    parts = split_instance_id(event_id)
    master = calendar.visible(parts[0]) if parts else None
    if not parts or not master or not master.recurring:
        raise NotFound
    start = master.series.start_with(parts[1])
    if not start:
        raise NotFound
    return instance(master, start, master.series.end_of(start))


def instance(master: Stored, start: Moment, end: Moment) -> Stored:
    """The instance that starts there, as the rule makes it."""
    fields = {name: value for name, value in master.fields.items() if name != "recurrence"}
    fields |= {"start": start.stored(), "end": end.stored()}
    fields |= {"id": instance_id(master.id, start), "recurringEventId": master.id, "originalStartTime": start.stored()}
    return Stored(fields, master.version, master.changed)


def expand(calendar: Calendar, master: Stored, window: Window) -> Iterator[Stored]:
    """The instances of a master within a window, with its exceptions in place of what they replace."""
    exceptions = {event.id: event for event in calendar.exceptions(master.id)}
    for exception in exceptions.values():
        if window.holds(exception, calendar.time_zone):
            yield exception
    replaced = {event.id for event in exceptions.values() if not event.dropped}
    series = master.series
    for start in series.starts(window.after):
        if window.too_late(start, calendar.time_zone):
            return
        end = series.end_of(start)
        if not window.too_early(end, calendar.time_zone) and instance_id(master.id, start) not in replaced:
            yield instance(master, start, end)


def orphans(master: Stored, exceptions: Iterable[Stored]) -> set[str]:
    """The ids of the exceptions whose occurrence the master does not make, or no longer."""
    ids = {event.id for event in exceptions}
    if not ids or not master.recurring:
        return ids
    return ids - {instance_id(master.id, start) for start in master.series.starts()}


def stricter(one: str, other: str) -> bool:
    """Whether the first visibility shows less than the second."""
    return _STRICTNESS[one] > _STRICTNESS[other]
