"""When a Series takes place, and what its exceptions on the other side should be.

A calendar that keeps a rule as a master and its exceptions apart needs three answers that the rule alone does not give:
whether anything of the Series is left once its cancellations are taken out, which days it spans, and what must be done
to each exception. `moment` makes starts comparable whatever zone they are told in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from dateutil.rrule import rrulestr

from ircal.model.series import Override, digest_of, last_day

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ircal.model.series import Series
    from ircal.plan.changes import OwnedException


def moment(at: date | datetime) -> date | datetime:
    """The same instant in UTC; a date stays a date."""
    return at.astimezone(UTC) if isinstance(at, datetime) else at


def exceptional(series: Series) -> dict[date | datetime, Override | None]:
    """What differs from the rule, by original start (a `moment`): the override, or None for what does not happen."""
    dates: dict[date | datetime, Override | None] = {moment(exdate): None for exdate in series.exdates}
    for override in series.overrides:
        cancelled = override.details.status == "CANCELLED"
        dates[moment(override.recurrence_id)] = None if cancelled else override
    return dates


def taking_place(desired: Iterable[Series]) -> tuple[Series, ...]:
    """The Series of which something takes place.

    A feed tells of a cancelled session; a calendar that we write to simply does not have it.
    """
    return tuple(series for series in desired if any(occurrences(series)))


def span(series: Series) -> tuple[date, date]:
    """The first and the last day (wall clock, both included) on which it takes place; `date.max` if it never ends.

    Of a Series that does not take place, the days of its own start.
    """
    if _endless(series):
        return _day(series.start), date.max
    found = [*occurrences(series)] or [Override(series.start, series.start, series.end, series.details)]
    return min(_day(each.start) for each in found), max(last_day(each.start, each.end) for each in found)


@dataclass(frozen=True, slots=True)
class Repair:
    """What must be done to one occurrence: be made what `override` says, or, where that is None, be taken away.

    `original` is a `moment`. `known` is the exception that is there now; without it the rule's occurrence is.
    """

    original: date | datetime
    override: Override | None
    known: OwnedException | None


def repairs(series: Series, known: Iterable[OwnedException], *, spare: bool = False) -> tuple[Repair, ...]:
    """What it takes to make the exceptions that are there say what the Series says, in order of their original start.

    An exception that is no longer wanted is made to say what the rule says. It stays an exception on the other side,
    and does not follow its master, so the rule's occurrence is what it is compared with from then on. `spare` leaves
    those that somebody else changed, unless they should not take place at all.
    """
    have = {moment(exception.original): exception for exception in known}
    wanted = _wanted(series, have)
    originals = sorted(have.keys() | wanted.keys(), key=str)
    found = (Repair(original, wanted.get(original), have.get(original)) for original in originals)
    return tuple(repair for repair in found if not _settled(repair, spare=spare))


def _settled(repair: Repair, *, spare: bool) -> bool:
    known = repair.known
    if repair.override is None:
        return known is None or known.cancelled
    if known is None or known.by_hand:
        return known is not None and spare
    return known.digest == digest_of(repair.override)


def _wanted(series: Series, known: Collection[date | datetime]) -> dict[date | datetime, Override]:
    """The Series' own overrides, and the rule's occurrence for every other exception that is known."""
    if not series.rrule:
        return {}
    wanted = {original: override for original, override in exceptional(series).items() if override}
    if left := known - wanted.keys():
        last = max(left, key=str)
        for each in occurrences(series):
            original = moment(each.recurrence_id)
            if str(original) > str(last):
                break
            if original in left:
                wanted[original] = each
    return wanted


def occurrences(series: Series) -> Iterator[Override]:
    """What takes place, as overrides of the rule in its order; lazily, for a rule may never end."""
    if not series.rrule:
        if series.details.status != "CANCELLED":
            yield Override(series.start, series.start, series.end, series.details)
        return
    special = exceptional(series)
    for start in _starts(series):
        plain = Override(start, start, _end(series, start), series.details)
        each = special.get(moment(start), plain)
        if each is not None and each.details.status != "CANCELLED":
            yield each


def _starts(series: Series) -> Iterator[date | datetime]:
    if isinstance(series.start, datetime):
        yield from rrulestr(series.rrule, dtstart=series.start)
        return
    for midnight in rrulestr(series.rrule, dtstart=datetime.combine(series.start, time.min)):
        yield midnight.date()


def _end(series: Series, start: date | datetime) -> date | datetime:
    """Every occurrence lasts as long as the first, in elapsed time (RFC 5545, section 3.8.5.3)."""
    if isinstance(start, datetime) and isinstance(series.start, datetime) and isinstance(series.end, datetime):
        length = series.end.astimezone(UTC) - series.start.astimezone(UTC)
        return (start.astimezone(UTC) + length).astimezone(start.tzinfo)
    return start + timedelta(days=series.end.toordinal() - series.start.toordinal())


def _endless(series: Series) -> bool:
    parts = {part.split("=")[0] for part in series.rrule.upper().split(";")}
    return bool(series.rrule) and not {"UNTIL", "COUNT"} & parts


def _day(start: date | datetime) -> date:
    return start.date() if isinstance(start, datetime) else start
