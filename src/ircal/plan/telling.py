"""A change in words: what a coordinator reads before saying yes.

Dates are ISO 8601 and times are the wall clock of the programme. A changed event is told from -> to, by what was last
seen on the calendar; where that is not known, only what will stand there is told.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from ircal.plan.changes import Create, Delete, Update
from ircal.plan.occasions import exceptional, span
from ircal.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.model.schedule import Details
    from ircal.model.series import Override, Series
    from ircal.plan.changes import Change, Owned
    from ircal.plan.drift import Drift
    from ircal.plan.plan import Plan

MAX_DATES = 12
"""How many dates of one series are told one by one."""

_NOT_THERE = "does not take place"


def headline(plan: Plan) -> str:
    """The calendar, and the plan in numbers; without changes, the reason."""
    counts = [
        f"{len(plan.creates)} to add",
        f"{len(plan.updates)} to change",
        f"{len(plan.deletes)} to remove",
        f"{plan.unchanged} as they should be",
    ]
    said = ", ".join(counts) if plan.changes else _nothing_to_do(plan)
    withheld = f" ({count(plan.withheld, 'change')} held back by the policy)" if plan.withheld else ""
    return f"{plan.name} ({plan.calendar}): {said}{withheld}"


def _nothing_to_do(plan: Plan) -> str:
    if plan.withheld:
        return f"nothing may be done, {count(plan.unchanged, 'event')} as they should be"
    if not plan.existing:
        return "there is nothing, and nothing is wanted"
    return f"everything is as it should be: {count(plan.existing, 'event')}"


def tell(change: Change) -> Iterator[str]:
    """The lines for one change; the first begins with `+`, `~` or `-`."""
    if isinstance(change, Create):
        yield f"  + {_series(change.series)}"
    elif isinstance(change, Delete):
        yield f"  - {_owned(change.owned)}"
    else:
        yield f"  ~ {_series(change.series)}"
        yield from (f"      {line}" for line in differences(change))


def days_of(change: Change) -> tuple[date, date]:
    """The first and the last day that a change concerns: of what will stand there, or of what is removed."""
    return (change.owned.first, change.owned.last) if isinstance(change, Delete) else span(change.series)


def as_json(change: Change) -> dict[str, object]:
    """One change in JSON's types."""
    first, last = days_of(change)
    text = _owned(change.owned) if isinstance(change, Delete) else _series(change.series)
    said: dict[str, object] = {"action": type(change).__name__.lower(), "uid": change.uid, "text": text}
    said |= {"first": first.isoformat(), "last": last.isoformat()}
    return said | {"differences": list(differences(change))} if isinstance(change, Update) else said


def drift_json(drift: Drift) -> dict[str, object]:
    """What somebody else did, in JSON's types."""
    return {"uid": drift.uid, "date": drift.day.isoformat(), "text": str(drift), "left": drift.left}


def differences(update: Update) -> Iterator[str]:
    """What a reader will see differently, one line each: `title: Case conference -> M&M`."""
    shown = update.owned.shown
    found = [] if shown is None else [*_differences(shown, update.series, update.owned.last)]
    yield from found or ["details that cannot be told one by one"]


def text_of(details: Details) -> str:
    """The description as it stands where there is no field for a link: with the link below, unless it is in it."""
    if details.link in details.description:
        return details.description
    return "\n".join(part for part in (details.description, details.link) if part)


def _differences(shown: Series, wanted: Series, last: date) -> Iterator[str]:
    yield from _from_to("title", shown.details.summary, wanted.details.summary)
    yield from _from_to("when", _when(shown, wanted), _when(wanted, wanted))
    yield from _from_to("repeats", _rule(shown), _rule(wanted))
    if shown.rrule and wanted.rrule:
        yield from _from_to("last day", str(last), str(span(wanted)[1]))
    yield from _from_to("place", shown.details.location, wanted.details.location)
    yield from _from_to("status", shown.details.status.lower(), wanted.details.status.lower())
    if text_of(shown.details).split() != text_of(wanted.details).split():
        yield "description: changed"
    dates = [*_dates(shown, wanted)]
    yield from dates[:MAX_DATES]
    if len(dates) > MAX_DATES:
        yield f"and {count(len(dates) - MAX_DATES, 'more date')}"


def _from_to(field: str, before: str, after: str) -> Iterator[str]:
    if before != after:
        yield f"{field}: {before or '(none)'} -> {after or '(none)'}"


def _dates(shown: Series, wanted: Series) -> Iterator[str]:
    """The dates that stand out from the rule before or after, where what they say differs."""
    if not (shown.rrule and wanted.rrule):
        return
    before, after = exceptional(shown), exceptional(wanted)
    for original in sorted(before.keys() | after.keys(), key=str):
        said = [
            _occasion(series, special[original], wanted) if original in special else "as the rule says"
            for series, special in ((shown, before), (wanted, after))
        ]
        yield from _from_to(_day(_local(original, wanted)), *said)


def _occasion(series: Series, override: Override | None, like: Series) -> str:
    if override is None:
        return _NOT_THERE
    title = "" if override.details.summary == series.details.summary else f" {override.details.summary}"
    place = (
        "" if override.details.location == series.details.location else f", {override.details.location or 'no place'}"
    )
    return _range(_local(override.start, like), _local(override.end, like)) + title + place


def _series(series: Series) -> str:
    return _told(series, span(series)[1])


def _told(series: Series, last: date) -> str:
    repeats = f" and on{'' if last == date.max else f' until {last}'}" if series.rrule else ""
    return f"{_range(series.start, series.end)}{repeats}  {series.details.summary}"


def _owned(owned: Owned) -> str:
    if owned.shown:
        return _told(owned.shown, owned.last)  # a rule from elsewhere is not worked out: it may be anything
    days = str(owned.first) if owned.first == owned.last else f"{owned.first} to {owned.last}"
    return f"{days}  {owned.uid}"


def _when(series: Series, like: Series) -> str:
    return _range(_local(series.start, like), _local(series.end, like))


def _rule(series: Series) -> str:
    """The rule in one spelling, whatever order its parts came in; its end is told apart, as a day."""
    parts = [part for part in series.rrule.upper().split(";") if not part.startswith(("UNTIL=", "WKST="))]
    return ";".join(sorted(parts, key=lambda part: (not part.startswith("FREQ="), part)))


def _local(at: date | datetime, like: Series) -> date | datetime:
    """In the zone of a Series; dates have none."""
    if isinstance(at, datetime):
        return at.astimezone(like.start.tzinfo if isinstance(like.start, datetime) else UTC)
    return at


def _range(start: date | datetime, end: date | datetime) -> str:
    """`2026-09-02 12:00-13:00`, `2026-09-02 19:00 to 2026-09-03 07:00`, `2026-07-01 to 2026-07-28`."""
    if isinstance(start, datetime) and isinstance(end, datetime):
        same_day = start.date() == end.date()
        return f"{start:%Y-%m-%d %H:%M}" + (f"-{end:%H:%M}" if same_day else f" to {end:%Y-%m-%d %H:%M}")
    last = end - timedelta(days=1)
    return str(start) if start == last else f"{start} to {last}"


def _day(at: date | datetime) -> str:
    return f"{at:%Y-%m-%d}"
