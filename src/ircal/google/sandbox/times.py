"""Times as the API writes them, and what they mean.

A `Moment` is Google's EventDateTime: a date, or an instant together with the zone in which it was meant. Parsing,
comparing and printing of times live here; rules that repeat them are in `recurrence`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from ircal.google.sandbox.errors import BadRequest, Invalid, Required

# Far enough from the ends of Python's calendar for any zone and any rule.
_YEARS = range(1000, 9000)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})?")


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name; `KeyError` if there is none."""
    # ZoneInfo itself would read any file below its folder, and raises a handful of unrelated errors for bad names.
    if name not in _zone_names():
        raise KeyError(name)
    return ZoneInfo(name)


@dataclass(frozen=True)
class Moment:
    """A date, or an aware instant seen in its own zone; `zone_name` is what the client said, or empty."""

    at: date | datetime
    zone_name: str = ""

    @property
    def all_day(self) -> bool:
        """Whether this is a date without a time."""
        return not isinstance(self.at, datetime)

    def instant(self, calendar_zone: str) -> datetime:
        """The moment in UTC; a date begins at midnight in the calendar's zone."""
        if isinstance(self.at, datetime):
            return self.at.astimezone(UTC)
        return datetime.combine(self.at, time(), zone(calendar_zone)).astimezone(UTC)

    def resource(self, display_zone: str) -> dict[str, str]:
        """The EventDateTime that Google would echo: in the calendar's zone, whatever offset was sent."""
        if not isinstance(self.at, datetime):
            return {"date": self.at.isoformat()}
        shown = self.at.astimezone(zone(display_zone)).isoformat(timespec="seconds")
        return {"dateTime": _with_z(shown), "timeZone": self.zone_name or display_zone}

    def stored(self) -> dict[str, str]:
        """The form in which an event keeps it: nothing added, nothing converted but the zone it was meant in."""
        if not isinstance(self.at, datetime):
            return {"date": self.at.isoformat()}
        kept = {"dateTime": self.at.isoformat(timespec="seconds")}
        return kept | ({"timeZone": self.zone_name} if self.zone_name else {})


def _with_z(text: str) -> str:
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def read_moment(value: object, name: str) -> Moment:
    """Read the field `name` ("start" or "end") of an event, refusing what Google refuses."""
    if value is None:
        raise Required(f"Missing {name} time.")
    if not isinstance(value, Mapping):
        raise Invalid(f"Invalid {name} time.")
    zone_name = _zone_name(value.get("timeZone"), name)
    if ("date" in value) == ("dateTime" in value):
        raise Invalid(f"Invalid {name} time.")
    at = _date(value["date"], name) if "date" in value else _date_time(value["dateTime"], zone_name, name)
    if at.year not in _YEARS:
        raise Invalid(f"Invalid {name} time.")
    return Moment(at, zone_name)


def _zone_name(value: object, name: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or value not in _zone_names():
        raise Invalid(f"Invalid time zone definition for {name} time.")
    return value


def _date(value: object, name: str) -> date:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise Invalid(f"Invalid {name} time.")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Invalid(f"Invalid {name} time.") from None


def _date_time(value: object, zone_name: str, name: str) -> datetime:
    parsed = _parse(value)
    if parsed is None:
        raise Invalid(f"Invalid {name} time.")
    if not zone_name:
        if parsed.tzinfo is None:
            raise Required(f"Missing time zone definition for {name} time.")
        return parsed
    return localise(parsed, zone_name) if parsed.tzinfo is None else parsed.astimezone(zone(zone_name))


def _parse(value: object) -> datetime | None:
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value.upper()).replace(microsecond=0)
    except ValueError:
        return None


def localise(wall_clock: datetime, zone_name: str) -> datetime:
    """A wall-clock time as an instant; one that a clock change skips is pushed past the gap."""
    aware = wall_clock.replace(tzinfo=zone(zone_name))
    return aware.astimezone(UTC).astimezone(zone(zone_name))


def read_timestamp(text: str, name: str) -> datetime:
    """Read the query parameter `name`: RFC 3339 with a mandatory offset."""
    parsed = _parse(text)
    if parsed is None or parsed.tzinfo is None:
        raise BadRequest(location=name)
    return parsed.astimezone(UTC)


def timestamp(instant: datetime) -> str:
    """An instant as Google prints `updated`: UTC with milliseconds."""
    return _with_z(instant.astimezone(UTC).isoformat(timespec="milliseconds"))


def moment_of(fields: Mapping[str, Any], name: str) -> Moment:
    """The stored field `name` of an event that was accepted before."""
    return read_moment(fields[name], name)
