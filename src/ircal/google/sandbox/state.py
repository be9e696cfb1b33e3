"""The world behind the API: calendars, their events, and every verb that reads or writes them.

What may live here: state and the rules of its change. What may not: HTTP, clocks, chance. `now` is given, server-made
ids follow from a count, so the same calls always make the same world. Callers that share a world between threads hold
`World.lock` around each verb; the HTTP layer does.

From the documentation: ids, soft deletion, etags and If-Match, `sequence`, PUT against PATCH, import by iCalUID.
Guessed: every accepted write gives a new etag and `updated`, even one that says nothing new; a PUT that leaves out
`status` does not undelete; writing to an instance whose master is deleted is refused with 410; undeleting a master
brings its exceptions back.
"""

import base64
import hashlib
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from ircal.google.sandbox import listing, sharing
from ircal.google.sandbox.channels import Channels
from ircal.google.sandbox.drafts import Fields, accept, merge
from ircal.google.sandbox.errors import ConditionNotMet, Deleted, Duplicate, Invalid, NotFound, Required
from ircal.google.sandbox.instances import find, orphans, stricter
from ircal.google.sandbox.model import Calendar, Resource, Stored, show
from ircal.google.sandbox.query import Query
from ircal.google.sandbox.times import timestamp, zone

_EVENT_ID = re.compile(r"[a-v0-9]{5,1024}")
_KEPT = ("id", "iCalUID", "created", "creator", "organizer", "recurringEventId", "originalStartTime")
_WHEN = ("start", "end", "recurrence")
_STALE_SEQUENCE = (
    "Invalid sequence value. The specified sequence number is below the current sequence number of the resource."
    " Re-fetch the resource and use its sequence number on the following request."
)


class World:
    """Everything the sandbox knows. `now` tells the time; `owner` is the account on whose behalf all calls are made."""

    def __init__(self, now: Callable[[], datetime], owner: str = "owner@example.org") -> None:
        self.now = now
        self.owner = owner
        self.lock = threading.RLock()
        self.channels = Channels()
        self.notices: list[sharing.Notice] = []
        self._calendars: dict[str, Calendar] = {}
        self._revision = 0

    # ------------------------------------------------------------------------------------------------------- calendars

    @property
    def calendars(self) -> tuple[Calendar, ...]:
        """All calendars, in the order in which they were added."""
        return tuple(self._calendars.values())

    def calendar(self, calendar_id: str) -> Calendar:
        """The calendar of that id; `primary` is the one that bears the owner's name."""
        found = self._calendars.get(self._name(calendar_id))
        if not found:
            raise NotFound
        return found

    def _name(self, calendar_id: str) -> str:
        return self.owner if calendar_id == "primary" else calendar_id

    def add_calendar(self, calendar_id: str, summary: str, time_zone: str = "UTC", description: str = "") -> Calendar:
        """Put a calendar into the world under an id of one's choice, which the API does not allow."""
        calendar_id = self._name(calendar_id)
        if calendar_id in self._calendars:
            raise Duplicate
        try:
            zone(time_zone)
        except KeyError:
            raise Invalid("Invalid time zone.", location="timeZone") from None
        calendar = Calendar(calendar_id, summary, time_zone, self.owner, description, born=self.now().isoformat())
        self._calendars[calendar_id] = calendar
        self._touch(calendar)
        calendar.rules |= sharing.owner_rule(self.owner, self._revision)
        return calendar

    def insert_calendar(self, body: Mapping[str, Any]) -> Resource:
        """`calendars.insert`: the caller becomes the data owner."""
        if not body.get("summary"):
            raise Required(location="summary")
        calendar_id = f"c_{self._new_id('calendar')}@group.calendar.google.com"
        calendar = self.add_calendar(calendar_id, str(body["summary"]), str(body.get("timeZone") or "UTC"))
        calendar.description = str(body.get("description") or "")
        calendar.location = str(body.get("location") or "")
        return calendar.resource()

    def delete_calendar(self, calendar_id: str) -> None:
        """`calendars.delete`: with everything on it, for good."""
        calendar = self.calendar(calendar_id)
        del self._calendars[calendar.id]
        self.channels.tell(calendar.id, "not_exists", self._revision, self.now())

    def expire_sync_tokens(self) -> None:
        """Make every sync token worthless, as Google does when it likes."""
        for calendar in self._calendars.values():
            calendar.generation += 1

    # ---------------------------------------------------------------------------------------------------------- events

    def get(self, calendar_id: str, event_id: str, time_zone: str = "") -> Resource:
        """`events.get`: a deleted event too."""
        calendar = self.calendar(calendar_id)
        return show(calendar, find(calendar, event_id), time_zone)

    def list_events(self, calendar_id: str, query: Query) -> Resource:
        """`events.list`: one page, or the changes since a sync token."""
        return listing.list_events(self.calendar(calendar_id), query, self._revision)

    def instances(self, calendar_id: str, event_id: str, query: Query) -> Resource:
        """`events.instances`: one page of what a master stands for."""
        return listing.list_instances(self.calendar(calendar_id), event_id, query, self._revision)

    def insert(self, calendar_id: str, body: Mapping[str, Any]) -> Resource:
        """`events.insert`: under the client's id, or under one made here."""
        calendar = self.calendar(calendar_id)
        fields = accept(merge({}, body), calendar.time_zone)
        return self._create(calendar, fields | self._identity(calendar, body))

    def import_event(self, calendar_id: str, body: Mapping[str, Any]) -> Resource:
        """`events.import`: insert, or update what already has that iCalUID; a deleted one comes back."""
        calendar, uid = self.calendar(calendar_id), body.get("iCalUID")
        if not uid or not isinstance(uid, str):
            raise Required(location="iCalUID")
        known = _by_uid(calendar, uid)
        body = {name: value for name, value in body.items() if name != "id"}
        if not known:
            organizer = {"organizer": body["organizer"]} if isinstance(body.get("organizer"), dict) else {}
            fields = accept(merge({}, body), calendar.time_zone)
            return self._create(calendar, fields | self._identity(calendar, body) | organizer)
        # A copy that says nothing of its sequence is as new as the one that is here.
        return self._replace(calendar, known, {"sequence": known.fields["sequence"], **merge({}, body)})

    def update(self, calendar_id: str, event_id: str, body: Mapping[str, Any], if_match: str = "") -> Resource:
        """`events.update`: what the body leaves out is lost, and a sequence left out is 0."""
        calendar = self.calendar(calendar_id)
        old = self._writable(calendar, event_id, if_match)
        status = {"status": "cancelled"} if old.cancelled else {}
        return self._replace(calendar, old, status | merge({}, body))

    def patch(self, calendar_id: str, event_id: str, body: Mapping[str, Any], if_match: str = "") -> Resource:
        """`events.patch`: what the body leaves out stays."""
        calendar = self.calendar(calendar_id)
        old = self._writable(calendar, event_id, if_match)
        return self._replace(calendar, old, merge(old.fields, body))

    def delete(self, calendar_id: str, event_id: str, if_match: str = "") -> None:
        """`events.delete`: the id stays taken, the event can be undeleted."""
        calendar = self.calendar(calendar_id)
        old = self._writable(calendar, event_id, if_match)
        if old.cancelled:
            raise Deleted
        self._replace(calendar, old, {**old.fields, "status": "cancelled"})

    # ---------------------------------------------------------------------------------------------------------- sharing

    def list_rules(self, calendar_id: str) -> Resource:
        """`acl.list`."""
        return sharing.list_rules(self.calendar(calendar_id))

    def insert_rule(self, calendar_id: str, body: Mapping[str, Any], *, send_notifications: bool = True) -> Resource:
        """`acl.insert`: Google mails the grantee unless told not to, and `notices` remembers it."""
        calendar = self.calendar(calendar_id)
        self._touch(calendar)
        rule = sharing.insert_rule(calendar, body, self._revision)
        self.notices.append(sharing.Notice(calendar.id, rule["id"], rule["role"], send_notifications))
        return rule

    def patch_rule(
        self, calendar_id: str, rule_id: str, body: Mapping[str, Any], *, send_notifications: bool = True
    ) -> Resource:
        """`acl.patch`: the same for a rule that is there; its scope stays."""
        rule = self.calendar(calendar_id).rules.get(rule_id)
        if rule is None:
            raise NotFound
        merged = {"role": body.get("role") or rule["role"], "scope": rule["scope"]}
        return self.insert_rule(calendar_id, merged, send_notifications=send_notifications)

    def watch(self, calendar_id: str, body: Mapping[str, Any]) -> Resource:
        """`events.watch`: every later change of an event is told on the channel."""
        return self.channels.open(self.calendar(calendar_id).id, body, self.now()).resource()

    def stop(self, body: Mapping[str, Any]) -> None:
        """`channels.stop`."""
        self.channels.stop(body)

    # ---------------------------------------------------------------------------------------------------------- writing

    def _identity(self, calendar: Calendar, body: Mapping[str, Any]) -> Fields:
        event_id, uid = body.get("id"), body.get("iCalUID")
        if event_id is not None and not (isinstance(event_id, str) and _EVENT_ID.fullmatch(event_id)):
            raise Invalid("Invalid resource id value.")
        if uid is not None and not isinstance(uid, str):
            raise Invalid(location="iCalUID")
        if event_id and uid:
            raise Invalid("Only one of id and iCalUID may be supplied.")
        event_id = event_id or self._new_id(calendar.id)
        if event_id in calendar.events or (uid and _by_uid(calendar, uid)):
            raise Duplicate
        return {"id": event_id, "iCalUID": uid or f"{event_id}@google.com"}

    def _new_id(self, salt: str) -> str:
        digest = hashlib.sha256(f"{salt}|{self._revision}".encode()).digest()
        return base64.b32hexencode(digest).decode().lower()[:26]

    def _create(self, calendar: Calendar, fields: Fields) -> Resource:
        organizer = {"email": calendar.id, "displayName": calendar.summary, "self": True}
        made = {"creator": {"email": self.owner}, "organizer": organizer, "sequence": 0}
        made["created"] = timestamp(self.now().replace(microsecond=0))
        return show(calendar, self._keep(calendar, made | fields))

    def _writable(self, calendar: Calendar, event_id: str, if_match: str) -> Stored:
        found = find(calendar, event_id)
        if found.master_id and calendar.events[found.master_id].cancelled:
            raise Deleted
        if if_match not in {"", "*", found.etag}:
            raise ConditionNotMet
        return found

    def _replace(self, calendar: Calendar, old: Stored, said: Mapping[str, Any]) -> Resource:
        fields = accept(said, calendar.time_zone) | {name: old.fields[name] for name in _KEPT if name in old.fields}
        if old.master_id:
            fields.pop("recurrence", None)
            self._settle_visibility(calendar, old, fields)
        fields["sequence"] = _next_sequence(old.fields, fields)
        new = self._keep(calendar, fields, old)
        if not new.master_id:
            self._settle_exceptions(calendar, old, new)
        return show(calendar, new)

    def _keep(self, calendar: Calendar, fields: Fields, old: Stored | None = None) -> Stored:
        self._touch(calendar)
        known = old if old and old.id in calendar.events else None
        if known and _only_reminders_differ(known.fields, fields):
            # Reminders are the caller's own affair: the etag moves, `updated` and the sync tokens do not.
            new = Stored({**fields, "updated": known.fields["updated"]}, self._revision, known.changed)
        else:
            new = Stored({**fields, "updated": calendar.updated}, self._revision, self._revision)
            self.channels.tell(calendar.id, "exists", self._revision, self.now())
        calendar.keep(new)
        return new

    def _touch(self, calendar: Calendar) -> None:
        self._revision += 1
        calendar.version, calendar.updated = self._revision, timestamp(self.now())

    def _settle_exceptions(self, calendar: Calendar, old: Stored, new: Stored) -> None:
        exceptions = calendar.exceptions(new.id)
        gone = orphans(new, exceptions)
        for event in exceptions:
            if event.dropped and event.id not in gone:
                calendar.forget(event)
            elif event.dropped != (event.id in gone) or old.cancelled != new.cancelled:
                told = replace(event, version=self._revision, changed=self._revision, dropped=event.id in gone)
                calendar.keep(told)

    def _settle_visibility(self, calendar: Calendar, old: Stored, fields: Fields) -> None:
        master = calendar.events[old.master_id]
        series, wanted = (str(each.get("visibility", "default")) for each in (master.fields, fields))
        if stricter(series, wanted):
            fields["visibility"] = series
        elif stricter(wanted, series):
            for event in (master, *(each for each in calendar.exceptions(master.id) if not each.dropped)):
                self._keep(calendar, {**event.fields, "visibility": wanted})


def _only_reminders_differ(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    differing = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    return differing - {"updated"} == {"reminders"}


def _next_sequence(old: Mapping[str, Any], new: Mapping[str, Any]) -> int:
    current, given = int(old["sequence"]), int(new.get("sequence", 0))
    if given < current:
        raise Invalid(_STALE_SEQUENCE)
    moved = any(old.get(name) != new.get(name) for name in _WHEN)
    return max(given, current + 1 if moved else current)


def _by_uid(calendar: Calendar, uid: str) -> Stored | None:
    owners = (event for event in calendar.events.values() if event.fields["iCalUID"] == uid and not event.master_id)
    return next(owners, None)
