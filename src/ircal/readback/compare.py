"""A feed's entries against the programme's, one by one.

Two entries are the same when they have the same UID and slot, or else slots on the same day, for the rule may have been
given another time of day; a UID that stands for one entry on either side needs no slot. What is then not alike is a
difference of start, end, summary, location or status. Times are alike when they are the same instant, and whole days
are like nothing but whole days. A UID that the programme does not have is not too many while it is cancelled: so a
feed tells of what was taken off the calendar.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from ircal.feeds.text import clean, one_line
from ircal.readback.entries import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from ircal.model.schedule import Occurrence

FIELDS = ("start", "end", "summary", "location", "status", "description", "availability")


@dataclass(frozen=True, slots=True)
class Difference:
    """An entry that the other side has otherwise: as the programme says it, and as that does."""

    expected: Entry
    found: Entry

    @property
    def fields(self) -> tuple[str, ...]:
        """What is not alike."""
        return tuple(name for name in FIELDS if not _alike(getattr(self.expected, name), getattr(self.found, name)))


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many entries are alike, and what is not, each in order of time."""

    alike: int
    missing: tuple[Entry, ...]
    extra: tuple[Entry, ...]
    different: tuple[Difference, ...]

    @property
    def equal(self) -> bool:
        """Whether the feed says what the programme says."""
        return not (self.missing or self.extra or self.different)


def expected_entry(occurrence: Occurrence) -> Entry:
    """An occurrence of a calendar as it should be found; its texts are those that iCalendar can say."""
    said = occurrence.details
    summary, location = one_line(said.summary), clean(said.location)
    return Entry(occurrence.uid, occurrence.nominal, occurrence.start, occurrence.end, summary, location, said.status)


def compare(expected: Iterable[Entry], found: Iterable[Entry], zone: ZoneInfo) -> Comparison:
    """What of the expected entries is found, and what else is. Whole days begin at midnight in the zone."""
    ours, theirs = _by_uid(expected), _by_uid(found)
    pairs: list[Difference] = []
    missing: list[Entry] = []
    extra: list[Entry] = []
    for uid in ours.keys() | theirs.keys():
        paired, left, more = _paired(ours.get(uid, []), theirs.get(uid, []), zone)
        pairs += paired
        missing += left
        extra += [entry for entry in more if uid in ours or entry.status != "CANCELLED"]
    different = [pair for pair in pairs if pair.fields]
    return Comparison(
        alike=len(pairs) - len(different),
        missing=tuple(sorted(missing, key=lambda entry: _order(entry, zone))),
        extra=tuple(sorted(extra, key=lambda entry: _order(entry, zone))),
        different=tuple(sorted(different, key=lambda pair: _order(pair.expected, zone))),
    )


def _by_uid(entries: Iterable[Entry]) -> Mapping[str, list[Entry]]:
    grouped: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        grouped[entry.uid].append(entry)
    return grouped


def _paired(
    ours: Sequence[Entry], theirs: Sequence[Entry], zone: ZoneInfo
) -> tuple[list[Difference], list[Entry], list[Entry]]:
    """The entries of one UID: those on both sides, those that are missing, and those that are too many."""
    if len(ours) == len(theirs) == 1:
        return [Difference(ours[0], theirs[0])], [], []
    pairs: list[Difference] = []
    left, more = list(ours), list(theirs)
    for key in (_instant, lambda slot: _day(slot, zone)):
        waiting = {key(entry.slot): entry for entry in left}
        found, more = more, []
        for entry in found:
            known = waiting.pop(key(entry.slot), None)
            if known is None:
                more.append(entry)
            else:
                pairs.append(Difference(known, entry))
                left.remove(known)
    return pairs, left, more


def _alike(one: object, other: object) -> bool:
    if isinstance(one, date) and isinstance(other, date):
        return _instant(one) == _instant(other)
    return one == other


def _instant(value: date) -> date:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _day(value: date, zone: ZoneInfo) -> date:
    return value.astimezone(zone).date() if isinstance(value, datetime) else value


def _order(entry: Entry, zone: ZoneInfo) -> tuple[datetime, str]:
    start = entry.start if isinstance(entry.start, datetime) else datetime.combine(entry.start, time.min, zone)
    return start.astimezone(UTC), entry.uid
