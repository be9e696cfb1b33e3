"""What Google answers, with types: the fields of an event and of a page that we look at.

An answer comes from outside and may be anything: a half page, a sign-in page's idea of JSON, an API that has changed.
What does not fit these shapes is refused here, as pydantic's ValidationError (a ValueError), so that nobody further in
has to ask; but an event of somebody else's, which does not concern us, is passed over in a list of events. Names are
Google's, in our spelling. Events are many and stay in memory, so they are dataclasses with slots.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel
from pydantic.dataclasses import dataclass

from ircal.google.identity import MARK

_LIST = "calendar#events"
_AS_GOOGLE_WRITES = ConfigDict(alias_generator=to_camel, validate_by_name=True)


@dataclass(frozen=True, slots=True, config=_AS_GOOGLE_WRITES)
class EventDateTime:
    """A day, or a moment and the zone in which people think of it."""

    day: date | None = Field(default=None, alias="date")
    date_time: datetime | None = None
    time_zone: str = ""

    @property
    def at(self) -> date | datetime:
        """The day, or the moment in the zone that is named, which may stand in place of an offset.

        Raises ValueError where there is neither.
        """
        if self.day:
            return self.day
        if not self.date_time:
            raise ValueError("neither a day nor a moment")
        zone = zone_of(self.time_zone)
        if self.date_time.tzinfo is None:
            if zone is None:
                raise ValueError("a moment of no zone")
            return self.date_time.replace(tzinfo=zone)
        return self.date_time.astimezone(zone) if zone else self.date_time


@dataclass(frozen=True, slots=True, config=_AS_GOOGLE_WRITES)
class ExtendedProperties:
    """What programs write on an event for themselves."""

    private: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, config=_AS_GOOGLE_WRITES)
class Event:
    """A master, a single event, or an exception. Of a cancelled one no more than its id and its origin is promised."""

    id: str = Field(min_length=1)
    etag: str = ""
    status: str = ""
    sequence: int = 0
    summary: str = ""
    description: str = ""
    location: str = ""
    transparency: str = ""
    color_id: str = ""
    start: EventDateTime = EventDateTime()
    end: EventDateTime = EventDateTime()
    recurrence: tuple[str, ...] = ()
    recurring_event_id: str = ""
    original_start_time: EventDateTime = EventDateTime()
    extended_properties: ExtendedProperties = ExtendedProperties()

    def __hash__(self) -> int:
        """By what tells its versions apart: thousands are looked up in a run, and most are the very same object."""
        return hash((self.id, self.etag, self.status))

    @property
    def cancelled(self) -> bool:
        """Whether it is deleted."""
        return self.status == "cancelled"

    @property
    def private(self) -> dict[str, str]:
        """The private extended properties."""
        return self.extended_properties.private


@dataclass(frozen=True, slots=True, config=_AS_GOOGLE_WRITES)
class Page:
    """One page of `events.list`. An answer that has neither events nor the name of a list is none."""

    kind: str = ""
    items: tuple[Event, ...] | None = None
    next_page_token: str = ""
    next_sync_token: str = ""

    @property
    def events(self) -> tuple[Event, ...]:
        """The events of the page. Raises ValueError for what must not pass for an empty calendar."""
        if self.items is None and self.kind != _LIST:
            raise ValueError("not a list of events")
        return self.items or ()


EVENT, PAGE = TypeAdapter(Event), TypeAdapter(Page)
"""What reads them, and writes them as JSON. What is refused is a ValueError."""


def page_of(answer: object) -> Page:
    """A page as it was answered; if it says that it is one, without others' events that are odd. Raises ValueError."""
    try:
        return PAGE.validate_python(answer)
    except ValidationError:
        if not isinstance(answer, dict) or answer.get("kind") != _LIST or not isinstance(answer.get("items"), list):
            raise
        ours = [item for item in answer["items"] if _may_be_ours(item) or _is_event(item)]
        return PAGE.validate_python({**answer, "items": ours})


def _may_be_ours(item: object) -> bool:
    """Whether it bears our mark, or is nothing that could tell."""
    try:
        return not isinstance(item, dict) or MARK in item.get("extendedProperties", {}).get("private", {})
    except (AttributeError, TypeError):
        return False


def _is_event(item: object) -> bool:
    try:
        EVENT.validate_python(item)
    except ValidationError:
        return False
    return True


def zone_of(name: str | None) -> ZoneInfo | None:
    """The time zone of that name, if it is one (OSError: it is the name of a folder of the zone data, or too long)."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
