"""What may become one series: the occurrences of one rule, person and academic year, each beside the slot it holds.

This is the half of the translation that is the same for every calendar, and so is done once for all of them. A slot is
a start that the configured rule itself gives; what was added by hand, or takes whole days, holds none. Nor does a
session at a time that the clock shows twice, or never: calendars differ on what is meant by it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from ircal.errors import ProgramError
from ircal.feeds.expansion import instant, shown_once
from ircal.feeds.identity import refuse_twins
from ircal.model.when import Alternating
from ircal.rules.recurrence import days_of, strands_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from ircal.errors import Problem
    from ircal.model.program import Program
    from ircal.model.recurrence import Recurrence
    from ircal.model.schedule import Occurrence, Rule, Schedule
    from ircal.model.when import When
    from ircal.recall import Recall

_REMEMBERED = 1 << 12
"""How many rules' slots are kept, by academic year."""


class Slot(NamedTuple):
    """The start and end that the rule gives, as the zone's clock shows them."""

    start: datetime
    end: datetime


class Member(NamedTuple):
    """An occurrence with the times that the clock shows, and its slot if it holds one."""

    item: Occurrence
    slot: Slot | None


@dataclass(frozen=True, slots=True)
class Group:
    """The members of one rule, person and academic year, by nominal time, and all slots that the rule has that year.

    `when` is None where the configuration has no recurrence, or one whose sessions each say something of their own. A
    rule that takes several RRULEs to say has a group for each, its `strand`.
    """

    rule: Rule
    person: str
    year: int
    strand: int
    when: Recurrence | None
    members: tuple[Member, ...]
    slots: tuple[Slot, ...]

    def slots_between(self, first: datetime, last: datetime) -> tuple[Slot, ...]:
        """The slots that start from the first moment to the last, both included."""
        starts = [slot.start for slot in self.slots]
        return self.slots[bisect_left(starts, first) : bisect_right(starts, last)]


_Key = tuple["Rule", str, int, int]
"""Rule, person, academic year and strand."""

Groups = tuple[Group, ...]
"""The groups of one part of a schedule."""


def groups_of(schedule: Schedule, recall: Recall) -> dict[str, Groups]:
    """The groups of every part. Raises ProgramError for all pairs of occurrences that have one identity."""
    found: dict[str, Groups] = {}
    twins: list[Problem] = []
    for name, part in schedule.parts.items():
        try:
            found[name] = _groups(name, part, schedule.program, recall)
        except ProgramError as error:
            twins += error.problems
    if twins:
        raise ProgramError(twins)
    return found


def _groups(name: str, part: tuple[Occurrence, ...], program: Program, recall: Recall) -> Groups:
    rules = recall.made(("rules", name), (part,), lambda _: dict.fromkeys(item.rule for item in part))
    whens = {rule: _translatable(rule, program) for rule in rules}
    return recall.made(
        ("groups", name), (part, program.settings, *whens.values()), partial(_divided, part, whens, program)
    )


def _translatable(rule: Rule, program: Program) -> When | None:
    """What a rule's sessions may be said by.

    Where each says something of its own, a topic from a list or a presenter by turn, none is taken: naming one would
    give the others another UID.
    """
    conference = program.conferences.get(rule.id) if rule.kind == "conference" else None
    if conference is not None and (conference.topics is not None or conference.presenter is not None):
        return None
    return rule_of(rule, program)


def rule_of(rule: Rule, program: Program) -> When | None:
    """What the configuration says of when a conference or duty (`external/vein`) takes place; None for the rest."""
    if rule.kind == "conference" and rule.id in program.conferences:
        return program.conferences[rule.id].when
    rotation, _, duty = rule.id.partition("/")
    if rule.kind == "duty" and rotation in program.rotations:
        known = program.rotations[rotation].duties.get(duty)
        return known.when if known else None
    return None


def _divided(part: Iterable[Occurrence], whens: Mapping[Rule, When | None], program: Program, recall: Recall) -> Groups:
    refuse_twins(part)
    zone = program.settings.zone
    strands = {rule: strands_of(when) if when else () for rule, when in whens.items()}
    found: dict[_Key, list[Occurrence]] = defaultdict(list)
    for item in part:
        day = nominal_day(item, zone)
        found[item.rule, item.person, program.academic_year(day), _strand(whens[item.rule], day)].append(item)
    return tuple(
        recall.made(key, (*items, program.settings, whens[key[0]]), partial(_group, key, items, strands, program))
        for key, items in found.items()
    )


def _strand(when: When | None, day: date) -> int:
    """Which of the weeks of an alternating rule the day is in."""
    if not isinstance(when, Alternating):
        return 0
    monday = when.anchor - timedelta(days=when.anchor.weekday())
    return (day - monday).days // 7 % len(when.weeks)


def _group(
    key: _Key, items: Iterable[Occurrence], strands: Mapping[Rule, Sequence[Recurrence]], program: Program, _: Recall
) -> Group:
    zone, year = program.settings.zone, key[2]
    of_rule = strands[key[0]]
    when = of_rule[key[3]] if of_rule else None
    slots = _slots(when, program.year_start(year), program.year_start(year + 1), zone) if when else ()
    clear = (slot for slot in slots if shown_once(slot.start) and shown_once(slot.end))
    held: dict[date, Slot] = {slot.start: slot for slot in clear}
    ordered = sorted(items, key=lambda item: (instant(item.nominal), instant(item.start), str(item.nominal)))
    shown = (as_shown(item, zone) for item in ordered)
    return Group(
        *key, when, tuple(Member(item, None if item.all_day else held.get(item.nominal)) for item in shown), slots
    )


@lru_cache(maxsize=_REMEMBERED)
def _slots(when: Recurrence, first: date, beyond: date, zone: ZoneInfo) -> tuple[Slot, ...]:
    """All slots of a rule in the days `[first, beyond)`. Many people follow one rule."""
    days = days_of(when, first, beyond - timedelta(days=1))
    return tuple(Slot(*(datetime.combine(day, edge, zone) for edge in (when.at.start, when.at.end))) for day in days)


def nominal_day(occurrence: Occurrence, zone: ZoneInfo) -> date:
    """The day that the rule gave, by the zone's clock."""
    nominal = occurrence.nominal
    return nominal.astimezone(zone).date() if isinstance(nominal, datetime) else nominal


def as_shown(occurrence: Occurrence, zone: ZoneInfo) -> Occurrence:
    """With the times that the zone's clock shows: one in the hour skipped in spring is an hour later there.

    RFC 5545 section 3.3.5 reads such a time by the offset before the gap. The nominal time is identity and stays.
    """
    if not isinstance(occurrence.start, datetime) or not isinstance(occurrence.end, datetime):
        return occurrence
    start, end = _shown(occurrence.start, zone), _shown(occurrence.end, zone)
    if all(map(_identical, (start, end), (occurrence.start, occurrence.end))):
        return occurrence
    if end <= start:  # only the start was in the skipped hour, and overtook the end
        end = _shown(start.astimezone(UTC) + (occurrence.end - occurrence.start), zone)
    return occurrence._replace(start=start, end=end)


def _identical(one: datetime, other: datetime) -> bool:
    return one.tzinfo is other.tzinfo and one.fold == other.fold and one == other


def _shown(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(UTC).astimezone(zone)
