"""Series to test with: a weekly conference, a single session, a block of days, and random programmes of all three."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from ircal.model.program import Calendar, Window
from ircal.model.recurrence import DAYS
from ircal.model.schedule import Details
from ircal.model.series import Override, Series, digest_of
from ircal.plan import Owned, OwnedException, moment, span

if TYPE_CHECKING:
    from collections.abc import Callable

ZONE = ZoneInfo("America/New_York")
WINDOW = Window(date(2026, 7, 1), date(2027, 7, 1))
CALENDAR = Calendar(id="conferences", name="Conferences", kind="programme")

WEEK = timedelta(weeks=1)


def at(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """A moment of 2026 in the programme's zone."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def single(uid: str, start: datetime | None = None, summary: str = "Journal club", **details: Any) -> Series:
    """One session of an hour, on 9 September at noon unless it is said otherwise."""
    start = start or at(9, 9)
    return Series(uid, start, start + timedelta(hours=1), Details(summary, **details))


def block(uid: str, first: date, days: int = 28, summary: str = "Vascular surgery") -> Series:
    """Whole days, as a rotation has them."""
    return Series(uid, first, first + timedelta(days=days), Details(summary, transparent=True))


def weekly(uid: str, start: datetime | None = None, weeks: int = 6, summary: str = "M&M", **details: Any) -> Series:
    """An hour each week; from 14 October at noon unless it is said otherwise, and so across the clock change."""
    start = start or at(10, 14)
    until = (start + (weeks - 1) * WEEK).astimezone(UTC)
    rrule = f"FREQ=WEEKLY;BYDAY={DAYS[start.weekday()]};UNTIL={until:%Y%m%dT%H%M%SZ}"
    return Series(uid, start, start + timedelta(hours=1), Details(summary, **details), rrule)


def slot(series: Series, week: int) -> datetime:
    """The start that the rule of a weekly Series gives in its n-th week, from 0."""
    assert isinstance(series.start, datetime)
    return series.start + week * WEEK


def skipping(series: Series, *weeks: int) -> Series:
    """Without those weeks."""
    return replace(series, exdates=(*series.exdates, *(slot(series, week) for week in weeks)))


def differing(series: Series, week: int, *, later: timedelta = timedelta(), **details: Any) -> Series:
    """With one week held later, or saying something else."""
    original = slot(series, week)
    said = replace(series.details, **details)
    override = Override(original, original + later, original + later + timedelta(hours=1), said)
    return replace(series, overrides=(*series.overrides, override))


def cancelling(series: Series, week: int) -> Series:
    """With one week cancelled, as a feed says it."""
    return differing(series, week, status="CANCELLED", summary=f"Cancelled: {series.details.summary}")


def exception_of(override: Override) -> OwnedException:
    """An exception that was written as the override says."""
    return OwnedException(f"at {override.recurrence_id}", moment(override.recurrence_id), digest_of(override), "e1")


def owned(series: Series, **changes: Any) -> Owned:
    """A Series as it is known after it was written."""
    first, last = span(series)
    exceptions = tuple(exception_of(each) for each in series.overrides if each.details.status != "CANCELLED")
    known = Owned(f"id-{series.uid}", series.uid, series.digest, first, last, "e1", 0, exceptions, series)
    return replace(known, **{"times": series.times, **changes})


# ------------------------------------------------------------------------------------------------------ for Hypothesis

_TITLES = st.sampled_from(["M&M", "Case conference", "Physics \N{EN DASH} review"])
_FATES = st.sampled_from(["held"] * 6 + ["skipped", "cancelled", "moved", "renamed"])


@st.composite
def series(draw: st.DrawFn, uid: str) -> Series:
    """Any Series that ircal makes, for a UID."""
    title, kind = draw(_TITLES), draw(st.sampled_from(["weekly", "single", "block"]))
    if kind == "single":
        status = draw(st.sampled_from(["CONFIRMED", "CONFIRMED", "CANCELLED"]))
        return single(uid, at(draw(st.integers(9, 12)), 9), title, status=status)
    if kind == "block":
        return block(uid, date(2026, draw(st.integers(8, 12)), 1), draw(st.integers(1, 30)), title)
    found = weekly(uid, at(10, draw(st.sampled_from([13, 14])), draw(st.sampled_from([9, 12]))), 5, title)
    for week in range(5):
        found = _FATE[draw(_FATES)](found, week)
    return found


_FATE: dict[str, Callable[[Series, int], Series]] = {
    "held": lambda found, _week: found,
    "skipped": skipping,
    "cancelled": cancelling,
    "moved": lambda found, week: differing(found, week, later=timedelta(days=1, hours=2)),
    "renamed": lambda found, week: differing(found, week, summary="Visiting professor", location="Hall"),
}


@st.composite
def programmes(draw: st.DrawFn) -> tuple[Series, ...]:
    """What a calendar should say; two draws share some UIDs."""
    uids = draw(st.sets(st.sampled_from(["one", "two", "three", "four"])))
    return tuple(draw(series(uid)) for uid in sorted(uids))
