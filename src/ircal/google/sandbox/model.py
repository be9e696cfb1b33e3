"""What the sandbox remembers: calendars and events as values, and how an event is shown.

A `Stored` event is never changed, only replaced. It carries two numbers from the world's count of writes: `version` is
what the etag is made of, `changed` is when sync tokens must hear of it. They differ because changing reminders alone
does not touch `updated`. An instance that Google would make on the fly is a `Stored` too, and simply not kept.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ircal.google.sandbox.drafts import Fields
from ircal.google.sandbox.recurrence import Series
from ircal.google.sandbox.times import Moment, moment_of

Resource = dict[str, Any]


@dataclass(frozen=True)
class Stored:
    """One event: single, master or exception; `dropped` if it is an exception to what the rule no longer makes."""

    fields: Mapping[str, Any]
    version: int
    changed: int
    dropped: bool = False

    @property
    def id(self) -> str:
        """The event's id, unique on its calendar."""
        return str(self.fields["id"])

    @property
    def etag(self) -> str:
        """The entity tag, with its quotes, as Google sends it in the body and in the header."""
        return f'"{self.version:016d}"'

    @property
    def cancelled(self) -> bool:
        """Whether it was deleted by itself; one whose master was deleted is not."""
        return bool(self.fields["status"] == "cancelled")

    @property
    def recurring(self) -> bool:
        """Whether this is a master."""
        return "recurrence" in self.fields

    @property
    def master_id(self) -> str:
        """The id of the master, for an instance or exception; empty for others."""
        return str(self.fields.get("recurringEventId", ""))

    @property
    def start(self) -> Moment:
        """Where it starts."""
        return moment_of(self.fields, "start")

    @property
    def end(self) -> Moment:
        """Where it ends."""
        return moment_of(self.fields, "end")

    @property
    def series(self) -> Series:
        """What a master stands for."""
        return Series(self.start, self.end, tuple(self.fields["recurrence"]))


@dataclass
class Calendar:
    """One calendar and everything on it. `generation` is raised to make its sync tokens worthless.

    `born` tells it from a calendar of that id in a world that was before.
    """

    id: str
    summary: str
    time_zone: str
    owner: str
    description: str = ""
    location: str = ""
    version: int = 0
    updated: str = ""
    generation: int = 0
    born: str = ""
    events: dict[str, Stored] = field(default_factory=dict)
    rules: dict[str, Resource] = field(default_factory=dict)
    _of_master: dict[str, dict[str, Stored]] = field(default_factory=dict)

    def resource(self) -> Resource:
        """The calendar as `calendars.get` shows it."""
        shown: Resource = {"kind": "calendar#calendar", "etag": f'"{self.version:016d}"', "id": self.id}
        shown |= {"summary": self.summary, "timeZone": self.time_zone, "dataOwner": self.owner}
        return shown | {name: text for name in ("description", "location") if (text := getattr(self, name))}

    def list_entry(self) -> Resource:
        """The calendar as `calendarList` shows it."""
        extra = {"kind": "calendar#calendarListEntry", "accessRole": "owner", "defaultReminders": [], "selected": True}
        return self.resource() | extra

    def keep(self, event: Stored) -> None:
        """Keep an event in place of any of the same id."""
        self.events[event.id] = event
        if event.master_id:
            self._of_master.setdefault(event.master_id, {})[event.id] = event

    def forget(self, event: Stored) -> None:
        """Keep an exception no longer."""
        del self.events[event.id]
        del self._of_master[event.master_id][event.id]

    def visible(self, event_id: str) -> Stored | None:
        """The kept event of that id, unless its occurrence is gone."""
        found = self.events.get(event_id)
        return None if found is None or found.dropped else found

    def exceptions(self, master_id: str) -> list[Stored]:
        """What is kept of the instances of a master, the dropped ones too."""
        return list(self._of_master.get(master_id, {}).values())

    def is_cancelled(self, event: Stored) -> bool:
        """Whether an event is cancelled, by itself, with its master, or because its occurrence is gone."""
        master = self.events.get(event.master_id)
        return event.cancelled or event.dropped or (master is not None and master.cancelled)


def show(calendar: Calendar, event: Stored, zone_name: str = "", *, brief: bool = False) -> Resource:
    """The event as the API shows it, in the calendar's zone or the one asked for.

    A deleted single event keeps its details, as on an organiser's calendar. `brief` takes them away, as an incremental
    list does. Cancelled exceptions have them never: nobody may count on more than the guaranteed fields.
    """
    shown: Resource = {"kind": "calendar#event", "etag": event.etag, "id": event.id}
    cancelled = calendar.is_cancelled(event)
    if cancelled and (brief or event.master_id):
        return shown | {"status": "cancelled"} | _origin(calendar, event, zone_name)
    shown |= {"status": "cancelled" if cancelled else event.fields["status"], "htmlLink": _link(calendar, event)}
    shown |= {name: value for name, value in event.fields.items() if name not in shown}
    shown |= {name: moment_of(shown, name).resource(zone_name or calendar.time_zone) for name in ("start", "end")}
    return shown | _origin(calendar, event, zone_name)


def _origin(calendar: Calendar, event: Stored, zone_name: str) -> Fields:
    if not event.master_id:
        return {}
    original = moment_of(event.fields, "originalStartTime").resource(zone_name or calendar.time_zone)
    return {"recurringEventId": event.master_id, "originalStartTime": original}


def _link(calendar: Calendar, event: Stored) -> str:
    key = base64.urlsafe_b64encode(f"{event.id} {calendar.id}".encode()).decode().rstrip("=")
    return f"https://www.google.com/calendar/event?eid={key}"
