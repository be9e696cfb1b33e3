"""Google's events as what we own.

`events.list` tells of masters, single events and exceptions in one flat list. Here they are put together again, and
whatever does not bear our mark is passed over. Only our own private properties are trusted. What Google shows besides
is read as far as it can be, for people to compare.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from ircal.google.appearance import is_edited
from ircal.google.identity import HASH, PART, SPAN, TIMES, UID, Mark
from ircal.google.listing import REMEMBERED
from ircal.google.rules import exdates, rule_of
from ircal.model.schedule import Details
from ircal.model.series import Override, Series, last_day
from ircal.plan import Owned, OwnedException, moment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ircal.google.answers import Event


def owned_events(items: Iterable[Event], mark: Mark) -> tuple[Owned, ...]:
    """Our events among those that were read, each with its exceptions; what is cancelled was deleted by somebody else.

    Raises ValueError if one of them has no times, or times that cannot be.
    """
    masters: dict[str, Event] = {}
    exceptions: dict[str, list[Event]] = defaultdict(list)
    for item in items:
        if item.recurring_event_id:
            # Whose it is, is told by its master: of a cancelled one Google guarantees no more than where it belongs.
            exceptions[item.recurring_event_id].append(item)
        elif mark.is_on(item.private):
            masters[item.id] = item
    try:
        return tuple(_owned(item, tuple(exceptions[event_id]), mark) for event_id, item in masters.items())
    except (OverflowError, TypeError) as error:  # beyond the year 9999; from a day to a moment
        raise ValueError("times that cannot be") from error


@lru_cache(maxsize=REMEMBERED)
def _owned(item: Event, exceptions: tuple[Event, ...], mark: Mark) -> Owned:
    ours, shown = item.private, _shown(item, exceptions)
    first, last = _span(ours.get(SPAN, "")) or (_day(shown.start), last_day(shown.start, shown.end))
    return Owned(
        id=item.id,
        uid=ours.get(UID, ""),
        digest=ours.get(HASH, ""),
        first=first,
        last=last,
        etag=item.etag,
        sequence=item.sequence,
        exceptions=tuple(map(_exception, exceptions)),
        shown=shown,
        times=ours.get(TIMES, ""),
        copied=item.id != mark.event_id(ours.get(UID, "")),
        edited=not item.cancelled and is_edited(item),
        deleted=item.cancelled,
    )


def _exception(item: Event) -> OwnedException:
    return OwnedException(
        id=item.id,
        original=moment(item.original_start_time.at),
        digest=item.private.get(PART, ""),
        etag=item.etag,
        cancelled=item.cancelled,
        edited=not item.cancelled and is_edited(item),
    )


def _span(text: str) -> tuple[date, date] | None:
    first, _, last = text.partition("/")
    try:
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None


# ------------------------------------------------------------------------------------------------ for people to compare


def _shown(item: Event, exceptions: Iterable[Event]) -> Series:
    start, lines = item.start.at, item.recurrence
    dropped = [each.original_start_time.at for each in exceptions if each.cancelled]
    return Series(
        uid=item.private.get(UID, ""),
        start=start,
        end=item.end.at,
        details=_details(item),
        rrule=rule_of(lines),
        exdates=(*(at for line in lines for at in exdates(line, start)), *dropped),
        overrides=tuple(_override(each) for each in exceptions if not each.cancelled),
    )


def _override(item: Event) -> Override:
    return Override(item.original_start_time.at, item.start.at, item.end.at, _details(item))


def _details(item: Event) -> Details:
    return Details(
        summary=item.summary,
        description=item.description,
        location=item.location,
        transparent=item.transparency == "transparent",
        status="TENTATIVE" if item.status == "tentative" else "CONFIRMED",
    )


def _day(at: date | datetime) -> date:
    return at.date() if isinstance(at, datetime) else at
