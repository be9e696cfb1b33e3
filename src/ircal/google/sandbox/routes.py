"""Which call is which verb of the `World`: one table, and one short function for each line of it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from ircal.google.sandbox.calls import API_PATH, Answer, Call
from ircal.google.sandbox.errors import NotFound
from ircal.google.sandbox.query import read_query
from ircal.google.sandbox.state import World

Route = Callable[..., Answer]

_NO_CONTENT = Answer(204)
_COLOURS = {"1": "#a4bdfc", "2": "#7ae7bf", "3": "#dbadff", "4": "#ff887c", "5": "#fbd75b", "6": "#ffb878"}
_COLOURS |= {"7": "#46d6db", "8": "#e1e1e1", "9": "#5484ed", "10": "#51b749", "11": "#dc2127"}


def route(world: World, call: Call) -> Answer:
    """Carry out a call, or raise what refuses it."""
    segments = call.path.removeprefix(API_PATH).split("/") if call.path.startswith(API_PATH) else []
    for method, pattern, verb in _ROUTES:
        names = _names(pattern, segments)
        if method == call.method and names is not None:
            return verb(world, call, *names)
    raise NotFound


def _names(pattern: tuple[str, ...], segments: list[str]) -> list[str] | None:
    """The values of the pattern's gaps, decoded only now: a calendar id may hold an encoded slash."""
    if len(pattern) != len(segments):
        return None
    pairs = list(zip(pattern, segments, strict=True))
    if any(fixed not in {"", segment} for fixed, segment in pairs):
        return None
    return [unquote(segment) for fixed, segment in pairs if not fixed]


def _get_event(world: World, call: Call, calendar_id: str, event_id: str) -> Answer:
    shown = world.get(calendar_id, event_id, read_query(call.parameters).time_zone)
    return Answer(304) if call.header("if-none-match") == shown["etag"] else Answer(200, shown)


def _list_events(world: World, call: Call, calendar_id: str) -> Answer:
    return Answer(200, world.list_events(calendar_id, read_query(call.parameters)))


def _list_instances(world: World, call: Call, calendar_id: str, event_id: str) -> Answer:
    return Answer(200, world.instances(calendar_id, event_id, read_query(call.parameters)))


def _insert_event(world: World, call: Call, calendar_id: str) -> Answer:
    return Answer(200, world.insert(calendar_id, _event(call)))


def _import_event(world: World, call: Call, calendar_id: str) -> Answer:
    return Answer(200, world.import_event(calendar_id, _event(call)))


def _update_event(world: World, call: Call, calendar_id: str, event_id: str) -> Answer:
    return Answer(200, world.update(calendar_id, event_id, _event(call), call.header("if-match")))


def _patch_event(world: World, call: Call, calendar_id: str, event_id: str) -> Answer:
    return Answer(200, world.patch(calendar_id, event_id, _event(call), call.header("if-match")))


def _delete_event(world: World, call: Call, calendar_id: str, event_id: str) -> Answer:
    world.delete(calendar_id, event_id, call.header("if-match"))
    return _NO_CONTENT


def _event(call: Call) -> dict[str, Any]:
    """The event that was sent, without the parts for which the caller has not opted in."""
    event = call.resource()
    if call.parameter("conferenceDataVersion") != "1":
        event.pop("conferenceData", None)
    if call.parameter("supportsAttachments") != "true":
        event.pop("attachments", None)
    return event


def _get_calendar(world: World, _call: Call, calendar_id: str) -> Answer:
    return Answer(200, world.calendar(calendar_id).resource())


def _insert_calendar(world: World, call: Call) -> Answer:
    return Answer(200, world.insert_calendar(call.resource()))


def _delete_calendar(world: World, _call: Call, calendar_id: str) -> Answer:
    world.delete_calendar(calendar_id)
    return _NO_CONTENT


def _get_entry(world: World, _call: Call, calendar_id: str) -> Answer:
    return Answer(200, world.calendar(calendar_id).list_entry())


def _list_entries(world: World, _call: Call) -> Answer:
    entries = [calendar.list_entry() for calendar in world.calendars]
    version = max((calendar.version for calendar in world.calendars), default=0)
    return Answer(200, {"kind": "calendar#calendarList", "etag": f'"p{version:016d}"', "items": entries})


def _list_rules(world: World, _call: Call, calendar_id: str) -> Answer:
    return Answer(200, world.list_rules(calendar_id))


def _insert_rule(world: World, call: Call, calendar_id: str) -> Answer:
    mailed = call.parameter("sendNotifications") != "false"
    return Answer(200, world.insert_rule(calendar_id, call.resource(), send_notifications=mailed))


def _patch_rule(world: World, call: Call, calendar_id: str, rule_id: str) -> Answer:
    mailed = call.parameter("sendNotifications") != "false"
    return Answer(200, world.patch_rule(calendar_id, rule_id, call.resource(), send_notifications=mailed))


def _watch(world: World, call: Call, calendar_id: str) -> Answer:
    return Answer(200, world.watch(calendar_id, call.resource()))


def _stop(world: World, call: Call) -> Answer:
    world.stop(call.resource())
    return _NO_CONTENT


def _colours(_world: World, _call: Call) -> Answer:
    palette = {key: {"background": colour, "foreground": "#1d1d1d"} for key, colour in _COLOURS.items()}
    return Answer(200, {"kind": "calendar#colors", "calendar": {}, "event": palette})


# An empty string is a gap: what stands there is handed to the verb. Fixed words come before gaps.
_CALENDAR = ("calendars", "")
_EVENTS = (*_CALENDAR, "events")
_EVENT = (*_EVENTS, "")
_LIST = ("users", "me", "calendarList")
_ROUTES: tuple[tuple[str, tuple[str, ...], Route], ...] = (
    ("GET", _EVENTS, _list_events),
    ("POST", _EVENTS, _insert_event),
    ("POST", (*_EVENTS, "import"), _import_event),
    ("POST", (*_EVENTS, "watch"), _watch),
    ("GET", (*_EVENT, "instances"), _list_instances),
    ("GET", _EVENT, _get_event),
    ("PUT", _EVENT, _update_event),
    ("PATCH", _EVENT, _patch_event),
    ("DELETE", _EVENT, _delete_event),
    ("POST", ("calendars",), _insert_calendar),
    ("GET", _CALENDAR, _get_calendar),
    ("DELETE", _CALENDAR, _delete_calendar),
    ("GET", _LIST, _list_entries),
    ("GET", (*_LIST, ""), _get_entry),
    ("GET", (*_CALENDAR, "acl"), _list_rules),
    ("POST", (*_CALENDAR, "acl"), _insert_rule),
    ("PATCH", (*_CALENDAR, "acl", ""), _patch_rule),
    ("POST", ("channels", "stop"), _stop),
    ("GET", ("colors",), _colours),
)
