"""Google's events as what we own.

`events.list` tells of masters, single events and exceptions in one flat list. Here they are put together again, and
whatever does not bear our mark is passed over. Only our own private properties are trusted. What Google shows besides
is read as far as it can be, for people to compare.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ircal.google.identity import HASH, PART, SPAN, TIMES, UID, Mark, private
from ircal.model.schedule import Details
from ircal.model.series import Override, Series, last_day
from ircal.plan import Owned, OwnedException, moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Event = Mapping[str, Any]

_EXDATE = re.compile(r"EXDATE(?:;VALUE=DATE|;TZID=(?P<zone>[^:;]+))?:(?P<values>.+)")


def owned_events(items: Iterable[Event], mark: Mark) -> tuple[Owned, ...]:
    """Our events among the items of a list, each with its exceptions; the filter of the list is not relied on."""
    masters: dict[str, Event] = {}
    exceptions: dict[str, list[Event]] = defaultdict(list)
    for item in items:
        if "recurringEventId" in item:
            # Of a cancelled exception Google guarantees no more than where it belongs.
            if mark.is_on(item) or item.get("status") == "cancelled":
                exceptions[item["recurringEventId"]].append(item)
        elif mark.is_on(item) and item.get("status") != "cancelled":
            masters[item["id"]] = item
    return tuple(_owned(item, exceptions[event_id], mark) for event_id, item in masters.items())


def _owned(item: Event, exceptions: Sequence[Event], mark: Mark) -> Owned:
    ours, shown = private(item), _shown(item, exceptions)
    first, last = _span(ours.get(SPAN, "")) or (_day(shown.start), last_day(shown.start, shown.end))
    return Owned(
        id=item["id"],
        uid=ours.get(UID, ""),
        digest=ours.get(HASH, ""),
        first=first,
        last=last,
        etag=item.get("etag", ""),
        sequence=item.get("sequence", 0),
        exceptions=tuple(map(_exception, exceptions)),
        shown=shown,
        times=ours.get(TIMES, ""),
        copied=item["id"] != mark.event_id(ours.get(UID, "")),
    )


def _exception(item: Event) -> OwnedException:
    return OwnedException(
        id=item["id"],
        original=moment(_read(item["originalStartTime"])),
        digest=private(item).get(PART, ""),
        etag=item.get("etag", ""),
        cancelled=item.get("status") == "cancelled",
    )


def _span(text: str) -> tuple[date, date] | None:
    first, _, last = text.partition("/")
    try:
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None


# ------------------------------------------------------------------------------------------------ for people to compare


def _shown(item: Event, exceptions: Iterable[Event]) -> Series:
    start, lines = _read(item["start"]), item.get("recurrence", ())
    dropped = [_read(each["originalStartTime"]) for each in exceptions if each.get("status") == "cancelled"]
    return Series(
        uid=private(item).get(UID, ""),
        start=start,
        end=_read(item["end"]),
        details=_details(item),
        rrule=next((line.removeprefix("RRULE:") for line in lines if line.startswith("RRULE:")), ""),
        exdates=(*(at for line in lines for at in _exdates(line, start)), *dropped),
        overrides=tuple(_override(each) for each in exceptions if each.get("status") != "cancelled"),
    )


def _override(item: Event) -> Override:
    return Override(_read(item["originalStartTime"]), _read(item["start"]), _read(item["end"]), _details(item))


def _details(item: Event) -> Details:
    return Details(
        summary=item.get("summary", ""),
        description=item.get("description", ""),
        location=item.get("location", ""),
        transparent=item.get("transparency") == "transparent",
        status="TENTATIVE" if item.get("status") == "tentative" else "CONFIRMED",
    )


def _read(told: Mapping[str, str]) -> date | datetime:
    """An EventDateTime, seen in the zone that it names."""
    if "date" in told:
        return date.fromisoformat(told["date"])
    at = datetime.fromisoformat(told["dateTime"])
    zone = _zone(told.get("timeZone"))
    return at.astimezone(zone) if zone else at


def _exdates(line: str, start: date | datetime) -> Iterator[date | datetime]:
    """The values of an EXDATE line, in whatever form Google gives it back; what cannot be read is passed over."""
    match = _EXDATE.fullmatch(line)
    for text in match["values"].split(",") if match else ():
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            continue
        if not isinstance(start, datetime):
            yield at.date()
        else:
            yield at if at.tzinfo else at.replace(tzinfo=(_zone(match["zone"]) if match else None) or start.tzinfo)


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _day(at: date | datetime) -> date:
    return at.date() if isinstance(at, datetime) else at
