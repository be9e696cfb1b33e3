"""The VEVENTs of one UID, as the content lines that stand in a feed (RFC 5545 section 3.6.1).

Most of a feed is these, and of a series with many exceptions all are written anew when one of them changes, for they
have their SEQUENCE in common. So their lines are made here, in the order in which the library would write them: first
what calendars look for, then the rest by name. Values that take more than an escape are left to the library.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from icalendar import vGeo, vRecur

from ircal.feeds.alarms import alarms
from ircal.feeds.expansion import shown_once
from ircal.feeds.text import clean, escaped, fold, one_line, uri

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.model.schedule import Details
    from ircal.model.series import Override, Revision, Series

COLOR = re.compile(r"[a-z]+")
"""COLOR takes the names of CSS colours alone (RFC 7986 section 5.9); anything else is left out."""


class _OfAll(NamedTuple):
    """What is the same for all events of a UID; `changed` is in UTC, and `note` the last line of their descriptions."""

    uid: str
    sequence: int
    changed: str
    note: str


def events(series: Series, revision: Revision, note: str) -> Iterator[bytes]:
    """The master (or single event), then each exception in the order of the slots that they replace.

    `note` is the last line of each description; none when it is empty.
    """
    of_all = _OfAll(escaped(series.uid), revision.sequence, _utc(revision.changed), note)
    rule = [f"RRULE:{_rule(series.rrule)}"] if series.rrule else []
    rule += [_time("EXDATE", exdate) for exdate in series.exdates]
    yield _event(series, of_all, [], rule) + _ended(series.details, series.uid)
    for override in series.overrides:
        slot = override.recurrence_id
        exception = _event(override, of_all, [_time("RECURRENCE-ID", slot)], [])
        yield exception + _ended(override.details, f"{series.uid} {slot.isoformat()}")


def _event(entry: Series | Override, of_all: _OfAll, slot: list[str], rule: list[str]) -> bytes:
    """All but the end of one event; `slot` says which it replaces, `rule` when it repeats, if it does."""
    start, end = _plain(entry.start, entry.end)
    lines = [
        "BEGIN:VEVENT",
        f"SUMMARY:{escaped(one_line(entry.details.summary))}",
        _time("DTSTART", start),
        _time("DTEND", end),
        f"DTSTAMP:{of_all.changed}",
        f"UID:{of_all.uid}",
        *slot,
        f"SEQUENCE:{of_all.sequence}",
        *rule,
        *_by_name(entry.details, of_all, timed=isinstance(entry.start, datetime)),
    ]
    return b"".join(map(fold, lines))


def _by_name(details: Details, of_all: _OfAll, *, timed: bool) -> Iterator[str]:
    """The other properties, by their names."""
    if names := [name for name in map(one_line, details.categories) if name]:
        yield f"CATEGORIES:{','.join(map(escaped, names))}"
    if COLOR.fullmatch(details.color):
        yield f"COLOR:{details.color}"
    if timed and details.link.lower().startswith("https://"):
        # One can join a session over the web (RFC 7986 section 5.11).
        yield f"CONFERENCE;FEATURE=VIDEO;VALUE=URI:{uri(details.link)}"
    if description := "\n".join(filter(None, (clean(details.description), of_all.note))):
        yield f"DESCRIPTION:{escaped(description)}"
    if details.geo and all(map(math.isfinite, details.geo)):
        latitude, longitude = details.geo
        yield f"GEO:{vGeo((round(latitude, 6), round(longitude, 6))).to_ical()}"
    yield f"LAST-MODIFIED:{of_all.changed}"
    if details.location:
        yield f"LOCATION:{escaped(clean(details.location))}"
    yield f"STATUS:{details.status}"
    free = details.transparent or details.status == "CANCELLED"
    yield f"TRANSP:{'TRANSPARENT' if free else 'OPAQUE'}"
    if details.link:
        yield f"URL:{uri(details.link)}"
    yield f"X-MICROSOFT-CDO-BUSYSTATUS:{'FREE' if free else 'BUSY'}"


def _ended(details: Details, key: str) -> bytes:
    """The alarms and the end of an event; `key` tells it from all others of its UID."""
    return alarms(details, key) + b"END:VEVENT\r\n"


def _plain(*edges: date | datetime) -> tuple[date | datetime, ...]:
    """Start and end; in UTC when the clock shows one of them twice, since clients differ on which time is meant."""
    moments = [edge for edge in edges if isinstance(edge, datetime)]
    return edges if all(map(shown_once, moments)) else tuple(moment.astimezone(UTC) for moment in moments)


def _time(name: str, value: date | datetime) -> str:
    """A property that is a date, or a moment in its zone."""
    if not isinstance(value, datetime):
        return f"{name};VALUE=DATE:{value:%Y%m%d}"
    zone = value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else "UTC"
    return f"{name}:{_utc(value)}" if zone == "UTC" else f"{name};TZID={zone}:{value:%Y%m%dT%H%M%S}"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


@lru_cache(maxsize=1024)
def _rule(rrule: str) -> str:
    return str(vRecur.from_ical(rrule).to_ical(), "ascii")
