"""Lists: which events a query finds, in what order, page by page, and what has changed since a sync token.

From the documentation: what each filter means; cancelled exceptions are listed even when `showDeleted` and
`singleEvents` are both false; a sync token takes no filters and always tells of deletions, without their details.
Guessed: several property filters of one kind must all match (the reference says so, the guide says one is enough);
a cancelled exception has no properties that a filter could match;
a list with `orderBy` gives no sync token; a sync token demands the `singleEvents` it was made with; changes since a
token are not narrowed by the window of the first list. The order is by id, so that nobody takes it for one by time.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from ircal.google.sandbox.errors import FullSyncRequired, Invalid, NotFound
from ircal.google.sandbox.instances import Window, expand
from ircal.google.sandbox.model import Calendar, Resource, Stored, show
from ircal.google.sandbox.query import Query
from ircal.google.sandbox.tokens import PageToken, SyncToken

_EVERYTHING = Window()


def list_events(calendar: Calendar, query: Query, revision: int) -> Resource:
    """One page of `events.list`."""
    since = _since(calendar, query)
    if since is None:
        found = (event for event in _candidates(calendar, query) if _shown(calendar, event, query))
        found = (event for event in found if _matches(calendar, event, query))
    else:
        found = (event for event in _candidates(calendar, query) if event.changed > since)
    page, started, following = _page(calendar, found, query, revision)
    items = [show(calendar, event, query.time_zone, brief=since is not None) for event in page]
    listed = _head(calendar) | {"items": items}
    if following:
        return listed | {"nextPageToken": str(following)}
    if query.order_by:
        return listed
    return listed | {"nextSyncToken": str(SyncToken(calendar.id, _generation(calendar), started, query.single_events))}


def list_instances(calendar: Calendar, event_id: str, query: Query, revision: int) -> Resource:
    """One page of `events.instances`."""
    master = calendar.visible(event_id)
    if not master:
        raise NotFound
    if not master.recurring:
        raise Invalid("The event is not a recurring event.", location="eventId")
    found = (event for event in expand(calendar, master, query.window) if not event.dropped)
    found = (event for event in found if query.show_deleted or not calendar.is_cancelled(event))
    if query.original_start:
        found = (event for event in found if _original_start(event, calendar) == query.original_start)
    page, _, following = _page(calendar, found, query, revision)
    listed = _head(calendar) | {"items": [show(calendar, event, query.time_zone) for event in page]}
    return listed | ({"nextPageToken": str(following)} if following else {})


def _head(calendar: Calendar) -> Resource:
    description = {"description": calendar.description} if calendar.description else {}
    return description | {
        "kind": "calendar#events",
        "etag": f'"p{calendar.version:016d}"',
        "summary": calendar.summary,
        "updated": calendar.updated,
        "timeZone": calendar.time_zone,
        "accessRole": "owner",
        "defaultReminders": [],
    }


def _since(calendar: Calendar, query: Query) -> int | None:
    if not query.sync_token:
        return None
    token = SyncToken.read(query.sync_token)
    if (token.calendar_id, token.generation) != (calendar.id, _generation(calendar)):
        raise FullSyncRequired
    if token.single_events != query.single_events:
        raise Invalid(location="singleEvents")
    return token.revision


def _generation(calendar: Calendar) -> str:
    return f"{calendar.born} {calendar.generation}"


def _candidates(calendar: Calendar, query: Query) -> Iterator[Stored]:
    for event in list(calendar.events.values()):
        if not query.single_events:
            if _overlaps(calendar, event, query.window):
                yield event
        elif event.recurring:
            yield from expand(calendar, event, query.window)
        # Exceptions came with their masters, except those whose master no longer recurs.
        elif (not event.master_id or event.dropped) and query.window.holds(event, calendar.time_zone):
            yield event


def _overlaps(calendar: Calendar, event: Stored, window: Window) -> bool:
    if event.recurring and window != _EVERYTHING:
        return any(not made.cancelled for made in expand(calendar, event, window))
    return window.holds(event, calendar.time_zone)


def _shown(calendar: Calendar, event: Stored, query: Query) -> bool:
    """Whether a full list shows an event that may be cancelled."""
    if not calendar.is_cancelled(event):
        return True
    if query.show_deleted or query.updated_min:
        return True
    master = calendar.events.get(event.master_id)
    return not query.single_events and not event.dropped and master is not None and not master.cancelled


def _matches(calendar: Calendar, event: Stored, query: Query) -> bool:
    bare = event.master_id and calendar.is_cancelled(event)
    properties = {} if bare else event.fields.get("extendedProperties", {})
    private, shared = properties.get("private", {}), properties.get("shared", {})
    return (
        all(private.get(key) == value for key, value in query.private)
        and all(shared.get(key) == value for key, value in query.shared)
        and query.uid in {"", event.fields["iCalUID"]}
        and (not query.event_types or event.fields["eventType"] in query.event_types)
        and (query.updated_min is None or datetime.fromisoformat(event.fields["updated"]) >= query.updated_min)
        and _says(event, query.text)
    )


def _says(event: Stored, text: str) -> bool:
    """Whether every word of the search is somewhere in the event's texts."""
    said = " ".join(str(event.fields.get(name, "")) for name in ("summary", "description", "location")).casefold()
    return all(word in said for word in text.casefold().split())


def _original_start(event: Stored, calendar: Calendar) -> datetime:
    from_rule = {**event.fields, "start": event.fields["originalStartTime"]}
    return Stored(from_rule, 0, 0).start.instant(calendar.time_zone)


def _page(
    calendar: Calendar, found: Iterable[Stored], query: Query, revision: int
) -> tuple[list[Stored], int, PageToken | None]:
    """The events of the page asked for, the count of writes at the first page, and the token for the next."""
    token = PageToken.read(query.page_token) if query.page_token else PageToken(query.fingerprint, revision, ("", ""))
    if token.fingerprint != query.fingerprint:
        raise Invalid(location="pageToken")
    keyed = {_key(calendar, event, query): event for event in found}
    left = sorted(key for key in keyed if key > token.key)
    keys = left[: query.max_results]
    following = PageToken(query.fingerprint, token.revision, keys[-1]) if len(left) > len(keys) else None
    return [keyed[key] for key in keys], token.revision, following


def _key(calendar: Calendar, event: Stored, query: Query) -> tuple[str, str]:
    if query.order_by == "startTime":
        return event.start.instant(calendar.time_zone).isoformat(), event.id
    return str(event.fields["updated"]) if query.order_by else "", event.id
