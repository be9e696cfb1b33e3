"""What a client may say about an event: which fields it may write, what is refused, what is silently changed.

`accept` turns the body of an insert, update or import into the fields that are stored. It is where the API is at its
least forgiving and its most forgetful: some faults are refused with 400, long keys vanish and long values are cut
without a word. Nothing here knows of other events: identity, sequence and exceptions are in `state`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ircal.google.sandbox.errors import Invalid, Required, TimeRangeEmpty, TooManyDefaults
from ircal.google.sandbox.recurrence import check_rules, normalise
from ircal.google.sandbox.times import Moment, read_moment

Fields = dict[str, Any]

MAX_KEY = 44
MAX_VALUE = 1024
MAX_PROPERTIES = 300
MAX_PROPERTY_BYTES = 32 * 1024
MAX_OVERRIDES = 5
MAX_ATTACHMENTS = 25
MAX_REMINDER_MINUTES = 4 * 7 * 24 * 60

_WORDS: Mapping[str, frozenset[str]] = {
    "status": frozenset({"confirmed", "tentative", "cancelled"}),
    "transparency": frozenset({"opaque", "transparent"}),
    "visibility": frozenset({"default", "public", "private", "confidential"}),
    "colorId": frozenset(map(str, range(1, 12))),
    "eventType": frozenset({"default"}),
}
_UNSPOKEN = {"transparency": "opaque", "visibility": "default"}
_TEXTS = ("summary", "description", "location")
_UNCHECKED = (
    "anyoneCanAddSelf",
    "attendees",
    "attendeesOmitted",
    "conferenceData",
    "guestsCanInviteOthers",
    "guestsCanModify",
    "guestsCanSeeOtherGuests",
    "privateCopy",
)


def accept(body: Mapping[str, Any], calendar_zone: str) -> Fields:
    """The stored form of an event body; fields that Google does not know or lets nobody write are left out."""
    fields: Fields = {"status": "confirmed", "eventType": "default", **_times(body, calendar_zone)}
    for name, read in _READERS.items():
        if body.get(name) is not None:
            fields[name] = read(body[name], name)
    fields |= {name: body[name] for name in _UNCHECKED if body.get(name) is not None}
    fields.setdefault("reminders", {"useDefault": True})
    # Google does not echo what is true of every event.
    return {name: value for name, value in fields.items() if _UNSPOKEN.get(name) != value}


def merge(base: Mapping[str, Any], patch: Mapping[str, Any]) -> Fields:
    """PATCH: objects are merged, arrays and values replaced, null removes."""
    merged = dict(base)
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, Mapping):
            below = merged.get(name)
            merged[name] = merge(below if isinstance(below, Mapping) else {}, value)
        else:
            merged[name] = value
    return merged


def _times(body: Mapping[str, Any], calendar_zone: str) -> Fields:
    start, end = read_moment(body.get("start"), "start"), read_moment(body.get("end"), "end")
    if start.all_day != end.all_day:
        raise Invalid("Start and end times must either both be date or both be dateTime.")
    if end.instant(calendar_zone) <= start.instant(calendar_zone):
        raise TimeRangeEmpty(location="timeMax")
    times = {"start": start.stored(), "end": end.stored()}
    return times | _recurrence(body.get("recurrence"), start, end)


def _recurrence(lines: object, start: Moment, end: Moment) -> Fields:
    if not lines:
        return {}
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise Invalid("Invalid recurrence rule.")
    # The reference asks for the zone of every recurring event; in practice an all-day one is taken without.
    for name, moment in (("start", start), ("end", end)):
        if not moment.all_day and not moment.zone_name:
            raise Required(f"Missing time zone definition for {name} time.")
    check_rules(lines, start)
    return {"recurrence": normalise(lines)}


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise Invalid(location=name)
    return value


def _word(value: object, name: str) -> str:
    if not isinstance(value, str) or value not in _WORDS[name]:
        raise Invalid(location=name)
    return value


def _sequence(value: object, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Invalid(location=name)
    return value


def _source(value: object, name: str) -> Fields:
    if not isinstance(value, dict) or not str(value.get("url", "")).startswith(("http://", "https://")):
        raise Invalid(location=name)
    return dict(value)


def _attachments(value: object, name: str) -> list[Any]:
    if not isinstance(value, list) or len(value) > MAX_ATTACHMENTS:
        raise Invalid(location=name)
    return list(value)


def _properties(value: object, name: str) -> Fields:
    if not isinstance(value, dict):
        raise Invalid(location=name)
    kept = {scope: _scope(value[scope], name) for scope in ("private", "shared") if value.get(scope) is not None}
    everything = [pair for properties in kept.values() for pair in properties.items()]
    if len(everything) > MAX_PROPERTIES:
        raise Invalid("Too many extended properties.", location=name)
    if sum(len(part.encode()) for pair in everything for part in pair) > MAX_PROPERTY_BYTES:
        raise Invalid("Extended properties are too large.", location=name)
    return {scope: properties for scope, properties in kept.items() if properties}


def _scope(value: object, name: str) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise Invalid(location=name)
    return {key: text[:MAX_VALUE] for key, text in value.items() if len(key) <= MAX_KEY}


def _reminders(value: object, name: str) -> Fields:
    if not isinstance(value, dict):
        raise Invalid(location=name)
    use_default, overrides = bool(value.get("useDefault", False)), value.get("overrides") or []
    if use_default and overrides:
        raise TooManyDefaults
    if not isinstance(overrides, list) or len(overrides) > MAX_OVERRIDES:
        raise Invalid(location=name)
    read = [_override(override, name) for override in overrides]
    return {"useDefault": use_default} | ({"overrides": read} if read else {})


def _override(value: object, name: str) -> Fields:
    if not isinstance(value, dict) or value.get("method") not in ("email", "popup"):
        raise Invalid(location=name)
    minutes = value.get("minutes")
    if not isinstance(minutes, int) or not 0 <= minutes <= MAX_REMINDER_MINUTES:
        raise Invalid(location=name)
    return {"method": value["method"], "minutes": minutes}


_READERS: Mapping[str, Callable[[object, str], Any]] = {
    **dict.fromkeys(_TEXTS, _text),
    **dict.fromkeys(_WORDS, _word),
    "sequence": _sequence,
    "source": _source,
    "attachments": _attachments,
    "extendedProperties": _properties,
    "reminders": _reminders,
}
