"""What a calendar had and has no more, told as cancelled for a while.

A calendar program that has once shown an event may keep it, or keep its reminder, until it is told that the event will
not take place. So a feed goes on naming what was removed before its time: the same UID and dates, STATUS:CANCELLED.
All that is left to say it with is an `Outline`, which the store keeps beside the revision:

    Series --outline_of--> Outline --(remembered, until the UID is gone)--> Series that is cancelled

An outline was worded for the calendar as it was then. When the calendar is made to show something else, or to others,
then what fell off it by that was not taken from anybody's day, and what was said before may be more than may be said
now: nothing that was removed until then is told any more. The terms of a calendar are remembered under the UID `TERMS`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from ircal.feeds.expansion import until_of
from ircal.model.schedule import Details
from ircal.model.series import Outline, Said, Series, first_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from zoneinfo import ZoneInfo

    from ircal.feeds.feed import Feed
    from ircal.model.program import Calendar, Settings, Window
    from ircal.model.series import Revised

TERMS = ""
"""What a calendar shows and to whom is remembered as if it were an event with this UID."""


def said(feed: Feed, settings: Settings, before: Feed | None = None) -> Said:
    """All that the feed says now, for a store to compare with what it said before.

    When the store was told the feed `before`, only what is different from that.
    """
    former = {series.uid: series for series in before.series} if before else {}
    fresh = [series for series in feed.series if former.get(series.uid) is not series]
    digests = {series.uid: series.digest for series in fresh} | {TERMS: _terms(feed.calendar)}
    gone = former.keys() - {series.uid for series in feed.series} if before else None
    return Said(digests, Outlines(fresh, settings.zone), gone)


def removed_series(revised: Revised, settings: Settings, window: Window) -> tuple[Series, ...]:
    """The cancelled Series, by UID, of what was removed under the calendar's present terms and begins in the window.

    What was outlined in another time zone is left out, since a feed can only speak of one.
    """
    since = revised.current[TERMS].changed
    told = (
        _cancelled(uid, json.loads(removed.outline.text), settings.zone)
        for uid, removed in sorted(revised.removed.items())
        if removed.revision.changed > since
    )
    return tuple(series for series in told if series is not None and first_day(series.start) < window.end)


def _terms(calendar: Calendar) -> str:
    terms = (calendar.kind, calendar.of, sorted(calendar.contents), calendar.public, calendar.detail)
    return hashlib.sha256(repr(terms).encode()).hexdigest()[:32]


class Outlines(Mapping[str, Outline]):
    """The outlines of some Series by UID, each made only when it is looked up."""

    def __init__(self, told: Iterable[Series], zone: ZoneInfo) -> None:
        self._series = {series.uid: series for series in told}
        self._zone = zone

    def __getitem__(self, uid: str) -> Outline:
        return outline_of(self._series[uid], self._zone)

    def __iter__(self) -> Iterator[str]:
        return iter(self._series)

    def __len__(self) -> int:
        return len(self._series)


def outline_of(series: Series, zone: ZoneInfo) -> Outline:
    """What is to be kept of a Series: title and dates as JSON, and when the last of it is over."""
    told = {
        "summary": series.details.summary,
        "start": series.start.isoformat(),
        "end": series.end.isoformat(),
        "rrule": series.rrule,
        "exdates": [exdate.isoformat() for exdate in series.exdates],
        "zone": zone.key,
    }
    return Outline(json.dumps(told, ensure_ascii=False), _over(series, zone))


def _over(series: Series, zone: ZoneInfo) -> datetime:
    """When the last of its events ends; whole days end at midnight in the zone."""
    ends = [_moment(override.end, zone) for override in series.overrides]
    end = _moment(series.end, zone)
    if series.rrule:
        end = max(end, until_of(series.rrule) + (end - _moment(series.start, zone)))
    return max(end, *ends) if ends else end


def _moment(edge: date | datetime, zone: ZoneInfo) -> datetime:
    moment = edge if isinstance(edge, datetime) else datetime.combine(edge, time.min, zone)
    return moment.astimezone(UTC)


def _cancelled(uid: str, told: dict[str, Any], zone: ZoneInfo) -> Series | None:
    if told["zone"] != zone.key:
        return None
    return Series(
        uid=uid,
        start=_edge(told["start"], zone),
        end=_edge(told["end"], zone),
        details=Details(f"Removed: {told['summary']}", transparent=True, status="CANCELLED"),
        rrule=told["rrule"],
        exdates=tuple(_edge(exdate, zone) for exdate in told["exdates"]),
    )


def _edge(text: str, zone: ZoneInfo) -> date | datetime:
    return datetime.fromisoformat(text).astimezone(zone) if "T" in text else date.fromisoformat(text)
