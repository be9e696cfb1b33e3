"""The law of revisions: when a SEQUENCE rises and a LAST-MODIFIED moves. Pure; both stores obey it.

Calendar programs keep an event that they know until one with a higher SEQUENCE or a later LAST-MODIFIED comes under
the same UID. So neither may ever go back, whatever the clock does. Being taken off the calendar is a change as any
other, to the content `GONE`, which is told for a while: a program that only looks at what it is given would otherwise
show the event for ever.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ircal.model.series import Removed, Revised, Revision

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ircal.model.series import Outline, Said

GONE = ""
"""The digest of what was still ahead when it was found to be no longer on its calendar."""

KEEP = timedelta(days=30)
"""How long what was removed is told, unless it is said otherwise."""

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Remembered:
    """The digest that a UID had last, and its revision. One without an outline can go without a word."""

    digest: str
    revision: Revision
    outline: Outline | None = None


def in_utc(moment: datetime) -> datetime:
    """The same instant in UTC; ValueError for a datetime without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC)


def whole_second(moment: datetime) -> datetime:
    """The instant in UTC, without the fraction of a second, which iCalendar cannot say."""
    return in_utc(moment).replace(microsecond=0)


def revised(
    known: Mapping[str, Remembered] | None, said: Said, now: datetime, baseline: datetime, keep: timedelta
) -> dict[str, Remembered]:
    """What to remember from now on; `known` is None for a calendar that was never seen.

    When `said` names what is gone, only the UIDs that it names and those that are still told as removed need be known.
    """
    now, baseline = whole_second(now), whole_second(baseline)
    first = Revision(0, baseline if known is None else now)
    after = dict(known or {})
    for uid, digest in said.digests.items():
        entry = _next(after.get(uid), digest, first, now)
        after[uid] = entry if entry.outline else replace(entry, outline=said.outlines.get(uid))
    lost = after.keys() if said.gone is None else after.keys() & set(said.gone)
    for uid in lost - said.digests.keys():
        after[uid] = _lost(after[uid], now)
    return {uid: _unless_over(entry, now - keep) for uid, entry in after.items()}


def answer(after: Mapping[str, Remembered], said: Said) -> Revised:
    """What the caller is told of it."""
    removed = {
        uid: Removed(entry.outline, entry.revision)
        for uid, entry in after.items()
        if entry.digest == GONE and entry.outline is not None
    }
    return Revised({uid: after[uid].revision for uid in said.digests}, removed)


def _next(last: Remembered | None, digest: str, first: Revision, now: datetime) -> Remembered:
    if last is None:
        return Remembered(digest, first)
    if last.digest == digest:
        return last
    return Remembered(digest, _after(last.revision, now))


def _after(last: Revision, now: datetime) -> Revision:
    return Revision(last.sequence + 1, max(now, last.changed + _SECOND))


def _lost(last: Remembered, now: datetime) -> Remembered:
    """What is over, or was never outlined, goes without a word, and keeps its revision should it come back."""
    if last.digest == GONE or last.outline is None:
        return last
    if last.outline.ends <= now:
        return replace(last, outline=None)
    return Remembered(GONE, _after(last.revision, now), last.outline)


def _unless_over(entry: Remembered, before: datetime) -> Remembered:
    """The entry; without its outline when it has been told as removed for long enough."""
    over = entry.digest == GONE and entry.outline is not None and entry.revision.changed <= before
    return replace(entry, outline=None) if over else entry
