"""A Google calendar as a person sees it: every occurrence, worked out by Google; and what we may do there.

`remote` reads what we wrote (masters, exceptions, digests) and believes the digests. Here nothing that ircal wrote down
for itself is believed but the mark and the UID: Google expands the rules, and what it shows is what somebody's phone
shows. That is how a calendar is verified, and how digests are found that say more than is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from ircal.google.errors import not_an_answer
from ircal.google.identity import UID
from ircal.google.listing import pages
from ircal.google.sending import ATTEMPTS, BATCH_SIZE, Sender

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from zoneinfo import ZoneInfo

    from ircal.google.answers import Event
    from ircal.google.gate import Gate
    from ircal.google.identity import Mark
    from ircal.model.program import Window

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """One occurrence that bears our mark, as Google shows it: dates with an exclusive end, or moments in the zone.

    `slot` is the start that its rule gives it; `free` is whether it leaves the time free.
    """

    uid: str
    slot: date | datetime
    start: date | datetime
    end: date | datetime
    summary: str
    description: str
    location: str
    tentative: bool
    free: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What we may do on a calendar (`accessRole`), and when Google's clock told so, as far as it did."""

    role: str
    server_time: datetime | None


class Reader:
    """Asks about calendars, and writes nothing. `service` is what `client.build_service` makes."""

    def __init__(
        self, service: Any, sleep: Callable[[float], None], attempts: int = ATTEMPTS, gate: Gate | None = None
    ) -> None:
        self._service = service
        self._sender = Sender(service, sleep, BATCH_SIZE, attempts, gate)

    def seen(self, calendar_id: str, mark: Mark, window: Window, zone: ZoneInfo) -> tuple[Seen, ...]:
        """Our occurrences that touch a window, whose days begin at midnight in the zone. Raises RemoteError."""
        opens, closes = (datetime.combine(day, time.min, zone) for day in (window.start, window.end))
        # a day more on each side: Google asks when whole days begin in the calendar's own zone
        between = {"timeMin": (opens - _DAY).isoformat(), "timeMax": (closes + _DAY).isoformat()}
        try:
            found = [_seen(event, zone) for event in self._listed(calendar_id, mark, between)]
        except (ValueError, OverflowError, TypeError) as error:  # pydantic's, too
            raise not_an_answer() from error
        return tuple(each for each in found if _touches(each, opens, closes, window))

    def _listed(self, calendar_id: str, mark: Mark, between: dict[str, str]) -> Iterator[Event]:
        """Every occurrence of the list that bears the mark; the filter of the list is not relied on."""
        asked = {"privateExtendedProperty": mark.filter, "singleEvents": True, **between}
        for page in pages(self._service.events(), self._sender, calendarId=calendar_id, **asked):
            yield from (event for event in page.events if mark.is_on(event.private) and not event.cancelled)

    def standing(self, calendar_id: str) -> Standing:
        """What we may do on a calendar. Raises RemoteError where that is not even to look at it."""
        times: list[datetime] = []
        request = self._service.events().list(calendarId=calendar_id, maxResults=1)
        request.add_response_callback(lambda response: times.extend(_date_of(response)))
        role = _Named.model_validate(self._sender.send(request, "calendar")).access_role
        return Standing(role, times[-1] if times else None)

    def data_owner(self, calendar_id: str) -> str:
        """Who owns a calendar, or nothing: a primary calendar is its account. Raises RemoteError.

        It takes the right to read calendars, which syncing does not.
        """
        request = self._service.calendars().get(calendarId=calendar_id)
        return _Named.model_validate(self._sender.send(request, "calendar")).data_owner


class _Named(BaseModel):
    """The two things that are looked at in what Google says of a calendar."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel)

    access_role: str = ""
    data_owner: str = ""


def _date_of(response: Any) -> Iterator[datetime]:
    try:
        yield parsedate_to_datetime(response["date"]).astimezone(UTC)
    except (KeyError, TypeError, ValueError, OverflowError):
        return


def _seen(event: Event, zone: ZoneInfo) -> Seen:
    start, end = _moment(event.start.at, zone), _moment(event.end.at, zone)
    return Seen(
        uid=event.private.get(UID, ""),
        slot=_moment(event.original_start_time.at, zone) if event.recurring_event_id else start,
        start=start,
        end=end,
        summary=event.summary,
        description=event.description,
        location=event.location,
        tentative=event.status == "tentative",
        free=event.transparency == "transparent",
    )


def _moment(at: date | datetime, zone: ZoneInfo) -> date | datetime:
    return at.astimezone(zone) if isinstance(at, datetime) else at


def _touches(seen: Seen, opens: datetime, closes: datetime, window: Window) -> bool:
    if isinstance(seen.start, datetime) and isinstance(seen.end, datetime):
        return seen.start < closes and seen.end > opens
    return window.overlaps(seen.start, seen.end)
