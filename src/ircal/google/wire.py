"""A Series as Google's events, and Google's events as what we own: pure, both ways.

A Series becomes a single event, or a master with `recurrence` lines and one exception for each override. Cancelled
occurrences are EXDATEs of the master, so that they vanish from Google instead of being struck through. Bodies are
those of `events.patch`: every field that we speak about is there, with null where it is to go away (a date that was a
dateTime, a place that is no longer one). What we do not speak about stays: attendees, attachments, a person's own
reminders. An insert takes the same body without its nulls.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from ircal.google.appearance import appearance_of
from ircal.google.colors import color_id
from ircal.google.identity import HASH, MARK, PART, SHOWN, SPAN, TIMES, UID, Mark
from ircal.plan import moment, span, text_of

if TYPE_CHECKING:
    from ircal.model.schedule import Details
    from ircal.model.series import Override, Series

Body = dict[str, Any]

_STATUS = {"CONFIRMED": "confirmed", "TENTATIVE": "tentative"}


def master_body(series: Series, mark: Mark) -> Body:
    """The single event or master that a Series becomes."""
    first, last = span(series)
    known = {HASH: series.digest, TIMES: series.times, SPAN: f"{first}/{last}"}
    ours = {MARK: str(mark), UID: series.uid, **known}
    times = _times(series.start, series.end)
    return _marked(_content(series.details) | times | {"recurrence": _recurrence(series)}, ours)


def insert_body(series: Series, mark: Mark) -> Body:
    """The same for a new event, under the id that its identity gives it."""
    body = without_nulls(master_body(series, mark))
    return {"id": mark.event_id(series.uid), "reminders": {"useDefault": True}, **body}


def exception_body(override: Override, part: str, mark: Mark) -> Body:
    """What one instance of a master becomes; `part` is the digest of the override. The rest it has from its master."""
    return _marked(_content(override.details) | _times(override.start, override.end), {MARK: str(mark), PART: part})


def without_nulls(body: Body) -> Body:
    """A body without the fields that are null, at any depth."""
    kept = {name: without_nulls(value) if isinstance(value, dict) else value for name, value in body.items()}
    return {name: value for name, value in kept.items() if value is not None}


def _content(details: Details) -> Body:
    return {
        "summary": details.summary,
        "description": text_of(details) or None,
        "location": details.location or None,
        "colorId": color_id(details.color),
        "transparency": "transparent" if details.transparent else "opaque",
        "status": _STATUS[details.status],
    } | _reminders(details)


def _reminders(details: Details) -> Body:
    """When it rings for the account that writes; Google keeps everybody's own. Without any, nothing is said of them."""
    if not details.reminders:
        return {}
    rings = [{"method": "popup", "minutes": minutes} for minutes in details.reminders]
    return {"reminders": {"useDefault": False, "overrides": rings}}


def shown_body(appearance: str) -> Body:
    """What says that an event of ours is as it should be though it looks otherwise than we sent it."""
    return {"extendedProperties": {"private": {SHOWN: appearance}}}


def _marked(body: Body, ours: dict[str, str]) -> Body:
    return body | {"extendedProperties": {"private": ours | {SHOWN: appearance_of(without_nulls(body))}}}


def _times(start: date | datetime, end: date | datetime) -> Body:
    return {"start": _event_date_time(start), "end": _event_date_time(end)}


def _event_date_time(at: date | datetime) -> Body:
    """Google's EventDateTime; the zone is that in which a rule is expanded."""
    if isinstance(at, datetime):
        return {"date": None, "dateTime": at.isoformat(), "timeZone": str(at.tzinfo)}
    return {"date": at.isoformat(), "dateTime": None, "timeZone": None}


def _recurrence(series: Series) -> list[str] | None:
    """The `recurrence` lines: RRULE, and one EXDATE a line for what is left out or cancelled."""
    if not series.rrule:
        return None
    cancelled = (each.recurrence_id for each in series.overrides if each.details.status == "CANCELLED")
    left_out = {moment(at): at for at in (*series.exdates, *cancelled)}
    return [f"RRULE:{series.rrule}", *(_exdate(left_out[key]) for key in sorted(left_out, key=str))]


def _exdate(at: date | datetime) -> str:
    if not isinstance(at, datetime):
        return f"EXDATE;VALUE=DATE:{at:%Y%m%d}"
    if at.tzinfo == UTC:
        return f"EXDATE:{at:%Y%m%dT%H%M%SZ}"
    return f"EXDATE;TZID={at.tzinfo}:{at:%Y%m%dT%H%M%S}"
