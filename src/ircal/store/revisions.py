"""The law of revisions: when a SEQUENCE rises and a LAST-MODIFIED moves. Pure; both stores obey it.

Calendar programs keep an event that they know until one with a higher SEQUENCE or a later LAST-MODIFIED comes under
the same UID. So neither may ever go back, whatever the clock does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ircal.model.series import Revision

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Remembered:
    """The digest that a UID had last, and its revision."""

    digest: str
    revision: Revision


def in_utc(moment: datetime) -> datetime:
    """The same instant in UTC; ValueError for a datetime without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC)


def whole_second(moment: datetime) -> datetime:
    """The instant in UTC, without the fraction of a second, which iCalendar cannot say."""
    return in_utc(moment).replace(microsecond=0)


def revised(
    known: Mapping[str, Remembered] | None, digests: Mapping[str, str], now: datetime, baseline: datetime
) -> dict[str, Remembered]:
    """What to remember of each UID in `digests`; `known` is None for a calendar that was never seen."""
    now, baseline = whole_second(now), whole_second(baseline)
    first = Revision(0, baseline if known is None else now)
    return {uid: _next((known or {}).get(uid), digest, first, now) for uid, digest in digests.items()}


def _next(last: Remembered | None, digest: str, first: Revision, now: datetime) -> Remembered:
    if last is None:
        return Remembered(digest, first)
    if last.digest == digest:
        return last
    return Remembered(digest, Revision(last.revision.sequence + 1, max(now, last.revision.changed + _SECOND)))
