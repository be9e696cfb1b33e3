"""Reading our events: all of them, and from then on only what has changed since.

    the whole list      asked for by our mark, page by page; at its end Google gives a sync token
    the changes         asked for by that token; Google takes no filter with it, so whose they are is for us to tell

Of a date that somebody took away from a series, Google promises no more than its id, so that it need not be in a list
of what bears our mark. Where one of our events repeats, the whole list is asked for without the mark, as the changes
are: at once where we remember such an event or one is wanted (`repeats`), and else once more.

What was read is remembered together with the token (`Memory`), and what was written since. Losing it costs a whole list
or two, which is no more than a call or two but for very full calendars. A token that has expired (410), or is refused
(400), means to begin again. What is remembered tells one thing that Google does not: that an event which is away now
was there before, and so was deleted by somebody.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from ircal.errors import RemoteError, ServerFault
from ircal.google.answers import EVENT, Event, ExtendedProperties, page_of
from ircal.google.errors import LATER, status_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from ircal.google.answers import Page
    from ircal.google.identity import Mark
    from ircal.google.sending import Sender

PAGE_SIZE = 2500
"""The most that `events.list` gives at a time."""
IN_VAIN = 100
"""How many pages in a row may bring nothing new: pages may be empty where most of what they are about is not ours."""
MAX_EVENTS = 500_000
"""More than any calendar has."""

GOING = "ircalgoing"
"""Stands in the private properties of a remembered event, and there alone, that we are about to delete."""

REMEMBERED = 1 << 14
"""How many events are kept as they were read, for the next run: those of some twenty calendars."""

_START_AGAIN = (400, 410)


class Memory(Protocol):
    """Where it is kept what was read of one calendar: our events as JSON, by id, and the sync token."""

    def recall(self) -> tuple[str, Mapping[str, str]] | None:
        """What was kept; None where nothing is."""
        ...

    def keep(self, token: str, events: Mapping[str, str]) -> None:
        """Keep this in place of what was kept before."""
        ...


class Forgetful:
    """A Memory for as long as the process lives."""

    def __init__(self) -> None:
        self._kept: tuple[str, Mapping[str, str]] | None = None

    def recall(self) -> tuple[str, Mapping[str, str]] | None:
        """What was kept."""
        return self._kept

    def keep(self, token: str, events: Mapping[str, str]) -> None:
        """Keep it."""
        self._kept = token, events


class Listing:
    """Our events on one calendar, as Google tells of them. `events` is that part of Google's client."""

    def __init__(  # noqa: PLR0913 made in one place
        self, events: Any, calendar_id: str, mark: Mark, sender: Sender, memory: Memory, *, repeats: bool = False
    ) -> None:
        self._events = events
        self._calendar_id = calendar_id
        self._mark = mark
        self._sender = sender
        self._memory = memory
        self._are_expected = repeats
        self._held: tuple[str, dict[str, Event]] | None = None
        """What is remembered, since this was asked for it."""
        self._texts: Mapping[str, str] = {}

    def read(self, *, afresh: bool = False) -> tuple[Event, ...]:
        """Our events and their exceptions, those that somebody deleted as cancelled; `afresh` reads the whole list.

        Raises RemoteError if one of the pages cannot be had, ValueError for what is no list of events.
        """
        token, known = self._recalled(afresh=True)
        found = self._changed(token, known) if token and not afresh else None
        if found is None:
            found = self._whole(known)
        token, events = found
        self._keep(token, events)
        return tuple(events.values())

    def doubt(self) -> None:
        """Read the whole list the next time: something was not as it was remembered."""
        token, known = self._recalled()
        if token:
            self._keep("", known)

    def remember(self, written: Collection[Event]) -> None:
        """Remember what we have written, as Google shows it now: if it is away the next time, somebody deleted it."""
        if written:
            token, known = self._recalled()
            self._keep(token, known | {event.id: event for event in written})

    def forget(self, ids: Collection[str]) -> None:
        """Remember no more what we have deleted."""
        token, known = self._recalled()
        if known.keys() & ids:
            self._keep(token, {event_id: event for event_id, event in known.items() if event_id not in ids})

    def let_go(self, ids: Collection[str]) -> None:
        """Remember that it is us who are about to delete these."""
        token, known = self._recalled()
        if going := known.keys() & ids:
            self._keep(token, known | {event_id: _going(known[event_id]) for event_id in going})

    # -------------------------------------------------------------------------------------------------- the two ways

    def _whole(self, known: Mapping[str, Event]) -> tuple[str, dict[str, Event]]:
        expected = self._are_expected or _repeats(known)
        token, events = self._listed() if expected else self._listed(privateExtendedProperty=self._mark.filter)
        if _repeats(events) and not expected:
            token, events = self._listed()
        missed = (event for event in known.values() if not event.recurring_event_id and GOING not in event.private)
        return token, events | {event.id: _cancelled(event) for event in missed if event.id not in events}

    def _listed(self, **asked: str) -> tuple[str, dict[str, Event]]:
        """Our events of a whole list, and the sync token."""
        token, items = self._pages(**asked)
        events: dict[str, Event] = {}
        _take_in(events, [item for item in items if item.recurring_event_id or not item.cancelled], self._mark)
        return token, events

    def _changed(self, token: str, known: Mapping[str, Event]) -> tuple[str, dict[str, Event]] | None:
        """None: the changes cannot be had, or do not tell enough."""
        try:
            token, items = self._pages(syncToken=token)
        except RemoteError as error:
            if status_of(error) in _START_AGAIN:
                return None
            raise
        events = dict(known)
        if any(item.id in known and known[item.id].cancelled and not item.cancelled for item in _masters(items)):
            return None  # brought back: nobody says with which exceptions
        _take_in(events, items, self._mark)
        return token, events

    def _pages(self, **asked: str) -> tuple[str, list[Event]]:
        """Every item of a list, and the sync token at its end; what is no list must not pass for an empty calendar."""
        items: list[Event] = []
        token = ""
        for page in pages(self._events, self._sender, calendarId=self._calendar_id, **asked):
            items += page.events
            token = page.next_sync_token
        return token, items

    # ------------------------------------------------------------------------------------------------------- the memory

    def _recalled(self, *, afresh: bool = False) -> tuple[str, dict[str, Event]]:
        """The token and the events; `afresh` where another process may have been at this calendar meanwhile."""
        if self._held is None or afresh:
            token, self._texts = self._memory.recall() or ("", {})
            try:
                self._held = token, {event_id: _event(text) for event_id, text in self._texts.items()}
            except ValueError:  # kept by another version, or damaged
                self._held = "", {}
        return self._held

    def _keep(self, token: str, events: dict[str, Event]) -> None:
        before, texts = self._held[1] if self._held else {}, self._texts
        self._held = token, events
        self._texts = {
            event_id: texts[event_id] if before.get(event_id) is event else _text(event)
            for event_id, event in events.items()
        }
        self._memory.keep(token, self._texts)


def pages(events: Any, sender: Sender, **asked: Any) -> Iterator[Page]:
    """Every page of a list of events. Raises RemoteError if one cannot be had, ValueError for what is no list."""
    seen: set[str] = set()
    in_vain = 0
    request = events.list(maxResults=PAGE_SIZE, **asked)
    while request is not None:
        answer = sender.send(request, "calendar")
        page = page_of(answer)
        known = len(seen)
        seen.update(event.id for event in page.items or ())
        in_vain = in_vain + 1 if len(seen) == known else 0
        if in_vain > IN_VAIN or len(seen) > MAX_EVENTS:
            raise ServerFault(f"The list of events goes on without end ({len(seen)} events so far).", LATER)
        yield page
        request = events.list_next(request, answer)


def _take_in(events: dict[str, Event], items: Iterable[Event], mark: Mark) -> None:
    """Bring our events up to date with what is told of them and of others; an exception belongs to its master."""
    items = list(items)
    if any(item.id == item.recurring_event_id for item in items):
        raise ValueError("an event that is an exception to itself")
    for item in _masters(items):
        known = events.get(item.id)
        if item.cancelled:
            if known and GOING not in known.private:
                events[item.id] = _cancelled(known)
            elif known:
                del events[item.id]
        elif mark.is_on(item.private):
            events[item.id] = item
        else:
            events.pop(item.id, None)
    events |= {item.id: item for item in items if item.recurring_event_id}
    for event in list(events.values()):
        master = events.get(event.recurring_event_id)
        if event.recurring_event_id and (master is None or master.cancelled):
            del events[event.id]


def _masters(items: Iterable[Event]) -> Iterator[Event]:
    return (item for item in items if not item.recurring_event_id)


def _repeats(events: Mapping[str, Event]) -> bool:
    """Whether one of them is a series, which may have exceptions."""
    return any(event.recurrence for event in events.values())


def _cancelled(event: Event) -> Event:
    return replace(event, status="cancelled")


def _going(event: Event) -> Event:
    return replace(event, extended_properties=ExtendedProperties(event.private | {GOING: "1"}))


@lru_cache(maxsize=REMEMBERED)
def _event(text: str) -> Event:
    return EVENT.validate_json(text)


def _text(event: Event) -> str:
    return EVENT.dump_json(event, by_alias=True, exclude_defaults=True).decode()
